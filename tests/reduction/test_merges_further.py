"""What `reduce` merges where a batch norm is not simply behind a convolution or before it: kernels that
are computed, sums of unlike shapes, several readers, transposed convolutions of a given size.
"""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.reduction.small_networks import Net, loaded, trained
from nonconv.reduction import reduce
from nonconv.reduction.comparison import difference

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
OTHER = torch.randn(3, 4, 10, 6, generator=torch.Generator().manual_seed(1))


def norms(model: Any) -> list[str]:
    """Of the graph: modules and functions."""
    found = []
    for node in model.graph.nodes:
        kind = type(model.get_submodule(node.target)) if node.op == "call_module" else node.target
        if "norm" in str(kind).lower() and node.op.startswith("call_"):
            found.append(node.name)
    return found


def same(model: nn.Module, net: nn.Module, others: tuple[Tensor, ...] = (X, OTHER)) -> None:
    """The result, its copy by torch.save and the network give the same, with the same gradients."""
    again = loaded(model)
    for given in others:
        xs = [given.clone().requires_grad_() for _ in range(3)]
        ys = [one(x * 1) for one, x in zip((net, model, again), xs, strict=True)]
        wanted = torch.autograd.grad(_all(ys[0]), xs[0])[0]
        for y, x in zip(ys[1:], xs[1:], strict=True):
            assert difference(y, ys[0]) < 1e-5
            assert difference(torch.autograd.grad(_all(y), x)[0], wanted) < 1e-4


def _all(result: Any) -> Tensor:
    parts = result if isinstance(result, tuple) else (result,)
    return torch.stack([part.square().sum() for part in parts]).sum()


def standardised(net: Any, x: Tensor) -> Tensor:
    w = net.c.weight - net.c.weight.mean((1, 2, 3), keepdim=True)
    return net.b(F.conv2d(x, w / w.std((1, 2, 3), keepdim=True), net.c.bias, padding=1))


def sliced(net: Any, x: Tensor, k: int = 2) -> Tensor:
    """One width of a slimmable network."""
    b, y = net.b, F.conv2d(x, net.c.weight[:k], net.c.bias[:k], padding=1)
    return F.batch_norm(y, b.running_mean[:k], b.running_var[:k], b.weight[:k], b.bias[:k])


def by_hand(net: Any, x: Tensor) -> Tensor:
    scale = net.b.weight * (net.b.running_var + net.b.eps).rsqrt()
    shift = net.b.bias - net.b.running_mean * scale
    return torch.addcmul(shift[:, None, None], net.c(x), scale[:, None, None])


def read_twice(net: Any, x: Tensor) -> tuple[Tensor, Tensor]:
    y = net.b(x.relu())
    return net.l(y), net.m(y)


def attended(net: Any, x: Tensor) -> tuple[Tensor, ...]:
    y = net.b(x.relu()).flatten(2).transpose(1, 2)
    return net.l(y), net.m(y[:, 1:]), net.n(y.mean(1))


def up() -> nn.ConvTranspose2d:
    return nn.ConvTranspose2d(4, 4, 3, stride=2, padding=1)


