"""What all processes of a kernel may use together, set by the Linux kernel: a cgroup for each isolated
kernel, v1 or v2.

That a cgroup can be written does not make it ours: each has one manager, which finds and ends its processes
by it. So kernels get cgroups only below one that was handed over: named in NONCONV_CGROUP (several, joined by
":", where each controller has its own hierarchy), or our own where systemd marked it as delegated
(`systemd-run --user --scope -p Delegate=yes make grade …`) or it is all that a container sees. Elsewhere, and
with NONCONV_CGROUP=no, `memory_monitor` adds up what they use.

Sources: cgroups(7); the kernel's admin-guide/cgroup-v2 and cgroup-v1/memory; systemd's CGROUP_DELEGATION.
"""

import contextlib
import fcntl
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

HANDED_OVER = "NONCONV_CGROUP"
PREFIX = "nonconv-kernel-"
OURS = "nonconv-processes"  # where the processes go that were in a handed-over cgroup of v2
WANTED = ("memory", "pids", "cpu")  # of cpu the weight, which is the same for each
# what a cgroup may limit, and how its files are called then, in v2 and v1
LIMITED = {
    "memory": ("memory.max", "memory.limit_in_bytes"),
    "the number of processes": ("pids.max",),
    "processor time": ("cpu.weight", "cpu.shares"),
}
SYSTEMD = Path("/run/systemd/system")  # is there where it manages all cgroups, the uppermost too
MIB = 1 << 20
REMOVE_SECONDS = 10.0  # in which what was killed should be gone, on a busy machine too


class CgroupError(OSError):
    """A cgroup that was handed over cannot be used; the message names it and says why."""


def parents() -> list[Path]:
    """The cgroups below which kernels may have theirs, ready for that; none if none was handed over.

    Raises CgroupError.
    """
    named = os.environ.get(HANDED_OVER, "")
    if named == "no":
        return []
    found = [Path(one) for one in named.split(":") if one] or delegated(
        Path("/proc/self/cgroup").read_text(), Path("/proc/self/mountinfo").read_text()
    )
    path = None
    try:
        for path in found:
            if not (path / "cgroup.procs").is_file():
                raise FileNotFoundError("it is no cgroup")
            _enable(path)
            _clear_away(path)
        if found:
            _try(found)
    except OSError as error:
        if not named:
            return []
        raise CgroupError(f"{HANDED_OVER} names {path}, which cannot be used: {error}") from error
    return found


def delegated(own: str, mounts: str) -> list[Path]:
    """Our own cgroups that have a controller of memory, if they are ours to divide: of /proc/self/cgroup and
    mountinfo.

    A process in cgroup /a/b of a hierarchy whose part /a is mounted on /sys/fs/cgroup is in /sys/fs/cgroup/b.
    """
    places: dict[str, Path] = {}
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        root, mounted = before.split()[3:5]
        kind, *_, options = after.split()
        if kind not in ("cgroup", "cgroup2"):
            continue
        for entry in own.splitlines():
            _, controllers, path = entry.split(":", 2)
            path = path.removesuffix(f"/{OURS}") or "/"  # where an earlier zygote put us
            same = kind == "cgroup2" if not controllers else controllers.split(",")[0] in options.split(",")
            if same and (path == root or path.startswith(root.rstrip("/") + "/")):
                place = Path(mounted, os.path.relpath(path, root))
                for controller in controllers.split(",") if controllers else _controllers(place):
                    if _marked(place) or (path == "/" and not SYSTEMD.exists()):
                        places[controller] = place
    return sorted({places[one] for one in WANTED if one in places}) if "memory" in places else []


def _marked(place: Path) -> bool:
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            return os.getxattr(place, name) == b"1"
    return False


