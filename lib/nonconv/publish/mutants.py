"""python -m nonconv.publish.mutants [--free] [UNIT [EXERCISE]]: do the checks notice every small slip?

Each solution is changed by one slip at a time, and all its checks are run on it (nonconv.publish.mutation).
The exit status is 1 if no check notices one of them, or if an exercise's mutants.py says what does not hold.
The counts of all units, or of UNIT, are written down for a table in the documents (`make docs`).
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch

from nonconv.authoring.percent import UnitError
from nonconv.publish.check import selected
from nonconv.publish.mutation.judging import Judge
from nonconv.publish.mutation.making import Mutant
from nonconv.publish.mutation.results import Result, examined, place, report, summary
from nonconv.publish.tables import COUNTS
from nonconv.publish.unit import Exercise, Unit, chosen

EXAMPLES = 3  # of the mutants that pass a hidden check


def _free(unit: Unit, exercise: Exercise) -> list[str]:
    """Hidden checks that mutants pass although they fail a visible one: how many, and the first ones."""
    judge = Judge(unit, exercise)
    found: dict[str, list[Mutant]] = {}
    for mutant in judge.mutants:
        for name in judge.free(mutant):
            found.setdefault(name, []).append(mutant)
    lines = []
    for name, those in found.items():
        lines.append(f"{name}: passed by {len(those)} mutants that fail a visible check")
        lines += [f"    {place(mutant)}" for mutant in those[:EXAMPLES]]
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m nonconv.publish.mutants",
        description="Change each solution by one slip at a time; list the slips that no check notices.",
    )
    parser.add_argument(
        "unit",
        metavar="UNIT",
        nargs="?",
        default="",
        help="such as 03; default: all",
    )
    parser.add_argument(
        "exercise", metavar="EXERCISE", nargs="?", default="", help="such as race; default: all"
    )
    parser.add_argument(
        "--free", action="store_true", help="list the hidden checks that wrong answers pass, instead"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    root, results = Path.cwd(), dict[Unit, dict[Exercise, Result]]()
    try:
        for unit in chosen(root, [arguments.unit] if arguments.unit else []):
            if not unit.notebooks and not arguments.unit:
                continue
            _, exercises = selected(root, unit.name, arguments.exercise)
            if arguments.free:
                for exercise in exercises:
                    _print(exercise, "", _free(unit, exercise))
            else:
                results[unit] = {one: _examine(unit, one) for one in exercises if one.answers}
    except (UnitError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if results and not arguments.exercise:
        record(root / COUNTS, results, keeps=bool(arguments.unit))
    every = [result for those in results.values() for result in those.values()]
    return 1 if any(result.surviving or result.problems for result in every) else 0


def record(path: Path, results: dict[Unit, dict[Exercise, Result]], *, keeps: bool = False) -> None:
    """Write the counts of these units down, for the table in the documents; `keeps`: beside those there."""
    counts = json.loads(path.read_text(encoding="utf-8")) if keeps and path.exists() else {}
    counts |= {
        unit.name: {
            f"{exercise.folder.parent.name}/{exercise.folder.name}": {
                "mutants": len(result.verdicts),
                "equal": len(result.equal),
                "surviving": [place(verdict.mutant) for verdict in result.surviving],
            }
            for exercise, result in those.items()
        }
        for unit, those in results.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(dict(sorted(counts.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _examine(unit: Unit, exercise: Exercise) -> Result:
    """Judge an exercise's mutants, and print what became of them."""

    def progress(n: int, of: int) -> None:
        if sys.stderr.isatty() and n % 10 == 0:
            print(f"\r{exercise.folder.name}: {n} of {of}\033[K", end="", file=sys.stderr, flush=True)

    start = time.process_time()
    result = examined(unit, exercise, progress)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    _print(exercise, f"{summary(result)}, {time.process_time() - start:.1f} s", report(result))
    return result


def _print(exercise: Exercise, words: str, lines: list[str]) -> None:
    print(f"{exercise.folder.parent.name}/{exercise.folder.name}: {words}")
    for line in lines:
        print("  " + line.replace("\n", "\n  "), flush=True)


if __name__ == "__main__":
    sys.exit(main())
