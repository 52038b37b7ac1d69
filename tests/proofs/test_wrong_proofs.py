"""The composition theorem: right forms are accepted, wrong ones are rejected for the right reason."""

from dataclasses import replace

import pytest

from helpers.proofs.chains import build
from helpers.proofs.reference import compositions
from helpers.proofs.wrong import CASES, CLASSICS, REFUTED, WITNESS
from nonconv.proofs import judge
from nonconv.proofs.chain import check

STATEMENTS = ("conv-conv", "conv-conv-2d")


def first_wrong(report):
    return next((r for r in report.lines if r.verdict != "proved"), None)


def test_the_table_is_as_long_as_promised():
    assert CLASSICS == 19
    assert len(CASES) - CLASSICS >= 30
    assert len({name for name, *_ in CASES}) == len(CASES)


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize(("name", "edit", "verdict", "counterexample"), CASES, ids=[c[0] for c in CASES])
def test_wrong_proof_is_rejected_for_its_reason(statement, name, edit, verdict, counterexample):
    P = build(statement, edit)
    dims = (1,) if statement == "conv-conv" else (2,)  # each case must be found there alone
    report = check(replace(P.statement, dims=dims), P.proof)
    assert not report.proved
    if statement == "conv-conv":  # the judge runs the same checker again; once is enough
        assert not judge(P.certificate(), statement)["proved"]
    if verdict == WITNESS:
        assert any(report.witness.values())
        return
    wrong = first_wrong(report)
    assert wrong is not None, report.summary
    assert wrong.verdict == verdict, (wrong, report.summary)
    assert (wrong.counterexample is not None) == counterexample
    if verdict == REFUTED:
        assert wrong.counterexample is not None
        assert wrong.counterexample.before != wrong.counterexample.after


@pytest.mark.parametrize("statement", STATEMENTS)
def test_right_proof_and_triangular_form(statement):
    assert build(statement).report().proved
    assert compositions.triangular(statement).report().proved


def renamed(s, c, wt):
    a, e = s.P.positions("a"), s.P.channels("e")
    c[2] = (
        s.S[s.k : s.K, s.w : s.r, e : s.M, a : s.p](
            s.G[s.k, s.l, s.w] * s.X[e, a + s.w + s.i - 2] * s.F[e, s.k, a]
        )
        + (s.g[s.l] + s.S[s.k : s.K, s.w : s.r](s.G[s.k, s.l, s.w] * s.b[s.k])),
        "distribute",
    )


def no_separate_swap(s, c, wt):
    del c[4]
    c[4] = (c[4][0], "regroup")


def shifted_t(s, c, wt):
    """t from 0 in one line; the next line goes back."""
    t0 = (
        s.S[s.m : s.M, s.t : 0 : s.p + s.r - 2, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 2 == s.t](
            s.X[s.m, s.i + s.t] * s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
        )
        + s.o[s.l]
    )
    c.insert(5, (t0, "regroup"))


def generous_t(s, c, wt):
    """A range of t that is too wide does no harm as long as the condition stands."""
    wide = (
        s.S[s.m : s.M, s.t : -2 : s.p + s.r + 3, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](
            s.X[s.m, s.i + s.t - 1] * s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
        )
        + s.o[s.l]
    )
    c.insert(5, (wide, "regroup"))


def strict_inequalities(s, c, wt):
    inner = s.S[s.k : s.K, s.w : s.r, s.t - s.w + 1 > 0, s.t - s.w < s.p]
    wt["O"] = inner(s.F[s.m, s.k, s.t - s.w + 1] * s.G[s.k, s.l, s.w])
    c[6:7] = [
        (
            s.S[s.m : s.M, s.t : s.p + s.r - 1](
                s.X[s.m, s.i + s.t - 1] * inner(s.F[s.m, s.k, s.t - s.w + 1] * s.G[s.k, s.l, s.w])
            )
            + s.o[s.l],
            "regroup",
        )
    ]
    c.insert(
        6,
        (
            s.S[s.m : s.M, s.t : s.p + s.r - 1](
                s.X[s.m, s.i + s.t - 1]
                * s.S[s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](
                    s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
                )
            )
            + s.o[s.l],
            "factor",
        ),
    )


def backwards_definition(s, c, wt):
    """A chain may unfold and fold again."""
    c.insert(1, (s.Z[s.l, s.i], "definition Z"))
    c.insert(2, (c[0][0], "definition Z"))


def witness_with_own_parameter_names(s, c, wt):
    e = s.P.channels("e")
    s.P.witness(s.o[e], s.g[e] + s.S[s.k : s.K, s.w : s.r](s.b[s.k] * s.G[s.k, e, s.w]))
    del wt["o"]


def brackets(s, c, wt):
    from nonconv.proofs import I

    wt["O"] = s.S[s.k : s.K, s.u : s.p, s.w : s.r](
        I[s.u + s.w - 1 == s.t] * s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
    )


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize(
    "edit",
    [
        renamed,
        no_separate_swap,
        shifted_t,
        generous_t,
        strict_inequalities,
        backwards_definition,
        witness_with_own_parameter_names,
        brackets,
    ],
)
def test_other_right_form_is_accepted(statement, edit):
    P = build(statement, edit)
    report = P.report()
    assert report.proved, (report.summary, first_wrong(report))
    assert judge(P.certificate(), statement)["proved"]
