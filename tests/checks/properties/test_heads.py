"""Unit 7's properties: each kind of right answer is taken, each kind of wrong one told what is missing."""

from typing import Any

import pytest
import torch
from torch import Tensor

from helpers.checks.properties import properties_of
from helpers.checks.properties import says as says_of
from nonconv.checks.properties import heads

FIVE, SIX = {"n": 5}, {"size": 6}
KERNEL = torch.arange(1.0, 37).reshape(2, 2, 3, 3).double()
GIVEN: dict[str, dict[str, Any]] = {
    "performs_the_convolution": {"F": KERNEL},
    "copies": FIVE,
    "copies_in_the_plane": FIVE,
    "reverses": FIVE,
    "reverses_in_the_plane": FIVE,
    "sorts": SIX,
    "sorts_in_the_plane": SIX,
}


def says(holds: str, answer: Any, **given: Any) -> str | None:
    return says_of(holds, answer, **(GIVEN[holds] | given))


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    assert set(GIVEN) == properties_of(heads)
    for name in GIVEN:
        assert "is there a `return`?" in (says(name, None) or "")


def bells(kernel: Tensor, strength: float = 40.0) -> tuple[Tensor, Tensor]:
    p, q = kernel.shape[2:]
    delta = torch.cartesian_prod(torch.arange(p) - p // 2, torch.arange(q) - q // 2).reshape(-1, 2).double()
    w = strength * torch.cat([-torch.ones(p * q, 1).double(), 2 * delta], 1)
    return w, kernel.flatten(2).permute(2, 1, 0).contiguous()


@pytest.mark.parametrize("shape", [(1, 1, 3, 3), (3, 2, 3, 3), (2, 3, 5, 3), (1, 2, 1, 3), (2, 1, 1, 1)])
def test_heads_with_sharp_bells_are_the_convolution(shape: tuple[int, ...]) -> None:
    kernel = torch.randn(shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    w, V = bells(kernel)
    assert says("performs_the_convolution", (w, V), F=kernel) is None
    assert says("performs_the_convolution", [w.flip(0).float(), V.flip(0).float()], F=kernel) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w, V: (w[:3], V), r"w must have shape (9, 3) and V (9, 2, 2) for this kernel"),
        (
            lambda w, V: (w / 40, V),
            "head 0 (counted from 0) looks most at the offset (-1, -1), but with weight",
        ),
        (lambda w, V: (-w, V), "is a sign turned over, so that it looks as far away as it can?"),
        (lambda w, V: (w[[0] * 9], V), "9 heads look at the offset (-1, -1), and none at (-1, 0)"),
        (lambda w, V: (w, V.flip(0)), "a convolution here does not flip it"),
        (lambda w, V: (w[:, [0, 2, 1]], V), "δ₁ counts rows, δ₂ columns"),
        (
            lambda w, V: (w, V.mT),
            "there V[0][0, 1] must be 19, the kernel's number from map 0 to map 1, not 10",
        ),
        (
            lambda w, V: (0 * w, V),
            "head 0 (counted from 0) looks at many places alike, at none with a weight",
        ),
        (lambda w, V: (w * torch.nan, V), "all numbers must be finite, but there is a nan among them"),
        (lambda w, V: (w + torch.inf, V), "but there is an infinity among them; float32 ends at 3.4e38"),
        (lambda w, V: w, "return the pair (w, V), not"),
    ],
)
def test_heads_that_are_another_convolution_are_told_what_is_wrong(change, message: str) -> None:
    assert message in (says("performs_the_convolution", change(*bells(KERNEL))) or "")


def parabola(n: int, back: bool = False) -> tuple[Tensor, Tensor]:
    t = torch.arange(n).double()
    wanted = n - 1 - t if back else t
    return 10 * torch.stack([2 * wanted, torch.ones(n).double()], 1), torch.stack([t, -(t**2)], 1)


def wide(n: int, back: bool = False) -> tuple[Tensor, Tensor]:
    K = torch.eye(n)
    return 9 * (K.flip(0) if back else K), K


@pytest.mark.parametrize(("name", "back"), [("copies", False), ("reverses", True)])
def test_tables_that_point_are_taken_and_the_width_is_looked_at(name: str, back: bool) -> None:
    for n in (1, 2, 5, 9):
        assert says(name, parabola(n, back), n=n) is None
        assert says(name, wide(n, back), n=n) is None
        assert says(f"{name}_in_the_plane", parabola(n, back), n=n) is None
    assert says(f"{name}_in_the_plane", wide(5, back)) == "it works, with width 5; here it must do with 2"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (parabola(5, True), "step 0 (counted from 0) looks most at position 4, not at 0"),
        ((torch.eye(5), torch.eye(5)), "its score is only 1 above the next; more than 8 are wanted"),
        ((8 * torch.eye(5), torch.eye(5)), "its score is only 8 above the next; more than 8 are wanted"),
        ((torch.ones(5, 1), torch.ones(5, 1)), "at step 0 the positions 0 and 1 have the same score"),
        (
            ([[1.0]] * 5, [[1.0]] * 5),
            "Q and K must be tensors, not a list of 5 values; torch.tensor(…) makes",
        ),
        (
            (torch.eye(6), torch.eye(5)),
            "Q and K must be matrices of one width, not of shapes (6, 6) and (5, 5)",
        ),
        ((torch.eye(6), torch.eye(6)), "Q must have 5 rows and K 5, not 6 and 6"),
        (torch.eye(5), "return the pair (Q, K), not"),
    ],
)
def test_tables_that_do_not_copy_are_told_what_is_wrong(answer: Any, message: str) -> None:
    assert message in (says("copies", answer) or "")


def sorter(size: int, strength: float = 20.0) -> tuple[Tensor, Tensor]:
    k, y, base = torch.arange(size).double(), torch.arange(-1, size).double(), 2.0 * size
    Q = -strength * torch.stack([base ** (2 * y + 1), torch.ones_like(y)], 1)
    return Q, torch.stack([base ** (-2 * k), k], 1)


def test_tables_that_sort_write_every_set_in_order() -> None:
    for size in (1, 2, 6, 12):
        assert says("sorts_in_the_plane", sorter(size), size=size) is None
    Q, K = sorter(6)
    for bits in range(1, 2**6):
        present = [k for k in range(6) if bits >> k & 1]
        last, written = -1, []
        for _ in present:
            last = max(present, key=lambda k: float(Q[last + 1] @ K[k]))
            written.append(last)
        assert written == present


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (sorter(6, 1.0), "more than 8 are wanted: make the queries longer"),
        ((9 * torch.eye(7)[:, :6], torch.eye(6)), "with 1 and 2 both present, the two have the same score"),
        ((-9 * torch.ones(7, 1), torch.arange(6.0)[:, None]), "but it has been written already"),
        ((9 * torch.ones(7, 1), torch.arange(6.0)[:, None]), "it takes 1 before 0, but 0 is smaller"),
        (sorter(5), "Q must have 7 rows and K 6, not 6 and 5"),
    ],
)
def test_tables_that_do_not_sort_are_told_what_is_wrong(answer: Any, message: str) -> None:
    assert message in (says("sorts", answer) or "")


def test_a_wide_sorter_works_but_not_in_the_plane() -> None:
    k, y = torch.arange(6), torch.arange(-1, 6)[:, None]
    answer = torch.where(k > y, -9 * k, -9 * k - 200).double(), torch.eye(6).double()
    assert says("sorts", answer) is None
    assert says("sorts_in_the_plane", answer) == "it works, with width 6; here it must do with 2"
