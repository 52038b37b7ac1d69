"""The verdict table says what the layers do: each row is run, and a wrong row is found."""

from dataclasses import replace

import pytest
import torch

from nonconv.verdicts import ROWS, Row, examine, markdown


def said(row: Row) -> tuple[bool, str, bool, bool]:
    return row.affine, row.commutes, row.same_weights, row.is_convolution


def found(row: Row) -> tuple[bool, str, bool, bool]:
    one = examine(row)
    return one.affine, one.commutes, one.same_weights, one.kernel is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_says_what_its_layer_does(row: Row) -> None:
    assert found(row) == said(row)


CONVOLUTION = ROWS[0]


def like(f, **changes) -> Row:
    """The convolution's row, for another layer."""
    return replace(CONVOLUTION, f=f, **changes)


@pytest.mark.parametrize(
    ("row", "differs"),
    [
        (like(lambda x: CONVOLUTION.f(x).abs()), (False, "yes", False, False)),
        (like(lambda x: CONVOLUTION.f(x) * torch.arange(12.0).double()), (True, "no", True, False)),
        (
            like(lambda x: x + x.mean((2, 3), keepdim=True), kernel=1, padding=0),
            (True, "on a circle only", True, False),
        ),
        (like(lambda x: CONVOLUTION.f(x * x).sum((2, 3), keepdim=True)), (False, "–", False, False)),
        (like(lambda x: x + x.flip(0), kernel=1, padding=0), (True, "on a circle only", True, False)),
    ],
    ids=("not affine", "a weight for each column", "a mean over the image", "one output", "another image"),
)
def test_a_layer_that_only_looks_like_one_is_found(row: Row, differs: tuple[bool, str, bool, bool]) -> None:
    assert examine(row).kernel is None
    assert found(row) == differs


def test_a_lecture_shows_the_table_as_far_as_it_goes() -> None:
    assert "batch norm" not in markdown(1)
    assert "squeeze" not in markdown(3)
    assert markdown(2).splitlines() == markdown(7).splitlines()[: len(markdown(2).splitlines())]
    with pytest.raises(ValueError, match="from 1 to 7, not 8"):
        markdown(8)


def test_the_rows_stand_in_the_order_of_the_units_and_each_name_once() -> None:
    assert [row.unit for row in ROWS] == sorted(row.unit for row in ROWS)
    assert len({row.name for row in ROWS}) == len(ROWS)
