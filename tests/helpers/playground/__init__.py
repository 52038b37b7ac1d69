"""Pyodide for the tests of the playground: fetched by npm, or the reason why a test is skipped."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nonconv.publish.npm import NoPackage
from nonconv.publish.playground.pack import packed
from nonconv.publish.playground.pyodide import PYODIDE

ROOT = Path(__file__).resolve().parents[3]
RUNNER = Path(__file__).parent / "judge.mjs"
OLDEST_NODE = 18


@cache
def pyodide_files() -> Path:
    """The folder of Pyodide's files; the test is skipped where it cannot be had."""
    try:
        return PYODIDE.fetched(ROOT / "build" / "pyodide")
    except NoPackage as error:
        pytest.skip(str(error))


@cache
def node() -> str:
    """The program `node`; the test is skipped where there is none that is new enough."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("no program `node` here (Debian: apt-get install nodejs)")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        pytest.skip(f"node is {version.strip()}; Pyodide needs {OLDEST_NODE} or later")
    return program


def in_node(calls: list[list[Any]], folder: Path) -> dict[str, Any]:
    """What the playground's zip says in Pyodide to calls of `judge` and of the desk's `check`.

    Keys: answers, seconds (of each), started, python, large (modules that have no place there).
    """
    archive, asked = folder / "modules.zip", folder / "calls.json"
    archive.write_bytes(packed())
    asked.write_text(json.dumps(calls), encoding="utf-8")  # node cannot read megabytes from a pipe at once
    command = [node(), str(RUNNER), str(pyodide_files()), str(archive), str(asked)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
