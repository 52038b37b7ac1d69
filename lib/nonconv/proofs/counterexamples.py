"""Negative statements: "this layer is not a convolution". One exact counterexample proves each of them.

A certificate is {"counterexample": id, "data": {...}} with integers and fractions such as "1/2"; everything
is computed with fractions, nothing is rounded. Where the argument is "convolutions have property P, this
layer does not", the kernel proves P first, as a statement of the catalogue (the lemma).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .budget import OutOfBudget, limit
from .catalogue import CATALOGUE
from .equality import equal
from .terms import IllFormed

MAX_LENGTH = 64
NUMBER = re.compile(r"-?\d{1,9}(/\d{1,9})?\Z")
Vector = list[Fraction]


@dataclass(frozen=True)
class Negative:
    """A negative statement: what is claimed, the lemma, what the data must be, and the exact test."""

    id: str
    title: str
    claim: str
    lemma: str | None
    data: Mapping[str, str]
    test: Callable[[dict[str, Any]], tuple[bool, str]]


# ---------------------------------------------------------------- exact layers
def valid_conv(x: Vector, f: Vector) -> Vector:
    """y_i = sum_u x_{i+u-1} f_u for all windows that fit."""
    return [sum((x[i + u] * f[u] for u in range(len(f))), Fraction(0)) for i in range(len(x) - len(f) + 1)]


def same_conv(x: Vector, f: Vector) -> Vector:
    """The same with zeros around x, so that y is as long as x; f has odd length."""
    h = len(f) // 2
    return valid_conv([Fraction(0)] * h + x + [Fraction(0)] * h, f)


def max_pool(x: Vector, p: int) -> Vector:
    """The greatest value of each window of size p."""
    return [max(x[i : i + p]) for i in range(len(x) - p + 1)]


def relu(x: Vector) -> Vector:
    """max(x, 0), entry by entry."""
    return [max(v, Fraction(0)) for v in x]


def affine_defect(f: Callable[[Vector], Vector], x: Vector, v: Vector) -> Vector:
    """f(x+v) - f(x) - f(v) + f(0); zero for every affine f."""
    total = [a + b for a, b in zip(x, v, strict=True)]
    zero = [Fraction(0)] * len(x)
    return [a - b - c + d for a, b, c, d in zip(f(total), f(x), f(v), f(zero), strict=True)]


# ---------------------------------------------------------------- the tests
def _max_pool(data: dict[str, Any]) -> tuple[bool, str]:
    x, v, p = vector(data, "x"), vector(data, "v"), integer(data, "p", 1)
    need(len(x) == len(v), "x and v must have the same length")
    need(len(x) >= p, "the window p does not fit into x")
    return _defect(affine_defect(lambda y: max_pool(y, p), x, v))


def _between(data: dict[str, Any]) -> tuple[bool, str]:
    x, v, f, g = (vector(data, name) for name in ("x", "v", "F", "G"))
    need(len(x) == len(v), "x and v must have the same length")
    need(len(x) >= len(f) + len(g) - 1, "x is too short for both kernels")
    return _defect(affine_defect(lambda y: valid_conv(relu(valid_conv(y, f)), g), x, v))


def _defect(defect: Vector) -> tuple[bool, str]:
    shown = "f(x+v) - f(x) - f(v) + f(0) = (" + ", ".join(map(str, defect)) + ")"
    if any(defect):
        return True, f"{shown}, which is not zero; for every convolution with bias it is zero"
    return False, f"{shown} is zero everywhere: these x and v do not show it"


def _same_same(data: dict[str, Any]) -> tuple[bool, str]:
    f, g = vector(data, "F"), vector(data, "G")
    n, i, j = integer(data, "n", 1), integer(data, "i", 1), integer(data, "j", 1)
    need(
        len(f) % 2 == 1 and len(g) % 2 == 1,
        "F and G must have odd lengths, so that SAME padding is symmetric",
    )
    need(i < n and j < n, "rows i, i+1 and columns j, j+1 must lie within 1..n")

    def entry(row: int, column: int) -> Fraction:
        e = [Fraction(int(k == column - 1)) for k in range(n)]
        return same_conv(same_conv(e, f), g)[row - 1]

    a, b = entry(i, j), entry(i + 1, j + 1)
    shown = f"A[{i}][{j}] = {a} and A[{i + 1}][{j + 1}] = {b}"
    if a != b:
        return (
            True,
            f"{shown}: the matrix of the composition is not Toeplitz; that of every SAME convolution is",
        )
    return False, f"{shown} are equal: this diagonal does not show it"


def _batch_norm(data: dict[str, Any]) -> tuple[bool, str]:
    x, eps = number(data, "x"), number(data, "eps")
    one, other = vector(data, "others"), vector(data, "others_changed")
    need(eps >= 0, "eps must not be negative")
    need(len(one) == len(other), "both batches must have the same size")

    def output(batch: Vector) -> Fraction:
        """sign(z) z^2 for z = (x - mean) / sqrt(var + eps): rational, and equal exactly if the z are."""
        mean = sum(batch, Fraction(0)) / len(batch)
        var = sum(((b - mean) ** 2 for b in batch), Fraction(0)) / len(batch)
        need(var + eps > 0, "var + eps is 0, so batch norm is not defined on this batch")
        z = batch[0] - mean
        return (z * abs(z)) / (var + eps)

    a, b = output([x, *one]), output([x, *other])
    if a != b:
        return True, (
            f"the same input {x} gives z with sign(z)*z^2 = {a} in one batch and {b} in the other; "
            "a convolution's output for one sample does not depend on the other samples"
        )
    return False, f"both batches give sign(z)*z^2 = {a}: they do not show it"


NEGATIVES: dict[str, Negative] = {
    x.id: x
    for x in (
        Negative(
            "max-pool-not-affine",
            "Max pooling is not a convolution",
            "Give x and v with f(x+v) - f(x) - f(v) + f(0) not 0, for max pooling f with window p.",
            "conv-affine",
            {"x": "a list of numbers", "v": "a list of the same length", "p": "the window"},
            _max_pool,
        ),
        Negative(
            "relu-between-not-affine",
            "With a ReLU between, two convolutions are no convolution",
            "Give F, G, x, v with f(x+v) - f(x) - f(v) + f(0) not 0, f = G after ReLU after F.",
            "conv-affine",
            {"F": "a kernel", "G": "a kernel", "x": "an input", "v": "an input"},
            _between,
        ),
        Negative(
            "same-same-not-conv",
            "SAME after SAME is not a SAME convolution",
            "Give F, G (odd lengths), n, i, j with A[i][j] != A[i+1][j+1] for the composition's matrix A.",
            "same-toeplitz",
            {"F": "a kernel", "G": "a kernel", "n": "the length of the input", "i": "a row", "j": "a column"},
            _same_same,
        ),
        Negative(
            "batch-norm-training",
            "Batch norm in training mode is not a convolution",
            "Give one input x and two sets of companions in its batch for which x is normalised differently.",
            None,
            {
                "x": "a number",
                "others": "the rest of the batch",
                "others_changed": "another rest of the same size",
                "eps": "a number, at least 0",
            },
            _batch_norm,
        ),
    )
}


# ---------------------------------------------------------------- reading and judging
def need(condition: bool, message: str) -> None:
    """Raise IllFormed unless the condition holds."""
    if not condition:
        raise IllFormed(message)


def as_fraction(o: Any, name: str) -> Fraction:
    """An integer or a text such as "-3/4"; floats are refused, because they are not exact."""
    if isinstance(o, Fraction) and max(abs(o.numerator), o.denominator) < 10**9:
        return o
    if isinstance(o, int) and not isinstance(o, bool) and abs(o) < 10**9:
        return Fraction(o)
    if isinstance(o, str) and NUMBER.match(o):
        top, _, bottom = o.partition("/")
        need(bottom == "" or int(bottom) != 0, f"{name}: division by zero")
        return Fraction(int(top), int(bottom or 1))
    hint = "; write 1/2 as the text '1/2', a float is not exact" if isinstance(o, float) else ""
    raise IllFormed(f"{name} must be made of integers or fractions{hint}")


def number(data: Mapping[str, Any], name: str) -> Fraction:
    """One exact number."""
    need(name in data, f"{name} is missing")
    return as_fraction(data[name], name)


def integer(data: Mapping[str, Any], name: str, least: int) -> int:
    """One integer from `least` to MAX_LENGTH."""
    v = number(data, name)
    need(
        v.denominator == 1 and least <= v <= MAX_LENGTH,
        f"{name} must be an integer from {least} to {MAX_LENGTH}",
    )
    return int(v)


def vector(data: Mapping[str, Any], name: str) -> Vector:
    """A non-empty list of exact numbers."""
    need(name in data, f"{name} is missing")
    o = data[name]
    need(
        isinstance(o, (list, tuple)) and 1 <= len(o) <= MAX_LENGTH,
        f"{name} must be a list of 1 to {MAX_LENGTH} numbers",
    )
    return [as_fraction(v, name) for v in o]


def lemma_holds(name: str) -> bool:
    """Does the kernel prove the lemma, in all its dimensions? (A lemma has no witness.)"""
    st = CATALOGUE[name]
    for d in st.dims:
        ctx = st.context(d)
        with limit(1_000_000):
            if not equal(ctx, *st.goal(d), unfold=ctx.definitions):
                return False
    return True


def judge(data: Any, statement: str | None = None) -> dict[str, Any]:
    """The verdict on a counterexample certificate, as plain data."""
    out = {"statement": statement or "", "proved": False, "verdict": "ill-formed", "reason": ""}
    try:
        need(isinstance(data, dict), "the certificate is not a mapping")
        name = data.get("counterexample")
        need(
            isinstance(name, str) and name in NEGATIVES, "the certificate does not name a negative statement"
        )
        need(statement is None or name == statement, f"this is a certificate for {name}, not for {statement}")
        out["statement"] = name
        given = data.get("data")
        need(isinstance(given, dict), "the certificate has no data")
        negative = NEGATIVES[name]
        found, reason = negative.test(given)
        if found and negative.lemma and not lemma_holds(negative.lemma):
            found, reason = False, f"the lemma {negative.lemma} could not be proved"
        if found and negative.lemma:
            reason += f" (lemma {negative.lemma}, proved for all sizes)"
        out |= {"proved": found, "verdict": "proved" if found else "not proved", "reason": reason}
    except (IllFormed, OutOfBudget) as e:
        out["reason"] = str(e)
    return out


class Counterexample:
    """What a student writes: counterexample("max-pool-not-affine", x=[1, 0], v=[0, 1], p=2)."""

    def __init__(self, id: str, data: Mapping[str, Any]):
        if id not in NEGATIVES:
            raise IllFormed(f"there is no negative statement {id}; there are: {', '.join(NEGATIVES)}")
        self.id, self.data = id, dict(data)

    def result(self) -> dict[str, Any]:
        """The verdict."""
        return judge({"counterexample": self.id, "data": self.data})

    def certificate(self) -> str:
        """What is handed in: JSON."""

        def plain(o: Any) -> Any:
            return str(o) if isinstance(o, Fraction) else list(o) if isinstance(o, tuple) else o

        data = {
            k: [plain(v) for v in o] if isinstance(o, (list, tuple)) else plain(o)
            for k, o in self.data.items()
        }
        return json.dumps({"counterexample": self.id, "data": data})

    def _repr_html_(self) -> str:
        r = self.result()
        verdict = f"{'✓' if r['proved'] else '✗'} {html.escape(r['verdict'])}"
        return f"<p>{html.escape(NEGATIVES[self.id].title)}: <b>{verdict}.</b> {html.escape(r['reason'])}</p>"

    def __repr__(self) -> str:
        r = self.result()
        return f"{NEGATIVES[self.id].title}: {r['verdict']}. {r['reason']}"


def counterexample(id: str, **data: Any) -> Counterexample:
    """A counterexample to be checked exactly; see NEGATIVES for what each one needs."""
    return Counterexample(id, data)
