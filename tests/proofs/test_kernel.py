"""The kernel on small terms with a known answer: what each law gives, and what it must not give."""

from collections.abc import Iterable

import pytest

from nonconv.proofs import polynomials as po
from nonconv.proofs.bounds import out_of_range
from nonconv.proofs.budget import OutOfBudget, limit, remaining, spend
from nonconv.proofs.dimensions import lower
from nonconv.proofs.entailment import entails, infeasible
from nonconv.proofs.equality import ALL, equal
from nonconv.proofs.notation import I, S, indices, tensors
from nonconv.proofs.refutation import refute, small_points
from nonconv.proofs.rules import CHOICES, RULES, least
from nonconv.proofs.scope import check_scope, define
from nonconv.proofs.terms import FALSE, Context, IllFormed, at_least, normal

i, j, p, r, s, u, v, w, x, y, q = indices("i j p r s u v w x y q")
X, F, G, b, A = tensors("X F G b A")
PLACE = (po.ONE, po.variable("n"))


def context(hypotheses=(), sizes="p r s n"):
    shapes = {"X": (PLACE,), "F": (PLACE,), "G": (PLACE,), "b": (), "A": (PLACE, PLACE)}
    return Context(dict.fromkeys(sizes.split(), 1), ("i", "j"), shapes, tuple(hypotheses), ("n",))


KINDS = {"X": "s", "F": "s", "G": "s", "b": "", "A": "ss", "Y": "s"}
HERE = frozenset(["i", "j", "p", "r", "s", "n", "u", "v", "w", "x", "y", "q"])


def term(e):
    return lower(e.term, KINDS, HERE, 1)


def well_formed(e):
    ctx = context()
    check_scope(ctx, term(e), ctx.globals)


def same(a, b, flags: Iterable[str] = ALL, ctx=None, **more):
    ctx = ctx or context()
    a, b = term(a), term(b)
    for t in (a, b):
        check_scope(ctx, t, ctx.globals)
    yes = equal(ctx, a, b, flags, **more)
    assert yes == equal(ctx, b, a, flags, **more), "equality must be symmetric"
    if yes:
        assert refute(ctx, a, b) is None
    return yes


# ---------------------------------------------------------------- what is true
@pytest.mark.parametrize(
    ("a", "b_"),
    [
        (S[u:p](F[u]), S[v:p](F[v])),
        (S[u:p](F[u]), S[u : 0 : p - 1](F[u + 1])),
        (S[u:p](F[u]), S[u:p](F[p - u + 1])),
        (S[u:p, w:r](F[u] * G[w]), S[u:p](F[u]) * S[w:r](G[w])),
        (S[u:p](F[u]) * S[u:p](F[u]), S[u:p, v:p](F[u] * F[v])),
        (S[u:p, w:u](A[u, w]), S[w:p, u:w:p](A[u, w])),
        (S[u:p, u == 1](F[u]), F[1]),
        (S[u:p, u >= 1, u <= 1](F[u]), F[1]),
        (I[i == j] * F[i], I[i == j] * F[j]),
        (S[u:p](F[u] - F[u]), X[i] - X[i]),
        (S[u:0](F[u]), X[1] * 0),
        (S[u:p, 2 * u == 5](F[u]), X[1] * 0),
        (S[u:p](3 * F[u]) + X[i], X[i] + 2 * S[u:p](F[u]) + S[u:p](F[u])),
        (S[u:p, w:r, v : p + r, u + w == v](F[u] * G[w]), S[u:p, w:r](F[u] * G[w])),
        (I[u >= 1] * S[w:p](F[w]) if False else I[i >= 1] * S[w:p](F[w]), S[w:p, i >= 1](F[w])),
    ],
)
def test_true_equality_is_found(a, b_):
    assert same(a, b_)


@pytest.mark.parametrize(
    ("a", "b_"),
    [
        (S[u:p](F[u]), S[u:r](F[u])),
        (S[u:p](F[u]), S[u:p](F[u + 1])),
        (S[u:p](F[u]), S[u:2:p](F[u])),
        (S[u:p](F[u] + b[()]), S[u:p](F[u]) + b[()]),
        (S[u:p](F[u] * G[u]), S[u:p](F[u]) * S[u:p](G[u])),
        (S[u:p](F[u]) * S[u:p](F[u]), S[u:p](F[u] * F[u])),
        (S[u:p](X[u]), S[u:p, 2 * u <= p](X[2 * u])),
        (S[u:p](X[2 * u]), S[u : 2 * p](X[u])),
        (S[u:p, w:r](F[u]), S[u:p](F[u])),
        (S[u:p, w:r](F[u]), S[u:p, w:p](F[u])),
        (S[u:p, w:u](A[u, w]), S[u:p, w:p](A[u, w])),
        (X[i], X[j]),
        (2 * X[i], X[i]),
        (X[i] * X[i], X[i]),
        (S[u:p](S[w:r](A[u, w])), S[u:p](S[w:r](A[w, u]))),
    ],
)
def test_false_equality_is_refused_and_refuted(a, b_):
    for rule in RULES.values():
        assert not same(a, b_, rule.flags)
    assert not same(a, b_)
    ce = refute(context(), term(a), term(b_))
    assert ce is not None
    assert ce.before != ce.after


