"""What `python -m nonconv.grading autograde` and `feedback` do.

(`__main__` reads the command line, and imports this when workers are on their way.)
"""

import argparse
import sys
from pathlib import Path

from nonconv.grading.feedback import feedback as feedback_from_gradebook
from nonconv.grading.pipeline import IsolationError, grade
from nonconv.grading.report import Grade, read, students, table, write_csv
from nonconv.grading.submissions.collect import CollectError, collect, handed_in, known


def autograde(arguments: argparse.Namespace, root: Path) -> int:
    """Collect, execute, score, write feedback, print the table of the class. 1 if nothing could be done,
    with the reason on stderr."""
    try:
        grades = _graded(arguments, root)
    except (CollectError, IsolationError) as error:
        print(error, file=sys.stderr)
        return 1
    here = {one.student: one for one in grades}
    gradebook = root / "gradebook.db"
    everyone = [
        here.get(name) or read(arguments.unit, name, gradebook, [])
        for name in students(arguments.unit, gradebook)
    ]
    if absent := [one.student for one in everyone if one.student not in here]:
        print(f"\nin the gradebook, not among these submissions: {', '.join(absent)}")
    _print(arguments.unit, grades, everyone)
    if arguments.no_isolation:
        print("\nStudent code ran without isolation, with your own rights.")
    return 0


def _graded(arguments: argparse.Namespace, root: Path) -> list[Grade]:
    if arguments.inbox is None:
        submissions = handed_in(arguments.unit, root)
    else:
        submissions, passed_over = collect(arguments.inbox, arguments.unit, root)
        for sentence in passed_over:
            print(sentence)
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
    try:
        known(arguments.unit, root)
    except CollectError as error:
        print(error, file=sys.stderr)
        return 1
    grades = feedback_from_gradebook(arguments.unit, root, arguments.jobs)
    if not grades:
        print(f"the gradebook has no submission of {arguments.unit}: make grade first", file=sys.stderr)
        return 1
    _print(arguments.unit, grades, grades)
    return 0


def _print(unit: str, grades: list[Grade], everyone: list[Grade]) -> None:
    sheet = Path("feedback") / f"{unit}.csv"
    write_csv(everyone, sheet)
    print(f"\n{table(grades)}\n\nfeedback/STUDENT/{unit}/ has a page for each notebook,")
    print(f"{sheet} the table of the whole class. After marking by hand (`make lab`, menu Nbgrader >")
    print(f"Formgrader): make feedback UNIT={unit}")


COMMANDS = {"autograde": autograde, "feedback": feedback}
