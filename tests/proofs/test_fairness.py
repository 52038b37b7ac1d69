"""Fair to right proofs: a mistake costs its line and no other, and a right line earns its share."""

import json

import pytest

from helpers.proofs.chains import build, right_chain, right_witness, symbols
from nonconv.proofs import I, S, judge, split, theorem
from nonconv.proofs.checking import BLANK, ILL_FORMED, OTHER_RULE, PROVED, RESTS, WAITING

USUAL = build("conv-conv", lambda s, chain, witness: chain.pop(4)).certificate()  # without a line "swap"


def cert() -> dict:
    return json.loads(USUAL)


def verdicts(result: dict) -> list[str]:
    return [line["verdict"] for line in result["lines"]]


def test_each_right_line_earns_the_same():
    for n in range(9):
        c = cert()
        c |= {"lines": c["lines"][: n + 1], "steps": c["steps"][:n]}
        earned = judge(c)["credits"]["prefix"]
        assert earned == n / 8  # exact: eighths
        c = cert()
        c |= {"lines": ["...", *c["lines"][8 - n :]], "steps": [{"rule": "..."}, *c["steps"][8 - n :]]}
        if n:
            assert judge(c)["credits"]["suffix"] == n / 8  # exact: eighths


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ({"rule": "because"}, "is not a rule; the rules are"),
        ({"rule": "definition", "names": ["Y", "distribute"]}, "names two rules"),
        ({"rule": "definition", "names": ["Yyyyyyyyyyyyyyyy"]}, "there is no Yyyyyyyyyyyyyyyy"),
        ({"rule": "definition", "names": ["y"]}, "there is no y in this statement; did you mean Y?"),
        ({"rule": "definition"}, "which definition"),
        ({"rule": "split"}, "where to split"),
        ({"rule": "swap"}, "needs definition Y"),
        ({"rule": "..."}, "Name the rule"),
        ({"rule": 7}, "a reason is a text"),
        ({"rule": []}, "a reason is a text"),
        ({}, "a reason is a text"),
        ("distribute", "wrong form"),
        ({"rule": "x" * 500}, "is not a rule"),
        ({"rule": "\ud800"}, "characters that no rule has"),
        ({"rule": "\x1b[2J\x1b]0;x\x07"}, "characters that no rule has"),
        ({"rule": r"$\href{javascript:alert(1)}{x}$"}, "characters that no rule has"),
        ({"rule": "definition", "names": ["\u202eY"]}, "characters that no name has"),
    ],
)
def test_a_bad_reason_costs_its_line_only(reason, says):
    c = cert()
    c["steps"][1] = reason
    result = judge(json.dumps(c), "conv-conv")
    assert says in result["lines"][2]["message"]
    assert verdicts(result) == [PROVED] * 2 + [result["lines"][2]["verdict"]] + [PROVED] * 6
    assert result["credits"] == {"witness": 1.0, "prefix": 0.875, "suffix": 0.875, "end": 0.0}
    assert json.dumps(result, ensure_ascii=False).isprintable()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (10**7, "at most 1,000,000"),
        (["acc", "g", [{"l": 1, "": 10**9}]], "at most 1,000,000"),
        (1.5, "not a formula"),
        (None, "not a formula"),
        ({"unread": "pair"}, "no pair"),
        ({"unread": "<b>"}, "not a formula"),
        (["add", *[["acc", "g", [{"l": 1}]]] * 700], "at most 600 parts"),
    ],
)
def test_a_line_that_cannot_be_read_costs_itself(line, says):
    c = cert()
    c["lines"][4] = line
    result = judge(c, "conv-conv")
    assert says in result["lines"][4]["message"]
    assert result["lines"][4]["verdict"] == ILL_FORMED
    assert result["credits"] == {"witness": 1.0, "prefix": 3 / 8, "suffix": 3 / 8, "end": 0.0}


def test_lines_beyond_the_sixtieth_are_not_read_and_the_others_are():
    c = cert()
    c["lines"][1:1] = [c["lines"][0]] * 60
    c["steps"][0:0] = [{"rule": "arithmetic"}] * 60
    result = judge(c)
    assert len(result["lines"]) == 61
    assert verdicts(result) == [PROVED] * 60 + [ILL_FORMED]
    assert "60 lines are enough" in result["reason"]
    assert result["credits"]["witness"] == 1


def test_a_witness_that_cannot_be_read_costs_itself():
    c = cert()
    c["witness"]["O"]["body"] = 10**7
    result = judge(c)
    assert "at most 1,000,000" in result["witness"]["O"]
    assert result["witness"]["o"] == ""
    assert result["credits"]["witness"] == 0.5  # exact: 1/2
    assert result["credits"]["prefix"] > 0.6


def test_a_long_sum_is_one_sum():
    P = theorem("conv-conv")
    Z, g, l, i = P.symbols("Z g l i")
    for terms in (27, 300, 2000):
        line = Z[l, i]
        for _ in range(terms):
            line = line + g[l]
        P.calc(Z[l, i], (line - terms * g[l], "distribute"))
        (_, found) = P.report().lines
        assert found.verdict == (PROVED if terms < 600 else ILL_FORMED)
        assert verdicts(judge(P.certificate())) == [line.verdict for line in P.report().lines]


