"""A theorem of one's own is graded against the name under which it was handed in, through real nbgrader."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from classroom import UNITS, Pupil, answers, course_folder, hand_in, solved

from nonconv.grading.__main__ import parser
from nonconv.grading.commands import run
from nonconv.grading.engine.requests import Request
from nonconv.grading.engine.student_inputs import NAMES, names_of
from nonconv.grading.engine.verdicts import JudgedProof
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect
from nonconv.proofs import own_theorem
from nonconv.proofs.certificate import proof_to_json
from nonconv.prover import prove

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
PROOF = "proof"
CELLS = ("setup", "chain-name", "chain", "proof-chain-witness", "proof-chain-end")
ALL = {"proof-chain-witness": 2.0, "proof-chain-end": 1.0}
NONE = dict.fromkeys(ALL, 0.0)


def short(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    notebook.cells = [cell for cell in notebook.cells if cell.id in CELLS]
    return notebook


def short_course(folder: Path) -> Path:
    """A course with its sources, whose only notebook is that of the proof, with two cells to grade."""
    course = course_folder(UNIT, folder)
    shutil.copytree(UNIT.folder, course / "units" / UNIT.name)
    for copy in ("solutions", "exercises"):
        path = course / copy / UNIT.name
        (path / f"{UNIT.name}.ipynb").unlink()
        nbformat.write(short(nbformat.read(path / f"{PROOF}.ipynb", 4)), path / f"{PROOF}.ipynb")
    return course


def signed(me: str, proves: str | None = None, hint: bool = False) -> bytes:
    """The notebook of somebody who signs so, with the solution's proof or one of that name's theorem."""
    notebook = short(solved(UNIT, PROOF))
    cells = {cell.id: cell for cell in notebook.cells}
    cells["chain-name"].source = f"me = {me!r}"
    if proves is not None:
        certificate = proof_to_json(prove(own_theorem(proves).statement)) | ({"hint": True} if hint else {})
        (chain,) = answers(notebook, "composition_proof")
        chain.source = (
            "class Kept:\n"
            f"    def certificate(self): return {json.dumps(certificate)!r}\n\n"
            "def composition_proof(): return Kept()\n"
        )
    return nbformat.writes(notebook).encode()


HANDED_IN = {
    "lovelace, ada": (signed("Ada Lovelace"), ALL),
    # a friend's notebook, as it is
    "Grace Hopper": (signed("Ada Lovelace"), NONE),
    # the instructor knows who that is: .grading/names.csv
    "mb4711": (signed("Ada Lovelace"), ALL),
    # another theorem than hers, with a hint
    "Emmy Noether": (
        signed("Emmy Noether", proves="Emmy Noether", hint=True),
        {name: 0.9 * points for name, points in ALL.items()},
    ),
}


@pytest.mark.slow
def test_the_theorem_of_ones_own_name_counts_and_no_other(tmp_path: Path) -> None:
    course = short_course(tmp_path / "course")
    (course / NAMES).parent.mkdir()
    (course / NAMES).write_text("mb4711,Ada Lovelace\nsomebody else,Grace Hopper\n", encoding="utf-8")
    pupils = [Pupil(name, {PROOF: notebook}) for name, (notebook, _) in HANDED_IN.items()]
    submissions, _ = collect(hand_in(pupils, tmp_path / "inbox"), UNIT.name, course)
    grades = grade(UNIT.name, submissions, course, say=lambda _: None, isolated=False, pages=False)
    earned = {one.student: one.points for one in grades}
    assert earned == {name: pytest.approx(points) for name, (_, points) in HANDED_IN.items()}
    folder = course / "autograded" / "Grace Hopper" / UNIT.name
    said = (folder / f"{PROOF}.ipynb").read_text(encoding="utf-8")
    assert "the theorem of another name; that of 'Grace Hopper' is own-2-0fc7cb7e" in said
    troubles = {one.student: one.troubles for one in grades}
    assert [one for one in troubles.pop("Grace Hopper") if "another name, that of lovelace, ada" in one]
    assert not any("another name" in one for many in troubles.values() for one in many)


def test_without_a_name_to_hold_it_against_any_of_the_level_counts() -> None:
    anybody = JudgedProof(Request("certify", "", ""), "own-2", "all", 1)
    assert anybody.asked({"statement": own_theorem("Ada").id}) == ("own-2", "")
    conv = JudgedProof(Request("certify", "", ""), "conv-conv", "all", 1, ("Ada",))
    assert conv.asked({"statement": "own-2-00000000"}) == ("conv-conv", "")


@pytest.mark.parametrize("certificate", [None, [], {"statement": 7}, {"statement": ["x"]}, {}])
def test_a_certificate_that_names_nothing_is_held_against_the_first_name(certificate: object) -> None:
    ada = JudgedProof(Request("certify", "", ""), "own-2", "all", 1, ("Ada", "Grace"))
    assert ada.asked(certificate) == (own_theorem("Ada").id, "Ada")
    assert ada.asked({"statement": own_theorem("Grace").id}) == (own_theorem("Grace").id, "Grace")


@pytest.mark.parametrize(
    ("student", "names"),
    [
        ("Ada Lovelace", ("Ada Lovelace", "ada")),
        ("lovelace_ada", ("lovelace_ada", "ada")),
        ("Grace Hopper 4711", ("Grace Hopper 4711", "Grace Hopper")),
        ("Grace Hopper~1a2b3c", ("Grace Hopper~1a2b3c", "Grace Hopper")),
        ("s4711", ("s4711",)),
        ("___", ()),
    ],
)
def test_the_names_of_a_student(tmp_path: Path, student: str, names: tuple[str, ...]) -> None:
    (tmp_path / NAMES).parent.mkdir()
    (tmp_path / NAMES).write_text("Lovelace Ada , ada\nsomebody,else\n", encoding="utf-8")
    assert names_of(student, tmp_path) == names


@pytest.mark.parametrize("line", ["Ada Lovelace", "Ada,ada,a", "Ada,...", ""])
def test_a_line_that_is_no_pair_of_names_is_told_so(tmp_path: Path, line: str) -> None:
    (tmp_path / NAMES).parent.mkdir()
    (tmp_path / NAMES).write_text(f"Ada Lovelace,ada\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"names\.csv, line 2: .* is no pair of names, such as Ada"):
        names_of("Ada Lovelace", tmp_path)


def test_a_line_that_cannot_be_read_stops_the_command_before_anything_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NAMES).parent.mkdir()
    (tmp_path / NAMES).write_text("Ada Lovelace\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(parser().parse_args(["autograde", UNIT.name]), tmp_path) == 1
    assert "names.csv, line 1: 'Ada Lovelace' is no pair of names" in capsys.readouterr().err
