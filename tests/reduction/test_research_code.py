"""`reduce` on what research code does in a forward: it draws at random, computes anew what it would have to
keep, has functions with gradients of its own, and returns objects of its own classes.
"""

from collections import OrderedDict, UserDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from helpers.reduction.small_networks import By, loaded
from nonconv.reduction import reduce
from nonconv.reduction.comparison import difference, floating

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
OTHER = torch.randn(3, 4, 9, 7, generator=torch.Generator().manual_seed(1))


def norms(model: nn.Module) -> list[str]:
    return [path for path, part in model.named_modules() if "BatchNorm" in type(part).__name__]


def drawn(net: nn.Module, x: Tensor) -> Any:
    torch.manual_seed(4)
    with torch.no_grad():
        return net(x)


def reduced(call: Callable[..., Any]) -> nn.Module:
    """The network of this forward without its batch norm, which gives the same of the same seed."""
    net = By(call).eval()
    done = reduce(net, X)
    assert not done.report.refused
    assert not norms(done.model), done.report
    for x in (X, OTHER):
        assert difference(drawn(done.model, x), drawn(net, x)) < 1e-5
    return done.model


# ------------------------------------------------------------------------------------------------------------
# at random


@pytest.mark.parametrize(
    "call",
    [
        lambda n, x: F.dropout(n.p(x), 0.5, training=True),  # Monte Carlo dropout
        lambda n, x: n.p(x) + torch.randn_like(x),
        lambda n, x: x + n.p(x) * x.new_empty(len(x.shape) and (x.shape[0], 1, 1, 1)).bernoulli_(0.5),
        lambda n, x: F.gumbel_softmax(n.p(x), dim=1),
    ],
)
def test_what_is_drawn_for_the_input_is_drawn_by_the_result_too(call: Any) -> None:
    reduced(call)
    assert "draws at random" in str(reduce(By(call).eval(), X).report)


@pytest.mark.parametrize(
    "call",
    [
        lambda n, x: n.p(x) * torch.rand(4, 1, 1),
        lambda n, x: x + n.p(x) if torch.rand(1).item() < 2 else x,
        lambda n, x: n.p(x)[:, torch.randperm(4)],
    ],
)
def test_what_a_graph_would_draw_once_is_refused(call: Any) -> None:
    assert "numbers of one draw" in reduce(By(call).eval(), X).report.refused


# ------------------------------------------------------------------------------------------------------------
# gradients


@pytest.mark.parametrize("reentrant", [True, False])
def test_a_checkpoint_is_what_it_computes(reentrant: bool) -> None:
    """The older kind is a function with a gradient of its own that takes the module as an argument."""
    reduced(lambda n, x: checkpoint(n.p, x, use_reentrant=reentrant).relu())


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:  # type: ignore[override]
        (x,) = ctx.saved_tensors
        return g / (1 + x.abs()) ** 2


def test_a_function_with_a_gradient_of_its_own_can_be_saved() -> None:
    model = reduced(lambda n, x: Spike.apply(n.p(x)))
    x = X.clone().requires_grad_()
    compiled: Any = torch.compile(model, backend="eager", fullgraph=True)
    wanted = torch.autograd.grad(model(x).sum(), x)[0]
    for net in (loaded(model), compiled):
        torch.testing.assert_close(torch.autograd.grad(net(x).sum(), x)[0], wanted)


def sparse(net: Any, x: Tensor) -> Any:
    return net.p(x), net.p[1].weight.abs().sum()


def test_a_norm_whose_parameter_alone_is_read_is_no_layer_any_more() -> None:
    net = By(sparse).eval()
    model = reduced(sparse)
    assert difference(model(X), net(X)) < 1e-5
    assert model.get_parameter("p.1.weight").requires_grad


def penalised(net: Any, x: Tensor) -> Any:
    return net.p(x), sum(p.square().sum() for p in net.parameters())