def test_a_neighbouring_sum_proves_nothing():
    """The condition i >= 5 of one sum says nothing about the sum beside it (a real bug once)."""
    a = S[x:p, i >= 5](F[x]) + S[u:r, i >= 5](G[u])
    b_ = S[x:p, i >= 5](F[x]) + S[u:r](G[u])
    for flags in (ALL, {"range"}, {"swap", "range"}, {"swap", "range", "onepoint", "affine"}):
        assert not same(a, b_, flags)


def test_a_neighbouring_factor_proves_nothing():
    a = S[x:p, i >= 5](F[x]) * S[u:r, i >= 5](G[u])
    b_ = S[x:p](F[x]) * S[u:r](G[u])
    assert not same(a, b_)


def test_an_enclosing_sum_may_be_used():
    a = S[x:p, i >= 5](F[x] * (S[u:r, i >= 4](G[u]) + b[()]))
    b_ = S[x:p, i >= 5](F[x] * (S[u:r](G[u]) + b[()]))
    assert same(a, b_, {"range"})


@pytest.mark.parametrize(
    ("a", "b_", "needed"),
    [
        (S[u:p](S[w:r](F[u] * G[w])), S[w:r](S[u:p](F[u] * G[w])), "swap"),
        (S[u:p, w:r](F[u] * G[w]), S[w:r, u:p](F[u] * G[w]), "arithmetic"),
        (S[u:p, w:u](A[u, w]), S[w:p, u:w:p](A[u, w]), "swap"),
        (S[u:p](F[u] * b[()]), b[()] * S[u:p](F[u]), "distribute"),
        (S[u:p](F[u]), S[u : 0 : p - 1](F[u + 1]), "regroup"),
        (S[u:p, u == 1](F[u]), F[1], "one point"),
        (S[u:p](F[u]), S[u:p, u >= 0](F[u]), "range"),
        (S[u:p](F[u] * G[u]), S[v:p](G[v] * F[v]), "arithmetic"),
    ],
)
def test_each_law_needs_its_rule(a, b_, needed):
    ctx = context()
    need = least(ctx, term(a), term(b_))
    assert need is not None
    assert need.rules == (() if needed == "arithmetic" else (needed,))
    assert same(a, b_, RULES[needed].flags)


def test_split_needs_its_cut():
    a, b_ = S[u : p + r](F[u]), S[u:p](F[u]) + S[u : p + 1 : p + r](F[u])
    assert not same(a, b_, RULES["split"].flags)
    ctx = context()
    assert equal(
        ctx, term(a), term(b_), RULES["split"].flags, (), [at_least(po.variable("p"), po.variable("u"))]
    )


def test_definitions_unfold_without_capture():
    """Y[u] := sum over u of F[u + u'] must not mix up the two u."""
    ctx = context()
    define(ctx, "Y", ("x",), (PLACE,), term(S[u:p](F[u] * X[x + u])))
    assert equal(ctx, ("acc", "Y", (po.variable("i"),)), term(S[v:p](F[v] * X[i + v])), (), ["Y"])
    t = ("sum", (("u", po.ONE, po.variable("r")),), (), ("acc", "Y", (po.variable("u"),)))
    assert equal(ctx, t, term(S[u:r, v:p](F[v] * X[u + v])), (), ["Y"])
    assert not equal(ctx, t, term(S[u:r, v:p](F[v] * X[v + v])), ALL, ["Y"])


@pytest.mark.parametrize("e", [S[u:p](S[u:r](F[u])), F[u], S[u:w, w:p](F[u]), A[i], S[u:p](F[u]) * F[u]])
def test_ill_formed_terms_are_refused(e):
    with pytest.raises(IllFormed):
        well_formed(e)


# ---------------------------------------------------------------- conditions
def test_integer_tightening():
    assert normal(("ge", (((), -1), (("x",), 2)))) == ("ge", (((), -1), (("x",), 1)))  # 2x >= 1 is x >= 1
    assert normal(("eq", (((), 1), (("x",), 2)))) == FALSE
    odd = [("eq", (((), 1), (("x",), 2), (("y",), -2)))]
    assert infeasible(odd)


