"""Exact numbers from what a student gives: brought into plain JSON in the notebook, read by the judge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from math import isfinite
from numbers import Integral, Rational, Real
from typing import Any

from .rules import LEGIBLE
from .terms import IllFormed

MAX_LENGTH = 64
LARGE = 10**9
NUMBER = re.compile(r"-?\d{1,9}/\d{1,9}\Z|-?\d{0,9}\.?\d{1,9}(e-?\d)?\Z")  # "1/3", "0.5", "1e-5"
TYPE = re.compile(r"[A-Za-z_]\w{0,39}\Z|-?inf\Z|nan\Z")
Vector = list[Fraction]


def plain(o: Any, depth: int = 2) -> Any:
    """A student's value as JSON has it: NumPy's and PyTorch's numbers, arrays and tensors, and ranges, in
    their plain form; of what has none, its type.
    """
    if isinstance(o, (bool, str)) or o is None:
        return o
    if isinstance(o, Integral):
        return max(-2 * LARGE, min(int(o), 2 * LARGE))  # what is too large stays so
    if isinstance(o, Rational):
        large = max(abs(int(o.numerator)), int(o.denominator)) > LARGE
        return 2 * LARGE if large else f"{o.numerator}/{o.denominator}"
    if isinstance(o, Real):
        value = float(o)
        if not isfinite(value):
            return {"type": str(value)}
        return int(value) if value.is_integer() and abs(value) <= LARGE else value
    if isinstance(o, (list, tuple, range)) and depth:
        return [plain(v, depth - 1) for v in o[: MAX_LENGTH + 1]]
    array: Any = None if isinstance(o, type) else o
    with suppress(Exception):  # such as a value that is no array, or a tensor without numbers
        values = array.tolist()
        if not hasattr(values, "tolist"):
            return plain(values, depth)
    return {"type": type(o).__name__}


def need(condition: bool, message: str) -> None:
    """Raise IllFormed unless the condition holds."""
    if not condition:
        raise IllFormed(message)


def as_fraction(o: Any, name: str) -> Fraction:
    """An integer, or a text such as "-3/4" or "1e-5"; a float that is no whole number is not exact."""
    if isinstance(o, str) and NUMBER.match(o):
        need(not re.search(r"/0+\Z", o), f"{name}: division by zero")
        o = Fraction(o)
    if isinstance(o, (int, Fraction)) and not isinstance(o, bool):
        o = Fraction(o)
        if max(abs(o.numerator), o.denominator) <= LARGE:
            return o
        raise IllFormed(f"{name} must be made of integers or fractions up to 10**9")
    hint = {
        float: f"; a float is not exact: write it as a text, such as '1/2' or '{o}'",
        list: f"; {name} is one list of numbers, not a list of lists",
    }.get(type(o), "")
    said = f", not of {shown(o)}" if shown(o) else ""
    raise IllFormed(f"{name} must be made of integers or fractions{said}{hint}")


def shown(o: Any) -> str:
    """What was given, in a few words: a number as it is, else its type."""
    if isinstance(o, dict) and isinstance(o.get("type"), str) and TYPE.match(o["type"]):
        return f"a value of type {o['type']}"
    if isinstance(o, (list, tuple)):
        return "a list"
    if o is None or isinstance(o, (bool, float)) or (isinstance(o, int) and abs(o) < LARGE**2):
        return str(o)
    return f"'{o}'" if isinstance(o, str) and LEGIBLE.match(o) else ""


def number(data: Mapping[str, Any], name: str) -> Fraction:
    """One exact number."""
    o = given(data, name)
    if isinstance(o, list) and len(o) == 1:
        o = o[0]
    need(not isinstance(o, (list, tuple)), f"{name} must be one number, not a list")
    return as_fraction(o, name)


def given(data: Mapping[str, Any], name: str) -> Any:
    """The part of the data with that name."""
    names = ", ".join(x for x in data if LEGIBLE.match(x)) or "nothing"
    need(name in data, f"{name} is missing; you gave {names}")
    return data[name]


def integer(data: Mapping[str, Any], name: str, least: int) -> int:
    """One integer from `least` to MAX_LENGTH."""
    v = number(data, name)
    need(
        v.denominator == 1 and least <= v <= MAX_LENGTH,
        f"{name} must be an integer from {least} to {MAX_LENGTH}, not {v}",
    )
    return int(v)


def vector(data: Mapping[str, Any], name: str) -> Vector:
    """A non-empty list of exact numbers."""
    o = given(data, name)
    wanted = f"{name} must be a list of 1 to {MAX_LENGTH} numbers"
    need(isinstance(o, (list, tuple)), f"{wanted}, not {shown(o) or 'this'}")
    need(len(o) > 0, f"{wanted}; it is empty")
    need(len(o) <= MAX_LENGTH, f"{wanted}; it has more")
    return [as_fraction(v, name) for v in o]
