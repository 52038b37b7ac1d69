"""Kernels forked from the zygote: as good as plain ones, each for itself, and gone with whoever asked for
them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.grading.kernels import HANG, Kernel, ended, kernel
from nonconv import checks
from nonconv.grading.kernels import client, zygote

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(
    not client.available(), reason="warm kernels need fork, pidfd and /proc: Linux"
)


@pytest.fixture(scope="module")
def one() -> Iterator[Kernel]:
    with kernel() as started:
        yield started


def test_torch_is_imported_before_the_notebook_says_so(one: Kernel) -> None:
    assert one.run("import sys; print('torch' in sys.modules, 'numpy' in sys.modules)") == "True True"


def test_an_edited_library_is_seen_though_the_zygote_has_imported_it() -> None:
    edited = Path(checks.__file__)
    before = edited.stat().st_mtime
    with kernel() as own:
        assert own.run("import sys; print('nonconv.checks' in sys.modules)") == "True"
        os.utime(edited)
        try:
            with kernel() as later:
                assert later.run("import sys; print('nonconv.checks' in sys.modules)") == "False"
                assert later.run("from nonconv.checks import check; print(check.__name__)") == "check"
        finally:
            os.utime(edited, (before, before))


def test_products_convolutions_and_workers_run_in_a_forked_kernel(one: Kernel) -> None:
    code = """
import torch
from torch.utils.data import DataLoader
a = torch.ones(300, 300)
print(int((a @ a).sum()), int(torch.conv2d(a[None, None], a[None, None, :3, :3]).sum()))
print(torch.stack(list(DataLoader(torch.arange(6), num_workers=2))).sum().item())
"""
    assert one.run(code) == "27000000 799236\n15"


def test_two_kernels_draw_different_numbers() -> None:
    drawn = []
    for _ in range(2):
        with kernel() as own:
            drawn.append(
                own.run(
                    "import random, numpy, torch\n"
                    "print(random.random(), numpy.random.rand(), torch.rand(1).item())"
                ).split()
            )
    assert all(first != second for first, second in zip(*drawn, strict=True))


def test_a_kernel_has_the_folder_and_the_environment_of_who_asked_for_it(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("word = 'found'")
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "elsewhere.py").write_text("word = 'too'")
    with kernel(folder=tmp_path, COLOUR="green", PYTHONPATH=str(tmp_path / "path")) as own:
        said = own.run(
            "import os, beside, elsewhere\n"
            "print(os.getcwd(), os.environ['COLOUR'], beside.word, elsewhere.word)"
        )
        assert said == f"{tmp_path} green found too"
        assert (
            own.run("print('NONCONV_ZYGOTE' in os.environ, 'JPY_PARENT_PID' in os.environ)") == "False False"
        )


def test_a_warning_reaches_the_notebook_and_a_picture_is_drawn_inline(one: Kernel) -> None:
    assert "careful" in one.run("import warnings; warnings.warn('careful')")
    drawn: list[dict] = []
    one.client.execute_interactive(
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
        output_hook=lambda message: drawn.append(message["content"].get("data", {})),
    )
    assert [sorted(data) for data in drawn if data] == [["image/png", "text/plain"]]


def test_what_is_written_past_python_stands_in_its_own_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """By C code and by programs: another thread of the kernel reads it."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # where ipykernel sees it, it leaves the descriptors alone
    with kernel() as own:
        for number in range(20):
            assert own.run(f"import os; _ = os.write(1, b'raw {number}')") == f"raw {number}"
        for number in range(5):
            assert own.run(f"_ = os.system('echo hi {number}')") == f"hi {number}"


# ends just when the thread that sends every 0.2 s has taken what was printed, and has not sent it
LONG = """
import time
print("x" * 3_000_000)
end = time.monotonic() + 0.19 + 0.003 * NUMBER
while time.monotonic() < end:
    pass
"""


def test_nothing_printed_is_lost_to_the_thread_that_sends(one: Kernel) -> None:
    said = [len(one.run(LONG.replace("NUMBER", str(number)))) for number in range(10)]
    assert said == [3_000_000] * 10


def test_a_running_cell_can_be_interrupted_and_a_kernel_restarted() -> None:
    with kernel() as own:
        endless = "x = 7\nprint('running', flush=True)\nwhile True: pass"
        assert own.run(endless, own.manager.interrupt_kernel).split() == ["running", "KeyboardInterrupt:"]
        assert own.run("print(x)") == "7"
        own.manager.restart_kernel(now=True)
        own.client.wait_for_ready(timeout=HANG)
        assert "NameError" in own.run("print(x)")


