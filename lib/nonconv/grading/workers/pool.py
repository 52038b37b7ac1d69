"""The processes that execute submissions: workers of this machine, or of a Dask cluster.

It imports little itself: `prepare` is to be called before the grading process imports what takes seconds, so
that both happen at once.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import forkserver, get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from typing import Any

from nonconv.grading.kernels import client

# what the fork server imports, and so every worker has; the last two are what units' sources import, for
# per-student inputs
PRELOAD = [
    "nonconv.grading.workers.forkserver",
    "nonconv.grading.workers.parallel",
    "nonconv.checks.remote",
    "nonconv.publish.unit",
    "nonconv.reduction",
]
_cleanups: list[Callable[[], object]] = []


def register_cleanup(cleanup: Callable[[], object]) -> None:
    """To be called before a worker ends whose parent was killed: then nothing else of its own would run."""
    _cleanups.append(cleanup)


def prepare() -> BaseContext:
    """The fork server of workers, started where the platform can fork: workers are never forked from this
    process."""
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(PRELOAD)
    if context.get_start_method() == "forkserver":
        forkserver.ensure_running()
    return context


def _begin(environment: dict[str, str]) -> None:
    """In a new worker, which was forked from a process that may be older than this environment."""
    gc.freeze()
    gc.enable()
    os.environ.update(environment)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)  # the workers share the cores already
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for its next task for ever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    for cleanup in _cleanups:
        cleanup()
    os._exit(1)


class _Processes(Executor):
    """Worker processes of this machine.

    One that is killed breaks the standard library's pool for good: then there is a new one.
    """

    def __init__(self, jobs: int) -> None:
        environment = {}
        if client.available():
            client.folder()  # named before the workers start, so that one zygote serves them all
            environment[client.WHERE] = os.environ[client.WHERE]
        self._new = partial(
            ProcessPoolExecutor, jobs, mp_context=prepare(), initializer=_begin, initargs=(environment,)
        )
        self._pool = self._new()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pool.shutdown(wait=False)
            self._pool = self._new()
            return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


@contextmanager
def workers(jobs: int, scheduler: str | None = None) -> Iterator[Executor]:
    """Local processes, or those of a Dask cluster.

    ModuleNotFoundError says what to install for the latter.
    """
    if scheduler is None:
        pool = _Processes(jobs)
        try:
            yield pool
        finally:  # after Ctrl-C the rest of the class is not waited for
            pool.shutdown(cancel_futures=True)
        return
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "a scheduler needs Dask: pip install 'nonconv[cluster]', here and on the workers"
        ) from None
    with Client(scheduler) as client:
        yield client.get_executor(retries=2)  # a worker that dies takes no submission with it
