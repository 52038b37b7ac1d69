"""From an inbox to one hand-in a student: folders, zips and files as people and LMSs name them.

An inbox is a folder, or the zip that an LMS makes of a class. In it lies, for each student, a folder, a zip
or notebooks. Moodle's, Canvas's, Blackboard's and Google Classroom's names are known; a file that has the
student's name beside the notebook's, `ada_02-….ipynb`, is one of ada's.
"""

import re
import stat
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from nonconv.grading.limits import at_once
from nonconv.grading.submissions.names import Sender, as_text, sender
from nonconv.grading.submissions.unpack import (
    CERTIFICATE,
    File,
    files_in,
    is_certificate,
    is_notebook,
    is_zip,
)

PASSED_OVER = ("__MACOSX",)
VERSION = re.compile(
    r"(v|ver|version|attempt|try|old|new|final|draft|backup|copy|entwurf|alt|neu|версия|попытка|черновик)"
    r"[ ._-]*\d*",
    re.I,
)


@dataclass
class HandIn:
    """What one student handed in, and what of it could not be opened: why, and the entry of the inbox."""

    key: tuple[str, ...]
    files: list[File] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)  # names in the inbox
    unreadable: list[tuple[str, Path]] = field(default_factory=list)
    layout: str = ""
    late: bool = False


@dataclass
class _Class:
    """Everybody who has handed something in; `official` are the names of the unit's notebooks, `statements`
    those of what its exercises ask to be proved."""

    official: list[str]
    statements: Iterable[str] = ()
    found: dict[tuple[str, ...], HandIn] = field(default_factory=dict)

    def names_one(self, entry: Path) -> bool:
        """Has an LMS put a student's name before the file's? What is in it then is that student's."""
        return _owner(entry.name, True, self.official)[1] is not None

    def key(self, name: str, is_file: bool) -> tuple[str, ...]:
        """To whom the folder or file `name` belongs."""
        statements = self.statements if is_certificate(name) else ()
        return _owner(name, is_file, [*self.official, *statements])[0]

    def keep(self, entry: str, name: str, is_file: bool, files: Iterable[File] = ()) -> HandIn:
        """Files of the folder or file `name`, which came in an entry of the inbox, to whom they belong."""
        statements = self.statements if is_certificate(name) else ()
        key, known = _owner(name, is_file, [*self.official, *statements])
        whose = self.found.setdefault(key, HandIn(key))
        if entry not in whose.entries:
            whose.entries.append(entry)
        if known is None:
            whose.files += files
            return whose
        whose.layout, whose.late = known.layout, whose.late or known.late
        for file in files:  # without what the LMS put before a file's own name
            path = (known.rest,) if known.rest and file.path == (name,) else file.path
            whose.files.append(replace(file, path=path, attempt=known.attempt))
        return whose


def _opened(entry: Path) -> Future[list[File]]:
    return at_once(files_in, entry)


