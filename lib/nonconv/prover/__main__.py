"""python -m nonconv.prover "Ada Lovelace" [--level 2]: the theorem drawn for a name, and a proof of it."""

import argparse
import sys

from nonconv.proofs import own_theorem, resume
from nonconv.proofs.catalogue.drawn import LEVELS
from nonconv.proofs.certificate import proof_to_json
from nonconv.proofs.notation import NotationError
from nonconv.prover.chain import prove


def main(argv: list[str] | None = None) -> int:
    """The command line; exit status 1 for a name that has no theorem, and for a proof that does not hold."""
    parser = argparse.ArgumentParser(prog="python -m nonconv.prover", description=__doc__)
    parser.add_argument("name", help="as the student hands in, or signs the notebook")
    parser.add_argument("--level", type=int, choices=LEVELS, default=2)
    arguments = parser.parse_args(argv)
    try:
        theorem = own_theorem(arguments.name, arguments.level)
        shown = resume(proof_to_json(prove(theorem.statement))).show()
    except NotationError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{theorem}\n\n{shown}")
    return 0 if shown.report.proved else 1


if __name__ == "__main__":
    sys.exit(main())
