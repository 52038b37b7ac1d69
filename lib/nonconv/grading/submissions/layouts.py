"""From an inbox to one hand-in a student: folders, zips and files as people and LMSs name them.

An inbox is a folder, or the zip that an LMS makes of a class. In it lies, for each student, a folder, a zip
or notebooks. Moodle's, Canvas's, Blackboard's and Google Classroom's names are known; a file that has the
student's name beside the notebook's, `ada_02-….ipynb`, is one of ada's.
"""

import stat
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from nonconv.grading.limits import at_once
from nonconv.grading.submissions.classes import is_named_after, of_a_class, person_in, stem
from nonconv.grading.submissions.names import Sender, as_text, assignment_in, sender
from nonconv.grading.submissions.unpack import (
    File,
    files_in,
    is_archive,
    is_certificate,
    is_notebook,
    is_zip,
)

PASSED_OVER = ("__MACOSX",)


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
    assignment: str = ""  # of Blackboard, see names.assignment_in

    def owner(self, name: str, is_file: bool) -> tuple[tuple[str, ...], Sender | None]:
        """The key of whom the folder or file `name` belongs to, and what an LMS says in it."""
        statements = self.statements if is_certificate(name) else ()
        return _owner(name, is_file, [*self.official, *statements], self.assignment)

    def keep(self, entry: str, name: str, is_file: bool, files: Iterable[File] = ()) -> HandIn:
        """Files of the folder or file `name`, which came in an entry of the inbox, to whom they belong."""
        key, known = self.owner(name, is_file)
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


@dataclass
class _Part:
    """What belongs to one name: an entry of the inbox, or a folder or file of a class in it."""

    entry: str
    name: str
    is_file: bool
    files: list[File]
    unreadable: tuple[str, Path] | None = None
    is_member: bool = False  # of a class


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
        if not _is_taken(entry, official):
            kind = _kind(entry)
            passed_over.append(f"{name} is {kind}, not a student's folder, .zip or .ipynb; passed over")
            continue
        taken.append((name, entry, opened(entry)))
    parts: list[_Part] = []
    for name, entry, read in taken:
        try:
            files = read.result()
        except Exception as error:  # whatever a damaged file provokes in zipfile, zlib, struct or lzma
            what = " as a zip" * is_zip(entry.name)
            why = f"{name} could not be opened{what}: {str(error) or type(error).__name__}"
            why += "; a new .zip, or the .ipynb itself, would do" * (
                is_zip(entry.name) and not isinstance(error, ValueError)
            )
            parts.append(_Part(name, entry.name, entry.is_file(), [], (why, entry)))
            continue
        is_whole = entry == inbox or len(taken) == 1
        members = [] if sender(entry.name) else of_a_class(files, official, entry.is_file() or is_whole)
        several = [
            _Part(name, one.path[0], len(one.path) == 1 or is_zip(one.path[0]), [one], is_member=True)
            for one in members or files * (entry == inbox)
        ]
        lost = [one for one in several if one.is_file and not _is_somebodys(one.name, official)]
        passed_over += [f"{name} holds {one.name}, which is nobody's; passed over" for one in lost]
        parts += [one for one in several if one not in lost] or [
            _Part(name, entry.name, entry.is_file(), files)
        ]
    students.assignment = assignment_in(one.name for one in parts)
    # whoever made a zip chose the names in it, and may have chosen another's
    own = {students.owner(one.name, one.is_file)[0] for one in parts if not one.is_member}
    owners: dict[str, list[tuple[str, ...]]] = {}
    for one in parts:
        if one.is_member and (key := students.owner(one.name, one.is_file)[0]) in own:
            sentence = f"{one.entry} holds files of {key[1]}, who has handed in: not taken"
            passed_over += [sentence] if sentence not in passed_over else []
            continue
        whose = students.keep(one.entry, one.name, one.is_file, one.files)
        whose.unreadable += [one.unreadable] if one.unreadable else []
        if one.is_member and not inbox.is_file():
            owners.setdefault(one.entry, []).append(whose.key)
    passed_over += [
        f"{name} holds the work of {len(set(keys))}: each is collected by itself"
        for name, keys in owners.items()
    ]
    return [students.found[key] for key in sorted(students.found)], passed_over


def _is_taken(entry: Path, official: list[str]) -> bool:
    mode = entry.lstat().st_mode
    return stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and _is_somebodys(entry.name, official))


def _is_somebodys(name: str, official: list[str]) -> bool:
    """Is a file something that a person handed in, if only another thing than was asked for?"""
    return (
        is_zip(name)
        or is_notebook(name)
        or is_certificate(name)
        or is_archive(name)
        or sender(name) is not None
        or is_named_after(name, official)
    )


def _kind(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link"
    return "a file" if stat.S_ISREG(mode) else "a pipe or a device"


def _owner(
    name: str, is_file: bool, official: list[str], assignment: str
) -> tuple[tuple[str, ...], Sender | None]:
    """Whose an entry is, by its name."""
    known = sender(name, assignment)
    if known is not None and known.layout == "Google Classroom":  # its names are like anybody's
        known = known if is_named_after(known.rest, official) else None
    if known is not None:
        return known.key, known
    if not is_file:
        return ("", _plain(name)), None
    return ("", person_in(_plain(name), official) or _plain(stem(name))), None


def _plain(name: str) -> str:
    """One name, however a system wrote its accents down."""
    return unicodedata.normalize("NFC", name)
