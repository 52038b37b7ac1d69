"""A forward that asserts on its numbers, or raises where they are wrong, can be reduced. The result asserts
the same: alone, saved and loaded, and exported.

The networks' assertions are to run as they stand here: PYTEST_DONT_REWRITE
"""

from typing import Any

import pytest
import torch
from torch import Tensor

from helpers.reduction.small_networks import By, loaded
from nonconv.reduction import reduce
from nonconv.reduction.comparison import difference

X = torch.rand(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
OTHER = torch.rand(3, 4, 6, 10, generator=torch.Generator().manual_seed(1))


def asserted(net: Any, x: Tensor) -> Tensor:
    assert (x >= 0).all(), "pixels are never negative"
    return net.p(x)


def in_range(net: Any, x: Tensor) -> Tensor:
    assert 0 <= x.min() <= 1  # both are asked
    assert x.min() >= 0 and x.max() <= 1  # noqa: PT018
    return net.p(x)


def raised(net: Any, x: Tensor) -> Tensor:
    if not (x >= 0).all():
        raise ValueError("negative")
    return net.p(x)


def computed(net: Any, x: Tensor) -> Tensor:
    y = net.p(x)
    if (x < 0).any():
        worst = x.min() if x.numel() else 0
        raise ValueError(f"{worst} is negative")
    return y.relu()


def other_way(net: Any, x: Tensor) -> Tensor:
    if x.min() >= 0:
        return net.p(x)
    raise RuntimeError("negative")


def even(net: Any, x: Tensor) -> Tensor:
    H, W = x.shape[-2:]
    if H % 2 != 0 or W % 2 != 0:
        raise RuntimeError(f"sides must be even, not {H} and {W}")
    return net.p(x)


@pytest.mark.parametrize(
    ("call", "kind", "said", "wrong"),
    [
        (asserted, AssertionError, "pixels are never negative", -X),
        (in_range, AssertionError, "assert 0 <= x.min", -X),
        (in_range, AssertionError, "assert x.min", 2 * X),
        (raised, ValueError, "negative", -X),
        (computed, ValueError, "if .x < 0..any", -X),
        (other_way, RuntimeError, "negative", -X),
        (even, RuntimeError, "if H % 2", X[..., :5]),
    ],
)
def test_the_result_asserts_what_the_network_does(call: Any, kind: Any, said: str, wrong: Tensor) -> None:
    net = By(call).eval()
    done = reduce(net, X)
    assert [row.applied for row in done.report.rows] == [True]
    assert done.report.traced == "torch.fx"
    for model in (done.model, loaded(done.model)):
        assert difference(model(OTHER), net(OTHER)) < 1e-5
        with pytest.raises(kind, match=said):
            model(wrong)
    with pytest.raises(kind):
        net(wrong)


@pytest.mark.parametrize("call", [asserted, computed, other_way])
def test_what_is_exported_asserts_too(call: Any) -> None:
    model = reduce(By(call).eval(), X).model
    again: Any = torch.export.export(model, (X,)).module()
    assert difference(again(X), model(X)) < 1e-6
    with pytest.raises(RuntimeError, match=r"negative|< 0"):
        again(-X)


def test_an_assertion_that_random_numbers_break_does_not_stop_the_proof() -> None:
    def forward(net: Any, x: Tensor) -> Tensor:
        y = net.p(x)
        assert y.abs().max() < 4
        return y

    report = reduce(By(forward).eval(), X).report
    assert report.error is not None


@pytest.mark.parametrize(
    "decided",
    [
        lambda n, x: n.p(x) if x.sum() > 0 else x,
        lambda n, x: n.p(x) if (x > 0).all() or (x < 9).all() else x,
    ],
)
def test_what_decides_is_no_assertion(decided: Any) -> None:
    assert "decides by numbers" in reduce(By(decided).eval(), X).report.refused
