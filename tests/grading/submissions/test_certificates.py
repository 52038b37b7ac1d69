"""Certificates of proofs handed in as files: recognised, put into the answer, graded; never at a cost."""

import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import ROOT, UNITS, course_folder, is_answer, released, solution_of, solved

from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import Submission, collect
from nonconv.proofs import judge
from nonconv.publish.playground.desk import check
from nonconv.publish.playground.levels import NOTEBOOK, levels

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
NAME = "Ada Lovelace"  # of the solution, whose theorem is hers
PLANE = "proof-plane"
REFUTED = ("refute-max-pooling", "refute-relu", "refute-same", "refute-training")


@cache
def certificates() -> dict[str, str]:
    """What the playground saves for the solutions, by statement."""
    answers = {cell.id: cell.source for cell in solution_of(UNIT, NOTEBOOK).cells if is_answer(cell)}
    found: dict[str, str] = {}
    for level in levels(ROOT / "exercises"):
        if level["checks"]:
            text = "\n\n".join(answers[cell] for cell in level["cells"])
            found |= check(level, text)["certificates"]
    return found


def bundle(*statements: str) -> str:
    return json.dumps({"certificates": [json.loads(certificates()[one]) for one in statements]})


def with_a_gap() -> str:
    """A proof of conv-conv-2d whose last lines are missing: it earns a part."""
    one = json.loads(certificates()["conv-conv-2d"])
    one["lines"], one["steps"] = one["lines"][:5], one["steps"][:4]
    return json.dumps(one)


