"""Every statement of the catalogue is proved from a reference proof, in all its dimensions."""

import json

import pytest

from helpers.proofs.reference import REFERENCE
from nonconv.proofs import judge, theorem
from nonconv.proofs.bounds import definition_out_of_range, out_of_range
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.refutation import refute

ONE_STEP = ("kernels-commute", "conv-toeplitz")  # their proofs are one rule applied once


def test_every_statement_has_a_reference_proof():
    assert set(REFERENCE) == set(CATALOGUE)


def test_ids_are_plain_ascii():
    assert all(x.isascii() and x == x.lower() and x.replace("-", "").isalnum() for x in CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_reference_proof_is_accepted(name):
    result = judge(REFERENCE[name]().certificate(), name)
    assert result["proved"], result["reason"]
    assert result["credits"] == {"witness": 1.0, "prefix": 1.0, "suffix": 1.0, "end": 1.0}


@pytest.mark.parametrize("name", CATALOGUE)
def test_statement_is_about_finite_tensors(name):
    st = CATALOGUE[name]
    for d in st.dims:
        ctx = st.context(d)
        for x in ctx.definitions:
            assert not list(definition_out_of_range(ctx, x))
        for side in st.goal(d):
            assert not list(out_of_range(ctx, side))


@pytest.mark.parametrize("name", [x for x, st in CATALOGUE.items() if st.witnesses])
def test_statement_is_not_trivial_a_zero_witness_is_refuted(name):
    st = CATALOGUE[name]
    d = st.dims[0]
    zero = {x: (st.definition(x).params, ("num", 0)) for x in st.witnesses}
    ctx = st.context(d, zero)
    ce = refute(ctx, *st.goal(d))
    assert ce is not None
    assert ce.before != ce.after


@pytest.mark.parametrize("name", [x for x in CATALOGUE if x not in ONE_STEP])
def test_dropping_a_line_that_matters_breaks_the_proof(name):
    """Without its first line no reference proof is accepted, or else that line was superfluous."""
    c = json.loads(REFERENCE[name]().certificate())
    c["lines"] = [c["lines"][0], c["lines"][-1]]
    c["steps"] = [c["steps"][0]]
    result = judge(c, name)
    assert not result["proved"]
    assert result["lines"][1]["verdict"] in ("true, but not by this rule", "not justified")  # never: refuted


def test_symbols_are_in_the_order_of_the_statement():
    P = theorem("conv-conv")
    assert [repr(x) for x in P.symbols()] == [
        "X",
        "F",
        "G",
        "b",
        "g",
        "Y",
        "Z",
        "O",
        "o",
        "W",
        "i",
        "t",
        "u",
        "w",
        "k",
        "l",
        "m",
        "K",
        "L",
        "M",
        "p",
        "r",
    ]
    assert len(theorem("average-pool").symbols()) == 12


@pytest.mark.parametrize("name", CATALOGUE)
def test_all_symbols_of_a_statement_exist(name):
    st = CATALOGUE[name]
    given = set(st.symbols.split())
    P = theorem(name)
    P.symbols()
    assert set(st.tensors) <= given
    assert set(st.free) <= given