def test_a_dead_kernel_is_seen_to_be_dead() -> None:
    with kernel() as own:
        pid = own.manager.provisioner.pid  # type: ignore[union-attr]
        own.client.execute("import os; os._exit(3)")
        assert ended(pid)
        end = time.monotonic() + HANG  # on a busy machine the zygote reports it a little later
        while own.manager.is_alive() and time.monotonic() < end:
            pass
        assert not own.manager.is_alive()


USER = """
import json, os, sys, time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="nonconv-warm")
kernel = manager.provisioner.pid
zygote = int(open(f"/proc/{kernel}/stat").read().rsplit(")")[1].split()[1])
print(json.dumps([kernel, zygote, os.environ["NONCONV_ZYGOTE"]]), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["it ends", "it is killed"])
def test_nothing_outlives_the_process_that_asked(how: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != client.WHERE}
    user = subprocess.Popen(
        [sys.executable, "-c", USER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**environment, "TMPDIR": str(tmp_path)},
    )
    assert user.stdin
    assert user.stdout
    pid, parent, folder = json.loads(user.stdout.readline())
    assert Path(folder).is_dir()
    if how == "it is killed":
        user.kill()
    user.stdin.close()
    user.wait(HANG)
    user.stdout.close()
    assert ended(pid)
    assert ended(parent)
    assert not Path(folder).exists()


def test_the_processes_of_a_run_share_one_zygote() -> None:
    with kernel() as own:
        asker = subprocess.run(
            [sys.executable, "-c", USER], input="", capture_output=True, text=True, check=True
        )
        _, other, folder = json.loads(asker.stdout)
        here = int(own.run("import os; print(os.getppid())"))
    assert other == here
    assert folder == os.environ[client.WHERE]


def test_a_zygote_survives_a_user_who_leaves_just_as_a_kernel_ends() -> None:
    with kernel() as witness:
        for _ in range(5):
            with kernel() as own:
                provisioner: Any = own.manager.provisioner
                os.kill(provisioner.pid, signal.SIGKILL)
                provisioner.connection.close()
                assert ended(provisioner.pid)
                provisioner.connection, provisioner.status = None, -9
        assert witness.run("print(6 * 7)") == "42"


def test_a_zygote_that_has_died_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(client.WHERE, str(tmp_path / "run"))  # its own: the shared one's kernels live on
    monkeypatch.setattr(client, "_lifelines", {})
    with kernel() as own:
        parent = int(own.run("import os; print(os.getppid())"))
        os.kill(parent, signal.SIGKILL)
        assert ended(own.manager.provisioner.pid)  # type: ignore[union-attr]
        assert not own.manager.is_alive()
    with kernel() as own:
        assert own.run("print(6 * 7)") == "42"


def test_a_zygote_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho no torch here >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv(client.WHERE, str(tmp_path / "run"))
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(client, "_lifelines", {})
    with pytest.raises(client.WarmError, match="the zygote did not start: no torch here"):
        client.launch({"isolated": False})


def test_a_zygote_with_threads_does_not_fork() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with pytest.raises(OSError, match=r"the zygote has \d+ threads"):
            zygote.Zygote.fork(None, {})  # type: ignore[arg-type]
    finally:
        stop.set()
        thread.join()


def test_where_there_is_no_fork_the_same_name_starts_a_plain_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "available", lambda: False)
    with kernel() as own:
        assert (
            own.run("import os, sys; print(os.getppid(), 'torch' in sys.modules)") == f"{os.getpid()} False"
        )


def test_a_cell_may_wait_for_the_event_loop(one: Kernel) -> None:
    assert one.run("import asyncio\nawait asyncio.sleep(0)\nprint('woken')") == "woken"


@pytest.mark.parametrize("code", ["print('\\ud800')", "raise ValueError('\\ud800')"])
def test_half_a_character_is_sent_as_a_question_mark(one: Kernel, code: str) -> None:
    assert "?" in one.run(code)
    assert one.run("print('after')") == "after"


def test_a_check_is_found_though_a_cell_has_gone_to_another_folder(tmp_path: Path) -> None:
    shutil.copy(ROOT / "exercises/03-sigmoid-versus-relu/checks.json", tmp_path)
    with kernel(folder=tmp_path) as own:
        own.run("from nonconv.checks import check\n%cd /")
        said = own.run("check('slope-from-value', lambda y, A, k: k * (A - y * y / A))")
    assert said.startswith("✓ slope-from-value")
