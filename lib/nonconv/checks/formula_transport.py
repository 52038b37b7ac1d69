"""A formula on its way out of the process that ran it, and back: a tree of names and numbers, never text that
is evaluated.

What comes back is built of a list of sympy's classes, and limited in size: a tree may be hostile. Even a
small one can take long to simplify, so whoever judges a stranger's formulas does that in a process with a
limit of its own (`nonconv.grading.engine.apart`).
"""

from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.piecewise import ExprCondPair

from nonconv.checks.formula import FUNCTIONS, Share

MAX_PARTS = 2000  # of a formula
MAX_DEPTH = 60  # of parts in parts
MAX_BITS = 4000  # of a whole number in it
MAX_POWER_BITS = 20_000  # of a power of numbers, which sympy multiplies out
MAX_NAME = 100  # characters of a letter

# classes of sympy, by name: what students write who differentiate, sum or distinguish cases
NAMES = """
    acos acosh acot acoth acsc acsch asec asech asin asinh atan atan2 atanh binomial conjugate cos cot
    coth csc csch erf factorial gamma harmonic im re sec sech sign sin sinc tan Heaviside LambertW Sum
    Product Derivative Integral Limit Subs Tuple Piecewise ExprCondPair And Or Not Equality Unequality
    GreaterThan LessThan StrictGreaterThan StrictLessThan
"""
KINDS: dict[str, Any] = FUNCTIONS | {
    name: getattr(sympy, name) for name in NAMES.split() if hasattr(sympy, name)
}
KINDS["ExprCondPair"] = ExprCondPair
CONSTANTS: dict[str, Any] = {
    "pi": sympy.pi,
    "E": sympy.E,
    "I": sympy.I,
    "oo": sympy.oo,
    "-oo": -sympy.oo,
    "zoo": sympy.zoo,
    "nan": sympy.nan,
    "EulerGamma": sympy.EulerGamma,
    "GoldenRatio": sympy.GoldenRatio,
    "true": sympy.true,
    "false": sympy.false,
}
ASSUMPTIONS = frozenset(sympy.Symbol("x", positive=True, integer=True).assumptions0) | {
    "even",
    "odd",
    "prime",
    "composite",
}


class TooLarge(Exception):
    """The formula has more parts than are read; the message says how many are."""


class NoFormula(Exception):
    """There is a part that no formula here can have."""


def pack(value: Any) -> Any:
    """The tree of a formula, or of one of sympy's functions itself. TooLarge and NoFormula for any other."""
    value = value.as_expr() if isinstance(value, sympy.Poly) else value
    if isinstance(value, type):
        return {"function": _name(value)}
    try:
        return _pack(value, [MAX_PARTS], MAX_DEPTH)
    except NoFormula:
        return _pack(value.doit(), [MAX_PARTS], MAX_DEPTH)  # such as an unevaluated class that is not known


def _name(kind: Any) -> str:
    name = kind.__name__
    if KINDS.get(name) is not kind:  # a student's own class may have the name of one of sympy's
        raise NoFormula(name)
    return name


def _pack(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth == 0:
        raise TooLarge(f"it returns a formula of more than {MAX_PARTS:,} parts; a shorter one says the same")
    for name, constant in CONSTANTS.items():
        if value is constant:
            return {"constant": name}
    if isinstance(value, Share):
        return {"share": value.name}
    if isinstance(value, sympy.Dummy):
        return {"symbol": f"{value.name}_{value.dummy_index}", "is": [], "not": []}
    if isinstance(value, sympy.Symbol):
        known = value.assumptions0
        return {
            "symbol": value.name,
            "is": sorted(name for name, holds in known.items() if holds),
            "not": sorted(name for name, holds in known.items() if not holds),
        }
    if isinstance(value, sympy.Rational):
        return {"rational": [_whole(int(value.p)), _whole(int(value.q))]}
    if isinstance(value, sympy.Float):
        sign, mantissa, exponent, bits = (int(part) for part in value._mpf_)
        return {"float": [sign, _whole(mantissa), exponent, bits], "precision": int(value._prec)}
    parts = [_pack(part, left, depth - 1) for part in value.args]
    if isinstance(value, AppliedUndef):
        return {"undefined": value.func.__name__, "of": parts}
    return {"formula": _name(value.func), "of": parts}


def _whole(value: int) -> int:
    if value.bit_length() > MAX_BITS:
        raise TooLarge(f"it returns a formula with a whole number of more than {MAX_BITS:,} bits")
    return value


def unpack(tree: Any) -> Any:
    """The inverse, for a tree that may be hostile. Any exception says that it is none."""
    if "function" in tree:
        return KINDS[tree["function"]]
    return _unpack(tree, [MAX_PARTS], MAX_DEPTH)


def _unpack(tree: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth == 0:
        raise ValueError("a formula that is too large")
    match tree:
        case {"constant": name}:
            return CONSTANTS[name]
        case {"share": name}:
            return Share(_letter(name))
        case {"symbol": name, "is": known, "not": denied}:
            if not ASSUMPTIONS.issuperset([*known, *denied]):
                raise ValueError("an unknown assumption")
            return sympy.Symbol(_letter(name), **dict.fromkeys(known, True), **dict.fromkeys(denied, False))
        case {"rational": [int(p), int(q)]}:
            return sympy.Rational(_limited(p), _limited(q))
        case {"float": [0 | 1 as sign, int(mantissa), int(exponent), int()], "precision": int(precision)}:
            if abs(exponent) > MAX_BITS or not 1 <= precision <= MAX_BITS or mantissa < 0:
                raise ValueError("a number that is too large, or none")
            # how many bits it has is counted anew: by a wrong number of them sympy computes for ever
            bits = _limited(mantissa).bit_length()
            return sympy.Float((sign, mantissa, exponent if mantissa else 0, bits), precision=precision)
        case {"undefined": name, "of": parts}:
            return sympy.Function(_letter(name))(*(_unpack(part, left, depth - 1) for part in parts))
        case {"formula": name, "of": parts}:
            kind, found = KINDS[name], [_unpack(part, left, depth - 1) for part in parts]
            if kind in (sympy.Add, sympy.Mul, sympy.Pow) and not all(
                isinstance(part, sympy.Expr) for part in found
            ):
                raise ValueError("a truth value in the place of a number")
            if kind is sympy.Pow:
                _small(*found)
            return kind(*found)
    raise ValueError("no formula")


def _letter(name: Any) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
        raise ValueError("no name of a letter")
    return name


def _limited(value: int) -> int:
    if value.bit_length() > MAX_BITS:
        raise ValueError("a number that is too large")
    return value


def _small(base: Any, exponent: Any) -> None:
    """ValueError for a power of numbers that sympy would multiply out to a very large one."""
    if base.is_Rational and exponent.is_Rational:
        bits = max(int(base.p).bit_length(), int(base.q).bit_length())
        if bits > 1 and abs(exponent) * bits > MAX_POWER_BITS:
            raise ValueError("a power that is too large")
