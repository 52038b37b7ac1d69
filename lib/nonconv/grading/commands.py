"""What `python -m nonconv.grading autograde`, `feedback`, `grades`, `queue`, `extend` and `register` do.

(`__main__` reads the command line, and imports this when workers are on their way.)
"""

import argparse
import math
import sys
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from nonconv.grading import lms
from nonconv.grading.class_view import class_view, write_class
from nonconv.grading.engine.student_inputs import vouched_for
from nonconv.grading.feedback import feedback as feedback_from_gradebook
from nonconv.grading.marks import Waiting, waiting
from nonconv.grading.pipeline import IsolationError, grade
from nonconv.grading.release import ReleaseError, register
from nonconv.grading.report import Grade, read, students, table, unread_by_question, write_csv
from nonconv.grading.submissions.collect import CollectError, collect, handed_in, known
from nonconv.grading.text import one_line
from nonconv.publish.course import COURSE, course_api, name_for_nbgrader, url


def autograde(arguments: argparse.Namespace, root: Path) -> int:
    """Collect, execute, score, write feedback, print the table of the class."""
    grades = _graded(arguments, root)
    here = {one.student: one for one in grades}
    gradebook = root / "gradebook.db"
    everyone = [
        here.get(name) or read(arguments.unit, name, gradebook, [])
        for name in students(arguments.unit, gradebook)
    ]
    if absent := [one.student for one in everyone if one.student not in here]:
        names = ", ".join(absent[:10]) + (f" and {len(absent) - 10} more" if len(absent) > 10 else "")
        print(f"\nin the gradebook, not among these submissions: {names}")
    _print(arguments.unit, grades, everyone)
    if arguments.no_isolation:
        print("\nStudent code ran without isolation, with your own rights.")
    if note := name_for_nbgrader(root):
        print(f"\n{note}")
    return 0


def _graded(arguments: argparse.Namespace, root: Path) -> list[Grade]:
    try:
        vouched_for(root)
    except (ValueError, OSError) as problem:  # of a file that a person writes: before anything is graded
        raise CollectError(str(problem)) from None
    if arguments.inbox is None:
        submissions = handed_in(arguments.unit, root)
    else:
        submissions, passed_over = collect(arguments.inbox, arguments.unit, root)
        for sentence in passed_over:
            print(one_line(sentence))
    return grade(
        arguments.unit,
        submissions,
        root,
        jobs=arguments.jobs,
        scheduler=arguments.scheduler,
        fresh=arguments.fresh,
        isolated=not arguments.no_isolation,
        pages=not arguments.no_feedback,
    )


def feedback(arguments: argparse.Namespace, root: Path) -> int:
    """Write pages and table anew from the gradebook, executing nothing."""
    known(arguments.unit, root)
    grades = feedback_from_gradebook(arguments.unit, root, arguments.jobs)
    if not grades:
        raise CollectError(f"the gradebook has no submission of {arguments.unit}: make grade first")
    _print(arguments.unit, grades, grades)
    return 0


def grades(arguments: argparse.Namespace, root: Path) -> int:
    """The points in a platform's list of the class, and for Moodle the pages as a zip."""
    unit, gradebook = arguments.unit, root / "gradebook.db"
    known(unit, root)
    roster = lms.read_roster(arguments.roster)
    everyone = [read(unit, name, gradebook, []) for name in students(unit, gradebook)]
    found, missing, without = lms.matched(roster, everyone)
    if not found:
        raise lms.RosterError(
            f"{arguments.roster} names none of the {len(everyone)} who handed in {unit}:"
            f" {', '.join(missing[:5])}{', …' if len(missing) > 5 else ''}"
        )
    match arguments.platform:
        case "moodle":
            filled = lms.moodle(roster, found)
        case "canvas":
            filled = lms.canvas(roster, found, unit)
        case _:
            filled = lms.plain(roster, found)
    sheet = Path("feedback") / f"{unit}-{arguments.platform}.csv"
    lms.write_roster(filled, root / sheet)
    print(f"{sheet} has the points of {len(found)} students")
    if arguments.platform == "moodle":
        pages = Path("feedback") / f"{unit}-moodle-feedback.zip"
        count = lms.moodle_feedback(roster, found, unit, root / "feedback", root / pages)
        print(f"{pages} has {count} pages: Assignment > Submissions > Upload multiple feedback files")
    listed = [one for _, one in found]
    if counted := unread_by_question(listed):
        print(f"{counted}; counted as they are (make queue UNIT={unit} lists them)")
    for one in listed:
        if one.unread and not counted:
            print(f"{one.student}: {', '.join(one.unread)} not read yet, and counted as it is")
        if one.changed:
            print(f"{one.student}: {', '.join(one.changed)} changed since it was marked; the mark counts")
    if missing:
        print(f"handed in, and not in the list: {', '.join(missing)}")
    if without:
        print(f"in the list, without points: {', '.join(without)}")
    return 0


