"""The notation: Python operators that build written terms (see dimensions.py for their form).

S[k:K, w:r](Y[k, i+w-1] * G[k, l, w]) + g[l]      a sum; k:K is k = 1..K, and t:0:p is t = 0..p
S[u:p, w:r, u+w-1 == t](F[u] * G[w])              a sum with a condition
I[m == k]                                         an Iverson bracket: 1 if the condition holds, otherwise 0
...                                               a blank, to be filled in
"""

from __future__ import annotations

from typing import Any

from . import polynomials as po
from .polynomials import Poly
from .terms import IllFormed


class NotationError(IllFormed):
    """Something that Python can read and mathematics cannot."""

    def _render_traceback_(self) -> list[str]:  # Jupyter shows this instead of a traceback
        return [f"In this formula: {self}"]


BLANK = ("blank",)


def poly(x: Any) -> Poly:
    """An index expression as a polynomial."""
    if isinstance(x, Index):
        return x.poly
    if isinstance(x, int) and not isinstance(x, bool):
        return po.constant(x)
    if isinstance(x, Value):
        raise NotationError(
            "a value (such as F[u]) cannot be used as an index; indices are built from names and integers"
        )
    raise NotationError(f"{x!r} is not an index; indices are built from names, integers, + - and *")


class Index:
    """An index expression: an integer polynomial in index and size names."""

    __hash__ = None  # type: ignore[assignment]  # because == builds a condition

    def __init__(self, p: Poly):
        self.poly = p

    def __add__(self, other: Any) -> Index:
        return Index(po.add(self.poly, poly(other)))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Index:
        return Index(po.subtract(self.poly, poly(other)))

    def __rsub__(self, other: Any) -> Index:
        return Index(po.subtract(poly(other), self.poly))

    def __mul__(self, other: Any) -> Index:
        return Index(po.multiply(self.poly, poly(other)))

    __rmul__ = __mul__

    def __neg__(self) -> Index:
        return Index(po.scale(self.poly, -1))

    def __eq__(self, other: Any) -> Condition:  # type: ignore[override]
        return Condition("==", self.poly, poly(other))

    def __le__(self, other: Any) -> Condition:
        return Condition("<=", self.poly, poly(other))

    def __lt__(self, other: Any) -> Condition:
        return Condition("<", self.poly, poly(other))

    def __ge__(self, other: Any) -> Condition:
        return Condition(">=", self.poly, poly(other))

    def __gt__(self, other: Any) -> Condition:
        return Condition(">", self.poly, poly(other))

    def __ne__(self, other: Any) -> Condition:  # type: ignore[override]
        raise NotationError("'!=' is not a condition here; use ==, <=, <, >= or >")

    def __truediv__(self, other: Any) -> Index:
        raise NotationError("an index cannot be divided: it has to stay an integer for all sizes")

    __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __truediv__

    def __pow__(self, other: Any) -> Index:
        raise NotationError("there are no powers of an index here; write the product out, p*p")

    __rpow__ = __pow__

    def __bool__(self) -> bool:
        raise NotationError("an index is neither true nor false")

    def __repr__(self) -> str:
        from .render import plain_poly

        return plain_poly(self.poly)

    @property
    def name(self) -> str:
        name = po.as_name(self.poly)
        if name is None:
            raise NotationError(f"a summation index must be a plain name; {self!r} is an expression")
        return name


class Condition:
    """A comparison of two index expressions, kept as it was written."""

    def __init__(self, op: str, left: Poly, right: Poly):
        self.written = (op, left, right)

    def __bool__(self) -> bool:
        raise NotationError(
            "Python cannot combine conditions: instead of  a <= b <= c,  'and',  max  or  min  write two "
            "conditions with a comma,  a <= b, b <= c"
        )

    def __and__(self, other: Any) -> Condition:
        return bool(self)  # type: ignore[return-value]  # raises

    __or__ = __and__

    def __repr__(self) -> str:
        from .render import plain_cond

        return plain_cond(self.written)


def term(x: Any) -> tuple:
    """A written term from what stands in a formula."""
    if isinstance(x, Value):
        return x.term
    if x is Ellipsis:
        return BLANK
    if isinstance(x, int) and not isinstance(x, bool):
        return ("num", x)
    if isinstance(x, Index):
        raise NotationError(
            f"{x!r} is an index, not a value; only tensor entries and integers can be added and "
            "multiplied here"
        )
    if isinstance(x, Tensor):
        raise NotationError(f"{x.name} needs its indices: {x.name}[...]")
    if isinstance(x, Condition):
        raise NotationError(
            f"a condition is not a value; for 1 where it holds and 0 elsewhere write I[{x!r}]"
        )
    if isinstance(x, SumOver):
        raise NotationError("a sum needs a body in round brackets: S[k:K](...)")
    if isinstance(x, str):
        raise NotationError(f'the text {x!r} stands where a line should: a line is a pair (line, "reason")')
    raise NotationError(f"{x!r} is not a value (numbers must be integers: the statement is about every ring)")


