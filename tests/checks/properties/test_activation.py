"""Unit 3's properties: each kind of right answer is taken, each kind of wrong one told what is missing."""

import math
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch

from helpers.checks.properties import properties_of, says
from nonconv.checks.given import training
from nonconv.checks.given.training import STEPS, training_curve, training_errors
from nonconv.checks.properties import activation

T = torch.tensor
DOUBLE = torch.float64
SIGMA, SLOPE = "keeps_its_digits_as_sigmoid", "keeps_its_digits_as_slope"
GRADIENT, ESCAPES = "breaks_the_gradient_of_the_sigmoid", "escapes_with_these_signs"
RUN = "is_read_off_an_own_run"


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    own = properties_of(activation)
    assert own == {SIGMA, SLOPE, GRADIENT, ESCAPES, RUN}
    for name in own:
        message = says(name, None, x=T([1.0]))
        assert message is not None
        assert "returned None" in message


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_true_numbers_are_taken_at_every_size(dtype: torch.dtype) -> None:
    x = T([-1000.0, -80, -20, -1, 0, 3, 20, 120, 1000], dtype=dtype)
    wide = x.double()
    assert says(SIGMA, torch.sigmoid(wide).to(dtype), x=x) is None
    assert says(SLOPE, (torch.sigmoid(wide) * torch.sigmoid(-wide)).to(dtype), x=x) is None


@pytest.mark.parametrize(
    ("holds", "answer", "sentence"),
    [
        (SIGMA, 0.5, "expected a tensor, got float"),
        (SIGMA, T([0.5, 0.5], dtype=torch.float64), "expected shape (1,), got (2,)"),
        (SIGMA, T([0.5]), "it follows the input: torch.float64"),
        (SIGMA, np.array([0.5]), "got a NumPy array"),
        (SIGMA, T([math.nan], dtype=torch.float64), "∞/∞ is no number"),
        (SIGMA, T([0.0], dtype=torch.float64), "1 minus (or plus) something near 1"),
        (SIGMA, T([9e-14], dtype=torch.float64), "far out too?"),
        (SIGMA, torch.sigmoid(T([-30.0], dtype=torch.float64)), "From -30 on all x get one value"),
        (SLOPE, T([0.0], dtype=torch.float64), "subtracts two nearly equal numbers"),
        (SLOPE, T([1.0], dtype=torch.float64), "Is it σ'(x) = σ(x) σ(−x)?"),
    ],
)
def test_lost_digits_are_named(holds: str, answer: Any, sentence: str) -> None:
    message = says(holds, answer, x=T([-40.0], dtype=torch.float64))
    assert message is not None
    assert sentence in message


def test_two_numbers_that_look_alike_are_shown_with_all_digits() -> None:
    x = T([1.0], dtype=torch.float64)
    message = says(SLOPE, torch.sigmoid(x) * torch.sigmoid(-x) + 1e-11, x=x) or ""
    assert "expected 0.196611933241481" in message
    assert "got 0.196611933251481" in message
    assert "a difference quotient is not" in message


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (-100, None),
        (-89.0, None),
        (T([-1000.0]), None),
        (-88.0, "make it overflow"),
        (100.0, "the gradient is 3.784e-44, a number"),
        (True, "x must be one number, not bool True"),
        ("-100", "x must be one number, not str '-100'"),
        (-math.inf, "x must be finite"),
        (math.nan, "x must be finite"),
        (-1e39, "finite in float32"),
        (-(10**400), "no answer here is so large"),
        (np.float32(-200), None),
        (np.int64(-100), None),
    ],
)
def test_a_number_at_which_the_gradient_breaks(answer: Any, sentence: str | None) -> None:
    message = says(GRADIENT, answer)
    assert message is None if sentence is None else sentence in (message or "")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((T([[1.0, 3.0], [3.0, 1.0]]), T([1.0, -1.0])), None),
        ((T([[1, 3], [3, 1]]), T([2, -1])), None),
        ((T([[1e200, 1], [1, 1e200]], dtype=DOUBLE), T([-1e150, 1e150], dtype=DOUBLE)), None),
        ((T([[1e-300, 2e-300], [2e-300, 1e-300]], dtype=DOUBLE), T([1e-300, -1e-300], dtype=DOUBLE)), None),
        ([T([[1e-9, 3e-9], [3e-9, 1e-9]]), T([1.0, -1.0])], None),
        (3, "return (X, delta)"),
        (T([-2.0, 2.0]), "return (X, delta), not a tensor of shape (2,)"),
        ((T([[1.0, 3.0], [3.0, 1.0]]), [1, -1]), "must be tensors"),
        ((T([[1.0, 3.0, 1.0]]), T([1.0])), "expected shapes (N, 2) and (N,), got (1, 3) and (1,)"),
        ((T([[math.nan, 3.0]]), T([1.0])), "must be finite"),
        ((T([[0.0, 3.0], [3.0, 1.0]]), T([1.0, -1.0])), "all inputs must be positive"),
        ((T([[1.0, 3.0]]), T([1.0])), "One example cannot escape"),
        ((T([[1.0, 3.0], [3.0, 1.0]]), T([1.0, 1.0])), "All your δ have one sign"),
        ((T([[1.0, 1.0], [1.0, 1.0]]), T([1.0, -1.0])), "have large inputs where a + is asked for"),
        ((T([[3.0, 1.0], [1.0, 3.0]]), T([1.0, -1.0])), "(2, -2): its signs are not (−, +)"),
        ((torch.zeros(0, 2), torch.zeros(0)), "Take two"),
    ],
)
def test_a_batch_that_escapes(answer: Any, sentence: str | None) -> None:
    message = says(ESCAPES, answer, signs=T([-1.0, 1.0]))
    assert message is None if sentence is None else sentence in (message or "")


