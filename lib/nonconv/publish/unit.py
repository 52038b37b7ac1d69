"""A unit's text, read: its notebooks as cells with explicit ids, its checks and its mistakes as Python objects.

A cell starts with a line such as

    # %% affine-form-values role="check"

where `affine-form-values` is the id that the cell keeps for ever (nbgrader's grade_id, where it has a role):

    role="answer"   the student's code goes between BEGIN SOLUTION and END SOLUTION
    role="check"    a visible check; its points and data are those of that name in checks.py
    role="hidden"   likewise, but all that a student sees is the text; the build writes the check into it
    role="manual"   answered in words and graded by hand: needs points=N
    role="locked"   nbgrader restores it if a student changes it
"""

import importlib.util
import json
import re
import sys
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

# what a notebook says of its kernel: nothing that depends on the machine that built it
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ROLES = {
    "answer": {"grade": False, "locked": False, "solution": True},
    "check": {"grade": True, "locked": True, "solution": False},
    "hidden": {"grade": True, "locked": True, "solution": False},
    "manual": {"grade": True, "locked": False, "solution": True},
    "locked": {"grade": False, "locked": True, "solution": False},
}
CELL_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")


class UnitError(ValueError):
    """A unit's text is not as it must be; the message names the file and the cell."""


@dataclass(frozen=True)
class Unit:
    """One folder of units/."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def lecture(self) -> Path | None:
        path = self.folder / "lecture.py"
        return path if path.exists() else None

    @property
    def exercises(self) -> list[Path]:
        """The exercise notebooks' texts: exercises.py first, further ones (proof.py, say) by name."""
        others = sorted(
            path
            for path in self.folder.glob("*.py")
            if path.stem not in ("lecture", "exercises") and not path.stem.endswith(("checks", "mistakes"))
        )
        main = self.folder / "exercises.py"
        return ([main] if main.exists() else []) + others

    def notebook_name(self, text: Path) -> str:
        """exercises.py becomes a notebook with the unit's name, any other text keeps its own."""
        return self.name if text.stem == "exercises" else text.stem

    @cached_property
    def attempts(self) -> list[Any]:
        """The known wrong and right answers of mistakes.py, and of any other …mistakes.py."""
        files = sorted(self.folder.glob("*mistakes.py"))
        values = [value for path in files for value in vars(load(path)).values()]
        listed = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return [one for one in listed if hasattr(one, "is_wrong") and not isinstance(one, type)]

    @cached_property
    def declared(self) -> dict[str, Any]:
        """The CHECKS of checks.py, and of any other …checks.py, by name; the unit's mistakes are loaded when one is looked for."""
        found: dict[str, Any] = {}
        for path in sorted(self.folder.glob("*checks.py")):
            for check in load(path).CHECKS:
                if check.name in found:
                    raise UnitError(f"{path}: two checks are called {check.name!r}")
                found[check.name] = replace(check, known=partial(self._said_of, check.answer))
        return found

    @cached_property
    def checks(self) -> dict[str, Any]:
        """The declared checks, each with the outputs of the unit's mistakes."""
        return {name: check.recognised() for name, check in self.declared.items()}

    def _said_of(self, answer: str) -> list[tuple[str, Any]]:
        return [(one.says, one) for one in self.attempts if one.says and one.answer == answer]


def code_of(path: Path, *cells: str) -> dict[str, Any]:
    """What these cells of a percent text define, run in their order: what a notebook gives, for its mistakes."""
    scope: dict[str, Any] = {}
    for name in cells:
        exec(compile(source_of(path, name), f"{path}:{name}", "exec"), scope)
    return scope


def source_of(path: Path, cell: str) -> str:
    """The source of one cell of a percent text. UnitError if there is none of that id."""
    found = _sources(path, path.stat().st_mtime_ns)
    if cell not in found:
        raise UnitError(f"{path}: there is no cell {cell!r}")
    return found[cell]


@lru_cache(maxsize=16)  # a file of mistakes asks for a cell dozens of times
def _sources(path: Path, changed: int) -> dict[str, str]:
    return {cell.id: cell.source for cell in read_text(path).cells}


def units(root: Path) -> list[Unit]:
    """All units under root, in order."""
    return [
        Unit(folder)
        for folder in sorted((root / "units").iterdir())
        if folder.is_dir() and any(folder.glob("*.py"))
    ]


def load(path: Path) -> ModuleType:
    """Import a unit's Python file under a name of its own (units' folders are no packages)."""
    name = "_unit_" + re.sub(r"\W", "_", f"{path.parent.name}_{path.stem}")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.exists():
        raise UnitError(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def read_text(path: Path) -> NotebookNode:
    """The notebook of a percent text, with its explicit cell ids. Raises UnitError naming file and cell."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen = set()
    for number, cell in enumerate(notebook.cells, 1):
        name = cell.metadata.pop("title", "")
        start = cell.source[:50].replace("\n", " ")
        if not CELL_ID.fullmatch(name):
            raise UnitError(
                f"{path}: cell {number} ({start!r}) needs an id of small letters, digits and hyphens: # %% the-id"
            )
        if name in seen:
            raise UnitError(f"{path}: two cells are called {name!r}")
        seen.add(name)
        cell.id = name
        cell.metadata.pop("lines_to_next_cell", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.validate(notebook)
    return notebook


def lecture_notebook(unit: Unit) -> NotebookNode:
    """The lecture, not yet executed."""
    assert unit.lecture is not None
    return read_text(unit.lecture)


def source_notebook(unit: Unit, text: Path) -> NotebookNode:
    """nbgrader's source version of an exercise notebook: roles as nbgrader metadata, hidden checks written in."""
    notebook = read_text(text)
    for cell in notebook.cells:
        role = cell.metadata.pop("role", None)
        points = cell.metadata.pop("points", None)
        if role is None:
            continue
        if role not in ROLES:
            raise UnitError(f"{text}: cell {cell.id!r} has role {role!r}; it can be {', '.join(ROLES)}")
        nbgrader: dict[str, Any] = {"grade_id": cell.id, "schema_version": 3, "task": False, **ROLES[role]}
        if role in ("check", "hidden"):
            check = unit.checks.get(cell.id)
            if check is None:
                raise UnitError(f"{text}: checks.py has no check called {cell.id!r}")
            if check.hidden != (role == "hidden"):
                raise UnitError(
                    f"{text}: cell {cell.id!r} has role {role!r}, checks.py says hidden={check.hidden}"
                )
            points = check.points
            if role == "hidden":
                cell.source = f"{cell.source}\n{_hidden_region(check)}"
        if nbgrader["grade"]:
            if not isinstance(points, int) or points < 1:
                raise UnitError(f"{text}: cell {cell.id!r} needs points, a positive integer, not {points!r}")
            nbgrader["points"] = points
        cell.metadata["nbgrader"] = nbgrader
    nbformat.validate(notebook)
    return notebook


def _hidden_region(check: Any) -> str:
    """The check as code for the source notebook; nbgrader takes the region out of what students get."""
    data = json.dumps(check.to_json(), ensure_ascii=False).replace("\\", "\\\\").replace("'''", "\\'\\'\\'")
    return "\n".join(
        (
            "### BEGIN HIDDEN TESTS",
            f"check({check.name!r}, {check.answer}, data='''{data}''')",
            "### END HIDDEN TESTS",
        )
    )
