"""Is an output right, and if not, where does it first differ: sentences for a student who is stuck."""

from dataclasses import dataclass
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.symbols import is_formula

MAX_INT_BITS = 1000  # of a whole number; a float holds no more than 1024, and raises


@dataclass(frozen=True)
class Foreign:
    """A value of another process that is no answer to anything: only its description came through."""

    text: str
    numpy: bool = False


def equal(actual: Any, expected: Any, rtol: float, atol: float) -> bool:
    return difference(actual, expected, rtol, atol) is None


def difference(
    actual: Any,
    expected: Any,
    rtol: float,
    atol: float,
    names: tuple[str, ...] = (),
    none_is_an_answer: bool = False,
) -> str | None:
    """None where actual is expected, else what is wrong, a line or more.

    `names` are those of a tuple's parts.

    `none_is_an_answer`: in another case None would have been right, so it is not a forgotten return.
    """
    if isinstance(expected, tuple):
        if actual is None and none_is_an_answer:
            return (
                f"the right answer is a pair ({', '.join(names)}), but it returned None: too strict"
                " somewhere?"
            )
        called = (
            names if len(names) == len(expected) else tuple(f"output {n + 1}" for n in range(len(expected)))
        )
        if not isinstance(actual, tuple | list) or len(actual) != len(expected):
            wanted = f"the {len(expected)} values ({', '.join(called)})"
            return f"it must return {wanted}, but it returned {describe(actual)}" + _return_hint(actual)
        for part, wanted, name in zip(actual, expected, called, strict=True):
            if (found := _difference(part, wanted, rtol, atol, name)) is not None:
                return found
        return None
    if none_is_an_answer and (actual is None) != (expected is None):
        if expected is None:
            return f"the right answer is None, but it returned {describe(actual)}: too generous somewhere?"
        return f"the right answer is {_wanted(expected)}, but it returned None: too strict somewhere?"
    return _difference(actual, expected, rtol, atol, names[0] if names else "the result")


def _difference(actual: Any, expected: Any, rtol: float, atol: float, name: str) -> str | None:
    if isinstance(expected, Tensor):
        return _tensor_difference(actual, expected, rtol, atol, name)
    if is_formula(expected):
        from nonconv.checks import formula

        return formula.difference(actual, expected, name)
    if expected is None or isinstance(expected, str | bool):
        same = actual is expected or (isinstance(actual, str | bool) and actual == expected)
        return (
            None if same else f"{name}: expected {expected!r}, got {describe(actual)}" + _return_hint(actual)
        )
    number: Any = actual.item() if isinstance(actual, Tensor) and actual.numel() == 1 else actual
    if isinstance(number, bool) or not isinstance(number, Real):  # an int, a float, or NumPy's
        return f"{name}: expected a number, got {describe(actual)}" + _return_hint(actual)
    if not isinstance(number, int):
        number = float(number)
    elif int(number).bit_length() > MAX_INT_BITS:
        return f"{name}: expected {show(expected)}, got a whole number of {int(number).bit_length()} bits"
    if abs(number - expected) <= atol + rtol * abs(expected):
        return None
    return f"{name}: expected {show(expected)}, got {show(number)}"


def _tensor_difference(actual: Any, expected: Tensor, rtol: float, atol: float, name: str) -> str | None:
    if not isinstance(actual, Tensor):
        wanted = f"a tensor of shape {tuple(expected.shape)}"
        if type(actual).__module__ == "numpy" or (isinstance(actual, Foreign) and actual.numpy):
            return f"{name}: expected {wanted}, got a NumPy array; stay in torch, or use torch.from_numpy"
        return f"{name}: expected {wanted}, got {describe(actual)}" + _return_hint(actual)
    if actual.shape != expected.shape:
        return f"{name}: expected shape {tuple(expected.shape)}, got {tuple(actual.shape)}"
    if actual.dtype.is_complex:
        return f"{name}: expected real numbers of dtype {expected.dtype}, got {actual.dtype}"
    a, e = actual.detach().to("cpu", torch.float64), expected.to(torch.float64)
    close = torch.isclose(a, e, rtol=rtol, atol=atol, equal_nan=True)
    if bool(close.all()):
        return None
    lines = []
    bad = (~close).nonzero()
    first, wrong = tuple(bad[0].tolist()), len(bad)
    lines.append(
        f"{name}{_index(first)}: expected {show(e[first].item())}, got {show(a[first].item())}"
        f" (the first of {wrong} wrong among {a.numel()})"
    )
    if bool(torch.isnan(a[~close]).any()):
        lines.append("there is a nan in it: a division 0/0, or the square root of a negative number?")
    elif wrong > 1:
        gap = torch.where(close, 0.0, (a - e).abs())
        worst = tuple((gap == gap.max()).nonzero()[0].tolist())
        lines.append(f"largest difference {show(gap.max().item())}, at {name}{_index(worst)}")
    near = float((a - e).abs().max()) < 1  # else rounding is not what is wrong
    if not actual.dtype.is_floating_point and expected.dtype.is_floating_point:
        if near and bool((e != e.round()).any()):
            lines.append(f"its dtype is {actual.dtype}: whole numbers, as from // or int()?")
    elif actual.dtype != expected.dtype and bool(torch.isclose(a, e, rtol=1e-2, atol=atol).all()):
        lines.append(f"its dtype is {actual.dtype}, but it follows the inputs: {expected.dtype}")
    return "\n".join(lines)


def _index(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def describe(value: Any) -> str:
    """A value in a sentence: what it is rather than what is in it."""
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return value.text
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, tuple | list):
        kind = "list" if isinstance(value, list) else "tuple"  # torch calls some of its tuples max or sort
        return f"a {kind} of {len(value)} value{'s' * (len(value) != 1)}"
    return f"{type(value).__name__} {value!r:.40}"


def _wanted(expected: Any) -> str:
    """What kind of thing is expected, without giving it away."""
    if isinstance(expected, Tensor):
        return f"a tensor of shape {tuple(expected.shape)}"
    if is_formula(expected):
        return "a formula"
    if isinstance(expected, bool):
        return "True or False"
    return "a word" if isinstance(expected, str) else "a number"


def _return_hint(value: Any) -> str:
    return ": is there a `return`?" if value is None else ""


def show(value: Any) -> str:
    """A value as a diagnosis prints it: short, and whole where it is small."""
    if isinstance(value, Tensor):
        if value.numel() > 16:
            return f"a tensor of shape {tuple(value.shape)}"
        return _nested(value.tolist())
    if isinstance(value, float):
        return f"{value:.6g}"
    if is_formula(value):
        from nonconv.checks import formula

        return formula.show(value)
    if isinstance(value, nn.Module):
        return f"<{getattr(value, 'called', type(value).__name__)}>"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(show(item) for item in value) + ")"
    return repr(value)


def _nested(values: Any) -> str:
    if isinstance(values, list):
        return "[" + ", ".join(_nested(value) for value in values) + "]"
    return show(values)
