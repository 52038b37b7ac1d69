"""Autograding a class with nbgrader, one student at a time, so that no submission can stop the next."""

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from nonconv.grading.collect import Submission
from nonconv.publish.course import course_api

Say = Callable[[str], None]


@dataclass
class Grade:
    """What one submission earned: points by graded cell, and what went wrong on the way."""

    student: str
    points: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    needs_reading: bool = False
    troubles: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        return sum(self.points.values())

    @property
    def best(self) -> float:
        return sum(self.most.values())


def grade(unit: str, submissions: list[Submission], root: Path, say: Say = print) -> list[Grade]:
    """Autograde with stock nbgrader, write feedback/, return the grades in the gradebook.

    root holds nbgrader_config.py, solutions/, submitted/ and gradebook.db (made if missing).
    """
    gradebook = root / "gradebook.db"
    api = course_api(root, root, gradebook)
    released = api.generate_assignment(unit, force=True, create=True)
    if not released["success"]:
        raise RuntimeError(f"nbgrader could not release {unit}:\n{released.get('error')}\n{released['log']}")
    grades = []
    start = time.monotonic()
    for number, submission in enumerate(submissions, 1):
        troubles = list(submission.troubles)
        for step in (api.autograde, api.generate_feedback):
            result = step(unit, submission.student, force=True)
            if not result["success"]:
                troubles.append(f"nbgrader's {step.__name__}: {_reason(result)}")
                break
        grades.append(_read(unit, submission.student, gradebook, troubles))
        spent = time.monotonic() - start
        left = spent / number * (len(submissions) - number)
        say(f"{number} of {len(submissions)}  {submission.student}: {grades[-1].score:g} of {grades[-1].best:g}"
            f"  ({spent:.0f} s, {left:.0f} s left)")  # fmt: skip
    return grades


def _reason(result: dict[str, Any]) -> str:
    lines = [line for line in (result.get("error") or result["log"]).splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it gave no reason"


def _read(unit: str, student: str, gradebook: Path, troubles: list[str]) -> Grade:
    found = Grade(student, troubles=troubles)
    with Gradebook(f"sqlite:///{gradebook.resolve()}", "nonconv") as book:
        for notebook in book.find_submission(unit, student).notebooks:
            for item in notebook.grades:
                found.points[item.name] = (
                    item.auto_score or 0.0 if item.manual_score is None else item.manual_score
                )
                found.most[item.name] = item.max_score
                found.needs_reading |= bool(item.needs_manual_grade)
    return found


def table(grades: list[Grade]) -> str:
    """The class as text: a row a student, then each trouble in a sentence."""
    width = max(len("student"), *(len(grade.student) for grade in grades))
    rows = [f"{'student':{width}}  points  of   lost in"]
    for grade in grades:
        lost = [name for name, points in grade.points.items() if points < grade.most[name]]
        note = ", ".join(lost) + ("  (answers to be read)" if grade.needs_reading else "")
        rows.append(f"{grade.student:{width}}  {grade.score:6g}  {grade.best:<3g}  {note}".rstrip())
    troubled = [f"{grade.student}: {trouble}" for grade in grades for trouble in grade.troubles]
    return "\n".join(rows + (["", *troubled] if troubled else []))


def write_csv(grades: list[Grade], path: Path) -> None:
    """The same for a spreadsheet: a column for each graded cell, one for the troubles."""
    cells = list(dict.fromkeys(name for grade in grades for name in grade.most))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "points", "of", *cells, "troubles"])
        for grade in grades:
            points = [grade.points.get(name, "") for name in cells]
            writer.writerow([grade.student, grade.score, grade.best, *points, " | ".join(grade.troubles)])
