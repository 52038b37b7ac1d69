"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong


@wrong(
    "spatial_attention",
    says="σ stands before the convolution: it makes weights of what the convolution gives.",
    loses=("spatial-attention-values", "spatial-attention-kernel"),
)
def takes_sigma_first(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])[None]
    return torch.nn.functional.conv2d(torch.sigmoid(both), W, padding=W.shape[-1] // 2)[0]
