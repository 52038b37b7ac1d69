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
# In the zip or folder of a class each person has a share of bytes, or as many as its size on the disk lets
# expect. (Who makes one can invent persons: they have shares together as so many.)
SHARE_BYTES, MAX_RATIO, MAX_SHARES = 10_000_000, 100, 1000
MAX_DEPTH = 3  # of a zip in a zip
MAX_FOLDERS = 30  # in each other
MAX_FILES = 20_000  # in one entry of an inbox; of one person of a class
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
        self.charge(0)  # once it is full, nothing more is read, however much there is
        content = file.read(min(most, self.bytes) + 1)
        self.charge(len(content))
        return content

    def charge(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise ValueError(f"its notebooks are larger than {self.most // 1_000_000} MB together")
        if self.whole is not None:  # of which nobody can take more than the own part
            self.whole.charge(size)

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
        self.files -= 1
        if self.files < 0:
            raise ValueError(f"it holds more than {self.most_files} files")
        if self.whole is not None:
            self.whole.count()


def files_in(entry: Path, store: Path | None = None) -> list[File]:
    """All files of a folder, a zip or a loose file, their paths as seen from the entry.

    Links and anything but plain files are passed over. Where a member of a zip says it belongs is not
    believed. What they hold is kept in the folder `store`, or in memory. Raises what a damaged file provokes,
    and ValueError for one that holds too much.
    """
    room = _Room(store, MAX_HAND_IN_BYTES, MAX_FILES)
    if entry.is_dir():
        return sorted(_in_folder(entry, room), key=lambda file: file.path)
    with plain_file(entry) as opened:
        changed = os.fstat(opened.fileno()).st_mtime
        if is_zip(entry.name):
            return list(_in_zip(opened, (), room, 1))
        if not (is_notebook(entry.name) or is_certificate(entry.name)):
            return [File((entry.name,), changed, None)]
        return [File((entry.name,), changed, room.keep(room.read(opened, MAX_NOTEBOOK_BYTES)))]


def plain_file(path: Path | str, folder: int | None = None) -> IO[bytes]:
    """A plain file, whatever its owner has put in its place since one looked: no link is followed, no pipe
    waited for. OSError for anything else. `folder`: the descriptor of an open one that the path begins in."""
    never = ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY")
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in (*never, "O_BINARY"))
    opened = os.open(path, flags, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(f"{path} is no plain file")
    return os.fdopen(opened, "rb")


def _plain_files(entry: Path) -> Iterator[tuple[tuple[str, ...], str, int | None, os.stat_result]]:
    """(path below the entry, what to open, in which open folder, what is known of it) of each plain file.

    Folders are kept open while they are read, so that none can be exchanged for a link meanwhile.
    """
    walk = getattr(os, "fwalk", None)  # not on Windows
    for path, folders, names, *rest in walk(entry) if walk else os.walk(entry):
        folder = rest[0] if rest else None
        above = Path(path).relative_to(entry).parts
        if len(above) == MAX_FOLDERS:
            folders.clear()
        for name in names:
            where = name if rest else os.path.join(path, name)
            try:
                known = os.stat(where, dir_fd=folder, follow_symlinks=False)
            except OSError:  # it has gone
                continue
            parts = (*above, name)
            if stat.S_ISREG(known.st_mode) and not _is_hidden(parts):
                yield parts, where, folder, known


def _in_folder(entry: Path, room: _Room) -> Iterator[File]:
    # what it takes of a disk, not what it says: a file may be nothing but a hole
    sizes = {parts: getattr(known, "st_blocks", 0) * 512 for parts, *_, known in _plain_files(entry)}
    persons = _persons(list(sizes))
    rooms = _rooms(persons, sizes, room)
    for parts, where, folder, known in _plain_files(entry):
        own = rooms.get(persons.get(parts, ""), room)
        try:
            own.count()
            yield from list(_kept(parts, known.st_mtime, partial(plain_file, where, folder), own, 0))
        except OSError:  # it may not be read, or is another thing by now
            yield File(parts, known.st_mtime, None)
        except Exception:
            if own is room:
                raise
            yield File(parts, known.st_mtime, None)


def _rooms(
    persons: dict[tuple[str, ...], str], sizes: dict[tuple[str, ...], int], room: _Room
) -> dict[str, _Room]:
    """A room for each person of a class: what one handed in costs nobody else. None if there is one only."""
    taken: Counter[str] = Counter()
    for parts, size in sizes.items():
        taken[persons.get(parts, "")] += size
    if len(set(persons.values())) < 2:
        return {}
    shares = SHARE_BYTES * min(len(taken), MAX_SHARES) + MAX_RATIO * taken.total()
    whole = _Room(room.store, max(MAX_HAND_IN_BYTES, shares), MAX_FILES * len(taken))
    return {
        person: _Room(None, min(MAX_HAND_IN_BYTES, max(SHARE_BYTES, MAX_RATIO * size)), MAX_FILES, whole)
        for person, size in taken.items()
    }


def _in_zip(opened: IO[bytes], above: tuple[str, ...], room: _Room, depth: int) -> Iterator[File]:
    with zipfile.ZipFile(opened) as archive:
        members = [(member, _parts(member)) for member in archive.infolist()]
        taken = [(member, parts) for member, parts in members if parts and not _is_hidden(parts)]
        sizes: Counter[tuple[str, ...]] = Counter()
        for member, parts in taken:
            sizes[parts] += member.compress_size
        persons = _persons([parts for _, parts in taken]) if depth == 1 else {}
        rooms = _rooms(persons, sizes, room)
        for member, parts in taken:
            own = rooms.get(persons.get(parts, ""), room)
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
