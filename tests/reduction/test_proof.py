"""The proof notices each wrong formula, on the few places that it looks at."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from nonconv.reduction import merge_rules, reduce, rewriter
from nonconv.reduction.branches import added
from nonconv.reduction.composition import compose
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.merging import merge, merge_before, merge_transposed, ones_map
from nonconv.reduction.proof import DRAWN, Inputs
from nonconv.reduction.rewriter import Rewriter


def after(**how: Any) -> nn.Module:
    return nn.Sequential(nn.Conv2d(4, 4, 3, **how), nn.BatchNorm2d(4))


def before(**how: Any) -> nn.Module:
    return nn.Sequential(nn.Identity(), nn.BatchNorm2d(4), nn.Conv2d(4, 6, 3, **how))


def upwards(**how: Any) -> nn.Module:
    return nn.Sequential(nn.ConvTranspose2d(4, 4, 3, **how), nn.BatchNorm2d(4))


def twice(**how: Any) -> nn.Module:
    return nn.Sequential(nn.Conv2d(4, 4, 3, bias=False, **how), nn.Conv2d(4, 2, 1))


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.three, self.one = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.three(x) + self.one(x)


def moved(kernel: Tensor, by: int) -> Tensor:
    return torch.roll(kernel, by, -1)


def transposed(F: Tensor, b: Any, G: Tensor, g: Tensor, groups: int = 1) -> tuple[Tensor, Tensor]:
    _, o = merge_transposed(F, b, G, g, groups)
    return F * G.reshape(-1, 1, 1, 1), o  # as if it were an ordinary one


def changed(branch: Any, **how: Any) -> Any:
    kernel, mode, uneven = branch
    return kernel._replace(**how), mode, uneven


def composed(*args: Any, **how: Any) -> Kernel:
    kernel = compose(*args, **how)
    return kernel._replace(weight=kernel.weight.flip(-1))


# what is wrong, the name that it stands under, the wrong formula, a network that it would be applied to
MUTANTS: list[tuple[str, str, Callable, nn.Module]] = [
    ("the bias stays", "merge", lambda F, b, G, g: (merge(F, None, G, g)[0], b + g), after()),
    ("the bias is lost", "merge", lambda F, b, G, g: merge(F, None, G, g), after()),
    ("G for the input maps", "merge", lambda F, b, G, g: (F * G[:, None, None], G * b + g), after()),
    ("|G|", "merge", lambda F, b, G, g: merge(F, b, G.abs(), g), after()),
    ("one map's G is its neighbour's", "merge", lambda F, b, G, g: merge(F, b, G.roll(1), g), after()),
    (
        "one tap is moved",
        "merge",
        lambda F, b, G, g: merge(moved(F, 1), b, G, g),
        after(padding=1, stride=2),
    ),
    ("groups", "merge", lambda F, b, G, g: merge(F.flip(0), b, G, g), after(groups=2, dilation=2)),
    (
        "the shift is lost",
        "merge_before",
        lambda F, b, G, g, n=1: (merge_before(F, b, G, g, n)[0], b),
        before(),
    ),
    (
        "the border counts as inside",
        "ones_map",
        lambda F, G, g, n=1: torch.cat([F * G[:, None, None], 0 * F[:, :1]], 1),
        before(padding=1),
    ),
    (
        "ones at another tap",
        "ones_map",
        lambda F, G, g, n=1: moved(ones_map(F, G, g, n), 1),
        before(padding=1),
    ),
    ("transposed as it is not", "merge_transposed", transposed, upwards(stride=2)),
    ("a kernel the wrong way round", "compose", composed, twice(padding=1)),
    (
        "a branch off its centre",
        "added",
        lambda kernels: added([changed(kernels[0], weight=moved(kernels[0][0].weight, 1)), kernels[1]]),
        Branches(),
    ),
    (
        "a branch's bias is lost",
        "added",
        lambda kernels: added([kernels[0], changed(kernels[1], bias=None)]),
        Branches(),
    ),
]


@pytest.mark.parametrize("size", [6, 130])
@pytest.mark.parametrize(("wrong", "name", "formula", "net"), MUTANTS, ids=[wrong for wrong, *_ in MUTANTS])
def test_a_wrong_formula_is_refused(
    monkeypatch: pytest.MonkeyPatch, wrong: str, name: str, formula: Callable, net: nn.Module, size: int
) -> None:
    x = torch.randn(2, 4, size, size)
    goal = "literally" if name == "ones_map" else "fewest MACs"  # a map more costs more
    right = {row.rule for row in reduce(net.eval(), x, goal).report.applied}
    monkeypatch.setattr(merge_rules, name, formula)
    report = reduce(net, x, goal).report
    wrong_rules = {row.rule for row in report.left if "it is not the same: it errs by" in row.reason}
    assert right & wrong_rules
    assert not wrong_rules & {row.rule for row in report.applied}


@pytest.mark.parametrize(
    "errors", [(0.0, float("nan"), 1.0), (float("nan"), 0.0, 1.0), (0.0, 0.0, float("nan"))]
)
def test_an_error_that_is_no_number_is_an_error(
    monkeypatch: pytest.MonkeyPatch, errors: tuple[float, float, float]
) -> None:
    monkeypatch.setattr(rewriter, "step_errors", lambda *_: errors)
    report = reduce(after().eval(), torch.randn(2, 4, 6, 6)).report
    assert not report.applied
    assert any("it is not the same" in row.reason for row in report.left)


@pytest.mark.parametrize("size", [(1, 3, 4, 4), (2, DRAWN // 2, 3)])
def test_two_inputs_of_a_step_are_not_alike(size: tuple[int, ...]) -> None:
    inputs = Inputs(torch.Generator().manual_seed(0))
    one, other = inputs.drawn(size), inputs.drawn(size)
    assert one.shape == other.shape == size
    assert (one != other).double().mean() > 0.99
    assert not torch.equal(one[0, 0], one[0, 1])  # exact: nor are two maps alike
    kept = other.clone()
    one.zero_()  # a layer that works in place changes no pool
    assert torch.equal(other, kept)  # exact: nobody has written to it
    assert not bool((inputs.pool == 0).any())


def test_a_step_that_would_take_other_nodes_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Rewriter.run

    def other(work: Rewriter, generator: torch.Generator) -> None:
        run(work, generator)
        work.taken = {key: ["another", *names] for key, names in work.taken.items()}

    monkeypatch.setattr(Rewriter, "run", other)
    net, x = after().eval(), torch.randn(2, 4, 6, 6)
    result = reduce(net, x)
    assert not result.report.applied
    assert result.report.rows[0].reason == "a step before it was not done"
    assert any(isinstance(part, nn.BatchNorm2d) for part in result.model.modules())
