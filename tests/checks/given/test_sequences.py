"""What unit 6 hands over: the course's RNN, a decoder, and models of the next symbol that count questions."""

import copy

import pytest
import torch

from nonconv import layers
from nonconv.checks.given.layers import Layer
from nonconv.checks.given.sequences import _numbers, log_probabilities


def test_the_rnn_is_the_layer() -> None:
    x = torch.randn(5, 3, dtype=torch.float64)
    states, _ = layers.rnn(x[:, None], x.new_zeros(1, 2), _numbers(2, 3, seed=8), _numbers(2, 2, seed=7))
    torch.testing.assert_close(Layer("recurrent", seed=7)(x), states[:, 0])


def test_probabilities_sum_to_one_and_hang_on_two_symbols() -> None:
    for prefix in ([], [1], [3, 2], [1, 3, 2]):
        assert abs(log_probabilities(prefix, 3).exp().sum().item() - 1) < 1e-12
    assert torch.equal(log_probabilities([1, 3, 2], 3), log_probabilities((3, 2), 3))  # exact: one seed
    assert not torch.allclose(log_probabilities([2], 3), log_probabilities([3, 2], 3))


def test_who_changes_an_answer_changes_no_later_one() -> None:
    before = log_probabilities([1], 5).clone()
    log_probabilities([1], 5).zero_()
    assert torch.equal(log_probabilities([1], 5), before)  # exact: one seed


def test_the_budget_ends_and_a_copy_has_no_other() -> None:
    model = Layer("budgeted-next-symbol", seed=1, budget=2)
    for _ in range(2):
        assert torch.equal(model([1]), log_probabilities([1], 1))  # exact: one seed
    with pytest.raises(RuntimeError, match="the budget of 2 questions is used up: this is question 3"):
        model([1])
    for again in (copy.copy(model), copy.deepcopy(model)):
        with pytest.raises(RuntimeError, match="is used up"):
            again([1])
    assert model.fresh()([1]).shape == (4,)  # as each case of a check gets it


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Layer("recurrent")(torch.zeros(3)), r"shape \(T, 3\), not shape \(3,\)"),
        (lambda: Layer("decoder-step")(5, torch.zeros(3)), "from 0 to 4, not 5"),
        (lambda: Layer("decoder-step")(1, torch.zeros(2)), r"a tensor of shape \(3,\)"),
        (lambda: Layer("next-symbol")([4]), r"from 0 to 3, not \[4\]"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
