"""Pyodide, CPython for browsers: four files of a package of npm, at a pinned version.

To take a newer version, write its number and what `npm view pyodide@NUMBER dist.integrity` says below.
"""

import base64
import contextlib
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "314.0.7"
INTEGRITY = "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
FILES = ("package.json", "pyodide.js", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
FILES += ("python_stdlib.zip", "pyodide-lock.json")


class NoPyodide(Exception):
    """Pyodide cannot be had here; the message says why."""


def pyodide(folder: Path) -> Path:
    """The folder with Pyodide's files: below `folder`, fetched into it by npm unless it is there already.

    NoPyodide: there is no npm, it could not fetch, or what came is not the package that was pinned.
    """
    ready = folder / f"pyodide-{VERSION}"
    if all((ready / name).is_file() for name in FILES):
        return ready
    npm = shutil.which("npm")
    if npm is None:
        raise NoPyodide("there is no program `npm` here (Debian: apt-get install npm), which fetches Pyodide")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as making:
        command = [npm, "pack", f"pyodide@{VERSION}", "--json", "--ignore-scripts"]
        done = subprocess.run(command, cwd=making, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoPyodide(f"npm could not fetch pyodide@{VERSION}: {done.stderr.strip()[-400:]}")
        package = Path(making) / json.loads(done.stdout)[0]["filename"]
        unpack(package, Path(making) / "files")
        # whole or not at all; of two builds at one time the first one's files stay
        with contextlib.suppress(OSError):
            (Path(making) / "files").rename(ready)
    return ready


def unpack(package: Path, folder: Path) -> None:
    """The files that are needed of npm's archive. NoPyodide if it is not the pinned package."""
    kind, wanted = INTEGRITY.split("-", 1)
    found = base64.b64encode(hashlib.new(kind, package.read_bytes()).digest()).decode()
    if found != wanted:
        raise NoPyodide(f"{package} is not pyodide {VERSION}: its {kind} is {found}, not {wanted}")
    folder.mkdir(parents=True)
    with tarfile.open(package) as archive:
        for name in FILES:
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            (folder / name).write_bytes(member.read())


def given(folder: Path) -> Path:
    """A folder with Pyodide's files that somebody has already, such as node_modules/pyodide.

    NoPyodide if a file is missing or the version is another one.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise NoPyodide(f"{folder} is not a folder of Pyodide: it has no {', '.join(missing)}")
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    if version != VERSION:
        raise NoPyodide(f"{folder} holds Pyodide {version}; the page is made with {VERSION}")
    return folder