def test_parameters_that_are_read_one_after_the_other_stay_parameters() -> None:
    """torch.fx took what is computed of them alone for a constant, which no training would change."""
    net = By(penalised).eval()
    model = reduce(net, X).model
    assert difference(model(X), net(X)) < 1e-5
    model(X)[1].backward()
    assert [name for name, p in model.named_parameters() if p.grad is not None]


def test_a_replaced_forward_that_holds_layers_is_named() -> None:
    """No copy has others, so the result calls those of the given network."""
    net: Any = By(lambda n, x: n.p(x)).eval()
    plain = net.p[0].forward
    net.p[0].forward = lambda x: 2 * plain(x)
    report = reduce(net, X).report
    assert "holds layers of the given network (p.0.forward)" in str(report)
    assert any("its forward was replaced by another" in row.reason for row in report.left)


# ------------------------------------------------------------------------------------------------------------
# what is returned


class Attributes(dict):
    """A dict whose keys are its attributes."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


class Boxes(list):
    pass


class Result:
    def __init__(self, maps: Tensor, count: int) -> None:
        self.maps, self.count = maps, count


class Batch:
    """As detection code hands images over: tensors, and what belongs to them."""

    def __init__(self, image: Tensor, **more: Any) -> None:
        self.image = image
        vars(self).update(more)


def round_about() -> Batch:
    made = Batch(X)
    made.me = made  # type: ignore[attr-defined]
    return made


@dataclass(frozen=True)
class Sample:
    image: Tensor
    scale: float = 2.0


HANDED_OVER: list[tuple[Callable[[Tensor], Any], Callable[[Any, Any], Any]]] = [
    (lambda x: Batch(x, mask=torch.ones(1, 1, 1, 1)), lambda n, b: n.p(b.image) * b.mask),
    (lambda x: Sample(x), lambda n, b: n.p(b.image) * b.scale),
    (lambda x: Attributes(image=x), lambda n, b: n.p(b["image"])),
    (lambda x: SimpleNamespace(of=[Sample(x)]), lambda n, b: n.p(b.of[0].image)),
    (lambda x: UserDict(image=x), lambda n, b: n.p(b["image"])),
]


@pytest.mark.parametrize(("made", "call"), HANDED_OVER)
@pytest.mark.parametrize("goal", ["fewest MACs", "literally"])
def test_an_object_of_ones_own_class_is_handed_over(made: Any, call: Any, goal: str) -> None:
    net = By(call).eval()
    done = reduce(net, made(X), goal)
    assert [row.applied for row in done.report.rows] == [True]
    for model in (done.model, loaded(done.model)):
        assert difference(model(made(OTHER)), net(made(OTHER))) < 1e-5


def test_an_object_that_holds_itself_is_a_leaf() -> None:
    with pytest.raises(ValueError, match=r"not Batch\(.*"):
        reduce(By(lambda n, b: n.p(b.image)).eval(), round_about())


RETURNED = [
    lambda n, x: Attributes(out=n.p(x), more=Attributes(x=x)),
    lambda n, x: Boxes([n.p(x), x]),
    lambda n, x: Result(n.p(x), 3),
    lambda n, x: {"all": [SimpleNamespace(y=n.p(x), shape=x.shape)]},
    lambda n, x: defaultdict(list, {"y": [n.p(x)]}),
    lambda n, x: deque([n.p(x)]),
    lambda n, x: OrderedDict(y=n.p(x), more=OrderedDict(x=x)),
]


@pytest.mark.parametrize("call", RETURNED)
def test_an_object_of_ones_own_class_is_returned(call: Any) -> None:
    model = reduced(call)
    for result in (model(X), loaded(model)(X)):
        assert type(result) is type(call(By(call), X))
        assert difference(result, model(X)) == 0


def test_a_compiler_follows_the_call_that_makes_a_container() -> None:
    model = reduced(lambda n, x: OrderedDict(y=Result(n.p(x), 3)))
    compiled: Any = torch.compile(model, backend="eager", fullgraph=True)
    assert difference(compiled(X), model(X)) < 1e-6


def test_what_no_graph_holds_is_named() -> None:
    refused = reduce(By(lambda n, x: (part for part in [n.p(x)])).eval(), X).report.refused
    assert "a graph cannot hold a <class 'generator'>" in refused


# ------------------------------------------------------------------------------------------------------------
# what other libraries and newer parts of torch do


def test_an_annotation_that_is_a_string_is_no_matter_for_saving() -> None:
    """So they all are under `from __future__ import annotations`."""

    class Annotated(By):
        def forward(self, x: "Tensor", y: "Tensor | None" = None) -> "list[Tensor]":
            return [self.p(x)]

    model = reduce(Annotated(lambda n, x: x).eval(), X).model
    assert difference(loaded(model)(OTHER), model(OTHER)) == 0


def test_hooks_that_only_collect_what_is_asked_for_are_no_hindrance() -> None:
    """transformers leaves them on each block after the first call."""

    def collecting(*_: Any) -> None:
        return None

    net = By(lambda n, x: n.p(x)).eval()
    net.p.register_forward_hook(collecting)
    assert norms(reduce(net, X).model)
    collecting.__module__ = "transformers.utils.output_capturing"
    assert not norms(reduce(net, X).model)


def test_a_network_that_random_numbers_turn_over_is_proved_with_its_own() -> None:
    """45 blocks of an EfficientNet; here a map that is tame with its own small γ."""

    def forward(net: Any, x: Tensor) -> Tensor:
        y = x
        for _ in range(16):
            y = torch.sin(20 * net.p(y))
        return y

    net = By(forward).eval()
    scale: Any = net.p[1]
    scale.weight.data.fill_(1e-3)
    done = reduce(net, X)
    assert "rounding alone turns the whole over" in str(done.report)
    assert not norms(done.model), done.report
    assert difference(done.model(OTHER), net(OTHER)) < 1e-5


def branching(net: Any, x: Tensor) -> Tensor:
    return torch.cond(x.sum() > 0, lambda y: y.relu(), lambda y: -y, (net.p(x),))


def test_a_branch_of_torch_cond_is_kept_and_can_be_saved() -> None:
    """A branch without layers was taken for a layer that nobody calls."""
    model = reduced(branching)
    again = loaded(model)
    for x in (X.abs(), -X.abs()):
        assert difference(again(x), By(branching).eval()(x)) < 1e-5


def test_a_norm_in_a_branch_of_torch_cond_is_named() -> None:
    net = By(lambda n, x: torch.cond(x.sum() > 0, lambda y: n.p(y), lambda y: -y, (x,))).eval()
    report = reduce(net, X).report
    assert [row.reason for row in report.left if "branch of the graph" in row.reason], report


@pytest.mark.skipif(torch.__version__ < "2.9", reason="torch 2.8 exports no vmap")
def test_a_graph_that_cannot_be_saved_says_so() -> None:
    net = By(lambda n, x: torch.vmap(lambda y: 2 * y)(n.p(x))).eval()
    assert "torch.save cannot save its graph" in str(reduce(net, X).report)


def hooked(net: Any, x: Tensor) -> Tensor:
    y = net.p(x)
    y.register_hook(lambda g: 2 * g)
    return y


def energy(net: Any, x: Tensor) -> Tensor:
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        return torch.autograd.grad(net.p(x).square().sum(), x)[0]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (hooked, "it runs only where gradients are recorded"),
        (energy, "it takes a gradient in its forward, which no graph holds"),
    ],
)
def test_a_forward_that_needs_gradients_is_refused_for_that(call: Any, reason: str) -> None:
    assert reason in reduce(By(call).eval(), X).report.refused


class Colour(Enum):
    RED = 1


@pytest.mark.skipif(torch.__version__ < "2.9", reason="torch 2.8 writes no code for such a constant")
def test_the_gradients_of_a_result_with_a_constant_of_an_enum_are_compared() -> None:
    """Its members lead back to themselves."""
    assert len(floating([X, Colour.RED, Colour])) == 1
    reduced(lambda n, x: (n.p(x), Colour.RED))
