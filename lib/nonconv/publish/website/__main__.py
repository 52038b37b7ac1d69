"""python -m nonconv.publish.website FOLDER: the site, as web pages that need no network and no kernel."""

import argparse
import sys
import time
from pathlib import Path

from nonconv.publish.website.printed import chromium, print_lectures
from nonconv.publish.website.stage import stage


def build(root: Path, folder: Path, *, pdf: bool = True) -> int:
    """Sphinx's exit status: 0, or 1 if it had anything to complain of."""
    try:
        from sphinx.cmd.build import build_main
    except ImportError:
        print("Sphinx is missing; `make site` installs it", file=sys.stderr)
        return 1
    work = root / "build" / "site-source"
    stage(root, work)
    options = ["--quiet", "--fail-on-warning", "--keep-going", "-c", str(root / "site")]
    options += ["-d", str(root / "build/site-doctrees")]
    if not pdf:
        options += ["-D", "print_lectures=0"]
    status = build_main([*options, str(work), str(folder)])
    if status == 0 and pdf:
        if chromium() is None:
            print("no Chromium here, so no PDFs of the lectures")
        print_lectures(folder)
    return status


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.website", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-pdf", action="store_true", help="without the PDF of each lecture")
    arguments = parser.parse_args()
    start = time.monotonic()
    try:
        status = build(Path.cwd(), arguments.folder.resolve(), pdf=not arguments.no_pdf)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if status == 0:
        print(f"{arguments.folder}/index.html, in {time.monotonic() - start:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
