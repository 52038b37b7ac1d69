"""What a forward decides by sizes: the graph goes the example's way, and says so where another input would go
another.
"""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses import FakeTensor
from torch.nn import functional as F

from helpers.reduction.small_networks import Net, X, calls, loaded, norms, same, trained
from nonconv.reduction import reduce

WIDE, SMALL = torch.randn(2, 4, 8, 12), torch.randn(2, 4, 4, 4)


def by_width(net: Any, x: Tensor) -> Tensor:
    y = net.b(net.c(x))
    return y.relu() if y.shape[-1] > 5 else y


def by_rank(net: Any, x: Tensor) -> Tensor:
    y = net.b(net.c(x if len(x.shape) == 4 else x[None]))
    return y.mean(tuple(range(2, len(y.shape))))


def by_each_side(net: Any, x: Tensor) -> Tensor:
    y = net.b(net.c(x))
    for side in y.shape[2:]:
        y = y + 1 if side % 3 else y
    return y


def padded(net: Any, x: Tensor) -> Tensor:
    width = x.shape[-2:][1]
    more = math.ceil(width / 5) * 5 - width
    return net.b(net.c(F.pad(x, (0, more)))) if more else net.b(net.c(x))


def asserted(net: Any, x: Tensor) -> Tensor:
    assert x.shape[1] == 4, "four maps"
    if x.dtype != net.c.weight.dtype:
        x = x.to(net.c.weight.dtype)
    return net.b(net.c(x))


def by_what_is_changed_in_place(net: Any, x: Tensor) -> Tensor:
    y = net.b(net.c(x))
    y.unsqueeze_(0)
    return y.squeeze(0) if y.dim() == 5 else y * 2


def by_whole_numbers(net: Any, x: Tensor) -> Tensor:
    half = int(x.shape[-1] / 2)
    return net.b(net.c(x))[..., : half + half]


FORWARDS = [by_whole_numbers, by_width, by_rank, by_each_side, padded, asserted, by_what_is_changed_in_place]


@pytest.mark.parametrize("forward", FORWARDS)
def test_a_network_that_decides_by_sizes_is_traced_by_torch_fx(forward: Callable[..., Tensor]) -> None:
    net = trained(Net(forward))
    result = reduce(net, X)
    assert result.report.traced == "torch.fx, for sizes that it checks"
    assert not norms(result.model)
    for model in (result.model, loaded(result.model), reduce(result.model, X).model):
        same(model, net, X)
        same(model, net, X[:1])


@pytest.mark.parametrize(
    ("forward", "other", "by"),
    [
        (by_width, SMALL, r"b.shape\[-1\] > 5 is True, and here it is False"),
        (by_whole_numbers, WIDE, r"int\(x.shape\[-1\] / 2\) is 4, and here it is 6"),
        (by_rank, X[0], r"len\(x.shape\) is 4, and here it is 3"),
        (by_each_side, WIDE, r"b.shape\[2:\]\[1\] % 3 is True, and here it is False"),
    ],
)
def test_an_input_that_would_go_another_way_is_refused(
    forward: Callable[..., Tensor], other: Tensor, by: str
) -> None:
    with pytest.raises(ValueError, match=by):
        reduce(trained(Net(forward)), X).model(other)


def test_a_size_that_decides_nothing_stays_free() -> None:
    net = trained(Net(padded))
    model = reduce(net, X).model
    for width in (7, 9, 12):
        same(model, net, torch.randn(3, 4, 6, width))


@pytest.mark.parametrize(
    "decides", [lambda net, x: bool(x.sum() > 0), lambda net, x: bool(net.b.weight[0] > 0)]
)
def test_numbers_decide_nothing_silently(decides: Callable[..., bool]) -> None:
    """Neither those of the input nor those that are learned."""
    net = trained(Net(lambda n, x: n.b(n.c(x)) if decides(n, x) else x))
    assert reduce(net, X, tracer="torch.fx").report.refused


def test_the_whole_is_proved_in_float64_where_a_dtype_decides() -> None:
    def forward(net: Any, x: Tensor) -> Tensor:
        y = net.b(net.c(x))
        return y.clamp(-100, 100) if x.dtype in (torch.float16, torch.bfloat16) else y

    net = trained(Net(forward))
    result = reduce(net, X)
    assert result.report.error is not None
    with pytest.raises(ValueError, match=r"x\.dtype == torch.float16 is False, and here it is True"):
        result.model.half()(X.half())


class Kept(nn.Module):
    """Keeps what it gave; with a hook on it, `reduce` does not look into it."""

    def forward(self, x: Tensor) -> Tensor:
        self.last = x + 1
        return self.last


@pytest.mark.parametrize("part", [Kept(), nn.Conv2d(4, 4, 1)])
def test_a_module_that_stays_whole_sees_no_tensor_without_numbers(part: nn.Module) -> None:
    seen: list[Tensor] = []
    part.register_forward_hook(lambda *given: seen.append(given[-1]))
    result = reduce(trained(Net(lambda n, x: by_width(n, n.part(x)), part=part)), X)
    assert result.report.traced == "torch.fx, for sizes that it checks"
    assert not norms(result.model)
    seen += [x for x in vars(result.model.get_submodule("part")).values() if isinstance(x, Tensor)]
    assert seen
    assert not [x for x in seen if isinstance(x, FakeTensor)]


def test_modules_keep_their_paths_where_sizes_decide() -> None:
    net = trained(nn.Sequential(Net(by_width), nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4)))
    model: Any = reduce(net, X).model
    assert calls(model)[-1:] == ["Conv2d"]
    assert {"0.c", "1"} <= {str(node.target) for node in model.graph.nodes if node.op == "call_module"}
    assert model.get_submodule("0.c").weight.shape == (4, 4, 3, 3)
