"""The files of a hand-in, read into memory: of a folder, a zip (also inside another) or a loose file.

A zip is read member by member and never unpacked as it says; links and anything but plain files are passed
over. Only notebooks and certificates of proofs are read; of all else the name is kept, to tell the student
what arrived.
"""

import io
import re
import stat
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

MAX_NOTEBOOK_BYTES = 100_000_000  # what fills a large one is saved output, which is thrown away
MAX_HAND_IN_BYTES = (
    4 * MAX_NOTEBOOK_BYTES
)  # of its notebooks together: a small zip can hold any number of large ones
MAX_DEPTH = 3  # of a zip in a zip
MAX_FILES = 20_000  # in one entry of an inbox
MAX_STAMP_BYTES = 1000
MAX_CERTIFICATE_BYTES = 1_000_000  # of a file, which may hold those of all exercises
STAMP = "timestamp.txt"  # nbgrader's: when a notebook was handed in
NOTEBOOK = (".ipynb", ".ipynb.txt", ".ipynb.json")
# also as a browser or an LMS numbers it: proof.certificates (1).json, proof.certificates-2.json.txt
CERTIFICATE = re.compile(r"(?i)\.certificates?[ _-]*\(?\d*\)?\.json(\.txt)?$")


@dataclass(frozen=True)
class File:
    """A file that was handed in: where it lay, when it was changed (0: not known); None: not read.

    `attempt` is the date by which an LMS tells two hand-ins of one student apart.
    """

    path: tuple[str, ...]
    changed: float
    content: bytes | None
    attempt: str = ""

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def is_notebook(self) -> bool:
        return is_notebook(self.name)


def is_notebook(name: str) -> bool:
    """By its name: also as a browser saves it, .ipynb.txt, and in capitals."""
    return name.lower().endswith(NOTEBOOK)


def is_certificate(name: str) -> bool:
    """By its name, as the playground saves it."""
    return CERTIFICATE.search(name) is not None


def is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


class _Room:
    """What an entry may still hold."""

    def __init__(self) -> None:
        self.bytes, self.files = MAX_HAND_IN_BYTES, MAX_FILES

    def read(self, file: IO[bytes], most: int) -> bytes:
        content = file.read(most + 1)
        self.bytes -= len(content)
        if self.bytes < 0:
            raise ValueError(f"its notebooks are larger than {MAX_HAND_IN_BYTES // 1_000_000} MB together")
        return content

    def count(self) -> None:
        self.files -= 1
        if self.files < 0:
            raise ValueError(f"it holds more than {MAX_FILES} files")


def files_in(entry: Path) -> list[File]:
    """All files of a folder, a zip or a loose file, their paths as seen from the entry.

    Links and anything but plain files are passed over. Where a member of a zip says it belongs is not
    believed. Raises what a damaged file provokes, and ValueError for one that holds too much.
    """
    room = _Room()
    if entry.is_dir():
        return [file for path in sorted(entry.rglob("*")) for file in _in_folder(path, entry, room)]
    with entry.open("rb") as opened:
        changed = entry.stat().st_mtime
        if is_zip(entry.name):
            return list(_in_zip(opened, (), room, 1))
        return [File((entry.name,), changed, room.read(opened, MAX_NOTEBOOK_BYTES))]


def _in_folder(path: Path, entry: Path, room: _Room) -> Iterator[File]:
    parts = path.relative_to(entry).parts
    if not stat.S_ISREG(path.lstat().st_mode) or _is_hidden(parts):
        return
    room.count()
    yield from _kept(parts, path.stat().st_mtime, lambda: path.open("rb"), room, 0)


def _in_zip(opened: IO[bytes], above: tuple[str, ...], room: _Room, depth: int) -> Iterator[File]:
    with zipfile.ZipFile(opened) as archive:
        for member in archive.infolist():
            parts = PurePosixPath(member.filename.replace("\\", "/")).parts
            parts = tuple(part for part in parts if part not in ("..", ".", "/"))
            if not parts or member.is_dir() or member.filename.endswith("\\") or _is_hidden(parts):
                continue
            room.count()
            yield from _kept(above + parts, _when(member), lambda one=member: archive.open(one), room, depth)


def _kept(parts: tuple[str, ...], changed: float, opening, room: _Room, depth: int) -> Iterator[File]:
    name = parts[-1]
    if is_notebook(name):
        with opening() as file:
            yield File(parts, changed, room.read(file, MAX_NOTEBOOK_BYTES))
    elif is_certificate(name):
        with opening() as file:
            yield File(parts, changed, room.read(file, MAX_CERTIFICATE_BYTES))
    elif name == STAMP:
        with opening() as file:
            yield File(parts, changed, file.read(MAX_STAMP_BYTES))
    elif is_zip(name) and depth < MAX_DEPTH:
        with opening() as file:
            inside = io.BytesIO(room.read(file, MAX_NOTEBOOK_BYTES))
        try:
            yield from list(_in_zip(inside, (*parts[:-1], name), room, depth + 1))
        except Exception:  # zipfile hands on whatever a damaged file provokes in zlib, struct or lzma
            yield File(parts, changed, None)
    else:
        yield File(parts, changed, None)


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _when(member: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*member.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
