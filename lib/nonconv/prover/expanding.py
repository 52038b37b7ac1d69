"""Terms taken apart: definitions put in, products multiplied out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count, product

from nonconv.proofs import polynomials as po
from nonconv.proofs.dimensions import Written
from nonconv.proofs.polynomials import Poly
from nonconv.proofs.scope import tensors_of
from nonconv.proofs.statement import Statement

Names = frozenset[str]


@dataclass(frozen=True)
class Item:
    """number · Σ factors, over ranges and under conditions: one summand, multiplied out."""

    number: int
    ranges: tuple[tuple[str, Poly, Poly], ...]
    conds: tuple[tuple, ...]
    factors: tuple[Written, ...]

    @property
    def term(self) -> Written:
        numbers = (("num", self.number),) if self.number != 1 or not self.factors else ()
        parts = (*numbers, *self.factors)
        body = parts[0] if len(parts) == 1 else ("mul", *parts)
        return ("sum", self.ranges, self.conds, body) if self.ranges or self.conds else body


def sum_of(items: Iterable[Item]) -> Written:
    """The items as one term."""
    terms = [item.term for item in items]
    if not terms:
        return ("num", 0)
    return terms[0] if len(terms) == 1 else ("add", *terms)


class Expanding:
    """Substitution without capture: a bound name that is taken gets a new one of its kind."""

    def __init__(self, statement: Statement):
        self.statement = statement
        self.own: dict[str, str] = {}  # new names of indices: "s" of positions, "c" of channels
        self.definitions: dict[str, tuple[tuple[str, ...], Written]] = {
            d.name: (d.params, d.body) for d in statement.defs if d.body is not None
        }
        self.order = [d.name for d in statement.defs]

    @property
    def taken(self) -> Names:
        """The names that mean something everywhere."""
        return frozenset(self.statement.sizes) | frozenset(self.statement.free)

    def kind(self, name: str) -> str:
        return "s" if name in self.statement.positions else self.own.get(name, "c")

    def fresh(self, name: str, taken: Names) -> str:
        """The name itself, or one of its kind that is not taken."""
        if name not in taken:
            return name
        st = self.statement
        for number in count():
            new = name[0].lower() + "abcdefghijklmnopqrstuvwxyz"[number % 26] * (number // 26 + 1)
            free = new not in taken and new not in st.tensors and new not in st.names
            if free and self.own.get(new, self.kind(name)) == self.kind(name):
                self.own[new] = self.kind(name)
                return new
        raise AssertionError("count() does not end")

    def substitute(self, t: Written, values: Mapping[str, Poly], taken: Names) -> Written:
        """t with names replaced by index expressions; its bound names avoid what is taken."""
        match t[0]:
            case "acc":
                return ("acc", t[1], tuple(po.substitute(p, values) for p in t[2]))
            case "add" | "mul":
                return (t[0], *(self.substitute(u, values, taken) for u in t[1:]))
            case "sum":
                inside, ranges = dict(values), []
                for x, low, high in t[1]:
                    y = self.fresh(x, taken)
                    taken |= {y}
                    ranges.append((y, po.substitute(low, inside), po.substitute(high, inside)))
                    inside[x] = po.variable(y)
                conds = tuple((op, po.substitute(a, inside), po.substitute(b, inside)) for op, a, b in t[2])
                return ("sum", tuple(ranges), conds, self.substitute(t[3], inside, taken))
        return t

    def unfold(self, t: Written, name: str, taken: Names) -> Written:
        """t with one definition put in, wherever its name stands."""
        match t[0]:
            case "acc" if t[1] == name:
                params, body = self.definitions[name]
                return self.substitute(body, dict(zip(params, t[2], strict=True)), taken)
            case "add" | "mul":
                return (t[0], *(self.unfold(u, name, taken) for u in t[1:]))
            case "sum":
                return (*t[:3], self.unfold(t[3], name, taken | {x for x, _, _ in t[1]}))
        return t

    def next_name(self, t: Written) -> str | None:
        """The defined name in t that is to be put in next: the latest, whose definition has the others."""
        used = set(tensors_of(t)) & self.definitions.keys()
        return max(used, key=self.order.index, default=None)

    def items(self, t: Written, taken: Names) -> list[Item]:
        """t multiplied out; every name in it stays as it is."""
        match t[0]:
            case "num":
                return [Item(t[1], (), (), ())] if t[1] else []
            case "acc":
                return [Item(1, (), (), (t,))]
            case "add":
                return [item for u in t[1:] for item in self.items(u, taken)]
            case "sum":
                inner = self.items(t[3], taken | {x for x, _, _ in t[1]})
                return [Item(i.number, t[1] + i.ranges, t[2] + i.conds, i.factors) for i in inner]
        found = []
        for chosen in product(*(self.items(u, taken) for u in t[1:])):
            whole = Item(1, (), (), ())
            for item in chosen:
                item = self.renamed(item, taken | {x for x, _, _ in whole.ranges})
                whole = Item(
                    whole.number * item.number,
                    whole.ranges + item.ranges,
                    whole.conds + item.conds,
                    whole.factors + item.factors,
                )
            found.append(whole)
        return found

    def renamed(self, item: Item, taken: Names) -> Item:
        """The item with bound names that are not taken."""
        if not item.ranges:
            return item
        body = ("mul", ("num", 1), *item.factors)
        _, ranges, conds, inside = self.substitute(("sum", item.ranges, item.conds, body), {}, taken)
        return Item(item.number, ranges, conds, inside[2:])
