"""What the instructor's prover finds is a proof; whatever can be drawn has one; students do not get it."""

import ast
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from classroom import ROOT, UNITS

import nonconv
from nonconv.proofs import judge
from nonconv.proofs.budget import limit, remaining
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.catalogue.drawn import LETTERS, LEVELS, choices, own_id
from nonconv.proofs.catalogue.pipelines import Layer, Layers, pipeline
from nonconv.proofs.certificate import proof_to_json
from nonconv.proofs.chain import check_with
from nonconv.proofs.checking import Checker
from nonconv.proofs.notation import Tensor, indices
from nonconv.proofs.statement import Statement
from nonconv.prover import NotFound, prove
from nonconv.prover.__main__ import main
from nonconv.publish.copy import bundle

LIB = Path(nonconv.__file__).parents[1]
MOST_LINES = 12
MOST_WORK = 500_000  # of the budget that checking spends: a unit is about a microsecond
PROVED = ("conv-conv", "conv-conv-strided", "average-pool", "residual", "grouped-conv", "kernels-commute")
# the bounds of X get too hard for the checker there: strides s, dilations e, and a third window
HARD: Layers = (Layer("conv", "s"), Layer("conv", 1, "e"), Layer("depthwise"))
NAMES = [f"student {number}" for number in range(200)]


def found(statement: Statement) -> tuple[bool, int, float]:
    """Is what the prover finds a proof, of how many lines, and for how much work?"""
    proof = prove(statement)
    with limit(10**9):
        before = remaining()
        report = check_with(Checker(statement, proof.witness, proof.indices), proof)
        return report.proved, len(proof.lines), before - remaining()


def assert_proved(statement: Statement) -> None:
    proved, lines, work = found(statement)
    assert proved, statement.title
    assert statement.dims == (1, 2)
    assert lines < MOST_LINES, statement.title
    assert work < MOST_WORK, (statement.title, work)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", NAMES[:4])
def test_a_theorem_of_ones_own_is_proved_in_one_and_two_dimensions(name: str, level: int) -> None:
    assert_proved(CATALOGUE[own_id(name, level)])


@pytest.mark.weekly
@pytest.mark.parametrize("level", LEVELS)
def test_each_of_two_hundred_is_proved(level: int) -> None:
    for name in NAMES:
        assert_proved(CATALOGUE[own_id(name, level)])


@pytest.mark.weekly
@pytest.mark.parametrize("level", LEVELS)
def test_all_that_can_be_drawn_is_proved(level: int) -> None:
    for layers in choices(level):
        assert_proved(pipeline("own", layers, LETTERS[: len(layers)]))


def test_each_choice_of_layers_is_a_statement_and_nothing_is_plain() -> None:
    plain = (Layer("conv"), Layer("conv"))
    for level in LEVELS:
        for layers in choices(level):
            assert pipeline("own", layers, LETTERS[: len(layers)]).witnesses == ("O", "o")
            assert layers != plain


@pytest.mark.parametrize("name", PROVED)
def test_it_proves_statements_of_the_catalogue(name: str) -> None:
    assert judge(proof_to_json(prove(CATALOGUE[name])), name)["proved"]


def test_it_says_so_where_it_finds_nothing() -> None:
    (t,) = indices("t")
    odd = replace(CATALOGUE["conv-conv-one-channel"], right=Tensor("O")[t + 1].term)
    with pytest.raises(NotFound, match="O of conv-conv-one-channel stands there at an expression"):
        prove(odd)


def test_what_the_checker_cannot_show_is_not_drawn() -> None:
    assert HARD not in choices(3)


@pytest.mark.weekly
def test_the_checker_still_cannot_show_it() -> None:
    assert not found(pipeline("own", HARD, LETTERS[:3]))[0], "choices(3) may have it then"


def test_the_command_prints_a_theorem_and_its_proof(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["Lovelace, Ada", "--level", "1"]) == 0
    printed = capsys.readouterr().out
    assert "The theorem of 'Lovelace, Ada' (own-1-" in printed
    assert "Proved: every line holds" in printed
    assert main(["..."]) == 1
    assert "no letter and no digit" in capsys.readouterr().err


def imports(path: Path) -> set[str]:
    named = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return named


def test_nothing_that_students_get_imports_the_prover() -> None:
    own = LIB / "nonconv" / "prover"
    importing = {
        path.relative_to(LIB)
        for path in (LIB / "nonconv").rglob("*.py")
        if own not in path.parents
        and "prover" in path.read_text(encoding="utf-8")
        and any(name.startswith("nonconv.prover") for name in imports(path))
    }
    assert importing == set()
    assert any(name.startswith("nonconv.prover") for name in imports(own / "__init__.py")), "it is looked for"


def test_the_bundle_has_theorems_and_no_prover(tmp_path: Path) -> None:
    (unit,) = (unit for unit in UNITS if unit.name.startswith("02"))
    with zipfile.ZipFile(bundle(ROOT, unit.name)) as archive:
        names = archive.namelist()
        proofs = [
            x
            for x in names
            if x.startswith(("nonconv-course/lib/nonconv/proofs", "nonconv-course/lib/nonconv/__"))
        ]
        archive.extractall(tmp_path, proofs)
    assert not any("prover" in name for name in names if "/lib/" in name)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from nonconv.proofs import own_theorem, theorem\n"
        "assert sys.modules['nonconv'].__file__.startswith(sys.argv[1])\n"
        "print(own_theorem('Ada Lovelace').id, *theorem(own_theorem('Ada Lovelace')).symbols())\n"
        "try: import nonconv.prover\n"
        "except ModuleNotFoundError: print('no prover')"
    )
    lib = str(tmp_path / "nonconv-course" / "lib")
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code, lib],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith("own-2-f9e71a8f X A a H h")
    assert ran.stdout.endswith("no prover\n")
