"""python -I -m nonconv.proofs check FILE [--statement ID] [--json]

Checks a certificate in a fresh process and prints the verdict and its reason. Exit status 0 only if it is
proved.
    list             the statements
    show ID          one statement
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from .catalogue import CATALOGUE
from .certificate import judge
from .counterexamples import NEGATIVES
from .reader import MAX_BYTES


def read(path: str) -> bytes:
    """A certificate's bytes, or a ValueError: only regular files (or "-" for the standard input) of bounded
    size.
    """
    if path == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if not os.path.isfile(path):
        raise ValueError(f"{path} is not a file")
    with open(path, "rb") as f:
        return f.read(MAX_BYTES + 1)


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nonconv.proofs", description="Check proofs about finite sums.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("check", help="check a certificate; exit status 0 only if it is proved")
    one.add_argument("file", help="a certificate, or - for the standard input")
    one.add_argument("--statement", help="the statement that had to be proved")
    one.add_argument("--json", action="store_true", help="all results, line by line, with partial credits")
    commands.add_parser("list", help="the statements")
    show = commands.add_parser("show", help="one statement")
    show.add_argument("id")
    args = parser.parse_args(argv)
    if args.command == "list":
        for st in (*CATALOGUE.values(), *NEGATIVES.values()):
            print(f"{st.id:26s} {st.title}")
        return 0
    if args.command == "show":
        from .session import statement_text

        if args.id in CATALOGUE:
            print(statement_text(args.id))
            return 0
        print(NEGATIVES[args.id].claim if args.id in NEGATIVES else f"there is no statement {args.id}")
        return 0 if args.id in NEGATIVES else 1
    try:
        result = judge(read(args.file), args.statement)
    except (OSError, ValueError) as e:
        result = {
            "statement": args.statement or "",
            "proved": False,
            "verdict": "ill-formed",
            "reason": str(e),
            "witness": {},
            "lines": [],
            "credits": {},
        }
    if args.json:
        print(json.dumps(result, indent=1))
    else:
        print(f"{result['verdict']}: {result['reason']}")
    return 0 if result["proved"] else 1


if __name__ == "__main__":
    sys.exit(main())
