"""Answers that were not worked out pass no check that is drawn for a student."""

from typing import Any

import pytest
import torch

from nonconv.authoring import vector
from nonconv.checks import Check
from nonconv.publish.shown_answers import shown_beside, unlike_shown, unworked

CLOSED = (vector(1, 0), vector(0, 1))


def check_of(*draws: Any, name: str = "one", hidden: str = "") -> Check:
    """A check whose answer is what stands in its input; the n-th draw is for the seeds that leave n."""
    return Check.of(
        name=name,
        answer="f",
        points=1,
        hidden=hidden,
        reference=lambda told: told[0],
        inputs=lambda seed: [{"told": (one, "more")} for one in draws[seed % len(draws)]],
        seed=0,
    )


def passing(check: Check) -> list[str]:
    return list(unworked(check, check.cases, {}))


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ((vector(0, 0), vector(0)), "zeros"),
        ((vector(1, 1), (1, 1.0)), "ones"),
        ((vector(2, 3), vector(2, 3)), "one value for all cases"),
        ((False, False), "one value for all cases"),
    ],
)
def test_an_answer_that_is_the_same_everywhere_is_noticed(answers: Any, word: str) -> None:
    assert word in passing(check_of(answers))


def test_an_input_that_is_its_own_answer_is_noticed() -> None:
    check = Check.of(
        name="one", answer="f", points=1, reference=lambda x: x, inputs=[{"x": vector(3)}, {"x": vector(4)}]
    )
    assert passing(check) == ["the input x"]


def test_the_answers_shown_pass_in_no_order_and_those_of_few_words_not_one_after_the_other() -> None:
    shown = {"one": CLOSED}
    turned, other = check_of(CLOSED[::-1]), check_of((vector(0, 1), vector(1, 1)))
    assert list(unworked(turned, turned.cases, shown)) == ["the answers that stand in one"]
    assert list(unworked(other, other.cases, shown)) == []
    for words, found in (((True, False, True), 1), ((True, True, False), 0)):
        check = check_of(words)
        assert len(list(unworked(check, check.cases, {"one": [True, False]}))) == found


def test_a_student_whom_they_would_pass_gets_other_inputs_and_everybody_else_keeps_theirs() -> None:
    another = (vector(1, 1), vector(2, 1))
    drawn = check_of(CLOSED, CLOSED[::-1], another)
    check = unlike_shown(drawn, {"one": drawn})
    for seed in range(6):
        answers = [case.expected.tolist() for case in check.for_seed(seed).cases]
        assert sorted(answers) == [[1, 1], [2, 1]], seed
    before, after = ([case.expected.tolist() for case in one.for_seed(2).cases] for one in (drawn, check))
    assert before == after


def test_what_a_visible_check_shows_counts_for_the_hidden_one_of_the_same_function() -> None:
    visible, hidden = check_of(CLOSED), check_of((vector(5), vector(6)), name="two", hidden="more")
    found = shown_beside(hidden, {"one": visible, "two": hidden})
    assert {name: len(answers) for name, answers in found.items()} == {"one": 2, "two": 2}
    assert torch.equal(found["one"][0], CLOSED[0])  # exact: the same tensor
    assert list(shown_beside(visible, {"one": visible, "two": hidden})) == ["one"]
