"""Calling the answer instead of building it is noticed, under whatever name; what a check allows is not."""

import sys

import pytest
import torch
from torch.nn import functional as F

from helpers.checks.doubling import DOUBLE, FOUR, doubled, squared
from nonconv.checks import Check, failure

KERNEL = torch.ones(1, 1, 1, 1)


def by_its_kernel(x: torch.Tensor) -> torch.Tensor:
    return torch.ops.aten.convolution(x[None, None], KERNEL[0], None, [1], [0], [1], False, [0], 1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: F.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], "the framework's convolution"),
        (lambda x: torch.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], "the framework's convolution"),
        (lambda x: torch.nn.Conv1d(1, 1, 1)(x[None, None])[0, 0], "the framework's convolution"),
        (by_its_kernel, "convolution"),
        (lambda x: torch.nn.functional.batch_norm(x[None], x, x), "the framework's"),
        (lambda x: torch.nn.functional.max_pool1d(x[None], 1)[0], "the framework's max_pool"),
        (lambda x: __import__("nonconv.layers").layers.conv2d(x, x), "nonconv.layers"),
        (lambda x: __import__("nonconv.reduction").reduction.merge(x, x, x, x), "nonconv.reduction"),
    ],
)
def test_calling_the_answer_instead_of_building_it_is_noticed(answer, says: str) -> None:
    message = failure(DOUBLE, answer)
    assert message is not None
    assert says in " ".join(message.split())
    assert "build it here" in " ".join(message.split())


def test_a_kernel_that_the_check_allows_may_be_called() -> None:
    allowed = Check.of(doubled, [{"x": FOUR}], name="d", answer="d", points=1, may_call=("pool",))
    assert failure(allowed, lambda x: 2 * torch.nn.functional.max_pool1d(x[None], 1)[0]) is None


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: x.sum()[None] * 2, "calls the framework's sum. This exercise is about doing without it"),
        (
            lambda x: torch.outer(x, x) @ x,
            "calls the framework's mv. This exercise is about doing without it",
        ),
        (lambda x: 2 * x.sigmoid(), "calls the framework's sigmoid. That is the answer itself"),
        (lambda x: torch.nn.functional.avg_pool1d(x[None], 1)[0], "That is the answer itself"),
    ],
    ids=("a sum", "a product with a matrix", "a whole answer", "a layer"),
)
def test_a_step_that_an_exercise_bans_is_not_called_the_answer(answer, says: str) -> None:
    banned = Check.of(
        doubled, [{"x": FOUR}], name="d", answer="d", points=1, may_not_call=("sum", "mv", "sigmoid")
    )
    message = " ".join((failure(banned, answer) or "").split())
    assert says in message
    assert ("the answer itself" in message) == ("the answer itself" in says)


def test_a_profiler_that_was_running_runs_on() -> None:
    def mine(*_: object) -> None: ...

    sys.setprofile(mine)
    try:
        failure(DOUBLE, squared)
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)
