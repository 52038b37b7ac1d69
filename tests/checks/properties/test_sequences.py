"""Beating greedy search, and an LSTM that is a switch: what is accepted, and what is said of the rest."""

import itertools

import pytest
import torch

from nonconv.checks.given.layers import Layer
from nonconv.checks.properties import PROPERTIES
from nonconv.checks.properties.sequences import greedy, total

SEED, LENGTH = 38, 4
MODEL = {"log_p": Layer("budgeted-next-symbol", seed=SEED, budget=12), "length": LENGTH, "budget": 12}


def every() -> list[list[int]]:
    """All finished sequences of the model."""
    found = []
    for T in range(1, LENGTH + 1):
        for body in itertools.product((1, 2, 3), repeat=T - 1):
            found += [[*body, k] for k in range(4) if k == 0 or T == LENGTH]
    return found


def test_exactly_the_likelier_ones_beat_greedy_search() -> None:
    beats, easy = PROPERTIES["beats_greedy_search"], greedy(SEED, LENGTH)
    accepted = [one for one in every() if beats(MODEL, one) is None]
    assert accepted == [one for one in every() if total(SEED, one) > total(SEED, easy) + 1e-9]
    assert 0 < len(accepted) < len(every()) / 2


def test_the_probabilities_of_all_sequences_sum_to_one() -> None:
    assert abs(sum(torch.tensor(total(SEED, one)).exp().item() for one in every()) - 1) < 1e-6


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (greedy(SEED, LENGTH), "what greedy search writes"),
        ([], "the list is empty"),
        ([4], "4 is no symbol"),
        ([0, 1], "behind symbol 0"),
        ([1, 1], "not finished: it has 2 of 4"),
        ([1] * 5, "it has 5 symbols, but at most 4"),
        ([0.5], "must be a whole number"),
        (3, "must be a list of symbols"),
    ],
)
def test_what_is_no_answer_is_told_why(answer, says: str) -> None:
    message = PROPERTIES["beats_greedy_search"](MODEL, answer)
    assert message is not None
    assert says in message


W = torch.tensor([[0.0, 60, 0], [0, 0, -60], [0, 0, 0], [0, 0, 0]])
B = torch.tensor([-30.0, 30, 30, 30])


@pytest.mark.parametrize("T", [5, 400])
def test_a_switch_is_one_for_any_length(T: int) -> None:
    assert PROPERTIES["is_a_switch"]({"T": T}, (W, B)) is None


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((W, torch.tensor([-30.0, 3, 30, 30])), "behind a set, h is"),
        ((0 * W, B), "in the step of a set"),
        ((W * torch.tensor([1, 1, 0]), B), "in the step of a reset"),
        ((W, B.abs()), "behind the start"),
        ((W.T, B), r"W must have shape (4, 3), not (3, 4)"),
        ((W, B[:3]), "b must have shape (4,), not (3,)"),
        ((W / 0, B), "must be finite"),
        (W, "the pair (W, b)"),
    ],
)
def test_what_is_no_switch_is_told_where(answer, says: str) -> None:
    message = PROPERTIES["is_a_switch"]({"T": 40}, answer)
    assert message is not None
    assert says in message
