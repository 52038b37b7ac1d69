"""Certificates with one or two slips, from a seed: what two interpreters must judge alike."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

RULES = ("arithmetic", "definition", "distribute", "factor", "range", "swap", "one point", "regroup", "magic")
OPS = ("<=", "<", ">=", ">", "==")


def mutants(certificates: dict[str, str], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(statement, certificate) of `count` changed certificates."""
    rng = random.Random(seed)
    names = sorted(certificates)
    for _ in range(count):
        statement = rng.choice(names)
        data = json.loads(certificates[statement])
        for _ in range(rng.choice((1, 1, 2))):
            _slip(data, rng)
        yield statement, json.dumps(data)


def _slip(data: dict[str, Any], rng: random.Random) -> None:
    """One change: of a formula, a reason, a witness or the order of lines."""
    if "counterexample" in data:
        name = rng.choice(sorted(data["data"]))
        data["data"][name] = rng.choice(([1, 0, 2], 1, "1/3", [], [["x"]], {"a": 1}, 10**9))
        return
    lines, steps, witness = data["lines"], data["steps"], data["witness"]
    kind = rng.random()
    if kind < 0.6:
        bodies = [(lines, n) for n in range(len(lines))] + [(one, "body") for one in witness.values()]
        where, key = rng.choice(bodies)
        where[key] = _formula(copy.deepcopy(where[key]), rng)
    elif kind < 0.75 and steps:
        step = rng.choice(steps)
        step["rule"] = rng.choice(RULES)
        if rng.random() < 0.3:
            step.pop("names", None)
    elif kind < 0.85 and steps:
        n = rng.randrange(len(steps))
        del steps[n], lines[n + 1]
    elif kind < 0.95 and len(lines) > 2:
        n = rng.randrange(1, len(lines) - 1)
        lines[n], lines[n + 1] = lines[n + 1], lines[n]
    elif witness:
        del witness[rng.choice(sorted(witness))]


def _formula(term: Any, rng: random.Random) -> Any:
    """The term with one of its parts changed."""
    if rng.random() < 0.04:
        return rng.choice(("...", 0, 1, ["add", 1], {"unread": "large"}))
    polys = [one for one in _polys(term) if one or rng.random() < 0.5]
    parts = [one for one in _sums_and_products(term) if len(one) > 3]
    conditions = [one for one in _conditions(term)]
    kind = rng.random()
    if kind < 0.65 and polys:
        poly = rng.choice(polys)
        if rng.random() < 0.6 or not poly:
            poly[""] = poly.get("", 0) + rng.choice((-1, 1))
        else:
            old = rng.choice(sorted(poly))
            poly[rng.choice([*"iuwtklmprKLM", "s*i"])] = poly.pop(old)
    elif kind < 0.8 and parts:
        part = rng.choice(parts)
        del part[rng.randrange(1, len(part))]
    elif conditions:
        ones = rng.choice(conditions)
        if rng.random() < 0.5:
            ones.pop()
        else:
            rng.choice(ones)[0] = rng.choice(OPS)
    return term


def _terms(term: Any) -> Iterator[list[Any]]:
    if isinstance(term, list):
        yield term
        for one in term[1:] if term[0] in ("add", "mul") else term[3:]:
            yield from _terms(one)


def _polys(term: Any) -> Iterator[dict[str, int]]:
    for one in _terms(term):
        if one[0] == "acc":
            yield from one[2]
        elif one[0] == "sum":
            yield from (bound for _, *bounds in one[1] for bound in bounds)
            yield from (side for _, *sides in one[2] for side in sides)


def _sums_and_products(term: Any) -> Iterator[list[Any]]:
    return (one for one in _terms(term) if one[0] in ("add", "mul"))


def _conditions(term: Any) -> Iterator[list[Any]]:
    return (one[2] for one in _terms(term) if one[0] == "sum" and one[2])
