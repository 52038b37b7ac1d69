"""What one sandbox gets of the processors: its own share, however many sessions and processes it starts."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.grading import isolation
from helpers.grading.kernels import ended, kernel
from nonconv.grading.kernels.sandbox import sharing

needs_sandbox = isolation.needed()
needs_autogroups = pytest.mark.skipif(not sharing.by_session(), reason="Linux shares by process here")

# as the process outside of a sandbox: a child, and below it two more, in sessions of their own or not
TREE = """
import os, signal, sys
if not os.fork():
    for _ in range(2):
        if not os.fork():
            if {own}: os.setsid()
            os.write(1, b"!")
            signal.pause()
    signal.pause()
signal.pause()
"""


@pytest.fixture
def tree(request: pytest.FixtureRequest) -> Iterator[int]:
    """The process at the top of TREE, and all below it, until the test's end."""
    command = [sys.executable, "-c", TREE.format(own=request.param)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as top:
        assert top.stdout is not None
        assert top.stdout.read(2) == b"!!"
        yield top.pid
        for pid in [*sharing.processes(top.pid), top.pid]:
            os.kill(pid, signal.SIGKILL)


@needs_autogroups
@pytest.mark.parametrize("tree", [True], indirect=True)
def test_sessions_beside_the_kernels_own_count_next_to_nothing(tree: int) -> None:
    assert sharing.share(tree, sessions=True) == 3
    first, *others = sharing.processes(tree)
    assert Path(f"/proc/{first}/autogroup").read_text().endswith("nice 0\n")
    for pid in others:
        assert Path(f"/proc/{pid}/autogroup").read_text().endswith("nice 19\n")


@pytest.mark.parametrize("tree", [False], indirect=True)
def test_where_linux_shares_by_process_all_but_the_kernel_count_next_to_nothing(tree: int) -> None:
    assert sharing.share(tree, sessions=False) == 1
    first, *others = sharing.processes(tree)
    # ours: this test may run with less than others
    assert os.getpriority(os.PRIO_PROCESS, first) == os.getpriority(os.PRIO_PROCESS, 0)
    assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in others] == [19, 19]


def test_what_has_ended_has_no_sessions_to_share() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    with pytest.raises(ProcessLookupError):
        sharing.share(process.pid, sessions=True)
    assert list(sharing.processes(process.pid)) == []


@needs_sandbox
def test_each_kernel_has_a_session_of_its_own(tmp_path: Path) -> None:
    with kernel("nonconv-isolated", tmp_path) as one, kernel("nonconv-isolated", tmp_path) as other:
        outside = [each.manager.provisioner.pid for each in (one, other)]  # type: ignore[union-attr]
        inside = [next(iter(sharing.processes(pid))) for pid in outside]
        assert [os.getsid(pid) for pid in inside] == outside


@needs_sandbox
def test_a_kernel_with_too_many_sessions_is_ended_and_the_reason_is_known(tmp_path: Path) -> None:
    more = f"""
import os, signal
for _ in range({sharing.MAX_SESSIONS + 1}):
    if not os.fork():
        os.setsid()
        signal.pause()
"""
    with kernel("nonconv-isolated", tmp_path) as hostile:
        provisioner = hostile.manager.provisioner
        waits = provisioner.pid  # type: ignore[union-attr]
        with contextlib.suppress(TimeoutError):  # it may be gone before it has answered
            hostile.run(more)
        assert ended(waits)
        while (status := hostile.manager.is_alive()) and status:
            pass
        assert provisioner.why == (  # type: ignore[union-attr]
            f"it had more than {sharing.MAX_SESSIONS} sessions of processes at once"
        )


@needs_sandbox
def test_terminals_are_few_and_a_command_still_has_one(tmp_path: Path) -> None:
    with kernel("nonconv-isolated", tmp_path) as own:
        opened = "while True: kept.append(os.openpty())"
        own.run(f"import os, contextlib; kept = []\nwith contextlib.suppress(OSError):\n    {opened}")
        assert 0 < int(own.run("print(len(kept))")) <= 32
        assert own.run("for pair in kept:\n    for one in pair: os.close(one)\n!echo from a shell").endswith(
            "from a shell"
        )
