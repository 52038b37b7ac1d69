"""Is an output right, and if not, where does it first differ: sentences for a student who is stuck."""

from dataclasses import dataclass
from inspect import iscoroutine, isfunction, isgenerator
from itertools import permutations
from math import inf
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.symbols import is_formula

LENGTH = 40  # of what is shown of a value in a sentence
MAX_SHOWN = 12  # of a list of whole numbers: so many are shown
MAX_ORDERS = 4  # of a tuple's values: so few are looked at in each order
ROUNDINGS = 8  # by so many steps of a dtype an answer may be off that computes in it
NEARLY = 1e-6  # of the largest number: about what float32 loses
ROUNDED = (
    "the difference is tiny: was something on the way in float32 (torch.arange(n) / n and torch.tensor(0.1)"
    " are), or rounded, or is a small term missing?"
)
MAX_INT_BITS = 1000  # of a whole number; a float holds no more than 1024, and raises


@dataclass(frozen=True)
class Foreign:
    """A value that is no answer as it is: its description, and the numbers of a NumPy array as lists."""

    text: str
    numpy: bool = False
    values: Any = None


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
    if none_is_an_answer and (actual is None) != (expected is None):
        if expected is None:
            return _not_none(actual)
        kind = f"a pair ({', '.join(names)})" if isinstance(expected, tuple | list) else _wanted(expected)
        return f"the right answer is {kind}, but it returned None: too strict somewhere?"
    if isinstance(expected, tuple | list):
        return _parts_difference(actual, expected, rtol, atol, names)
    return _difference(
        actual, expected, rtol, atol, names[0] if names else "the result", _return_hint(actual)
    )


def _not_none(actual: Any) -> str:
    said = f"the right answer is None, but it returned {describe(actual)}"
    nothing = actual is False or actual in (-1, inf, "", "None") if not isinstance(actual, Tensor) else False
    empty = isinstance(actual, tuple | list) and all(part is None for part in actual)
    return f"{said}: return None itself" if nothing or empty else f"{said}: too generous somewhere?"


def _parts_difference(
    actual: Any, expected: tuple[Any, ...] | list[Any], rtol: float, atol: float, names: tuple[str, ...]
) -> str | None:
    values = as_values(actual)
    if is_row(actual) and any(isinstance(part, Tensor) and part.dim() for part in expected):
        values = None  # one of the vectors, whose numbers are not the vectors
    if values is None or len(values) != len(expected):
        if not names and (both_lists := _as_whole_numbers(values, expected)):
            wanted, got = both_lists
            return (
                f"it must return {wanted}, {len(expected)} value{'s' * (len(expected) != 1)}, but it returned"
                f" {got}, {len(values or ())}"
            )
        count = f"{len(expected)} value{'s' * (len(expected) != 1)}"
        wanted = f"the {count} ({', '.join(names)})" if names else f"a list or a tuple of {count}"
        return f"it must return {wanted}, but it returned {describe(actual)}" + _return_hint(actual)
    if names and len(values) <= MAX_ORDERS and _are_swapped(values, expected, rtol, atol):
        return f"its {len(expected)} values are in another order: return ({', '.join(names)})"
    called = names if len(names) == len(expected) else [f"value {n}" for n in range(1, len(expected) + 1)]
    for part, wanted, name in zip(values, expected, called, strict=True):
        if isinstance(wanted, tuple | list):
            found = _parts_difference(part, wanted, rtol, atol, ())
            found = found and f"{name}: {found}"
        else:
            found = _difference(part, wanted, rtol, atol, name)
        if found is not None:
            return found
    return None


def _as_whole_numbers(values: Any, expected: Any) -> tuple[str, str] | None:
    """Two short lists of whole numbers, shown whole: how many belong in one, such as a sequence, is open."""
    lists = values, expected
    if not all(isinstance(one, list | tuple) and len(one) <= MAX_SHOWN for one in lists):
        return None
    if not all(type(number) is int for one in lists for number in one):
        return None
    return show(list(expected)), show(list(values))


def is_row(actual: Any) -> bool:
    """Is it a tensor of one axis, a row of numbers?"""
    return isinstance(actual, Tensor) and actual.dim() == 1


