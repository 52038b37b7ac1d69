"""Attention that an exercise hands over: gates with given weights, and one that was trained on digits."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.checks.given.layers import layer

W0 = torch.tensor([[1.0, -1, 0.5, 0], [0, 2, -1, 1]], dtype=torch.float64)
W1 = torch.tensor([[1.5, -1], [-2, 1], [0, 1], [1, -2]], dtype=torch.float64)
KERNEL = torch.tensor(
    [[[0.0, 1, 0], [1, -2, 0], [0, 0, -1]], [[1, 0, 0], [0, 1, 1], [0, -1, 0]]], dtype=torch.float64
)


def _takes(X: Tensor, who: str, *shape: int | str) -> None:
    """ValueError if X has another shape than `shape`, in which a letter stands for any size."""
    fits = isinstance(X, Tensor) and X.dim() == len(shape)
    if not fits or any(isinstance(n, int) and n != k for n, k in zip(shape, X.shape, strict=True)):
        got = tuple(X.shape) if isinstance(X, Tensor) else type(X).__name__
        raise ValueError(f"{who} of shape ({', '.join(map(str, shape))}), not {got}")


@layer("channel-gate", "a channel gate for four maps")
def channel(X: Tensor) -> Tensor:
    """A = σ(Σ_agg W₁ ReLU(W₀ F_agg)) for four channels: (4, H, W) -> (4, 1, 1).

    ValueError for another shape, such as a batch.
    """
    _takes(X, "the channel gate takes one image,", 4, "H", "W")
    squeezed = torch.stack([X.mean((1, 2)), X.amax((1, 2))])  # (2, 4)
    excited = (squeezed @ W0.to(X).T).relu() @ W1.to(X).T
    return torch.sigmoid(excited.sum(0))[:, None, None]


@layer("spatial-gate", "a spatial gate")
def spatial(X: Tensor) -> Tensor:
    """A = σ(F * [mean_k X; max_k X]) with a 3×3 kernel: (C, H, W) -> (1, H, W).

    ValueError for another shape, such as a batch.
    """
    _takes(X, "the spatial gate takes one image,", "C", "H", "W")
    both = torch.stack([X.mean(0), X.amax(0)])  # (2, H, W)
    return torch.sigmoid(F.conv2d(both[None], KERNEL[None].to(X), padding=1)[0])


@layer("squeeze-excitation-four-channels", "squeeze and excitation of four maps")
def squeeze_excitation(X: Tensor) -> Tensor:
    """Y = σ(W₁ ReLU(W₀ F_avg)) X for four channels: (4, H, W) -> (4, H, W).

    ValueError for another shape.
    """
    _takes(X, "se takes one image,", 4, "H", "W")
    hidden = (W0.to(X) @ X.mean((1, 2))).relu()
    return torch.sigmoid(W1.to(X) @ hidden)[:, None, None] * X


@layer("se-block", "SE blocks")
class SqueezeExcitation(nn.Module):
    """An SE block of C channels, r = 2, (N, C, H, W) -> (N, C, H, W). Its numbers depend on C alone."""

    def __init__(self, C: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(C)

        def normal(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64))

        self.W0, self.b0, self.W1, self.b1 = normal(C // 2, C), normal(C // 2), normal(C, C // 2), normal(C)

    def forward(self, x: Tensor) -> Tensor:
        hidden = (x.mean((2, 3)) @ self.W0.T + self.b0).relu()
        return x * torch.sigmoid(hidden @ self.W1.T + self.b1)[..., None, None]


# In hundredths. Found by training a digit classifier on scikit-learn's digits and their negatives, with a
# small penalty on the mean of the gate's weights, so that channels which are not needed are closed.
TRAINED: dict[str, tuple[tuple[int, ...], list[int]]] = {
    "F": ((8, 1, 3, 3), [
        -12, -16, -44, -36, -52, -46, 16, 13, -4, 181, -137, -52, 122, -63, -4, 61, 113, 59,
        -20, -106, 133, 54, -2, 65, 176, 84, 116, -21, 133, -8, 94, 199, -147, 82, 16, -153,
        -5, 86, 22, 37, 78, 62, 78, 40, 29, 161, 100, -16, -21, 81, 58, 136, 117, 94,
        -199, 95, 40, 16, 126, 59, 40, 39, -117, 81, 8, 99, 42, -62, -15, 81, 53, -60]),
    "b": ((8,), [-33, 30, -82, 58, -33, -200, 11, -29]),
    "W0": ((2, 8), [45, 148, 48, -219, -60, -38, 89, 43, -131, -203, 85, 97, 121, 174, 192, -49]),
    "b0": ((2,), [-76, -38]),
    "W1": ((8, 2), [192, -333, -85, 26, 105, -63, -100, 32, -218, -109, -51, -55, 87, -30, -194, -66]),
    "b1": ((8,), [-149, -62, 40, -99, -24, 92, 7, -56]),
}  # fmt: skip


@layer("trained-gate", "a gate trained on digits")
def trained(images: Tensor) -> Tensor:
    """The weights of a trained SE gate over its eight channels: images (N, 1, 8, 8) in [0, 1] -> (N, 8).

    ValueError for another shape, such as a single image.
    """
    _takes(images, "the gate takes images", "N", 1, 8, 8)
    p = {
        name: torch.tensor(values).reshape(shape).to(images) / 100
        for name, (shape, values) in TRAINED.items()
    }
    X = F.conv2d(images, p["F"], p["b"], padding=1).relu()
    hidden = (X.mean((2, 3)) @ p["W0"].T + p["b0"]).relu()
    return torch.sigmoid(hidden @ p["W1"].T + p["b1"])
