"""The units: lectures, notebooks of exercises, and the text, checks and known answers of each exercise.

    units/02-reduction-to-convolution/
      lecture.py                     the lecture, a percent text; a unit may do without, as a capstone does
      shared.py                      what the checks of several exercises need, if there is such
      exercises/                     a notebook, with the unit's name
        notebook.py                  its first cells: title, set-up
        07-pooling/                  an exercise: its number and its name
          exercise.py                card, stub, solution, hints: a percent text
          checks.py                  CHECKS: references, inputs, points
          mistakes.py                wrong answers, and right ones that go with them
          alternatives.py            right answers that go other ways
          mutants.py                 slips in the solution that are no mistakes, if there are such
      proof/ …                       another notebook, with the name of its folder

An exercise may have further files of mistakes. One that is answered in words has neither checks nor mistakes.
The cells of its checks are not written down: the build puts each check behind the answer that it is about.
"""

import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.authoring.attempts import Attempt
from nonconv.authoring.given import HEAD, TEXT
from nonconv.authoring.percent import METADATA, UnitError, read_text
from nonconv.checks import Check
from nonconv.publish.install import with_install_cell
from nonconv.publish.modules import load
from nonconv.publish.references import numbered, resolve
from nonconv.publish.shown_answers import unlike_shown
from nonconv.publish.website import launch
from nonconv.publish.written import with_tables

NAME = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)")  # of a unit's and an exercise's folder
CHECKS, MUTANTS, ALTERNATIVES = "checks.py", "mutants.py", "alternatives.py"
ROLES = {
    "answer": {"grade": False, "locked": False, "solution": True},
    "check": {"grade": True, "locked": True, "solution": False},
    "manual": {"grade": True, "locked": False, "solution": True},
    "locked": {"grade": False, "locked": True, "solution": False},
}
DEFINED = re.compile(r"^def (\w+)\(", re.M)


@dataclass(frozen=True)
class Exercise:
    """A folder such as 07-pooling in the folder of a notebook."""

    folder: Path

    @property
    def number(self) -> int:
        return int(self._name()[1])

    @property
    def name(self) -> str:
        return self._name()[2]

    def _name(self) -> re.Match[str]:
        found = NAME.fullmatch(self.folder.name)
        if found is None:
            raise UnitError(
                f"{self.folder}: an exercise's folder is called as 07-pooling is: two digits and a name"
            )
        return found

    @property
    def text(self) -> Path:
        return self.folder / TEXT

    @cached_property
    def cells(self) -> list[NotebookNode]:
        """The cells of exercise.py, without its checks."""
        cells = read_text(self.text).cells
        if not cells or not re.match(r"## (\{number\} · )?\S", cells[0].source):
            raise UnitError(f"{self.text}: its first cell must begin with a heading, ## {{number}} · Title")
        for cell in cells:
            if (role := cell.metadata.get("role")) not in (None, *ROLES) or role == "check":
                roles = ", ".join(sorted(set(ROLES) - {"check"}))
                raise UnitError(f"{self.text}: cell {cell.id!r} has role {role!r}; it can be {roles}")
        return cells

    @cached_property
    def answers(self) -> dict[str, NotebookNode]:
        """The cells that students fill, by the name of the function that they write there."""
        return {
            name: cell
            for cell in self.cells
            if cell.metadata.get("role") == "answer"
            for name in DEFINED.findall(cell.source)
        }

    @property
    def manual(self) -> list[NotebookNode]:
        """The cells that are answered in words."""
        return [cell for cell in self.cells if cell.metadata.get("role") == "manual"]

    @cached_property
    def attempts(self) -> list[Attempt]:
        """The known answers, wrong and right, of mistakes.py and any further file beside it."""
        path = self.folder / ALTERNATIVES
        alternatives = self._attempts_in(path) if path.exists() else []
        if wrong := [one.name for one in alternatives if one.is_wrong]:
            raise UnitError(f"{path} is for right answers; {wrong[0]} is wrong: put it into mistakes.py")
        return [*alternatives, *self.mistakes]

    @cached_property
    def mistakes(self) -> list[Attempt]:
        """The known answers but for alternatives.py, which may import much and has none that is wrong."""
        others = (TEXT, CHECKS, MUTANTS, ALTERNATIVES)
        files = [path for path in sorted(self.folder.glob("*.py")) if path.name not in others]
        return [one for path in files for one in self._attempts_in(path)]

    def _attempts_in(self, path: Path) -> list[Attempt]:
        values = vars(self._load(path)).values()
        listed = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return [one for one in listed if isinstance(one, Attempt)]

    @cached_property
    def equal_mutants(self) -> dict[str, dict[str, str]]:
        """EQUAL of mutants.py: for each answer the slips that change nothing, and why."""
        return self._own_mutants("EQUAL")

    @cached_property
    def right_answers(self) -> dict[str, Callable[[Callable[..., Any]], bool]]:
        """RIGHT of mutants.py: by answer, a function that says whether an answer is right."""
        return self._own_mutants("RIGHT")

    @cached_property
    def every_mutant(self) -> dict[str, tuple[int, str]]:
        """EVERY of mutants.py: of which answers only every n-th mutant is judged, and why."""
        return self._own_mutants("EVERY")

    def _own_mutants(self, name: str) -> dict[str, Any]:
        path = self.folder / MUTANTS
        return getattr(self._load(path), name, {}) if path.exists() else {}

    @cached_property
    def declared(self) -> dict[str, Check]:
        """The CHECKS of checks.py by name, in their order in the notebook.

        A check loads its mistakes when it needs them.
        """
        path = self.folder / CHECKS
        if not path.exists():
            if self.answers:
                raise UnitError(f"{path} is missing: nothing checks {', '.join(self.answers)}")
            return {}
        found: dict[str, Check] = {}
        for check in getattr(self._load(path), "CHECKS", []):
            if check.name in found:
                raise UnitError(f"{path}: two checks are called {check.name!r}")
            if check.answer not in self.answers:
                there = ", ".join(self.answers) or "none"
                raise UnitError(
                    f"{path}: the check {check.name!r} is about {check.answer!r};"
                    f" the answers in {TEXT}: {there}"
                )
            found[check.name] = replace(check, known=partial(self._known, check.answer))
        for answer in self.answers:
            if not any(check.answer == answer for check in found.values()):
                raise UnitError(f"{path}: nothing checks {answer}")
        order = list(self.answers)
        found = {name: unlike_shown(check, found) for name, check in found.items()}
        return dict(
            sorted(found.items(), key=lambda item: (order.index(item[1].answer), bool(item[1].hidden)))
        )

    @cached_property
    def checks(self) -> dict[str, Check]:
        """The declared checks, each with the outputs of the known mistakes."""
        return {name: check.recognised() for name, check in self.declared.items()}

    def _known(self, answer: str) -> list[tuple[str, Attempt]]:
        return [(one.says, one) for one in self.mistakes if one.says and one.answer == answer]

    def _load(self, path: Path) -> Any:
        return load(path, self.folder.parents[2])


