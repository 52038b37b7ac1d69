"""What all processes of an isolated kernel may use together: kept by cgroups where some were handed over,
else by the memory monitor."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from traitlets.config import Config

from helpers.grading import isolation, tiny
from helpers.grading.kernels import Kernel, ended, kernel
from nonconv.grading.engine.execute import CarefulExecute
from nonconv.grading.kernels import client
from nonconv.grading.kernels.sandbox import cgroups, memory_monitor, namespaces, seccomp

needs_sandbox = isolation.needed()
LIMIT = 600  # MiB
HOSTILE = """
import os, signal
for _ in range(30):
    if os.fork() == 0:
        kept = b"x" * (40 << 20)  # each little, together 1200 MiB
        signal.pause()
os.wait()
"""
HONEST = """
import torch
from torch.utils.data import DataLoader
assert torch.stack(list(DataLoader(torch.arange(6), num_workers=2))).sum() == 15
"""


def unmanaged() -> list[Path]:
    """Cgroups to divide in tests: what was handed over, or the top of hierarchies that nobody divides."""
    found = cgroups.parents()
    if not found and not cgroups.SYSTEMD.exists():
        tops = {name: Path("/sys/fs/cgroup", name or "unified") for name in ("cpu", "pids", "")}
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controller, path = line.split(":", 2)
            if path == "/" and controller in tops and os.access(tops[controller] / "cgroup.procs", os.W_OK):
                found.append(tops[controller])
    return found


@pytest.fixture
def handed_over(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Empty cgroups named in NONCONV_CGROUP. Whatever is left in them afterwards is an error."""
    places = [place / f"nonconv-test-{os.getpid()}" for place in unmanaged()]
    if not places:
        pytest.skip("no cgroup was handed over to this process (see nonconv.grading.kernels.sandbox.cgroups)")
    for place in places:
        place.mkdir()
    monkeypatch.setenv(cgroups.HANDED_OVER, ":".join(map(str, places)))
    yield places
    for path in kernels_in(places):
        with contextlib.suppress(FileNotFoundError):
            os.close(cgroups._locked(path))  # its zygote has ended, or has ended the kernel
        assert not path.exists()
    for place in places:
        place.rmdir()


@pytest.fixture
def own_zygote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One that is started with this test's environment, and ends with it."""
    monkeypatch.setenv(client.WHERE, str(tmp_path / "run"))
    lifelines: dict = {}
    monkeypatch.setattr(client, "_lifelines", lifelines)
    yield
    for _, line in lifelines.values():
        line.close()


@pytest.fixture(params=["memory monitor", "cgroup"])
def mechanism(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "memory monitor":
        monkeypatch.setenv(cgroups.HANDED_OVER, "no")
    else:
        request.getfixturevalue("handed_over")
        group = cgroups.Group(cgroups.parents(), LIMIT, 64)
        limits_memory = "memory" in group.limits()
        group.end()
        if not limits_memory:
            pytest.skip("no cgroup that limits memory was handed over to this process")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with kernel("nonconv-isolated", tmp_path_factory.mktemp("closed")) as started:
        yield started


def kernels_in(places: list[Path]) -> list[Path]:
    return [path for place in places for path in place.glob(cgroups.PREFIX + "*")]


def executed(folder: Path, **cells: str) -> SimpleNamespace:
    """By cell, the error it ended with, or "" where it went well."""
    notebook = new_notebook(cells=[tiny.cell(name, source) for name, source in cells.items()])
    execute = CarefulExecute(
        config=Config(WarmProvisioner={"total_memory": LIMIT}),
        kernel_name="nonconv-isolated",
        allow_errors=True,
        timeout=60,
    )
    done: NotebookNode
    done, _ = execute.preprocess(notebook, {"metadata": {"path": str(folder)}})
    errors = {
        cell.id: "".join(one.get("evalue", "") for one in cell.outputs if one.output_type == "error")
        for cell in done.cells
    }
    return SimpleNamespace(**errors)


@needs_sandbox
@pytest.mark.usefixtures("mechanism", "own_zygote")
def test_many_small_processes_end_their_own_kernel_only(tmp_path: Path) -> None:
    said = executed(tmp_path, before="assert True", hostile=HOSTILE, after="assert True")
    assert said.before == ""
    assert said.hostile == (
        "The kernel died in this cell: it was killed, since all its processes together used more than"
        f" {LIMIT} MiB. What ran before it counts."
    )
    assert said.after.startswith("Not run")
    said = executed(tmp_path, honest=HONEST, after="assert True")
    assert (said.honest, said.after) == ("", "")


@needs_sandbox
@pytest.mark.usefixtures("own_zygote")
def test_what_processes_share_and_files_count_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cgroups.HANDED_OVER, "no")
    with kernel("nonconv-isolated", tmp_path) as own:
        outside = own.manager.provisioner.pid  # type: ignore[union-attr]
        at_most = memory_monitor.memory_in_use(outside, 1 << 40)
        own.run(
            "import os, signal; kept = b'x' * (100 << 20)\n"
            "children = [os.fork() for _ in range(3)]\nif 0 in children: signal.pause()"
        )
        quick = memory_monitor.memory_in_use(outside, 1 << 40)
        exact = memory_monitor.memory_in_use(outside, quick - 1)
        assert quick > at_most + (400 << 20)
        assert 100 << 20 < exact < at_most + (110 << 20)
        own.run("open('/tmp/x', 'wb').write(bytes(100 << 20)); None")
        assert exact + (90 << 20) < memory_monitor.memory_in_use(outside, quick - 1) < at_most + (210 << 20)
        cache: memory_monitor.Cache = {}
        looks = [memory_monitor.memory_in_use(outside, quick - 1, cache, deadline=0) for _ in range(20)]
        assert looks[0] < exact < looks[-1]  # a look without time sees one process, and the next another
        cache = {name: ((), 1 << 40, 0) for name in cache}  # as if seen before a fork
        assert memory_monitor.memory_in_use(outside, quick - 1, cache, deadline=0) < quick
        own.run("for child in children: os.kill(child, signal.SIGKILL)")
    assert ended(outside)
    assert memory_monitor.memory_in_use(outside, 0) == 0