def test_the_notebook_says_what_the_judge_says():
    """Of whatever stands behind a line."""
    P, s = theorem("conv-conv"), symbols(theorem("conv-conv"))
    chain = right_chain(s)
    for x, head in (("O", s.O[s.m, s.l, s.t]), ("o", s.o[s.l])):
        P.witness(head, right_witness(s)[x])
    for bad in (
        "because",
        "",
        3,
        None,
        ...,
        ["swap"],
        "x" * 1000,
        "\ud800",
        "definition",
        "definition Q",
        s.Z,
    ):
        P.calc(s.Z[s.l, s.i], *[(line, bad if n == 2 else why) for n, (line, why) in enumerate(chain)])
        result = judge(P.certificate(), "conv-conv")
        report = P.report()
        assert report.summary == result["reason"]
        assert [(r.verdict, r.message) for r in report.lines] == [
            (line["verdict"], line["message"]) for line in result["lines"]
        ]
        # exact: one number, written twice
        assert result["credits"]["prefix"] == result["credits"]["suffix"] > 0.8
        assert str(P.show()).encode()


@pytest.mark.parametrize(
    "links",
    [
        lambda line: line,  # without a reason
        lambda line: (line, "definition Z", 3),
        lambda line: [line, "definition of Z."],
        lambda line: "definition Z",
        lambda line: (...,),
    ],
)
def test_what_is_no_pair_costs_its_line(links):
    P, s = theorem("conv-conv"), symbols(theorem("conv-conv"))
    chain = right_chain(s)
    P.calc(s.Z[s.l, s.i], links(chain[0][0]), *chain[1:3])
    assert [r.verdict for r in P.report().lines][3] in (PROVED, "true")
    assert verdicts(judge(P.certificate())) == [r.verdict for r in P.report().lines]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("by definition of Z", "definition"),
        ("Def. Z", "definition"),
        ("def Z:", "definition"),
        ("the definition of Z", "definition"),
        ("Definition Z.", "definition"),
        ("unfold Z", "definition"),
    ],
)
def test_a_definition_is_read_as_people_write_it(text, rule):
    P, s = theorem("conv-conv"), symbols(theorem("conv-conv"))
    P.calc(s.Z[s.l, s.i], (right_chain(s)[0][0], text))
    assert [r.verdict for r in P.report().lines] == [PROVED] * 2
    assert json.loads(P.certificate())["steps"][0] == {"rule": rule, "names": ["Z"]}


@pytest.mark.parametrize(
    "word", ["factor", "factor out", "multiply out", "expand", "linearity", "distribute"]
)
def test_a_rule_is_shown_in_the_students_word(word):
    P = build("conv-conv", lambda s, chain, witness: chain.__setitem__(6, (chain[6][0], word)))
    assert P.report().proved
    assert f"   by {word}\n" in repr(P.show())
    assert f">{word}</td>" in P.show()._repr_html_()
    assert judge(P.certificate())["lines"][7]["reason"] == word


# ---------------------------------------------------------------- order
def test_ranges_side_by_side_stand_in_any_order():
    P, s = theorem("conv-conv"), symbols(theorem("conv-conv"))
    line = S[s.w : s.r, s.k : s.K](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]) + s.g[s.l]
    nested = S[s.w : s.r](S[s.k : s.K](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w])) + s.g[s.l]
    turned = S[s.k : s.K](S[s.w : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w])) + s.g[s.l]
    P.calc(s.Z[s.l, s.i], (line, "definition Z"), (nested, "arithmetic"), (turned, "arithmetic"))
    assert [r.verdict for r in P.report().lines] == [PROVED] * 3 + [OTHER_RULE]
    assert "needs swap" in P.report().lines[3].message


def test_guards_stand_anywhere_in_a_product():
    P = theorem("conv-conv")
    F, G, O, u, t, k, l, m, K, p, r = P.symbols("F G O u t k l m K p r")
    first, second = I[u <= p] * F[m, k, u], I[t - u + 1 <= r] * G[k, l, t - u + 1]
    for product in (
        first * second,
        second * first,
        first * (second * I[u >= 1]),
        S[u <= p](second) * F[m, k, u],
    ):
        P.witness(O[m, l, t], S[k:K, u:t](product))
        assert not P.report().witness["O"]
    P.witness(O[m, l, t], S[k:K, u:t](F[m, k, u] * G[k, l, t - u + 1] + I[u <= p] * I[t - u + 1 <= r]))
    assert "leaves its range" in P.report().witness["O"], "a guard in another term is none"


