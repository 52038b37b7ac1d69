"""Certificates made to keep the checker busy. Each is at most 64 KB of valid JSON for "conv-conv" (or
nearly so).
"""

from __future__ import annotations

import functools
import itertools
import json
import random

from helpers.proofs.chains import build

ONE = {"": 1}


def base() -> dict:
    """A right certificate, to be changed."""
    return json.loads(build("conv-conv").certificate())


def with_line(term, rule="distribute", repeat=1, statement="conv-conv") -> str:
    """The right chain with a hostile second line."""
    c = base()
    c["statement"] = statement
    for _ in range(repeat):
        c["lines"].insert(1, term)
        c["steps"].insert(0, {"rule": rule})
    return json.dumps(c, separators=(",", ":"))


def acc(t, *index):
    return ["acc", t, list(index)]


def b(x="l"):
    """An entry that is always in range (whatever is hostile, is so in the kernel and not stopped at its
    door).
    """
    return acc("g", {x: 1})


def chain_of(n, names, factor):
    """prod_q X[1, v_q + factor*v_{q+1}]"""
    return ["mul", *[acc("X", ONE, {names[q]: 1, names[(q + 1) % n]: factor}) for q in range(n)]]


def cyclic(n, factor, order=1):
    """Repeated factors that pair in n! ways."""
    names = [chr(97 + q) * 3 for q in range(n)][::order]
    return ["sum", [[x, ONE, {"p": 1}] for x in names], [["<=", ONE, {"p": 1}]], chain_of(n, names, factor)]


