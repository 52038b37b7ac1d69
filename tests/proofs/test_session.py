"""What a student types and sees: clear errors, verdicts in words, LaTeX, levels, hints."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers.proofs.chains import build, right_chain, right_witness, symbols
from helpers.proofs.reference import REFERENCE
from nonconv.proofs import (
    I,
    NotationError,
    S,
    definition,
    hint,
    judge,
    resume,
    split,
    statement_text,
    theorem,
)
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.checking import BLANK, CARRIED, OTHER_RULE, PENDING, PROVED, REFUTED, WAITING
from nonconv.proofs.shown import style_of

LANGUAGE = Path(__file__).parents[2] / "units/02-reduction-to-convolution/proof/notebook.py"
P = theorem("conv-conv")
s = symbols(P)


# ---------------------------------------------------------------- errors
@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: s.u <= s.w <= s.p, "a <= b, b <= c"),
        (lambda: (s.u <= s.w) and (s.w <= s.p), "a <= b, b <= c"),
        (lambda: (s.u <= s.w) & (s.w <= s.p), "a <= b, b <= c"),
        (lambda: max(s.u, s.w), "max  or  min"),
        (lambda: s.u != s.w, "!="),
        (lambda: s.u**2, "no powers"),
        (lambda: s.u // s.p, "divided"),
        (lambda: s.g[s.l] ** 2, "no powers"),
        (lambda: s.F[s.m, s.k, s.u] + s.u, "an index, not a value"),
        (lambda: s.F[s.m, s.k, s.g[s.l]], "cannot be used as an index"),
        (lambda: s.F * s.G, "needs its indices"),
        (lambda: s.g[s.l] + s.F, "needs its indices"),
        (lambda: s.g[s.l] / 2, "no division"),
        (lambda: 0.5 * s.g[s.l], "integers"),
        (lambda: s.u / 2, "divided"),
        (lambda: S[s.k : s.K] * s.g[s.l], "round brackets"),
        (lambda: s.g[s.l] + S[s.k : s.K], "round brackets"),
        (lambda: S[s.k](s.b[s.k]), "ranges such as k:K"),
        (lambda: S[s.u + 1 : s.p](s.b[s.k]), "plain name"),
        (lambda: s.F[s.m : s.M], "belong to S"),
        (lambda: I[s.k : s.K], "conditions only"),
        (lambda: s.g[s.l] == s.o[s.l], "between lines"),
        (lambda: bool(s.g[s.l]), "neither true nor false"),
        (lambda: s.g[s.l](s.b[s.k]), r"is a \* missing"),
        (lambda: theorem("pythagoras"), "there is no statement pythagoras"),
        (lambda: P.symbols("q"), "an index of your own"),
        (lambda: P.positions("n"), "n is a size here"),
        (lambda: P.channels("u"), r"u has a meaning here, P.positions\(\"u\"\)"),
        (lambda: P.positions("X1"), "small letters"),
        (lambda: P.witness(s.Z[s.l, s.i], 0), "not yours to define"),
        (lambda: P.witness(s.o[s.l + 1], 0), "plain name"),
        (lambda: P.witness(s.o, 0), "P.witness"),
        (lambda: split(s.u), "condition"),
    ],
)
def test_mistake_in_the_notation_is_explained(attempt, says):
    with pytest.raises(NotationError, match=says) as e:
        attempt()
    assert len(str(e.value)) < 200
    assert e.value._render_traceback_() == [f"In this formula: {e.value}"]


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_names_that_the_text_makes_are_free_in_every_statement(name):
    P = theorem(name)
    example = re.search(
        r"are made by `(.*?)` and, for channels, `(.*?)`", LANGUAGE.read_text(encoding="utf-8")
    )
    assert example is not None
    for call in example.groups():
        ((kind, names),) = re.findall(r'P\.(positions|channels)\("([a-z ]+)"\)', call)
        made = getattr(P, kind)(names)
        assert len(made if isinstance(made, tuple) else [made]) == len(names.split())
    assert all(repr(P.symbols(size)) == size for size in P.statement.sizes)


# ---------------------------------------------------------------- verdicts and what is shown
def test_cell_is_safe_to_run_again():
    P = theorem("conv-conv")
    for _ in range(2):
        s = symbols(P)
        w = right_witness(s)
        P.witness(s.O[s.m, s.l, s.t], w["O"])
        P.witness(s.o[s.l], w["o"])
        P.calc(s.Z[s.l, s.i], *right_chain(s))
        assert P.report().proved
    assert P.certificate() == build("conv-conv").certificate()


def test_one_mistake_is_reported_once():
    def edit(s, c, w):
        c[2] = (
            s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](
                s.X[s.m, s.i + s.u + s.w - 2] * s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
            )
            + s.S[s.k : s.K](s.b[s.k] * s.G[s.k, s.l, 1])
            + s.g[s.l],
            "distribute",
        )

    verdicts = [r.verdict for r in build("conv-conv", edit).report().lines]
    assert verdicts[:3] == [PROVED] * 3
    assert verdicts[3] == REFUTED
    assert verdicts[4] == PENDING
    assert verdicts[5:] == [PROVED] * 5


def test_a_mistake_carried_on_is_not_a_second_mistake():
    def edit(s, c, w):
        wrong = s.S[s.k : s.K, s.w : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w])
        c[0] = (wrong, "definition Z")
        c[1] = (s.S[s.w : s.r, s.k : s.K](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]), "swap")

    verdicts = [r.verdict for r in build("conv-conv", edit).report().lines]
    assert verdicts[1:3] == [REFUTED, CARRIED]
    assert REFUTED not in verdicts[3:]


def test_blank_is_named_and_the_rest_is_still_checked():
    def edit(s, c, w):
        c[3] = (..., "definition o")

    report = build("conv-conv", edit).report()
    assert [r.verdict for r in report.lines][4] == BLANK
    assert all(r.verdict in (PROVED, PENDING) for n, r in enumerate(report.lines) if n != 4)
    assert not report.proved


@pytest.mark.parametrize(
    "blank",
    [
        lambda s: s.S[s.k : s.K, ...](s.b[s.k]),
        lambda s: s.X[s.m, ...] * s.g[s.l],
        lambda s: s.S[s.k : s.K](...),
        lambda s: ... * s.g[s.l],
        lambda s: s.g[s.l] + ...,
        lambda s: s.S[s.k : s.K, s.w : ...](s.b[s.k]),
    ],
)
def test_blank_may_stand_anywhere(blank):
    def edit(s, c, w):
        c[3] = (blank(s), "definition o")

    assert build("conv-conv", edit).report().lines[4].verdict == BLANK


def test_missing_reason_is_a_blank():
    def edit(s, c, w):
        c[3] = (c[3][0], ...)

    P = build("conv-conv", edit)
    assert P.report().lines[4].verdict == BLANK
    assert not judge(P.certificate())["proved"]


def test_needed_rules_are_named():
    def edit(s, c, w):
        c[5] = (c[5][0], "distribute")
        del c[4]
        del c[1]

    lines = build("conv-conv", edit).report().lines
    assert "needs definition Y + distribute" in lines[2].message
    assert lines[4].verdict == OTHER_RULE
    assert 'needs "regroup", or only "one point"' in lines[4].message


def test_strict_exercises_take_one_definition_a_line():
    P, s = new()
    chain = right_chain(s)
    chain[0:2] = [(chain[1][0], "definition Z, Y")]
    P.calc(s.Z[s.l, s.i], *chain)
    assert P.report().proved
    assert judge(P.certificate())["proved"]
    P.strict = True
    assert "one definition a line" in P.report().summary
    assert not judge(P.certificate(), strict=True)["proved"]


def test_a_wrong_witness_is_reported_once():
    def edit(s, c, w):
        w["O"] = s.S[s.k : s.K, s.w : s.r](s.F[s.m, s.k, s.t] * s.G[s.k, s.l, s.w])

    P = build("conv-conv", edit)
    report = P.report()
    assert [r.verdict for r in report.lines][7:] == [PROVED, WAITING, CARRIED]
    assert "leaves its range" in report.witness["O"]
    assert sum("leaves its range" in r.message for r in report.lines) == 0
    assert "✗ wrong" in P.show()._repr_html_()


def test_nothing_is_refuted_about_a_witness_without_definition():
    P = theorem("conv-conv")
    s = symbols(P)
    P.calc(s.Z[s.l, s.i], (s.W[s.l, s.i], "definition W"), (s.o[s.l] + s.Z[s.l, s.i], "arithmetic"))
    assert [r.verdict for r in P.report().lines] == [PROVED, WAITING, WAITING]


def test_a_missing_rule_is_asked_for():
    def edit(s, c, w):
        c[3], c[4] = (c[3][0], ...), (..., "swap")

    lines = build("conv-conv", edit).report().lines
    assert (lines[4].message, lines[5].message) == (
        'Name the rule: (line, "reason").',
        "Fill in what is missing here.",
    )


def test_a_counterexample_says_its_dimension_where_there_are_several():
    def edit(s, c, w):
        c[0] = (s.g[s.l] + 0, "definition Z")

    assert "Counterexample in 1 dimension: " in repr(build("conv-conv-2d", edit).show())
    assert "Counterexample: " in repr(build("conv-conv", edit).show())


def test_outcome_is_not_said_twice():
    shown = build("conv-conv").show()
    assert repr(shown).endswith("Proved: every line holds, for all sizes, in 1 dimension")
    assert "<b>Proved:</b> every line holds, for all sizes" in shown._repr_html_()


def test_strides_are_written_as_one_reads_them():
    P = theorem("conv-conv-strided")
    X, m, t, i, s, e, w, u, p, r = P.symbols("X m t i s e w u p r")
    for index, says in (
        (s * (e * (i - 1) + w - 1) + u, "s*(e*(i-1)+w-1)+u"),
        (s * e * (i - 1) + t, "s*e*(i-1)+t"),
        (p + s * (r - 1), "s*(r-1)+p"),
        (t - s * (w - 1), "t-s*(w-1)"),
        (1 - s - s * w, "1-s*(w+1)"),
        (s * u - s * w, "s*(u-w)"),
    ):
        assert repr(index) == says
        assert (
            repr(eval(says, {"s": s, "e": e, "i": i, "w": w, "u": u, "t": t, "p": p, "r": r}) - index) == "0"
        )
    assert "s(e(i-1)+w-1)+u" in style_of(P.statement).latex(X[m, s * (e * (i - 1) + w - 1) + u].term)


def test_nothing_written_yet():
    P = theorem("conv-conv")
    assert "O is not defined yet" in repr(P.show())
    assert "O is not defined yet" in P.show()._repr_html_()
    assert not judge(P.certificate())["proved"]
    P = theorem("kernels-commute")
    assert "there is no chain yet" in repr(P.show())


def test_plain_text_has_everything():
    text = repr(build("conv-conv").show())
    assert "Proved: " in text
    assert text.count("proved") >= 9
    assert "S[k:K, u:p, w:r, u+w-1 == t](F[m,k,u]*G[k,l,w])" in text
    assert "by definition W" in text


class Tables(HTMLParser):
    def __init__(self):
        super().__init__()
        self.stack, self.text = [], []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("name", REFERENCE)
def test_html_is_well_formed_and_its_formulas_are_balanced(name):
    page = REFERENCE[name]().show()._repr_html_()
    parser = Tables()
    parser.feed(page)
    assert not parser.stack
    assert "✓ proved" in page
    assert 'scope="row"' in page
    formulas = re.findall(r"\$([^$]*)\$", html.unescape(page))
    assert len(formulas) >= 2
    for f in formulas:
        assert f.count("{") == f.count("}")
        assert f.count(r"\Bigl") == f.count(r"\Bigr")
        assert "None" not in f
        assert not re.search(
            r"\\(?!displaystyle|sum|substack|Bigl|Bigr|bigl|bigr|le\b|ge\b|lt\b|gt\b|gamma|beta|mu|rho"
            r"|tau|boxed|,|\\|;|\s)",
            f,
        ), f


def test_latex_is_the_seminars_formula():
    P = build("conv-conv")
    style, lines = style_of(P.statement, P.proof), P.proof.lines
    assert style.latex(lines[1]) == r"\sum_{k=1}^{K}\sum_{w=1}^{r}\,Y^{k}_{i+w-1}\,G^{kl}_{w}+g^{l}"
    assert style.latex(P.proof.witness["O"][1]) == (
        r"\sum_{k=1}^{K}\sum_{u=1}^{p}\sum_{\substack{w=1\\ u+w-1=t}}^{r}\,F^{mk}_{u}\,G^{kl}_{w}"
    )
    P = build("conv-conv-2d")
    style = style_of(P.statement, P.proof)
    assert style.latex(P.proof.lines[0]) == "Z^{l}_{ij}"
    assert style.latex(P.proof.lines[8]) == (
        r"\sum_{m=1}^{M}\sum_{t=1}^{p+r-1}\sum_{{\tau}=1}^{q+s-1}\,"
        r"X^{m}_{i+t-1,\,j+{\tau}-1}\,O^{ml}_{t{\tau}}+o^{l}"
    )


def test_conditions_are_shown_as_written():
    t = (s.t - s.w + 1 >= 1, s.t - s.w + 1 <= s.p)
    e = S[s.w : s.r, t[0], t[1]](s.G[s.k, s.l, s.w])
    assert repr(e) == "S[w:r, t-w+1 >= 1, t-w+1 <= p](G[k,l,w])"
    assert r"t-w+1\ge 1\\ t-w+1\le p" in style_of(P.statement).latex(e.term)


def test_statement_in_words():
    text = statement_text("conv-conv")
    assert "O[m,l,t] := (to be found)" in text
    assert "Show: Z[l,i] = W[l,i]" in text
    assert "for all M, K, L, p, r, n >= 1; l = 1..L; i = 1..n-p-r+2" in text
    assert "h, f >= 0; l = 1..L; i = 1..n; i >= f+1; i <= n-f" in statement_text("same-interior")


# ---------------------------------------------------------------- levels
def shuffled(s):
    keys = "EAHBICDGF"
    return dict(zip(keys, right_chain(s), strict=True)), keys


def new():
    P = theorem("conv-conv")
    s = symbols(P)
    for x, head in (("O", s.O[s.m, s.l, s.t]), ("o", s.o[s.l])):
        P.witness(head, right_witness(s)[x])
    return P, s


def test_level_order_the_lines():
    P, s = new()
    lines, right = shuffled(s)
    P.order(s.Z[s.l, s.i], lines, " ".join(right))
    assert judge(P.certificate(), "conv-conv")["proved"]
    P.order(s.Z[s.l, s.i], lines, sorted(right))
    assert not judge(P.certificate(), "conv-conv")["proved"]
    for wrong, says in (("E E", "more than once"), ("E Q", "no line Q")):
        with pytest.raises(NotationError, match=says):
            P.order(s.Z[s.l, s.i], lines, wrong)


def test_level_name_the_reasons():
    P, s = new()
    chain = right_chain(s)
    lines = [s.Z[s.l, s.i], *(line for line, _ in chain)]
    P.reasons(lines, [r for _, r in chain])
    assert P.report().proved
    P.reasons(lines, [*(r for _, r in chain[:-1]), "swap"])
    assert P.report().lines[-1].verdict == OTHER_RULE
    with pytest.raises(NotationError, match="9 steps"):
        P.reasons(lines, ["swap"])


def test_reasons_as_objects():
    P, s = new()
    chain = right_chain(s)
    chain[0] = (chain[0][0], definition(s.Z))
    P.calc(s.Z[s.l, s.i], *chain)
    assert P.report().proved


def test_level_find_the_witness_with_a_given_chain():
    P = theorem("conv-conv")
    s = symbols(P)
    P.calc(s.Z[s.l, s.i], *right_chain(s))
    report = P.report()
    assert not report.proved
    assert "O is not defined yet" in report.summary
    assert [r.verdict for r in report.lines][1:4] == [PROVED] * 3


# ---------------------------------------------------------------- hints
def test_hint_asks_for_the_witness_first():
    P = theorem("conv-conv")
    reference = build("conv-conv").certificate()
    assert "First define O" in repr(hint(P, reference))
    assert "S[k:?, u:?, w:?, ?](F[?,?,?]*G[?,?,?])" in repr(hint(P, reference, 2))
    assert "u+w-1 == t" in repr(hint(P, reference, 3))
    assert hint(P, reference, 3).latex


def test_hint_goes_on_from_the_last_good_line():
    reference = build("conv-conv").certificate()
    P, s = new()
    chain = right_chain(s)
    P.calc(s.Z[s.l, s.i], *chain[:3])
    h = repr(P.hint(reference))
    assert "From line 3" in h
    assert '"definition o"' in h
    assert "O[" not in h, "the first hint names the rule, no formula"
    assert "o[l]" not in h
    assert "+ o[?]" in repr(P.hint(reference, 2))
    assert repr(chain[3][0]) in repr(P.hint(reference, 3))
    P.calc(s.Z[s.l, s.i], *chain[:4], (..., "swap"))
    assert "From line 4" in repr(P.hint(reference))
    P.calc(s.Z[s.l, s.i], *chain)
    assert "complete" in repr(P.hint(reference))


def test_hint_is_about_the_first_place_that_is_not_right():
    """Lines after the gap are written already; the hint is for the gap."""
    reference = build("conv-conv").certificate()
    P, s = new()
    for broken in ((..., "swap"), (s.o[s.l] + 0 * s.g[s.l], "swap")):
        chain = right_chain(s)
        chain[4] = broken
        P.calc(s.Z[s.l, s.i], *chain)
        h = repr(P.hint(reference))
        assert "From line 4" in h
        assert "regroup" in h


def test_hint_for_a_way_of_ones_own():
    """The student has swapped first; the hint still leads on, not back."""
    P, s = new()
    own = (
        s.S[s.m : s.M, s.u : s.p, s.w : s.r, s.k : s.K](
            s.F[s.m, s.k, s.u] * s.X[s.m, s.i + s.u + s.w - 2] * s.G[s.k, s.l, s.w]
        )
        + s.o[s.l]
    )
    P.calc(s.Z[s.l, s.i], *right_chain(s)[:4], (own, "swap"))
    assert P.report().lines[-1].verdict == PROVED
    assert "regroup" in repr(P.hint(build("conv-conv").certificate()))


def test_a_resumed_proof_is_the_same():
    c = REFERENCE["repvgg"]().certificate()
    assert json.loads(resume(c).certificate()) == json.loads(c)
