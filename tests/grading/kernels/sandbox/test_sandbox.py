"""The sandbox of a graded kernel: what is in it, what is not, and what is said where it cannot be
built."""

import ctypes
import json
import os
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.grading import isolation, tiny
from helpers.grading.kernels import Kernel, ended, kernel
from nonconv.grading import pipeline
from nonconv.grading.kernels import client
from nonconv.grading.kernels.provisioner import files_beside
from nonconv.grading.kernels.sandbox import namespaces, seccomp
from nonconv.grading.submissions.collect import collect

needs_sandbox = isolation.needed()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("closed")
    (folder / "checks.json").write_text("{}")
    (folder / "torch.py").write_text("raise SystemExit")
    (folder / "helper.py").write_text("word = 'helped'")
    (folder / "work.ipynb").write_text("{}")
    with kernel("nonconv-isolated", folder, SOME_TOKEN="secret") as started:
        started.run("import os")
        yield started


@needs_sandbox
def test_it_holds_the_files_beside_the_notebook_and_no_notebook(closed: Kernel) -> None:
    assert closed.run("import os; print(os.getcwd(), sorted(os.listdir()))") == (
        "/submission ['checks.json', 'helper.py', 'torch.py']"
    )
    assert closed.run("import torch, helper; print(torch.ones(2).sum().item(), helper.word)") == "2.0 helped"


@needs_sandbox
def test_a_shell_command_has_the_kernels_own_session_no_terminal_and_no_network_to_wait_for(
    closed: Kernel,
) -> None:
    assert closed.run("!test -t 0 || echo no terminal") == "no terminal"
    assert closed.run("!read answer; exit 3\nprint(_exit_code)") == "3"
    session = "import os; print(os.getsid(0) == os.getsid(os.getppid()))"
    assert closed.run(f'import sys; python = sys.executable\n!$python -c "{session}"') == "True"
    word = "word = 'here'\ndef says():\n    mine = 'there'\n    !echo $word {mine}\nsays()"
    assert closed.run(word) == "here there"
    for line in ("!pip install nowhere-to-be-found", "%pip install nowhere-to-be-found"):
        assert "There is no network while work is graded" in closed.run(line), line


@needs_sandbox
def test_it_has_no_other_process_no_network_and_no_rights(closed: Kernel) -> None:
    assert (
        closed.run("print(os.getpid(), [name for name in os.listdir('/proc') if name.isdigit()])")
        == "1 ['1']"
    )
    assert closed.run("import socket; print([name for _, name in socket.if_nameindex()])") == "['lo']"
    assert "CapEff:\t0000000000000000" in closed.run("print(open('/proc/self/status').read())")
    assert "NoNewPrivs:\t1" in closed.run("print(open('/proc/self/status').read())")
    assert closed.run(
        "print('SOME_TOKEN' in os.environ, b'SOME_TOKEN' in open('/proc/self/environ', 'rb').read())"
    ) == ("False False")
    assert closed.run(
        "print(os.path.exists('/root/.bashrc'), os.path.exists('/home'), os.path.exists('/var'))"
    ) == ("False False False")


@needs_sandbox
@pytest.mark.parametrize("path", [sys.prefix, "/usr", "/etc", "/dev", str(Path(namespaces.__file__).parent)])
def test_what_it_sees_cannot_be_written(closed: Kernel, path: str) -> None:
    said = closed.run(f"open({path + '/new'!r}, 'w')")
    assert "Read-only file system" in said or "Permission denied" in said


@needs_sandbox
def test_torch_workers_and_programs_run_in_it(closed: Kernel) -> None:
    code = """
import subprocess, sys, torch
from torch.utils.data import DataLoader
a = torch.ones(300, 300)
print(int((a @ a).sum()), torch.stack(list(DataLoader(torch.arange(6), num_workers=2))).sum().item())
program = [sys.executable, "-c", "import numpy; print(numpy.ones(3).sum())"]
print(subprocess.run(program, capture_output=True, text=True).stdout)
"""
    assert closed.run(code) == "27000000 15\n3.0"
    assert closed.run("!echo from a shell") == "from a shell"
    assert (
        closed.run("import matplotlib.pyplot as plt; plt.plot([1]); plt.close(); print('drawn')") == "drawn"
    )


@needs_sandbox
def test_sockets_are_of_the_families_that_its_network_holds(closed: Kernel) -> None:
    code = """
import socket
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
    socket.socket(family).close()
left, right = socket.socketpair()
left.send(b"x")
print(right.recv(1))
for family in (socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG, 31, 44):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            print("opened", family, kind, socket.socket(family, kind))
        except OSError as error:
            assert error.errno == 97, error
"""
    assert closed.run(code) == "b'x'"


@needs_sandbox
def test_it_ends_with_its_zygote_whatever_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(client.WHERE, str(tmp_path / "run"))  # a zygote of its own, to be killed
    monkeypatch.setattr(client, "_lifelines", {})
    with kernel("nonconv-isolated", tmp_path) as own:
        # what forked it waits for it outside; that one's parent is the zygote
        waits = own.manager.provisioner.pid  # type: ignore[union-attr]
        own.run(
            "import ctypes, os; ctypes.CDLL(None).prctl(1, 0); os.setsid() if os.getpgid(0) != 1 else None"
        )
        (inside,) = Path(f"/proc/{waits}/task/{waits}/children").read_text().split()
        zygote = int(Path(f"/proc/{waits}/stat").read_text().rsplit(")")[1].split()[1])
        os.kill(zygote, signal.SIGKILL)
        assert ended(int(inside))
        assert ended(waits)


