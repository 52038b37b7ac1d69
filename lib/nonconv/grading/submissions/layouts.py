"""From an inbox to one hand-in a student: folders, zips and files as people and LMSs name them.

An inbox is a folder, or the zip that an LMS makes of a class. In it lies, for each student, a folder, a zip
or notebooks. Moodle's, Canvas's, Blackboard's and Google Classroom's names are known; a file that has the
student's name beside the notebook's, `ada_02-….ipynb`, is one of ada's.
"""

import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from nonconv.grading.submissions.names import Sender, as_text, sender
from nonconv.grading.submissions.unpack import File, files_in, is_notebook, is_zip

PASSED_OVER = ("__MACOSX",)
VERSION = re.compile(
    r"(v|ver|version|attempt|try|old|new|final|draft|backup|copy|entwurf|alt|neu|версия|попытка|черновик)"
    r"[ ._-]*\d*",
    re.I,
)


@dataclass
class HandIn:
    """What one student handed in: the files, with the attempt that the LMS numbers, and what went wrong."""

    key: tuple[str, ...]
    files: list[File] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)  # names in the inbox
    unreadable: list[tuple[str, str, Path | None]] = field(default_factory=list)
    attempts: dict[tuple[str, ...], str] = field(default_factory=dict)  # by a file's path
    layout: str = ""
    late: bool = False


def hand_ins(inbox: Path, official: list[str]) -> tuple[list[HandIn], list[str]]:
    """One for each student, in the order of their names, and sentences about what was passed over.

    `official` are the names of the unit's notebooks.
    """
    found: dict[tuple[str, ...], HandIn] = {}
    passed_over: list[str] = []
    for entry in [inbox] if inbox.is_file() else sorted(inbox.iterdir()):
        name = as_text(entry.name)
        if name.startswith(".") or name in PASSED_OVER:
            continue
        if not _is_taken(entry):
            passed_over.append(
                f"{name} is {_kind(entry)}, not a student's folder, .zip or .ipynb; passed over"
            )
            continue
        try:
            files = files_in(entry)
        except (
            Exception
        ) as error:  # zipfile hands on whatever a damaged file provokes in zlib, struct or lzma
            whose = _of(found, _owner(entry.name, entry.is_file(), official))
            whose.entries.append(name)
            what = " as a zip" * is_zip(entry.name)
            whose.unreadable.append((name, f"{name} could not be opened{what}: {error}", entry))
            continue
        members = _class(files, official) if is_zip(entry.name) and entry.is_file() else None
        if members is None and entry == inbox:
            members = [(file.path[0], file) for file in files]
        if members is not None:
            students = {_owner(first, len(file.path) == 1, official)[0] for first, file in members}
            if entry != inbox:
                passed_over.append(f"{name} holds the work of {len(students)}: each is collected by itself")
            for first, file in members:
                _keep(found, name, first, [file], len(file.path) == 1, official)
        else:
            _keep(found, name, entry.name, files, entry.is_file(), official)
    return [found[key] for key in sorted(found)], passed_over


def _is_taken(entry: Path) -> bool:
    mode = entry.lstat().st_mode
    return stat.S_ISDIR(mode) or (
        stat.S_ISREG(mode)
        and (is_zip(entry.name) or is_notebook(entry.name) or sender(entry.name) is not None)
    )


def _kind(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link"
    return "a file" if stat.S_ISREG(mode) else "a pipe or a device"


def _class(files: list[File], official: list[str]) -> list[tuple[str, File]] | None:
    """(first folder or file, file) of each member, if a zip holds the work of several; else None."""
    notebooks = [file for file in files if file.is_notebook]
    inside = _without_common_folder(notebooks)
    known = [file for file in inside if sender(file.path[0]) is not None]
    folders = {file.path[0] for file in inside if len(file.path) > 1}
    with_ours = {file.path[0] for file in inside if len(file.path) > 1 and file.name in official}
    persons = len(with_ours) > 1 and with_ours == folders and all(len(file.path) > 1 for file in inside)
    if known and len(known) == len(inside):
        pass
    elif not persons or all(VERSION.fullmatch(folder) for folder in folders):
        return None
    return [(file.path[0], file) for file in _without_common_folder(files)]


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
    """Of a notebook or a zip, also of `.ipynb.txt` and in capitals."""
    return re.sub(r"(?i)\.(ipynb(\.txt|\.json)?|zip)$", "", name)


def _of(found: dict[tuple[str, ...], HandIn], owner: tuple[tuple[str, ...], Sender | None]) -> HandIn:
    key, known = owner
    whose = found.setdefault(key, HandIn(key))
    if known is not None:
        whose.layout, whose.late = known.layout, whose.late or known.late
    return whose


def _keep(
    found: dict[tuple[str, ...], HandIn],
    entry: str,
    name: str,
    files: Iterable[File],
    is_file: bool,
    official: list[str],
) -> None:
    owner = _owner(name, is_file, official)
    whose = _of(found, owner)
    if entry not in whose.entries:
        whose.entries.append(entry)
    for file in _named_by_the_student(files, name, is_file, owner[1]):
        whose.files.append(file)
        if owner[1] is not None and owner[1].attempt:
            whose.attempts[file.path] = owner[1].attempt


def _named_by_the_student(
    files: Iterable[File], name: str, is_file: bool, known: Sender | None
) -> Iterator[File]:
    """Without what the LMS put before a file's own name."""
    for file in files:
        if known is not None and known.rest and is_file and len(file.path) == 1 and file.path[0] == name:
            yield replace(file, path=(known.rest,))
        else:
            yield file