def queue(arguments: argparse.Namespace, root: Path) -> int:
    """Print what is to be read, question by question, with the minutes that it takes."""
    known(arguments.unit, root)
    with Gradebook(url(root / "gradebook.db"), COURSE) as book:
        found = waiting(arguments.unit, book, root / "autograded")
    if not found:
        print(f"every written answer of {arguments.unit} has been read")
        return 0
    for cell in dict.fromkeys((one.notebook, one.cell) for one in found):
        own = [one for one in found if (one.notebook, one.cell) == cell]
        print(f"{cell[1]}: {_many(len(own), 'answer')}, about {_minutes(own)}")
        for one in own:
            changed = ", changed since it was marked" if one.changed else ""
            print(f"    {one.student}: {_many(one.words, 'word')}{changed}")
    print(f"in all about {_minutes(found)}. `make lab`, menu Nbgrader >")
    print(f"Formgrader > Manual Grading opens them; then make feedback UNIT={arguments.unit}")
    return 0


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _minutes(found: list[Waiting]) -> str:
    return _many(math.ceil(sum(one.minutes for one in found)), "minute")


def extend(arguments: argparse.Namespace, root: Path) -> int:
    """Move one student's deadline; what lateness costs is counted anew when the class is graded again."""
    known(arguments.unit, root)
    with Gradebook(url(root / "gradebook.db"), COURSE) as book:
        due = book.find_assignment(arguments.unit).duedate
        if due is None:
            raise CollectError(
                f"{arguments.unit} has no deadline in the gradebook; Formgrader > Manage Assignments sets one"
            )
        book.update_or_create_student(arguments.student)
        book.update_or_create_submission(arguments.unit, arguments.student)
        book.grant_extension(arguments.unit, arguments.student, days=arguments.days)
    moved = due + timedelta(days=arguments.days)
    print(f"{arguments.student}: {moved:%Y-%m-%d %H:%M} UTC for {arguments.unit}")
    print(f"make grade UNIT={arguments.unit} counts lateness anew")
    return 0


def into_gradebook(arguments: argparse.Namespace, root: Path) -> int:
    """Make the exercise known to the gradebook, and write exercises/UNIT as nbgrader releases it."""
    known(arguments.unit, root)
    api = course_api(root, root, root / "gradebook.db")
    register(arguments.unit, api, into=root / "exercises" / arguments.unit)
    print(f"gradebook.db knows {arguments.unit}")
    if note := name_for_nbgrader(root):
        print(note)
    return 0


def _print(unit: str, grades: list[Grade], everyone: list[Grade]) -> None:
    sheet = Path("feedback") / f"{unit}.csv"
    write_csv(everyone, sheet)
    write_class(class_view(unit, Path.cwd(), everyone), Path("feedback") / unit)
    print(f"\n{table(grades)}\n\nfeedback/STUDENT/{unit}/ has a page for each notebook,")
    print(f"{sheet} the table of the whole class, feedback/{unit}/class.html what the class did. After")
    print(f"marking by hand (`make lab`, menu Nbgrader > Formgrader): make feedback UNIT={unit}")


COMMANDS = {
    "autograde": autograde,
    "feedback": feedback,
    "grades": grades,
    "queue": queue,
    "extend": extend,
    "register": into_gradebook,
}
# what stops a command: its message says what is wrong, and what would do
REFUSALS = (CollectError, IsolationError, ReleaseError, lms.RosterError, MissingEntry)


def run(arguments: argparse.Namespace, root: Path) -> int:
    """The command; 1 if nothing could be done, with the reason on stderr."""
    try:
        return COMMANDS[arguments.command](arguments, root)
    except REFUSALS as error:
        print(error, file=sys.stderr)
        return 1
