"""The processes that work on what students handed in: workers of this machine, or of a Dask cluster.

A worker does one thing at a time, so that whatever kills it is known, and costs that one thing. It imports
little itself: `prepare` is to be called before the grading process imports what takes seconds, so that both
happen at once.
"""

import contextlib
import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from multiprocessing import forkserver, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from nonconv.grading.kernels import client
from nonconv.grading.limits import ended, limit_memory

# what the fork server imports, and so every worker has; the last two are what units' sources import, for
# per-student inputs
PRELOAD = [
    "nonconv.grading.workers.forkserver",
    "nonconv.grading.workers.parallel",
    "nonconv.checks.remote",
    "nonconv.publish.unit",
    "nonconv.reduction",
]
MEMORY = 4096  # MiB, beyond what a worker has when it begins: of what a kernel may send it needs a part
_scratch: Path | None = None  # of a worker: where its temporary files go


def scratch() -> Path:
    """Where this process keeps temporary files of students: they go when it ends, or its parent does."""
    return _scratch or client.run_folder()


class WorkerDied(BrokenExecutor):
    """A worker came to its end over what it did; the message says how."""


def prepare() -> BaseContext:
    """The fork server of workers, started where the platform can fork: workers are never forked from this
    process."""
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(PRELOAD)
    if context.get_start_method() == "forkserver":
        forkserver.ensure_running()
    return context


def _begin(environment: dict[str, str], folder: str) -> None:
    """In a new worker, which was forked from a process that may be older than this environment."""
    global _scratch
    _scratch = Path(folder)
    tempfile.tempdir = folder  # also for Jupyter's files, which hold the keys of kernels
    gc.freeze()
    gc.enable()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that has the workers
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)  # the workers share the cores already
        from nonconv.grading.engine import apart  # imports torch: the process that leads needs none

        apart.begin()  # before there is another thread
    limit_memory(MEMORY)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would go on with what it does."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    shutil.rmtree(scratch(), ignore_errors=True)
    os._exit(1)


def _serve(connection: Connection, environment: dict[str, str], folder: str) -> None:
    """What a worker does: one thing after the other, until there is no more."""
    _begin(environment, folder)
    with contextlib.suppress(EOFError, OSError):
        while (task := connection.recv()) is not None:
            function, arguments, options = task
            try:
                answer = True, function(*arguments, **options)
            except Exception as error:
                answer = False, error
            except BaseException as error:  # of a library that wants to end the process
                answer = False, RuntimeError(f"{type(error).__name__}: {error}")
            try:
                connection.send(answer)
            except (MemoryError, TypeError, AttributeError, ValueError) as error:  # it cannot be pickled
                connection.send((False, RuntimeError(f"{type(error).__name__}: {error}"[:300])))


class _Worker:
    """A process, started when there is something to do, and anew when it has come to its end."""

    def __init__(self, context: Any, environment: dict[str, str], folder: str) -> None:
        self.context, self.arguments = context, (environment, folder)
        self.process: Any = None
        self.connection: Any = None

    def do(self, task: Any) -> Any:
        """What the task returns, or raises. WorkerDied if the process ended over it."""
        if self.process is None or not self.process.is_alive():
            self.connection, theirs = self.context.Pipe()
            self.process = self.context.Process(target=_serve, args=(theirs, *self.arguments), daemon=True)
            self.process.start()
            theirs.close()
        try:
            self.connection.send(task)
            done, result = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            raise WorkerDied(ended(self.process.exitcode)) from None
        if not done:
            raise result
        return result

    def end(self) -> None:
        if self.process is not None:
            with contextlib.suppress(OSError, ValueError):
                self.connection.send(None)
            self.process.join()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()


class Processes(Executor):
    """Worker processes of this machine: each is led by a thread of this one. The folder is theirs."""

    def __init__(self, jobs: int, folder: str) -> None:
        run = str(client.run_folder())  # named before the workers start, so that one zygote serves them all
        self._new = lambda: _Worker(prepare(), {client.WHERE: run}, folder)
        self._jobs = jobs
        self._workers: list[_Worker] = []
        self._threads: list[threading.Thread] = []
        self._tasks: SimpleQueue[tuple[Future[Any], Any] | None] = SimpleQueue()
        self._over = False

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._tasks.put((future, (fn, args, kwargs)))
        if len(self._threads) < self._jobs:
            self._workers.append(self._new())
            self._threads.append(threading.Thread(target=self._lead, args=self._workers[-1:], daemon=True))
            self._threads[-1].start()
        return future

    def _lead(self, worker: _Worker) -> None:
        while (order := self._tasks.get()) is not None:
            future, task = order
            if self._over or not future.set_running_or_notify_cancel():
                future.cancel()
                continue
            try:
                future.set_result(worker.do(task))
            except BaseException as error:
                future.set_exception(CancelledError() if self._over else error)
        worker.end()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            with contextlib.suppress(Empty):
                while (order := self._tasks.get_nowait()) is not None:
                    order[0].cancel()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def kill(self) -> None:
        """End at once what is being done, and everything that waits."""
        self._over = True
        self.shutdown(wait=False, cancel_futures=True)
        for worker, thread in zip(self._workers, self._threads, strict=True):
            while thread.is_alive():  # it may just have started another
                worker.kill()
                thread.join(0.05)


@contextmanager
def workers(jobs: int, scheduler: str | None = None) -> Iterator[Executor]:
    """Local processes, or those of a Dask cluster.

    ModuleNotFoundError says what to install for the latter.
    """
    if scheduler is None:
        with tempfile.TemporaryDirectory(prefix="workers-", dir=client.run_folder()) as folder:
            pool = Processes(jobs, folder)
            try:
                yield pool
            except BaseException:  # after Ctrl-C the rest of the class is not waited for
                pool.kill()
                raise
            pool.shutdown()
        return
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "a scheduler needs Dask: pip install 'nonconv[cluster]', here and on the workers"
        ) from None
    with Client(scheduler) as client_:
        yield client_.get_executor(retries=2)  # a worker that dies takes no submission with it
