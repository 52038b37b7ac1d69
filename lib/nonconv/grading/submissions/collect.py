"""From whatever was handed in to submitted/STUDENT/UNIT/*.ipynb, with a sentence about each thing that is
wrong.

Handed in is a folder (or a zip of an LMS) with, for each student, a folder, a zip or notebooks:

    inbox/ada/02-reduction-to-convolution.ipynb        inbox/grace.zip        inbox/alan.ipynb

Only the unit's notebooks are taken, and certificates of its proofs, which are put into the notebook that asks
for them (`certificates.py`). What cannot be graded is kept beside the others under its own name with
`.broken` behind it, and the released notebook, with the reason written on top, is graded in its place:
nothing is lost, and nbgrader has something to grade.
"""

import copy
import itertools
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nonconv.grading.limits import Limits, submitter
from nonconv.grading.submissions.certificates import Asked, asked, certificates, put_certificates
from nonconv.grading.submissions.choosing import Choice, Wanted, candidates, choose
from nonconv.grading.submissions.layouts import HandIn, hand_ins
from nonconv.grading.submissions.names import as_text, identified
from nonconv.grading.submissions.repair import as_bytes, repaired, untouched
from nonconv.grading.submissions.saying import arrived, listed, shown
from nonconv.grading.submissions.times import when, written
from nonconv.grading.submissions.unpack import (
    MAX_HAND_IN_BYTES,
    MAX_NOTEBOOK_BYTES,
    STAMP,
    files_in,
    is_zip,
    plain_file,
)

# of an entry of the inbox, which may be the zip of a whole class; of one student's files
OPENING = Limits(memory=2048, processor=300, clock=900)
COLLECTING = Limits(memory=2048, processor=120, clock=600)


@dataclass
class Submission:
    """What one student handed in, and what was found wrong with it (sentences for the instructor and the
    student)."""

    student: str
    folder: Path
    troubles: list[str] = field(default_factory=list)


class CollectError(ValueError):
    """The inbox as a whole cannot be used; the message says what would do."""


def collect(
    inbox: Path, unit: str, root: Path, pool: Executor | None = None
) -> tuple[list[Submission], list[str]]:
    """Bring everything in the inbox to root/submitted: (the submissions, sentences about what was passed
    over).

    The workers of the pool open and repair, within limits (without a pool: this process). What uses one up is
    graded as untouched, with the reason. Raises CollectError for a unit that is not there, and for an inbox
    without any submission.
    """
    known(unit, root)
    if not inbox.is_dir() and not (inbox.is_file() and is_zip(inbox.name)):
        raise CollectError(
            f"{inbox} is no folder; it should hold a folder, a zip or a notebook for each student"
            " (the zip of a class that an LMS makes will do, too)"
        )
    exercises = root / "exercises" / unit
    proofs = asked(exercises / "checks.json")
    open_one, collect_one = submitter(pool, OPENING), submitter(pool, COLLECTING)
    submissions = []
    with _emptied(root / ".grading" / "collecting") as kept:
        numbers = itertools.count()
        found, passed_over = hand_ins(
            inbox,
            [path.name for path in sorted(exercises.glob("*.ipynb"))],
            proofs,
            lambda entry: open_one(files_in, entry, kept / str(next(numbers))),
        )
        identities = identified([one.key for one in found], root)
        submitted = root / "submitted"
        waiting = [
            (one, student, collect_one(_collect_one, one, student, exercises, submitted))
            for one in found
            for student in (identities[one.key],)
        ]
        for hand_in, student, collected in waiting:
            try:
                submissions.append(collected.result())
            except Exception as error:  # one bad thing costs itself only
                try:
                    submissions.append(_set_aside(hand_in, student, exercises, submitted, error))
                except OSError as problem:
                    passed_over.append(f"{', '.join(hand_in.entries)}: could not be kept: {problem}")
    if not submissions:
        raise CollectError(f"{inbox} holds no submission: a folder, a zip or a notebook for each student")
    return sorted(submissions, key=lambda one: one.student), passed_over