@dataclass(frozen=True)
class Notebook:
    """A folder of exercises: one notebook for the students."""

    folder: Path
    name: str

    @property
    def head(self) -> Path:
        return self.folder / HEAD

    @cached_property
    def exercises(self) -> list[Exercise]:
        """In the order of their numbers, which are 1, 2, 3 …: UnitError otherwise."""
        found = [
            Exercise(path)
            for path in sorted(self.folder.iterdir())
            if path.is_dir() and path.name[0] not in "_."
        ]
        for number, exercise in enumerate(found, 1):
            if exercise.number != number:
                raise UnitError(f"{exercise.folder}: the exercise before it has the number {number - 1}")
        return found


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

    @cached_property
    def notebooks(self) -> list[Notebook]:
        """The notebooks of exercises, by the names of their folders.

        exercises/ comes first and has the unit's name.
        """
        folders = sorted(path.parent for path in self.folder.glob(f"*/{HEAD}"))
        folders.sort(key=lambda folder: folder.name != "exercises")
        return [
            Notebook(folder, self.name if folder.name == "exercises" else folder.name) for folder in folders
        ]

    @property
    def exercises(self) -> list[Exercise]:
        return [exercise for notebook in self.notebooks for exercise in notebook.exercises]

    @property
    def sources(self) -> list[Path]:
        """Every file of which the unit is made."""
        return sorted(self.folder.rglob("*.py"))

    @cached_property
    def attempts(self) -> list[Attempt]:
        return [attempt for exercise in self.exercises for attempt in exercise.attempts]

    @cached_property
    def declared(self) -> dict[str, Check]:
        """The checks of all exercises by name; their mistakes are loaded when one is looked for."""
        found: dict[str, Check] = {}
        for exercise in self.exercises:
            for name, check in exercise.declared.items():
                if name in found:
                    raise UnitError(
                        f"{exercise.folder / CHECKS}: another exercise has a check called {name!r}"
                    )
                found[name] = check
        return found

    @cached_property
    def checks(self) -> dict[str, Check]:
        """The declared checks, each with the outputs of the unit's mistakes."""
        _ = self.declared  # UnitError if a name stands twice
        return {name: check for exercise in self.exercises for name, check in exercise.checks.items()}

    @cached_property
    def sections(self) -> dict[str, int]:
        return numbered(read_text(self.lecture).cells) if self.lecture is not None else {}

    def numbers(self, notebook: Notebook | None = None) -> dict[str, dict[str, int]]:
        """What texts of this unit may refer to; exercises of `notebook` by their names alone."""
        beside = {_short(unit.name): unit for unit in units(self.folder.parents[1])}
        sections = {
            f"{name}/{section}": n for name, unit in beside.items() for section, n in unit.sections.items()
        }
        exercises = {f"{n.folder.name}/{e.name}": e.number for n in self.notebooks for e in n.exercises}
        if notebook is not None:
            exercises |= {exercise.name: exercise.number for exercise in notebook.exercises}
        return {
            "unit": {name: int(unit.name[:2]) for name, unit in beside.items()},
            "section": {**sections, **self.sections},
            "exercise": exercises,
        }


