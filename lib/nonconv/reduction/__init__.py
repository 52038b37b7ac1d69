"""The theme of the course: what is a convolution, as which one, composed with what."""

from nonconv.reduction.averages import average_pooling, global_average_pooling
from nonconv.reduction.batch_norm import affine_form, depthwise_1x1
from nonconv.reduction.branches import add_branches, identity, widen
from nonconv.reduction.composition import compose, with_groups
from nonconv.reduction.decision import as_convolution, matrix_of
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.merging import (
    fold,
    merge,
    merge_as_on_the_slides,
    merge_before,
    merge_transposed,
    ones_map,
)
from nonconv.reduction.network import Reduction, reduce
from nonconv.reduction.report import Report, Row, Step

__all__ = [
    "Kernel",
    "Reduction",
    "Report",
    "Row",
    "Step",
    "add_branches",
    "affine_form",
    "as_convolution",
    "average_pooling",
    "compose",
    "depthwise_1x1",
    "fold",
    "global_average_pooling",
    "identity",
    "matrix_of",
    "merge",
    "merge_as_on_the_slides",
    "merge_before",
    "merge_transposed",
    "ones_map",
    "reduce",
    "widen",
    "with_groups",
]