class Value:
    """A ring-valued expression."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, t: tuple):
        self.term = t

    def __add__(self, other: Any) -> Value:
        return Value(("add", self.term, term(other)))

    def __radd__(self, other: Any) -> Value:
        return self if isinstance(other, int) and other == 0 else Value(("add", term(other), self.term))

    def __sub__(self, other: Any) -> Value:
        return Value(("add", self.term, ("mul", ("num", -1), term(other))))

    def __rsub__(self, other: Any) -> Value:
        return Value(("add", term(other), ("mul", ("num", -1), self.term)))

    def __mul__(self, other: Any) -> Value:
        return Value(("mul", self.term, term(other)))

    def __rmul__(self, other: Any) -> Value:
        return Value(("mul", term(other), self.term))

    def __neg__(self) -> Value:
        return Value(("mul", ("num", -1), self.term))

    def __truediv__(self, other: Any) -> Value:
        raise NotationError("there is no division: the statement is about every commutative ring")

    __rtruediv__ = __floordiv__ = __rfloordiv__ = __truediv__

    def __pow__(self, other: Any) -> Value:
        raise NotationError("there are no powers here; write the product out, F[u]*F[u]")

    __rpow__ = __pow__

    def __eq__(self, other: Any) -> Any:
        raise NotationError("do not write = between lines: each line of the chain is one expression")

    def __bool__(self) -> bool:
        raise NotationError("a formula is neither true nor false; give it to P.calc")

    def __call__(self, *_: Any) -> Any:
        raise NotationError("is a * missing before this round bracket?")

    def __repr__(self) -> str:
        from .render import plain

        return plain(self.term)

    def _repr_latex_(self) -> str:
        from .render import Style

        return rf"$\displaystyle {Style().latex(self.term)}$"


class Tensor:
    """A named tensor: T[indices] is one of its entries."""

    def __init__(self, name: str):
        self.name = name

    def __getitem__(self, index: Any) -> Value:
        index = index if isinstance(index, tuple) else (index,)
        if any(x is Ellipsis for x in index):
            return Value(BLANK)
        if any(isinstance(x, slice) for x in index):
            raise NotationError(
                f"{self.name}[...] takes index expressions, not ranges; ranges belong to S[...]"
            )
        return Value(("acc", self.name, tuple(map(poly, index))))

    def __repr__(self) -> str:
        return self.name

    def _no(self, *_: Any) -> Any:
        raise NotationError(f"{self.name} needs its indices: {self.name}[...]")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __call__ = __neg__ = _no


class SumOver:
    """S[...] before its body."""

    def __init__(self, ranges: tuple, conds: tuple, blank: bool):
        self.ranges, self.conds, self.blank = ranges, conds, blank

    def __call__(self, body: Any = ...) -> Value:
        t = term(body)
        return Value(BLANK) if self.blank else Value(("sum", self.ranges, self.conds, t))

    def __mul__(self, other: Any) -> Value:
        raise NotationError("the body of a sum stands in round brackets: S[k:K](...)")


class _S:
    def __getitem__(self, items: Any) -> SumOver:
        ranges, conds, blank = [], [], False
        for it in items if isinstance(items, tuple) else (items,):
            if isinstance(it, Condition):
                conds.append(it.written)
            elif it is Ellipsis:
                blank = True
            elif isinstance(it, slice):
                lo, hi = (1, it.stop) if it.step is None else (it.stop, it.step)
                if it.start is Ellipsis or lo is Ellipsis or hi is Ellipsis:
                    blank = True
                    continue
                if not isinstance(it.start, Index) or hi is None:
                    raise NotationError(
                        "a range is written  name:last  or  name:first:last, for example S[k:K]"
                    )
                ranges.append((it.start.name, poly(lo), poly(hi)))
            elif it is True or it is False:
                raise NotationError("this condition is about numbers only, it does not mention an index")
            else:
                raise NotationError(
                    "between the square brackets of S stand ranges such as k:K and conditions such as "
                    "u+w-1 == t"
                )
        return SumOver(tuple(ranges), tuple(conds), blank)


class _I:
    def __getitem__(self, items: Any) -> Value:
        s = S[items]
        if s.ranges:
            raise NotationError("I[...] takes conditions only; a sum is S[...]")
        return s(1)


S = _S()
I = _I()  # the usual letter for an indicator


def indices(names: str) -> list[Index]:
    """Index expressions for names separated by blanks or commas."""
    return [Index(po.variable(x)) for x in names.replace(",", " ").split()]


def tensors(names: str) -> list[Tensor]:
    """Tensors for names separated by blanks or commas."""
    return [Tensor(x) for x in names.replace(",", " ").split()]
