"""Contexts that a forward opens, `torch.no_grad` and `torch.autocast`, and those of who calls `reduce`."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from helpers.reduction.small_networks import Net, X, calls, gradient, norms, same, trained
from nonconv.reduction import reduce


def frozen(net: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        y = net.b(net.c(x))
    return net.d(y)


def mixed(net: Any, x: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        return net.b(net.c(x))


@torch.inference_mode()
def inferring(net: Any, x: Tensor) -> Tensor:
    return net.b(net.c(x))


@pytest.mark.parametrize(
    ("forward", "named"), [(mixed, "torch.autocast"), (inferring, "torch.inference_mode")]
)
def test_a_context_inside_forward_is_named_and_kept(forward: Any, named: str) -> None:
    net = trained(Net(forward, d=nn.Conv2d(4, 2, 1)))
    result = reduce(net, X)
    assert named in result.report.refused
    same(result.model, net, X)


@torch.no_grad()
def decorated(net: Any, x: Tensor) -> Tensor:
    return net.d(net.b(net.c(x)))


def in_parts(net: Any, x: Tensor) -> Any:
    with torch.no_grad():
        parts = net.b(net.c(x)).chunk(2, 1)
    return parts, net.d(torch.cat([parts[0], parts[1]], 1) + x)


def around_another(net: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        y = net.b(net.c(x))
        with torch.enable_grad():
            y = net.d(y)
        return net.e(y) + x.shape[0]


def learning(net: Any) -> tuple[Tensor | None, set[str]]:
    """The gradient by the input, and which parameters get one."""
    net.zero_grad()
    x = X.clone().requires_grad_()
    ends = [y for y in tree_leaves(net(x)) if y.requires_grad]
    if ends:
        sum((y.square().sum() for y in ends), torch.zeros(())).backward()
    return x.grad, {name for name, p in net.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("tracer", ["torch.fx", "torch.export", "a program"])
@pytest.mark.parametrize("forward", [frozen, decorated, in_parts, around_another])
def test_what_is_computed_under_no_grad_is_merged_and_learns_nothing(forward: Any, tracer: str) -> None:
    if forward is around_another and tracer != "torch.fx" and torch.__version__ < "2.9":
        pytest.skip("the programs of torch 2.8 forget no_grad behind an enable_grad inside")
    net = trained(Net(forward, d=nn.Conv2d(4, 2, 1), e=nn.Conv2d(2, 2, 1)))
    given = torch.export.export(net, (X,)) if tracer == "a program" else net
    result = reduce(given, X, tracer=None if tracer == "a program" else tracer)
    assert not norms(result.model)
    same(result.model, net, X)
    (wanted, those), (got, these) = learning(net), learning(result.model)
    assert these == those - {"b.weight", "b.bias"}
    if wanted is None:
        assert got is None
    else:
        torch.testing.assert_close(got, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("tracer", ["torch.fx", "torch.export"])
def test_what_is_changed_in_place_under_no_grad_keeps_its_gradient(tracer: str) -> None:
    def forward(net: Any, x: Tensor) -> Tensor:
        y = net.c(x)
        with torch.no_grad():
            y.mul_(2)  # no gradient knows of it
        return net.b(y)

    net = trained(Net(forward))
    result = reduce(net, X, tracer=tracer)
    assert "under torch.no_grad it changes in place" in result.report.refused
    torch.testing.assert_close(gradient(result.model), gradient(net))


def switched_off(net: Any, x: Tensor) -> Tensor:
    with torch.autocast("cpu", enabled=False):
        return net.b(net.c(x))


@pytest.mark.parametrize("tracer", ["torch.fx", "torch.export", "a program"])
def test_an_autocast_that_is_off_is_named(tracer: str) -> None:
    net = trained(nn.Sequential(Net(switched_off)))
    given = torch.export.export(net, (X,)) if tracer == "a program" else net
    result = reduce(given, X, tracer=None if tracer == "a program" else tracer)
    assert not norms(result.model)
    (note,) = result.report.notes
    assert note.startswith("Its forward opens an autocast that is off")
    assert ("(in 0)" in note) == (tracer == "torch.fx")


def test_a_program_with_an_autocast_comes_back_as_it_is() -> None:
    net = trained(Net(mixed))
    result = reduce(torch.export.export(net, (X,)), X)
    assert "its forward opens torch.autocast" in result.report.refused
    same(result.model, net, X)


def test_a_module_that_opens_a_context_stays_whole_and_the_rest_is_reduced() -> None:
    net = trained(
        nn.Sequential(Net(lambda n, x: mixed(n, x).float()), nn.ReLU(), nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
    )
    model, report = (result := reduce(net, X)).model, result.report
    assert calls(model) == ["Net", "ReLU", "Conv2d"]
    assert [row.where for row in report.left] == ["0.b"]
    assert "torch.autocast" in report.left[0].reason


@pytest.mark.parametrize(
    "context", [torch.autocast("cpu", torch.bfloat16), torch.inference_mode(), torch.no_grad()]
)
def test_the_callers_context_does_not_reach_in(context: Any) -> None:
    net = trained(nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 1)))
    with context:
        result = reduce(net, X)
    assert {p.dtype for p in result.model.parameters()} == {torch.float32}
    assert not any(p.is_inference() for p in result.model.parameters())
    result.model(X).sum().backward()
    same(result.model, net, X)
