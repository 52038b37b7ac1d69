"""Workers: whatever ends one costs what it did, and nothing else; nothing of a pool stays behind."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest

from nonconv.grading.kernels import client
from nonconv.grading.limits import Limits, within
from nonconv.grading.workers.pool import Processes, WorkerDied, scratch, workers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pool")]
GENEROUS = Limits(memory=1024, processor=60, clock=60)


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with workers(1) as made:
        yield made


def spin() -> None:
    while True:
        pass


def swallow() -> int:
    return len(bytearray(4 * 2**30))


def recurse() -> None:
    recurse()


def leave() -> None:
    raise SystemExit(3)


def here(_: int = 0) -> int:
    return os.getpid()


def place() -> Path:
    made = scratch() / "of a worker"
    made.mkdir(exist_ok=True)
    return made


@pytest.mark.parametrize(
    ("limits", "function", "arguments", "why"),
    [
        (GENEROUS, os._exit, (7,), "exit code 7"),
        (GENEROUS, os.kill, (0, signal.SIGKILL), ""),
        (GENEROUS, os.abort, (), "SIGABRT"),
        (Limits(1024, 1, 60), spin, (), "used up its processor time"),
        (Limits(1024, 60, 1), time.sleep, (60,), "took too long"),
    ],
)
def test_what_ends_a_worker_costs_itself_and_says_why(
    limits: Limits, function, arguments: tuple, why: str, pool: Executor
) -> None:
    before = pool.submit(here).result()
    if function is os.kill:
        arguments, why = (before, signal.SIGKILL), "SIGKILL"
    died, next_one = pool.submit(within, limits, function, *arguments), pool.submit(here)
    with pytest.raises(WorkerDied, match=why):
        died.result()
    assert next_one.result() not in (before, os.getpid())


@pytest.mark.parametrize(
    ("function", "error"), [(swallow, MemoryError), (recurse, RecursionError), (leave, RuntimeError)]
)
def test_what_raises_leaves_the_worker_as_it_was(function, error: type[Exception], pool: Executor) -> None:
    before = pool.submit(here).result()
    with pytest.raises(error):
        pool.submit(within, GENEROUS, function).result()
    assert pool.submit(here).result() == before


def test_limits_hold_for_one_thing_only(pool: Executor) -> None:
    for _ in range(3):
        assert pool.submit(within, Limits(256, 1, 60), len, "abc").result() == 3
    assert pool.submit(len, bytearray(300 * 2**20)).result() == 300 * 2**20


def test_an_error_ends_the_workers_at_once_and_takes_their_files_away(tmp_path: Path) -> None:
    made = workers(1)
    pool = made.__enter__()
    folder, pid = pool.submit(place).result(), pool.submit(here).result()
    endless = pool.submit(time.sleep, 1000)
    assert not made.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)  # it goes on to the caller
    assert endless.done()
    assert not folder.parent.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_pool_that_is_over_has_left_nothing() -> None:
    with workers(2) as made:
        assert isinstance(made, Processes)
        folder = made.submit(place).result()
        pids = set(made.map(here, range(4)))
    assert not folder.parent.exists()
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_the_folder_of_a_run_that_was_killed_goes_with_the_next_and_a_living_ones_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_short", lambda: str(tmp_path))
    dead, alive = tmp_path / f"{client.PREFIX}dead", tmp_path / f"{client.PREFIX}alive"
    for folder in (dead, alive):
        (folder / "grading-x").mkdir(parents=True)
        (folder / "grading-x" / "secret").write_text("secret")
    (tmp_path / "nonconv-of-somebody-else").mkdir()
    monkeypatch.setenv(client.WHERE, str(alive))
    assert client.run_folder() == alive
    client.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "nonconv-of-somebody-else",
        f"{client.PREFIX}alive",
    ]
    assert (alive / "grading-x" / "secret").exists()
