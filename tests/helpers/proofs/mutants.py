"""Certificates changed at random:  PYTHONPATH=tests python -m helpers.proofs.mutants --count 20000 [--seed 0]

A right proof of a random statement is changed in one to three places: in a line, in a witness, in a reason.
Some changes keep a line right (another index, another order), most do not. Whatever the judge then says to
be right (a line that is proved or true, a whole theorem) is computed with numbers by oracle.py at several
sizes; so is each counterexample that it gives. Nothing may be accepted that is false, nothing may be called
false that is right, and nothing may make the judge crash.
"""

from __future__ import annotations

import argparse
import copy
import functools
import json
import random
import sys
import time
import traceback
from dataclasses import dataclass, replace
from typing import Any

from helpers.proofs.oracle import Oracle, Outside, TooLarge
from helpers.proofs.reference import REFERENCE
from nonconv.proofs import certificate as judging
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.shown import Shown
from nonconv.proofs.statement import Statement

RULES = ("arithmetic", "distribute", "range", "swap", "one point", "regroup", "definition", "split")
NEW_INDICES = {x + kind: kind for x in ("aa", "bb", "cc", "dd") for kind in "sc"}
CLAIMED = ("proved", "true, but not by this rule", "true")


@functools.cache
def _reference(name: str) -> str:
    return REFERENCE[name]().certificate()


# ---------------------------------------------------------------- index expressions
def plus(p: dict, q: dict, factor: int = 1) -> dict:
    """p + factor * q."""
    out = dict(p)
    for key, c in q.items():
        out[key] = out.get(key, 0) + factor * c
    return {key: c for key, c in out.items() if c}


def put_in(p: dict, x: str, q: dict) -> dict:
    """p with q for x, where x stands at most once in a product."""
    out: dict = {}
    for key, c in p.items():
        names = key.split("*") if key else []
        if x not in names:
            out = plus(out, {key: c})
            continue
        names.remove(x)
        for other, e in q.items():
            out = plus(out, {"*".join(sorted(names + (other.split("*") if other else []))): c * e})
    return out


def everywhere(t: Any, x: str, q: dict) -> Any:
    """A term with q for the index x."""
    if isinstance(t, int):
        return t
    if t[0] == "acc":
        return ["acc", t[1], [put_in(p, x, q) for p in t[2]]]
    if t[0] in ("add", "mul"):
        return [t[0], *(everywhere(u, x, q) for u in t[1:])]
    ranges = [[y, put_in(low, x, q), put_in(high, x, q)] for y, low, high in t[1]]
    conds = [[op, put_in(a, x, q), put_in(b, x, q)] for op, a, b in t[2]]
    return ["sum", ranges, conds, everywhere(t[3], x, q)]


def places(t: Any, path: tuple[int, ...] = ()):
    """The paths of all parts of a term."""
    yield path
    if isinstance(t, list):
        inner = range(1, len(t)) if t[0] in ("add", "mul") else (3,) if t[0] == "sum" else ()
        for k in inner:
            yield from places(t[k], (*path, k))