def notebook(answers: dict[str, str]) -> str:
    """The released notebook with these sources in its answers."""
    made = released(UNIT, NOTEBOOK)
    for cell in made.cells:
        cell.source = answers.get(cell.id, cell.source)
    return nbformat.writes(made)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The unit with the notebook of proofs alone: the other one has no part in this."""
    made = course_folder(UNIT, tmp_path / "course")
    for kind in ("solutions", "exercises"):
        (made / kind / UNIT.name / f"{UNIT.name}.ipynb").unlink()
    return made


def collected(course: Path, files: dict[str, str]) -> dict[str, Submission]:
    for name, content in files.items():
        path = course.parent / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    submissions, _ = collect(course.parent / "inbox", UNIT.name, course)
    return {one.student: one for one in submissions}


def answer(submission: Submission, name: str) -> str:
    cells = nbformat.read(submission.folder / f"{NOTEBOOK}.ipynb", as_version=4).cells
    return next(cell.source for cell in cells if cell.id == name)


def returned(source: str, *arguments: str) -> Any:
    """What the function of a cell returns."""
    names: dict[str, Any] = {}
    exec(source, names)
    (function,) = (one for name, one in names.items() if callable(one) and f"def {name}(" in source)
    return function(*arguments)


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("ada/proof.certificates.json", "ada"),
        ("ada.certificates.json", "ada"),
        ("ada_proof.certificates.json", "ada"),
        ("ada_conv-conv-2d.certificate (1).json", "ada"),
        ("lovelaceada_LATE_71_902_proof.certificates-2.json", "lovelaceada"),
        ("Ada Lovelace - proof.certificates.json", "Ada Lovelace"),
        ("Ada Lovelace_71_assignsubmission_file_/conv-conv.CERTIFICATE.json.txt", "Ada Lovelace"),
    ],
)
def test_a_file_is_known_by_its_name_as_pages_browsers_and_lms_write_it(
    name: str, student: str, course: Path
) -> None:
    submissions = collected(course, {name: bundle("conv-conv-2d")})
    assert set(submissions) == {student}
    work = returned(answer(submissions[student], "plane"))
    assert judge(work.certificate(), "conv-conv-2d")["proved"]


@pytest.mark.parametrize(
    "name", ["{}/proof.certificates.json", "{}_7_assignsubmission_file_/a.certificate.json"]
)
def test_the_zip_of_a_class_that_handed_in_certificates_alone_is_several_students(
    name: str, course: Path
) -> None:
    inbox = course.parent / "inbox"
    inbox.mkdir()
    with zipfile.ZipFile(inbox / "class.zip", "w") as archive:
        for student in ("ada", "bob"):
            archive.writestr(name.format(student), bundle("conv-conv-2d"))
    submissions, _ = collect(inbox, UNIT.name, course)
    assert [one.student for one in submissions] == ["ada", "bob"]
    for one in submissions:
        assert judge(returned(answer(one, "plane")).certificate(), "conv-conv-2d")["proved"]


def test_what_is_no_certificate_of_this_unit_is_named_and_costs_nothing(course: Path) -> None:
    files = {
        "ada/a.certificate.json": '{"statement": "fermat"}',
        "ada/b.certificate.json": "<html>",
        "ada/c.certificates.json": "[" * 100_000,
        "ada/d.certificate.json": '{"certificates": 7}',
        "ada/proof.certificates.json": bundle("conv-conv-2d"),
    }
    (submission,) = collected(course, files).values()
    said = "\n".join(submission.troubles)
    assert "'a.certificate.json': nothing in this unit asks for 'fermat'" in said
    assert "'b.certificate.json' is no certificate" in said
    assert "'c.certificates.json' is no certificate" in said
    assert "'d.certificate.json' is no certificate: it holds neither" in said
    assert "'proof.certificates.json' was taken for conv-conv-2d, in plane_proof" in said


def test_the_best_of_several_counts(course: Path) -> None:
    files = {"ada/a.certificate.json": bundle("conv-conv-2d"), "ada/z.certificate.json": with_a_gap()}
    (submission,) = collected(course, files).values()
    assert judge(returned(answer(submission, "plane")).certificate(), "conv-conv-2d")["proved"]


def test_text_in_a_certificate_never_becomes_code(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = json.loads(certificates()["conv-conv-2d"])
    breaking = "'''\"\"\"\\\n\r\u2028');print('run');('"
    hostile["lines"][1] = breaking
    hostile[breaking] = breaking
    numbers = {"counterexample": "max-pool-not-affine", "data": {breaking: breaking}}
    text = json.dumps({"certificates": [hostile, numbers]})
    (submission,) = collected(course, {f"ada/{'x' * 9}'\n print(1).certificate.json": text}).values()
    for name in ("plane", "refute"):
        names: dict[str, Any] = {}
        exec(answer(submission, name), names)
        assert {one for one in names if one != "__builtins__"} <= {"plane_proof", "refutation"}
    assert capsys.readouterr().out == ""


def test_an_answer_stays_where_the_certificate_is_no_whole_proof(course: Path) -> None:
    whole = solved(UNIT, NOTEBOOK)
    files = {
        "ada/conv-conv.certificate.json": with_a_gap(),
        "ada/proof.ipynb": nbformat.writes(whole),
    }
    (submission,) = collected(course, files).values()
    assert answer(submission, "plane") == next(cell.source for cell in whole.cells if cell.id == "plane")
    (said,) = submission.troubles
    assert "conv-conv-2d: it is no whole proof, and the notebook has an answer, which counts" in said


@pytest.mark.slow
def test_certificates_earn_through_collecting_and_grading_what_the_same_notebook_earns(
    course: Path,
) -> None:
    every = tuple(certificates())
    wrong = {"plane": "def plane_proof():\n    return None", "refute": "def refutation(statement:"}
    files = {
        f"{NAME}/proof.certificates.json": bundle(*every),  # no notebook at all
        "beside/proof.certificates.json": bundle("conv-conv-2d", "max-pool-not-affine"),
        "beside/proof.ipynb": notebook(wrong),
    }
    submissions = collected(course, files)
    grades = {
        one.student: one.points
        for one in grade(UNIT.name, list(submissions.values()), course, say=lambda _: None, pages=False)
    }
    most = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points for cell in graded()}
    assert {name: points for name, points in grades[NAME].items() if name in most} == most
    assert {name: points for name, points in grades["beside"].items() if points} == {PLANE: 2, REFUTED[0]: 1}


def graded() -> list[Any]:
    """The checks of the notebook, but for those without points."""
    cells = released(UNIT, NOTEBOOK).cells
    marks = [(cell, cell.metadata.get("nbgrader", {})) for cell in cells]
    return [
        cell for cell, mark in marks if mark.get("grade") and not mark.get("solution") and mark.get("points")
    ]
