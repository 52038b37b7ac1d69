"""What the properties of every unit share: their registration, and what each demands of an answer first."""

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
    in_kernel: bool
    none_fits: bool

    def __call__(self, inputs: dict[str, Any], answer: Any) -> str | None:
        if answer is None and not self.none_fits:
            return NOTHING
        try:
            return self.function(inputs, answer)
        except Unfit as problem:
            return str(problem)


PROPERTIES: Registry[Property] = Registry("property")


def registered(*, in_kernel: bool = False, none_fits: bool = False) -> Callable[[Function], Property]:
    """Register a function as the property of its name.

    `in_kernel`: its answers are networks or formulas, which cannot leave the kernel as plain data.
    `none_fits`: None can be a right answer, so it is no forgotten return.
    """

    def add(function: Function) -> Property:
        PROPERTIES.add(function.__name__, Property(function, in_kernel, none_fits))
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


def unaltered(given: nn.Sequential, original: nn.Sequential, advice: str) -> None:
    """Unfit where the network that the exercise handed over is not as it was."""
    before, after = original.state_dict(), given.state_dict()
    for name in before:
        if name not in after or not torch.equal(before[name], after[name]):
            raise Unfit(f"the given network was changed (its {name}): {advice}")
    if [type(layer) for layer in given] != [type(layer) for layer in original]:
        raise Unfit(f"the given network was changed (its list of layers): {advice}")


def outputs_of_shape(got: Any, right: Tensor) -> Tensor:
    """A network's outputs, if they are a tensor of the right shape."""
    if not isinstance(got, Tensor) or got.shape != right.shape:
        what = f"outputs of shape {tuple(got.shape)}" if isinstance(got, Tensor) else type(got).__name__
        raise Unfit(f"it gives {what}, not {tuple(right.shape)}")
    return got
