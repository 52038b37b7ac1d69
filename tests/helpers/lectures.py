"""The lectures' code, top to bottom, without Jupyter and on the device that is there.

python -m helpers.lectures [UNIT …]

What the lectures themselves assert is the test. A cell that fails is named, and the next one is run.
"""

import contextlib
import io
import sys
import time
import warnings
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
from matplotlib import pyplot

UNITS = Path(__file__).parents[2] / "units"


def failures(lecture: Path) -> list[str]:
    """Each cell of code that raises: its id, and what it raised."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    failed = []
    for cell in lecture.read_text(encoding="utf-8").split("\n# %% ")[1:]:
        head, _, code = cell.partition("\n")
        if "[markdown]" in head:
            continue
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code, f"{lecture.parent.name}:{head}", "exec"), scope)
        except Exception as error:
            failed.append(f"{head.split()[0]}: {type(error).__name__}: {error}")
        pyplot.close("all")
    return failed


def without_jupyter() -> None:
    """A stand-in for IPython where there is none, as on a machine with a GPU: nothing is shown there."""
    shown, package = ModuleType("IPython.display"), ModuleType("IPython")
    own: Any = shown
    own.display = lambda *args, **options: None
    own.Markdown = own.HTML = str
    vars(package).update(display=shown, get_ipython=lambda: None, version_info=(9, 0, 0))  # matplotlib asks
    sys.modules |= {"IPython": package, "IPython.display": shown}


def main(names: list[str]) -> int:
    matplotlib.use("Agg")
    if find_spec("IPython") is None:
        without_jupyter()
    warnings.simplefilter("ignore")
    failed = 0
    for lecture in sorted(UNITS.glob("*/lecture.py")):
        if names and not any(lecture.parent.name.startswith(name) for name in names):
            continue
        start = time.perf_counter()
        found = failures(lecture)
        failed += len(found)
        took = time.perf_counter() - start
        print(f"{lecture.parent.name}: {took:.0f} s, {len(found)} cells fail", flush=True)
        for line in found:
            print(f"    {line}", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
