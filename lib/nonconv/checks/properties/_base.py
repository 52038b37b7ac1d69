"""What the properties of every unit share: their registration, and what each demands of an answer first."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.compare import Foreign, alone, as_values, describe, is_row, tensor_hint
from nonconv.checks.registry import Registry

NOTHING = "it returned None: is there a `return`?"

Function = Callable[[dict[str, Any], Any], str | None]


class Unfit(Exception):
    """The answer is not of the kind that is wanted; the message says what would be."""


@dataclass(frozen=True)
class Property:
    """(the case's inputs, the answer) -> None where it has the property, else what is missing."""

    function: Function
    none_fits: bool
    asks: str | None = None  # the question that makes plain data of an answer, see QUESTIONS

    def __call__(self, inputs: dict[str, Any], answer: Any) -> str | None:
        if answer is None and not self.none_fits:
            return NOTHING
        if isinstance(answer, Unfit):  # which was seen when it was asked
            return str(answer)
        try:
            return self.function(inputs, answer)
        except Unfit as problem:
            return str(problem)

    def of(self, inputs: dict[str, Any], answer: Any) -> str | None:
        """The same for an answer that has not been asked yet: a network, say, not what is known of it."""
        if self.asks is not None and answer is not None:
            question = QUESTIONS[self.asks]
            answer = question.read(json.loads(json.dumps(question.ask(inputs, answer))))
        return self(inputs, answer)


@dataclass(frozen=True)
class Question:
    """How an answer that is no plain data leaves the kernel.

    ask: in the kernel, (the case's inputs as the answer left them, the answer) -> JSON. read: outside, that
    JSON, which may be hostile -> what the property gets in the answer's place; any exception says that it
    cannot be read.
    """

    ask: Callable[[dict[str, Any], Any], Any]
    read: Callable[[Any], Any]


PROPERTIES: Registry[Property] = Registry("property")
QUESTIONS: Registry[Question] = Registry("question")


def registered(
    *, none_fits: bool = False, question: Question | None = None
) -> Callable[[Function], Property]:
    """Register a function as the property of its name.

    `none_fits`: None can be a right answer, so it is no forgotten return. `question`: for answers that are no
    plain data; the function gets what it reads.
    """

    def add(function: Function) -> Property:
        name = function.__name__
        if question is not None:
            QUESTIONS.add(name, question)
        PROPERTIES.add(name, Property(function, none_fits, None if question is None else name))
        return PROPERTIES[function.__name__]

    return add


def parts(answer: Any, count: int, wanted: str, *, of_tensors: bool = False) -> tuple[Any, ...]:
    """The parts of a tuple, a list or a row of numbers of `count`; Unfit says to return what is `wanted`.

    `of_tensors`: the parts are no numbers, so a row of numbers is one of them, not all.
    """
    values = None if of_tensors and is_row(answer) else as_values(answer)
    if values is None or len(values) != count:
        raise Unfit(f"return {wanted}, not {describe(answer)}")
    return tuple(values)


def number(value: Any, name: str) -> float:
    """One number in whatever costume: an int, a float, a tensor or a NumPy array of one."""
    value = alone(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"{name} must be one number, not {describe(value)}")
    try:
        return float(value)
    except OverflowError:  # a whole number larger than any float
        raise Unfit(f"{name} must be finite, and not a number of {int(value).bit_length()} bits") from None


def whole(value: Any, name: str) -> int:
    """A whole number in whatever costume: 3, 3.0, a tensor or a NumPy array of one."""
    found = number(value, name)
    if not found.is_integer():
        raise Unfit(f"{name} must be a whole number, not {describe(alone(value))}")
    return int(alone(value))


def row(values: Any, name: str, wanted: str = "a list of numbers") -> list[Any]:
    """The entries of a list, a tuple, or a row of a tensor or of a NumPy array."""
    found = as_values(values)
    if found is None:
        raise Unfit(f"{name} must be {wanted}, not {describe(values)}")
    return list(found)


def tensors(values: tuple[Any, ...], message: str) -> tuple[Tensor, ...]:
    """The values, if each is a tensor."""
    for value in values:
        if not isinstance(value, Tensor):
            numpy = isinstance(value, Foreign) and value.numpy
            advice = "; a NumPy array becomes one by torch.from_numpy" if numpy else tensor_hint(value)
            raise Unfit(f"{message}, not {describe(value)}{advice}")
        if value.dtype.is_complex:
            raise Unfit(f"{message}, of real numbers, not of {value.dtype}")
    return values


def finite(*values: Tensor) -> tuple[Tensor, ...]:
    """Tensors in float64, without their graph, if none holds an infinity or a nan."""
    wide = tuple(value.detach().double() for value in values)
    if any(bool(torch.isnan(value).any()) for value in wide):
        raise Unfit("all numbers must be finite, but there is a nan among them")
    if any(bool(torch.isinf(value).any()) for value in wide):
        raise Unfit(
            "all numbers must be finite, but there is an infinity among them; float32 ends at 3.4e38, and"
            " what is made without dtype=torch.float64 is float32 first"
        )
    return wide


def a_network(answer: Any) -> nn.Module:
    """The answer, if it is one."""
    if not isinstance(answer, nn.Module):
        raise Unfit(f"return a network (an nn.Module), not {type(answer).__name__}")
    return answer


def outputs_of_shape(got: Any, right: Tensor) -> Tensor:
    """A network's outputs, if they are a tensor of the right shape."""
    if not isinstance(got, Tensor) or got.shape != right.shape:
        what = f"outputs of shape {tuple(got.shape)}" if isinstance(got, Tensor) else type(got).__name__
        raise Unfit(f"it gives {what}, not {tuple(right.shape)}")
    if not got.is_floating_point():
        raise Unfit(f"it gives outputs of dtype {got.dtype}, not {right.dtype}")
    return got
