"""Reference layers: each a pure function that is its formula, then a thin module where there are parameters.

Names, argument order and defaults are PyTorch's. Nothing here imports another part of the course.
"""

from nonconv.layers.convolution import Conv2d, conv2d, conv2d_by_definition, same_padding
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
    "adaptive_avg_pool2d",
    "avg_pool2d",
    "batch_norm",
    "conv2d",
    "conv2d_by_definition",
    "global_avg_pool2d",
    "max_pool2d",
    "max_pool2d_by_definition",
    "max_unpool2d",
    "same_padding",
]
