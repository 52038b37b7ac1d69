"""Answers that are formulas: the student's function gets symbols and returns an expression in them.

Two expressions are different if they are at some small numbers, which are then shown; they are equal if their
difference simplifies to 0. Both are looked at where the symbols can be, and nowhere else: a positive one at
positive numbers. As JSON an expression is a tree of names and whole numbers, never text to be evaluated.
"""

from collections.abc import Iterator
from itertools import islice, product
from numbers import Real
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from nonconv.checks.compare import describe

FLAGS = ("integer", "positive", "real")  # what may be known of a symbol
# numbers at which two expressions are compared, in this order
VALUES: tuple[Any, ...] = (1, 2, 3, sympy.Rational(1, 2), 5, -1, -2, sympy.Rational(-1, 3))
SHARES: tuple[Any, ...] = tuple(sympy.Rational(p, q) for p, q in ((1, 2), (1, 4), (2, 3), (1, 10), (9, 10)))
QUICKLY = 24  # at so many places before the slower look at the formulas themselves
DIGITS = 60
SAME = sympy.Rational(1, 10**50)  # far above the rounding of so many digits, far below any slip
SHOWN = (6, 9, 12, 15, 20, 30, 40, DIGITS)  # digits of two numbers that differ: as few as tell them apart
LENGTH = 120  # of a formula in a sentence


class Share(sympy.Symbol):
    """A symbol for a number between 0 and 1, such as s = σ(x)."""

    def __new__(cls, name: str, **_: Any) -> "Share":
        return super().__new__(cls, name, positive=True)


