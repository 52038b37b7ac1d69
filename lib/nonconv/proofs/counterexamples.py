"""Negative statements: "this layer is not a convolution". One exact counterexample proves each of them.

A certificate is {"counterexample": id, "data": {...}} with integers and fractions such as "1/2"; everything
is computed with fractions, nothing is rounded. Places count from 0, as in Python. Where the argument is
"convolutions have property P, this layer does not", the kernel proves P first, as a statement of the
catalogue (the lemma).
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .budget import OutOfBudget, limit
from .catalogue import CATALOGUE
from .equality import equal
from .exact import Vector, integer, need, number, plain, vector
from .notation import NotationError
from .rules import LEGIBLE
from .terms import IllFormed


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
    need(len(x) == len(v), f"x has {len(x)} numbers and v has {len(v)}; they must be as many")
    need(len(x) >= p, f"a window of {p} does not fit into x, which has {len(x)} numbers")
    return _defect(affine_defect(lambda y: max_pool(y, p), x, v))


def _between(data: dict[str, Any]) -> tuple[bool, str]:
    x, v, f, g = (vector(data, name) for name in ("x", "v", "F", "G"))
    need(len(x) == len(v), f"x has {len(x)} numbers and v has {len(v)}; they must be as many")
    least = len(f) + len(g) - 1
    need(
        len(x) >= least,
        f"x has {len(x)} number{'s' * (len(x) != 1)};"
        f" for kernels of {len(f)} and {len(g)} it needs {least} or more",
    )
    return _defect(affine_defect(lambda y: valid_conv(relu(valid_conv(y, f)), g), x, v))


def _defect(defect: Vector) -> tuple[bool, str]:
    shown = "f(x+v) - f(x) - f(v) + f(0) = (" + ", ".join(map(str, defect)) + ")"
    if any(defect):
        return True, f"{shown}, which is not zero; for every convolution with bias it is zero"
    return False, f"{shown} is zero everywhere: these x and v do not show it"


def _same_same(data: dict[str, Any]) -> tuple[bool, str]:
    f, g = vector(data, "F"), vector(data, "G")
    n, i, j = integer(data, "n", 1), integer(data, "i", 0), integer(data, "j", 0)
    need(
        len(f) % 2 == 1 and len(g) % 2 == 1,
        f"F and G must have odd lengths, so that SAME padding is symmetric; they have {len(f)} and {len(g)}",
    )
    need(
        i + 1 < n and j + 1 < n,
        f"i and j count from 0, and rows i, i+1 and columns j, j+1 must lie within 0..n-1 = 0..{n - 1};"
        f" here i = {i} and j = {j}",
    )

    def entry(row: int, column: int) -> Fraction:
        e = [Fraction(int(k == column)) for k in range(n)]
        return same_conv(same_conv(e, f), g)[row]

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
    need(eps >= 0, f"eps must not be negative; it is {eps}")
    need(
        len(one) == len(other),
        f"others has {len(one)} numbers and others_changed has {len(other)}; they must be as many",
    )

    def output(batch: Vector) -> Fraction:
        """z*|z| for z = (x - mean) / sqrt(var + eps): a fraction, and equal exactly if the z are."""
        mean = sum(batch, Fraction(0)) / len(batch)
        var = sum(((b - mean) ** 2 for b in batch), Fraction(0)) / len(batch)
        need(var + eps > 0, "var + eps is 0, so batch norm is not defined on this batch")
        z = batch[0] - mean
        return (z * abs(z)) / (var + eps)

    a, b = output([x, *one]), output([x, *other])
    if a != b:
        return True, (
            f"the same x = {x} is normalised to z with z*|z| = {a} in one batch and {b} in the other; a"
            f" convolution's output for one sample does not depend on the others ({COMPARED})"
        )
    return False, f"in both batches x is normalised to z with z*|z| = {a}: they do not show it ({COMPARED})"


COMPARED = "z*|z| is compared because z itself has a square root in it"


NEGATIVES: dict[str, Negative] = {
    x.id: x
    for x in (
        Negative(
            "max-pool-not-affine",
            "Max pooling is not a convolution",
            "Give x and v with f(x+v) - f(x) - f(v) + f(0) not 0, for max pooling f, window p, stride 1.",
            "conv-affine",
            {"x": "a list of numbers", "v": "a list of the same length", "p": "the window, which moves by 1"},
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
            "Give F, G (odd lengths), n, i, j with A[i][j] != A[i+1][j+1] for the composition's matrix A;"
            " places count from 0.",
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


# ---------------------------------------------------------------- judging
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
        need(
            statement is None or name == statement,
            f"these numbers are for {name}, and the check asks for {statement}: the function is called with"
            " each of the statements, so look at `statement` first",
        )
        out["statement"] = name
        numbers = data.get("data")
        need(isinstance(numbers, dict), "the certificate has no data")
        negative = NEGATIVES[name]
        alien = [x for x in numbers if x not in negative.data and LEGIBLE.match(x)]
        need(not alien, f"{name} needs {', '.join(negative.data)}; it has no {', '.join(alien)}")
        found, reason = negative.test(numbers)
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
            raise NotationError(f"there is no negative statement {id!r}; there are: {', '.join(NEGATIVES)}")
        self.id, self.data = id, dict(data)

    def result(self) -> dict[str, Any]:
        """The verdict: the judge's, on the very certificate that is handed in."""
        return judge(json.loads(self.certificate()))

    def certificate(self) -> str:
        """What is handed in: JSON."""
        return json.dumps({"counterexample": self.id, "data": {k: plain(o) for k, o in self.data.items()}})

    def _repr_html_(self) -> str:
        r = self.result()
        verdict = f"{'✓' if r['proved'] else '✗'} {html.escape(r['verdict'])}"
        return f"<p>{html.escape(NEGATIVES[self.id].title)}: <b>{verdict}.</b> {html.escape(r['reason'])}</p>"

    def __repr__(self) -> str:
        r = self.result()
        return f"{NEGATIVES[self.id].title}: {r['verdict']}. {r['reason']}"


def counterexample(id: str, *unnamed: Any, **data: Any) -> Counterexample:
    """A counterexample to be checked exactly; see NEGATIVES for what each one needs.

    NotationError for numbers without their names.
    """
    if unnamed:
        names = ", ".join(f"{name}=…" for name in NEGATIVES[id].data) if id in NEGATIVES else "x=…"
        raise NotationError(f"give each number its name: counterexample(statement, {names})")
    return Counterexample(id, data)