HIDING = """
import ctypes, os, signal
from nonconv.grading.kernels.sandbox import memory_monitor, namespaces
reader, writer = os.pipe()
outside = os.fork()
if not outside:
    namespaces.enter(namespaces.Limits(), {}, lambda _: None)
    kept = b"x" * (50 << 20)
    os.fork()
    ctypes.CDLL(None).prctl(4, 0)  # PR_SET_DUMPABLE: nobody of the same user may look into it
    os.write(writer, b"!")
    signal.pause()
os.read(reader, 1), os.read(reader, 1)
used = memory_monitor.memory_in_use(outside, 1 << 40)
print(used > 100 << 20, memory_monitor.memory_in_use(outside, used - 1) == used)
(inside,) = open(f"/proc/{outside}/task/{outside}/children").read().split()
os.kill(int(inside), signal.SIGKILL)
"""


@needs_sandbox
@pytest.mark.skipif(os.geteuid() != 0, reason="tries another user: needs root")
def test_a_process_that_hides_from_an_ordinary_users_monitor_counts_in_full() -> None:
    tried = isolation.as_ordinary_user((namespaces, seccomp, memory_monitor), "-c", HIDING)
    assert (tried.stdout, tried.stderr) == ("True True\n", "")


@needs_sandbox
@pytest.mark.usefixtures("own_zygote")
def test_a_kernel_lives_in_its_cgroups_and_sees_none(tmp_path: Path, handed_over: list[Path]) -> None:
    with kernel("nonconv-isolated", tmp_path) as own:
        waits = own.manager.provisioner.pid  # type: ignore[union-attr]
        inside = Path(f"/proc/{waits}/task/{waits}/children").read_text().split()
        groups = kernels_in(handed_over)
        assert len(groups) == len(handed_over)
        assert all((group / "cgroup.procs").read_text().split() == inside for group in groups)
        assert all(
            (group / "pids.max").read_text() == "256\n" for group in groups if (group / "pids.max").exists()
        )
        code = """
import os
print(os.path.exists("/sys/fs"), {"cgroup", "cgroup2"} & {line.split()[2] for line in open("/proc/mounts")})
print(*{line.strip().split(":", 2)[2] for line in open("/proc/self/cgroup")})
"""
        seen, paths = own.run(code).splitlines()
        assert seen == "False set()"
        assert all(path == "/" or path.endswith(f"/{groups[0].name}") for path in paths.split())
        assert own.run(HONEST) == ""


@needs_sandbox
@pytest.mark.usefixtures("own_zygote")
def test_the_cgroups_of_a_killed_zygote_go_with_the_next(tmp_path: Path, handed_over: list[Path]) -> None:
    with kernel("nonconv-isolated", tmp_path) as own:
        waits = own.manager.provisioner.pid  # type: ignore[union-attr]
        zygote = int(Path(f"/proc/{waits}/stat").read_text().rsplit(")")[1].split()[1])
        os.kill(zygote, signal.SIGKILL)
        assert ended(waits)
        left = kernels_in(handed_over)
        assert len(left) == len(handed_over)
    with kernel("nonconv-isolated", tmp_path):
        assert len(kernels_in(handed_over)) == len(handed_over)
        assert not set(left) & set(kernels_in(handed_over))


