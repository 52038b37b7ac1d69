"""python -m nonconv.grading UNIT --from FOLDER: collect, autograde, write feedback, print a table.

python -m nonconv.grading UNIT --feedback: write feedback and table anew from the gradebook, executing nothing.
"""

import argparse
import os
import sys
from pathlib import Path

from nonconv.grading.collect import CollectError, collect
from nonconv.grading.run import IsolationError, feedback, grade, read, students, table, write_csv


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m nonconv.grading", description="Grade what a class handed in."
    )
    parser.add_argument(
        "unit", metavar="UNIT", nargs="?", default="", help="such as 02-reduction-to-convolution"
    )
    parser.add_argument("--from", dest="inbox", type=Path, default=Path("inbox"), metavar="FOLDER",
                        help="a folder with a folder, a zip or a notebook for each student; default: inbox")  # fmt: skip
    parser.add_argument(
        "--feedback", action="store_true", help="only write feedback anew, from the gradebook"
    )
    parser.add_argument(
        "--jobs", type=int, default=(os.cpu_count() or 1) + 1, metavar="N",
        help="how many submissions are executed at once; default: one more than cores, since a kernel that starts also waits;"
        " 0: in this process",
    )  # fmt: skip
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="execute on the Dask cluster with this scheduler"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="execute everything anew, whatever results are kept"
    )
    parser.add_argument(
        "--no-isolation", action="store_true", help="run student code with your own rights, without a sandbox"
    )
    arguments = parser.parse_args()
    root, unit = Path.cwd(), arguments.unit.rstrip("/")
    sheet = root / "feedback" / f"{unit}.csv"
    if arguments.feedback:
        grades = everyone = feedback(unit, root, arguments.jobs)
    else:
        try:
            submissions, passed_over = collect(arguments.inbox, unit, root)
        except CollectError as error:
            print(error, file=sys.stderr)
            return 1
        for sentence in passed_over:
            print(sentence)
        try:
            grades = grade(
                unit,
                submissions,
                root,
                jobs=arguments.jobs,
                scheduler=arguments.scheduler,
                fresh=arguments.fresh,
                isolated=not arguments.no_isolation,
            )
        except IsolationError as error:
            print(error, file=sys.stderr)
            return 1
        here = {one.student: one for one in grades}
        gradebook = root / "gradebook.db"
        everyone = [here.get(name) or read(unit, name, gradebook, []) for name in students(unit, gradebook)]
        if absent := [one.student for one in everyone if one.student not in here]:
            print(f"\nin the gradebook, not in this inbox: {', '.join(absent)}")
    write_csv(everyone, sheet)
    print(f"\n{table(grades)}\n\nfeedback/STUDENT/{unit}/ has a page for each notebook,")
    print(
        f"{sheet.relative_to(root)} the table of the whole class. After marking by hand (`make lab`, menu Nbgrader >"
    )
    print(f"Formgrader): make feedback UNIT={unit}")
    if arguments.no_isolation:
        print("\nStudent code ran without isolation, with your own rights.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
