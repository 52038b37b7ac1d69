"""Executing with care: how busy the machine is decides nothing."""

from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from helpers.grading import tiny
from nonconv.grading.engine.execute import MAX_BUSY, CarefulExecute
from nonconv.grading.engine.outputs import TIMED_OUT, has_error
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
