"""The files of a hand-in, read one by one: of a folder, a zip (also inside another) or a loose file.

A zip is read member by member and never unpacked as it says; links and anything but plain files are passed
over. Only notebooks and certificates of proofs are read; of all else the name is kept, to tell the student
what arrived.
"""

import io
import os
import re
import stat
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from nonconv.grading.submissions.names import sender

MAX_NOTEBOOK_BYTES = 100_000_000  # what fills a large one is saved output, which is thrown away
MAX_HAND_IN_BYTES = (
    4 * MAX_NOTEBOOK_BYTES
)  # of its notebooks together: a small zip can hold any number of large ones
# In the zip of a class each person has a share of bytes, or as many as what was compressed lets expect. (Who
# makes a zip can invent persons: they have shares together as so many.)
SHARE_BYTES, MAX_RATIO, MAX_SHARES = 10_000_000, 100, 1000
MAX_DEPTH = 3  # of a zip in a zip
MAX_FILES = 20_000  # in one entry of an inbox; of one person in the zip of a class
MAX_NAME_CHARS, MAX_PART_CHARS = 1000, 255  # of a path in a zip; of a folder or file of it
MARKS = 100  # characters at the end of a name, in which all lies that tells a notebook or a certificate
MAX_STAMP_BYTES = 1000
MAX_CERTIFICATE_BYTES = 1_000_000  # of a file, which may hold those of all exercises
STAMP = "timestamp.txt"  # nbgrader's: when a notebook was handed in
CHECKPOINTS = ".ipynb_checkpoints"
ARCHIVE = re.compile(r"(?i)\.(rar|7z|tar|tgz|(tar\.)?(gz|bz2|xz))$")
# also as browsers, editors and LMSs save it: .ipynb.txt, .ipynb.download, .ipynb (1), .ipynb~
NOTEBOOK = re.compile(r"(?i)\.ipynb([ ._-]*(txt|json|download|bak|old|orig|part|crdownload|\(\d+\))|[~_ ])*$")
# also as a browser or an LMS numbers it: proof.certificates (1).json, proof.certificates-2.json.txt
CERTIFICATE = re.compile(r"(?i)\.certificates?[ _-]*\(?\d*\)?\.json(\.txt)?$")


@dataclass(frozen=True)
class File:
    """A file that was handed in: where it lay, when it was changed (0: not known).

    `kept`: what it holds, or the file where that is kept; None: not read. `attempt` is the date by which an
    LMS tells two hand-ins of one student apart.
    """

    path: tuple[str, ...]
    changed: float
    kept: bytes | Path | None
    attempt: str = ""

    @property
    def content(self) -> bytes | None:
        return self.kept.read_bytes() if isinstance(self.kept, Path) else self.kept

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def is_notebook(self) -> bool:
        return is_notebook(self.name)

    @property
    def is_checkpoint(self) -> bool:
        """Is it the copy that Jupyter keeps of what was saved last?"""
        return CHECKPOINTS in self.path


def is_notebook(name: str) -> bool:
    """By its name: also with what a program put behind it, and in capitals."""
    return NOTEBOOK.search(name[-MARKS:]) is not None


def is_certificate(name: str) -> bool:
    """By its name, as the playground saves it."""
    return CERTIFICATE.search(name[-MARKS:]) is not None


def is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def is_archive(name: str) -> bool:
    """One that is not opened here."""
    return ARCHIVE.search(name) is not None


class _Room:
    """What an entry, or a person's part of it, may still hold, and where it is kept: in memory, or in a
    folder."""

    def __init__(self, store: Path | None, most_bytes: int, most_files: int, whole: "_Room | None" = None):
        self.store, self.whole = store, whole
        self.most = self.bytes = most_bytes
        self.files, self.most_files = most_files, most_files

    def read(self, file: IO[bytes], most: int) -> bytes:
        content = file.read(most + 1)
        self.charge(len(content))
        return content

    def charge(self, size: int) -> None:
        if self.whole is not None:
            self.whole.charge(size)
        self.bytes -= size
        if self.bytes < 0:
            raise ValueError(f"its notebooks are larger than {self.most // 1_000_000} MB together")

    def keep(self, content: bytes) -> bytes | Path:
        if self.whole is not None:
            return self.whole.keep(content)
        if self.store is None:
            return content
        self.store.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=self.store)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return Path(path)

    def count(self) -> None:
        if self.whole is not None:
            self.whole.count()
        self.files -= 1
        if self.files < 0:
            raise ValueError(f"it holds more than {self.most_files} files")


