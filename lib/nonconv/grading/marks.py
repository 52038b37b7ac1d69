"""Marks given by hand, when a submission is graded again, and what still waits to be read.

nbgrader keeps a mark, but says of every one that it needs another look. Here a mark whose answer did not
change is done with; where the answer did change, the mark stands and the list says so.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry

WORDS_A_MINUTE = 150  # to read and to mark
LOOK = 0.5  # minutes for each answer, however short

Answers = dict[tuple[str, str], str]  # (notebook, cell): what the student wrote


def answers_in(folder: Path) -> Answers:
    """Every answer in a folder of notebooks, spaces at the ends of lines aside; none if it is not there."""
    found: Answers = {}
    for path in sorted(folder.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            told = cell.metadata.get("nbgrader", {})
            if told.get("solution"):
                lines = [line.rstrip() for line in cell.source.strip().splitlines()]
                found[path.stem, told.get("grade_id", "")] = "\n".join(lines)
    return found


def has_marks(unit: str, student: str, book: Gradebook) -> bool:
    """Has somebody given this submission a mark by hand?"""
    try:
        notebooks: Any = book.find_submission(unit, student).notebooks
    except MissingEntry:
        return False
    return any(item.manual_score is not None for notebook in notebooks for item in notebook.grades)


def keep_marks(unit: str, student: str, book: Gradebook, before: Answers, now: Answers) -> None:
    """Close each mark whose answer is the same as before.

    A check's mark was given for an answer elsewhere in its notebook: there all answers must be the same.
    """
    try:
        notebooks: Any = book.find_submission(unit, student).notebooks
    except MissingEntry:
        return
    for notebook in notebooks:
        own = {key: text for key, text in now.items() if key[0] == notebook.name}
        same = bool(own) and all(before.get(key) == text for key, text in own.items())
        for item in notebook.grades:
            key = notebook.name, item.name
            unchanged = before[key] == now.get(key) if key in before else same
            if item.manual_score is not None and item.needs_manual_grade and unchanged:
                item.needs_manual_grade = False
    book.db.commit()


@dataclass(frozen=True)
class Waiting:
    """An answer that somebody should read."""

    student: str
    notebook: str
    cell: str
    words: int
    changed: bool  # it was marked, and the answer changed since

    @property
    def minutes(self) -> float:
        return LOOK + self.words / WORDS_A_MINUTE


def waiting(unit: str, book: Gradebook, autograded: Path) -> list[Waiting]:
    """What is to be read, cell by cell: all answers to one question after the other, the short ones first."""
    found = []
    for submission in book.assignment_submissions(unit):
        student = submission.student.id
        answers = answers_in(autograded / student / unit)
        for notebook in submission.notebooks:
            for item in notebook.grades:
                if item.needs_manual_grade:
                    text = answers.get((notebook.name, item.name), "")
                    changed = item.manual_score is not None
                    found.append(Waiting(student, notebook.name, item.name, len(text.split()), changed))
    return sorted(found, key=lambda one: (one.notebook, one.cell, one.words, one.student))
