"""A build of a unit: whole or not at all."""

import shutil
from pathlib import Path

import pytest
from classroom import ROOT, UNITS

from nonconv.publish.build import build
from nonconv.publish.unit import UnitError

(UNIT,) = (unit.name for unit in UNITS if unit.name.startswith("03"))


def test_a_mistake_in_an_exercise_leaves_lecture_solutions_and_exercises_as_they_were(tmp_path: Path) -> None:
    for folder in ("units", "solutions", "exercises"):
        shutil.copytree(ROOT / folder / UNIT, tmp_path / folder / UNIT)
    (tmp_path / "lectures").mkdir()
    shutil.copy(ROOT / "lectures" / f"{UNIT}.ipynb", tmp_path / "lectures")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    with (tmp_path / "units" / UNIT / "lecture.py").open("a") as lecture:
        lecture.write("\n# %% one-more [markdown]\n# Text that changes no code.\n")
    exercise = next((tmp_path / "units" / UNIT / "exercises").glob("*-steepest-point")) / "exercise.py"
    with exercise.open("a") as text:
        text.write('\n# %% nonsense role="chek"\ncheck("no-such", f)\n')
    built = [path for path in tmp_path.rglob("*") if path.is_file() and "units" not in path.parts]
    before = {path: path.read_bytes() for path in built}
    said: list[str] = []
    with pytest.raises(UnitError, match="'nonsense' has role 'chek'"):
        build(tmp_path, [UNIT], say=said.append)
    assert said == []
    assert {path: path.read_bytes() for path in before} == before
