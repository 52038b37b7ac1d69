"""Layers of an exercise: which are convolutions? All in float64: (N, M, H, W) -> (N, K, H', W')."""

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.checks.given.layers import Form, layer


def _numbers(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@layer("convolution-2x2", "a 2×2 convolution with a bias", Form((1, 4, 5), 2), is_convolution=True)
def convolution(x: Tensor) -> Tensor:
    return F.conv2d(x, _numbers(2, 1, 2, 2, seed=0), _numbers(2, seed=1))


@layer(
    "convolution-2x2-seed",
    "another 2×2 convolution with a bias, {seed}",
    Form((1, 4, 5), 2),
    is_convolution=True,
)
def another_convolution(x: Tensor, *, seed: int = 14) -> Tensor:
    return F.conv2d(x, _numbers(2, 1, 2, 2, seed=seed), _numbers(2, seed=seed + 1))


# In these two only one row of outputs sees no border: who reads the kernel off another row reads a wrong one.


@layer(
    "convolution-3x3-padded",
    "a 3×3 convolution with a border of two zeros",
    Form((2, 3, 4), 3, padding=2),
    is_convolution=True,
)
def padded_convolution(x: Tensor) -> Tensor:
    return F.conv2d(x, _numbers(1, 2, 3, 3, seed=2), padding=2)


@layer(
    "convolution-stride-2-padded",
    "a convolution with stride 2 and a border of two zeros, {seed}",
    Form((2, 4, 5), 3, stride=2, padding=2),
    is_convolution=True,
)
def strided_and_padded_convolution(x: Tensor, *, seed: int = 10) -> Tensor:
    return F.conv2d(x, _numbers(1, 2, 3, 3, seed=seed), _numbers(1, seed=seed + 1), stride=2, padding=2)


@layer(
    "same-three-channels", "SAME with three maps, {seed}", Form((1, 4, 5), 3, padding=1), is_convolution=True
)
def same_with_three_channels(x: Tensor, *, seed: int = 13) -> Tensor:
    return F.conv2d(x, _numbers(3, 1, 3, 3, seed=seed), padding=1)


@layer(
    "convolution-stride-2", "a convolution with stride 2", Form((1, 7, 6), 3, stride=2), is_convolution=True
)
def strided_convolution(x: Tensor) -> Tensor:
    return F.conv2d(x, _numbers(1, 1, 3, 3, seed=3), _numbers(1, seed=4), stride=2)


@layer("average-pooling-2x2", "average pooling 2×2", Form((2, 4, 6), 2, stride=2), is_convolution=True)
def average_pooling(x: Tensor) -> Tensor:
    return F.avg_pool2d(x, 2)


@layer("batch-norm-evaluation", "batch norm in use", Form((2, 3, 4), 1), is_convolution=True)
def batch_norm_in_evaluation(x: Tensor) -> Tensor:
    """Its weight is its running mean: any numbers will do."""
    mean, bias, var = _numbers(2, seed=6), _numbers(2, seed=7), _numbers(2, seed=8).abs() + 0.5
    return F.batch_norm(x, mean, var, bias, mean)


@layer("two-convolutions", "a network of two convolutions", Form((1, 4, 5), 3), is_convolution=True)
def two_convolutions(x: Tensor) -> Tensor:
    return F.conv2d(convolution(x), _numbers(1, 2, 2, 2, seed=9))


@layer("max-pooling-2x2", "max pooling 2×2", Form((1, 4, 6), 2, stride=2), is_convolution=False)
def max_pooling(x: Tensor) -> Tensor:
    return F.max_pool2d(x, 2)


@layer("batch-norm-training", "batch norm in training", Form((1, 3, 4), 1), is_convolution=False)
def batch_norm_in_training(x: Tensor) -> Tensor:
    return F.batch_norm(x, None, None, training=True)


@layer("batch-mean-removed", "the mean of all images taken away", Form((1, 3, 4), 1), is_convolution=False)
def without_the_mean_of_the_batch(x: Tensor) -> Tensor:
    """0 for one image, whatever it is: only two at once show that it is no convolution."""
    return x - x.mean(0, keepdim=True)


@layer("relu", "ReLU", Form((1, 3, 4), 1), is_convolution=False)
def relu(x: Tensor) -> Tensor:
    return x.relu()


@layer("sigmoid", "sigmoid", Form((1, 3, 4), 1), is_convolution=False)
def sigmoid(x: Tensor) -> Tensor:
    return x.sigmoid()


@layer("locally-connected-2x2", "locally connected 2×2", Form((1, 4, 5), 2), is_convolution=False)
def locally_connected(x: Tensor) -> Tensor:
    """A 2×2 kernel of its own at each output position."""
    windows = x.unfold(2, 2, 1).unfold(3, 2, 1)  # (N, 1, 3, 4, 2, 2)
    return torch.einsum("nmijuv,ijuv->nmij", windows, _numbers(3, 4, 2, 2, seed=5))


@layer("squeeze-excitation", "squeeze and excitation", Form((2, 3, 4), 1), is_convolution=False)
def squeeze_and_excitation(x: Tensor) -> Tensor:
    """Without a perceptron: Y = σ(mean X) X."""
    return x * torch.sigmoid(x.mean((2, 3), keepdim=True))


@layer("same-after-same", "SAME after SAME", Form((1, 6, 7), 5, padding=2), is_convolution=False)
def same_after_same(x: Tensor) -> Tensor:
    """Affine, and Toeplitz but for its border."""
    kernel = torch.ones(1, 1, 3, 3, dtype=torch.float64)
    return F.conv2d(F.conv2d(x, kernel, padding=1), kernel, padding=1)
