"""A small run of the fuzz (the large one: python -m helpers.proofs.fuzz), and a check that it can fail."""

import itertools
import json

import pytest

from helpers.proofs import fuzz
from helpers.proofs.chains import build
from helpers.proofs.reference import REFERENCE
from nonconv.proofs import I, S, equality, judge, normal, theorem
from nonconv.proofs import polynomials as po
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.refutation import expand_at, small_points
from nonconv.proofs.scope import define
from nonconv.proofs.terms import IllFormed


def test_no_unsound_pair():
    out = fuzz.pairs(1000, seed=11)
    assert out["unsound"] == 0
    assert out["proved"] > 150, out  # otherwise the test tests nothing
    assert out["refuted"] > 150, out


def test_no_unsound_system():
    out = fuzz.systems(700, seed=12)
    assert out["unsound"] == 0
    assert out["shown"] > 150, out
    assert out["not_shown"] > 150, out


def conditions_ignored(monkeypatch):
    monkeypatch.setattr(equality.Matcher, "follows", lambda self, cond, conds, around: True)


def neighbours_used(monkeypatch):
    original = normal.Normaliser.simplify

    def simplify(self, lin, given):
        return original(
            self,
            lin,
            given
            + tuple(c for _, factors in lin for f in factors if isinstance(f, normal.Sum) for c in f.conds),
        )

    monkeypatch.setattr(normal.Normaliser, "simplify", simplify)


def sums_dropped(monkeypatch):
    monkeypatch.setattr(normal, "impossible", lambda ctx, conds: len(conds) > 4)


def nothing_checked(monkeypatch):
    monkeypatch.setattr(equality.Matcher, "check", lambda self, st: True)


@pytest.mark.parametrize("bug", [conditions_ignored, neighbours_used, sums_dropped, nothing_checked])
def test_the_fuzz_finds_planted_bugs(bug, monkeypatch, capsys):
    bug(monkeypatch)
    assert fuzz.pairs(500, seed=5, stop=True)["unsound"] > 0


def test_the_fuzz_finds_a_bug_planted_in_the_entailment(monkeypatch, capsys):
    def non_unit(p, wanted):
        for m, c in p:
            if len(m) == 1 and m[0] in wanted and sum(m[0] in n for n, _ in p) == 1:
                yield m[0], tuple((n, -a // c) for n, a in p if n != m)

    monkeypatch.setattr(po, "unit_solutions", non_unit)
    assert fuzz.systems(2000, seed=5)["unsound"] > 0


def test_a_map_without_inverse_is_refused(monkeypatch):
    """The check that finds it: x = 2y is no bijection of the integers."""
    x, p = po.variable("x"), po.variable("p")
    twice = po.scale(x, 2)
    all_of_them = ("sum", (("x", po.ONE, p),), (), ("acc", "X", (x,)))
    even = (
        "sum",
        (("x", po.ONE, p),),
        (("ge", po.subtract(twice, po.ONE)), ("ge", po.subtract(p, twice))),
        ("acc", "X", (twice,)),
    )
    assert not equality.equal(fuzz.new_context(), even, all_of_them)
    monkeypatch.setattr(equality, "inverse", lambda sigma, theirs: sigma)
    assert equality.equal(fuzz.new_context(), even, all_of_them)


# ---------------------------------------------------------------- attempts to have something false proved
def test_a_definition_is_not_helped_by_the_goals_indices():
    """The goal assumes 1+f <= i; a parameter or summation index that is called i too goes from 1."""
    P = theorem("same-interior")
    F, G, O, i, u, k, l, m, K, h, f = P.symbols("F G O i u k l m K h f")
    guard = i - f <= 2 * h + 1
    P.witness(O[m, l, i], S[k:K, guard](F[m, k, i - f] * G[k, l, 1]))
    assert "index 3 of F[m,k,i-f] leaves its range" in P.report().witness["O"]
    inner = S[k:K, i : 1 : 2 * h + 2 * f + 1, i - f <= 2 * h + 1](F[m, k, i - f] * G[k, l, 1])
    P.witness(O[m, l, u], inner)
    assert "leaves its range" in P.report().witness["O"]
    P.witness(O[m, l, i], S[k:K, guard, i - f >= 1](F[m, k, i - f] * G[k, l, 1]))
    assert "leaves its range" not in P.report().witness["O"]  # (it is not the kernel that is wanted)


@pytest.mark.parametrize("statement", ["conv-conv", "conv-conv-2d"])
def test_a_witness_is_the_same_for_every_length_of_the_input(statement):
    """For all p, r, ... there is a kernel O such that for all n: O must not look at n."""
    P = build(statement)
    F, G, O, t, u, w, k, l, m, K, p, r, n = P.symbols("F G O t u w k l m K p r n")
    right = S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w])
    for body in (S[k:K, n >= 1](F[m, k, 1] * 0) + right, I[n >= p] * right):
        P.witness(O[m, l, t], body)
        assert "inputs of every length" in P.report().witness["O"]
        assert not judge(P.certificate(), statement)["proved"]


def test_own_index_names_have_no_say_in_the_statement():
    """m is only a summation index there; as a position it would be another one in each dimension."""
    c = json.loads(REFERENCE["concatenation"]().certificate())
    assert judge(c)["proved"]
    assert "has a meaning" in judge({**c, "indices": {"m": "s"}})["reason"]
    st = CATALOGUE["concatenation"]
    assert st.context(2, None, st.positions | {"m"}).definitions == st.context(2).definitions


@pytest.mark.parametrize("params", [("x", "x"), ("x", "p"), ("x",)])
def test_parameters_of_a_definition_differ_and_are_no_sizes(params):
    slot = (po.ONE, po.ONE)
    with pytest.raises(IllFormed, match="different index names"):
        define(fuzz.new_context(), "Q", params, (slot, slot), ("num", 1))


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_hypotheses_can_be_met(name):
    """Under contradictory hypotheses everything could be proved."""
    st = CATALOGUE[name]
    for d in st.dims:
        ctx = st.context(d)
        for side in st.goal(d):
            points = itertools.islice(small_points(ctx), 60)
            assert any(expand_at(ctx, side, values, {}) for values in points)
