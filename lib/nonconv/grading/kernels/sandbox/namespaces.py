"""The sandbox of a student's kernel, entered by the forked process itself before a line of the student's code
runs.

Inside are Python and the environment, read-only; an own /proc that shows its own processes; a few devices;
and one small file system in memory, with /submission, /tmp and /dev/shm, that ends with the kernel. There is
no network, no other process, no notebook, no gradebook, no socket of the zygote. Two walls, so that one may
have a gap: namespaces (nothing else is there), and Landlock (what is there cannot be written). Sources:
namespaces(7), user_namespaces(7), landlock(7), pivot_root(2), mount_setattr(2).

A process must be single-threaded to do this: right after the fork it is. If it is root, it gives up root on
the way.
"""

import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nonconv.grading.kernels.sandbox.seccomp import forbid_calls

MIB = 1 << 20
NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000,
    0x2000000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 2, 4, 8, 4096, 16384, 1 << 18, 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, AT_FDCWD, AT_RECURSIVE = 1, 2, 4, -100, 0x8000
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
LL_EXECUTE, LL_WRITE_FILE, LL_READ_FILE, LL_READ_DIR, LL_TRUNCATE, LL_IOCTL = 1, 2, 4, 8, 1 << 14, 1 << 15
SYS_MOUNT_SETATTR, SYS_LANDLOCK = 442, 444  # the same on every architecture, as all newer calls are
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(os.uname().machine, 0) if hasattr(os, "uname") else 0
SIOCSIFFLAGS, IFF_UP = 0x8914, 1

FIRST_UID = (
    1_879_048_192  # users that do not exist, one for each kernel, so that their processes are counted apart
)
MAX_TERMINALS = 32  # that a sandbox may have open; all of the machine's together are some thousands
INSIDE = 1000  # the user's number as the kernel sees it
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
WRITABLE = ("/submission", "/tmp", "/dev/shm")
SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/sys/devices/system/cpu",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/alternatives",
)


class SandboxError(OSError):
    """The sandbox could not be built; the message names the step and the system's answer."""


@dataclass(frozen=True)
class Limits:
    """What a graded kernel may use. Sizes in MiB, times in seconds."""

    memory: int = 4096  # of one process
    files: int = 256  # all files together, in memory
    processes: int = 256  # threads count, too
    total_memory: int = 6144  # of all processes and files; kept by `cgroups` or `memory_monitor`
    cpu: int = 600  # of one process
    descriptors: int = 1024


def problem() -> str | None:
    """Why kernels cannot be isolated here, or None if they can."""
    found = tried()
    return found if isinstance(found, str) else None


@cache
def tried() -> dict[str, Any] | str:
    """What a process finds in a sandbox (see `_found`), or why none can be built. It is tried, once, in a
    process of its own."""
    if sys.platform != "linux" or not SYS_PIVOT_ROOT:
        return "isolation needs Linux on x86-64 or arm64"
    if landlock_version() < 1:
        return "this Linux kernel has no Landlock (it is there from 5.13 on, unless it was switched off)"
    process = subprocess.run([sys.executable, "-m", __name__], capture_output=True, text=True)
    if process.stdout.startswith("{"):
        return json.loads(process.stdout)
    return (process.stdout + process.stderr).strip().split("\n")[-1] or "unknown"


