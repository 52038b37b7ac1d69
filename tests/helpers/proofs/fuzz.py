"""Soundness by brute force:  PYTHONPATH=tests python -m helpers.proofs.fuzz --pairs 20000 --systems 10000
[--seed 0]

Pairs: random terms and random edits of them, some right, some wrong, under random flags. Whenever `equal`
says yes, both terms are expanded as polynomials in the tensor entries at every point of a grid of sizes and
indices; a single difference is a soundness bug. Systems: whenever a set of conditions is said to be
infeasible, or to entail a goal, all integer points of a box are tried.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time

from nonconv.proofs import polynomials as po
from nonconv.proofs.budget import OutOfBudget, limit
from nonconv.proofs.entailment import entails, infeasible
from nonconv.proofs.equality import ALL, equal
from nonconv.proofs.refutation import compare_at
from nonconv.proofs.rules import RULES
from nonconv.proofs.scope import check_scope, define
from nonconv.proofs.terms import Context, IllFormed, at_least, holds

SIZES, FREE = ("p", "r", "s"), ("i", "j")
GRID = [
    dict(zip(SIZES + FREE, v, strict=True))
    for v in [
        *itertools.product((1, 2, 3), (1, 2), (1, 2), (0, 2), (1,)),
        *itertools.product((1, 2, 4), (3,), (1,), (-2, 1), (0, 3)),
    ]
]


def new_context() -> Context:
    """Tensors of arities 0 to 2 and two definitions, one with a sum of sums, one with a bracket."""
    any_index = (po.ZERO, po.ZERO)  # bounds typing is not part of this test
    shapes = {"X": (any_index,), "F": (any_index,), "A": (any_index, any_index), "b": ()}
    ctx = Context({"p": 1, "r": 1, "s": 1}, FREE, shapes)
    y, x = po.variable("y"), po.variable("x")
    define(
        ctx,
        "Y",
        ("x",),
        (any_index,),
        (
            "add",
            (
                "sum",
                (("y", po.ONE, po.variable("p")),),
                (),
                ("mul", ("acc", "X", (po.add(x, y),)), ("acc", "F", (y,))),
            ),
            ("acc", "b", ()),
        ),
    )
    define(
        ctx,
        "D",
        ("x",),
        (any_index,),
        ("sum", (), (("eq", po.subtract(x, po.variable("r"))),), ("acc", "F", (x,))),
    )
    return ctx


class Terms:
    """Random terms and edits."""

    def __init__(self, rnd: random.Random, ctx: Context):
        self.rnd, self.ctx, self.count = rnd, ctx, itertools.count()

    def poly(self, scope: list[str]) -> po.Poly:
        rnd = self.rnd
        p = po.constant(rnd.choice([0, 0, 1, -1, 2]))
        for x in rnd.sample(scope, min(len(scope), rnd.choice([1, 1, 2]))):
            factor = po.variable(x) if rnd.random() < 0.9 else po.multiply(po.variable(x), po.variable("s"))
            p = po.add(p, factor, rnd.choice([1, 1, 1, -1, 2]))
        return p

    def bound(self, scope: list[str], default: po.Poly) -> po.Poly:
        return default if self.rnd.random() < 0.75 else self.poly(scope)

    def term(self, scope: list[str], depth: int):
        rnd = self.rnd
        k = rnd.random()
        if depth == 0 or k < 0.15:
            t = rnd.choice(["X", "F", "A", "b", "Y", "D"])
            return ("acc", t, tuple(self.poly(scope) for _ in self.ctx.shapes[t]))
        if k < 0.2:
            return ("num", rnd.choice([0, 1, 2, -1]))
        if k < 0.38:
            return ("add", self.term(scope, depth - 1), self.term(scope, depth - 1))
        if k < 0.62:
            return ("mul", self.term(scope, depth - 1), self.term(scope, depth - 1))
        ranges, inner = [], list(scope)
        for _ in range(rnd.choice([0, 1, 1, 1, 2])):
            x = f"v{next(self.count)}"
            ranges.append((x, self.bound(inner, po.ONE), self.bound(inner, po.variable(rnd.choice("pr")))))
            inner.append(x)
        conds = tuple(
            (rnd.choice(["ge", "ge", "eq"]), self.poly(inner))
            for _ in range(rnd.choice([0, 0, 1, 2]) or (not ranges))
        )
        return ("sum", tuple(ranges), conds, self.term(inner, depth - 1))

    def edit(self, t, rate: float):
        """Something that looks like a step of a proof; often right, often not."""
        rnd, kind = self.rnd, t[0]
        if kind == "num":
            return ("num", t[1] + (rnd.random() < rate * 0.3))
        if kind == "acc":
            index = list(t[2])
            if index and rnd.random() < rate:
                j = rnd.randrange(len(index))
                index[j] = po.add(index[j], po.constant(rnd.choice([1, -1])))
            if t[1] in self.ctx.definitions and rnd.random() < 0.3:
                d = self.ctx.definitions[t[1]]
                return self.fresh(d.body, dict(zip(d.params, index, strict=True)))
            return ("acc", t[1], tuple(index))
        if kind in ("add", "mul"):
            parts = [self.edit(u, rate) for u in t[1:]]
            if rnd.random() < 0.5:
                rnd.shuffle(parts)
            if kind == "mul" and rnd.random() < 0.35:
                for j, u in enumerate(parts):
                    rest = parts[:j] + parts[j + 1 :]
                    if u[0] == "add":
                        return ("add", *[self.fresh(("mul", *rest, x), {}) for x in u[1:]])
                    if u[0] == "sum":
                        return ("sum", u[1], u[2], ("mul", *rest, u[3]))
            return (kind, *parts)
        return self.edit_sum(t, rate)

    def edit_sum(self, t, rate: float):
        rnd = self.rnd
        ranges, conds, body = list(t[1]), list(t[2]), self.edit(t[3], rate)
        choice = rnd.random()
        if not ranges:
            if choice < 0.3 and body[0] == "sum":
                return ("sum", body[1], (*conds, *body[2]), body[3])
            return ("sum", (), tuple(conds), body)
        if choice < 0.15 and body[0] == "add":
            return ("add", *[self.fresh(("sum", tuple(ranges), tuple(conds), u), {}) for u in body[1:]])
        if choice < 0.3 and body[0] == "sum":
            return (
                "sum",
                (*body[1], *ranges) if rnd.random() < 0.5 else (*ranges, *body[1]),
                (*conds, *body[2]),
                body[3],
            )
        if choice < 0.5:  # another summation index: x -> shift +- x, the bounds changed with it, or wrongly
            j = rnd.randrange(len(ranges))
            x, lo, hi = ranges[j]
            shift, negative = rnd.choice([1, -1]), rnd.random() < 0.4
            new = {x: po.add(po.constant(shift), po.variable(x), -1 if negative else 1)}
            c = po.constant(shift)
            lo, hi = (
                (po.subtract(c, hi), po.subtract(c, lo))
                if negative
                else (po.subtract(lo, c), po.subtract(hi, c))
            )
            if rnd.random() < 0.3:
                hi = po.add(hi, po.constant(rnd.choice([1, -1])))
            ranges[j] = (x, lo, hi)
            ranges[j + 1 :] = [
                (y, po.substitute(a, new), po.substitute(b, new)) for y, a, b in ranges[j + 1 :]
            ]
            conds = [(k, po.substitute(p, new)) for k, p in conds]
            return ("sum", tuple(ranges), tuple(conds), substitute(body, new))
        if choice < 0.65:  # sort by the value of an index expression
            e = po.variable(ranges[0][0])
            if len(ranges) > 1 and rnd.random() < 0.7:
                e = po.add(e, po.variable(ranges[1][0]))
            x = f"v{next(self.count)}"
            lo, hi = rnd.choice(
                [
                    (po.constant(-9), po.constant(20)),
                    ranges[0][1:],
                    (po.ONE, po.add(po.variable("p"), po.variable("r"))),
                ]
            )
            return ("sum", ((x, lo, hi), *ranges), (*conds, ("eq", po.subtract(e, po.variable(x)))), body)
        if choice < 0.72 and conds:
            conds[0] = (conds[0][0], po.add(conds[0][1], po.constant(rnd.choice([1, -1]))))
        elif choice < 0.8:  # drop or repeat a condition
            conds = (
                conds[1:]
                if rnd.random() < 0.5
                else [*conds, at_least(po.variable(ranges[0][0]), ranges[0][1])]
            )
        elif choice < 0.88:
            x, lo, hi = ranges[-1]
            ranges[-1] = (x, lo, po.add(hi, po.constant(rnd.choice([1, -1]))))
        elif (
            choice < 0.91
        ):  # x -> 2x: the even values only (a map with an inverse on the rationals, not here)
            x, lo, hi = ranges[0]
            new = {x: po.scale(po.variable(x), 2)}
            if not any(x in po.names(p) for _, a, b in ranges[1:] for p in (a, b)):
                conds = [(k, po.substitute(p, new)) for k, p in conds]
                conds += [at_least(new[x], lo), at_least(hi, new[x])]
                return ("sum", tuple(ranges), tuple(conds), substitute(body, new))
        elif choice < 0.95:  # cut in two
            x, lo, hi = ranges[0]
            cut = self.bound([*SIZES, *FREE], po.constant(2))
            parts = [
                ("sum", tuple(ranges), (*conds, c), body)
                for c in (at_least(cut, po.variable(x)), at_least(po.variable(x), po.add(cut, po.ONE)))
            ]
            return ("add", *[self.fresh(u, {}) for u in parts])
        return ("sum", tuple(ranges), tuple(conds), body)

    def fresh(self, t, values):
        """A copy with new names for the bound indices."""
        if t[0] != "sum":
            return (
                (t[0], *(self.fresh(u, values) for u in t[1:]))
                if t[0] in ("add", "mul")
                else substitute(t, values)
            )
        ranges, values = [], dict(values)
        for x, lo, hi in t[1]:
            y = f"v{next(self.count)}"
            ranges.append((y, po.substitute(lo, values), po.substitute(hi, values)))
            values[x] = po.variable(y)
        return (
            "sum",
            tuple(ranges),
            tuple((k, po.substitute(p, values)) for k, p in t[2]),
            self.fresh(t[3], values),
        )


def substitute(t, values):
    """Replace names in a term (no capture: all bound names differ)."""
    if t[0] == "num":
        return t
    if t[0] == "acc":
        return ("acc", t[1], tuple(po.substitute(p, values) for p in t[2]))
    if t[0] in ("add", "mul"):
        return (t[0], *(substitute(u, values) for u in t[1:]))
    return (
        "sum",
        tuple((x, po.substitute(a, values), po.substitute(b, values)) for x, a, b in t[1]),
        tuple((k, po.substitute(p, values)) for k, p in t[2]),
        substitute(t[3], values),
    )


def differ(ctx: Context, a, b):
    """A point of the grid at which the terms differ, or None; "skipped" if they are too large everywhere."""
    checked = 0
    for values in GRID:
        try:
            with limit(60_000):
                if compare_at(ctx, a, b, values):
                    return values
            checked += 1
        except OutOfBudget:
            continue
    return None if checked else "skipped"


def pairs(count: int, seed: int, progress=None, stop: bool = False) -> dict[str, int]:
    """Check `count` pairs; the key "unsound" must stay 0. stop: at the first unsound one."""
    rnd = random.Random(seed)
    out = dict(proved=0, refuted=0, open=0, budget=0, skipped=0, unsound=0)
    policies = [ALL, ALL, ALL, *(r.flags for r in RULES.values())]
    done = 0
    while done < count and not (stop and out["unsound"]):
        ctx = new_context()
        make = Terms(rnd, ctx)
        a = make.term([*SIZES, *FREE], rnd.choice([2, 2, 3]))
        b = a
        for _ in range(rnd.choice([1, 1, 2])):
            b = make.edit(b, rnd.choice([0, 0, 0.1, 0.25]))
        if a == b or ("v" not in str(a) and rnd.random() < 0.8):
            continue
        try:
            for t in (a, b):
                check_scope(ctx, t, set(SIZES) | set(FREE))
        except IllFormed:
            continue
        done += 1
        if rnd.random() < 0.5:
            a, b = b, a
        unfold = rnd.choice([(), ("Y",), ("Y", "D")])
        cuts = [("ge", make.poly([make_name(rnd, a)]))] if rnd.random() < 0.1 else []
        try:
            with limit(300_000):
                yes = equal(ctx, a, b, rnd.choice(policies), unfold, cuts)
        except OutOfBudget:
            out["budget"] += 1
            continue
        where = differ(ctx, a, b)
        if where == "skipped":
            out["skipped"] += 1
        elif yes and where:
            out["unsound"] += 1
            print("UNSOUND at", where, a, b, sep="\n")
        else:
            out["proved" if yes else "refuted" if where else "open"] += 1
        if progress and done % 1000 == 0:
            progress(f"{done} pairs: {out}")
    return out


def make_name(rnd: random.Random, t) -> str:
    """The name of some bound index of a term (or a free one)."""
    found = [w.strip("'(,)") for w in str(t).split() if w.strip("'(,)").startswith("v")]
    return rnd.choice(found) if found else "i"


def systems(count: int, seed: int, progress=None) -> dict[str, int]:
    """Check `count` systems of conditions by brute force, half of them as entailments with products s*x."""
    rnd = random.Random(seed)
    out = dict(shown=0, not_shown=0, unsound=0)
    box = range(-4, 6)
    for n in range(count):
        names = ["x", "y", "z"][: rnd.choice([1, 2, 2, 3])]
        sized = n % 2 == 1
        if sized:
            names = [*names[:2], "s"]
        conds = []
        for _ in range(rnd.randint(2, 6)):
            p = po.constant(rnd.randint(-4, 4))
            for x in names:
                if rnd.random() < 0.7:
                    p = po.add(p, po.variable(x), rnd.randint(-3, 3))
            if sized and rnd.random() < 0.5:
                p = po.add(
                    p, po.multiply(po.variable("s"), po.variable(rnd.choice(names))), rnd.randint(-2, 2)
                )
            conds.append((rnd.choice(["ge", "ge", "ge", "eq"]), p))
        points = [dict(zip(names, v, strict=True)) for v in itertools.product(box, repeat=len(names))]
        if sized:
            ctx = Context({"s": 1}, ("x", "y"), {})
            *hypotheses, goal = conds
            yes = entails(ctx, hypotheses, goal)
            wrong = yes and any(
                v["s"] >= 1 and all(holds(c, v) for c in hypotheses) and not holds(goal, v) for v in points
            )
        else:
            yes = infeasible(conds)
            wrong = yes and any(all(holds(c, v) for c in conds) for v in points)
        if wrong:
            out["unsound"] += 1
            print("UNSOUND", conds)
        else:
            out["shown" if yes else "not_shown"] += 1
        if progress and (n + 1) % 1000 == 0:
            progress(f"{n + 1} systems: {out}")
    return out


def main() -> int:
    """The command line; exit status 1 if anything is unsound."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--systems", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    start = time.perf_counter()

    def progress(text: str) -> None:
        print(f"{time.perf_counter() - start:6.0f} s  {text}", flush=True)

    first = systems(args.systems, args.seed, progress)
    second = pairs(args.pairs, args.seed, progress)
    progress(f"systems {first}")
    progress(f"pairs {second}")
    return 1 if first["unsound"] or second["unsound"] else 0


if __name__ == "__main__":
    sys.exit(main())
