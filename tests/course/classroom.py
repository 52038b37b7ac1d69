"""A sample class made from a unit's mistakes.py: what the gates hand in, and what each of it should earn."""

import json
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.checks.attempts import Attempt, attempts
from nonconv.publish.unit import Unit

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Pupil:
    """One hand-in. `loses` are the graded cells that must earn nothing; every other automatic one must earn all."""

    name: str
    content: bytes
    loses: set[str] = field(default_factory=set)
    told: tuple[str, ...] = ()  # what must stand in the diagnoses
    troubled: bool = False  # the table must say why
    zipped: bool = False


def released(unit: Unit) -> NotebookNode:
    return nbformat.read(ROOT / "exercises" / unit.name / f"{unit.name}.ipynb", as_version=4)


def solved(unit: Unit) -> NotebookNode:
    """The released notebook with the solution's cells pasted in, as a perfect student would have it."""
    notebook = released(unit)
    solution = nbformat.read(ROOT / "solutions" / unit.name / f"{unit.name}.ipynb", as_version=4)
    answers = {cell.id: cell.source for cell in solution.cells if is_answer(cell)}
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return notebook


def nbgrader(cell: NotebookNode) -> Any:
    return cell.metadata.get("nbgrader", {})


def is_answer(cell: NotebookNode) -> bool:
    return bool(nbgrader(cell).get("solution"))


def answer_cell(notebook: NotebookNode, function: str) -> NotebookNode:
    """The cell in which the student writes that function."""
    (cell,) = [cell for cell in notebook.cells if is_answer(cell) and f"def {function}(" in cell.source]
    return cell


def automatic(unit: Unit) -> dict[str, float]:
    """Points of each automatically graded cell."""
    return {
        nbgrader(cell)["grade_id"]: nbgrader(cell)["points"]
        for cell in released(unit).cells
        if nbgrader(cell).get("grade") and not nbgrader(cell)["solution"]
    }


def with_answers(unit: Unit, chosen: list[Attempt]) -> bytes:
    notebook = solved(unit)
    for attempt in chosen:
        answer_cell(notebook, attempt.answer).source = attempt.source()
    return nbformat.writes(notebook).encode()


def returning_none(unit: Unit) -> bytes:
    """Every answer is `return None`."""
    notebook = released(unit)
    for cell in notebook.cells:
        if is_answer(cell) and cell.cell_type == "code":
            lines = cell.source.split("\n")
            cell.source = "\n".join("    return None" if "todo(" in line else line for line in lines)
    return nbformat.writes(notebook).encode()


def rounds(chosen: list[Attempt]) -> list[list[Attempt]]:
    """Round k holds the k-th attempt of every answer: few submissions cover them all."""
    by_answer: dict[str, list[Attempt]] = {}
    for attempt in chosen:
        by_answer.setdefault(attempt.answer, []).append(attempt)
    longest = max(map(len, by_answer.values()))
    return [[own[k] for own in by_answer.values() if k < len(own)] for k in range(longest)]


def sample_class(unit: Unit) -> list[Pupil]:
    """Perfect, untouched, `return None`, every mistake, every alternative, and broken files of several kinds."""
    known = attempts(unit.mistakes)
    everything = set(automatic(unit))
    plain = released(unit)
    perfect = nbformat.writes(solved(unit)).encode()
    pupils = [
        Pupil("perfect", perfect),
        Pupil("perfect-zipped", perfect, zipped=True),
        Pupil("untouched", nbformat.writes(plain).encode(), everything),
        Pupil("returns-none", returning_none(unit), everything),
    ]
    for k, chosen in enumerate(rounds([attempt for attempt in known if attempt.is_wrong]), 1):
        lost = {name for attempt in chosen for name in attempt.loses}
        told = tuple(attempt.says or attempt.shows for attempt in chosen)
        pupils.append(Pupil(f"mistake-{k:02}", with_answers(unit, chosen), lost, told))
    for k, chosen in enumerate(rounds([attempt for attempt in known if not attempt.is_wrong]), 1):
        pupils.append(Pupil(f"alternative-{k:02}", with_answers(unit, chosen)))

    first_check = next(iter(automatic(unit)))
    deleted = solved(unit)
    deleted.cells = [cell for cell in deleted.cells if cell.id != first_check]
    pupils.append(Pupil("deleted-check", nbformat.writes(deleted).encode(), troubled=True))

    answer = unit.checks[first_check].answer
    of_answer = {check.name for check in unit.checks.values() if check.answer == answer}
    without = solved(unit)
    without.cells = [cell for cell in without.cells if cell is not answer_cell(without, answer)]
    pupils.append(Pupil("deleted-answer", nbformat.writes(without).encode(), of_answer, troubled=True))

    doubled = solved(unit)
    at = next(n for n, cell in enumerate(doubled.cells) if cell.id == first_check)
    doubled.cells.insert(at, nbformat.from_dict(dict(doubled.cells[at])))
    pupils.append(Pupil("doubled-check", json.dumps(doubled).encode(), troubled=True))

    return [
        *pupils,
        Pupil("not-json", b"<<<<<<< HEAD\n" + perfect[:200], everything, troubled=True),
        Pupil("empty-file", b"", everything, troubled=True),
        Pupil("not-a-notebook", b'{"cells": 7}', everything, troubled=True),
    ]


def hand_in(pupils: list[Pupil], unit: Unit, inbox: Path) -> Path:
    """Write the class as an inbox: a folder or a zip for each student."""
    inbox.mkdir()
    for pupil in pupils:
        if pupil.zipped:
            with zipfile.ZipFile(inbox / f"{pupil.name}.zip", "w") as archive:
                archive.writestr(f"deep/{unit.name}.ipynb", pupil.content)
        else:
            (inbox / pupil.name).mkdir()
            (inbox / pupil.name / f"{unit.name}.ipynb").write_bytes(pupil.content)
    return inbox


def course_folder(unit: Unit, folder: Path) -> Path:
    """A course of one unit, as `make grade` finds it: configuration, solutions, exercises."""
    folder.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for room in ("solutions", "exercises"):
        shutil.copytree(ROOT / room / unit.name, folder / room / unit.name)
    return folder
