"""python -m nonconv.publish.check UNIT [EXERCISE]: all that concerns an exercise,
one requirement after the other.

It stops at the first requirement that an exercise does not meet, since the next ones build on it;
--all goes on, and lists what is not required yet.
"""

import argparse
import sys
import time
from pathlib import Path

import torch

from nonconv.authoring.percent import UnitError
from nonconv.publish.acceptance import ACCEPTANCE, WAITING, problems
from nonconv.publish.unit import Exercise, Unit, chosen


def check(unit: Unit, exercise: Exercise, *, everything: bool = False) -> bool:
    """Print what holds of an exercise and what it lacks. True if it lacks nothing."""
    print(f"{unit.name}/{exercise.folder.parent.name}/{exercise.folder.name}")
    fine = True
    for one in ACCEPTANCE:
        lacking = problems(unit, exercise, one)
        print(f"  {'✗' if lacking else '✓'} {one.title}")
        for problem in lacking:
            print("      " + problem.replace("\n", "\n      "))
        fine = fine and not lacking
        if lacking and not everything:
            return False
    for one in WAITING:
        lacking = problems(unit, exercise, one)
        print(f"  {'·' if lacking else '✓'} {one.title}" + (f": {len(lacking)} to mend" if lacking else ""))
        for problem in lacking if everything else ():
            print("      " + problem)
    return fine


def selected(root: Path, name: str, exercise: str) -> tuple[Unit, list[Exercise]]:
    """The unit of that name or number, and its exercises: all, or those called `exercise`.

    ValueError: for an unknown name; it lists what there is.
    """
    (unit,) = chosen(root, [name])
    if not unit.notebooks:
        raise ValueError(f"{unit.name} is a lecture without exercises")
    found = [one for one in unit.exercises if exercise in ("", one.name, one.folder.name)]
    if not found:
        there = ", ".join(one.name for one in unit.exercises) or "none yet"
        raise ValueError(f"there is no exercise {exercise!r} in {unit.name}; there is {there}")
    return unit, found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.check", description=__doc__)
    parser.add_argument("unit", metavar="UNIT", help="such as 03-sigmoid-versus-relu, or 03")
    parser.add_argument(
        "exercise", metavar="EXERCISE", nargs="?", default="", help="such as race; default: all of the unit"
    )
    parser.add_argument("--all", action="store_true", help="go on behind a requirement that is not met")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    start = time.monotonic()
    try:
        unit, exercises = selected(Path.cwd(), arguments.unit, arguments.exercise)
        fine = [check(unit, exercise, everything=arguments.all) for exercise in exercises]
    except (UnitError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{sum(fine)} of {len(fine)} exercises are complete; {time.monotonic() - start:.0f} s")
    if all(fine):
        print(f"Next: make build UNIT={unit.name}")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