class Mutator:
    """Random changes of one certificate."""

    def __init__(self, st: Statement, certificate: dict, rnd: random.Random):
        self.st, self.c, self.rnd = st, certificate, rnd
        own = certificate.setdefault("indices", {})
        self.names = sorted(st.names | own.keys())
        self.positions = st.positions | {x for x, kind in own.items() if kind == "s"}

    def like(self, x: str) -> list[str]:
        return [y for y in self.names if (y in self.positions) == (x in self.positions)]

    def new_index(self, position: bool) -> str:
        kind = "s" if position else "c"
        x = self.rnd.choice([x for x in NEW_INDICES if NEW_INDICES[x] == kind])
        self.c["indices"][x] = kind
        if position:
            self.positions = self.positions | {x}
        return x

    def poly(self, p: dict) -> dict:
        rnd, keys = self.rnd, [key for key in p if key]
        choice = rnd.random()
        if choice < 0.45 or not keys:
            return plus(p, {"": rnd.choice((1, 1, -1, -1, 2))})
        key = rnd.choice(keys)
        x = rnd.choice(key.split("*"))
        if choice < 0.6:
            return {**p, key: -p[key]}
        if choice < 0.7:
            return plus(p, {key: rnd.choice((1, -1))})
        if choice < 0.9:
            return put_in(p, x, {rnd.choice(self.like(x)): 1}) if key.split("*").count(x) == 1 else p
        return plus(p, {rnd.choice(self.like(x)): rnd.choice((1, -1))})

    def term(self, t: Any) -> Any:
        """The term with one change somewhere in it."""
        t = copy.deepcopy(t)
        paths = list(places(t))
        sums = [path for path in paths if isinstance(at(t, path), list) and at(t, path)[0] == "sum"]
        path = self.rnd.choice(sums if sums and self.rnd.random() < 0.6 else paths)
        new = self.part(at(t, path))
        if not path:
            return new
        at(t, path[:-1])[path[-1]] = new
        return t

    def part(self, u: Any) -> Any:
        rnd = self.rnd
        if isinstance(u, int):
            return u + rnd.choice((1, -1))
        if u[0] == "acc":
            return self.access(u)
        if u[0] == "sum":
            return self.sum(*u[1:])
        choice, parts = rnd.random(), u[1:]
        if choice < 0.3 and len(parts) > 2:
            del parts[rnd.randrange(len(parts))]
        elif choice < 0.45:
            parts.append(copy.deepcopy(rnd.choice(parts)))
        elif choice < 0.65:
            rnd.shuffle(parts)
        elif choice < 0.75:
            return ["mul" if u[0] == "add" else "add", *parts]
        elif choice < 0.85:
            parts.append(rnd.choice((0, 1, -1)))
        elif len(parts) > 2:
            return [u[0], [u[0], *parts[:2]], *parts[2:]]
        return [u[0], *parts]

    def access(self, u: list) -> Any:
        rnd, index = self.rnd, u[2]
        choice = rnd.random()
        if index and choice < 0.7:
            k = rnd.randrange(len(index))
            index[k] = self.poly(index[k])
        elif len(index) > 1 and choice < 0.8:
            j, k = rnd.sample(range(len(index)), 2)
            index[j], index[k] = index[k], index[j]
        elif choice < 0.9:
            same = [x for x in self.st.tensors if x != u[1] and self.st.kinds[x] == self.st.kinds[u[1]]]
            return ["acc", rnd.choice(same or [u[1]]), index]
        else:
            return ["mul", rnd.choice((2, -1, 0, 1)), u]
        return u

    def sum(self, ranges: list, conds: list, body: Any) -> Any:
        rnd, choice = self.rnd, self.rnd.random()
        whole = ["sum", ranges, conds, body]
        if choice < 0.2 and ranges:  # an end of a range
            r = rnd.choice(ranges)
            k = rnd.choice((1, 2))
            r[k] = plus(r[k], {"": rnd.choice((1, -1))}) if rnd.random() < 0.6 else self.poly(r[k])
        elif choice < 0.32 and conds:
            k = rnd.randrange(len(conds))
            if rnd.random() < 0.2:
                del conds[k]
            elif rnd.random() < 0.4:
                conds[k][0] = rnd.choice(("<=", "<", ">=", ">", "=="))
            else:
                conds[k][1] = self.poly(conds[k][1])
        elif choice < 0.58 and ranges:
            return self.reindexed(whole)
        elif choice < 0.63:
            rnd.shuffle(ranges)
        elif choice < 0.7 and ranges:  # one more condition, sometimes one that changes nothing
            x, low, high = rnd.choice(ranges)
            conds.append(
                rnd.choice(([">=", {x: 1}, low], ["<=", {x: 1}, high], ["<=", {x: 1}, plus(high, {"": -1})]))
            )
        elif choice < 0.76 and len(ranges) > 1:  # two sums instead of one
            k = rnd.randrange(1, len(ranges))
            return ["sum", ranges[:k], [], ["sum", ranges[k:], conds, body]]
        elif choice < 0.84 and ranges:  # sorted by a new index
            x = rnd.choice(ranges)[0]
            others = [r[0] for r in ranges if r[0] != x and (r[0] in self.positions) == (x in self.positions)]
            y, by = self.new_index(x in self.positions), {x: 1, "": rnd.choice((0, 1, -1))}
            by = plus(by, {rnd.choice(others): 1}) if others else by
            wide = rnd.choice(([{"": -9}, {"": 20}], ranges[0][1:], [{"": 1}, {"p": 1, "r": 1, "": -1}]))
            return ["sum", [[y, *wide], *ranges], [*conds, ["==", by, {y: 1}]], body]
        elif choice < 0.9:
            return ["add", whole, ["mul", rnd.choice((0, 1, -1)), copy.deepcopy(whole)]]
        elif isinstance(body, list) and body[0] == "add":
            return ["add", *(["sum", copy.deepcopy(ranges), copy.deepcopy(conds), u] for u in body[1:])]
        elif isinstance(body, list) and body[0] == "mul" and len(body) > 2:  # a factor out of the sum
            k = rnd.randrange(1, len(body))
            rest = body[1:k] + body[k + 1 :]
            return ["mul", body[k], ["sum", ranges, conds, rest[0] if len(rest) == 1 else ["mul", *rest]]]
        return whole

    def reindexed(self, t: list) -> Any:
        """Another summation index: x = ±y + shift, with the ends of its range changed too, or nearly so."""
        rnd, (_, ranges, conds, body) = self.rnd, t
        k = rnd.randrange(len(ranges))
        x, low, high = ranges[k]
        y = self.new_index(x in self.positions) if rnd.random() < 0.5 else x
        shift: dict = {"": rnd.choice((0, 1, -1))}
        outer = [r[0] for r in ranges[:k]] + [z for z in self.st.sizes if z not in self.st.extents]
        if rnd.random() < 0.4:
            shift = plus(shift, {rnd.choice([z for z in self.like(x) if z in outer] or [""]): 1})
        sign = rnd.choice((1, 1, -1))
        new = everywhere(["sum", ranges[k + 1 :], conds, body], x, plus(shift, {y: sign}))
        ends = [plus(low, shift, -1), plus(high, shift, -1)]
        if sign < 0:
            ends = [plus(shift, high, -1), plus(shift, low, -1)]
        if rnd.random() < 0.25:
            ends[1] = plus(ends[1], {"": rnd.choice((1, -1))})
        return ["sum", [*ranges[:k], [y, *ends], *new[1]], new[2], new[3]]

    def step(self, old: dict) -> dict:
        """Another reason, or the same."""
        rnd = self.rnd
        if rnd.random() < 0.35:
            return old
        step: dict = {"rule": rnd.choice((*RULES, "regroup", "distribute", "swap"))}
        names = [df.name for df in self.st.defs]
        if step["rule"] == "definition":
            step["names"] = rnd.sample(names, min(len(names), rnd.choice((1, 1, 2))))
        if step["rule"] == "split":
            x, y = rnd.choice(self.names), rnd.choice(self.names)
            step["cuts"] = [[rnd.choice(("<=", "<", "==")), {x: 1}, plus({y: 1}, {"": rnd.choice((0, 1))})]]
        return step


