"""Pyodide, CPython for browsers: files of a package of npm, at a pinned version."""

import json
from pathlib import Path

from nonconv.publish.npm import NoPackage, Package

PYODIDE = Package(
    name="pyodide",
    version="314.0.7",
    integrity="sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
    files=("package.json", "pyodide.js", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm",
           "python_stdlib.zip", "pyodide-lock.json"),
)  # fmt: skip


def given(folder: Path) -> Path:
    """A folder with Pyodide's files that somebody has already, such as node_modules/pyodide.

    NoPackage if a file is missing or the version is another one.
    """
    missing = [name for name in PYODIDE.files if not (folder / name).is_file()]
    if missing:
        raise NoPackage(f"{folder} is not a folder of Pyodide: it has no {', '.join(missing)}")
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    if version != PYODIDE.version:
        raise NoPackage(f"{folder} holds Pyodide {version}; the page is made with {PYODIDE.version}")
    return folder
