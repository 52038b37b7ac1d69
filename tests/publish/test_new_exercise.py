"""An exercise from nothing, in a copy of a unit: skeleton, filled in, checked, built, handed in, graded."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect
from nonconv.publish import check, skeleton
from nonconv.publish.build import build
from nonconv.publish.unit import Unit

ROOT = Path(__file__).resolve().parents[2]
UNIT = "03-sigmoid-versus-relu"
WRONG = {
    "squares": "x * x",
    "cubes": "x * x * x",
    "halves": "x / 2",
    "negates": "-x - x",
    "nothing": "x.clone()",
}


@pytest.mark.slow
def test_from_a_skeleton_to_points(tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(ROOT / "units" / UNIT, course / "units" / UNIT)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    folder = skeleton.skeleton(course, UNIT, "twice")

    text = (folder / "exercise.py").read_text()
    text = text.replace("section TODO: {section:NAME}", "section {section:chain}").replace(
        "    ...", "    return x + x"
    )
    (folder / "exercise.py").write_text(re.sub("TODO:? ?", "", text))
    wrong = [
        f'@wrong("twice", says="this is {name}, not twice.", loses=BOTH)\n'
        f"def {name}(x):\n    return {formula}\n"
        for name, formula in WRONG.items()
    ]
    wrong.append(
        '@wrong("twice", shows="expected shape", loses=BOTH)\ndef repeats(x):\n    return x.repeat(2)\n'
    )
    right = [
        '@right("twice")\ndef by_product(x):\n    return 2 * x\n',
        '@right("twice")\ndef scaled(x):\n    return x.mul(2)\n',
        '@right("twice")\ndef summed(x):\n    return sum([x, x])\n',
        '@right("twice")\ndef halved(x):\n    return x / 0.5\n',
        '@right("twice")\ndef taken_off(x):\n    return x - (-x)\n',
    ]
    head = (folder / "mistakes.py").read_text().partition("@wrong")[0]
    (folder / "mistakes.py").write_text(head + "\n\n".join([*wrong, *right]))

    unit = Unit(course / "units" / UNIT)
    assert check.check(unit, unit.exercises[-1])
    build(course, [UNIT], lectures=False, say=lambda _: None)

    answers = {"solved": "x + x", "squares": WRONG["squares"], "untouched": None}
    for student, formula in answers.items():
        notebook = nbformat.read(course / "exercises" / UNIT / f"{UNIT}.ipynb", 4)
        (cell,) = (cell for cell in notebook.cells if cell.id == "twice")
        if formula is not None:
            cell.source = f"def twice(x):\n    return {formula}\n"
        (tmp_path / "inbox" / student).mkdir(parents=True)
        nbformat.write(notebook, tmp_path / "inbox" / student / f"{UNIT}.ipynb")
    submissions, _ = collect(tmp_path / "inbox", UNIT, course)
    grades = {one.student: one for one in grade(UNIT, submissions, course, jobs=1)}
    earned = {
        name: [one.points[f"twice-{part}"] for part in ("values", "long")] for name, one in grades.items()
    }
    assert earned == {"solved": [2, 1], "squares": [0, 0], "untouched": [0, 0]}
    feedback = nbformat.read(course / "autograded" / "squares" / UNIT / f"{UNIT}.ipynb", 4)
    (graded,) = (cell for cell in feedback.cells if cell.id == "twice-values")
    assert "this is squares, not twice." in str(graded.outputs)
