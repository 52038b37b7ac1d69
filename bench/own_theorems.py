"""Theorems of one's own: drawn, proved by the instructor's prover, judged.   python bench/own_theorems.py

Prints, by level, how many of the drawn statements are proved and accepted in one and in two dimensions, how
long the proofs are, and what they cost: the time of the prover, of the judge, and the size of a certificate.
"""

import argparse
import json
import statistics
import sys
import time

from nonconv.proofs import judge
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.catalogue.drawn import LEVELS, choices, own_id
from nonconv.proofs.certificate import proof_to_json
from nonconv.prover import prove

MOST_LINES, MOST_SECONDS = 12, 0.5


def main() -> int:
    """The command line; exit status 1 if one statement is not proved, too long or too slow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=200)
    students = parser.parse_args().students
    failures = 0
    print(f"{students} names; seconds of processor time")
    print("level  choices  drawn  proved  lines  prover, worst  judge, median  judge, worst  bytes, worst")
    for level in LEVELS:
        ids = [own_id(f"student {number}", level) for number in range(students)]
        proved, lines, finding, judging, sizes = 0, [], [], [], []
        for id in ids:
            start = time.process_time()
            certificate = proof_to_json(prove(CATALOGUE[id]))
            found = time.process_time()
            result = judge(certificate, id)
            judging.append(time.process_time() - found)
            finding.append(found - start)
            lines.append(len(certificate["lines"]))
            sizes.append(len(json.dumps(certificate)))
            proved += result["proved"]
            if not result["proved"] or lines[-1] >= MOST_LINES or finding[-1] + judging[-1] >= MOST_SECONDS:
                failures += 1
                print(f"  {id}: {result['reason']}, {lines[-1]} lines, {judging[-1]:.2f} s")
        shown = f"{level:5d}  {len(choices(level)):7d}  {len(set(ids)):5d}  {proved:6d}"
        shown += (
            f"  {min(lines):2d}-{max(lines):2d}  {max(finding):13.3f}  {statistics.median(judging):13.3f}"
        )
        print(f"{shown}  {max(judging):12.3f}  {max(sizes):12d}")
    print("all within the limits" if not failures else f"{failures} outside the limits")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