@functools.cache
def cases() -> dict[str, str]:
    """name -> certificate"""
    rnd = random.Random(0)
    out = {}
    out["expansion bomb"] = with_line(["mul", *[["add", *[b()] * 20]] * 12])
    out["expansion bomb of different terms"] = with_line(
        ["mul", *[["add", *[["mul", *[b()] * q, acc("b", ONE)] for q in range(1, 8)]]] * 12]
    )
    out["nested doubling"] = with_line(_nested(8))
    for n in (7, 9, 12):
        c = base()
        c["indices"] = {chr(97 + q) * 3: "s" for q in range(n)}
        c["lines"][1:1] = [cyclic(n, 2), cyclic(n, 3, -1)]
        c["steps"][0:0] = [{"rule": "regroup"}, {"rule": "regroup"}]
        out[f"{n} repeated factors"] = json.dumps(c)
        c = json.loads(json.dumps(c))
        product = ["mul", *[acc("X", ONE, {chr(97 + q) * 3: 1}) for q in range(n)]]
        sorted_up = [["<", {chr(97 + q) * 3: 1}, {chr(98 + q) * 3: 1}] for q in range(n - 1)]
        sorted_odd = [
            ["<", {chr(97 + (5 * q) % n) * 3: 1}, {chr(97 + (5 * q + 5) % n) * 3: 1}] for q in range(n - 2)
        ]
        ranges = [[chr(97 + q) * 3, ONE, {"n": 1}] for q in range(n)]
        c["lines"][1] = ["sum", ranges, sorted_up, product]
        c["lines"][2] = ["sum", ranges, sorted_odd, product]
        out[f"{n} repeated factors, ordered"] = json.dumps(c)
    names = ["i", "t", "u", "w", "p", "r", "n"] + [x * 2 for x in "abcdefgh"]
    own = {x: "s" for x in names[7:]}

    def messy(k=12):
        return {x: rnd.randint(-9, 9) for x in rnd.sample(names[7:], min(k, 8))} | {"": rnd.randint(-50, 50)}

    out["dense conditions, all in range"] = _dense(rnd, own)
    for deg in (1, 2):
        c = base()
        c["indices"] = own
        ranges = [[x, ONE, {"p": 1}] for x in own]
        conds = [["<=", messy(), {}] for _ in range(12)]
        if deg == 2:
            conds = [
                ["<=", {f"{x}*p": 3, f"{x}*r": -2, f"{y}*n": 5, x: 7}, {f"{y}*p": 1}]
                for x, y in itertools.pairwise([*own, "aa"])
            ]
        line = ["sum", ranges, conds, ["mul", *[acc("X", ONE, messy()) for _ in range(6)]]]
        line2 = ["sum", ranges, conds[::-1], ["mul", *[acc("X", ONE, messy()) for _ in range(6)]]]
        c["lines"][1:1] = [line, line2] * 8
        c["steps"][0:0] = [{"rule": "regroup"}] * 16
        out[f"dense conditions of degree {deg}"] = json.dumps(c, separators=(",", ":"))
    out["huge ranges"] = with_line(
        ["sum", [["k", ONE, {"": 10**6}], ["w", ONE, {"": 10**6}]], [], b()], "swap"
    )
    out["high degree"] = with_line(
        [
            "sum",
            [
                ["w", ONE, {"p*p*p*p": 9}],
                ["u", ONE, {"p*r*n*w": 1}],
                ["t", ONE, {"u*u*w*w": 3, "w*p*u*u": 2}],
            ],
            [["==", {"t*t*u*w": 1, "w": 1}, {"u*u*u*u": 4}]],
            acc("X", ONE, {"t*t*t*t": 1, "u*w*t*p": 2}),
        ],
        "regroup",
    )
    c = base()
    big = ["add", *[["mul", *[acc("F", {"m": 1}, ONE, ONE)] * q, acc("b", ONE)] for q in range(1, 13)]]
    c["witness"]["O"]["body"] = big
    c["lines"][1] = ["mul", *[acc("O", ONE, {"l": 1}, ONE) for _ in range(9)]]
    c["steps"][0] = {"rule": "definition", "names": ["O"]}
    c["steps"][1] = {"rule": "distribute"}
    out["products of a large witness"] = json.dumps(c)
    c = base()
    deep = acc("F", {"m": 1}, ONE, {"t": 1})
    for q in range(20):
        deep = ["sum", [["u" if q % 2 else "w", ONE, {"p": 1}]], [], deep]
    c["witness"]["O"]["body"] = deep
    out["shadowing in a deep witness"] = json.dumps(c)
    line = base()["lines"][6]
    out["sixty heavy lines"] = with_line(line, "regroup", 48)
    out["sixty heavy lines in three dimensions"] = with_line(line, "regroup", 48, "conv-conv-2d")
    wrong = json.loads(json.dumps(line).replace('{"i": 1, "t": 1, "": -1}', '{"i": 1, "t": 1, "": 0}'))
    c = base()
    c["statement"] = "conv-conv-2d"
    c["lines"][1:1] = [wrong, line] * 22
    c["steps"][0:0] = [{"rule": "swap"}] * 44
    out["right and wrong lines in turn"] = json.dumps(c, separators=(",", ":"))
    many = ["sum", [[chr(97 + q) * 2, ONE, {"p": 1}] for q in range(12)], [], b()]
    c = json.loads(with_line(["mul", many, many, many], "distribute"))
    c["indices"] = {chr(97 + q) * 2: "s" for q in range(12)}
    out["many sums in a product"] = json.dumps(c)
    c = json.loads(
        with_line(
            [
                "add",
                *[
                    [
                        "sum",
                        [["u", ONE, {"p": 1, "": q}], ["w", ONE, {"p": 1}], ["t", ONE, {"p": 1}]],
                        [["<=", {"u": 1}, {"p": 1}], ["<=", {"u": 1, "w": q}, {"t": 2, "r": 1}]],
                        ["mul", *[acc("F", ONE, ONE, {x: 1}) for x in "uwtu"]],
                    ]
                    for q in range(24)
                ],
            ],
            "regroup",
            3,
        )
    )
    out["many like terms"] = json.dumps(c, separators=(",", ":"))
    out["cancelling pairs"] = with_line(
        [
            "add",
            *[
                [
                    "sum",
                    [["u", ONE, {"p": 1}]],
                    [],
                    [
                        "mul",
                        (-1) ** q,
                        acc("F", ONE, ONE, {"u": 1}),
                        acc("F", ONE, ONE, ONE),
                        *[b()] * (q // 2),
                    ],
                ]
                for q in range(24)
            ],
        ],
        "distribute",
        3,
    )
    out["many cuts"] = json.dumps(
        {**base(), "steps": [{"rule": "split", "cuts": [["<=", {"u": 1}, {"": q}] for q in range(4)]}] * 9}
    )
    return {k: v for k, v in out.items()}


def _dense(rnd, own):
    """Two sums over eight indices with many conditions, whose accesses are in range."""
    c = base()
    c["indices"] = own
    names = list(own)
    ranges = [[x, ONE, {"p": 1}] for x in names]
    lines = []
    for _ in range(2):
        rnd.shuffle(names)
        conds = [
            [
                "<=",
                {x: rnd.randint(1, 9) for x in names} | {"r": -3},
                {x: rnd.randint(1, 9) for x in names[:4]} | {"p": 20},
            ]
            for _ in range(12)
        ]
        lines.append(["sum", ranges, conds, ["mul", *[acc("F", ONE, ONE, {x: 1}) for x in names]]])
    c["lines"][1:1] = lines * 8
    c["steps"][0:0] = [{"rule": "regroup"}] * 16
    return json.dumps(c, separators=(",", ":"))


def _nested(n):
    x: object = 1
    for _ in range(n):
        x = ["mul", ["add", x, x], 2]
    return x


# of the malformed ones, those with a broken line, reason or start: the rest keeps what it earns
COSTS_A_LINE = (
    "rule algebra",
    "rule is a list",
    "blank line",
    "no lines",
    "a float",
    "a bool",
    "unknown operator",
    "unknown term",
    "one-armed product",
    "polynomial as text",
    "coefficient too large",
)


@functools.cache
def malformed() -> dict[str, str | bytes]:
    """name -> something that is not a certificate at all, or is one with a broken part"""
    good = base()

    def changed(**parts):
        return json.dumps({**good, **parts})

    return {
        "empty": "",
        "not JSON": "{",
        "a number": "7",
        "a list": "[]",
        "null": "null",
        "text": '"proved"',
        "deep list": "[" * 60_000,
        "deep object": '{"lines":' * 5_000,
        "too long": json.dumps({"x": "y" * 70_000}),
        "NaN": '{"statement": NaN}',
        "huge integer": '{"statement": "conv-conv", "lines": [' + "9" * 60_000 + "]}",
        "not UTF-8": b"\xff\xfe\x00",
        "unknown statement": changed(statement="fermat"),
        "statement is a list": changed(statement=[]),
        "no lines": changed(lines=[], steps=[]),
        "lines are a number": changed(lines=3),
        "steps are text": changed(steps="definition Z"),
        "too few steps": changed(steps=good["steps"][:-1]),
        "too many steps": changed(steps=good["steps"] * 2),
        "rule algebra": changed(steps=[{"rule": "algebra"}] * 9),
        "rule is a list": changed(steps=[{"rule": []}] * 9),
        "witness for Z": changed(witness={**good["witness"], "Z": {"indices": ["l", "i"], "body": 0}}),
        "witness is text": changed(witness="O"),
        "index name is code": changed(indices={"__import__": "s"}),
        "index shadows a size": changed(indices={"p": "c"}),
        "index kind": changed(indices={"a": "x"}),
        "a float": changed(lines=[1.5, *good["lines"][1:]]),
        "a bool": changed(lines=[True, *good["lines"][1:]]),
        "unknown operator": changed(lines=[["sum", [], [["!=", {}, {}]], 1], *good["lines"][1:]]),
        "unknown term": changed(lines=[["exec", "1"], *good["lines"][1:]]),
        "one-armed product": changed(lines=[["mul", 1], *good["lines"][1:]]),
        "polynomial as text": changed(lines=[["acc", "Z", ["l", "i"]], *good["lines"][1:]]),
        "coefficient too large": changed(lines=[["acc", "Z", [{"l": 10**9}, {"i": 1}]], *good["lines"][1:]]),
        "blank line": changed(lines=["...", *good["lines"][1:]]),
        "counterexample of nothing": '{"counterexample": "x", "data": {}}',
        "counterexample without data": '{"counterexample": "max-pool-not-affine"}',
    }