def enter(
    limits: Limits, files: dict[str, bytes], report_pid: Callable[[int], object], lifeline: int | None = None
) -> None:
    """Enter a new sandbox that holds `files` in /submission. Returns in a new process, the first of its own
    process table.

    `report_pid` gets that process's number as others see it. The process that called this, its supervisor,
    waits for it and ends as it did. When the other end of `lifeline`, a pipe, is closed, it ends what is in
    the sandbox. (A signal at the death of a parent would not do: Linux forgets it when the user changes, and
    the process that would get it can switch it off.) Raises SandboxError, in either process.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    superuser = os.geteuid() == 0
    uid, gid = (FIRST_UID + os.getpid(),) * 2 if superuser else (os.geteuid(), os.getegid())
    if not superuser:
        _own_user_namespace(libc, uid, gid)
    _call(libc.unshare(NEWNS | NEWNET | NEWIPC | NEWUTS | NEWPID), "making namespaces")
    _loopback_up()
    socket.sethostname("sandbox")
    pid = os.fork()
    if pid:
        report_pid(pid)
        os._exit(_wait(pid, lifeline))
    if lifeline is not None:
        os.close(lifeline)
    _call(libc.unshare(NEWCGROUP), "making namespaces")  # or /proc/self/cgroup would tell where it is outside
    _first_to_be_killed()
    _build_root(libc, limits, files, *((uid, gid) if superuser else (INSIDE, INSIDE)))
    if superuser:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        libc.prctl(PR_SET_DUMPABLE, 1)  # or /proc/self would be root's
        _own_user_namespace(libc, uid, gid)
    _give_up_rights(libc)
    _landlock(libc)
    _limit(limits)
    _call(forbid_calls(libc), "forbidding system calls")


def _wait(pid: int, lifeline: int | None) -> int:
    """Wait for the first process in the sandbox; its exit code, or 128 and the number of the signal that
    ended it."""
    if lifeline is not None:
        ready, _, _ = select.select([os.pidfd_open(pid), lifeline], [], [])
        if lifeline in ready:
            os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


def _first_to_be_killed() -> None:
    """Where the whole machine has no memory left, Linux ends the sandbox first, and not the grader.

    As root, for good.
    """
    Path("/proc/self/oom_score_adj").write_text("1000")


def _own_user_namespace(libc: ctypes.CDLL, uid: int, gid: int) -> None:
    _call(libc.unshare(NEWUSER), "making a user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{INSIDE} {gid} 1")


def _loopback_up() -> None:
    """ipykernel collects the output of subprocesses over TCP on 127.0.0.1."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def _build_root(libc: ctypes.CDLL, limits: Limits, files: dict[str, bytes], uid: int, gid: int) -> None:
    """A file system in memory, with what may be seen bound into it, becomes the root; the old root goes."""
    _mount(libc, None, "/", None, MS_REC | MS_PRIVATE)
    sources = {path: os.open(path, os.O_PATH) for path in visible()}
    root = tempfile.gettempdir()
    _mount(libc, "tmpfs", root, "tmpfs", MS_NOSUID, f"size={limits.files}m,nr_inodes=20000,mode=0755")
    for path, source in sources.items():
        target = root + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if stat.S_ISDIR(os.fstat(source).st_mode):
            os.makedirs(target, exist_ok=True)
        else:
            Path(target).touch()
        _mount(libc, f"/proc/self/fd/{source}", target, None, MS_BIND | MS_REC)
        if not path.startswith("/dev/"):
            _read_only(libc, target)
        os.close(source)
    for path in SYSTEM:
        if os.path.islink(path) and not os.path.lexists(root + path):
            os.makedirs(os.path.dirname(root + path), exist_ok=True)
            os.symlink(os.readlink(path), root + path)
    for path, line in (
        ("/etc/passwd", f"student:x:{INSIDE}:{INSIDE}::/tmp:/bin/sh"),
        ("/etc/hosts", "127.0.0.1 localhost"),
    ):
        Path(root + path).write_text(line + "\n")
    for path in WRITABLE:
        os.makedirs(root + path, exist_ok=True)
        os.chown(root + path, uid, gid)
    for name, content in files.items():
        path = f"{root}/submission/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).write_bytes(content)
        os.chown(path, uid, gid)
    os.makedirs(root + "/proc")
    _mount(libc, "proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    os.symlink("/proc/self/fd", root + "/dev/fd")
    os.makedirs(root + "/dev/pts")  # IPython runs `!command` in a terminal
    _mount(
        libc,
        "devpts",
        root + "/dev/pts",
        "devpts",
        MS_NOSUID | MS_NOEXEC,
        f"newinstance,ptmxmode=0666,max={MAX_TERMINALS}",
    )
    os.symlink("pts/ptmx", root + "/dev/ptmx")
    os.chdir(root)
    _call(libc.syscall(SYS_PIVOT_ROOT, b".", b"."), "changing the root")
    _call(libc.umount2(b".", MNT_DETACH), "leaving the old root")
    os.chdir("/submission")


def visible() -> list[str]:
    """What a kernel may read: the system's programs and libraries, this Python, this environment, this
    package."""
    own = [
        sys.base_prefix,
        sys.prefix,
        os.path.dirname(os.path.realpath(sys.executable)),
        str(Path(__file__).parents[3]),
    ]
    wanted = (
        [path for path in SYSTEM if not os.path.islink(path)] + [os.path.realpath(path) for path in own] + own
    )
    found: list[str] = []
    for path in [*wanted, *DEVICES]:
        inside = any(path == other or path.startswith(other + "/") for other in found)
        if not inside and os.path.exists(path) and not os.path.islink(path):
            found.append(path)
    return found


def shown(folder: str | Path) -> str | None:
    """Why a folder must not lie where it does: inside of what every kernel may read. None if it may."""
    place = os.path.realpath(folder)
    for path in visible():
        if place == path or place.startswith(f"{path}/"):
            return (
                f"{place} lies in {path}, which student code may read: Python and its libraries are there."
                " Move the course to a folder of its own, such as one in your home"
            )
    return None


def _mount(
    libc: ctypes.CDLL, source: str | None, target: str, kind: str | None, flags: int, options: str = ""
) -> None:
    names = [None if name is None else name.encode() for name in (source, target, kind)]
    _call(
        libc.mount(*names, ctypes.c_ulong(flags), options.encode()), f"mounting {kind or source} on {target}"
    )


def _read_only(libc: ctypes.CDLL, target: str) -> None:
    attributes = struct.pack("=QQQQ", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, 0, 0)
    done = libc.syscall(
        SYS_MOUNT_SETATTR, AT_FDCWD, target.encode(), AT_RECURSIVE, attributes, len(attributes)
    )
    _call(done, f"making {target} read-only")


def _give_up_rights(libc: ctypes.CDLL) -> None:
    """No capability, none to be had by starting a program, and no further user namespace to have them in."""
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    header, none = struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", *[0] * 6)
    _call(libc.capset(header, none), "giving up capabilities")
    _call(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "forbidding new rights")


def landlock_version() -> int:
    """0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, libc.syscall(SYS_LANDLOCK, None, ctypes.c_size_t(0), 1))


def _landlock(libc: ctypes.CDLL) -> None:
    """Everything may be read and run; written only what is in memory, and the devices."""
    every = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(landlock_version(), 16)) - 1
    ruleset = struct.pack("=Q", every)
    handle = _call(libc.syscall(SYS_LANDLOCK, ruleset, ctypes.c_size_t(len(ruleset)), 0), "Landlock")
    rules = [
        ("/", LL_EXECUTE | LL_READ_FILE | LL_READ_DIR),
        *((path, every) for path in (*WRITABLE, "/dev/pts")),
    ]
    of_files = LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE | LL_IOCTL
    rules += [(path, every & of_files) for path in DEVICES]
    for path, access in rules:
        opened = os.open(path, os.O_PATH)
        rule = struct.pack("=Qi", access, opened)
        _call(libc.syscall(SYS_LANDLOCK + 1, handle, 1, rule, 0), f"Landlock for {path}")
        os.close(opened)
    _call(libc.syscall(SYS_LANDLOCK + 2, handle, 0), "entering Landlock")
    os.close(handle)


def _limit(limits: Limits) -> None:
    """Of each process; files and processes are counted together.

    Memory of all processes: `cgroups`, `memory_monitor`.
    """
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for which, limit in (
        (resource.RLIMIT_AS, mapped + limits.memory * MIB),  # what the zygote mapped does not count
        (resource.RLIMIT_FSIZE, limits.files * MIB),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (limit, limit))


def _call(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise SandboxError(number, f"{what}: {os.strerror(number)}")
    return result


def _spaces() -> dict[str, str]:
    """This process's namespaces, by kind."""
    return {name: os.readlink(f"/proc/self/ns/{name}") for name in os.listdir("/proc/self/ns")}


def _found(before: dict[str, str]) -> dict[str, Any]:
    """In a sandbox: which namespaces are other ones than before, which filter of system calls is in force,
    whether it has no capability."""
    lines = Path("/proc/self/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return {
        "namespaces": sorted(
            name for name, space in _spaces().items() if space != before[name] and "_for_" not in name
        ),
        "landlock": landlock_version(),
        "seccomp": status["Seccomp"].strip() == "2",
        "capabilities": int(status["CapEff"], 16),
    }


if __name__ == "__main__":
    outside = _spaces()
    try:
        enter(Limits(), {}, lambda _: None)
        os.write(1, json.dumps(_found(outside)).encode() + b"\n")
    except (OSError, MemoryError) as error:
        os.write(1, f"{error}\n".encode())
    os._exit(0)
