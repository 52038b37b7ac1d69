"""Limits of what a process may use while it works on what a stranger wrote: memory, processor time, the
clock.

The memory that a process has already does not count. A process that uses up its memory gets a MemoryError;
one that uses up its time is ended by the system, so this is for processes that can be replaced: workers.
Sources: setrlimit(2), setitimer(2).
"""

import ast
import contextlib
import importlib
import signal
import warnings
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Any

resource: Any = None  # no such limits on Windows
with contextlib.suppress(ImportError):
    resource = importlib.import_module("resource")

MIB = 1 << 20
MAX_CELLS = 2_000  # of a notebook that is executed and shown; the course's longest has 95
Submit = Callable[..., Future[Any]]


@dataclass(frozen=True)
class Limits:
    """Of one piece of work. `clock` counts while the process waits, too."""

    memory: int  # MiB, beyond what the process has when it begins
    processor: int  # seconds
    clock: int  # seconds


def size(*, resident: bool = False) -> int:
    """Bytes of address space of this process, or of what is in memory of it; 0 where Linux does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[resident]) * resource.getpagesize()
    except OSError:
        return 0


def limit_memory(mib: int) -> None:
    """So much more for this process. Only the soft limit: what it starts may have another."""
    if resource is not None and (mapped := size()):
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (mapped + mib * MIB, most))


def limit_processor(seconds: int) -> None:
    """So much more processor time, for the next piece of work."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, most))


def within(limits: Limits, function: Callable[..., Any], /, *arguments: Any) -> Any:
    """In a worker: `function(*arguments)` within the limits, which hold no longer afterwards."""
    if resource is None:
        return function(*arguments)
    before = {which: resource.getrlimit(which) for which in (resource.RLIMIT_AS, resource.RLIMIT_CPU)}
    try:
        limit_memory(limits.memory)
        limit_processor(limits.processor)
        signal.setitimer(signal.ITIMER_REAL, limits.clock)
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for which, limit in before.items():
            resource.setrlimit(which, limit)


def at_once(function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
    """In the place of an executor's `submit`: by this process, now."""
    future: Future[Any] = Future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:
        future.set_exception(error)
    return future


def submitter(pool: Executor | None, limits: Limits) -> Submit:
    """How to have a function called: by a worker of the pool within the limits, or by this process, now."""
    return at_once if pool is None else partial(pool.submit, within, limits)


def ended(exit_code: int | None) -> str:
    """Why a process came to its end, in words."""
    match -(exit_code or 0):
        case signal.SIGXCPU:
            return "it used up its processor time"
        case signal.SIGALRM:
            return "it took too long"
        case number if number > 0:
            return f"it was ended by the signal {signal.Signals(number).name}"
    return f"it ended with the exit code {exit_code}"


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a student's source; None for what is no Python, or has no end.

    Python says of `'\\d'` what it thinks of it, with the student's own letters, on the instructor's terminal
    (from 3.12 on): not here.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