def files_in(entry: Path, store: Path | None = None) -> list[File]:
    """All files of a folder, a zip or a loose file, their paths as seen from the entry.

    Links and anything but plain files are passed over. Where a member of a zip says it belongs is not
    believed. What they hold is kept in the folder `store`, or in memory. Raises what a damaged file provokes,
    and ValueError for one that holds too much.
    """
    room = _Room(store, MAX_HAND_IN_BYTES, MAX_FILES)
    if entry.is_dir():
        return [file for path in sorted(entry.rglob("*")) for file in _in_folder(path, entry, room)]
    with entry.open("rb") as opened:
        changed = entry.stat().st_mtime
        if is_zip(entry.name):
            return list(_in_zip(opened, (), room, 1))
        if not (is_notebook(entry.name) or is_certificate(entry.name)):
            return [File((entry.name,), changed, None)]
        return [File((entry.name,), changed, room.keep(room.read(opened, MAX_NOTEBOOK_BYTES)))]


def _in_folder(path: Path, entry: Path, room: _Room) -> Iterator[File]:
    parts = path.relative_to(entry).parts
    if not stat.S_ISREG(path.lstat().st_mode) or _is_hidden(parts):
        return
    room.count()
    yield from _kept(parts, path.stat().st_mtime, lambda: path.open("rb"), room, 0)


def _in_zip(opened: IO[bytes], above: tuple[str, ...], room: _Room, depth: int) -> Iterator[File]:
    with zipfile.ZipFile(opened) as archive:
        members = [(member, _parts(member)) for member in archive.infolist()]
        taken = [(member, parts) for member, parts in members if parts and not _is_hidden(parts)]
        persons = _persons([parts for _, parts in taken]) if depth == 1 else {}
        compressed: Counter[str] = Counter()
        for member, parts in taken:
            compressed[persons.get(parts, "")] += member.compress_size
        rooms: dict[str, _Room] = {}
        if len(set(persons.values())) > 1:  # what one of a class handed in costs nobody else
            shares = SHARE_BYTES * min(len(compressed), MAX_SHARES) + MAX_RATIO * compressed.total()
            whole = _Room(room.store, max(MAX_HAND_IN_BYTES, shares), MAX_FILES * len(compressed))
            for person, size in compressed.items():
                most = min(MAX_HAND_IN_BYTES, max(SHARE_BYTES, MAX_RATIO * size))
                rooms[person] = _Room(None, most, MAX_FILES, whole)
        for member, parts in taken:
            person = persons.get(parts, "")
            own = rooms.get(person, room)
            try:
                own.count()
                opening = partial(archive.open, member)
                yield from list(_kept(above + parts, _when(member), opening, own, depth))
            except Exception:  # zipfile hands on whatever a damaged member provokes
                if own is room:
                    raise
                yield File(above + parts, _when(member), None)


def _parts(member: zipfile.ZipInfo) -> tuple[str, ...]:
    """Where a member lies, without what would lead outside; empty for a folder."""
    if member.is_dir() or member.filename.endswith("\\"):
        return ()
    parts = PurePosixPath(member.filename[-MAX_NAME_CHARS:].replace("\\", "/")).parts
    return tuple(part[-MAX_PART_CHARS:] for part in parts if part not in ("..", ".", "/"))


def _persons(paths: list[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Whose each path of a zip may be: the folder that it lies in, or what an LMS puts before a file's name.

    A folder around everything is none.
    """
    around = 0
    while all(len(path) > around + 1 for path in paths) and len({path[around] for path in paths}) == 1:
        around += 1
    found = {}
    for path in paths:
        known = sender(path[around])
        if known is not None:
            found[path] = repr(known.key)
        elif len(path) > around + 1:
            found[path] = path[around]
    return found


def _kept(parts: tuple[str, ...], changed: float, opening, room: _Room, depth: int) -> Iterator[File]:
    name = parts[-1]
    if is_notebook(name) or is_certificate(name):
        with opening() as file:
            most = MAX_NOTEBOOK_BYTES if is_notebook(name) else MAX_CERTIFICATE_BYTES
            yield File(parts, changed, room.keep(room.read(file, most)))
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
    return any(part.startswith((".", "__MACOSX")) and part != CHECKPOINTS for part in parts)


def _when(member: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*member.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
