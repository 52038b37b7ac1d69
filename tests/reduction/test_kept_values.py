"""A forward that keeps what it has computed on the network: `reduce` takes what the parameters alone decide,
which is the same at each call, and nothing else.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from nonconv.reduction import reduce

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))


class Attention(nn.Module):
    """As timm's LeViT: the bias of each pair of places is looked up once, and kept by the device."""

    places: Tensor

    def __init__(self, cache: Any = None) -> None:
        super().__init__()
        self.keys = nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
        self.biases = nn.Parameter(torch.randn(64))
        self.register_buffer("places", torch.arange(64).flip(0).reshape(8, 8))
        self.cache: Any = {} if cache is None else cache

    def bias(self, x: Tensor) -> Tensor:
        key = str(x.device)
        if key not in self.cache:
            self.cache[key] = self.biases[self.places]
        return self.cache[key]

    def forward(self, x: Tensor) -> Tensor:
        return (self.keys(x) + self.bias(x)).softmax(-1) @ x


class Once(Attention):
    def bias(self, x: Tensor) -> Tensor:
        if self.cache is None:
            self.cache = self.biases[self.places]
        return self.cache


class Listed(Attention):
    def bias(self, x: Tensor) -> Tensor:
        if not self.cache:
            self.cache.append(self.biases[self.places])
        return self.cache[0]


def trained(net: Any) -> Any:
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if name.endswith(("running_var", "1.weight")):
                tensor.uniform_(0.5, 2, generator=generator)
            elif tensor.is_floating_point():
                tensor.uniform_(-1, 1, generator=generator)
    return net.eval()


def once() -> Once:
    net = Once()
    net.cache = None
    return net


class Deeper(Attention):
    def bias(self, x: Tensor) -> Tensor:
        if not self.cache["of"]:
            self.cache["of"].append(self.biases[self.places])
        return self.cache["of"][0]


def kept(net: Attention) -> list[int]:
    """Which tensors the network keeps."""
    return [id(leaf) for leaf in tree_leaves(net.cache) if isinstance(leaf, Tensor)]


MAKERS: list[Callable[[], Attention]] = [
    Attention,
    lambda: Attention(OrderedDict()),
    lambda: Listed([]),
    once,
    lambda: Deeper({"of": []}),
]


@pytest.mark.parametrize("ran", ["never", "once", "once, with gradients"])
@pytest.mark.parametrize("make", MAKERS, ids=["dict", "OrderedDict", "list", "attribute", "list in a dict"])
def test_what_the_parameters_alone_decide_may_be_kept(make: Callable[[], Attention], ran: str) -> None:
    net = trained(make())
    if ran != "never":
        with torch.set_grad_enabled(ran != "once"):
            net(X)
    before = kept(net)
    result = reduce(net, X)
    assert not result.report.refused
    assert not [m for m in result.model.modules() if isinstance(m, nn.BatchNorm2d)]
    assert kept(net) == before
    with torch.no_grad():
        for x in (X, X.flip(0), X):  # the second call reads what the first has kept
            assert torch.allclose(result.model(x), net(x), atol=1e-5)


def test_the_report_says_so_and_the_result_follows_its_parameters() -> None:
    net = trained(Attention())
    result = reduce(net, X)
    assert any("keeps what its parameters alone decide (cache)" in note for note in result.report.notes)
    with torch.no_grad():
        for one in (result.model, net):
            one.get_parameter("biases").mul_(2)
        net.cache.clear()
        assert torch.allclose(result.model(X), net(X), atol=1e-5)


class OfInput(Attention):
    def bias(self, x: Tensor) -> Tensor:
        if "b" not in self.cache:
            self.cache["b"] = self.biases[self.places] + x.mean()
        return self.cache["b"]


class OfBoth(Attention):
    """What is kept is the parameters' own, but not all of it."""

    def bias(self, x: Tensor) -> Tensor:
        self.cache["a"], self.cache["b"] = self.biases[self.places], x
        return self.cache["a"]


class Written(Attention):
    """What is kept was the parameters' own; then each call adds to it."""

    def bias(self, x: Tensor) -> Tensor:
        if "b" not in self.cache:
            self.cache["b"] = self.biases[self.places].clone()
        self.cache["b"].add_(x.mean())
        return self.cache["b"]


class Drawn(Attention):
    def bias(self, x: Tensor) -> Tensor:
        if "b" not in self.cache:
            self.cache["b"] = torch.rand_like(self.biases)[self.places]
        return self.cache["b"]


class Another(Attention):
    """The second call does something else with what the first has kept."""

    def bias(self, x: Tensor) -> Tensor:
        if "b" not in self.cache:
            self.cache["b"] = self.biases[self.places]
            return self.cache["b"]
        return 2 * self.cache["b"]


class DeeperOfInput(Attention):
    def bias(self, x: Tensor) -> Tensor:
        if not self.cache["of"]:
            self.cache["of"].append(self.biases[self.places] + x.mean())
        return self.cache["of"][0]


@pytest.mark.parametrize(
    ("net", "reason"),
    [
        (OfInput(), "keeps a tensor on itself (cache), which the next call may read"),
        (OfBoth(), "keeps a tensor on itself (cache), which the next call may read"),
        (Written(), "keeps a tensor on itself (cache)"),
        (Drawn(), "keeps a tensor on itself (cache)"),
        (Another(), "would err by"),
        (DeeperOfInput({"of": []}), "keeps a tensor on itself (cache)"),
    ],
    ids=lambda x: type(x).__name__ if isinstance(x, nn.Module) else "",
)
def test_what_else_is_kept_is_refused(net: Attention, reason: str) -> None:
    assert reason in reduce(trained(net), X).report.refused
    assert not kept(net)


class Spikes(nn.Module):
    """Its memory lies in a container or an object; it seldom spikes, so that two calls may give the same."""

    def __init__(self, memory: Any) -> None:
        super().__init__()
        self.pair = nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
        self.memory = memory

    def forward(self, x: Tensor) -> Tensor:
        held = self.memory if isinstance(self.memory, dict) else vars(self.memory)
        held["v"] = held["v"] * 0.5 + self.pair(x)
        return (held["v"] > 1e6).float() * self.pair(x)


class Memory:
    def __init__(self) -> None:
        self.v = 0.0


@pytest.mark.parametrize("tracer", ["torch.fx", "torch.export"])
@pytest.mark.parametrize("memory", [{"v": 0.0}, Memory()], ids=["dict", "object"])
def test_a_memory_that_no_tracer_sees_is_refused(memory: Any, tracer: str) -> None:
    """torch.export loses what is written into a container, torch.fx what an object holds."""
    net = trained(Spikes(memory))
    report = reduce(net, X, tracer=tracer).report
    assert "keeps a tensor on itself (memory), which the next call may read" in report.refused


def test_what_a_layer_keeps_that_stays_whole_is_its_own_affair() -> None:
    net = trained(nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4), nn.ReLU()))
    net[2].register_forward_hook(lambda part, _, y: setattr(part, "seen", y))
    result = reduce(net, X)
    assert not result.report.refused
    assert result.model(X) is result.model.get_submodule("2").seen
