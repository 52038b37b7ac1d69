"""Is an output right, and if not, where does it first differ: sentences for whoever is stuck at midnight."""

from typing import Any

import sympy
import torch
from torch import Tensor, nn

from nonconv.checks import formula


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
    """None where actual is expected, else what is wrong, a line or more. `names` are those of a tuple's parts.

    `none_is_an_answer`: in another case None would have been right, so it is not a forgotten return.
    """
    if isinstance(expected, tuple):
        if actual is None and none_is_an_answer:
            return f"the right answer is a pair ({', '.join(names)}), but it returned None: too strict somewhere?"
        called = (
            names if len(names) == len(expected) else tuple(f"output {n + 1}" for n in range(len(expected)))
        )
        if not isinstance(actual, tuple | list) or len(actual) != len(expected):
            wanted = f"the {len(expected)} values ({', '.join(called)})"
            return f"it must return {wanted}, but it returned {_what(actual)}" + _return_hint(actual)
        for part, wanted, name in zip(actual, expected, called, strict=True):
            if (found := _difference(part, wanted, rtol, atol, name)) is not None:
                return found
        return None
    if expected is None and actual is not None and none_is_an_answer:
        return f"the right answer is None, but it returned {_what(actual)}: too generous somewhere?"
    return _difference(actual, expected, rtol, atol, names[0] if names else "the result")


def _difference(actual: Any, expected: Any, rtol: float, atol: float, name: str) -> str | None:
    if isinstance(expected, Tensor):
        return _tensor_difference(actual, expected, rtol, atol, name)
    if isinstance(expected, sympy.Basic):
        return formula.difference(actual, expected, name)
    if expected is None or isinstance(expected, str | bool):
        same = actual is expected or (isinstance(actual, str | bool) and actual == expected)
        return None if same else f"{name}: expected {expected!r}, got {_what(actual)}" + _return_hint(actual)
    number = actual.item() if isinstance(actual, Tensor) and actual.numel() == 1 else actual
    if isinstance(number, bool) or not isinstance(number, int | float):
        return f"{name}: expected a number, got {_what(actual)}" + _return_hint(actual)
    if abs(number - expected) <= atol + rtol * abs(expected):
        return None
    return f"{name}: expected {show(expected)}, got {show(number)}"


def _tensor_difference(actual: Any, expected: Tensor, rtol: float, atol: float, name: str) -> str | None:
    if not isinstance(actual, Tensor):
        wanted = f"a tensor of shape {tuple(expected.shape)}"
        if type(actual).__module__ == "numpy":
            return f"{name}: expected {wanted}, got a NumPy array; stay in torch, or use torch.from_numpy"
        return f"{name}: expected {wanted}, got {_what(actual)}" + _return_hint(actual)
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
    if not actual.dtype.is_floating_point and expected.dtype.is_floating_point:
        lines.append(f"its dtype is {actual.dtype}: whole numbers, as from // or int()?")
    elif actual.dtype != expected.dtype:
        lines.append(f"its dtype is {actual.dtype}, but it follows the inputs: {expected.dtype}")
    return "\n".join(lines)


def _index(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _what(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, tuple | list):
        return f"{len(value)} values"
    return f"{type(value).__name__} {value!r:.40}"


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
    if formula.is_formula(value):
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
