"""Networks that an exercise hands over by id, for 8×8 images, in float64 and in evaluation mode."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from nonconv.checks.registry import Registry


@dataclass(frozen=True)
class Entry:
    """A registered network: what builds it, the words that a student reads, the seed of its numbers.

    A finished one has its numbers already.
    """

    build: Callable[[], nn.Sequential]
    words: str
    seed: int
    finished: bool = False


NETWORKS: Registry[Entry] = Registry("network")


def registered(
    id: str, words: str, seed: int, *, finished: bool = False
) -> Callable[[Callable[[], nn.Sequential]], Callable[[], nn.Sequential]]:
    """Register what builds the network `id`; `words` is what a student reads of it in a diagnosis.

    It gets random statistics and biases from the seed, unless it is `finished`.
    """

    def add(build: Callable[[], nn.Sequential]) -> Callable[[], nn.Sequential]:
        NETWORKS.add(id, Entry(build, words, seed, finished))
        return build

    return add


def network(id: str) -> nn.Sequential:
    """A fresh copy of a registered network; unless it is finished, with random statistics and biases.

    ValueError for an unknown id.
    """
    entry = NETWORKS[id]
    model = entry.build() if entry.finished else _random_statistics(entry.build(), entry.seed)
    model.given_id, model.called = id, entry.words  # type: ignore[assignment]
    return model


def id_of(model: nn.Module) -> str:
    """The id of a network that `network` has made. ValueError for any other, which a check cannot hold."""
    if not isinstance(id := getattr(model, "given_id", None), str):
        raise ValueError(
            f"a check holds networks by their ids, and this {type(model).__name__} has none: use network(id)"
        )
    return id


def _random_statistics(model: nn.Sequential, seed: int) -> nn.Sequential:
    """Statistics and biases as no fresh network has them: there G is nearly 1 and a wrong formula passes."""
    generator = torch.Generator().manual_seed(seed)
    for module in model:
        for name in ("weight", "bias", "running_mean", "running_var"):
            tensor = getattr(module, name, None)
            if tensor is not None:
                values = torch.randn(tensor.shape, generator=generator, dtype=tensor.dtype)
                tensor.data = values.abs() + 0.5 if name == "running_var" else values
    return model.double().eval()


def _two_convolutions(bias: bool) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=bias),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=bias),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(96, 10),
    )


@registered("two-convolutions-with-bias", "two convolutions with batch norm", seed=10)
def two_convolutions_with_bias() -> nn.Sequential:
    return _two_convolutions(bias=True)


@registered("two-convolutions-without-bias", "convolutions without a bias", seed=11)
def two_convolutions_without_bias() -> nn.Sequential:
    return _two_convolutions(bias=False)


@registered("grouped-convolutions", "grouped convolutions, one without batch norm", seed=12)
def grouped_convolutions() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4, eps=0.1),
        nn.Sigmoid(),
        nn.Conv2d(4, 8, 3, groups=2),
        nn.ReLU(),
        nn.Conv2d(8, 8, 1, groups=8),
        nn.BatchNorm2d(8, eps=0.1),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


@registered("convolution-at-the-end", "a network that ends with a convolution", seed=13)
def convolution_at_the_end() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.ReLU(),
        nn.Conv2d(4, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, 4, 2, stride=2),
    )


@registered("batch-norm-at-the-end", "a network that ends with a batch norm", seed=14)
def batch_norm_at_the_end() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1),
        nn.Sigmoid(),
        nn.Conv2d(6, 6, 3, groups=3),
        nn.BatchNorm2d(6, eps=0.1),
    )
