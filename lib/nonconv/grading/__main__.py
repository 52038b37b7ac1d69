"""python -m nonconv.grading UNIT --from FOLDER: collect, autograde, write feedback, print a table."""

import argparse
import sys
from pathlib import Path

from nonconv.grading.collect import CollectError, collect
from nonconv.grading.run import grade, table, write_csv


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m nonconv.grading", description="Grade what a class handed in."
    )
    parser.add_argument("unit", metavar="UNIT", help="such as 02-reduction-to-convolution")
    parser.add_argument("--from", dest="inbox", type=Path, required=True, metavar="FOLDER",
                        help="a folder with a folder or a zip for each student")  # fmt: skip
    arguments = parser.parse_args()
    root = Path.cwd()
    try:
        submissions = collect(arguments.inbox, arguments.unit, root)
    except CollectError as error:
        print(error, file=sys.stderr)
        return 1
    grades = grade(arguments.unit, submissions, root)
    target = root / "feedback" / f"{arguments.unit}.csv"
    target.parent.mkdir(exist_ok=True)
    write_csv(grades, target)
    print(f"\n{table(grades)}\n\nfeedback/STUDENT/{arguments.unit}/ has a page for each student,")
    print(
        f"{target.relative_to(root)} the table; `make lab` and its menu Nbgrader > Formgrader show the class."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
