"""Building the notebooks, and finding out what is not as a build would leave it."""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from nonconv.checks import Check, remote
from nonconv.checks.data import write as write_checks
from nonconv.publish.course import course_api
from nonconv.publish.install import ID as INSTALL
from nonconv.publish.rounding import same_up_to_rounding
from nonconv.publish.unit import METADATA, Unit, chosen, lecture_notebook, source_notebook, units
from nonconv.publish.website.sources import folded

Say = Callable[[str], None]


class BuildError(RuntimeError):
    """A notebook could not be built; the message says which cell of which text, and why."""


def build(
    root: Path,
    names: Iterable[str] = (),
    *,
    lectures: bool = True,
    execute: bool = False,
    say: Say = print,
) -> None:
    """Build the named units (all, if none is named) below root.

    A lecture is executed if its code has changed. `execute` forces it, as after a change of the library. A
    unit is built whole or not at all: nothing is written until all of it is made.
    """
    for unit in chosen(root, names):
        with tempfile.TemporaryDirectory() as scratch:
            made = _make_exercises(unit, root, Path(scratch)) if unit.notebooks else {}
            if unit.lecture is not None and lectures:
                target = root / "lectures" / f"{unit.name}.ipynb"
                notebook = None if execute else with_outputs_of(target, lecture_notebook(unit))
                save(with_plots_folded(notebook or executed(unit, say)), target)
                say(f"{target.relative_to(root)}" + (": its code is as before" if notebook else ""))
            _put(made, unit, Path(scratch), root, say)


def with_outputs_of(built: Path, notebook: NotebookNode) -> NotebookNode | None:
    """The notebook with the outputs of its built version, if that ran the same code; else None.

    The cell that installs the course says nothing where a lecture is built, so it may be another one.
    """
    if not built.exists():
        return None
    before = [cell for cell in nbformat.read(built, as_version=4).cells if cell.cell_type == "code"]
    before = [cell for cell in before if cell.id != INSTALL]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code = [cell for cell in cells if cell.id != INSTALL]
    if [cell.source for cell in before] != [cell.source for cell in code]:
        return None
    for cell, old in zip(code, before, strict=True):
        if cell.source.strip() and old.execution_count is None:
            return None
        cell.outputs = old.outputs
    for count, cell in enumerate((cell for cell in cells if cell.source.strip()), 1):
        cell.execution_count = count  # as in a run from top to bottom
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return notebook


def with_plots_folded(notebook: NotebookNode) -> NotebookNode:
    """The notebook with its long cells that draw folded in JupyterLab, as on the site; a click opens them."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and folded(cell):
            cell.metadata.setdefault("jupyter", {})["source_hidden"] = True
    return notebook


def executed(unit: Unit, say: Say = print) -> NotebookNode:
    """The lecture, run from top to bottom in a fresh kernel, showing how far it is."""
    notebook = lecture_notebook(unit)
    code = sum(cell.cell_type == "code" for cell in notebook.cells)
    start, done = time.monotonic(), 0

    def progress(**_: object) -> None:
        nonlocal done
        done += 1
        if sys.stdout.isatty():
            print(
                f"\r  {unit.name}: cell {done} of {code}, {time.monotonic() - start:.0f} s",
                end="",
                flush=True,
            )

    client = NotebookClient(
        notebook, timeout=600, kernel_name="nonconv-warm", record_timing=False, on_cell_executed=progress
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise BuildError(f"{unit.lecture}: {error}") from error
    if sys.stdout.isatty():
        print()
    say(f"  {unit.name}: {code} cells executed in {time.monotonic() - start:.0f} s")
    notebook.metadata = nbformat.from_dict(METADATA)  # the kernel wrote its version into it
    return notebook


def save(notebook: NotebookNode, target: Path) -> None:
    """Write it as JupyterLab does, so that opening and saving it there changes nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.validate(notebook)
    target.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def build_exercises(unit: Unit, root: Path, into: Path, say: Say = print) -> None:
    """solutions/UNIT from the unit's text, exercises/UNIT from that by nbgrader; root has nbgrader_config.py.

    All or nothing. A file changes only if its source has: one that differs in rounding alone stays as it is.
    """
    if not unit.notebooks:
        return
    with tempfile.TemporaryDirectory() as scratch:
        _put(_make_exercises(unit, root, Path(scratch)), unit, Path(scratch), into, say)


def _put(made: dict[str, list[str]], unit: Unit, scratch: Path, into: Path, say: Say) -> None:
    """Bring both folders that were made in `scratch` to their place."""
    for folder, names in made.items():
        changed = _replace(into / folder / unit.name, scratch / folder / unit.name)
        say(f"{folder}/{unit.name}: {', '.join(names)}" + ("" if changed else " (as before)"))


