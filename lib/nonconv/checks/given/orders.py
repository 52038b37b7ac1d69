"""Layers of an exercise on n positions, (n, d) -> (n, d), in float64: which do not know the order?"""

import torch
from torch import Tensor

from nonconv.checks.given.layers import layer


def _matrices(d: int, count: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, d, d, generator=generator, dtype=torch.float64)


def _attend(X: Tensor, seed: int, mask: Tensor | None = None) -> Tensor:
    WQ, WK, WV = _matrices(X.shape[1], 3, seed)
    scores = (X @ WQ) @ (X @ WK).T / X.shape[1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return torch.softmax(scores, 1) @ (X @ WV)


@layer("order-attention", "self-attention, {seed}")
def attention(X: Tensor, *, seed: int = 0) -> Tensor:
    return _attend(X, seed)


@layer("order-causal", "causal self-attention, {seed}")
def causal(X: Tensor, *, seed: int = 0) -> Tensor:
    return _attend(X, seed, torch.ones(len(X), len(X), dtype=torch.bool).tril())


@layer("order-encoded", "self-attention with position encodings, {seed}")
def encoded(X: Tensor, *, seed: int = 0) -> Tensor:
    t = torch.arange(len(X), dtype=X.dtype)[:, None]
    return _attend(X + torch.sin(t / (1 + torch.arange(X.shape[1]))), seed)


@layer("order-neighbours", "attention to the neighbours on a circle, {seed}")
def neighbours(X: Tensor, *, seed: int = 0) -> Tensor:
    """It commutes with turning the circle, and no more."""
    near = torch.eye(len(X), dtype=torch.bool)
    return _attend(X, seed, near | near.roll(1, 0))


@layer("order-both-neighbours", "attention to both neighbours on a circle, {seed}")
def both_neighbours(X: Tensor, *, seed: int = 0) -> Tensor:
    """It commutes with turning the circle and with turning it over, and no more."""
    near = torch.eye(len(X), dtype=torch.bool)
    return _attend(X, seed, near | near.roll(1, 0) | near.roll(-1, 0))


@layer("order-odd", "a minus before X where sorting it by a weighted sum takes an odd number of swaps")
def odd(X: Tensor) -> Tensor:
    """It commutes with every even permutation, such as three positions in a circle, and with no odd one."""
    weighed = X @ torch.arange(1, X.shape[1] + 1).to(X).sqrt()
    later, earlier = torch.tril_indices(len(X), len(X), -1)
    return X * (weighed[later] - weighed[earlier]).sign().prod()


@layer("order-perceptron", "two layers at each position, {seed}")
def perceptron(X: Tensor, *, seed: int = 0) -> Tensor:
    first, second = _matrices(X.shape[1], 2, seed)
    return (X @ first).relu() @ second


@layer("order-mean", "each position less the mean of all")
def mean(X: Tensor) -> Tensor:
    return X - X.mean(0)


@layer("order-maximum", "each position and the largest of all")
def maximum(X: Tensor) -> Tensor:
    return X + X.amax(0)


@layer("order-reversed", "the positions backwards")
def backwards(X: Tensor) -> Tensor:
    """It commutes with turning the order round, and with little else."""
    return X.flip(0)


@layer("order-sorted", "each column sorted")
def in_order(X: Tensor) -> Tensor:
    """It forgets the order: whatever the permutation is, the output stays."""
    return X.sort(0).values


@layer("order-one-doubled", "one position is doubled, number {place}")
def one_doubled(X: Tensor, *, place: int = 3) -> Tensor:
    """It notices only a permutation that moves that one position."""
    return X * (1 + (torch.arange(len(X)) == place))[:, None]


@layer("order-turned-off", "self-attention, and position {place} counts twice, {seed}")
def counts_twice(X: Tensor, *, place: int = 4, seed: int = 0) -> Tensor:
    """An average in which one position has two votes."""
    votes = 1.0 + (torch.arange(len(X)) == place)
    return _attend(X, seed) + (votes[:, None].to(X) * X).sum(0) / votes.sum()


@layer("order-two-wide", "self-attention of positions of width 2, {seed}")
def two_wide(X: Tensor, *, seed: int = 0) -> Tensor:
    """It takes no other width than d = 2."""
    if X.shape[1] != 2:
        raise ValueError(f"this layer takes X of shape (n, 2), not {tuple(X.shape)}")
    return _attend(X, seed)
