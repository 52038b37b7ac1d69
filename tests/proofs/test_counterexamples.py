"""Negative statements: an exact counterexample is accepted, everything else is not, and the lemmas are
proved.
"""

import json
from fractions import Fraction

import numpy as np
import pytest
import torch

from nonconv.proofs import counterexample, judge
from nonconv.proofs.counterexamples import NEGATIVES, lemma_holds, max_pool, same_conv, valid_conv
from nonconv.proofs.terms import IllFormed

GOOD = {
    "max-pool-not-affine": dict(x=[1, 0], v=[0, 1], p=2),
    "same-same-not-conv": dict(F=[1, 1, 1], G=[1, 1, 1], n=3, i=0, j=0),
    "batch-norm-training": dict(x=1, others=[0], others_changed=[3], eps="1/100000"),
    "relu-between-not-affine": dict(F=[1], G=[1], x=[1], v=[-1]),
}
BAD = {
    "max-pool-not-affine": [
        dict(x=[1, 0], v=[2, 0], p=2),
        dict(x=[1, 0], v=[0, 1], p=1),
        dict(x=[1], v=[0, 1], p=1),
        dict(x=[1, 0], v=[0, 1], p=3),
        dict(x=[1.5, 0], v=[0, 1], p=2),
        dict(x=[1, 0], v=[0, 1]),
        dict(x=[], v=[], p=1),
        dict(x="10", v="01", p=2),
        dict(x=[1, 0], v=[0, 1], p="1/2"),
        dict(x=[0] * 65, v=[0] * 65, p=2),
        dict(x=[10**12, 0], v=[0, 1], p=2),
    ],
    "same-same-not-conv": [
        dict(F=[1, 1, 1], G=[1, 1, 1], n=9, i=4, j=4),
        dict(F=[1, 1], G=[1, 1, 1], n=3, i=1, j=1),
        dict(F=[1, 1, 1], G=[1, 1, 1], n=3, i=3, j=1),
        dict(F=[1], G=[1, 1, 1], n=3, i=1, j=1),
        dict(F=[1, 1, 1], G=[1, 1, 1], n=10**6, i=1, j=1),
    ],
    "batch-norm-training": [
        dict(x=1, others=[0], others_changed=[0], eps=1),
        dict(x=1, others=[0], others_changed=[1, 2], eps=1),
        dict(x=1, others=[1], others_changed=[1], eps=0),
        dict(x=1, others=[0], others_changed=[3], eps=-1),
    ],
    "relu-between-not-affine": [
        dict(F=[1], G=[1], x=[1], v=[1]),
        dict(F=[1], G=[0], x=[1], v=[-1]),
        dict(F=[1, 1], G=[1], x=[1], v=[-1]),
    ],
}


def numbers(*values: int) -> list[Fraction]:
    return [Fraction(v) for v in values]


def test_every_negative_statement_is_tested():
    assert set(GOOD) == set(BAD) == set(NEGATIVES)


@pytest.mark.parametrize("name", NEGATIVES)
def test_counterexample_is_accepted(name):
    c = counterexample(name, **GOOD[name])
    result = judge(c.certificate(), name)
    assert result["proved"], result["reason"]
    assert set(result["credits"].values()) == {1.0}
    assert "proved" in repr(c)
    assert "<b>✓ proved.</b>" in c._repr_html_()


@pytest.mark.parametrize(("name", "data"), [(n, d) for n, ds in BAD.items() for d in ds])
def test_what_shows_nothing_is_refused_with_a_reason(name, data):
    result = judge(json.dumps({"counterexample": name, "data": data}), name)
    assert not result["proved"]
    assert result["reason"]
    assert set(result["credits"].values()) == {0.0}


MAX = GOOD["max-pool-not-affine"]


