"""python -m nonconv.publish [--check] [--no-lectures] [--execute] [UNIT …]"""

import argparse
import sys
from pathlib import Path

from nonconv.publish.build import BuildError, build, stale
from nonconv.publish.unit import UnitError


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m nonconv.publish", description="Build the notebooks from units/."
    )
    parser.add_argument(
        "units", nargs="*", metavar="UNIT", help="such as 02-reduction-to-convolution; default: all"
    )
    parser.add_argument(
        "--check", action="store_true", help="build nothing; say what is stale, exit 1 if anything is"
    )
    parser.add_argument("--no-lectures", action="store_true", help="leave the lectures alone")
    parser.add_argument(
        "--execute", action="store_true", help="execute lectures even if their code is as before"
    )
    arguments = parser.parse_args()
    try:
        if arguments.check:
            found = stale(Path.cwd(), arguments.units)
            print("\n".join(found) or "nothing is stale")
            return 1 if found else 0
        build(
            Path.cwd(),
            arguments.units,
            lectures=not arguments.no_lectures,
            execute=arguments.execute,
        )
    except (BuildError, UnitError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
