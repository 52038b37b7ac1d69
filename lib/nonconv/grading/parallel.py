"""Executing many submissions at once, here or on a cluster, with no access to the gradebook.

A worker has a scratch course: the configuration, the solutions of the unit, and a gradebook without students. In it nbgrader itself
sanitises a submission and executes it; what comes back is the results, by their keys (`nonconv.grading.store`).
"""

import hashlib
import io
import os
import shutil
import tempfile
import threading
import traceback
import zipfile
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context, parent_process
from pathlib import Path

from nonconv.grading import warm
from nonconv.grading.store import Store, engine
from nonconv.publish.course import course_api

Files = dict[str, bytes]


def pack(root: Path, unit: str, kernel: str | None = None) -> bytes:
    """The scratch course as a zip: what a worker needs to sanitise and execute submissions of the unit."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        shutil.copy(root / "nbgrader_config.py", scratch)
        if kernel is not None:
            with (scratch / "nbgrader_config.py").open("a", encoding="utf-8") as config:
                config.write(f"\nc.Execute.kernel_name = {kernel!r}\n")
        shutil.copytree(root / "solutions" / unit, scratch / "solutions" / unit)
        api = course_api(scratch, scratch, scratch / "gradebook.db")
        made = api.generate_assignment(unit, force=True, create=True)
        if not made["success"]:
            raise RuntimeError(f"nbgrader could not release {unit}:\n{made.get('error')}\n{made['log']}")
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(scratch.rglob("*")):
                if path.is_file() and path.relative_to(scratch).parts[0] != "exercises":
                    archive.write(path, path.relative_to(scratch))
        return data.getvalue()


_scratch: list[tempfile.TemporaryDirectory[str]] = []  # they go when the worker does


@cache
def _unpacked(course: bytes) -> Path:
    """The scratch course of this worker."""
    _scratch.append(tempfile.TemporaryDirectory(prefix="grading-"))
    with zipfile.ZipFile(io.BytesIO(course)) as archive:
        archive.extractall(_scratch[-1].name)
    return Path(_scratch[-1].name)


def execute(course: bytes, unit: str, student: str, files: Files) -> dict[str, str]:
    """In a worker: the results of a submission's notebooks, by key. What goes wrong is left for the commit to meet again."""
    root = _unpacked(course)
    submitted, results = root / "submitted" / student / unit, root / "results"
    try:
        for name, content in files.items():
            (submitted / name).parent.mkdir(parents=True, exist_ok=True)
            (submitted / name).write_bytes(content)
        api = course_api(root, root, root / "gradebook.db")
        api.config.StoredExecute.store = str(results)
        # sanitised and executed; judging and scores are a matter of the one who has the gradebook
        api.config.StoredExecute.judging = False
        api.config.Autograde.autograde_preprocessors = ["nonconv.grading.store.StoredExecute"]
        api.autograde(unit, student, force=True)
        store = Store(results)
        return {key: text for key in store.names() if (text := store.get(key)) is not None}
    finally:
        for path in (root / "submitted" / student, root / "autograded" / student, results):
            shutil.rmtree(path, ignore_errors=True)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for its next order for ever."""

    def watch() -> None:
        parent = parent_process()
        assert parent is not None
        parent.join()
        for folder in _scratch:
            folder.cleanup()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def files_of(folder: Path) -> Files:
    """A submission's files as bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()}  # fmt: skip


@contextmanager
def workers(jobs: int, scheduler: str | None = None) -> Iterator[Executor]:
    """Local processes, or those of a Dask cluster. ModuleNotFoundError says what to install for the latter."""
    if scheduler is None:
        if warm.available():
            warm.folder()  # named before the workers start, so that one zygote serves them all
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent)
        try:
            yield pool
        finally:  # after Ctrl-C nobody waits for the rest of the class
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


def executed(
    root: Path,
    unit: str,
    submissions: dict[str, Path],
    store: Store,
    executor: Executor,
    kernel: str | None = None,
) -> Iterator[tuple[str, str | None]]:
    """Execute every submission whose results are not in the store yet; (student, problem) as each is there.

    A problem is a worker that died: nothing is lost, since whoever commits executes what has no result.
    """
    course = pack(root, unit, kernel)
    contents = _without_times(course)
    keys: set[str] = set()
    waiting: dict[Future[dict[str, str]], tuple[str, str]] = {}
    for student, folder in submissions.items():
        files = files_of(folder)
        name = _name(contents, student, files)
        if (known := store.recall(name)) is not None:
            keys |= {name, *known}
            yield student, None
        else:
            waiting[executor.submit(execute, course, unit, student, files)] = student, name
    for future in as_completed(waiting):
        student, name = waiting[future]
        try:
            results = future.result()
        except Exception as error:
            yield student, "".join(traceback.format_exception_only(error)).strip()
            continue
        for key, text in results.items():
            store.put(key, text)
        store.remember(name, list(results))
        keys |= {name, *results}
        yield student, None
    store.keep(keys)


def _name(contents: bytes, student: str, files: Files) -> str:
    """A submission's name in the store: a hash of what it is and of what is in the course it is handed in to."""
    found = hashlib.sha256(f"{engine()} {student}".encode() + contents)
    for name, content in sorted(files.items()):
        found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()


def _without_times(course: bytes) -> bytes:
    """What is in the scratch course, but for its gradebook, which names the moment it was made."""
    with zipfile.ZipFile(io.BytesIO(course)) as archive:
        told = [(one.filename, one.CRC) for one in archive.infolist() if one.filename != "gradebook.db"]
    return repr(told).encode()
