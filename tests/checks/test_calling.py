"""Calling a student's function: its output in each case, or a problem; a final one ends the cases."""

import torch

from helpers.checks.doubling import DOUBLE, FOUR, ONE
from nonconv.checks import failure, todo
from nonconv.checks.calling import outcomes


def test_each_case_has_its_output_and_the_inputs_as_they_were_left() -> None:
    def noted(x: torch.Tensor) -> torch.Tensor:
        y = 2 * x
        x += 1
        return y

    found = outcomes(DOUBLE, noted)
    assert [outcome.output.tolist() for outcome in found] == [[6], [2, 4, 6, 10]]  # exact: whole numbers
    assert [outcome.inputs["x"].tolist() for outcome in found] == [[4], [2, 3, 4, 6]]
    assert all(
        outcome.problem and "changes its input x in place" in outcome.problem.text for outcome in found
    )
    assert [case.inputs["x"].tolist() for case in DOUBLE.cases] == [ONE.tolist(), FOUR.tolist()]


def test_an_error_is_a_problem_of_its_case_alone() -> None:
    found = outcomes(DOUBLE, lambda x: 2 * x if len(x) == 1 else 1 / 0)
    assert [outcome.problem is None for outcome in found] == [True, False]
    assert found[1].problem is not None
    assert not found[1].problem.final
    assert found[1].problem.text.startswith("double stopped with ZeroDivisionError: division by zero")


def test_a_stub_a_ready_answer_and_what_is_no_function_end_the_cases() -> None:
    def calls_the_answer(x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.avg_pool1d(x[None], 1)[0]

    for answer, text in (
        (lambda x: todo("Return twice x."), "Not written yet. Return twice x."),
        (calls_the_answer, "double: double calls the framework's avg_pool"),
        (7, "double must be a function, but it is 7."),
    ):
        (only,) = outcomes(DOUBLE, answer)
        assert only.output is None
        assert only.problem is not None
        assert only.problem.final
        assert only.problem.text.startswith(text)


def test_a_stub_of_another_exercise_that_the_answer_calls_is_named() -> None:
    def twice(x: torch.Tensor) -> None:
        todo("Return twice x.")

    (only,) = outcomes(DOUBLE, lambda x: twice(x))
    assert only.problem is not None
    assert only.problem.text.startswith("double: double calls twice, which is not written yet")


def test_leaving_the_notebook_is_a_problem() -> None:
    found = outcomes(DOUBLE, lambda x: exit())
    assert [outcome.problem and outcome.problem.text for outcome in found] == [
        "double calls exit(), which ends the notebook; use return"
    ] * 2


def test_an_output_is_kept_as_it_was_returned() -> None:
    room = torch.zeros(9)

    def in_the_same_room(x: torch.Tensor) -> torch.Tensor:
        room[: len(x)] = 2 * x
        return room[: len(x)]

    assert failure(DOUBLE, in_the_same_room) is None
    listed: list[torch.Tensor] = []

    def in_the_same_list(x: torch.Tensor) -> list[torch.Tensor]:
        listed[:] = [2 * x]
        return listed

    found = outcomes(DOUBLE, in_the_same_list)
    assert [len(one.output[0]) for one in found] == [len(case.inputs["x"]) for case in DOUBLE.cases]
    listed.append(listed)  # type: ignore[arg-type]  # in itself
    assert outcomes(DOUBLE, lambda x: listed)
