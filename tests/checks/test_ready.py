"""The questions before the course: their answers are what the machine says, and every miss has a pointer."""

import numpy as np
import pytest
import torch

from nonconv.checks.ready import QUESTIONS, RIGHT, is_right, ready

ALL = {f"q{n}": right for n, (right, _) in RIGHT.items()}


def test_the_answers_are_what_torch_says() -> None:
    x = torch.arange(6)
    A = torch.tensor([[1, 2], [3, 0]])
    w = torch.ones(2, requires_grad=True)
    (w_grad,) = torch.autograd.grad((2 * w[0] + 3 * w[1] - 1) ** 2, w)
    t = torch.ones(1, requires_grad=True)
    (slope,) = torch.autograd.grad((3 * t - 1) ** 2, t)
    found = {
        1: torch.zeros(2, 3, 4)[0].shape,
        2: torch.ones(3, 4).sum(0).shape,
        3: x[1::2],
        4: x.reshape(2, 3)[1, 0],
        5: (torch.ones(3, 1) + torch.ones(4)).shape,
        7: torch.einsum("ij,jk->ik", torch.ones(2, 3), torch.ones(3, 5)).shape,
        8: torch.einsum("ij,ij->", A, A),
        9: slope,
        10: w_grad[1],
    }
    assert len(RIGHT) == QUESTIONS
    assert all(is_right(n, answer) for n, answer in found.items())
    Y, b = torch.zeros(5, 6, 7), torch.arange(5)
    assert (Y + b[:, None, None]).shape == Y.shape  # question 6, (b)
    for other in (b, b[None, None]):
        with pytest.raises(RuntimeError):
            Y + other


@pytest.mark.parametrize(
    ("question", "answer"),
    [(1, [3, 4]), (2, (4,)), (3, torch.tensor([1, 3, 5])), (4, 3.0), (6, "(B)"), (8, np.int64(14)), (2, [4])],
)
def test_a_right_answer_is_right_in_any_costume(question: int, answer: object) -> None:
    assert is_right(question, answer)


def test_all_right_all_wrong_and_nothing_yet(capsys: pytest.CaptureFixture[str]) -> None:
    ready(**ALL)
    assert capsys.readouterr().out.splitlines() == [
        "10 of 10 right, 0 not answered yet.",
        "You are ready. Start.",
    ]
    ready(**dict.fromkeys(ALL, "nothing"))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:10]] == list(ALL)
    assert lines[-1].startswith("Take an evening")
    ready(**dict.fromkeys(ALL))
    assert capsys.readouterr().out == ""
    ready(**{**ALL, "q1": None, "q2": (3,)})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("q2: not quite. sum(0) adds along axis 0")
    assert lines[1] == "8 of 10 right, 1 not answered yet."


@pytest.mark.parametrize(
    ("question", "answer"), [(1, (2, 3, 4)), (4, True), (6, "a"), (9, 6), (2, 4.5), (8, None)]
)
def test_a_wrong_answer_is_wrong(question: int, answer: object) -> None:
    assert not is_right(question, answer)


def test_an_unknown_question_is_named() -> None:
    with pytest.raises(TypeError, match="no question 'q11'; the questions are q1 to q10"):
        ready(q11=3)
