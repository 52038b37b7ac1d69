"""Executing with care: how busy the machine is decides nothing."""

from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from helpers.grading import tiny
from nonconv.grading.engine.client import GradingClient
from nonconv.grading.engine.execute import MAX_BUSY, CarefulExecute
from nonconv.grading.engine.outputs import DIED, TIMED_OUT, has_error
from nonconv.grading.kernels import client
from nonconv.grading.kernels.provisioner import WarmProvisioner

SECONDS = 3
WAITS = "import os\nwhile not os.path.exists('go-on'):\n    pass"


@pytest.mark.skipif(not client.available(), reason="pre-warmed kernels need fork, pidfd and /proc: Linux")
@pytest.mark.parametrize("busy", [True, False])
def test_a_cells_time_stands_still_while_its_kernel_waits_for_a_processor(
    busy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def processor_wait(_: WarmProvisioner) -> float:
        """At the cell's start nothing; when its time seems to be over, most of it on a busy machine.

        The cell may end then.
        """
        nonlocal calls
        calls += 1
        if busy and calls > 1:
            (tmp_path / "go-on").touch()
            return SECONDS * (MAX_BUSY - 1)
        return 0.0

    monkeypatch.setattr(WarmProvisioner, "processor_wait", processor_wait)
    notebook = new_notebook(cells=[tiny.cell("waits", WAITS)])
    execute = CarefulExecute(kernel_name="nonconv-warm", allow_errors=True, timeout=SECONDS)
    done, _ = execute.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert calls > 1
    assert has_error(done.cells[0].outputs, TIMED_OUT) == (not busy)


@pytest.mark.skipif(not client.available(), reason="pre-warmed kernels need fork, pidfd and /proc: Linux")
def test_who_waited_for_a_processor_is_watched_until_its_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def processor_wait(_: WarmProvisioner) -> float:
        waited.append(SECONDS * len(waited))
        return waited[-1]

    monkeypatch.setattr(WarmProvisioner, "processor_wait", processor_wait)
    # too much comes when the cell's time on the clock is over
    monkeypatch.setattr(GradingClient, "flooded", lambda _: len(waited) > 1)
    notebook = new_notebook(cells=[tiny.cell("waits", WAITS)])
    execute = CarefulExecute(kernel_name="nonconv-warm", allow_errors=True, timeout=SECONDS)
    done, _ = execute.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert has_error(done.cells[0].outputs, DIED)
    assert "too large" in done.cells[0].outputs[-1].evalue


@pytest.mark.skipif(not client.available(), reason="pre-warmed kernels need fork, pidfd and /proc: Linux")
@pytest.mark.parametrize("worked", [True, False])
def test_a_cell_stopped_by_the_clock_is_cut_short_unless_it_was_on_a_processor_for_so_long(
    worked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.0, 0.0])  # before the cell, and for the next one's

    def processor_time(_: WarmProvisioner) -> float:
        return next(times, 1.0 if worked else 0.5)

    monkeypatch.setattr(WarmProvisioner, "processor_time", processor_time)
    sleeps = tiny.cell("sleeps", "import time; time.sleep(1e3)")
    notebook = new_notebook(cells=[tiny.cell("quick", "1"), sleeps])
    execute = CarefulExecute(kernel_name="nonconv-warm", allow_errors=True, timeout=1)
    done, resources = execute.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert has_error(done.cells[1].outputs, TIMED_OUT)
    assert resources["cut_short"] == (not worked)


@pytest.mark.skipif(not client.available(), reason="pre-warmed kernels need fork, pidfd and /proc: Linux")
def test_a_kernel_that_the_system_killed_was_cut_short_and_one_that_ended_itself_was_not(
    tmp_path: Path,
) -> None:
    for ending, killed in (("os.kill(os.getpid(), 9)", True), ("os._exit(3)", False)):
        notebook = new_notebook(cells=[tiny.cell("ends", f"import os; {ending}")])
        execute = CarefulExecute(kernel_name="nonconv-warm", allow_errors=True, timeout=60)
        done, resources = execute.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
        assert has_error(done.cells[0].outputs, DIED)
        assert resources["cut_short"] == killed