def _controllers(place: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return (place / "cgroup.controllers").read_text().split()
    return []


def _enable(parent: Path) -> None:
    """In v2, pass the controllers on. That needs a cgroup without processes: they go to one below it."""
    wanted = [one for one in WANTED if one in _controllers(parent)]
    control = parent / "cgroup.subtree_control"
    if not wanted or set(wanted) <= set(control.read_text().split()):
        return
    with _alone(parent):
        if (
            parent / "cgroup.type"
        ).exists():  # the root of the hierarchy has none, and may keep its processes
            (parent / OURS).mkdir(exist_ok=True)
            while left := (parent / "cgroup.procs").read_text().split():
                for pid in left:
                    with contextlib.suppress(ProcessLookupError):
                        (parent / OURS / "cgroup.procs").write_text(pid)
        control.write_text(" ".join(f"+{one}" for one in wanted))


def limited(parents: list[Path]) -> list[str]:
    """What cgroups below these limit."""
    with _for_a_moment(parents) as group:
        return group.limits()


def _try(parents: list[Path]) -> None:
    with _for_a_moment(parents) as group, subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        group.join(process.pid)


@contextlib.contextmanager
def _for_a_moment(parents: list[Path]) -> Iterator["Group"]:
    group = Group(parents, memory=64, processes=64)
    try:
        yield group
    finally:
        group.end()


class Group:
    """The cgroups of one kernel.

    A lock on each shows that its zygote lives: one without a lock may be removed.
    """

    def __init__(self, parents: list[Path], memory: int, processes: int) -> None:
        """memory: MiB, of all processes and files together. Raises OSError."""
        self.paths: list[Path] = []
        self.locks: list[int] = []
        self.entrances: list[int] = []
        name = PREFIX + secrets.token_hex(6)
        settings = {
            "memory.max": memory * MIB,
            "memory.swap.max": 0,
            "memory.oom.group": 1,
            "memory.limit_in_bytes": memory * MIB,
            "memory.memsw.limit_in_bytes": memory * MIB,
            "pids.max": processes,
        }
        try:
            for parent in parents:
                path = parent / name
                with _alone(parent):
                    path.mkdir()
                    self.paths.append(path)
                    self.locks.append(_locked(path))
                for setting, value in settings.items():
                    if (path / setting).exists():
                        (path / setting).write_text(str(value))
                self.entrances.append(os.open(path / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC))
        except OSError:
            self.end()
            raise

    def join(self, pid: int) -> None:
        """Put a process in, and what it will start.

        Linux takes 10 to 20 ms for this: a period of RCU, see percpu_rwsem.
        """
        for entrance in self.entrances:
            os.write(entrance, str(pid).encode())

    def limits(self) -> list[str]:
        """What it limits, in words: of LIMITED."""
        return [
            what
            for what, names in LIMITED.items()
            if any((path / name).exists() for path in self.paths for name in names)
        ]

    def over(self) -> bool:
        """Whether a process was killed because all together had used what they may.

        (In v1 the others live on.)
        """
        for path in self.paths:
            counts = _counts(path / "memory.events") | _counts(path / "memory.oom_control")
            reached = counts.get("oom", 0) or _counts(path / "memory.failcnt").get("", 0)
            if counts.get("oom_kill", 0) and reached:  # or it was the machine that had no memory left
                return True
        return False

    def release(self) -> None:
        """Hold no lock any more: what a forked process does, since only its zygote may."""
        while self.locks:
            os.close(self.locks.pop())

    def close(self) -> None:
        self.release()
        while self.entrances:
            os.close(self.entrances.pop())

    def end(self) -> None:
        for path in self.paths:
            _remove(path)
        self.close()


def _counts(path: Path) -> dict[str, int]:
    """Of a file with a name and a number a line, or with just a number, under the name ""."""
    with contextlib.suppress(OSError):
        lines = [line.rpartition(" ") for line in path.read_text().splitlines()]
        return {name: int(number) for name, _, number in lines}
    return {}


def _locked(path: Path, how: int = fcntl.LOCK_EX) -> int:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, how)
    except OSError:
        os.close(fd)
        raise
    return fd


@contextlib.contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """So that no cgroup is taken for a leftover between its making and its locking."""
    lock = _locked(parent)
    try:
        yield
    finally:
        os.close(lock)


def _clear_away(parent: Path) -> None:
    """Remove the cgroups of killed zygotes."""
    with _alone(parent):
        for path in parent.glob(PREFIX + "*"):
            with contextlib.suppress(OSError):
                lock = _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)
                os.close(lock)


def _remove(path: Path, seconds: float = REMOVE_SECONDS) -> None:
    """Kill what is in it; what was killed needs a moment to go.

    One that stays is a leftover, for the next zygote.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            path.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() > end:
                return
        with contextlib.suppress(OSError):
            if (path / "cgroup.kill").exists():
                (path / "cgroup.kill").write_text("1")
            else:
                for pid in (path / "cgroup.procs").read_text().split():
                    os.kill(int(pid), signal.SIGKILL)
        time.sleep(0.005)
