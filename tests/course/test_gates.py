"""Acceptance checks of the built course: nothing stale, changed or leaked; and each check is seen to fail."""

import ast
import copy
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from classroom import LECTURES, ROOT, UNITS, automatic, names, released, solution_of, solved
from nbgrader.validator import Validator

from nonconv.publish.build import save, stale
from nonconv.publish.install import ID as INSTALL
from nonconv.publish.solutions import BEGIN, END, replace_solutions
from nonconv.publish.unit import Unit, units

EACH_LECTURE = pytest.mark.parametrize("unit", LECTURES, ids=lambda unit: unit.name)
EACH_UNIT = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
VALIDATED = UNITS[1:3]  # at each push; one of them has a second notebook, the proof
NOTEBOOKS = pytest.mark.parametrize(
    ("unit", "name"),
    [pytest.param(unit, name, id=f"{unit.name}-{name}") for unit in UNITS for name in names(unit)],
)


# ------------------------------------------------------------------------- acceptance check: nothing is stale
def test_nothing_is_stale() -> None:
    assert stale(ROOT) == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The course's text and notebooks in a folder of their own, to be broken."""
    for folder in ("units", "lectures", "solutions", "exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


def test_a_changed_text_makes_its_notebooks_stale(copied: Path) -> None:
    unit = next(unit for unit in units(copied) if unit.notebooks)
    for text in ("lecture.py", "exercises/notebook.py"):
        path = unit.folder / text
        path.write_text(
            path.read_text().replace("# %% title [markdown]\n", "# %% title [markdown]\n# New. ", 1)
        )
    found = stale(copied, [unit.name])
    assert f"lectures/{unit.name}.ipynb: cell 'title' differs from units/{unit.name}/lecture.py" in found
    assert f"solutions/{unit.name}/{unit.name}.ipynb: differs from what units/ says" in found
    assert f"exercises/{unit.name}/{unit.name}.ipynb: differs from what units/ says" in found


def test_a_notebook_edited_by_hand_and_a_stray_file_are_found(copied: Path) -> None:
    unit = next(unit for unit in units(copied) if unit.notebooks)
    path = copied / "exercises" / unit.name / f"{unit.name}.ipynb"
    path.write_text(path.read_text() + "\n")
    (copied / "exercises" / unit.name / "notes.txt").write_text("mine")
    assert stale(copied, [unit.name]) == [
        f"exercises/{unit.name}/{unit.name}.ipynb: differs from what units/ says",
        f"exercises/{unit.name}/notes.txt: a build does not make it",
    ]


# ---------------------------------------- acceptance check: outputs are what a run gives, pictures have words
@EACH_LECTURE
def test_every_code_cell_of_a_lecture_was_executed_without_error(unit: Unit) -> None:
    notebook = nbformat.read(ROOT / "lectures" / f"{unit.name}.ipynb", 4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.execution_count, cell.id
            assert not [output for output in cell.outputs if output.output_type == "error"], cell.id
            assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.id


@EACH_LECTURE
def test_every_picture_has_alt_text(unit: Unit) -> None:
    notebook = nbformat.read(ROOT / "lectures" / f"{unit.name}.ipynb", 4)
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert pictures
    for output in pictures:
        alt = output.metadata["image/png"]["alt"]
        assert output.data["text/plain"] == f"[picture] {alt}"


def nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `make test` does with the lectures, without the plugins that it does not need."""
    pytest_alone = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "nbval.plugin"]
    sanitize = ["--nbval-sanitize-with", str(ROOT / "tests/course/sanitize.cfg")]
    command = [*pytest_alone, "--nbval", "--nbval-kernel-name", "nonconv-warm", *sanitize, str(folder)]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=alone)


def test_a_changed_output_fails_nbval(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    cell = nbformat.v4.new_code_cell("print(6 * 7)", id="claim", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="42\n")]
    notebook.cells = [cell]
    save(notebook, tmp_path / "as-it-was.ipynb")
    cell.outputs[0].text = "43\n"
    save(notebook, tmp_path / "changed.ipynb")
    result = nbval(tmp_path)
    assert result.returncode == 1
    assert "1 failed, 1 passed" in result.stdout
    assert "changed.ipynb::Cell 0" in result.stdout
    assert "43" in result.stdout


# ----------------------------------------------- acceptance check: as a student's own Validate button sees it
def validated(
    notebook: nbformat.NotebookNode, folder: Path, monkeypatch: pytest.MonkeyPatch, unit: Unit
) -> dict:
    shutil.copy(ROOT / "exercises" / unit.name / "checks.json", folder)
    notebook.metadata.kernelspec.name = "nonconv-warm"  # a kernel that has imported torch already
    save(notebook, folder / "work.ipynb")
    monkeypatch.chdir(folder)  # nbgrader's server does the same before it validates
    return Validator().validate("work.ipynb")


@NOTEBOOKS
@pytest.mark.slow
def test_validate_passes_for_the_solved_and_fails_for_the_untouched(
    unit: Unit, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if unit not in VALIDATED and not request.config.getoption("--weekly"):
        pytest.skip("only in the weekly job: --weekly")
    assert validated(solved(unit, name), tmp_path, monkeypatch, unit) == {}
    failed = validated(released(unit, name), tmp_path, monkeypatch, unit)["failed"]
    failed = [
        cell for cell in failed if cell["source"].startswith("check(")
    ]  # not: an answer in words is missing
    here = {cell.id for cell in released(unit, name).cells} & set(automatic(unit))
    assert len(failed) == sum(not unit.checks[check].hidden for check in here)
    for cell in failed:
        assert "Not written yet." in cell["error"]
        assert "Traceback" not in cell["error"]
        assert all(len(line) <= 87 for line in html.unescape(cell["error"]).splitlines())


# ------------------------------------------------------ acceptance check: nothing of a solution is handed out
def leaks(notebook: nbformat.NotebookNode, solution: nbformat.NotebookNode) -> list[str]:
    """Every trace of a solution in a released notebook, a sentence each."""
    found = []
    text = json.dumps(notebook)
    for delimiter in ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN", "MARK SCHEME"):
        if delimiter in text:
            found.append(f"the delimiter {delimiter}")
    hidden = statements(solution) - statements(without_secrets(solution))
    found += [f"the solution's line {line!r}, as code" for line in sorted(hidden & statements(notebook))]
    stubs = {cell.id: cell.source for cell in notebook.cells}
    for cell in solution.cells:
        if cell.cell_type == "code" and cell.source != stubs.get(cell.id):
            lines = {line.strip() for line in cell.source.splitlines() if len(line.strip()) > 12}
            hidden |= {line for line in lines if not line.startswith("return")}
    hidden -= {line.strip() for source in stubs.values() for line in source.splitlines()}
    found += [f"the solution's line {line!r}" for line in sorted(hidden) if json.dumps(line)[1:-1] in text]
    for cell in notebook.cells:
        if cell.get("outputs"):
            found.append(f"an output in {cell.id!r}")
        extra = set(cell.metadata) - {"nbgrader", "deletable", "editable"}
        if extra and not (cell.id == INSTALL and cell.metadata == {"jupyter": {"source_hidden": True}}):
            found.append(f"metadata {sorted(extra)} in {cell.id!r}")
    return found


def without_secrets(solution: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What may be handed out of a solution, made here once more: stubs, and hidden checks without a line."""
    made = copy.deepcopy(solution)
    for cell in made.cells:
        if cell.cell_type != "code":
            continue
        cell.source, _ = replace_solutions(cell.source, BEGIN, END)
        cell.source = re.sub("### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", cell.source, flags=re.S)
    return made


def statements(notebook: nbformat.NotebookNode) -> set[str]:
    """Each simple statement of the notebook's code, as the syntax tree prints it.

    So neither spacing nor comments can hide a leak.
    """
    lines = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                compound = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.If | ast.With)
                # `return (G, g)` is what the exercise asks for, in these words
                announced = isinstance(node, ast.Return) and all(
                    isinstance(part, ast.Return | ast.Tuple | ast.Name | ast.Load) for part in ast.walk(node)
                )
                if isinstance(node, ast.stmt) and not compound and not announced:
                    lines.add(ast.unparse(node))
    return {line for line in lines if len(line) > 12}


@NOTEBOOKS
def test_no_solution_is_handed_out(unit: Unit, name: str) -> None:
    assert leaks(released(unit, name), solution_of(unit, name)) == []


@EACH_UNIT
def test_only_notebooks_and_visible_checks_are_handed_out(unit: Unit) -> None:
    handed_out = sorted(path.name for path in (ROOT / "exercises" / unit.name).iterdir())
    assert handed_out == sorted([*(f"{name}.ipynb" for name in names(unit)), "checks.json"])


@EACH_UNIT
def test_no_hidden_check_is_handed_out(unit: Unit) -> None:
    shipped = json.loads((ROOT / "exercises" / unit.name / "checks.json").read_text())["checks"]
    assert set(shipped) == {name for name, check in unit.checks.items() if not check.hidden}


@NOTEBOOKS
def test_a_leaked_solution_is_noticed(unit: Unit, name: str) -> None:
    assert leaks(solved(unit, name), solution_of(unit, name)) != []
    leaky = released(unit, name)
    first = next(cell for cell in solution_of(unit, name).cells if "BEGIN SOLUTION" in cell.source)
    stub = next(cell for cell in leaky.cells if cell.id == first.id)
    secret = statements(nbformat.v4.new_notebook(cells=[first])) - statements(
        nbformat.v4.new_notebook(cells=[stub])
    )
    # one that reads in the file as ast.unparse writes it
    simple = sorted(line for line in secret if line in first.source and not line.startswith("return"))
    if simple and len(max(simple, key=len)) > 12:  # some first answers are one return
        stub.source += f"\nif True:\n        {max(simple, key=len)}  # by accident"
        found = leaks(leaky, solution_of(unit, name))
        assert any(one.endswith("as code") for one in found)  # whatever its spacing and comments are
