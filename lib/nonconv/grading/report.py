"""What a class earned: grades read from the gradebook, as a table of text and as a CSV."""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import is_grade

from nonconv.grading.engine import outputs
from nonconv.grading.engine.outputs import errors
from nonconv.grading.engine.signs import SIGNS
from nonconv.grading.engine.student_inputs import NAMES
from nonconv.grading.text import no_formula, one_line, sentences, unmistakable
from nonconv.proofs.catalogue.drawn import level_of, own_id, plain_name
from nonconv.publish.course import COURSE, url

MOST_ROWS = 60  # that fit on a screen or two
FEW = 3  # students, of whom each has a line
CHANGED_NAME = re.compile(r"nonconv(\.\w{1,40}){1,5}(?= is the course's own)", re.A)
OTHERS = re.compile(r"this is a proof of (own-\d-[0-9a-f]{8}), the theorem of another name")


@dataclass
class Grade:
    """What one submission earned: points by graded cell, what is to be marked by hand, what went wrong on
    the way."""

    student: str
    points: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # marked by hand, and the answer changed since
    troubles: list[str] = field(default_factory=list)
    late: float = 0.0  # points that a late hand-in loses, as nbgrader's LateSubmissionPlugin has it

    @property
    def score(self) -> float:
        """As the gradebook has it."""
        return max(0.0, sum(self.points.values()) - self.late)

    @property
    def best(self) -> float:
        return sum(self.most.values())

    @property
    def lost(self) -> str:
        """Where points were lost, in words."""
        graded = [name for name in self.most if name not in self.unread]
        lost = [name for name in graded if self.points[name] < self.most[name]]
        if lost and not any(self.points[name] for name in graded):
            return "everything"
        more = [f"and {len(lost) - 6} more"] if len(lost) > 7 else []
        return ", ".join(lost[:6] + more if more else lost)


def students(unit: str, gradebook: Path) -> list[str]:
    """Everyone who has a submission of the unit in the gradebook."""
    with Gradebook(url(gradebook), COURSE) as book:
        return sorted(submission.student.id for submission in book.assignment_submissions(unit))


def read(unit: str, student: str, gradebook: Path, troubles: list[str]) -> Grade:
    """A student's grade as it stands in the gradebook; a mark given by hand comes before the automatic
    one."""
    with Gradebook(url(gradebook), COURSE) as book:
        return read_grade(unit, student, book, troubles)


def read_grade(unit: str, student: str, book: Gradebook, troubles: list[str]) -> Grade:
    found = Grade(student, troubles=troubles)
    try:
        notebooks = book.find_submission(unit, student).notebooks
    except MissingEntry:
        return found
    for notebook in notebooks:
        found.late += notebook.late_submission_penalty or 0.0
        for item in notebook.grades:
            automatic = item.auto_score or 0.0
            found.points[item.name] = automatic if item.manual_score is None else item.manual_score
            found.most[item.name] = item.max_score
            if item.needs_manual_grade:
                (found.unread if item.manual_score is None else found.changed).append(item.name)
    return found


def noticed(folder: Path) -> list[str]:
    """What an instructor should know of the run: a cell outside the exercises that failed, a cell without
    an end."""
    notebooks = {path.name: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}
    found = [
        f"{name}: {notice}"
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        for error in errors(cell.get("outputs", []))
        if (notice := _notice(cell, error)) is not None
    ]
    signs = [
        one_line(f"{name}: {cell.id!r} is right, but {sign}: was the answer called?", 160)
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        for sign in cell.metadata.get(SIGNS, [])
    ]
    more = [f"and {len(found) - 3} more cells failed"] if len(found) > 3 else []
    many = [f"and {len(signs) - 3} more such signs"] if len(signs) > 3 else []
    return [*found[:3], *more, *signs[:3], *many, *_theorems_of_others(notebooks, folder)]


def _theorems_of_others(notebooks: dict[str, NotebookNode], folder: Path) -> list[str]:
    """Whose theorem is proved in the place of the student's own, in a sentence for each notebook.

    folder: autograded/STUDENT/UNIT; the class is who has handed in the unit.
    """
    found = []
    for name, notebook in notebooks.items():
        cells = [cell for cell in notebook.cells if is_grade(cell)]
        said = [error.evalue for cell in cells for error in errors(cell.get("outputs", []))]
        for id in sorted({id for text in said for id in OTHERS.findall(text)}):
            handed_in = sorted((folder.parents[2] / "submitted").glob(f"*/{folder.name}"))
            class_ = [one.parent.name for one in handed_in if plain_name(one.parent.name)]
            whose = [one_line(student) for student in class_ if own_id(student, level_of(id)) == id]
            known = f"that of {', '.join(whose)}" if whose else "of nobody who handed in"
            found.append(
                f"{name}: the proof is about the theorem of another name, {known}; if the student goes"
                f" by that name, say so in {NAMES}"
            )
    return found