def at(t: Any, path: tuple[int, ...]) -> Any:
    """The part of a term at a path."""
    for k in path:
        t = t[k]
    return t


def mutant(rnd: random.Random, name: str) -> tuple[dict, list[int]]:
    """A changed certificate of a statement, and the numbers of the lines that were changed."""
    c = json.loads(_reference(name))
    make, changed = Mutator(CATALOGUE[name], c, rnd), []
    n = rnd.randrange(1, len(c["lines"]))
    if (
        rnd.random() < 0.5
    ):  # a line after a copy of itself: so a change that keeps it right is a step of its own
        c["lines"].insert(n, copy.deepcopy(c["lines"][n]))
        c["steps"].insert(n, {"rule": "regroup"})
        n += 1
    for _ in range(rnd.choice((1, 1, 1, 2, 3))):
        if c["witness"] and rnd.random() < 0.15:
            witness = c["witness"][rnd.choice(sorted(c["witness"]))]
            witness["body"] = make.term(witness["body"])
            continue
        c["lines"][n] = make.term(c["lines"][n])
        c["steps"][n - 1] = make.step(c["steps"][n - 1])
        changed.append(n)
        n = rnd.choice((n, n, rnd.randrange(1, len(c["lines"]))))
    return c, sorted(set(changed))


@dataclass
class Count:
    """What a run saw."""

    mutants: int = 0
    lines: int = 0  # lines that the judge claims to be right, changed or not
    changed: int = 0  # changed ones among them
    theorems: int = 0
    refuted: int = 0  # counterexamples that were computed again
    too_large: int = 0
    false_accepts: int = 0
    false_refutations: int = 0
    crashes: int = 0
    slowest: float = 0.0


