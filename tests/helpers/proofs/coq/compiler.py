"""Coq, if it is installed: does it accept a file, and does the file assume anything?"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
CLOSED = "Closed under the global context"
SECONDS = 600  # of processor time, for one file
_number = itertools.count()


class Answer(NamedTuple):
    """Are all its theorems proved without any assumption? What Coq said, and what it cost."""

    closed: bool
    output: str
    seconds: float


def missing() -> str:
    """Why Coq cannot be used here, "" if it can."""
    if shutil.which("coqc") is None:
        return "coqc is not installed (Debian: apt-get install --no-install-recommends coq)"
    return ""


def prepare(folder: str | Path) -> None:
    """Compile the library of sums into a folder."""
    shutil.copy(HERE / "Sums.v", folder)
    subprocess.run(["coqc", "-q", "Sums.v"], cwd=folder, check=True, capture_output=True)


def check(text: str, folder: str | Path) -> Answer:
    """Have Coq check a file; `prepare` was called for the folder."""
    name = f"proof{next(_number)}"
    (Path(folder) / f"{name}.v").write_text(text)
    asked = text.count("\nPrint Assumptions ")
    # the shell measures the processor time of this one process, also where several run at once
    command = f"ulimit -t {SECONDS}; time -p coqc -q {name}.v"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
        start_new_session=True,  # on a busy machine the kernel shares the processor between sessions
    )
    output = done.stdout + done.stderr
    seconds = next((float(x.split()[1]) for x in done.stderr.splitlines() if x.startswith("user ")), 0.0)
    closed = done.returncode == 0 and asked > 0 and done.stdout.count(CLOSED) == asked
    return Answer(closed, output, seconds)
