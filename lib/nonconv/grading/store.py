"""Results of executed notebooks, by what they were made from.

A run that was interrupted goes on where it stopped, a notebook that did not change is not run again, and a result may come from
another process or another machine. nbgrader's own steps stay as they are: where its Execute would run the notebook, the
result is fetched.
"""

import gzip
import hashlib
import json
import os
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets import Unicode

import nonconv
from nonconv.grading.judge import JudgedExecute

ENDING = ".json.gz"


class Store:
    """A folder of results. A result is written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{ENDING}"

    def get(self, key: str) -> str | None:
        """The executed notebook, or None: one that cannot be read back counts as not there."""
        try:
            return gzip.decompress(self._path(key).read_bytes()).decode()
        except (OSError, EOFError, UnicodeDecodeError):
            return None

    def names(self) -> list[str]:
        """The names of all results."""
        return [path.name.removesuffix(ENDING) for path in self.folder.glob(f"*{ENDING}")]

    def put(self, key: str, notebook: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(gzip.compress(notebook.encode(), 5, mtime=0))
        os.replace(temporary, self._path(key))

    def remember(self, submission: str, keys: list[str]) -> None:
        """Note that all notebooks of a submission have their results."""
        self.put(submission, json.dumps(keys))

    def recall(self, submission: str) -> list[str] | None:
        """The keys of a submission's results, if every one of them is here."""
        keys = json.loads(self.get(submission) or "null")
        return keys if keys is not None and all(self._path(key).exists() for key in keys) else None

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


def key_of(notebook: NotebookNode, folder: Path, limits: dict[str, Any]) -> str:
    """The name of a result: a hash of the sanitised notebook, the files beside it, the limits and the engine."""
    found = hashlib.sha256(engine().encode())
    found.update(json.dumps(limits, sort_keys=True).encode())
    found.update(json.dumps(notebook, sort_keys=True).encode())
    for path in sorted(folder.rglob("*")):
        # the other notebooks of a submission are no part of this one's run
        if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb":
            found.update(path.relative_to(folder).as_posix().encode() + b"\0")
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


class StoredExecute(JudgedExecute):
    """JudgedExecute, which runs a notebook only if the store has no result for it. Without a folder it always runs it."""

    store = Unicode("", help="The folder of results; empty: none is kept and none is used.").tag(config=True)

    def run(self, nb: NotebookNode, resources: Any, km: Any) -> tuple[NotebookNode, Any]:
        if not self.store:
            return super().run(nb, resources, km)
        store = Store(Path(self.store))
        limits = {"timeout": self.timeout, "kernel": self.kernel_name}
        key = key_of(nb, Path(resources["metadata"]["path"]), limits)
        if (text := store.get(key)) is not None:
            return nbformat.reads(text, as_version=4), resources
        nb, resources = super().run(nb, resources, km)
        store.put(key, nbformat.writes(nb))
        return nb, resources