@contextmanager
def _emptied(folder: Path) -> Iterator[Path]:
    """A folder for what is opened: empty at first, whatever a run that was killed left, and gone at the
    end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


@lru_cache(maxsize=2)
def _asked(exercises: Path, stamp: tuple[int, ...]) -> tuple[list[Wanted], dict[str, Asked]]:
    """The released notebooks and what their proofs are asked for, read once for the whole class."""
    paths = sorted(exercises.glob("*.ipynb"))
    wanted = [Wanted(path, nbformat.read(path, as_version=4)) for path in paths]
    return wanted, asked(exercises / "checks.json")


def _collect_one(hand_in: HandIn, student: str, exercises: Path, submitted: Path) -> Submission:
    stamp = tuple(path.stat().st_mtime_ns for path in sorted(exercises.iterdir()))
    wanted, proofs = _asked(exercises, stamp)
    submission = Submission(student, submitted / student / exercises.name)
    stamp = _stamp(hand_in, submission)
    shutil.rmtree(submission.folder, ignore_errors=True)
    submission.folder.mkdir(parents=True)
    if stamp:
        (submission.folder / STAMP).write_text(stamp, encoding="utf-8")
    if as_text(hand_in.key[1]) != student:
        submission.troubles.append(f"handed in as {as_text(hand_in.key[1])!r}")
    if hand_in.late:
        submission.troubles.append(f"{hand_in.layout} marks it as late")
    unreadable = _keep_unreadable(hand_in, submission)
    notebooks = candidates(hand_in.files)
    choices = [choose(one, notebooks, wanted) for one in wanted]
    meant = [file for choice in choices if choice is not None for file in (choice.file, *choice.others)]
    proved = certificates(hand_in.files, proofs, submission.troubles)
    meant += [one.file for one in proved]
    for one, choice in zip(wanted, choices, strict=True):
        if choice is not None:
            notebook = _take(choice, one, submission)
            put_certificates(notebook, one.original, proved, proofs, submission.troubles)
        else:
            reason = unreadable or f"{one.name} was not handed in{arrived(hand_in.files, meant)}"
            notebook = copy.deepcopy(one.original)
            if not put_certificates(notebook, one.original, proved, proofs, submission.troubles):
                notebook = untouched(one.path, reason)
            if reason not in submission.troubles:
                submission.troubles.append(reason)
        (submission.folder / one.name).write_bytes(as_bytes(notebook))
    return submission


def _set_aside(
    hand_in: HandIn, student: str, exercises: Path, submitted: Path, error: Exception
) -> Submission:
    """The untouched exercise in the place of what could not be collected."""
    submission = Submission(student, submitted / student / exercises.name)
    why = str(error) or type(error).__name__
    submission.troubles.append(f"{', '.join(hand_in.entries)} could not be collected: {why}")
    shutil.rmtree(submission.folder, ignore_errors=True)
    submission.folder.mkdir(parents=True)
    for path in sorted(exercises.glob("*.ipynb")):
        notebook = untouched(path, submission.troubles[0])
        (submission.folder / path.name).write_bytes(as_bytes(notebook))
    return submission


def _take(choice: Choice, wanted: Wanted, submission: Submission) -> NotebookNode:
    """The chosen file as the released notebook; what cannot be graded is kept as broken."""
    name = as_text(choice.file.name)
    in_a_zip = any(map(is_zip, choice.file.path))
    where, *others = shown([choice.file, *choice.others])
    if others:
        submission.troubles.append(f"{wanted.name}: {where} was taken, {listed(others)} not")
    elif name != wanted.name or in_a_zip:
        submission.troubles.append(f"{where if in_a_zip else repr(name)} was taken for {wanted.name}")
    content = choice.file.content or b""
    notebook, reason = repaired(content, wanted.original, wanted.name, submission.troubles)
    if notebook is None:
        (submission.folder / f"{wanted.name}.broken").write_bytes(content[:MAX_NOTEBOOK_BYTES])
        submission.troubles.append(reason)
        notebook = untouched(wanted.path, reason)
    return notebook


def _keep_unreadable(hand_in: HandIn, submission: Submission) -> str:
    """Keep what could not be opened; why, if nothing else was handed in."""
    for _, entry in hand_in.unreadable:
        with suppress(OSError), plain_file(entry) as file:  # it may be another thing by now
            content = file.read(min(os.fstat(file.fileno()).st_size, MAX_HAND_IN_BYTES))
            (submission.folder / f"{as_text(entry.name)[-100:]}.broken").write_bytes(content)
    reasons = [reason for reason, _ in hand_in.unreadable]
    if hand_in.files:
        submission.troubles += reasons
        return ""
    return reasons[0] if reasons else ""


def _stamp(hand_in: HandIn, submission: Submission) -> str:
    """When it was handed in, as nbgrader writes it; of a student's earlier one, if nothing new is said."""
    stamps = [file for file in hand_in.files if file.name == STAMP and file.content is not None]
    for file in sorted(stamps, key=lambda one: (len(one.path), one.path)):
        text = (file.content or b"").decode(errors="replace").strip()
        moment = when(text)
        if moment is not None:
            return written(moment)
        submission.troubles.append(
            f"{STAMP} says {text[:60]!r}, which is no time that can be read; such as 2026-11-28 14:00 UTC is"
        )
    earlier = submission.folder / STAMP
    if not stamps and earlier.is_file():
        moment = when(earlier.read_text(encoding="utf-8", errors="replace"))
        return written(moment) if moment is not None else ""
    return ""
