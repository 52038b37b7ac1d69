"""From accepted certificates to lemmas that Coq proves (the whole of it: make coq)."""

import json

import pytest

from helpers.proofs.chains import build
from helpers.proofs.coq import compiler
from helpers.proofs.coq.translate import NotTranslated, Translation
from helpers.proofs.reference import REFERENCE
from nonconv.proofs.catalogue import CATALOGUE

with_coq = pytest.mark.skipif(bool(compiler.missing()), reason=compiler.missing() or "Coq is here")


@pytest.mark.parametrize("name", list(CATALOGUE)[::4])
def test_each_reference_proof_has_a_lemma_for_each_line(name):
    c = json.loads(REFERENCE[name]().certificate())
    text = Translation(c).text()
    assert len(c["steps"]) <= text.count("\nLemma step") <= len(c["steps"]) + 2
    assert text.count("\nTheorem ") == 1


def test_every_statement_can_be_asked_in_one_dimension():
    assert [x for x, st in CATALOGUE.items() if 1 not in st.dims] == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c["lines"][3].append(1),
        lambda c: c["steps"].__setitem__(2, {"rule": "swap"}),
        lambda c: c["witness"].pop("o"),
        lambda c: (c["lines"].pop(), c["steps"].pop()),
    ],
)
def test_what_is_rejected_does_not_translate(edit):
    c = json.loads(build("conv-conv").certificate())
    assert len(Translation(c)) == len(c["steps"])
    edit(c)
    with pytest.raises(NotTranslated):
        Translation(c)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("coq")
    compiler.prepare(where)
    return where


@with_coq
def test_coq_proves_a_line_and_refuses_a_false_one(folder):
    """The law behind all: t instead of u + w - 1. With another index in the line, Coq does not follow."""
    made = Translation(REFERENCE["conv-conv-one-channel"]().certificate())
    step = next(n for n, (_, _, said) in enumerate(made.reasons, 1) if "regroup" in said)
    text = made.text([step])
    assert compiler.check(text, folder).closed
    statement = next(line for line in text.splitlines() if line.startswith(f"Lemma step{step} "))
    assert "t_X (- 1 + v_i + v_t)" in statement
    false = statement.replace("t_X (- 1 + v_i + v_t)", "t_X (v_i + v_t)")
    answer = compiler.check(text.replace(statement, false), folder)
    assert not answer.closed
    assert "Error" in answer.output


@with_coq
def test_an_assumption_is_noticed(folder):
    text = "Axiom false : False.\nLemma a : 1 = 2.\nProof. destruct false. Qed.\nPrint Assumptions a.\n"
    answer = compiler.check(text, folder)
    assert "false : False" in answer.output
    assert not answer.closed


@pytest.mark.weekly
@with_coq
@pytest.mark.parametrize("name", ["average-pool", "conv-conv", "residual"])
def test_coq_proves_whole_statements(name, folder):
    answer = compiler.check(Translation(REFERENCE[name]().certificate()).text(), folder)
    assert answer.closed, answer.output[-2000:]
