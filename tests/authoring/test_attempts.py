"""Attempts are sources of their own, or edits of the solution."""

import pytest
import torch

from helpers.checks.doubling import doubled
from nonconv.authoring.attempts import edited, right, wrong


def test_attempts_are_sources_of_their_own() -> None:
    @wrong("double", says="no", loses=["double"])
    def squares_it(x):
        return torch.square(x)

    assert squares_it.source() == "import torch as torch\ndef double(x):\n    return torch.square(x)"
    assert squares_it.is_wrong
    assert not right("double")(doubled).is_wrong
    with pytest.raises(ValueError, match="needs either says or shows, and loses or keeps"):
        wrong("double", loses=["double"])


def test_an_attempt_can_be_an_edit_of_the_solution() -> None:
    solution = "def double(x):\n    # twice\n    return 2 * x\n"
    tripled = edited("double", solution, {}, "triples it", ("2 * x", "3 * x"), shows="no", loses=["double"])
    assert tripled(2) == 6
    assert tripled.source() == "def double(x):\n    return 3 * x"


def test_an_edit_that_does_not_fit_is_named_beside_the_source_that_it_must_fit() -> None:
    solution = "def double(x):\n    # twice\n    return 2 * x\n"
    with pytest.raises(
        ValueError, match=r"quadruples it: .* does not contain '4 [*] x'; it reads\n\ndef double"
    ):
        edited("double", solution, {}, "quadruples it", ("4 * x", "x"))
    with pytest.raises(ValueError, match=r"doubles nothing: line 2 is no Python (.|\n)*return 2 [*] $"):
        edited("double", solution, {}, "doubles nothing", ("* x", "* "))