def test_a_chain_may_go_from_the_right_side_to_the_left_side():
    c = cert()
    c["lines"].reverse()
    c["steps"].reverse()
    assert judge(c, "conv-conv")["proved"]
    del c["lines"][-1], c["steps"][-1]
    result = judge(c, "conv-conv")
    assert "does not yet end with Z[l,i]" in result["reason"]
    assert result["credits"] == {"witness": 1.0, "prefix": 0.0, "suffix": 0.875, "end": 0.0}
    c["lines"].append(cert()["lines"][-1])
    c["steps"].append({"rule": "definition", "names": ["Z"]})
    assert not judge(c, "conv-conv")["proved"], "from W to W proves nothing"


def test_a_forgotten_start_costs_the_end_only():
    P, s = build("conv-conv"), symbols(theorem("conv-conv"))
    P.calc(*right_chain(s))
    result = judge(P.certificate())
    assert "the chain starts with a left side, Z[l,i]" in result["reason"]
    assert "A second P.calc replaces the first" in result["reason"]
    assert verdicts(result) == [ILL_FORMED] + [PROVED] * 9
    assert result["credits"]["prefix"] == 1
    assert result["credits"]["end"] == 0


def test_true_lines_that_are_no_step_earn_no_more_than_the_steps_they_take():
    """The whole theorem in one line is no half of a proof."""
    c = cert()
    c |= {"lines": [*c["lines"][:2], c["lines"][-1]], "steps": [c["steps"][0], {"rule": "regroup"}]}
    result = judge(c)
    assert verdicts(result) == [PROVED, PROVED, OTHER_RULE]
    assert result["credits"]["prefix"] == 1 / 8  # exact: an eighth
    assert result["credits"]["suffix"] == 1 / 8


# ---------------------------------------------------------------- what is said
def test_a_wrong_witness_is_named_with_a_small_case():
    def small_o(s, chain, witness):
        witness["o"] = s.g[s.l]

    def large_o(s, chain, witness):
        witness["O"] = S[s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w == s.t](
            s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
        )

    for edit, wrong, right in ((small_o, "o", "O"), (large_o, "O", "o")):
        report = build("conv-conv", edit).report()
        assert report.witness[wrong].startswith(f"{wrong} is wrong: with M=1, K=1, L=1")
        assert report.witness[right] == ""
        assert report.summary == f"witness {report.witness[wrong]}"
        (refuted,) = (r for r in report.lines if r.verdict == "refuted")
        assert f"Your definition of {wrong} is wrong" in refuted.message


def test_a_wrong_line_is_not_blamed_on_a_right_witness():
    def edit(s, chain, witness):
        chain[3] = (chain[3][0] + s.g[s.l], "definition o")

    report = build("conv-conv", edit).report()
    assert not any(report.witness.values())
    assert "Your definition of o is right, so the line is wrong" in report.summary


def test_what_is_missing_is_not_called_a_mistake():
    P, s = theorem("conv-conv"), symbols(theorem("conv-conv"))
    P.calc(s.Z[s.l, s.i], *right_chain(s))
    report = P.report()
    assert "O is not defined yet; write P.witness(O[m, l, t], …)" in report.summary
    said = [r.verdict for r in report.lines]
    assert said[:4] == [PROVED] * 4
    assert set(said[4:]) <= {PROVED, WAITING, RESTS}
    assert not any("mistake" in r.message + r.verdict for r in report.lines)


def test_two_steps_that_one_rule_does_are_said_to_be_done_by_it():
    P, s = build("conv-conv"), symbols(theorem("conv-conv"))

    def nested(outer, inner, index, *conds):
        product = s.X[s.m, index] * s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
        ranges = (*inner, slice(s.m, s.M), slice(s.u, s.p))
        return S[outer](S[(*ranges, *conds)](product)) + s.o[s.l]

    before = nested(slice(s.k, s.K), [slice(s.w, s.r)], s.i + s.u + s.w - 2)
    ranges = [slice(s.t, s.p + s.r - 1), slice(s.k, s.K)]
    after = nested(slice(s.w, s.r), ranges, s.i + s.t - 1, s.u + s.w - 1 == s.t)
    P.calc(s.Z[s.l, s.i], *right_chain(s)[:4], (before, "arithmetic"), (after, "range"))
    found = P.report().lines[6]
    assert found.verdict == OTHER_RULE
    assert 'it needs "regroup", which does "swap" and "one point" in one' in found.message


def test_split_takes_off_the_first_term():
    P, s = theorem("conv-conv"), symbols(theorem("conv-conv"))
    line = s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]
    first = S[s.k : s.K](s.Y[s.k, s.i] * s.G[s.k, s.l, 1])
    P.calc(
        s.Z[s.l, s.i],
        (S[s.k : s.K, s.w : s.r](line) + s.g[s.l], "definition Z"),
        (first + S[s.k : s.K, s.w : 2 : s.r](line) + s.g[s.l], split(s.w <= 1)),
    )
    assert [r.verdict for r in P.report().lines] == [PROVED] * 3
    P.calc(s.Z[s.l, s.i], (..., "split at 1"))
    assert [r.verdict for r in P.report().lines] == [PROVED, BLANK]
    P.calc(s.Z[s.l, s.i], (s.Z[s.l, s.i], "split at 1"))
    assert "split(m <= M)" in P.report().lines[1].message