def test_what_is_left_in_a_cgroup_is_killed_and_those_of_the_living_stay(handed_over: list[Path]) -> None:
    groups = [cgroups.Group(handed_over, memory=64, processes=3) for _ in range(2)]
    processes = [
        subprocess.Popen(["sh", "-c", *enter(group)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for group in groups
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
    groups[0].close()  # as when its zygote is killed
    assert cgroups.parents() == handed_over
    assert processes[0].wait(20) == -signal.SIGKILL
    assert processes[1].poll() is None
    assert {path.name for path in kernels_in(handed_over)} == {groups[1].paths[0].name}
    groups[1].end()
    assert processes[1].wait(20) == -signal.SIGKILL


def enter(group: cgroups.Group) -> list[str]:
    """What a shell needs to go in and stay."""
    return [
        'for group; do echo 0 > "$group/cgroup.procs"; done; echo in; sleep 1000 & wait',
        "sh",
        *map(str, group.paths),
    ]


def test_the_number_of_processes_is_kept_by_the_cgroup(handed_over: list[Path]) -> None:
    group = cgroups.Group(handed_over, memory=64, processes=3)
    try:
        if not any((path / "pids.max").exists() for path in group.paths):
            pytest.skip("no cgroup that counts processes was handed over to this process")
        command = enter(group)
        command[0] = command[0].replace(
            "sleep 1000 & wait", "for _ in 1 2 3; do sleep 1000 > /dev/null 2>&1 & done"
        )
        tried = subprocess.run(["sh", "-c", *command], capture_output=True, text=True, timeout=20)
        assert "fork" in tried.stderr
    finally:
        group.end()


def test_a_cgroup_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cgroups.HANDED_OVER, str(tmp_path))
    with pytest.raises(
        cgroups.CgroupError, match=rf"NONCONV_CGROUP names {tmp_path}, which cannot be used: it is no"
    ):
        cgroups.parents()


MOUNTS = """
31 23 0:28 / /sys/fs/cgroup ro,nosuid shared:9 - tmpfs tmpfs ro,mode=755
33 31 0:30 {root} {place}/memory rw,relatime shared:12 - cgroup cgroup rw,memory
34 31 0:31 / {place}/pids rw,relatime - cgroup cgroup rw,pids
35 31 0:32 / {place}/both rw,relatime - cgroup cgroup rw,cpu,cpuacct
41 31 0:38 / {place}/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
"""


@pytest.mark.parametrize(
    ("own", "root", "managed", "found"),
    [
        ("8:pids:/\n4:memory:/\n1:cpu,cpuacct:/\n0::/", "/", False, ["both", "memory", "pids"]),
        ("8:pids:/\n4:memory:/", "/", True, []),  # systemd's
        ("8:pids:/\n4:memory:/somebody/else's", "/", False, []),
        ("8:pids:/\n0::/", "/", False, []),  # the number of processes alone is kept without
        ("4:memory:/docker/1/given", "/docker/1", True, ["memory/given"]),
        ("0::/user/given", "/", True, ["unified/user/given"]),
        ("0::/user/given/nonconv-processes", "/", True, ["unified/user/given"]),
        ("0::/user", "/", True, []),
    ],
)
def test_only_what_was_handed_over_is_divided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str, root: str, managed: bool, found: list[str]
) -> None:
    for place in ("memory/given", "unified/user/given"):
        (tmp_path / place).mkdir(parents=True)
        os.setxattr(tmp_path / place, "user.delegate", b"1")
    for place in ("unified/user", "unified/user/given"):
        (tmp_path / place / "cgroup.controllers").write_text("cpu memory pids\n")
    monkeypatch.setattr(cgroups, "SYSTEMD", tmp_path if managed else tmp_path / "none")
    mounts = MOUNTS.strip().format(place=tmp_path, root=root)
    assert cgroups.delegated(own, mounts) == [tmp_path / name for name in found]


@pytest.mark.parametrize(
    ("files", "over"),
    [
        ({"memory.events": "low 0\nhigh 0\nmax 9\noom 1\noom_kill 3\noom_group_kill 1\n"}, True),
        ({"memory.events": "low 0\nhigh 0\nmax 9\noom 0\noom_kill 0\noom_group_kill 0\n"}, False),
        ({"memory.events": "low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\n"}, False),  # the machine was full
        (
            {
                "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
                "memory.failcnt": "7\n",
            },
            True,
        ),
        (
            {
                "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n",
                "memory.failcnt": "7\n",
            },
            False,
        ),
    ],
)
def test_it_is_told_whether_memory_was_the_reason(tmp_path: Path, files: dict[str, str], over: bool) -> None:
    group = cgroups.Group([], memory=64, processes=64)
    group.paths = [tmp_path]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert group.over() is over


@needs_sandbox
@pytest.mark.parametrize(
    "call",
    [
        "os.memfd_create('x')",
        "ctypes.CDLL(None, use_errno=True).shmget(0, 4096, 0o1600)",
        "ctypes.CDLL(None, use_errno=True).syscall(425, 1, None)",
    ],
)
def test_memory_of_no_process_and_odd_calls_are_refused(closed: Kernel, call: str) -> None:
    said = closed.run(
        f"import ctypes, errno, os\nif {call} == -1: raise OSError(ctypes.get_errno(), 'refused')"
    )
    assert said.startswith("OSError: [Errno 38]")
