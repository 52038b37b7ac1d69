"""A sample class made from a unit's mistakes.py: what the tests hand in, and what each should earn."""

import copy
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.authoring import Attempt
from nonconv.publish.unit import Unit, units

ROOT = Path(__file__).resolve().parents[2]
# for all tests of a process: what is read of a unit is read once, and late
EVERY = units(ROOT)
LECTURES = [unit for unit in EVERY if unit.lecture is not None]
UNITS = [unit for unit in EVERY if unit.notebooks]  # those with exercises


@dataclass
class Pupil:
    """One hand-in: its notebooks by name. `earns`: the share of each cell that is not earned whole."""

    name: str
    notebooks: dict[str, bytes]
    earns: dict[str, float] = field(default_factory=dict)
    diagnoses: tuple[str, ...] = ()  # words that must stand in them
    troubled: bool = False  # the table must say why
    zipped: bool = False


def names(unit: Unit) -> list[str]:
    """The unit's exercise notebooks; the first has the unit's own name."""
    return [notebook.name for notebook in unit.notebooks]


def released(unit: Unit, name: str) -> NotebookNode:
    return copy.deepcopy(_read(ROOT / "exercises" / unit.name / f"{name}.ipynb"))


def solution_of(unit: Unit, name: str) -> NotebookNode:
    return copy.deepcopy(_read(ROOT / "solutions" / unit.name / f"{name}.ipynb"))


@cache  # a class reads each a hundred times, and nbformat validates what it reads
def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def solved(unit: Unit, name: str) -> NotebookNode:
    """The released notebook with the solution's cells pasted in, as a perfect student would have it."""
    notebook = released(unit, name)
    answers = {cell.id: cell.source for cell in solution_of(unit, name).cells if is_answer(cell)}
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return notebook


def nbgrader(cell: NotebookNode) -> Any:
    return cell.metadata.get("nbgrader", {})


def is_answer(cell: NotebookNode) -> bool:
    return bool(nbgrader(cell).get("solution"))


def answers(notebook: NotebookNode, function: str) -> list[NotebookNode]:
    """The cells in which the student writes that function: one, or none in another notebook."""
    return [cell for cell in notebook.cells if is_answer(cell) and f"def {function}(" in cell.source]


def graded_cells(unit: Unit) -> list[NotebookNode]:
    return [
        cell for name in names(unit) for cell in released(unit, name).cells if nbgrader(cell).get("grade")
    ]


def automatic(unit: Unit) -> dict[str, float]:
    """Points of each automatically graded cell."""
    return {cell.id: nbgrader(cell)["points"] for cell in graded_cells(unit) if not is_answer(cell)}


def written(unit: Unit, make: Callable[[Unit, str], NotebookNode] = solved) -> dict[str, bytes]:
    return {name: json.dumps(make(unit, name)).encode() for name in names(unit)}


def answered(unit: Unit, name: str, chosen: list[Attempt]) -> NotebookNode:
    """The solved notebook with these answers in the place of its own."""
    notebook = solved(unit, name)
    for attempt in chosen:
        for cell in answers(notebook, attempt.answer):
            cell.source = attempt.source()
    return notebook


def with_answers(unit: Unit, chosen: list[Attempt]) -> dict[str, bytes]:
    return written(unit, lambda unit, name: answered(unit, name, chosen))


def returning_none(unit: Unit, name: str) -> NotebookNode:
    """Every answer is `return None`."""
    notebook = released(unit, name)
    for cell in notebook.cells:
        if is_answer(cell) and cell.cell_type == "code":
            lines = cell.source.split("\n")
            cell.source = "\n".join("    return None" if "todo(" in line else line for line in lines)
    return notebook


# shows every value, None too, as one text
FORMATTER = """
import sys
from IPython.core.displayhook import DisplayHook
from IPython.core.formatters import DisplayFormatter
DisplayFormatter.format = lambda self, *a, **k: ({"text/plain": "PRINTED"}, {})
def shown(self, result=None):
    self.start_displayhook()
    self.write_output_prompt()
    self.write_format_data({"text/plain": "PRINTED"}, {})
    self.finish_displayhook()
DisplayHook.__call__ = shown
type(get_ipython().displayhook).__call__ = shown
"""
# whole layers of the framework: (a word of its name in nonconv.checks.guard, a call of it)
READY = (
    ("convolution", "torch.nn.functional.conv2d(torch.zeros(1, 1, 1, 1), torch.zeros(1, 1, 1, 1))"),
    ("batch_norm", "torch.nn.functional.batch_norm(torch.ones(2, 1), torch.zeros(1), torch.ones(1))"),
    ("pool", "torch.nn.functional.max_pool1d(torch.zeros(1, 1, 2), 2)"),
    # where all layers are building blocks, the course's own answers are still none
    ("nonconv.networks", "__import__('nonconv.networks.lenet', fromlist=['LeNet5']).LeNet5()"),
)


def calling_the_framework(unit: Unit, name: str) -> NotebookNode:
    """Every answer is right but for one thing: it calls a layer of the framework that it may not call."""
    notebook = solved(unit, name)
    for function in {check.answer for check in unit.checks.values()}:
        may = {word for check in unit.checks.values() if check.answer == function for word in check.may_call}
        call = next(call for word, call in READY if "." in word or not any(one in word for one in may))
        for cell in answers(notebook, function):
            cell.source += f"""

import torch
built_{function} = {function}

def {function}(*args, **kwargs):
    {call}
    return built_{function}(*args, **kwargs)
"""
    return notebook


