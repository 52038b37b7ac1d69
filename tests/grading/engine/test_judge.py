"""The judge's verdict wins over whatever a kernel says; forging one earns nothing, through real nbgrader."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import (
    ROOT,
    UNITS,
    Pupil,
    answers,
    automatic,
    course_folder,
    hand_in,
    released,
    solved,
    written,
)

from nonconv.grading.engine.requests import Request
from nonconv.grading.engine.verdicts import MAX_CERTIFICATE_CHARS, JudgedProof, entry
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect
from nonconv.proofs.credit import MIME

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
MAIN, PROOF = UNIT.name, "proof"
GOOD = {"counterexample": "max-pool-not-affine", "data": {"x": [1, 0], "v": [0, 1], "p": 2}}


def proofs() -> set[str]:
    """The names of the unit's checks of proofs."""
    return {name for name, check in UNIT.declared.items() if check.proves}


def untouched_but_for(name: str, notebook: nbformat.NotebookNode) -> dict[str, bytes]:
    """A hand-in of both notebooks, of which the other is not what a test is about."""
    return written(UNIT, released) | {name: nbformat.writes(notebook).encode()}


def shown(certificate: Any) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {MIME: certificate}}


def judged(outputs: list[dict], statement: str = "max-pool-not-affine") -> tuple[float, str]:
    """(points of 3, what the judge says)."""
    proof = JudgedProof(Request("certify", "", ""), statement, part="all", points=3)
    found = proof.verdict([nbformat.from_dict(output) for output in outputs])
    values = [
        float(output["data"]["text/plain"]) for output in found if output["output_type"] == "execute_result"
    ]
    failed = any(output["output_type"] == "error" for output in found)
    # nbgrader gives all points to a test without an error and without a value
    return 0.0 if failed else (values or [3.0])[0], " ".join(
        str(output.get("evalue", output.get("text", ""))) for output in found
    )


def test_a_certificate_that_holds_earns_the_points_and_nothing_else_of_the_output_is_kept() -> None:
    fake = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": "99"},
    }
    assert judged([fake, shown(GOOD)])[0] == 3.0  # exact: whole points


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        ([], "no certificate"),
        ([shown(GOOD), shown(GOOD)], "2 certificates here and wants one"),
        ([shown({**GOOD, "data": {"x": [1, 0], "v": [1, 0], "p": 2}})], "not proved"),
        ([shown({"counterexample": "relu-between-not-affine", "data": {}})], "relu-between-not-affine"),
        ([shown("not even a table")], "judge"),
        ([shown({"proved": True, "verdict": "proved"})], "judge"),
        ([shown({**GOOD, "padding": "x" * MAX_CERTIFICATE_CHARS})], "bytes; the judge reads at most"),
        (
            [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/plain": "3.0"},
                }
            ],
            "no cert",
        ),
    ],
)
def test_anything_else_earns_nothing_and_is_told_why(outputs: list[dict], says: str) -> None:
    points, said = judged(outputs)
    assert points == 0
    assert says in said


@pytest.mark.parametrize("data", [{}, {"asks": "of an earlier version"}, {"request": {"kind": "evaluate"}}])
def test_an_entry_of_another_version_is_refused(data: dict) -> None:
    with pytest.raises(ValueError, match=r"'merge'.*not one of this version.*make build"):
        entry("merge", data)


FORGERIES = {
    "patched-judge": """
import nonconv.proofs, nonconv.checks, nonconv.checks.notebook, nonconv.checks.proving
won = lambda *a, **k: {"proved": True, "verdict": "proved", "reason": "", "witness": {}, "lines": [],
                       "credits": dict.fromkeys(("witness", "prefix", "suffix", "end"), 1.0)}
nonconv.proofs.judge = won
nonconv.checks.proving.examine = lambda *a, **k: (won(), None)
nonconv.checks.notebook.prove = lambda *a, **k: nonconv.checks.proving.Credit(1.0, "")
""",
    "patched-display": """
import subprocess, IPython
subprocess.run = None
IPython.get_ipython().display_formatter.formatters["text/plain"].for_type(float, lambda *_: print("9") or "9")
nonconv_check = lambda *a, **k: 9.0
check = nonconv_check
""",
    "points-printed": """
import nonconv.checks
nonconv.checks.check = lambda name, answer, data=None: 1.0
""",
}


