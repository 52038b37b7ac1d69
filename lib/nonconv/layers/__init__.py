"""Reference layers: each a pure function that is its formula, then a thin module where there are parameters.

Names, argument order and defaults are PyTorch's. Nothing here imports another part of the course.
"""

from nonconv.layers.convolution import Conv2d, conv2d, conv2d_by_definition, same_padding
from nonconv.layers.normalization import BatchNorm2d, batch_norm

__all__ = ["BatchNorm2d", "Conv2d", "batch_norm", "conv2d", "conv2d_by_definition", "same_padding"]
