"""What the provisioner reads from /proc."""

import os
from pathlib import Path

import pytest

from helpers.grading.kernels import kernel
from nonconv.grading.kernels import client, provisioner
from nonconv.grading.kernels.provisioner import WarmProvisioner, processor_time, processor_wait, ready


def test_the_thread_that_waited_longest_for_a_processor_counts(tmp_path: Path) -> None:
    for thread, statistics in (("7", "900 2000000000 3"), ("8", "1 5500000000 2"), ("9", "")):
        (tmp_path / "7" / "task" / thread).mkdir(parents=True)
        (tmp_path / "7" / "task" / thread / "schedstat").write_text(statistics)
    assert processor_wait(7, tmp_path) == 5.5  # exact: eleven halves
    assert processor_wait(8, tmp_path) == 0  # there is no such process


def test_what_a_process_has_waited_does_not_become_less() -> None:
    before = processor_wait(os.getpid())
    assert 0 <= before <= processor_wait(os.getpid())


@pytest.mark.parametrize(("at_once", "counts"), [(1, 40.0), (5, 8.0)])
def test_what_a_kernel_waits_for_itself_does_not_stop_its_clock(
    at_once: int, counts: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others that keep a processor from its first process may be of its own."""
    waited = iter([2.0, 12.0, 42.0])
    monkeypatch.setattr(provisioner, "processor_wait", lambda pid: next(waited))
    monkeypatch.setattr(provisioner, "ready", lambda pids: at_once)
    monkeypatch.setattr(provisioner, "BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(WarmProvisioner, "_python", 7)
    one = WarmProvisioner()
    before = one.processor_wait()
    one.processor_wait()
    assert one.processor_wait() - before == counts  # exact: whole numbers


def test_threads_that_are_ready_are_counted_and_others_are_not(tmp_path: Path) -> None:
    for process, thread, state in ((7, 7, "R"), (7, 8, "S"), (9, 9, "R"), (9, 10, "Z")):
        (tmp_path / f"{process}/task/{thread}").mkdir(parents=True)
        (tmp_path / f"{process}/task/{thread}/stat").write_text(f"{thread} (a) R) {state} 1 2")
    assert ready([7, 9, 11], tmp_path) == 2


def test_processor_time_is_read_behind_a_name_of_any_kind(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    ticks = os.sysconf("SC_CLK_TCK")
    numbers = " ".join(["S", *"1234567890", str(3 * ticks), str(ticks), "99"])
    (tmp_path / "7" / "stat").write_text(f"7 (a) b 1 2 3) {numbers}")
    assert processor_time(7, tmp_path) == 4.0  # exact: ticks by ticks
    assert processor_time(8, tmp_path) == 0  # there is no such process


def test_processor_time_is_that_of_the_system() -> None:
    before = sum(os.times()[:2])
    assert before - 0.05 <= processor_time(os.getpid()) <= sum(os.times()[:2]) + 0.05


@pytest.mark.skipif(not client.available(), reason="kernels cannot be isolated here")
def test_pip_does_not_try_to_reach_a_network_that_is_not_there() -> None:
    """`%pip install` stands at the top of many notebooks; its retries would take minutes of each."""
    with kernel("nonconv-isolated") as one:
        command = (
            'subprocess.run([sys.executable, "-m", "pip", "install", "no-such-package"], capture_output=True)'
        )
        said = one.run(f"import subprocess, sys\nprint(({command}).stderr.decode())")
    assert "No matching distribution" in said
    assert "Retrying" not in said