def _are_swapped(values: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Are they wrong as they stand, and right in another order?"""

    def fits(order: Any) -> bool:
        return all(equal(part, wanted, rtol, atol) for part, wanted in zip(order, expected, strict=True))

    return not fits(values) and any(map(fits, permutations(values)))


def as_values(actual: Any) -> list[Any] | tuple[Any, ...] | None:
    """The parts of a tuple or a list, the numbers or rows of a tensor or a NumPy array; else None."""
    if isinstance(actual, Tensor) and actual.dim():
        return actual.detach().tolist() if actual.dim() == 1 else list(actual.detach())
    if isinstance(actual, Foreign):
        return actual.values if isinstance(actual.values, list) else None
    if type(actual).__module__ == "numpy" and getattr(actual, "ndim", 0) == 1:  # of formulas, in the kernel
        return actual.tolist()
    return actual if isinstance(actual, tuple | list) else None


def alone(actual: Any) -> Any:
    """A single number out of a tensor or a NumPy array that holds one; anything else as it is."""
    if isinstance(actual, Tensor) and actual.numel() == 1:
        return actual.detach().item()
    values = actual.values if isinstance(actual, Foreign) else None
    while isinstance(values, list) and len(values) == 1:
        values = values[0]
    return values if isinstance(values, int | float) else actual


def _difference(
    actual: Any, expected: Any, rtol: float, atol: float, name: str, return_hint: str = ""
) -> str | None:
    if isinstance(expected, Tensor):
        return _tensor_difference(actual, expected, rtol, atol, name, return_hint)
    if is_formula(expected):
        from nonconv.checks import formula

        return formula.difference(actual, expected, name)
    number = alone(actual)
    if expected is None or isinstance(expected, str | bool):
        same = number is expected or (isinstance(number, str | bool) and number == expected)
        truth = isinstance(expected, bool) and isinstance(number, int | float) and number in (0, 1)
        hint = "; bool(…) makes True or False of it" if truth else return_hint
        return None if same else f"{name}: expected {expected!r}, got {describe(actual)}" + hint
    if isinstance(number, bool) or not isinstance(number, Real):  # an int, a float, or NumPy's
        return f"{name}: expected a number, got {describe(actual)}" + return_hint
    if not isinstance(number, int):
        number = float(number)
    elif int(number).bit_length() > MAX_INT_BITS:
        return f"{name}: expected {show(expected)}, got a whole number of {int(number).bit_length()} bits"
    if abs(number - expected) <= atol + rtol * abs(expected):
        return None
    got, wanted = both(number, expected)
    line = f"{name}: expected {wanted}, got {got}"
    near = not isinstance(number, int) and abs(number - expected) <= NEARLY * abs(expected)
    return f"{line}\n{ROUNDED}" if near else line


def _tensor_difference(
    actual: Any, expected: Tensor, rtol: float, atol: float, name: str, return_hint: str
) -> str | None:
    if expected.dim() == 0 and isinstance(actual, Real) and not isinstance(actual, bool):
        actual = torch.tensor(float(actual), dtype=torch.float64)
    if not isinstance(actual, Tensor):
        wanted = f"a tensor of shape {tuple(expected.shape)}"
        if type(actual).__module__ == "numpy" or (isinstance(actual, Foreign) and actual.numpy):
            return f"{name}: expected {wanted}, got a NumPy array; stay in torch, or use torch.from_numpy"
        return f"{name}: expected {wanted}, got {describe(actual)}" + (
            return_hint or _one_of_them(actual, expected, name) or tensor_hint(actual)
        )
    if actual.shape != expected.shape:
        return f"{name}: expected shape {tuple(expected.shape)}, got {tuple(actual.shape)}"
    if expected.dtype == torch.bool != actual.dtype:
        return (
            f"{name}: expected truth values (dtype torch.bool), got {actual.dtype}: a comparison gives them,"
            " as in x < t, and .bool() makes them of numbers"
        )
    if actual.dtype.is_complex:
        return f"{name}: expected real numbers of dtype {expected.dtype}, got {actual.dtype}"
    a, e = actual.detach().to("cpu", torch.float64), expected.to(torch.float64)
    rtol, atol = _within_digits(expected, rtol, atol)
    close = torch.isclose(a, e, rtol=rtol, atol=atol, equal_nan=True)
    if bool(close.all()):
        return None
    lines = []
    bad = (~close).nonzero()
    first, wrong = tuple(bad[0].tolist()), len(bad)
    got, wanted = both(_entry(actual, a[first].item()), _entry(expected, e[first].item()))
    lines.append(
        f"{name}{_index(first)}: expected {wanted}, got {got} (the first of {wrong} wrong among {a.numel()})"
    )
    if bool(torch.isnan(a[~close]).any()):
        lines.append("there is a nan in it: 0/0, ∞/∞ or ∞ − ∞, or the square root of a negative number?")
    elif wrong > 1 and expected.dtype != torch.bool:
        gap = torch.where(close, 0.0, (a - e).abs()).nan_to_num(nan=inf, posinf=inf)  # nan is in no order
        worst = tuple((gap == gap.max()).nonzero()[0].tolist())
        lines.append(f"largest difference {show(gap.max().item())}, at {name}{_index(worst)}")
    near = float((a - e).abs().max()) < 1  # else rounding is not what is wrong
    if not actual.dtype.is_floating_point and expected.dtype.is_floating_point:
        if near and bool((e != e.round()).any()):
            lines.append(f"its dtype is {actual.dtype}: whole numbers, as from // or int()?")
    elif actual.dtype != expected.dtype and bool(torch.isclose(a, e, rtol=1e-2, atol=atol).all()):
        lines.append(
            f"its dtype is {actual.dtype}, but {expected.dtype} is expected: keep the inputs' dtype, as in"
            " torch.tensor(…, dtype=X.dtype)"
        )
    elif actual.dtype == torch.float64 and float((a - e).abs().max()) <= NEARLY * float(e.abs().max()):
        lines.append(ROUNDED)
    return "\n".join(lines)


def _within_digits(expected: Tensor, rtol: float, atol: float) -> tuple[float, float]:
    """The tolerances, no narrower than the digits of what is expected.

    Where a check asks float64 for more digits than float32 has, its case in float32 asks for those there are:
    an answer that rounds on its way, by Fourier say, is right up to a few steps of its largest number.
    """
    if not expected.dtype.is_floating_point or not expected.numel():
        return rtol, atol
    steps = ROUNDINGS * torch.finfo(expected.dtype).eps
    if not 0 < rtol < torch.finfo(expected.dtype).eps:  # 0: all digits are wanted
        return rtol, atol
    largest = float(expected.abs().nan_to_num(nan=0.0, posinf=0.0).max())
    return steps, max(atol, steps * largest)


def _entry(tensor: Tensor, number: float) -> Any:
    """A number of the tensor, as its dtype has it."""
    return bool(number) if tensor.dtype == torch.bool else number


def both(got: Any, wanted: Any) -> tuple[str, str]:
    """Two values that differ, shown with as many digits as it takes to see that."""
    for digits in (6, 9, 17):
        shown = tuple(f"{v:.{digits}g}" if isinstance(v, float) else show(v) for v in (got, wanted))
        if shown[0] != shown[1]:
            break
    return shown[0], shown[1]


def _index(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def describe(value: Any) -> str:
    """A value in a sentence: what it is rather than what is in it."""
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return value.text
    if isgenerator(value):
        return "a generator, as `yield` makes one; `return` gives a value"
    if iscoroutine(value):
        value.close()  # it is never awaited, and Python warns of that
        return "a coroutine, as `async def` makes one; write `def`"
    if isfunction(value):
        return "a function; call it"
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if type(value).__module__ == "numpy" and hasattr(value, "shape") and value.shape:
        return f"a NumPy array of shape {value.shape}"
    if isinstance(value, tuple | list):
        kind = "list" if isinstance(value, list) else "tuple"  # torch calls some of its tuples max or sort
        return f"a {kind} of {len(value)} value{'s' * (len(value) != 1)}"
    if type(value).__module__ == "numpy" and getattr(value, "shape", ()):
        return f"a NumPy array of shape {value.shape}"
    text = " ".join(repr(value).split())  # in one line, and with a sign of it where it is cut
    return f"{type(value).__name__} {text if len(text) <= LENGTH else text[: LENGTH - 2] + ' …'}"


def _wanted(expected: Any) -> str:
    """What kind of thing is expected, without giving it away."""
    if isinstance(expected, Tensor):
        return f"a tensor of shape {tuple(expected.shape)}"
    if is_formula(expected):
        return "a formula"
    if isinstance(expected, bool):
        return "True or False"
    return "a word" if isinstance(expected, str) else "a number"


def dtype_difference(actual: Any, expected: Any, names: tuple[str, ...] = ()) -> str | None:
    """None where tensors have the dtypes of those expected, which they equal; else which has not."""
    several = isinstance(expected, tuple | list)
    pairs = zip(actual, expected, strict=True) if several else [(actual, expected)]
    for n, (one, wanted) in enumerate(pairs):
        if isinstance(one, Tensor) and isinstance(wanted, Tensor) and one.dtype != wanted.dtype:
            name = names[n] if n < len(names) else "the result"
            return (
                f"{name}: the numbers are right, but their dtype is {one.dtype}, and {wanted.dtype} is"
                " expected, that of the inputs: .to(X.dtype) brings them back"
            )
    return None


def _return_hint(value: Any) -> str:
    return ": is there a `return`?" if value is None else ""


def _one_of_them(value: Any, expected: Tensor, name: str) -> str:
    """Of several outputs, one may be what is asked for."""
    several = isinstance(value, tuple | list) and len(value) > 1
    fits = several and any(isinstance(part, Tensor) and part.shape == expected.shape for part in value)
    return f"; return {name} alone" if fits else ""


def tensor_hint(value: Any) -> str:
    """A list or a tuple of plain numbers, or of tensors, is nearly a tensor."""
    rows = value
    while isinstance(rows, tuple | list) and rows:
        rows = rows[0]
    if isinstance(value, tuple | list) and isinstance(rows, Tensor):
        return "; torch.stack(…) makes one tensor of several"
    plain = isinstance(value, tuple | list) and isinstance(rows, bool | int | float)
    return "; torch.tensor(…) makes one of it" if plain else ""


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
        inside = ", ".join(show(item) for item in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def _nested(values: Any) -> str:
    if isinstance(values, list):
        return "[" + ", ".join(_nested(value) for value in values) + "]"
    return show(values)
