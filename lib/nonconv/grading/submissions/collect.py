"""From whatever was handed in to submitted/STUDENT/UNIT/*.ipynb, with a sentence about each thing that is
wrong.

Handed in is a folder with, for each student, a folder, a zip or a loose notebook, named after the student:

    inbox/ada/02-reduction-to-convolution.ipynb        inbox/grace.zip        inbox/alan.ipynb

Only the unit's notebooks are taken; a zip is read member by member and never unpacked as it says. What cannot
be graded is kept beside the others under its own name with `.broken` behind it, and the released notebook,
with the reason written on top, is graded in its place: nothing is lost, and nbgrader has something to grade.
"""

import os
import re
import shutil
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from nonconv.grading.submissions.repair import as_bytes, repaired, untouched
from nonconv.grading.submissions.unpack import MAX_NOTEBOOK_BYTES, notebooks_in, pick

PASSED_OVER = ("__MACOSX",)


@dataclass
class Submission:
    """What one student handed in, and what was found wrong with it (sentences for the instructor and the
    student)."""

    student: str
    folder: Path
    troubles: list[str] = field(default_factory=list)


class CollectError(ValueError):
    """The inbox as a whole cannot be used; the message says what would do."""


def collect(inbox: Path, unit: str, root: Path) -> tuple[list[Submission], list[str]]:
    """Bring everything in the inbox to root/submitted: (the submissions, sentences about what was passed
    over).

    Raises CollectError for a unit that is not there, and for an inbox without any submission.
    """
    known(unit, root)
    if not inbox.is_dir():
        raise CollectError(
            f"{inbox} is no folder; it should hold a folder, a zip or a notebook for each student"
        )
    submissions: dict[str, Submission] = {}
    passed_over = []
    for entry in sorted(inbox.iterdir()):
        if entry.name.startswith(".") or entry.name in PASSED_OVER:
            continue
        is_file = entry.suffix.lower() in (".zip", ".ipynb") and entry.is_file()
        if entry.is_symlink() or not (entry.is_dir() or is_file):
            passed_over.append(
                f"{shown(entry)} is {_kind(entry)}, not a student's folder, .zip or .ipynb; passed over"
            )
            continue
        name = entry.stem if is_file else entry.name
        student = student_id(name)
        if student in submissions:
            passed_over.append(
                f"{shown(entry)}: {student} has handed in twice; {shown(entry)} was passed over"
            )
            continue
        submissions[student] = _collect_one(entry, student, root / "exercises" / unit, root / "submitted")
        if student != name:
            submissions[student].troubles.append(f"handed in as {name!r}")
    if not submissions:
        raise CollectError(f"{inbox} holds no submission: a folder, a zip or a notebook for each student")
    return list(submissions.values()), passed_over


def handed_in(unit: str, root: Path) -> list[Submission]:
    """What lies in root/submitted already: collected earlier, or by nbgrader's own commands.

    Raises CollectError.
    """
    known(unit, root)
    folders = [path for path in sorted((root / "submitted").glob(f"*/{unit}")) if any(path.glob("*.ipynb"))]
    if not folders:
        raise CollectError(
            f"submitted/ holds no submission of {unit}; say where to collect them: --from FOLDER"
        )
    return [Submission(path.parent.name, path) for path in folders]


def known(unit: str, root: Path) -> None:
    """CollectError, with the names that there are, if the course has no such exercise."""
    there = sorted(path.name for path in (root / "exercises").glob("*") if path.is_dir())
    if unit not in there:
        raise CollectError(
            f"there is no exercise {unit!r}; write UNIT= and one of: {', '.join(there) or '(none)'}"
        )


def student_id(name: str) -> str:
    """A name as nbgrader and every file system can take it: accents dropped, anything odd an underscore."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.@+-]+", "_", plain).strip("._") or "student_" + os.fsencode(name).hex()[:12]


def shown(path: Path) -> str:
    """A file's name for a sentence: a file system may hold names that are no text."""
    return os.fsencode(path.name).decode(errors="replace")


def _kind(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link"
    return "a file" if stat.S_ISREG(mode) else "a pipe or a device"


def _collect_one(entry: Path, student: str, released: Path, submitted: Path) -> Submission:
    submission = Submission(student, submitted / student / released.name)
    shutil.rmtree(submission.folder, ignore_errors=True)
    submission.folder.mkdir(parents=True)
    unreadable = ""
    try:
        found = notebooks_in(entry)
    except Exception as error:  # zipfile hands on whatever a damaged file provokes in zlib, struct or lzma
        unreadable = f"{shown(entry)} could not be opened{' as a zip' * entry.is_file()}: {error}"
        if entry.is_file():
            shutil.copy(entry, submission.folder / f"{shown(entry)[-100:]}.broken")
        found = {}
    wanted = sorted(released.glob("*.ipynb"))
    for path in wanted:
        name = pick(path, found, [other.name for other in wanted])
        if name not in (None, path.name):
            submission.troubles.append(f"{name!r} was taken for {path.name}")
        reason = unreadable or f"{path.name} was not handed in"
        if name is not None:
            content = found[name]
            original = nbformat.read(path, as_version=4)
            notebook, reason = repaired(content, original, path.name, submission.troubles)
            if notebook is not None:
                (submission.folder / path.name).write_bytes(as_bytes(notebook))
                continue
            (submission.folder / f"{path.name}.broken").write_bytes(content[:MAX_NOTEBOOK_BYTES])
        if reason not in submission.troubles:
            submission.troubles.append(reason)
        (submission.folder / path.name).write_text(nbformat.writes(untouched(path, reason)), encoding="utf-8")
    return submission
