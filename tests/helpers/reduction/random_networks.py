"""Small random networks, with the patterns that `reduce` knows and with what may go wrong around them."""

import random
from collections.abc import Callable
from math import gcd
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrize

from nonconv import layers

CONV = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
TRANSPOSED = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
NORM = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
AVERAGE = {1: nn.AvgPool1d, 2: nn.AvgPool2d, 3: nn.AvgPool3d}
ADAPTIVE = {1: nn.AdaptiveAvgPool1d, 2: nn.AdaptiveAvgPool2d, 3: nn.AdaptiveAvgPool3d}
FUNCTIONS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
AVERAGE_F = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
SIZES = {1: (11,), 2: (7, 6), 3: (5, 4, 5)}


class Doubled(nn.Module):
    """A parametrization."""

    def forward(self, weight: Tensor) -> Tensor:
        return 2 * weight


class Network(nn.Module):
    """A list of steps, each a function of all values so far; their tensors are registered here."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Callable[[Any, list], Any]] = []
        self.outputs: list[int] = []

    def forward(self, x: Tensor) -> Any:
        values: list[Any] = [x]
        for step in self.steps:
            values.append(step(self, values))
        return tuple(values[i] for i in self.outputs)


class Maker:
    """Draws one network. `clean` counts by name the batch norms that nothing keeps from going."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.net = Network()
        self.sides = self.r.choice((1, 2, 2, 2, 3))
        self.x = torch.randn(
            2, self.r.choice((2, 3, 4)), *SIZES[self.sides], generator=torch.Generator().manual_seed(seed)
        )
        self.at = 0  # the value to go on from
        self.planted: set[str] = set()
        self.clean: list[str] = []  # batch norms that must go, whatever the goal
        self.generator = torch.Generator().manual_seed(seed + 1)

    # one value more

    def shape(self) -> tuple[int, ...]:
        with torch.no_grad():
            values: list[Any] = [self.x.clone()]
            for step in self.net.steps:
                values.append(step(self.net.eval(), values))
        return tuple(values[self.at].shape)

    def add(self, step: Callable[[Any, list], Any]) -> int:
        self.net.steps.append(step)
        self.at = len(self.net.steps)
        return self.at

    def module(self, module: nn.Module, name: str) -> str:
        name = f"{name}{len(self.net._modules)}"
        self.net.add_module(name, module)
        return name

    def call(self, name: str, at: int | None = None) -> int:
        at = self.at if at is None else at
        return self.add(lambda net, v: getattr(net, name)(v[at]))

    def tensor(self, value: Tensor, parameter: bool = True) -> str:
        name = f"t{len(self.net._parameters) + len(self.net._buffers)}"
        if parameter:
            self.net.register_parameter(name, nn.Parameter(value))
        else:
            self.net.register_buffer(name, value)
        return name

    # layers

    def conv(self, K: int | None = None, **fixed: Any) -> str | None:
        """A convolution at the end; the name of its module, None for a function."""
        r, M = self.r, self.shape()[1]
        K = K or r.choice((1, 2, 3, 4, 6))
        groups = r.choice([g for g in range(1, M + 1) if gcd(M, K) % g == 0])
        size = tuple(r.choice((1, 2, 3)) for _ in range(self.sides))
        how = {
            "kernel_size": size,
            "stride": r.choice((1, 1, 1, 2)),
            "padding": r.choice((0, 0, 1, 1, 2)),
            "dilation": r.choice((1, 1, 1, 2)),
            "groups": groups,
            "bias": r.random() < 0.7,
            "padding_mode": r.choice(("zeros", "zeros", "zeros", "circular", "reflect", "replicate")),
        } | fixed
        places = min(self.shape()[2:])
        if not isinstance(how["padding"], str):
            how["padding"] = min(how["padding"], places - 1)
        reach = how["dilation"] * (max(how["kernel_size"]) - 1) + 1
        border = 0 if isinstance(how["padding"], str) else how["padding"]
        if reach > places + 2 * border:
            how["dilation"], how["kernel_size"] = 1, (1,) * self.sides
        if (
            r.random() < 0.1
            and how["stride"] == 1
            and "padding" not in fixed
            and how["padding_mode"] == "zeros"
        ):
            how["padding"] = "same"
        if r.random() < 0.25 and how["padding_mode"] == "zeros":
            return self._functional(M, K, how)
        kind = layers.Conv2d if self.sides == 2 and r.random() < 0.25 else CONV[self.sides]
        name = self.module(kind(M, K, **how), "conv")
        self.call(name)
        return name

    def _functional(self, M: int, K: int, how: dict) -> None:
        at, function = self.at, vars(F)[f"conv{self.sides}d"]
        weight = self.tensor(torch.randn(K, M // how["groups"], *how["kernel_size"]))
        bias = self.tensor(torch.randn(K)) if how["bias"] else None
        rest = (how["stride"], how["padding"], how["dilation"], how["groups"])

        def tensors(net: Any) -> tuple:
            return getattr(net, weight), None if bias is None else getattr(net, bias)

        if self.sides == 2 and self.r.random() < 0.5:
            ours: Any = layers  # by its module: so the tracer finds it
            self.add(lambda net, v: ours.conv2d(v[at], *tensors(net), *rest))
        else:
            self.add(lambda net, v: function(v[at], *tensors(net), *rest))

    def norm(self, **how: Any) -> str:
        """A batch norm at the end; its name in the graph."""
        K, r = self.shape()[1], self.r
        if r.random() < 0.2 and not how:
            at, ours = self.at, r.random() < 0.5
            mean, var = self.tensor(torch.zeros(K), False), self.tensor(torch.ones(K), False)
            weight, bias = self.tensor(torch.ones(K)), self.tensor(torch.zeros(K))
            names = (mean, var, weight, bias)
            if ours:
                place = self.add(
                    lambda net, v: layers.batch_norm(v[at], *(getattr(net, name) for name in names), eps=1e-3)
                )
            else:
                place = self.add(
                    lambda net, v: F.batch_norm(v[at], *(getattr(net, name) for name in names), eps=1e-3)
                )
            return f"function {place}"
        affine = {} if r.random() < 0.85 else {"affine": False}
        ours = self.sides == 2 and r.random() < 0.25 and not how
        dims = len(self.shape())
        kind = NORM[1] if dims == 2 else NORM[self.sides]
        module = layers.BatchNorm2d(K) if ours and dims == 4 else kind(K, **affine, **how)
        name = self.module(module, "norm")
        self.call(name)
        return name

    def relu(self) -> None:
        at = self.at
        which = self.r.randrange(5)
        if which == 0:
            self.call(self.module(nn.ReLU(inplace=True), "relu"))
        elif which == 1:
            self.add(lambda net, v: F.relu(v[at], inplace=True))
        elif which == 2:
            self.add(lambda net, v: v[at].relu_())
        elif which == 3:
            self.add(lambda net, v: layers.relu(v[at]))
        else:
            self.add(lambda net, v: torch.relu(v[at]))

    # patterns

    def conv_norm(self) -> None:
        self.conv()
        name = self.norm()
        self.clean.append(name)
        self.planted.add("convolution, then batch norm")

    def transposed_norm(self) -> None:
        r, M = self.r, self.shape()[1]
        K = r.choice((2, 4, 6))
        groups = r.choice([g for g in range(1, M + 1) if gcd(M, K) % g == 0])
        stride = r.choice((1, 2))
        module = TRANSPOSED[self.sides](
            M,
            K,
            r.choice((2, 3)),
            stride,
            r.choice((0, 1)),
            0 if stride == 1 else r.choice((0, 1)),
            groups,
            r.random() < 0.7,
        )
        if min(n * stride for n in self.shape()[2:]) > 12 or min(self.shape()[2:]) < 2:
            return
        self.call(self.module(module, "up"))
        self.clean.append(self.norm())
        self.planted.add("transposed, then batch norm")

    def norm_conv(self) -> None:
        self.norm()
        self.conv()
        self.planted.add("batch norm, then convolution")

    def conv_conv(self) -> None:
        self.conv(kernel_size=self._size((1, 2)))
        self.conv(padding=self.r.choice((0, 0, 0, 1)))
        self.planted.add("convolution after convolution")

    def _size(self, choice: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(self.r.choice(choice) for _ in range(self.sides))

    def branches(self) -> None:
        r, x, M = self.r, self.at, self.shape()[1]
        stride, parts = r.choice((1, 1, 2)), []
        K = M if r.random() < 0.7 else r.choice((2, 4))
        groups = r.choice([g for g in range(1, M + 1) if gcd(M, K) % g == 0])
        for size in r.choice(((3, 1), (3, 3), (1, 3, 1), (5, 3))):
            self.at = x
            if self.shape()[2] < 4:
                return
            same = {
                "kernel_size": (size,) * self.sides,
                "padding": size // 2,
                "dilation": 1,
                "padding_mode": "zeros",
            }
            self.conv(K, stride=stride, groups=groups if r.random() < 0.7 else 1, **same)
            if r.random() < 0.5:
                self.clean.append(self.norm())
            parts.append(self.at)
        if stride == 1 and K == M and r.random() < 0.6:
            self.at = x
            if r.random() < 0.5:
                self.norm()
            parts.append(self.at)
        if K == M and r.random() < 0.3:
            self.at = x
            self.call(self.module(AVERAGE[self.sides](3, stride, 1), "average"))
            parts.append(self.at)
        r.shuffle(parts)
        total = parts[0]
        in_place = r.random() < 0.15
        for part in parts[1:]:
            left, right = total, part
            if in_place:
                total = self.add(lambda net, v, a=left, b=right: v[a].add_(v[b]))
            else:
                total = self.add(lambda net, v, a=left, b=right: v[a] + v[b])
        self.planted.add("sum of branches")

    def residual(self) -> None:
        x, M = self.at, self.shape()[1]
        self.conv(M, kernel_size=(3,) * self.sides, padding=1, stride=1, dilation=1)
        self.clean.append(self.norm())
        a = self.at
        which = self.r.randrange(3)
        if which == 0:
            self.add(lambda net, v: torch.add(v[a], v[x]))
        elif which == 1:
            self.add(lambda net, v: v[x] + v[a])
        else:
            self.add(lambda net, v: v[a].add_(v[x]))
        self.relu()
        self.planted.add("convolution, then batch norm")

    def average(self) -> None:
        r = self.r
        if min(self.shape()[2:]) < 3:
            return
        p = r.choice((1, 2, 3))
        how = {
            "stride": r.choice((1, 2, None)),
            "padding": r.choice((0, p // 2)),
            "ceil_mode": r.random() < 0.3,
            "count_include_pad": r.random() < 0.7,
        }
        if r.random() < 0.5:
            self.call(self.module(AVERAGE[self.sides](p, **how), "average"))
            return
        at, function = self.at, AVERAGE_F[self.sides]
        if self.sides == 2 and r.random() < 0.5:
            self.add(lambda net, v: layers.avg_pool2d(v[at], p, **how))
        else:
            self.add(lambda net, v: function(v[at], p, **how))

    def nothing(self) -> None:
        kind = self.r.choice((nn.Identity, nn.Dropout, nn.Dropout2d, None))
        if kind is nn.Dropout2d and self.sides != 2:
            kind = nn.Dropout
        at = self.at
        if kind is None:
            self.add(lambda net, v: F.dropout(v[at], 0.3, net.training))
        else:
            self.call(self.module(kind(), "nothing"))
        self.planted.add("nothing is done")

    # what may go wrong

    def shared(self) -> None:
        """One convolution at two places, each with its own batch norm."""
        M = self.shape()[1]
        fixed = {
            "kernel_size": (3,) * self.sides,
            "padding": 1,
            "stride": 1,
            "dilation": 1,
            "padding_mode": "circular",
        }
        name = self.conv(M, **fixed)
        self.clean.append(self.norm())
        self.relu()
        assert name is not None
        self.call(name)
        self.clean.append(self.norm())
        self.planted.add("shared")

    def twice_read(self) -> None:
        """The value between convolution and batch norm is read elsewhere too,
        perhaps after a change in place.
        """
        self.conv()
        a = self.at
        self.norm()
        b = self.at
        if self.r.random() < 0.4:
            self.add(lambda net, v: v[a].relu_())
        self.add(lambda net, v: v[a] + v[b])

    def written_between(self) -> None:
        """x changes between the moment when a branch reads it and the moment of the sum."""
        x, M = self.at, self.shape()[1]
        self.conv(M, kernel_size=(1,) * self.sides, padding=0, stride=1)
        a = self.at
        self.add(lambda net, v: v[x].mul_(0.5) if self_is_fresh(v, x) else v[x] * 0.5)
        self.at = x
        self.conv(M, kernel_size=(1,) * self.sides, padding=0, stride=1)
        b = self.at
        self.add(lambda net, v: v[a] + v[b])

    def hooked(self) -> None:
        name = self.conv(padding_mode="circular")
        assert name is not None
        getattr(self.net, name).register_forward_hook(double)
        self.norm()

    def hooked_norm(self) -> None:
        self.conv()
        name = self.norm(eps=1e-4)
        getattr(self.net, name).register_forward_pre_hook(doubled_input)

    def parametrized(self) -> None:
        name = self.conv(padding_mode="circular")
        parametrize.register_parametrization(getattr(self.net, str(name)), "weight", Doubled())
        self.norm()

    def without_averages(self) -> None:
        self.conv()
        self.norm(track_running_stats=False)

    def computed(self) -> None:
        """A kernel that the network computes."""
        at, M = self.at, self.shape()[1]
        weight = self.tensor(torch.randn(3, M, *[1] * self.sides))
        function = FUNCTIONS[self.sides]
        self.add(lambda net, v: function(v[at], getattr(net, weight) * 2))
        self.norm()

    def head(self) -> None:
        """From maps to vectors."""
        r, at, given = self.r, self.at, self.shape()
        which = r.randrange(5)
        if which == 0:
            self.call(self.module(ADAPTIVE[self.sides](1), "average"))
            at = self.at
            self.add(lambda net, v: v[at].flatten(1))
        elif which == 1:
            dims = tuple(range(2, 2 + self.sides))
            self.add(lambda net, v: v[at].mean(dims))
        elif which == 2:
            self.add(lambda net, v: torch.flatten(v[at], 1))
        elif which == 3:
            self.add(lambda net, v: v[at].view(v[at].size(0), -1) if given[2] else v[at])
        elif self.sides == 2:
            self.add(lambda net, v: layers.global_avg_pool2d(v[at], keepdim=False))
        else:
            self.call(self.module(nn.Flatten(), "flat"))
        width = self.shape()[1]
        for n in range(r.choice((1, 2))):
            kind = r.choice((nn.Linear, layers.Linear))
            self.call(self.module(kind(width, width := r.choice((2, 3)), r.random() < 0.7), "linear"))
            if r.random() < 0.5:
                name = self.module(nn.BatchNorm1d(width), "norm")
                self.call(name)
                self.clean.append(name)
                self.planted.add("linear, then batch norm")
            if n == 0:
                self.relu()

    def rows_of_linear(self) -> None:
        """A linear layer on (N, L, L) and a batch norm: they work on different dimensions, of one size."""
        at, given = self.at, self.shape()
        self.add(
            lambda net, v: (
                v[at].flatten(2)[:, :, :2].transpose(1, 2).expand(-1, 2, -1)[:, :2, :2].contiguous()
            )
        )
        if min(given[1], 2) < 2:
            return
        self.call(self.module(nn.Linear(2, 2), "linear"))
        self.call(self.module(nn.BatchNorm1d(2), "norm"))

    # all of it

    def make(self) -> tuple[Network, Tensor]:
        r = self.r
        patterns = (
            self.conv_norm,
            self.conv_norm,
            self.transposed_norm,
            self.norm_conv,
            self.conv_conv,
            self.branches,
            self.residual,
            self.average,
            self.nothing,
            self.shared,
        )
        traps = (
            self.twice_read,
            self.hooked,
            self.hooked_norm,
            self.parametrized,
            self.without_averages,
            self.computed,
            self.written_between,
        )
        for _ in range(r.choice((1, 2, 2, 3))):
            (r.choice(traps) if r.random() < 0.15 else r.choice(patterns))()
            if r.random() < 0.6:
                self.relu()
        if r.random() < 0.35:
            self.head()
        elif r.random() < 0.06:
            self.rows_of_linear()
        self.net.outputs = [self.at]
        if r.random() < 0.1:  # a second result, from the midst of it: what it reads cannot be merged away
            self.net.outputs.append(r.randrange(1, self.at + 1))
            self.clean = []
        self._numbers()
        if r.random() < 0.1:  # some of it frozen
            for parameter in list(self.net.parameters())[::2]:
                parameter.requires_grad_(False)
        return self.net.eval(), self.x

    def _numbers(self) -> None:
        """Statistics and biases as after a training, not as after the start."""
        with torch.no_grad():
            for name, tensor in [*self.net.named_parameters(), *self.net.named_buffers()]:
                if name.endswith("running_var") or not tensor.is_floating_point():
                    continue
                if tensor.dim() == 1:
                    tensor.uniform_(-1, 1, generator=self.generator)
            for module in self.net.modules():
                if getattr(module, "running_var", None) is not None:
                    variance: Any = module.running_var
                    variance.uniform_(0.3, 2, generator=self.generator)
            for tensor in self.net.buffers(recurse=False):
                if (tensor <= 0).any() or tensor.dim() == 1:
                    tensor.uniform_(0.3, 2, generator=self.generator)


def self_is_fresh(values: list, x: int) -> bool:
    """The network's own input is not to be changed."""
    return x > 0


def double(module: nn.Module, args: tuple, output: Tensor) -> Tensor:
    return 2 * output


def doubled_input(module: nn.Module, args: tuple) -> tuple:
    return tuple(2 * x for x in args)
