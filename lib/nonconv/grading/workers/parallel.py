"""Executing many submissions at once, here or on a cluster, with no access to the gradebook.

A worker has a scratch course: the configuration, the solutions and sources of the unit, and a gradebook
without students. In it nbgrader itself sanitises a submission, executes it in a kernel of its own and judges
it (`nonconv.grading.workers.steps`); what comes back are the notebooks.
"""

import hashlib
import io
import json
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from nonconv.grading.engine.student_inputs import NAMES, SECRET, secret
from nonconv.grading.limits import MAX_CELLS, at_once
from nonconv.grading.workers import pool
from nonconv.grading.workers.gradebook import OpenGradebook, without_students
from nonconv.grading.workers.steps import Executing, convert
from nonconv.grading.workers.store import Store, engine
from nonconv.publish.course import course_api

Files = dict[str, bytes]
MAX_BYTES = 400_000_000  # of a submission's files together


@dataclass(frozen=True)
class Outcome:
    """What became of a submission."""

    notebooks: dict[str, str] = field(default_factory=dict)  # executed, by file name
    log: str | None = None  # nbgrader's, when it could not get through
    unable: str | None = None  # why there was no kernel for it
    problem: str | None = None  # why its worker had no result
    lost: bool = False  # nor had the second one
    cut_short: bool = False  # by the clock or the system: final only if it ran alone


def pack(root: Path, unit: str, gradebook: Path, kernel: str | None = None) -> bytes:
    """The scratch course as a zip: what a worker needs to sanitise, execute and judge submissions of the
    unit."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        config = (root / "nbgrader_config.py").read_text(encoding="utf-8")
        chosen = "" if kernel is None else f"\nc.Execute.kernel_name = {kernel!r}\n"
        archive.writestr("nbgrader_config.py", config + chosen)
        sources = sorted((root / "units" / unit).rglob("*.py"))
        if sources:  # per-student inputs are made from them, and from the secret
            archive.writestr(str(SECRET), secret(root))
            if (root / NAMES).exists():
                archive.write(root / NAMES, NAMES)
        for path in [*sorted((root / "solutions" / unit).rglob("*")), *sources]:
            if path.is_file():
                archive.write(path, path.relative_to(root))
        with tempfile.TemporaryDirectory(dir=pool.scratch()) as folder:
            without_students(gradebook, Path(folder) / "gradebook.db")
            archive.write(Path(folder) / "gradebook.db", "gradebook.db")
    return data.getvalue()


class Scratch:
    """A worker's scratch course, and the gradebook in it."""

    def __init__(self, course: bytes) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="grading-", dir=pool.scratch()))
        with zipfile.ZipFile(io.BytesIO(course)) as archive:
            archive.extractall(self.root)
        self.api: Any = course_api(self.root, self.root, self.root / "gradebook.db")
        self.book = OpenGradebook(self.root / "gradebook.db")
        # a cluster's worker may have many threads; nbgrader changes the working directory
        self.alone = threading.Lock()


@cache
def _unpacked(course: bytes) -> Scratch:
    return Scratch(course)


def execute(course: bytes, unit: str, student: str, files: Files) -> Outcome:
    """In a worker: a submission's notebooks, sanitised, executed and judged."""
    for name, content in files.items():  # what was not collected here was not looked at yet
        if name.endswith(".ipynb") and content.count(b'"cell_type"') > MAX_CELLS:
            return Outcome(log=f"ValueError: {name} has more than {MAX_CELLS} cells")
    scratch = _unpacked(course)
    submitted, autograded = (scratch.root / name / student for name in ("submitted", "autograded"))
    with scratch.alone:
        try:
            for name, content in files.items():
                path = submitted / unit / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            converter = Executing(coursedir=scratch.api.coursedir, parent=scratch.api)
            result = convert(converter, scratch.book, unit, student, keep=False)
            if not result["success"]:
                return Outcome(log=f"{result['log']}\n{result['error']}", unable=converter.unable)
            executed = sorted((autograded / unit).glob("*.ipynb"))
            notebooks = {path.name: path.read_text(encoding="utf-8") for path in executed}
            return Outcome(notebooks, cut_short=converter.cut_short)
        finally:
            for folder in (submitted, autograded):
                shutil.rmtree(folder, ignore_errors=True)


def files_of(folder: Path) -> Files:
    """A submission's files as bytes, but for what was found broken. ValueError if they are too large."""
    paths = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix != ".broken"
    ]
    if sum(path.stat().st_size for path in paths) > MAX_BYTES:
        raise ValueError(f"its files are larger than {MAX_BYTES // 1_000_000} MB together")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def executed(
    course: bytes,
    unit: str,
    submissions: dict[str, Path],
    store: Store,
    executor: Executor | None,
    ahead: int,
) -> Iterator[tuple[str, Outcome]]:
    """(student, outcome) as each is there: from the store, or executed, by this process where there is no
    executor.

    What was cut short, or has no result since its worker died, is not kept: it is executed once more, alone,
    when the others are done. That time it is final; if its worker dies again, it is lost. At most `ahead`
    submissions are in this process's memory at a time.
    """
    contents = _without_times(course)
    names: set[str] = set()
    waiting: dict[Future[Outcome], tuple[str, str]] = {}
    done: SimpleQueue[Future[Outcome]] = SimpleQueue()
    alone: dict[str, tuple[str, str | None]] = {}  # by student: name in the store, problem of the first run

    def submit(student: str, files: Files) -> Future[Outcome]:
        if executor is not None:
            return executor.submit(execute, course, unit, student, files)
        return at_once(execute, course, unit, student, files)

    def kept(student: str, name: str, outcome: Outcome) -> tuple[str, Outcome]:
        if outcome.notebooks:
            store.put(name, json.dumps(outcome.notebooks))
        return student, outcome

    def next_one() -> Iterator[tuple[str, Outcome]]:
        future = done.get()
        student, name = waiting.pop(future)
        try:
            outcome = future.result()
        except Exception as error:
            alone[student] = name, _told(error)
            return
        if outcome.cut_short:
            alone[student] = name, None
        else:
            yield kept(student, name, outcome)

    for student, folder in submissions.items():
        try:
            files = files_of(folder)
        except Exception as error:  # it costs itself
            yield student, Outcome(problem=_told(error), lost=True)
            continue
        names.add(name := _name(contents, student, files))
        if (known := store.get(name)) is not None:
            yield student, Outcome(json.loads(known))
            continue
        future = submit(student, files)
        waiting[future] = student, name
        future.add_done_callback(done.put)
        while waiting and (len(waiting) >= ahead or executor is None):
            yield from next_one()
    while waiting:
        yield from next_one()
    for student, (name, problem) in alone.items():
        try:
            outcome = submit(student, files_of(submissions[student])).result()
        except Exception as error:
            outcome = Outcome(lost=True)
            problem = f"{problem or 'cut short'}; and alone: {_told(error)}"
        yield kept(student, name, replace(outcome, problem=problem))
    store.keep(names)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _name(contents: bytes, student: str, files: Files) -> str:
    """A submission's name in the store: a hash of what it is and of what is in the course it is handed in
    to."""
    found = hashlib.sha256(f"{engine()} {student}".encode() + contents)
    for name, content in sorted(files.items()):
        found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()


def _without_times(course: bytes) -> bytes:
    """What is in the scratch course, but for its gradebook, which names the moment it was made."""
    with zipfile.ZipFile(io.BytesIO(course)) as archive:
        members = [(one.filename, one.CRC) for one in archive.infolist() if one.filename != "gradebook.db"]
    return repr(members).encode()