def _make_exercises(unit: Unit, root: Path, into: Path) -> dict[str, list[str]]:
    """Both folders made in `into`, and the names of the files in each."""
    solutions = into / "solutions" / unit.name
    for notebook in unit.notebooks:
        save(source_notebook(unit, notebook), solutions / f"{notebook.name}.ipynb")
    write_checks((check for check in unit.checks.values() if not check.hidden), solutions / "checks.json")
    judged = {name: _judged(check) for name, check in unit.checks.items()}
    # what the judge must know; nbgrader_config.py keeps it out of the release
    (solutions / "judge.json").write_text(json.dumps(judged, indent=1) + "\n", encoding="utf-8")
    release(unit.name, root, into)
    return {
        folder: sorted(path.name for path in (into / folder / unit.name).iterdir())
        for folder in ("solutions", "exercises")
    }


def _replace(have: Path, want: Path) -> bool:
    """Make the folder `have` equal to `want`. True if anything had to change.

    Files that are the same up to rounding stay as they are.
    """
    have.mkdir(parents=True, exist_ok=True)
    different = _differing(have, want)
    for name in different:
        if (want / name).exists():
            shutil.copyfile(want / name, have / name)
        else:
            (have / name).unlink()
    return bool(different)


def _judged(check: Check) -> dict[str, Any]:
    """What the judge is to know of a check: what the kernel is asked in its place, and what is right."""
    request = remote.request(check)
    if check.proves:
        return {
            "request": request,
            "statement": check.proves,
            "part": check.part,
            "points": check.points,
            **({"hint_price": check.hint_price} if check.hint_price else {}),
        }
    return {"request": request, "check": check.to_json()}


def release(name: str, root: Path, into: Path) -> None:
    """`nbgrader generate_assignment` on into/solutions/NAME, with a gradebook that is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        api = course_api(root, into, Path(scratch) / "gradebook.db")
        result = api.generate_assignment(name, force=True, create=True)
    if not result["success"]:
        raise BuildError(f"nbgrader could not release {name}:\n{result.get('error') or ''}\n{result['log']}")


def stale(root: Path, names: Iterable[str] = ()) -> list[str]:
    """What differs from a fresh build, a line each.

    Solutions and exercises are compared up to rounding, lectures in all but their outputs.
    """
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        for unit in chosen(root, names):
            if unit.notebooks:
                _make_exercises(unit, root, fresh)
            for folder in ("solutions", "exercises"):
                label = f"{folder}/{unit.name}"
                differing = _differing(root / label, fresh / label)
                found += [f"{label}/{name}: {how}" for name, how in differing.items()]
            if unit.lecture is not None:
                found += _stale_lecture(unit, root / "lectures" / f"{unit.name}.ipynb")
    known = {unit.name for unit in units(root)}
    for folder, pattern in (("lectures", "*.ipynb"), ("solutions", "*"), ("exercises", "*")):
        for path in sorted((root / folder).glob(pattern)):
            if path.stem not in known:
                found.append(f"{folder}/{path.name}: no unit of that name in units/")
    return found


def _differing(have: Path, want: Path) -> dict[str, str]:
    """What of the files in `have` is not as in `want`, up to rounding: how, by name."""
    folders = [folder for folder in (have, want) if folder.exists()]
    names = {path.name for folder in folders for path in folder.iterdir()} - {".ipynb_checkpoints"}
    found = {}
    for name in sorted(names):
        if not (want / name).exists():
            found[name] = "a build does not make it"
        elif not (have / name).exists():
            found[name] = "missing"
        elif not same_up_to_rounding(_text(have / name), _text(want / name), Path(name).suffix):
            found[name] = "differs from what units/ says"
    return found


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _stale_lecture(unit: Unit, path: Path) -> list[str]:
    label = f"lectures/{path.name}"
    if not path.exists():
        return [f"{label}: missing"]
    have, want = nbformat.read(path, as_version=4), lecture_notebook(unit)
    if have.metadata != want.metadata:
        return [f"{label}: metadata differ"]
    if [cell.id for cell in have.cells] != [cell.id for cell in want.cells]:
        return [f"{label}: its cells are not those of units/{unit.name}/lecture.py"]
    for old, new in zip(have.cells, want.cells, strict=True):
        if {old.cell_type, new.cell_type} == {"code"}:
            new.outputs = old.outputs
    want = with_plots_folded(want)
    found = []
    for old, new in zip(have.cells, want.cells, strict=True):
        if (old.cell_type, old.source, old.metadata) != (new.cell_type, new.source, new.metadata):
            found.append(f"{label}: cell {old.id!r} differs from units/{unit.name}/lecture.py")
        elif old.cell_type == "code" and old.source.strip() and old.execution_count is None:
            found.append(f"{label}: cell {old.id!r} was never executed")
    return found