@pytest.mark.slow
def test_forging_in_the_kernel_earns_nothing_in_a_proof(tmp_path: Path) -> None:
    pupils = []
    for name, code in FORGERIES.items():
        notebook = released(UNIT, PROOF)
        (first,) = answers(notebook, "ordered_proof")
        first.source = code + first.source
        pupils.append(Pupil(name, untouched_but_for(PROOF, notebook)))
    skipped = solved(
        UNIT, PROOF
    )  # a line left out, another statement proved, and the marks of the cells taken off
    (chain,) = answers(skipped, "composition_proof")
    chain.source = "def composition_proof():\n    return plane_proof()\n"
    (gap,) = answers(skipped, "proof_with_a_gap")
    gap.source = gap.source.replace("        gap,\n", "")
    for cell in skipped.cells:
        cell.metadata = nbformat.from_dict({})
    lost = {"proof-gap", *(name for name in proofs() if name.startswith("proof-chain"))}
    pupils.append(Pupil("another-statement", untouched_but_for(PROOF, skipped)))

    course = course_folder(UNIT, tmp_path / "course")
    submissions, _ = collect(hand_in(pupils, tmp_path / "inbox"), MAIN, course)
    for found in grade(MAIN, submissions, course, pages=False):
        earned = {name for name in proofs() if found.points[name]}
        assert earned == (proofs() - lost if found.student == "another-statement" else set()), found.student


@pytest.mark.slow
def test_an_earlier_grade_never_stands_for_a_later_hand_in(tmp_path: Path) -> None:
    course = course_folder(UNIT, tmp_path / "course")
    dies = solved(UNIT, MAIN)
    (deadly,) = answers(dies, "merge")
    deadly.source = "import os\nos._exit(0)"
    said = {}
    for number, notebooks in enumerate(
        (untouched_but_for(MAIN, solved(UNIT, MAIN)), untouched_but_for(MAIN, dies))
    ):
        submissions, _ = collect(
            hand_in([Pupil("ann", notebooks)], tmp_path / f"inbox{number}"), MAIN, course
        )
        (said[number],) = grade(MAIN, submissions, course)
    of_main = {cell.id for cell in dies.cells} & set(automatic(UNIT))
    assert {name for name, points in said[0].points.items() if points} == of_main
    before = [cell.id for cell in dies.cells]
    at = before.index(deadly.id)
    earned = {name for name, points in said[1].points.items() if points}
    assert earned == {name for name in of_main if before.index(name) < at}
    assert any("The kernel died" in trouble for trouble in said[1].troubles)
    page = (course / "feedback" / "ann" / MAIN / f"{MAIN}.html").read_text()
    assert "The kernel died in this cell" in page
    assert "Not run: the cell" in page


@pytest.mark.slow
def test_without_its_table_the_judge_lets_nothing_count(tmp_path: Path) -> None:
    course = course_folder(UNIT, tmp_path / "course")
    (course / "solutions" / MAIN / "judge.json").unlink()  # as code that runs with the grader's rights could
    submissions, _ = collect(hand_in([Pupil("ann", written(UNIT))], tmp_path / "inbox"), MAIN, course)
    (found,) = grade(MAIN, submissions, course, pages=False)
    assert not any(found.points[name] for name in proofs())
    assert any("judge.json is missing" in trouble for trouble in found.troubles)


@pytest.mark.slow
def test_a_student_who_replaces_check_earns_nothing_by_it(tmp_path: Path) -> None:
    course = course_folder(UNIT, tmp_path / "course")
    cheat = released(UNIT, MAIN)
    (first,) = answers(cheat, "batch_norm_training")
    first.source += "\n\ncheck = lambda *a, **k: None"
    pupils = [Pupil("eve", untouched_but_for(MAIN, cheat))]
    submissions, _ = collect(hand_in(pupils, tmp_path / "inbox"), MAIN, course)
    assert grade(MAIN, submissions, course, pages=False)[0].score == 0


@pytest.mark.slow
def test_make_release_works_in_a_fresh_clone_without_an_activated_environment(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\n")):
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / ".venv").symlink_to(Path(os.environ.get("VIRTUAL_ENV", ROOT / ".venv")))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    command = ["make", "-o", ".venv/instructor", "release", f"UNIT={MAIN}"]
    result = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "release" / f"{MAIN}.zip").exists()
    before = (ROOT / "exercises" / MAIN / "checks.json").read_text()
    assert json.loads((tmp_path / "exercises" / MAIN / "checks.json").read_text()) == json.loads(before)