def check(
    c: dict, name: str, changed: list[int], dims: tuple[int, ...], rnd: random.Random, out: Count
) -> str:
    """Judge a mutant and look at each claim; what is wrong with one, or ""."""
    st = replace(CATALOGUE[name], dims=dims)
    started = time.perf_counter()
    try:
        CATALOGUE[name], whole = st, CATALOGUE[name]
        try:
            result, checked = judging.examine(json.dumps(c), name, parts=rnd.random() < 0.05)
        finally:
            CATALOGUE[name] = whole
        if checked is not None and rnd.random() < 0.1:
            shown = Shown(*checked)
            assert repr(shown)
            assert shown._repr_html_()
    except Exception:
        out.crashes += 1
        return traceback.format_exc(limit=-4)
    out.slowest = max(out.slowest, time.perf_counter() - started)
    claimed = [r["line"] for r in result["lines"] if r["verdict"] in CLAIMED and r["line"]]
    out.lines += len(claimed)
    out.changed += len(set(changed) & set(claimed))
    out.theorems += result["proved"]
    right = {x: w for x, w in c["witness"].items() if not _ill_formed(result["witness"].get(x, ""))}
    for d in dims:
        for _ in range(4 if d == 1 else 2):
            try:
                oracle = Oracle(st, {**c, "witness": right}, d, rnd, 3 if d == 1 else 2)
                left = oracle.value(judging.term_to_json(st.left))
                for n in claimed:
                    if oracle.value(c["lines"][n]) != left:
                        out.false_accepts += 1
                        return f"line {n} is claimed and false in {d}-D"
                if result["proved"] and oracle.sides()[1] != left:
                    out.false_accepts += 1
                    return f"the theorem is claimed and false in {d}-D"
            except TooLarge:
                out.too_large += 1
            except Outside as e:
                out.false_accepts += 1
                return f"a claimed line uses an entry that is not there: {e}"
    return _refutations(st, {**c, "witness": right}, result, rnd, out)


def _ill_formed(problem: str) -> bool:
    """Has this witness no meaning (rather than a wrong one)?"""
    return bool(problem) and " is wrong: with " not in problem


def _refutations(st: Statement, c: dict, result: dict, rnd: random.Random, out: Count) -> str:
    """At the sizes of a counterexample a refuted line differs from the left side."""
    for r in result["lines"]:
        found = r.get("counterexample")
        if r["verdict"] != "refuted" or not found:
            continue
        d, sizes = found["dimension"], found["sizes"]
        try:
            oracle = Oracle(st, c, d, rnd, 2)
            for x in (*st.sizes, *st.free):
                axes = [sizes[f"{x}{a + 1}" if d > 1 else x] for a in range(d)] if x in st.positions else None
                oracle.values[x] = tuple(axes) if axes else sizes[x]
            oracle.sizes = {x: oracle.values[x] for x in st.sizes}
            if oracle.value(c["lines"][r["line"]]) == oracle.value(judging.term_to_json(st.left)):
                out.false_refutations += 1
                return f"line {r['line']} is refuted and right at {sizes}"
            out.refuted += 1
        except (TooLarge, Outside):
            continue
    return ""


def run(count: int, seed: int, dims: int = 2, progress=None) -> tuple[Count, list[tuple[dict, str]]]:
    """Judge `count` mutants, in up to `dims` dimensions."""
    rnd, out, found = random.Random(seed), Count(), []
    while out.mutants < count:
        name = rnd.choice(list(REFERENCE))
        d = rnd.choice([x for x in CATALOGUE[name].dims if x <= dims])
        c, changed = mutant(rnd, name)
        out.mutants += 1
        wrong = check(c, name, changed, (d,), rnd, out)
        if wrong:
            found.append((c, wrong))
        if progress and (out.mutants % 1000 == 0 or wrong):
            progress(f"{out} {wrong}")
    return out, found


def main() -> int:
    """The command line; exit status 1 if anything false is accepted, or anything crashes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dims", type=int, default=2)
    args = parser.parse_args()
    start = time.perf_counter()

    def progress(text: str) -> None:
        print(f"{time.perf_counter() - start:6.0f} s  {text}", flush=True)

    out, found = run(args.count, args.seed, args.dims, progress)
    for c, wrong in found:
        print(wrong, json.dumps(c), sep="\n")
    progress(str(out))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