FULL: dict[str, Net] = {
    "weight standardisation": Net(standardised),
    "slimmable": Net(sliced),
    "mask": Net(lambda n, x: n.b(F.conv2d(x, n.c.weight * n.mask)), mask=nn.Buffer(torch.ones(3, 3).tril())),
    "low rank": Net(
        lambda n, x: n.b(F.conv2d(x, n.c.weight + (n.l @ n.r).view(4, 4, 3, 3), padding=1)),
        l=nn.Parameter(torch.randn(4, 2)),
        r=nn.Parameter(torch.randn(2, 36)),
    ),
    "addcmul": Net(by_hand),
    "stack, mean": Net(lambda n, x: n.b(torch.stack([n.c(x), n.d(x)], 1).mean(1)), d=nn.Conv2d(4, 4, 1)),
    "vector": Net(lambda n, x: n.b(n.c(x) + n.l(x.mean((2, 3)))[:, :, None, None]), l=nn.Linear(4, 4)),
    "vector first": Net(lambda n, x: n.b(n.d(x.amax((2, 3), True)) + n.c(x)), d=nn.Conv2d(4, 4, 1)),
    "output_size": Net(lambda n, x: n.b(n.t(x, output_size=[2 * x.shape[2], 2 * x.shape[3]])), t=up()),
    "output_size, sum": Net(
        lambda n, x: n.b(n.t(x[..., ::2, ::2], output_size=x.shape) + n.t(x.relu()[..., ::2, ::2], x.shape)),
        t=up(),
    ),
    "two convolutions": Net(read_twice, l=nn.Conv2d(4, 4, 1), m=nn.Conv2d(4, 2, 3, stride=2, groups=2)),
    "attention": Net(attended, l=nn.Linear(4, 4), m=nn.Linear(4, 3, bias=False), n=nn.Linear(4, 2)),
    "matmul": Net(
        lambda n, x: n.b((x.mean(2).transpose(1, 2) @ n.w).transpose(1, 2)[..., None]),
        w=nn.Parameter(torch.randn(4, 4)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("net", FULL.values(), ids=FULL.keys())
def test_no_batch_norm_is_left(net: Net) -> None:
    net = trained(net)
    done = reduce(net, X)
    assert not norms(done.model), done.report
    same(done.model, net)


def padded(net: Any, x: Tensor) -> tuple[Tensor, Tensor]:
    y = net.b(x.relu())
    return net.c(y), net.l(y)


STAYS: dict[str, tuple[Net, str]] = {
    "border": (Net(padded, l=nn.Conv2d(4, 4, 1)), "c reads it, and puts zeros around"),
    "relu": (Net(lambda n, x: (y := n.b(x.relu()), n.l(y) + y.relu())[1], l=nn.Conv2d(4, 4, 1)), "used else"),
    "one map": (Net(lambda n, x: n.b(n.c(x) + n.d(x)), d=nn.Conv2d(4, 1, 1)), "each with another number"),
    "place": (Net(lambda n, x: n.b(n.c(x) + n.p), p=nn.Parameter(torch.ones(1, 1, 8, 8))), "the parameter p"),
    "input": (Net(lambda n, x: n.b(F.conv2d(x, n.c.weight * x.mean()))), "weight is computed by the network"),
    "training": (Net(lambda n, x: F.batch_norm(n.c(x), None, None, training=True)), "with training=True"),
}  # fmt: skip


@pytest.mark.parametrize(("net", "reason"), STAYS.values(), ids=STAYS.keys())
def test_what_stays_has_its_reason(net: Net, reason: str) -> None:
    net = trained(net)
    done = reduce(net, X)
    assert len(norms(done.model)) == 1
    assert any(reason in row.reason for row in done.report.left), done.report
    same(done.model, net, (X,))


def test_a_frozen_reader_of_a_frozen_norm_stays_frozen() -> None:
    net = trained(Net(read_twice, l=nn.Conv2d(4, 4, 1), m=nn.Conv2d(4, 4, 1)))
    for part in (net.b, net.l):
        part.requires_grad_(False)
    model = reduce(net, X).model
    assert not model.get_parameter("l.weight").requires_grad
    assert model.get_parameter("m.weight").requires_grad


@pytest.mark.parametrize(
    "changed", [lambda w: w.mul_(2), lambda w: w[0].zero_(), lambda w: w.view(-1)[1:].add_(1), torch.relu_]
)  # fmt: skip
def test_a_constant_that_is_changed_in_place_is_none(changed: Any) -> None:
    """Its number before the change was taken, and the change itself was dropped, since nobody reads it."""

    def forward(net: Any, x: Tensor) -> Tensor:
        w = net.p - 0.5
        changed(w)
        return net.b(net.c(x) * w)

    net = trained(Net(forward, p=nn.Parameter(torch.rand(4, 1, 1))))
    done = reduce(net, X)
    assert not done.report.refused
    same(done.model, net)


def test_a_norm_whose_input_is_changed_before_its_readers_run_stays() -> None:
    def forward(net: Any, x: Tensor) -> tuple[Tensor, Tensor]:
        r = x.relu()
        y = net.b(r)
        r.mul_(2)
        return net.l(y), net.m(y).relu_()

    done = reduce(trained(Net(forward, l=nn.Conv2d(4, 4, 1), m=nn.Conv2d(4, 4, 1))), X)
    assert len(norms(done.model)) == 1
    assert any("changed in place behind it" in row.reason for row in done.report.left), done.report


def test_readers_whose_results_are_changed_in_place_take_it_in() -> None:
    def forward(net: Any, x: Tensor) -> tuple[Tensor, Tensor]:
        y = net.b(x.relu())
        return net.l(y).relu_(), net.m(y).mul_(2)

    net = trained(Net(forward, l=nn.Conv2d(4, 4, 1), m=nn.Conv2d(4, 4, 1)))
    done = reduce(net, X)
    assert not norms(done.model), done.report
    same(done.model, net)


def test_truth_values_that_are_stacked_and_added_are_counted() -> None:
    net = trained(Net(lambda n, x: n.b(n.c(x)) * torch.stack([x > 0, x < 1]).sum(0)))
    done = reduce(net, X)
    assert not norms(done.model)
    same(done.model, net)


def test_two_readers_are_proved_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first is not the last node of the step."""
    from nonconv.reduction import merge_rules

    right = merge_rules._taken_in_before

    def wrong(layer: Any, G: Tensor, g: Tensor) -> nn.Module:
        made: Any = copy.deepcopy(right(layer, G, g))
        if len(made.bias) == 3:
            made.bias.data += 1e-6
        return made

    monkeypatch.setattr(merge_rules, "_taken_in_before", wrong)
    net = trained(Net(read_twice, l=nn.Conv2d(4, 3, 1), m=nn.Conv2d(4, 4, 1)))
    report = reduce(net, X).report
    assert any("it is not the same" in row.reason for row in report.left), report
