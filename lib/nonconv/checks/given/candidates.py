"""Layers and networks that an exercise asks about, by name: a check's data holds the name, never the code.

Each is run with the guard lifted: a student may call the layer that the exercise hands over, whatever it calls itself.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.checks.given.gates import GATES
from nonconv.checks.guard import trusted


def _numbers(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def _locally_connected(x: Tensor) -> Tensor:
    """A 2×2 kernel of its own at each output position of a 5×5 map."""
    windows = x.unfold(2, 2, 1).unfold(3, 2, 1)  # (N, 1, 4, 4, 2, 2)
    return torch.einsum("nmijuv,ijuv->nmij", windows, _numbers(4, 4, 2, 2, seed=5))


def _squeeze_and_excite(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x.mean((2, 3), keepdim=True))


def _twice_same(x: Tensor) -> Tensor:
    kernel = torch.ones(1, 1, 3, 3, dtype=torch.float64)
    return F.conv2d(F.conv2d(x, kernel, padding=1), kernel, padding=1)


def _same_with_three_maps(x: Tensor, seed: int = 13) -> Tensor:
    return F.conv2d(x, _numbers(3, 1, 3, 3, seed=seed), _numbers(3, seed=seed + 1), padding=1)


_SCALE = _numbers(2, seed=6), _numbers(2, seed=7), _numbers(2, seed=8).abs() + 0.5

# name: (function, input shape (M, H, W), kernel, stride, padding), all in float64
LAYERS: dict[str, tuple[Callable[[Tensor], Tensor], tuple[int, int, int], int, int, int]] = {
    "a 2×2 convolution with a bias": (
        lambda x: F.conv2d(x, _numbers(2, 1, 2, 2, seed=0), _numbers(2, seed=1)), (1, 4, 4), 2, 1, 0),
    "a 3×3 convolution with a border of zeros": (
        lambda x: F.conv2d(x, _numbers(1, 2, 3, 3, seed=2), padding=1), (2, 4, 4), 3, 1, 1),
    "SAME with three maps": (_same_with_three_maps, (1, 5, 5), 3, 1, 1),
    "a convolution with stride 2": (
        lambda x: F.conv2d(x, _numbers(1, 1, 3, 3, seed=3), _numbers(1, seed=4), stride=2), (1, 7, 7), 3, 2, 0),
    "average pooling 2×2": (lambda x: F.avg_pool2d(x, 2), (2, 4, 4), 2, 2, 0),
    "batch norm in use": (
        lambda x: F.batch_norm(x, _SCALE[0], _SCALE[2], _SCALE[1], _SCALE[0]), (2, 3, 3), 1, 1, 0),
    "a network of two convolutions": (
        lambda x: F.conv2d(F.conv2d(x, _numbers(2, 1, 2, 2, seed=0), _numbers(2, seed=1)), _numbers(1, 2, 2, 2, seed=9)),
        (1, 5, 5), 3, 1, 0),
    "max pooling 2×2": (lambda x: F.max_pool2d(x, 2), (1, 4, 4), 2, 2, 0),
    "batch norm in training": (lambda x: F.batch_norm(x, None, None, training=True), (1, 3, 3), 1, 1, 0),
    "ReLU": (lambda x: x.relu(), (1, 3, 3), 1, 1, 0),
    "sigmoid": (lambda x: x.sigmoid(), (1, 3, 3), 1, 1, 0),
    "locally connected 2×2": (_locally_connected, (1, 5, 5), 2, 1, 0),
    "squeeze and excitation": (_squeeze_and_excite, (2, 3, 3), 1, 1, 0),
    "SAME after SAME": (_twice_same, (1, 6, 6), 5, 1, 2),
}  # fmt: skip


# layers whose numbers can be drawn: with a seed behind the name, as in "SAME with three maps, 7"
DRAWN: dict[str, Callable[..., Tensor]] = {"SAME with three maps": _same_with_three_maps}


class Layer:
    """One of LAYERS or GATES, callable. One of LAYERS knows the form in which it is to be looked for."""

    _function: Callable[..., Any]

    def __init__(self, name: str) -> None:
        self.name = name
        base, _, seed = name.rpartition(", ")
        if base in DRAWN and seed.isdecimal():
            _, self.shape, self.kernel, self.stride, self.padding = LAYERS[base]
            self._function = partial(DRAWN[base], seed=int(seed))
            return
        if name in GATES:
            self._function = GATES[name]
        elif name in LAYERS:
            self._function, self.shape, self.kernel, self.stride, self.padding = LAYERS[name]
        else:
            raise ValueError(f"there is no layer {name!r}; there is {', '.join([*LAYERS, *GATES])}")

    def __call__(self, *inputs: Any) -> Any:
        with trusted():
            return self._function(*inputs)

    def __repr__(self) -> str:
        return f"<{self.name}>"


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


def _small(bias: bool) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=bias), nn.BatchNorm2d(4), nn.ReLU(),
        nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=bias), nn.BatchNorm2d(6), nn.ReLU(),
        nn.Flatten(), nn.Linear(96, 10),
    )  # fmt: skip


def _grouped() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4, eps=0.1), nn.Sigmoid(),
        nn.Conv2d(4, 8, 3, groups=2), nn.ReLU(),
        nn.Conv2d(8, 8, 1, groups=8), nn.BatchNorm2d(8, eps=0.1),
        nn.Flatten(), nn.Linear(128, 10),
    )  # fmt: skip


NETWORKS: dict[str, Callable[[], nn.Sequential]] = {
    "two convolutions with batch norm": lambda: _random_statistics(_small(True), 10),
    "convolutions without a bias": lambda: _random_statistics(_small(False), 11),
    "grouped convolutions, one without batch norm": lambda: _random_statistics(_grouped(), 12),
}


def network(name: str) -> nn.Sequential:
    """A fresh copy of one of NETWORKS, for 8×8 images, with random statistics and biases, in float64, in use."""
    if name not in NETWORKS:
        raise ValueError(f"there is no network {name!r}; there is {', '.join(NETWORKS)}")
    model = NETWORKS[name]()
    model.called = name  # type: ignore[assignment]
    return model
