"""Layers that know the order, and layers that do not: each is what its exercise takes it for."""

from itertools import permutations

import pytest
import torch

from nonconv.checks.given.layers import LAYERS, Layer

KNOWS_NONE = {"attention", "perceptron", "mean", "maximum", "two-wide"}
ALL = sorted(id for id in LAYERS if id.startswith("order-"))


@pytest.mark.parametrize("id", ALL)
def test_it_is_equivariant_to_all_permutations_or_it_is_not(id: str) -> None:
    f, X = Layer(id), torch.randn(5, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    orders = [list(p) for p in permutations(range(5))]
    assert f(X).shape == X.shape
    same = [torch.allclose(f(X[p]), f(X)[p], atol=1e-9) for p in orders]
    assert all(same) == (id.removeprefix("order-") in KNOWS_NONE)


def test_some_that_know_the_order_pass_a_test_that_is_too_small() -> None:
    X = torch.randn(5, 3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    circle = Layer("order-neighbours")
    torch.testing.assert_close(circle(X.roll(2, 0)), circle(X).roll(2, 0))
    last, swapped = Layer("order-one-doubled", place=4), [1, 0, 2, 3, 4]
    torch.testing.assert_close(last(X[swapped]), last(X)[swapped])


def test_one_notices_odd_permutations_only_and_one_none_of_a_circle_turned_over() -> None:
    X = torch.randn(5, 3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    odd, circle = Layer("order-odd"), Layer("order-both-neighbours")
    for p in permutations(range(5)):
        swaps = sum(p[i] > p[j] for j in range(5) for i in range(j))
        torch.testing.assert_close(odd(X[list(p)]), odd(X)[list(p)] * (-1) ** swaps)
    torch.testing.assert_close(circle(X.flip(0).roll(2, 0)), circle(X).flip(0).roll(2, 0))


def test_the_narrow_one_takes_its_own_width_only() -> None:
    with pytest.raises(ValueError, match=r"takes X of shape \(n, 2\), not \(5, 3\)"):
        Layer("order-two-wide")(torch.zeros(5, 3).double())
