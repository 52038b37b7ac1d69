"""What a certificate's lines are worth, in numbers: a second opinion that uses nothing of the checker.

It reads the certificate's JSON itself, with multi-indices as tuples (the checker splits them into names), and
computes modulo a prime with random entries. A difference is a proof that two lines differ; agreement is not
a proof of anything, but at several sizes it is a good sign.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

from nonconv.proofs.certificate import cond_to_json, poly_to_json, term_to_json
from nonconv.proofs.statement import Statement

PRIME = 2**61 - 1
COMPARE = {
    "==": lambda a, b: a == b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}
Number = int | tuple[int, ...]


class TooLarge(Exception):
    """More work than is worth it."""


class Outside(Exception):
    """An entry outside its tensor is used."""


class Oracle:
    """A statement with its witnesses, at one choice of sizes and indices in d dimensions."""

    def __init__(self, st: Statement, certificate: dict, d: int, rnd: random.Random, largest: int = 3):
        self.st, self.d, self.rnd = st, d, rnd
        own = {x for x, kind in certificate.get("indices", {}).items() if kind == "s"}
        self.positions = set(st.positions) | own
        self.kinds = st.kinds
        self.shapes = {x: [poly_to_json(p) for p in last] for x, (_, last) in st.inputs.items()}
        self.bodies: dict[str, tuple[list[str], Any]] = {}
        for df in st.defs:
            self.shapes[df.name] = [poly_to_json(p) for p in df.shape]
            if df.body is not None:
                self.bodies[df.name] = (list(df.params), term_to_json(df.body))
            elif df.name in certificate["witness"]:
                witness = certificate["witness"][df.name]
                self.bodies[df.name] = (witness["indices"], witness["body"])
        self.entries: dict[tuple, int] = {}
        self.sizes: dict[str, Number] = {}
        self.work = 0
        self.values = self._sample(largest)

    # ------------------------------------------------------------ sizes and indices
    def _sample(self, largest: int) -> dict[str, Number]:
        """Random sizes and free indices for which the hypotheses hold."""
        st, rnd = self.st, self.rnd
        hypotheses = [cond_to_json(c) for c in st.hypotheses]

        def draw(x: str, low: int, high: int) -> Number:
            one = [rnd.randint(low, max(low, high)) for _ in range(self.d if x in self.positions else 1)]
            return tuple(one) if x in self.positions else one[0]

        for _ in range(3000):
            top = {x: rnd.choice((4, 8, 14)) if x in st.extents else largest for x in st.sizes}
            values = {x: draw(x, least, top[x]) for x, least in st.sizes.items()}
            for x, last in zip(st.free, st.free_last, strict=True):
                length = self.per_axis(poly_to_json(last), values, x in self.positions)
                if min(length) < 1:
                    break
                found = tuple(rnd.randint(1, n) for n in length)
                values[x] = found if x in self.positions else found[0]
            else:
                if all(self.holds(c, values) for c in hypotheses):
                    self.sizes = {x: values[x] for x in st.sizes}
                    return values
        raise TooLarge("no sizes that meet the hypotheses")

    # ------------------------------------------------------------ index expressions
    def per_axis(self, p: dict, values: dict[str, Number], position: bool) -> list[int]:
        """The value of an index expression: one number, or one for each axis."""
        out = []
        for axis in range(self.d if position else 1):
            total = 0
            for key, coefficient in p.items():
                for x in key.split("*") if key else ():
                    v = values[x]
                    coefficient *= v[axis] if isinstance(v, tuple) else v
                total += coefficient
            out.append(total)
        return out

    def is_position(self, *polys: dict) -> bool:
        return any(x in self.positions for p in polys for key in p for x in key.split("*"))

    def holds(self, cond: list, values: dict[str, Number]) -> bool:
        op, left, right = cond
        position = self.is_position(left, right)
        pairs = zip(
            self.per_axis(left, values, position), self.per_axis(right, values, position), strict=True
        )
        return all(COMPARE[op](a, b) for a, b in pairs)

    def points(self, ranges: list, values: dict[str, Number]) -> Iterator[dict[str, Number]]:
        if not ranges:
            yield values
            return
        (x, low, high), rest = ranges[0], ranges[1:]
        position = x in self.positions
        ends = zip(self.per_axis(low, values, position), self.per_axis(high, values, position), strict=True)
        for point in itertools.product(*[range(a, b + 1) for a, b in ends]):
            yield from self.points(rest, {**values, x: point if position else point[0]})

    # ------------------------------------------------------------ terms
    def value(self, t: Any, values: dict[str, Number] | None = None) -> int:
        """The value of a term modulo a prime; Outside if it uses an entry that is not there."""
        self.work = 1 if values is None else self.work + 1
        if self.work > 150_000:
            raise TooLarge("too many points")
        values = self.values if values is None else values
        if isinstance(t, int):
            return t % PRIME
        if t[0] == "acc":
            return self.entry(t[1], t[2], values)
        if t[0] == "add":
            return sum(self.value(u, values) for u in t[1:]) % PRIME
        if t[0] == "mul":
            # a bracket that is 0 makes the product 0, whatever stands beside it
            if any(self.bracket_is_zero(u, values) for u in t[1:]):
                return 0
            product = 1
            for u in t[1:]:
                product = product * self.value(u, values) % PRIME
            return product
        total = 0
        for point in self.points(t[1], values):
            if all(self.holds(c, point) for c in t[2]):
                total += self.value(t[3], point)
        return total % PRIME

    def bracket_is_zero(self, t: Any, values: dict[str, Number]) -> bool:
        if not isinstance(t, list):
            return False
        if t[0] == "mul":
            return any(self.bracket_is_zero(u, values) for u in t[1:])
        if t[0] != "sum" or t[1]:
            return False
        return not all(self.holds(c, values) for c in t[2]) or self.bracket_is_zero(t[3], values)

    def entry(self, tensor: str, index: list, values: dict[str, Number]) -> int:
        place: list[Number] = []
        for p, kind, last in zip(index, self.kinds[tensor], self.shapes[tensor], strict=True):
            position = kind == "s"
            at = self.per_axis(p, values, position)
            if any(
                not 1 <= v <= n for v, n in zip(at, self.per_axis(last, self.sizes, position), strict=True)
            ):
                raise Outside(f"{tensor}{at}")
            place.append(tuple(at) if position else at[0])
        key = (tensor, tuple(place))
        if key not in self.entries:
            if tensor in self.bodies:
                params, body = self.bodies[tensor]
                self.entries[key] = self.value(body, self.sizes | dict(zip(params, place, strict=True)))
            else:
                self.entries[key] = self.rnd.randrange(PRIME)
        return self.entries[key]

    def sides(self) -> tuple[int, int]:
        """The two sides of the statement."""
        return self.value(term_to_json(self.st.left)), self.value(term_to_json(self.st.right))