@pytest.mark.parametrize(
    "data",
    [
        dict(x=np.array([1, 0]), v=np.array([0, 1]), p=2),
        dict(x=list(np.array([1, 0])), p=np.int64(2)),
        dict(x=range(1, -1, -1), v=range(2)),
        dict(x=torch.tensor([1, 0]), v=torch.nn.Parameter(torch.tensor([0.0, 1.0])), p=torch.tensor(2)),
        dict(x=(True + 1, Fraction(1, 2)), p=2.0),
        dict(x=[1e9, "1e-5"], v=["0.5", "1e9"]),
        dict(x=["1/3", "-2"], p="2"),
    ],
)
def test_numbers_of_every_kind_are_taken(data):
    c = counterexample("max-pool-not-affine", **(MAX | data))
    assert c.result()["proved"], c.result()["reason"]
    assert judge(c.certificate()) | {"witness": 0, "lines": 0, "credits": 0} == c.result() | {
        "witness": 0,
        "lines": 0,
        "credits": 0,
    }
    assert "[" in c.certificate()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (dict(x=torch.tensor([0.5, 0])), "not of 0.5; a float is not exact: write it as a text"),
        (dict(x={1, 0}), "x must be a list of 1 to 64 numbers, not a value of type set"),
        (dict(x=iter([1, 0])), "not a value of type list_iterator"),
        (dict(x=np.array([[1, 0]])), "x is one list of numbers, not a list of lists"),
        (dict(x=torch.tensor([1j, 0])), "not of a value of type complex"),
        (dict(x=torch.empty(2, device="meta")), "not a value of type Tensor"),
        (dict(x=[float("nan"), 1]), "not of a value of type nan"),
        (dict(x=[10**400, 1]), "up to 10**9"),
        (dict(x=[Fraction(1, 10**5000), 1]), "up to 10**9"),
        (dict(x=[None, 1]), "not of None"),
        (dict(x=[True, False]), "not of True"),
        (dict(x="10"), "not '10'"),
        (dict(x=[1] * 100), "it has more"),
        (dict(x=[]), "it is empty"),
        (dict(p=[1, 2]), "p must be one number, not a list"),
        (dict(p=1.5), "not of 1.5"),
        (dict(p=0), "p must be an integer from 1 to 64, not 0"),
        (dict(P=2), "max-pool-not-affine needs x, v, p; it has no P"),
        (dict(x=["\x1b[2J", 1]), "x must be made of integers or fractions"),
        (dict(x=[["a"]] * 2), "not of a list"),
    ],
)
def test_what_is_no_number_is_refused_in_a_sentence(data, says):
    c = counterexample("max-pool-not-affine", **(MAX | data))
    assert says in c.result()["reason"]
    assert judge(c.certificate())["reason"] == c.result()["reason"]
    assert repr(c).isprintable()


def test_what_is_left_out_is_named():
    assert (
        "p is missing; you gave x, v"
        in counterexample("max-pool-not-affine", x=[1], v=[1]).result()["reason"]
    )


def test_an_endless_list_of_lists_is_refused():
    x = []
    x.append(x)
    c = counterexample("max-pool-not-affine", **(MAX | {"x": x}))
    assert "x is one list of numbers, not a list of lists" in c.result()["reason"]


def test_counterexample_for_another_statement_is_refused():
    c = counterexample("max-pool-not-affine", **GOOD["max-pool-not-affine"])
    assert not judge(c.certificate(), "same-same-not-conv")["proved"]
    assert not judge(c.certificate(), "conv-conv")["proved"]
    with pytest.raises(IllFormed, match="no negative statement"):
        counterexample("sigmoid")


def test_values_of_the_designs_example():
    e1, e2 = numbers(1, 0, 0), numbers(0, 1, 0)
    f = numbers(1, 1, 1)
    twice = [same_conv(same_conv(e, f), f) for e in (e1, e2)]
    assert (twice[0][0], twice[1][1]) == (2, 3)
    result = judge(counterexample("same-same-not-conv", **GOOD["same-same-not-conv"]).certificate())
    assert "A[0][0] = 2 and A[1][1] = 3" in result["reason"]


def test_fractions_are_exact():
    tiny = Fraction(1, 10**8)
    c = counterexample("max-pool-not-affine", x=[tiny, 0], v=[0, tiny], p=2)
    assert judge(c.certificate())["proved"]


def test_exact_layers():
    assert valid_conv(numbers(1, 2, 3), numbers(1, 10)) == [21, 32]
    assert same_conv(numbers(1, 2, 3), numbers(1, 10, 100)) == [210, 321, 32]
    assert max_pool(numbers(1, 3, 2), 2) == [3, 3]


@pytest.mark.parametrize("name", sorted({n.lemma for n in NEGATIVES.values() if n.lemma}))
def test_lemma_is_proved_by_the_kernel(name):
    assert lemma_holds(name)
