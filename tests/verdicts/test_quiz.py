"""The quiz of twelve layers."""

import pytest

from nonconv.verdicts import TWELVE, examine, questions, quiz

QUICK = "max pooling 2×2", "batch norm in use"


def test_there_are_twelve_and_both_answers_occur() -> None:
    asked = questions()
    assert len(asked) == len(TWELVE) == 12
    assert 4 <= sum(question.answer for question in asked) <= 8
    assert all("$" not in question.why and "\\" not in question.why for question in asked)


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_the_answer_is_what_an_examination_finds(question) -> None:
    assert question.answer == (examine(question.row).kernel is not None)


def test_predictions_are_answered_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    quiz(dict.fromkeys(QUICK, True) | {"ReLU": None})
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("✗ max pooling 2×2: no. max(x + y) ≠ max x + max y (unit 1)")
    assert said[1].startswith("✓ batch norm in use: yes.")
    assert said[2:] == [
        "1 of 2 predictions are right.",
        "10 without a prediction: write True or False in the place of None.",
    ]


def test_an_unknown_layer_and_a_word_for_an_answer_are_refused() -> None:
    with pytest.raises(ValueError, match="'softmax' is none of the twelve layers; they are dilated"):
        quiz({"softmax": True})
    with pytest.raises(ValueError, match="for 'ReLU' must be True or False, not 'yes'"):
        quiz({"ReLU": "yes"})  # type: ignore[dict-item]
