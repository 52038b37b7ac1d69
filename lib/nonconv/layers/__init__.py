"""Reference layers: each a pure function that is its formula, then a thin module where there are parameters.

Names, argument order and defaults are PyTorch's. Nothing here imports another part of the course.
"""

from nonconv.layers.convolution import (
    Conv2d,
    ConvTranspose2d,
    SeparableConv2d,
    conv1d,
    conv2d,
    conv2d_by_definition,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose2d_by_definition,
    conv_transpose3d,
    depthwise_conv2d,
    insert_zeros,
    output_size,
    same_padding,
    separable_conv2d,
)
from nonconv.layers.normalization import BatchNorm2d, batch_norm
from nonconv.layers.pooling import (
    adaptive_avg_pool2d,
    avg_pool2d,
    global_avg_pool2d,
    max_pool2d,
    max_pool2d_by_definition,
    max_unpool2d,
)

__all__ = [
    "BatchNorm2d",
    "Conv2d",
    "ConvTranspose2d",
    "SeparableConv2d",
    "adaptive_avg_pool2d",
    "avg_pool2d",
    "batch_norm",
    "conv1d",
    "conv2d",
    "conv2d_by_definition",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose2d_by_definition",
    "conv_transpose3d",
    "depthwise_conv2d",
    "global_avg_pool2d",
    "insert_zeros",
    "max_pool2d",
    "max_pool2d_by_definition",
    "max_unpool2d",
    "output_size",
    "same_padding",
    "separable_conv2d",
]