def first(activation: str, rate: float) -> list[int | None]:
    curves = [training_curve(activation, rate, seed) for seed in range(3)]
    return [next((n for n, error in enumerate(curve) if error < 0.25), None) for curve in curves]


def test_an_own_run_at_fair_rates_is_taken_and_others_are_answered() -> None:
    sigmoid, relu = first("sigmoid", 1.0), first("relu", 0.3)
    assert says(RUN, (1.0, 0.3, sigmoid, relu, "relu")) is None
    for answer, sentence in {
        (1.0, 0.3): "return (rate_sigmoid",
        (-1, 0.3, 0, 0, "relu"): "must be a positive number, not -1",
        (math.inf, 0.3, 0, 0, "relu"): "must be a positive number",
        (1.0, 0.3, (1, 2), (1, 2, 3), "relu"): "the steps of sigmoid must be a list of three",
        (
            1.0,
            0.3,
            (0, 0, 0),
            tuple(relu),
            "relu",
        ): 'training_curve("sigmoid", 1, seed=0) is below 0.25 for the first time',
        (0.001, 0.3, (None, 5, None), tuple(relu), "relu"): "never falls below 0.25, but you return 5",
        (0.001, 0.3, (None, None, None), tuple(relu), "relu"): "for most seeds: try other rates",
        (1.0, 0.1, tuple(sigmoid), tuple(first("relu", 0.1)), "relu"): "the race is not fair yet",
        (1.0, 0.3, tuple(sigmoid), tuple(relu), "sigmoid"): 'must be "sigmoid", "relu" or "neither"',
    }.items():
        assert sentence in (says(RUN, answer) or ""), answer


def test_a_training_run_is_the_same_each_time_and_learns() -> None:
    curve = training_curve("tanh", 0.3, seed=5)
    assert curve == training_curve("tanh", 0.3, seed=5)
    assert curve != training_curve("tanh", 0.3, seed=6)
    assert len(curve) == STEPS
    assert curve[0] > 0.7
    assert curve[-1] < 0.1
    curve.clear()  # a caller's own list
    assert len(training_curve("tanh", 0.3, seed=5)) == STEPS


def test_a_run_goes_no_further_than_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    curve, asked = training_curve("tanh", 0.2, seed=7), []
    training._run.cache_clear()
    step = training._Run.go_on
    monkeypatch.setattr(training._Run, "go_on", lambda run: (asked.append(run), step(run)))
    errors = training_errors("tanh", 0.2, seed=7)
    # exact: the same operations in the same order
    assert [next(errors) for _ in range(4)] == curve[:4]
    assert len(asked) == 4
    assert training_curve("tanh", 0.2, seed=7) == curve
    assert len(asked) == STEPS


def test_a_run_that_was_interrupted_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    curve = training_curve("tanh", 0.2, seed=8)
    training._run.cache_clear()
    errors = training_errors("tanh", 0.2, seed=8)
    next(errors)
    with monkeypatch.context() as changed:
        changed.setattr(torch, "randint", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            next(errors)
    assert training_curve("tanh", 0.2, seed=8) == curve


@pytest.mark.parametrize(
    ("activation", "rate"), [("σ", 0.1), ("relu", 0.0), ("relu", -1.0), ("relu", math.nan)]
)
def test_a_run_that_cannot_be_is_refused(activation: str, rate: float) -> None:
    with pytest.raises(ValueError, match=r"must be .*, not "):
        training_curve(activation, rate)