def hand_ins(
    inbox: Path,
    official: list[str],
    statements: Iterable[str] = (),
    opened: Callable[[Path], Future[list[File]]] = _opened,
) -> tuple[list[HandIn], list[str]]:
    """One for each student, in the order of their names, and sentences about what was passed over.

    `official` are the names of the unit's notebooks, `statements` those of what its exercises ask to be
    proved: a certificate may be called after either. `opened` reads an entry of the inbox.
    """
    students = _Class(official, tuple(statements))
    passed_over: list[str] = []
    taken: list[tuple[str, Path, Future[list[File]]]] = []
    for entry in [inbox] if inbox.is_file() else sorted(inbox.iterdir()):
        name = as_text(entry.name)
        if name.startswith(".") or name in PASSED_OVER:
            continue
        if not _is_taken(entry):
            kind = _kind(entry)
            passed_over.append(f"{name} is {kind}, not a student's folder, .zip or .ipynb; passed over")
            continue
        taken.append((name, entry, opened(entry)))
    classes: list[tuple[str, Path, list[File]]] = []
    for name, entry, read in taken:
        try:
            files = read.result()
        except Exception as error:  # whatever a damaged file provokes in zipfile, zlib, struct or lzma
            what = " as a zip" * is_zip(entry.name)
            whose = students.keep(name, entry.name, entry.is_file())
            why = str(error) or type(error).__name__
            whose.unreadable.append((f"{name} could not be opened{what}: {why}", entry))
            continue
        may_be_a_class = is_zip(entry.name) and entry.is_file() and not students.names_one(entry)
        members = _of_a_class(files, official) if may_be_a_class else []
        if not members and entry == inbox:
            members = files
        if members:
            classes.append((name, entry, members))
        else:
            students.keep(name, entry.name, entry.is_file(), files)
    own = set(students.found)  # whoever made a zip chose the names in it, and may have chosen another's
    for name, entry, members in classes:
        whose_each = [(students.key(one.path[0], len(one.path) == 1), one) for one in members]
        owners = {key for key, _ in whose_each}
        for key, one in whose_each:
            if key not in own:
                students.keep(name, one.path[0], len(one.path) == 1, [one])
        if entry != inbox:
            passed_over.append(f"{name} holds the work of {len(owners)}: each is collected by itself")
        passed_over += [
            f"{name} holds files of {key[1]}, who has handed in: not taken" for key in sorted(owners & own)
        ]
    return [students.found[key] for key in sorted(students.found)], passed_over


def _is_taken(entry: Path) -> bool:
    mode = entry.lstat().st_mode
    return stat.S_ISDIR(mode) or (
        stat.S_ISREG(mode)
        and (
            is_zip(entry.name)
            or is_notebook(entry.name)
            or is_certificate(entry.name)
            or sender(entry.name) is not None
        )
    )


def _kind(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link"
    return "a file" if stat.S_ISREG(mode) else "a pipe or a device"


def _of_a_class(files: list[File], official: list[str]) -> list[File]:
    """The files of a zip as they lie in it, if it holds the work of several students; else none."""
    works = [file for file in files if file.is_notebook or is_certificate(file.name)]
    notebooks = _without_common_folder(works)
    named_by_an_lms = [sender(file.path[0]) is not None for file in notebooks]
    folders = {file.path[0] for file in notebooks if len(file.path) > 1}
    with_ours = {
        file.path[0]
        for file in notebooks
        if len(file.path) > 1 and (file.name in official or is_certificate(file.name))
    }
    loose = any(len(file.path) == 1 for file in notebooks)
    persons = len(folders) > 1 and with_ours == folders and not loose
    versions = all(VERSION.fullmatch(folder) for folder in folders)
    several = (notebooks and all(named_by_an_lms)) or (persons and not versions)
    return _without_common_folder(files) if several else []


def _without_common_folder(files: list[File]) -> list[File]:
    """As they lie below a folder that holds all of them, such as one that is called after the zip."""
    while files and all(len(file.path) > 1 for file in files) and len({file.path[0] for file in files}) == 1:
        if sender(files[0].path[0]) is not None:
            break
        files = [replace(file, path=file.path[1:]) for file in files]
    return files


def _owner(name: str, is_file: bool, official: list[str]) -> tuple[tuple[str, ...], Sender | None]:
    """Whose an entry is, by its name."""
    known = sender(name)
    if known is not None and known.layout == "Google Classroom":  # its names are like anybody's
        known = known if any(stem(one) in stem(known.rest) for one in official) else None
    if known is not None:
        return known.key, known
    if not is_file:
        return ("", _plain(name)), None
    own = _plain(stem(name))
    for one in sorted(map(stem, official), key=len, reverse=True):
        before, ours, behind = own.partition(one)
        person = before.strip(" _-.") or behind.strip(" _-.()")
        if ours and person and not VERSION.fullmatch(person) and not person.isdigit():
            return ("", person), None
    return ("", own), None


def _plain(name: str) -> str:
    """One name, however a system wrote its accents down."""
    return unicodedata.normalize("NFC", name)


def stem(name: str) -> str:
    """Of a notebook, a zip or a certificate, also of `.ipynb.txt` and in capitals."""
    return CERTIFICATE.sub("", re.sub(r"(?i)\.(ipynb(\.txt|\.json)?|zip)$", "", name))
