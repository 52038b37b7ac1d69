"""Results of executed submissions, by what they were made from.

A run that was interrupted goes on where it stopped, a submission that did not change is not run again, and a
result may come from another process or another machine.
"""

import gzip
import hashlib
import os
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

import nonconv

ENDING = ".json.gz"


class Store:
    """A folder of results. A result is written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{ENDING}"

    def get(self, key: str) -> str | None:
        """The result, or None: one that cannot be read back counts as not there."""
        try:
            return gzip.decompress(self._path(key).read_bytes()).decode()
        except (OSError, EOFError, UnicodeDecodeError):
            return None

    def put(self, key: str, result: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(gzip.compress(result.encode(), 5, mtime=0))
        os.replace(temporary, self._path(key))

    def keep(self, keys: set[str]) -> None:
        """Remove what is not among these."""
        for path in self.folder.glob("*"):
            if path.name.removesuffix(ENDING) not in keys:
                path.unlink(missing_ok=True)


@cache
def engine() -> str:
    """What else decides a result: this package's own files, and the versions of what it runs on."""
    found = hashlib.sha256()
    root = Path(nonconv.__path__[0])
    for path in sorted(root.rglob("*.py")):
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for name in ("torch", "numpy", "sympy", "ipykernel", "nbgrader", "nbclient"):
        found.update(f"{name} {version(name)}\n".encode())
    return found.hexdigest()