def _notice(cell: NotebookNode, error: NotebookNode) -> str | None:
    match error.ename:
        case outputs.DIED:
            return one_line(f"the cell {cell.id!r}: {error.evalue}", 200)
        case outputs.NOT_RUN:
            return None
        case outputs.TAMPERED:
            return f"the test {cell.id!r} passes on a wrong answer, too: tampered with"
        case outputs.CHECK_STOPPED:
            reason = (error.evalue.splitlines() or [""])[0]
            return one_line(f"the check {cell.id!r} itself failed, no fault of the student: {reason}", 250)
        case outputs.CHANGED:
            name = CHANGED_NAME.match(error.evalue)  # any kernel can say this: only a name is told
            what = f"{name[0]} is the course's own, and something" if name else "something"
            return f"the check {cell.id!r} was not asked: {what} in the notebook changed it"
        case outputs.TIMED_OUT:
            return f"the cell {cell.id!r} did not come to an end and was stopped"
    if cell.metadata.get("nbgrader", {}).get("grade"):
        return None
    return one_line(f"the cell {cell.id!r} failed: {error.ename}: {error.evalue}", 130)


def table(grades: list[Grade]) -> str:
    """The class as text: a row a student, then what was wrong, in sentences; one that is true of many is said
    once.

    Of a large class only those who lost everything or with whom something was wrong: the CSV has all.
    """
    shown = grades
    if len(grades) > MOST_ROWS:
        shown = [one for one in grades if one.troubles or one.lost == "everything"][:MOST_ROWS]
    called = unmistakable(grade.student for grade in grades)
    width = max(len("student"), *map(len, called.values()))
    rows = [f"{'student':{width}}  points  of   lost in"]
    counted = unread_by_question(grades)
    for grade in shown:
        # where nearly everybody has such answers, they are counted below
        unread = f"({', '.join(grade.unread)}: not read yet)" if grade.unread and not counted else ""
        late = f"({grade.late:g} less: late)" if grade.late else ""
        changed = f"({', '.join(grade.changed)}: changed since it was marked)" if grade.changed else ""
        note = "  ".join(filter(None, (grade.lost, late, unread, changed)))
        rows.append(f"{called[grade.student]:{width}}  {grade.score:6g}  {grade.best:<3g}  {note}".rstrip())
    if len(shown) < len(grades):
        rows.append(f"… {len(grades) - len(shown)} more stand in the table of the whole class")
    if counted:
        rows += ["", counted]
    troubled = _troubles(grades, called)
    if len(troubled) > MOST_ROWS:
        troubled[MOST_ROWS:] = [f"… {len(troubled) - MOST_ROWS} more such lines stand there, too"]
    return "\n".join(rows + (["", *troubled] if troubled else []))


def unread_by_question(grades: list[Grade]) -> str:
    """How many answers of which question nobody has read yet; empty if only a few students have any."""
    counts = Counter(name for grade in grades for name in grade.unread)
    if sum(bool(grade.unread) for grade in grades) <= FEW:
        return ""
    return f"not read yet: {', '.join(f'{name} ({number})' for name, number in counts.items())}"


def _troubles(grades: list[Grade], called: dict[str, str]) -> list[str]:
    """A line for each sentence, in the students' order; of many students, their number and some names."""
    who: dict[str, list[str]] = {}
    for grade in grades:
        for trouble in dict.fromkeys(sentences(grade.troubles)):
            who.setdefault(trouble, []).append(called[grade.student])
    found, said = [], set()
    for grade in grades:
        for trouble in dict.fromkeys(sentences(grade.troubles)):
            names = who[trouble]
            if len(names) <= FEW:
                found.append(f"{called[grade.student]}: {trouble}")
            elif trouble not in said:
                found.append(f"{len(names)} students ({', '.join(names[:FEW])}, …): {trouble}")
                said.add(trouble)
    return found


def write_csv(grades: list[Grade], path: Path) -> None:
    """The same for a spreadsheet: a column for each graded cell, one for what is unread, one for the
    troubles."""
    cells = list(dict.fromkeys(name for grade in grades for name in grade.most))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "points", "of", *cells, "late penalty", "unread", "troubles"])
        for grade in grades:
            points = [grade.points.get(name, "") for name in cells]
            unread, troubles = " ".join(grade.unread + grade.changed), " | ".join(sentences(grade.troubles))
            student, troubles = no_formula(one_line(grade.student)), no_formula(troubles)
            writer.writerow([student, grade.score, grade.best, *points, grade.late, unread, troubles])