class sigma(sympy.Function):  # noqa: N801 - sympy's functions are classes, and this one is written σ(x)
    """σ(x) = 1/(1 + e^−x), as a formula knows it."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return self * (1 - self)

    def _eval_rewrite_as_exp(self, x: sympy.Expr, **_: Any) -> sympy.Expr:
        return 1 / (1 + sympy.exp(-x))


NAMES = ("Abs", "Add", "Max", "Min", "Mul", "Pow", "ceiling", "cosh", "exp", "floor", "log", "sinh", "tanh")
FUNCTIONS: dict[str, Any] = {"sigma": sigma} | {name: getattr(sympy, name) for name in NAMES}


def is_formula(value: Any) -> bool:
    """An expression or a symbol of sympy, or one of FUNCTIONS itself."""
    return isinstance(value, sympy.Basic) or (isinstance(value, type) and value in FUNCTIONS.values())


def encode(value: Any) -> Any:
    """A tree that JSON can hold. ValueError for a function that is not one of FUNCTIONS."""
    if isinstance(value, type):
        return {"function": value.__name__}
    if isinstance(value, Share):
        return {"share": value.name}
    if isinstance(value, sympy.Symbol):
        return {"symbol": value.name, "is": [flag for flag in FLAGS if getattr(value, f"is_{flag}")]}
    if isinstance(value, sympy.Rational):
        return {"rational": [int(value.p), int(value.q)]}
    if isinstance(value, sympy.Float):
        return {"float": str(value)}
    if value is sympy.pi or value is sympy.E:
        return {"constant": str(value)}
    if value.func.__name__ not in FUNCTIONS:
        raise ValueError(f"a check cannot hold {value.func.__name__}; it can hold {', '.join(FUNCTIONS)}")
    return {"formula": value.func.__name__, "of": [encode(part) for part in value.args]}


def decode(tree: dict[str, Any]) -> Any:
    """The inverse of `encode`."""
    match tree:
        case {"function": name}:
            return FUNCTIONS[name]
        case {"symbol": name, "is": flags}:
            return sympy.Symbol(name, **dict.fromkeys(flags, True))
        case {"share": name}:
            return Share(name)
        case {"rational": [p, q]}:
            return sympy.Rational(p, q)
        case {"float": digits}:
            return sympy.Float(digits)
        case {"constant": name}:
            return {"pi": sympy.pi, "E": sympy.E}[name]
    return FUNCTIONS[tree["formula"]](*map(decode, tree["of"]))


def show(value: Any) -> str:
    """A formula as a diagnosis prints it."""
    text = value.__name__ if isinstance(value, type) else str(value)
    return text.replace("sigma", "σ").replace("**", "^")


def shorten(value: Any, length: int = LENGTH) -> str:
    """The same, with a sign of it where it is cut."""
    text = show(value)
    return text if len(text) <= length else text[: length - 2] + " …"


def difference(actual: Any, expected: Any, name: str, beside: str = "") -> str | None:
    """None where both are the same formula; else what is wrong, with numbers at which they differ.

    `beside` names the other formula, where that is one of the student's own lines.
    """
    if actual is None:
        return f"{name}: expected a formula, got None: is there a `return`?"
    if isinstance(actual, sympy.Poly):
        actual = actual.as_expr()
    if isinstance(actual, bool) or not isinstance(actual, sympy.Expr | Real):
        letters = ", ".join(sorted(show(symbol) for symbol in expected.free_symbols))
        if isinstance(actual, list | tuple) and len(actual) == 1:
            return f"{name}: expected a formula in {letters}, got a list of one: take it out by [0]"
        if callable(actual) or describe(actual).startswith("a function"):
            return f"{name}: expected a formula in {letters}, got a function: return what it gives, f(…)"
        quoted = ": leave the quotes out" * isinstance(actual, str)
        return f"{name}: expected a formula in {letters}, got {describe(actual)}{quoted}"
    right = _exact(expected)
    yours = _in_the_same_letters(_exact(actual), right)
    if unknown := yours.atoms(AppliedUndef):
        calls = ", ".join(sorted(show(one) for one in unknown))
        return f"{name}: {calls} is a function that means nothing here: call what you are given"
    said, other = f"{name}: your formula is {shorten(actual)};", beside or "the right one"
    first = _first(_gaps(yours, right), QUICKLY)
    if foreign := yours.free_symbols - right.free_symbols:
        letters = ", ".join(sorted(map(show, foreign)))
        beside_right = "that line has none" if beside else "the right one does not depend on it"
        found = first or _first(_gaps(yours, right))
        if found is not None:
            return f"{said} {_told(found, beside)}; there is {letters} in it, and {beside_right}"
    # where it has no number, as 0/0, it may still be right
    if first is not None and first[1].is_finite:
        return f"{said} {_told(first, beside)}"
    gap = _simplified(yours - right)
    if gap == 0:
        return None
    if gap.is_number and gap.is_zero is False:  # too little to be seen in the numbers
        return f"{said} it differs from {other} by {sympy.N(gap, 6)}"
    if (found := _first(_gaps(yours, right))) is not None:
        return f"{said} {_told(found, beside)}"
    return f"{said} it could not be compared with {other}: write it in a simpler way"


def _exact(side: Any) -> Any:
    """With sums and derivatives carried out, and 1/2 for 0.5.

    1.4142135623731, which sympy makes of 2 ** 0.5, is √2.
    """

    def exact(number: sympy.Float) -> sympy.Expr:
        found = sympy.nsimplify(number)
        near = abs(found - number) <= 1e-13 * abs(number)
        return found if near else sympy.nsimplify(number, rational=True)

    return sympy.sympify(side).doit().replace(lambda part: part.is_Float, exact)


def _in_the_same_letters(yours: Any, right: Any) -> Any:
    """A letter that the student has made anew, sympy.Symbol("x"), is the x that was given."""
    given = {symbol.name: symbol for symbol in right.free_symbols}
    return yours.xreplace({own: given[own.name] for own in yours.free_symbols if own.name in given})


def _simplified(gap: Any) -> Any:
    """As simple as sympy can make it. A share is 1/(1 + u) with u > 0, so that sympy knows it is below 1."""
    shares = {
        s: 1 / (1 + sympy.Symbol(f"u_{s}", positive=True)) for s in gap.free_symbols if isinstance(s, Share)
    }
    found = sympy.simplify(_in_powers_of_e(gap.subs(shares)))
    if found.has(sympy.Abs, sympy.Max, sympy.Min):  # |(1 − u)²| is known to be (1 − u)², |1 − 2u + u²| is not
        sizes = found.rewrite(sympy.Abs).replace(sympy.Abs, lambda size: sympy.Abs(sympy.factor(size)))
        return sympy.simplify(sizes)
    return found


def _in_powers_of_e(side: Any) -> Any:
    """Without σ, tanh and the like; x^2 stays, which sympy knows as e^(2 log x) too."""
    return side.rewrite((HyperbolicFunction, sigma), sympy.exp)


def _gaps(yours: Any, right: Any) -> Iterator[tuple[str, Any, Any] | None]:
    """At one place after the other: None where both are the same, else (the place, yours, what is right)."""
    symbols = sorted(yours.free_symbols | right.free_symbols, key=str)
    sides = [_in_powers_of_e(side) for side in (yours, right)]
    for values in product(*(SHARES if isinstance(symbol, Share) else VALUES for symbol in symbols)):
        at = list(zip(symbols, values, strict=True))
        if not all(_fits(symbol, value) for symbol, value in at):
            continue
        got, wanted = (sympy.N(side.subs(at), DIGITS) for side in sides)
        same = not wanted.is_finite or (got.is_finite and abs(got - wanted) <= SAME * (1 + abs(wanted)))
        where = ", ".join(f"{show(symbol)} = {value}" for symbol, value in at)
        yield None if same else (f"at {where} " if where else "", got, wanted)


def _first(
    found: Iterator[tuple[str, Any, Any] | None], most: int | None = None
) -> tuple[str, Any, Any] | None:
    return next((one for one in islice(found, most) if one is not None), None)


def _told(found: tuple[str, Any, Any], beside: str) -> str:
    where, got, wanted = found
    gives, expected = _numbers(got, wanted)
    if beside:
        return f"{where}it gives {gives}, but {beside} gives {expected}: the two are not equal"
    return f"{where}it gives {gives}, expected {expected}"


def _fits(symbol: Any, value: Any) -> bool:
    """May the symbol have this value?"""
    return not (symbol.is_positive and value <= 0) and not (symbol.is_integer and value != int(value))


def _numbers(got: Any, wanted: Any) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as it takes to see that."""
    for digits in SHOWN:
        shown = _number(got, digits), _number(wanted, digits)
        if shown[0] != shown[1]:
            break
    return shown


def _number(value: Any, digits: int) -> str:
    if not value.is_finite:
        return "no number (a division by 0?)"
    if not value.is_real or abs(value) > 1e300:
        return str(sympy.N(value, digits))
    if digits > 15:  # more than a float has
        text = str(sympy.N(value, digits))
        return text if "e" in text else text.rstrip("0").removesuffix(".")
    return f"{float(value):.{digits}g}"