def test_entailment_with_symbolic_stride():
    ctx = context()
    below = [at_least(po.variable("i"), po.ONE), at_least(po.variable("j"), po.variable("i"))]
    stride = po.variable("s")
    goal = at_least(po.multiply(stride, po.variable("j")), po.multiply(stride, po.variable("i")))
    assert entails(ctx, below, goal)
    assert not entails(ctx, below[:1], goal)
    assert not entails(
        Context({"s": -1}, ("i", "j"), {}), below, goal
    )  # s may be -1: the products must not be used


def test_a_product_of_sizes_is_at_least_one():
    """u - 1 + p(v - 1) + p*r*s >= 0: the strides of three layers."""
    ctx = context()
    given = [at_least(po.variable(x), po.ONE) for x in "ij"]
    i, j, p, r, s = map(po.variable, "ijprs")
    strides = po.multiply(po.multiply(p, r), s)
    sum_ = po.add(po.add(i, po.multiply(p, po.subtract(j, po.ONE))), strides)
    assert entails(ctx, given, at_least(sum_, po.constant(2)))
    assert not entails(ctx, given, at_least(sum_, po.constant(3)))
    assert entails(ctx, [], at_least(strides, po.ONE))
    assert not entails(Context({"p": 1, "r": 1, "s": -1}, (), {}), [], at_least(strides, po.ONE))


def test_entailment_is_not_fooled_by_rationals():
    ctx = context()
    half = [
        at_least(po.scale(po.variable("i"), 2), po.ONE),
        at_least(po.constant(1), po.scale(po.variable("i"), 2)),
    ]
    assert infeasible(half)
    assert not entails(ctx, [], at_least(po.variable("i"), po.ONE))


# ---------------------------------------------------------------- bounds typing
def ranged(e, hypotheses=()):
    return list(out_of_range(context(hypotheses), term(e)))


def test_access_in_range():
    n = indices("n")[0]
    assert not ranged(S[u:n](F[u]))
    assert not ranged(S[u:2:n](F[u - 1]))
    assert not ranged(S[u:p, u <= n](F[u]))
    assert not ranged(I[i >= 1, i <= n] * F[i])


def test_access_out_of_range_comes_with_an_instance():
    n = indices("n")[0]
    for e in (S[u:n](F[u + 1]), S[u:n](F[u - 1]), F[i], I[i >= 1] * F[i], I[i >= 1, i <= n] * X[1] + F[i]):
        found = ranged(e)
        assert found
        assert found[0].instance
        values = dict(found[0].instance)
        assert not 1 <= po.evaluate(found[0].index, values) <= values["n"]


def test_a_bracket_in_another_term_is_no_guard():
    n = indices("n")[0]
    assert ranged(I[i >= 1, i <= n] * (X[1] + b[()]) + F[i])
    assert not ranged(I[i >= 1, i <= n] * (X[1] + F[i]))


# ---------------------------------------------------------------- refutation and budgets
def test_counterexample_is_the_smallest():
    ce = refute(context(), term(S[u:p](F[u])), term(F[1] + b[()] * 0))
    assert ce is not None
    assert dict(ce.values)["p"] == 2
    assert dict(ce.entries) == {("F", (2,)): 1}
    assert (ce.before, ce.after) == (1, 0)


def test_x_squared_and_x_differ_although_not_at_0_and_1():
    ce = refute(context(), term(F[1] * F[1]), term(F[1]))
    assert ce is not None
    assert ce.before != ce.after


def test_small_points_respect_hypotheses():
    ctx = context([at_least(po.variable("n"), po.add(po.variable("p"), po.variable("i")))])
    for _, values in zip(range(30), small_points(ctx), strict=False):
        assert values["n"] - values["p"] - values["i"] in (0, 1)  # as small as possible, or one more


def test_budget_nests_and_is_paid_back():
    with limit(100):
        with pytest.raises(OutOfBudget), limit(1000):
            spend(101)
        assert remaining() == 0
    with limit(100):
        with limit(10):
            spend(3)
        assert remaining() == 97


def test_out_of_budget_is_never_yes():
    many = S[tuple(slice(z, p) for z in indices("a b c d e f g"))]
    a = many(X[indices("a")[0]])
    with limit(50), pytest.raises(OutOfBudget):
        equal(context(), lower(a.term, KINDS, HERE | set("abcdefg"), 1), term(X[1]))


def test_rule_choices_are_ordered_by_weight():
    weights = [sum(RULES[x].weight for x in c) for c in CHOICES]
    assert weights == sorted(weights)
    assert CHOICES[0] == ()
