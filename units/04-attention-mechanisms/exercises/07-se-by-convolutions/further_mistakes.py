"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong


@wrong(
    "se_by_convolutions",
    says="X is added at the end: squeeze-and-excitation multiplies only.",
    loses=("se-by-convolutions-values", "se-by-convolutions-not-square"),
)
def adds_the_input(X, W0, W1):
    conv = torch.nn.functional.conv2d
    C, H, W = X.shape
    average = conv(X[None], torch.full((C, 1, H, W), 1 / (H * W), dtype=X.dtype), groups=C)
    gate = conv(torch.relu(conv(average, W0[:, :, None, None])), W1[:, :, None, None])
    return torch.sigmoid(gate)[0] * X + X
