"""A run of grading that is ended by a signal leaves no process and no file; what a killed one left goes with
the next."""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.grading import tiny
from helpers.grading.tiny import ANSWERS, UNIT

pytestmark = pytest.mark.slow
ENDLESS = "import time\ntime.sleep(1000)"


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for the temporary files of one run: short, for the path of a socket."""
    folder = Path(tempfile.mkdtemp(prefix="t-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def started(course: Path, inbox: Path, temporary: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "nonconv.grading", "autograde", UNIT, "--from", str(inbox), "--jobs", "1"]
    environment = {name: value for name, value in os.environ.items() if name != "NONCONV_ZYGOTE"}
    return subprocess.Popen(
        line, cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        env=environment | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip


def kernel_of(process: subprocess.Popen[str], temporary: Path) -> None:
    """Wait until a student's cell runs."""
    assert process.stdout is not None
    while process.poll() is None and not any(  # (Path.glob would stumble over what goes meanwhile)
        Path(folder).name.startswith("kernel-") and any(name.startswith("zmq-") for name in names)
        for folder, _, names in os.walk(temporary)
    ):
        select.select([process.stdout], [], [], 0.05)
    assert process.poll() is None, process.stdout.read()


def of_the_run(temporary: Path) -> list[int]:
    """The processes that were started with this folder for their temporary files."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={temporary}\0".encode() in path.read_bytes() + b"\0":
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def all_ended(temporary: Path) -> None:
    """Wait for the run's processes, each as long as it needs: one that stays would hang this test."""
    while pids := of_the_run(temporary):
        for pid in pids:
            try:
                select.select([os.pidfd_open(pid)], [], [])
            except OSError:
                continue


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 128 + signal.SIGTERM),
        pytest.param(signal.SIGINT, 130, marks=pytest.mark.weekly),
        pytest.param(signal.SIGHUP, 128 + signal.SIGHUP, marks=pytest.mark.weekly),
    ],
)
@pytest.mark.xdist_group("signals")
def test_a_run_that_is_stopped_leaves_nothing(
    number: int, code: int, tmp_path: Path, temporary: Path
) -> None:
    course = tiny.released_course(tmp_path / "course")
    inbox = tiny.inbox(tmp_path / "inbox", {"ada": ANSWERS["ada"], "eve": ENDLESS})
    process = started(course, inbox, temporary)
    kernel_of(process, temporary)
    process.send_signal(number)
    printed, _ = process.communicate()
    assert process.returncode == code, printed
    assert "Traceback" not in printed
    all_ended(temporary)
    assert list(temporary.iterdir()) == []
    assert not (course / ".grading" / "collecting").exists()


@pytest.mark.xdist_group("signals")
def test_what_a_killed_run_left_goes_with_the_next_and_a_killed_worker_costs_nothing(
    tmp_path: Path, temporary: Path
) -> None:
    course = tiny.released_course(tmp_path / "course")
    process = started(course, tiny.inbox(tmp_path / "inbox", {"eve": ENDLESS}), temporary)
    kernel_of(process, temporary)
    left = tempfile.mkdtemp(prefix="grading-", dir=next(temporary.glob("nonconv-run-*")))
    process.kill()
    process.communicate()
    all_ended(temporary)
    assert Path(left).exists()
    again = started(course, tiny.inbox(tmp_path / "again", {"ada": ANSWERS["ada"]}), temporary)
    kernel_of(again, temporary)
    (worker,) = [pid for pid in of_the_run(temporary) if _is_worker(pid, again.pid)]
    os.kill(worker, signal.SIGKILL)
    printed, _ = again.communicate()
    assert again.returncode == 0, printed
    assert "ada: 3 of 3" in printed, printed
    all_ended(temporary)
    assert list(temporary.iterdir()) == []


def _is_worker(pid: int, run: int) -> bool:
    """Is its parent the run's fork server, which forks nothing else? (A judge has a worker for parent.)"""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    command = Path(f"/proc/{parent}/cmdline").read_bytes()
    grandparent = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
    return b"forkserver" in command and grandparent == run
