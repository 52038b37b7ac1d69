"""A pre-warmed kernel for all that ask Jupyter for the kernelspec `nonconv-warm`: forked from the zygote, not
started.

Named in pyproject.toml as an entry point of `jupyter_client`, so that `nbgrader autograde`, formgrader's
button, nbval and the build get it by the kernel's name alone. Where pre-warmed kernels are not to be had
(`kernels.client`), the same name starts a plain kernel. Each kernel is used once: nothing of one notebook
reaches the next.
"""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Int

from nonconv.grading.kernels import client
from nonconv.grading.kernels.sandbox import namespaces, sharing

# what an isolated kernel knows of the environment; nothing that could be a secret
KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "NBGRADER_EXECUTION")
OWN = {
    "PATH": f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "student",
    "LOGNAME": "student",
    # there is no network: `%pip install` at the top of a notebook would try for minutes
    "PIP_NO_INDEX": "1",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
BETWEEN_LOOKS, MIN_WAIT = (
    0.5,
    0.05,
)  # seconds between two looks at how long a kernel waits; too little to ask why
MAX_BYTES_BESIDE = 64_000_000  # of the files beside a notebook, together


def files_beside(folder: Path) -> dict[str, str]:
    """What an isolated kernel gets to see of its folder, in base64: plain files, no link, no notebook,
    nothing hidden.

    Raises ValueError if they are too large.
    """
    found: dict[str, str] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix == ".ipynb" or any(part.startswith(".") for part in name.parts):
            continue
        if not stat.S_ISREG(path.lstat().st_mode) or path.resolve() != folder.resolve() / name:
            continue
        size += path.lstat().st_size
        if size > MAX_BYTES_BESIDE:
            raise ValueError(
                f"the files beside the notebook are larger than {MAX_BYTES_BESIDE // 1_000_000} MB together"
            )
        found[name.as_posix()] = base64.b64encode(path.read_bytes()).decode()
    return found


def processor_wait(pid: int, proc: Path = Path("/proc")) -> float:
    """Seconds in which a process was ready to run and got no processor, of its threads the longest; 0 where
    that is not known.

    Source: the kernel's scheduler/sched-stats.
    """
    found = [0]
    for path in proc.glob(f"{pid}/task/*/schedstat"):
        with contextlib.suppress(OSError, ValueError, IndexError):  # the thread has ended
            found.append(int(path.read_text().split()[1]))
    return max(found) / 1e9


def ready(pids: Iterable[int], proc: Path = Path("/proc")) -> int:
    """How many threads of these processes run, or could. Source: proc_pid_stat(5), state."""
    found = 0
    for pid in pids:
        for path in proc.glob(f"{pid}/task/*/stat"):
            with contextlib.suppress(OSError):  # the thread has ended
                found += path.read_text(errors="replace").rpartition(")")[2].split()[:1] == ["R"]
    return found


def processor_time(pid: int, proc: Path = Path("/proc")) -> float:
    """Seconds that a process has been on a processor, its ended threads included; 0 where that is not known.

    Source: proc_pid_stat(5), utime and stime.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        # behind the name, which may hold spaces and brackets itself
        fields = (proc / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class WarmProvisioner(LocalProvisioner):
    """jupyter_client's local provisioner, with the zygote's connection in the place of a process."""

    isolated = Bool(False, help="Run the kernel in a sandbox: the kernelspec nonconv-isolated does.").tag(
        config=True
    )
    memory = Int(4096, help="MiB that a process of an isolated kernel may use.").tag(config=True)
    files = Int(256, help="MiB that the files of an isolated kernel may have together.").tag(config=True)
    processes = Int(256, help="Processes and threads that an isolated kernel may have.").tag(config=True)
    total_memory = Int(
        6144, help="MiB that all processes of an isolated kernel and its files may use together."
    ).tag(config=True)
    cpu = Int(600, help="Seconds of processor time for a process of an isolated kernel.").tag(config=True)

    connection: socket.socket | None = None
    _looked = _raw_wait = _waited = 0.0  # when processor_wait was read, what it was, and what of it counts
    status: int | None = None
    why: str = ""  # the kernel was ended, where the zygote knows
    sockets: Path | None = None  # the private folder of the kernel's sockets

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        if client.available() and self.sockets is None:
            # sockets of the file system: no port that another process could take meanwhile. The path must be
            # absolute, since the kernel's folder is another than ours.
            self.sockets = Path(tempfile.mkdtemp(prefix="kernel-", dir=client.folder(self.isolated)))
            manager: Any = self.parent
            manager.transport, manager.ip = "ipc", str(self.sockets / "zmq")
        return await super().pre_launch(**kwargs)

    async def post_launch(self, **kwargs: Any) -> None:
        await super().post_launch(**kwargs)
        if self.isolated:  # nobody reads what comes there, and it is opened again for a polite shutdown
            manager: Any = self.parent
            manager._close_control_socket()

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        if not client.available():
            if self.isolated:
                raise client.WarmError(f"kernels cannot be isolated here: {namespaces.problem()}")
            return await super().launch_kernel(cmd, **kwargs)
        connection: dict[str, Any] = {**self.connection_info}
        folder = os.path.abspath(kwargs.get("cwd") or ".")
        if self.isolated and (reason := namespaces.shown(folder)) is not None:
            raise client.WarmError(reason)
        environment = {**kwargs.get("env", os.environ)}
        order = {
            "connection": {**connection, "key": connection["key"].decode()},
            "arguments": cmd[cmd.index("-f") + 2 :],
            "cwd": folder,
            "isolated": self.isolated,
        }
        if self.isolated:
            order["env"] = {name: environment[name] for name in KEPT if name in environment} | OWN
            order["files"] = files_beside(Path(folder))
            order["limits"] = {
                "memory": self.memory,
                "files": self.files,
                "processes": self.processes,
                "total_memory": self.total_memory,
                "cpu": self.cpu,
            }
        else:  # it has another parent, and no business with the zygote
            order["env"] = {
                name: environment[name]
                for name in environment
                if name not in ("JPY_PARENT_PID", client.WHERE)
            }
        # on a thread: at first use the zygote's imports take seconds, and a server has other things to do
        loop = asyncio.get_running_loop()
        self.connection, self.pid = await loop.run_in_executor(None, client.launch, order)
        self.status, self.why, self.pgid = None, "", self.pid
        self._looked = self._raw_wait = self._waited = 0.0
        return self.connection_info

    @property
    def has_process(self) -> bool:
        return self.connection is not None or super().has_process

    async def poll(self) -> int | None:
        if self.connection is None:
            return await super().poll()
        if self.status is None:
            try:
                message = self.connection.recv(4096)
                ended = json.loads(message or '{"status": -9}')  # a zygote that ends takes its kernels along
                self.status, self.why = ended["status"], ended.get("why", "")
            except BlockingIOError:
                return None
            except ConnectionError:
                self.status = -9
        return self.status

    async def wait(self) -> int | None:
        if self.connection is None:
            return await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        self.connection.close()
        self.connection = None
        return self.status

    def processor_wait(self) -> float:
        """Seconds that this kernel, since it started, has waited for a processor: how busy the machine is.

        While several of a kernel's own threads and processes are ready to run, they wait for each other: each
        counts its share of that time only. So a notebook cannot stop its own clock.
        """
        if not self._python:
            return 0.0
        moment = time.monotonic()
        if moment - self._looked >= BETWEEN_LOOKS:
            self._looked, before = moment, self._raw_wait
            self._raw_wait = max(before, processor_wait(self._python))
            if (more := self._raw_wait - before) > 0:
                own = more > MIN_WAIT and ready({self._python, *sharing.processes(self.pid or 0)})
                self._waited += more / max(1, own)
        return self._waited

    def processor_time(self) -> float:
        """Seconds that this kernel, since it started, has been on a processor."""
        return processor_time(self._python) if self._python else 0.0

    @property
    def _python(self) -> int:
        """The process in which student code runs; 0 if it is not known."""
        if self.connection is None or self.pid is None:
            return 0
        pid = self.pid
        if self.isolated:  # the supervisor's only child
            with contextlib.suppress(OSError, ValueError, IndexError):
                return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        return pid

    async def send_signal(self, signum: int) -> None:
        if self.connection is None:
            return await super().send_signal(signum)
        if await self.poll() is None:
            self.connection.send(json.dumps({"signal": int(signum)}).encode())

    async def kill(self, restart: bool = False) -> None:
        await (super().kill(restart) if self.connection is None else self.send_signal(signal.SIGKILL))

    async def terminate(self, restart: bool = False) -> None:
        await (super().terminate(restart) if self.connection is None else self.send_signal(signal.SIGTERM))

    async def cleanup(self, restart: bool = False) -> None:
        if self.connection is not None:
            self.connection.close()  # ends the kernel, if it still lives
            self.connection = None
        if self.sockets is not None and not restart:
            shutil.rmtree(self.sockets, ignore_errors=True)
            self.sockets = None
        await super().cleanup(restart)