def _short(name: str) -> str:
    found = NAME.fullmatch(name)
    return found[2] if found else name


def units(root: Path) -> list[Unit]:
    """All units under root, in order."""
    return [
        Unit(folder)
        for folder in sorted((root / "units").iterdir())
        if folder.is_dir() and any(folder.rglob("*.py"))
    ]


def chosen(root: Path, names: Iterable[str]) -> list[Unit]:
    """The units with these names or numbers, or all.

    ValueError: for an unknown one; it lists those there are.
    """
    every = units(root)
    found = []
    for name in names:
        match = [unit for unit in every if name.rstrip("/") in (unit.name, unit.name[:2], unit.name[3:])]
        if not match:
            raise ValueError(f"there is no unit {name!r}; there is {', '.join(unit.name for unit in every)}")
        found += match
    return found or every


def lecture_notebook(unit: Unit) -> NotebookNode:
    """The lecture, not yet executed."""
    assert unit.lecture is not None
    notebook, numbers = read_text(unit.lecture), unit.numbers()
    root = unit.folder.parents[1]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_tables(cell.source, units(root), root, unit.lecture)
        resolve(cell, numbers, unit.sections.get(cell.id), unit.lecture)
    return with_install_cell(notebook, launch.read(root / launch.FILE))


def source_notebook(unit: Unit, notebook: Notebook) -> NotebookNode:
    """nbgrader's source version of a notebook: roles as nbgrader's metadata, checks written in."""
    made, numbers = read_text(notebook.head), unit.numbers(notebook)
    for cell in made.cells:
        resolve(cell, numbers, None, notebook.head)
        _mark(cell, notebook.head)
    made = with_install_cell(made, launch.read(unit.folder.parents[1] / launch.FILE))
    for exercise in notebook.exercises:
        made.cells += exercise_cells(exercise, numbers)
    seen: set[str] = set()
    for cell in made.cells:
        if cell.id in seen:
            raise UnitError(f"{notebook.folder}: two cells are called {cell.id!r}")
        seen.add(cell.id)
    nbformat.validate(made)
    return made


def exercise_cells(exercise: Exercise, numbers: dict[str, dict[str, int]]) -> list[NotebookNode]:
    """The exercise's cells as they stand in nbgrader's source version, its checks among them."""
    cells = list(_with_checks(exercise))
    for cell in cells:
        resolve(cell, numbers, exercise.number, exercise.text)
        _mark(cell, exercise.text)
    return cells


def _with_checks(exercise: Exercise) -> Iterator[NotebookNode]:
    """The exercise's cells: visible checks stand right behind their answer, hidden ones behind its hints."""
    waiting: list[NotebookNode] = []
    for cell in exercise.cells:
        if waiting and not cell.id.endswith("hints"):
            yield from waiting
            waiting = []
        yield copy.deepcopy(cell)
        if waiting:
            yield from waiting
            waiting = []
        names = [name for name, answer in exercise.answers.items() if answer.id == cell.id]
        for check in (one for one in exercise.checks.values() if one.answer in names):
            if check.hidden:
                waiting.append(_check_cell(check))
            else:
                yield _check_cell(check)
    yield from waiting


def _check_cell(check: Check) -> NotebookNode:
    if check.hidden:
        source = f"{hidden_line(check)}\n{_hidden_region(check)}"
    else:
        source = f'check("{check.name}", {check.answer})'
    cell = nbformat.v4.new_code_cell(source, id=check.name)
    cell.metadata.update(role="check", points=check.points)
    return cell


def hidden_line(check: Check) -> str:
    """All that a student sees of a hidden check."""
    return (
        f"# Runs when your work is graded ({check.points} point{'s' * (check.points != 1)}): {check.hidden}"
    )


def _mark(cell: NotebookNode, where: Path) -> None:
    """A cell's role as nbgrader's metadata."""
    role = cell.metadata.pop("role", None)
    points = cell.metadata.pop("points", None)
    if role is None:
        return
    if role not in ROLES:
        raise UnitError(f"{where}: cell {cell.id!r} has role {role!r}; it can be {', '.join(sorted(ROLES))}")
    marks: dict[str, Any] = {"grade_id": cell.id, "schema_version": 3, "task": False, **ROLES[role]}
    if marks["grade"]:
        if not isinstance(points, int) or points < 1:
            raise UnitError(f"{where}: cell {cell.id!r} needs points, a positive integer, not {points!r}")
        marks["points"] = points
    cell.metadata["nbgrader"] = marks


def _hidden_region(check: Check) -> str:
    """The check as code for the source notebook; nbgrader takes the region out of what students get."""
    data = json.dumps(check.to_json(), ensure_ascii=False).replace("\\", "\\\\").replace("'''", "\\'\\'\\'")
    return "\n".join(
        (
            "### BEGIN HIDDEN TESTS",
            f"check({check.name!r}, {check.answer}, data='''{data}''')",
            "### END HIDDEN TESTS",
        )
    )


__all__ = [
    "METADATA",
    "Exercise",
    "Notebook",
    "Unit",
    "UnitError",
    "lecture_notebook",
    "source_notebook",
    "units",
]