def printing_points(unit: Unit, name: str) -> NotebookNode:
    """Every answer is `return None`, and every value, None too, is shown as points."""
    notebook = returning_none(unit, name)
    first = next(n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(first, nbformat.v4.new_code_cell(FORMATTER.replace("PRINTED", "1.0")))
    return notebook


def rounds(chosen: list[Attempt]) -> list[list[Attempt]]:
    """Round k holds the k-th attempt of every answer: few submissions cover them all."""
    by_answer: dict[str, list[Attempt]] = {}
    for attempt in chosen:
        by_answer.setdefault(attempt.answer, []).append(attempt)
    longest = max(map(len, by_answer.values()), default=0)
    return [[own[k] for own in by_answer.values() if k < len(own)] for k in range(longest)]


def calls(attempt: Attempt, answer: str) -> bool:
    """Does it call another answer? Where that is wrong too, the outputs show neither mistake."""
    return attempt.answer != answer and f"{answer}(" in attempt.source()


# of each answer so many mistakes go through real nbgrader; all are judged in one process, by the same path
ROUNDS = 3


def small_class(unit: Unit) -> list[Pupil]:
    """Of each kind of answer one: perfect, untouched, a call of the framework, mistakes, alternatives."""
    few = ("perfect", "zipped", "untouched", "calls-the-framework", "mistake-01")
    return [one for one in sample_class(unit) if one.name in few]


def sample_class(unit: Unit, everything: bool = False) -> list[Pupil]:
    """Perfect, untouched, `return None`, mistakes, and alternatives in a zip.

    `everything`: each mistake and each alternative, not only the first of each answer.
    """
    nothing = dict.fromkeys(automatic(unit), 0.0)
    alternatives = [*rounds([attempt for attempt in unit.attempts if not attempt.is_wrong]), []]
    pupils = [
        Pupil("perfect", written(unit)),
        Pupil("zipped", with_answers(unit, alternatives[0]), zipped=True),
        Pupil("untouched", written(unit, released), nothing),
        Pupil("returns-none", written(unit, returning_none), nothing),
        Pupil("calls-the-framework", written(unit, calling_the_framework), nothing),
        Pupil("prints-points", written(unit, printing_points), nothing),
    ]
    mistakes = [
        [one for one in chosen if not any(calls(other, one.answer) for other in chosen)]
        for chosen in rounds([attempt for attempt in unit.attempts if attempt.is_wrong])
    ]
    for k, chosen in enumerate(mistakes if everything else mistakes[:ROUNDS], 1):
        earns = {name: 0.0 for attempt in chosen for name in attempt.loses}
        earns |= {name: share for attempt in chosen for name, share in attempt.keeps.items()}
        told = tuple(attempt.says or attempt.shows for attempt in chosen)
        pupils.append(Pupil(f"mistake-{k:02}", with_answers(unit, chosen), earns, told))
    for k, chosen in enumerate(filter(None, alternatives[1:] if everything else []), 2):
        pupils.append(Pupil(f"alternative-{k:02}", with_answers(unit, chosen)))
    return pupils


def broken_class(unit: Unit) -> list[Pupil]:
    """Those whose files are broken or odd. The ones who should earn everything hand in alternatives."""
    nothing = dict.fromkeys(automatic(unit), 0.0)
    main = unit.name
    right = rounds([attempt for attempt in unit.attempts if not attempt.is_wrong])
    of_deleted, of_doubled = right[1:3]
    of_main = {cell.id: 0.0 for cell in released(unit, main).cells if cell.id in nothing}
    pupils: list[Pupil] = []
    first_check = next(iter(automatic(unit)))
    answer = unit.checks[first_check].answer
    deleted, doubled = answered(unit, main, of_deleted), answered(unit, main, of_doubled)
    without = solved(unit, main)
    deleted.cells = [cell for cell in deleted.cells if cell.id != first_check]
    gone = answers(without, answer)
    without.cells = [cell for cell in without.cells if cell not in gone]
    at = next(n for n, cell in enumerate(doubled.cells) if cell.id == first_check)
    doubled.cells.insert(at, nbformat.from_dict(dict(doubled.cells[at])))
    of_answer = {check.name: 0.0 for check in unit.checks.values() if check.answer == answer}
    for name, notebook, chosen, earns in (
        ("deleted-check", deleted, of_deleted, {}),
        ("deleted-answer", without, [], of_answer),
        ("doubled-check", doubled, of_doubled, {}),
    ):
        files = with_answers(unit, chosen) | {main: json.dumps(notebook).encode()}
        pupils.append(Pupil(name, files, earns, troubled=True))

    perfect = written(unit)[main]
    for name, content in (
        ("not-json", b"<<<<<<< HEAD\n" + perfect[:200]),
        ("empty-file", b""),
        ("not-a-notebook", b'{"cells": 7}'),
    ):
        pupils.append(Pupil(name, written(unit) | {main: content}, of_main, troubled=True))
    return pupils


def hand_in(pupils: list[Pupil], inbox: Path) -> Path:
    """Write the class as an inbox: a folder or a zip for each student."""
    inbox.mkdir()
    for pupil in pupils:
        if pupil.zipped:
            with zipfile.ZipFile(inbox / f"{pupil.name}.zip", "w") as archive:
                for name, content in pupil.notebooks.items():
                    archive.writestr(f"deep/{name}.ipynb", content)
        else:
            (inbox / pupil.name).mkdir()
            for name, content in pupil.notebooks.items():
                (inbox / pupil.name / f"{name}.ipynb").write_bytes(content)
    return inbox


def course_folder(unit: Unit, folder: Path) -> Path:
    """A course of one unit, as `make grade` finds it: configuration, solutions, exercises."""
    folder.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for kind in ("solutions", "exercises"):
        shutil.copytree(ROOT / kind / unit.name, folder / kind / unit.name)
    return folder
