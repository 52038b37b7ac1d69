"""A run of grading that is killed at the n-th thing it does to its course: the same one on every machine."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from helpers.grading.tiny import UNIT
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect
from nonconv.grading.workers import pool

CHANGES = (
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "sqlite3.connect",
)  # audit events, as `open` is
WRITING = os.O_WRONLY | os.O_RDWR


def changes(course: Path, inbox: Path) -> int:
    """How many things a run does that is left alone."""
    counted = course.parent / "counted"
    assert _process(course, inbox, 0, counted) == 0
    return int(counted.read_text())


def killed(course: Path, inbox: Path, at: int) -> bool:
    """Grade, and be killed just before the change with that number, from 1. Whether it came to that."""
    return _process(course, inbox, at, course.parent / "counted") == -signal.SIGKILL


def _process(course: Path, inbox: Path, at: int, counted: Path) -> int | None:
    process: Any = pool.prepare().Process(target=_run, args=(course, inbox, at, counted, dict(os.environ)))  # type: ignore[attr-defined]
    process.start()
    process.join()
    return process.exitcode


def _run(course: Path, inbox: Path, at: int, counted: Path, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    number = 0

    def change(*_: Any) -> None:
        nonlocal number
        number += 1
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(name: str, arguments: tuple[Any, ...]) -> None:
        if name in CHANGES or (name == "open" and arguments[2] & WRITING):
            path = arguments[0]
            if isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(str(course)):
                change()

    sys.addaudithook(audited)
    event.listen(Engine, "commit", change)
    grade(UNIT, collect(inbox, UNIT, course)[0], course, say=lambda _: None, pages=False)
    counted.write_text(str(number))
