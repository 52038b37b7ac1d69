"""Answers that are formulas: the student's function gets symbols and returns an expression in them.

Two expressions are equal if their difference simplifies to 0; they are different if it is not 0 at some small
numbers, which are then shown. As JSON an expression is a tree of names and whole numbers, never text to be
evaluated.
"""

from collections.abc import Iterator
from itertools import chain, islice, product
from typing import Any, NamedTuple

import sympy

FLAGS = ("integer", "positive", "real")  # what may be known of a symbol
# numbers at which two expressions are compared, in this order
VALUES: tuple[Any, ...] = (1, 2, 3, sympy.Rational(1, 2), 5, -1, -2, sympy.Rational(-1, 3))
DIGITS = 30
FIRST = 3  # of them are looked at before anything is simplified: to see a difference takes less time
SAME = sympy.Rational(1, 10**20)  # far above the rounding of so many digits, far below any slip


class sigma(sympy.Function):  # noqa: N801 - sympy's functions are classes, and this one is written σ(x)
    """σ(x) = 1/(1 + e^−x), as a formula knows it."""

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


def difference(actual: Any, expected: Any, name: str) -> str | None:
    """None where both are the same formula; else what is wrong, with numbers at which they differ."""
    if actual is None:
        return f"{name}: expected a formula, got None: is there a `return`?"
    letters = {show(symbol): symbol for symbol in sorted(expected.free_symbols, key=str)}
    if isinstance(actual, sympy.Poly):
        actual = actual.as_expr()
    if isinstance(actual, bool) or not isinstance(actual, sympy.Expr | int | float):
        kind = type(actual).__name__
        return f"{name}: expected a formula in {', '.join(letters)}, got {kind} {show(actual):.40}"
    own = {show(symbol) for symbol in sympy.sympify(actual).free_symbols - expected.free_symbols}
    if same := sorted(own & set(letters)):
        letter = same[0]
        return f"{name}: its {letter} is another symbol of that name; take the {letter} that you are given"
    yours, right = (_without_floats(side) for side in (actual, expected))
    points = _points(yours, right)
    first = list(islice(points, FIRST))
    apart = any(point.tells_apart for point in first)
    if not apart and sympy.simplify((yours - right).rewrite(sympy.exp)) == 0:
        return None
    for point in chain(first, points):
        if point.differs:
            where = ", ".join(f"{show(symbol)} = {value}" for symbol, value in point.at)
            where = f"at {where} " if where else ""
            return (
                f"{name}: your formula is {show(actual):.60}; {where}it gives {_number(point.got)},"
                f" expected {_number(point.wanted)}"
            )
    return (
        f"{name}: your formula {show(actual):.60} could not be compared with the right one;"
        " write it in a simpler way"
    )


class _Point(NamedTuple):
    """Both formulas at some numbers."""

    at: list[tuple[Any, Any]]
    got: Any
    wanted: Any

    @property
    def differs(self) -> bool:
        return bool(self.wanted.is_finite) and not (self.got.is_finite and self._near)

    @property
    def tells_apart(self) -> bool:
        """Two numbers that differ. Where one formula has none, as 0/0, they may be equal all the same."""
        return bool(self.wanted.is_finite and self.got.is_finite) and not self._near

    @property
    def _near(self) -> bool:
        return bool(abs(self.got - self.wanted) <= SAME * (1 + abs(self.wanted)))


def _points(yours: Any, right: Any) -> Iterator[_Point]:
    symbols = sorted(yours.free_symbols | right.free_symbols, key=str)
    sides = [side.rewrite(sympy.exp) for side in (yours, right)]
    for values in product(VALUES, repeat=len(symbols)):
        at = list(zip(symbols, values, strict=True))
        if all(_fits(symbol, value) for symbol, value in at):
            yield _Point(at, *(sympy.N(side.subs(at), DIGITS) for side in sides))


def _without_floats(side: Any) -> Any:
    """0.5 is 1/2, and 1.4142135623731, which sympy makes of 2 ** 0.5, is √2."""

    def exact(number: sympy.Float) -> sympy.Expr:
        found = sympy.nsimplify(number)
        near = abs(found - number) <= 1e-13 * abs(number)
        return found if near else sympy.nsimplify(number, rational=True)

    return sympy.sympify(side).replace(lambda part: part.is_Float, exact)


def _fits(symbol: Any, value: Any) -> bool:
    """May the symbol have this value?"""
    return not (symbol.is_positive and value <= 0) and not (symbol.is_integer and value != int(value))


def _number(value: Any) -> str:
    if not value.is_finite:
        return "no number (a division by 0?)"
    return f"{float(value):.6g}" if value.is_real else str(value)
