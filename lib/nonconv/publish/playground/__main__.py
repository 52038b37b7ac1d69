"""python -m nonconv.publish.playground FOLDER [--pyodide DIRECTORY]: the page proof.html in FOLDER.

Pyodide is fetched by npm (version and hash are pinned), or taken from a directory such as
node_modules/pyodide.
"""

import argparse
import sys
from pathlib import Path

from nonconv.publish.npm import NoPackage
from nonconv.publish.playground.build import build
from nonconv.publish.playground.pyodide import PYODIDE, given


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.playground", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pyodide", type=Path, help="a directory with Pyodide's files; else npm fetches it")
    args = parser.parse_args()
    try:
        found = given(args.pyodide) if args.pyodide else PYODIDE.fetched(Path("build"))
    except NoPackage as error:
        print(error, file=sys.stderr)
        return 1
    page = build(Path("exercises"), found, args.folder)
    print(page)
    print(f"Open it, or serve it: {Path(sys.executable).name} -m http.server --directory {args.folder} 8000")
    print("and open http://localhost:8000/proof.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
