"""Formulas for the eye (LaTeX, as the seminar writes them) and for the ear (plain text, as the student
typed them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from . import polynomials as po
from .polynomials import Poly
from .refutation import Counterexample, Entry

STRIDES = "sed"
ORDER = "iujvalwzkmtpqrsen"
GREEK = {"gamma", "beta", "mu", "rho", "sigma", "tau", "eta", "delta"}
PAIRS = {"i": "i j", "u": "u v", "w": "w z", "t": "t tau", "p": "p q", "r": "r s"}  # rows and columns


def _ordered(p: Poly) -> list[tuple[po.Monomial, int]]:
    """The monomials as one writes them: i+u-1, t-w+1; a constant last, a positive one first."""
    out = sorted(p, key=lambda mc: (not mc[0], len(mc[0]), [ORDER.find(x[0]) for x in mc[0]], mc[0]))
    first = next((k for k, (m, c) in enumerate(out) if c > 0 and m), 0)
    return [out[first], *out[:first], *out[first + 1 :]] if out else []


def _factored(p: Poly) -> tuple[str, Poly, Poly] | None:
    """p = x * inside + rest for a stride or dilation x that stands in several terms, if there is one."""
    for x in STRIDES:
        inside = [(m, c) for m, c in p if x in m]
        if len(inside) > 1:
            without = po.collect((m[: m.index(x)] + m[m.index(x) + 1 :], c) for m, c in inside)
            return x, without, tuple((m, c) for m, c in p if x not in m)
    return None


def _write_poly(p: Poly, name, times: str) -> str:
    group = _factored(p)
    if group:  # s(i-1)+u
        x, inside, rest = group
        minus = _ordered(inside)[0][1] < 0
        inside = po.scale(inside, -1 if minus else 1)
        product = (again := _factored(inside)) is not None and not again[2]  # s*e*(i-1)
        written = _write_poly(inside, name, times)
        part = (
            f"{name(x)}{times}{written}" if product else f"{name(x)}{times.strip(chr(92) + ',')}({written})"
        )
        others = _write_poly(rest, name, times) if rest else ""
        if minus:
            return f"{others}-{part}"
        return part + ("" if others[:1] in ("", "-") else "+") + others
    out = ""
    for mono, c in _ordered(p):
        factors = [str(abs(c))] * (abs(c) != 1 or not mono)
        factors += [
            name(x) for x in sorted(mono, key=lambda x: ("spqrde".find(x[0]) < 0, ORDER.find(x[0]), x))
        ]
        out += ("-" if c < 0 else "+" if out else "") + times.join(factors)
    return out or "0"


# ---------------------------------------------------------------- plain text
def plain_poly(p: Poly) -> str:
    """i+u-1"""
    return _write_poly(p, str, "*")


def plain_cond(cond: tuple) -> str:
    """u+w-1 == t; kernel conditions (kind, poly) are shown as p >= 0"""
    if len(cond) == 2:
        return f"{plain_poly(cond[1])} {'>=' if cond[0] == 'ge' else '=='} 0"
    return f"{plain_poly(cond[1])} {cond[0]} {plain_poly(cond[2])}"


def plain(t: tuple, tight: bool = False) -> str:
    """A formula in the notation of notation.py."""
    kind = t[0]
    if kind == "blank":
        return "..."
    if kind == "unread":
        return "(not read)"
    if kind == "num":
        return f"({t[1]})" if tight and t[1] < 0 else str(t[1])
    if kind == "acc":
        return f"{t[1]}[{','.join(map(plain_poly, t[2]))}]" if t[2] else t[1]
    if kind == "add":
        out = ""
        for u in t[1:]:
            negative = u[0] == "mul" and u[1] == ("num", -1) and len(u) > 2
            u = (u[2] if len(u) == 3 else ("mul", *u[2:])) if negative else u
            out += (" - " if out else "-") if negative else (" + " if out else "")
            out += plain(u, tight=negative and u[0] == "add")
        return f"({out})" if tight else out
    if kind == "mul":
        return "*".join(plain(u, True) for u in t[1:])
    if not t[1] and t[3] == ("num", 1):
        return f"I[{', '.join(map(plain_cond, t[2]))}]"
    ranges = [
        f"{x}:{plain_poly(hi)}" if lo == po.ONE else f"{x}:{plain_poly(lo)}:{plain_poly(hi)}"
        for x, lo, hi in t[1]
    ]
    return f"S[{', '.join([*ranges, *map(plain_cond, t[2])])}]({plain(t[3])})"


def plain_counterexample(ce: Counterexample) -> str:
    """M=1 K=1 ...: which products only one line has, and numbers that show it."""
    lines = [", ".join(f"{x}={v}" for x, v in ce.values) + ":"] if ce.values else []
    for text, monos in (("only in the line before", ce.only_before), ("only in this line", ce.only_after)):
        if monos:
            more = ", ..." if len(monos) > 3 else ""
            lines.append(f"  {text}: {', '.join(map(plain_monomial, monos[:3]))}{more}")
    entries = ", ".join(f"{plain_entry(e)} = {v}" for e, v in ce.entries)
    given = f"all entries 0 except {entries}" if entries else "all entries 0"
    lines.append(f"  take {given}: the line before is {ce.before}, this line is {ce.after}")
    return "\n".join(lines)


def plain_entry(e: Entry) -> str:
    """G[1,1,2]"""
    return f"{e[0]}[{','.join(map(str, e[1]))}]" if e[1] else e[0]


def plain_monomial(m: tuple[Entry, ...]) -> str:
    """G[1,1,2]*b[1]"""
    return "*".join(map(plain_entry, m)) or "a constant"


# ---------------------------------------------------------------- LaTeX
class Style:
    """How a statement is printed: which slots are channels, which names are positions, in how many
    dimensions.
    """

    def __init__(
        self,
        kinds: Mapping[str, str] | None = None,
        positions: frozenset[str] = frozenset(),
        d: int = 1,
        used: frozenset[str] = frozenset(),
    ):
        self.kinds, self.positions, self.d = dict(kinds or {}), positions, d
        taken = used | frozenset(self.kinds)
        self.pairs = {x: p.split() for x, p in PAIRS.items() if d == 2 and p.split()[1] not in taken}

    def name(self, x: str, axis: int = 0) -> str:
        """A name along an axis: u, v; or u_1, u_2, u_3."""
        if self.d > 1 and x in self.positions:
            if x in self.pairs:
                return self._symbol(self.pairs[x][axis])
            return f"{self._symbol(x)}_{{{axis + 1}}}" if len(x) == 1 else f"{x[0]}_{{{x[1:]}{axis + 1}}}"
        return self._symbol(x)

    @staticmethod
    def _symbol(x: str) -> str:
        if x in GREEK:
            return "{\\%s}" % x
        return x if len(x) == 1 else f"{x[0]}_{{{x[1:]}}}"

    def poly(self, p: Poly, axis: int = 0) -> str:
        """An index expression along an axis."""
        return _write_poly(p, lambda x: self.name(x, axis), r"\,")

    def axes(self, *ps: Poly) -> range:
        return range(self.d) if any(po.names(p) & self.positions for p in ps) else range(1)

    def cond(self, cond: tuple) -> list[str]:
        """A condition, once for each axis it speaks about."""
        if len(cond) == 2:
            cond = (">=" if cond[0] == "ge" else "==", cond[1], po.ZERO)
        op = {"==": "=", "<=": r"\le ", ">=": r"\ge ", "<": r"\lt ", ">": r"\gt "}[cond[0]]
        return [f"{self.poly(cond[1], a)}{op}{self.poly(cond[2], a)}" for a in self.axes(cond[1], cond[2])]

    def access(self, name: str, index: tuple[Poly, ...]) -> str:
        kinds = self.kinds.get(name, "s" * len(index))
        kinds = kinds if len(kinds) == len(index) else "s" * len(index)
        up = [self.poly(p) for p, k in zip(index, kinds, strict=True) if k == "c"]
        down = [self.poly(p, a) for a in range(self.d) for p, k in zip(index, kinds, strict=True) if k == "s"]
        if len([k for k in kinds if k == "s"]) > 1:  # several positions written apart: keep their order
            down = [
                self.poly(p, a) for p, k in zip(index, kinds, strict=True) if k == "s" for a in range(self.d)
            ]
        separate = [
            "" if all(len(x) == 1 or re.fullmatch(r"\{\\[a-z]+\}", x) for x in part) else r",\,"
            for part in (up, down)
        ]
        out = self._symbol(name)
        out += "^{%s}" % separate[0].join(up) if up else ""
        return out + ("_{%s}" % separate[1].join(down) if down else "")

    def latex(self, t: tuple, tight: bool = False) -> str:
        """A written (or kernel) term as LaTeX."""
        kind = t[0]
        if kind in ("blank", "unread"):
            return r"\boxed{\;?\;}"
        if kind == "num":
            return f"({t[1]})" if tight and t[1] < 0 else str(t[1])
        if kind == "acc":
            return self.access(t[1], t[2])
        if kind == "add":
            out = ""
            for u in t[1:]:
                negative = u[0] == "mul" and u[1] == ("num", -1) and len(u) > 2
                u = (u[2] if len(u) == 3 else ("mul", *u[2:])) if negative else u
                out += "-" if negative else "+" if out else ""
                out += self.latex(u, tight=negative and u[0] == "add")
            return rf"\Bigl({out}\Bigr)" if tight else out
        if kind == "mul":
            flat = self._flat(t)
            return r"\,".join(
                self.latex(u, u[0] in ("add", "num") or (u[0] == "sum" and bool(u[1]) and k < len(flat) - 1))
                for k, u in enumerate(flat)
            )
        conds = [c for cond in t[2] for c in self.cond(cond)]
        if not t[1]:
            bracket = r"\bigl[%s\bigr]" % r",\ ".join(conds)
            return bracket if t[3] == ("num", 1) else bracket + r"\," + self.latex(t[3], t[3][0] == "add")
        groups: list[list] = []  # neighbouring indices with the same range share one sum sign
        for x, lo, hi in t[1]:
            for a in range(self.d if x in self.positions else 1):
                bounds = (self.poly(lo, a), self.poly(hi, a))
                if groups and groups[-1][1] == bounds:
                    groups[-1][0].append(self.name(x, a))
                else:
                    groups.append([[self.name(x, a)], bounds])
        out = ""
        for n, (xs, (lo, hi)) in enumerate(groups):
            below = f"{','.join(xs)}={lo}"
            if conds and n == len(groups) - 1:
                below = r"\substack{%s}" % r"\\ ".join([below, *conds])
            out += r"\sum_{%s}^{%s}" % (below, hi)
        out += r"\," + self.latex(t[3], t[3][0] == "add")
        return rf"\Bigl({out}\Bigr)" if tight else out

    def _flat(self, t: tuple) -> list[tuple]:
        return [v for u in t[1:] for v in (self._flat(u) if u[0] == "mul" else [u])]

    def entry(self, e: Entry) -> str:
        """A concrete entry; its numbers stand in kernel order, so positions of all axes come together."""
        kinds = self.kinds.get(e[0], "s" * len(e[1]))
        channels = kinds.count("c")
        if kinds != "c" * channels + "s" * (len(kinds) - channels) or not channels:
            return self._symbol(e[0]) + ("_{%s}" % ",".join(map(str, e[1])) if e[1] else "")
        up, down = e[1][:channels], e[1][channels:]
        return (
            self._symbol(e[0])
            + "^{%s}" % ",".join(map(str, up))
            + ("_{%s}" % ",".join(map(str, down)) if down else "")
        )