# a busy machine: the process outside the sandbox comes to say the kernel's number when the kernel has
# long been ready
BUSY = """
import builtins, time
say = builtins.print
builtins.print = lambda *words, **how: (words[:1] == ("pid",) and time.sleep(1), say(*words, **how))[1]
"""


@needs_sandbox
def test_a_kernel_that_is_ready_before_its_number_is_known_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "busy").mkdir()
    (tmp_path / "busy" / "sitecustomize.py").write_text(BUSY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "busy"), prepend=os.pathsep)
    monkeypatch.setenv(client.WHERE, str(tmp_path / "run"))
    monkeypatch.setattr(client, "_lifelines", {})
    with kernel("nonconv-isolated", tmp_path) as own:
        assert own.run("print(6 * 7)") == "42"


@needs_sandbox
def test_a_large_tensor_is_a_clean_error(closed: Kernel) -> None:
    assert "RuntimeError" in closed.run("import torch; x = torch.ones(10**10)")
    assert closed.run("print(6 * 7)") == "42"


@needs_sandbox
@pytest.mark.skipif(os.geteuid() != 0, reason="tries another user: needs root")
def test_an_ordinary_user_can_build_it_too() -> None:
    tried = isolation.as_ordinary_user(
        (namespaces, seccomp), "-m", "nonconv.grading.kernels.sandbox.namespaces"
    )
    assert tried.stderr == ""
    found = json.loads(tried.stdout)
    assert set(found["namespaces"]) >= {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"}
    assert (found["seccomp"], found["capabilities"]) == (True, 0)


def test_links_hidden_files_and_notebooks_stay_outside(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_text("!")
    folder = tmp_path / "work"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "own.txt").write_text("own")
    (folder / ".hidden").write_text("!")
    (folder / "other.ipynb").write_text("!")
    (folder / "link").symlink_to(tmp_path / "elsewhere" / "secret")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe")
    assert list(files_beside(folder)) == ["data/own.txt"]


def no_more_mounts() -> None:
    """In a child: enter a Landlock that allows everything, but a process in one may mount nothing.

    So no sandbox can be built.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    ruleset = struct.pack("=Q", namespaces.LL_EXECUTE)
    handle = libc.syscall(namespaces.SYS_LANDLOCK, ruleset, ctypes.c_size_t(len(ruleset)), 0)
    rule = struct.pack("=Qi", namespaces.LL_EXECUTE, os.open("/", os.O_PATH))
    libc.syscall(namespaces.SYS_LANDLOCK + 1, handle, 1, rule, 0)
    libc.syscall(namespaces.SYS_LANDLOCK + 2, handle, 0)


@needs_sandbox
@pytest.mark.slow
@pytest.mark.parametrize(
    "ci", [True, pytest.param(False, marks=pytest.mark.weekly)], ids=["in-ci", "elsewhere"]
)
def test_where_no_sandbox_can_be_built_its_tests_fail_in_ci_and_are_skipped_elsewhere(ci: bool) -> None:
    tests = ["tests/grading/test_hostile_submissions.py", "tests/grading/kernels/sandbox/test_sandbox.py"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-p",
        "no:cacheprovider",
        *tests,
        "-k",
        "test_the_course_is_as_it_was or test_a_large_tensor",
    ]
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", client.WHERE)}
    ran = subprocess.run(
        command,
        cwd=isolation.ROOT,
        env=environment | ({"CI": "true"} if ci else {}),
        preexec_fn=no_more_mounts,
        capture_output=True,
        text=True,
    )
    why = r"\[Errno 1\] .*Operation not permitted"
    if ci:
        assert ran.returncode not in (0, 5), ran.stdout
        assert len(re.findall(f"CI must be able to isolate student code: {why}", ran.stdout)) >= 2, ran.stdout
        assert "skipped" not in ran.stdout
    else:
        assert ran.returncode == 0, ran.stdout
        assert len(re.findall(f"no isolation here: {why}", ran.stdout)) == 2, ran.stdout
        assert re.search(r"\b\d+ skipped", ran.stdout), ran.stdout
        assert not re.search("passed|failed|error", ran.stdout), ran.stdout


def test_a_system_without_landlock_has_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces, "landlock_version", lambda: 0)
    assert "no Landlock" in str(namespaces.tried.__wrapped__())


def test_where_it_is_forbidden_grading_refuses_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namespaces, "tried", lambda: "making a user namespace: Operation not permitted")
    course = tiny.course(tmp_path / "course")
    with pytest.raises(
        pipeline.IsolationError,
        match=r"(?s)cannot be isolated here: making a user.*--privileged.*ISOLATION=no",
    ):
        pipeline.grade(tiny.UNIT, [], course)


@pytest.mark.slow
def test_without_isolation_grades_are_the_same_and_the_summary_says_so(tmp_path: Path) -> None:
    course = tiny.course(tmp_path / "course")
    pipeline.course_api(course, course, course / "gradebook.db").generate_assignment(
        tiny.UNIT, force=True, create=True
    )
    tiny.inbox(tmp_path / "inbox", {"ada": tiny.ANSWERS["ada"]})
    command = [
        sys.executable,
        "-m",
        "nonconv.grading",
        "autograde",
        tiny.UNIT,
        "--from",
        str(tmp_path / "inbox"),
        "--jobs",
        "0",
    ]
    said = subprocess.run(
        [*command, "--no-isolation"], cwd=course, capture_output=True, text=True, check=True
    ).stdout
    assert "1 of 1  ada: 3 of 3" in said
    assert (
        said.count("Isolation: none: student code has your own rights") == 2
    )  # at the start, and at the end
    assert len(collect(tmp_path / "inbox", tiny.UNIT, course)[0]) == 1
