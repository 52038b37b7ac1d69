"""The theme of the course: what is a convolution, as which one, composed with what."""

from nonconv.reduction.batch_norm import affine_form, depthwise_1x1
from nonconv.reduction.merging import fold, merge, merge_as_on_the_slides

__all__ = ["affine_form", "depthwise_1x1", "fold", "merge", "merge_as_on_the_slides"]
