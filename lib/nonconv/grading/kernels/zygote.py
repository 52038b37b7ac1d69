"""The zygote: a fork server of kernels. It has imported what notebooks need, and forks a kernel in
milliseconds.

A kernel that is started the usual way spends two seconds on `import torch`; a forked one finds it imported.
Run as `python -m nonconv.grading.kernels.zygote FD FOLDER` by `kernels.client`, with a listening socket as
FD; messages are JSON, a line of this table each:

    <-- {}                     when it has accepted a connection
    --> {}, a file descriptor  a kernel's order in a file in memory; "isolated": to be run in a sandbox
    <-- {"pid": …}             or {"error": …}
    --> {"signal": 2}          to the kernel and its process group
    <-- {"status": …}          when the kernel has ended; "why" says more, where it is known

A connection that is closed ends its kernel; when the last one is closed, the zygote ends. A connection
without an order just keeps it alive. So nothing outlives the processes that asked for it, even if they are
killed.

What makes a fork safe: the zygote has a single thread. It must not enter an OpenMP region (a matrix product,
a convolution: the child would wait for threads that it does not have), open a zmq context, start an event
loop, or touch CUDA. OpenBLAS would start its threads at import: the environment limits it to one, here and so
in the kernels.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nonconv.grading.kernels import forked
from nonconv.grading.kernels.client import LATER, WANTED, clear_away
from nonconv.grading.kernels.modules import FIRST, edited, load
from nonconv.grading.kernels.sandbox import cgroups, memory_monitor, namespaces, sharing


@dataclass
class Child:
    """A kernel, as the zygote that forked it knows it.

    An isolated kernel is a grandchild: its parent `pid`, the supervisor, waits for it outside the sandbox and
    ends as it does.
    """

    pid: int
    kernel: int
    pidfd: int  # the child's
    kernel_fd: int  # the kernel's
    life: int  # held open as long as the kernel is to live
    group: cgroups.Group | None = None
    total_memory: int = 0  # MiB that all its processes may use
    cache: memory_monitor.Cache = field(default_factory=dict)
    why: str = ""  # it was ended, if it was

    def close(self) -> None:
        for fd in (self.pidfd, self.kernel_fd, self.life):
            os.close(fd)
        if self.group is not None:
            self.group.close()

    def check(self, by_session: bool) -> None:
        """End it if its processes use too much together, and keep them to its share of the processors.

        Before it is reaped, or its number may be another's.
        """
        if self.group is None or self.why:
            return
        self.check_memory()
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            sessions = sharing.share(self.pid, by_session)
            if sessions > sharing.MAX_SESSIONS and not self.why:
                self.why = f"it had more than {sharing.MAX_SESSIONS} sessions of processes at once"
                self.signal(signal.SIGKILL)

    def check_memory(self) -> None:
        if self.group is None or self.why:
            return
        limit = self.total_memory * namespaces.MIB
        over = self.group.over()
        if not over and "memory" not in self.group.limits():
            deadline = time.monotonic() + memory_monitor.MAX_LOOK_SECONDS
            over = memory_monitor.memory_in_use(self.pid, limit, self.cache, deadline) > limit
        if over:
            self.why = f"all its processes together used more than {self.total_memory} MiB"
            self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        """To the kernel, and to its process group. What was not reaped yet still owns its number."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.kernel_fd, number)
        if self.kernel == self.pid or number == signal.SIGKILL:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)


class Zygote:
    """Serves until its last connection is closed."""

    def __init__(self, listener: socket.socket, since: float) -> None:
        self.listener = listener
        self.connections: dict[int, socket.socket] = {}
        self.children: dict[int, Child] = {}  # by connection
        self.later = os.environ.get(WANTED, " ".join(LATER)).split()
        self.parents: list[Path] | None = None  # of the kernels' cgroups
        self.by_session = sharing.by_session()
        self.since = since
        self.poll = select.poll()
        self.poll.register(listener, select.POLLIN)

    def serve(self) -> None:
        served, checked = False, 0.0
        while self.connections or not served:
            ready = self.poll.poll(self._poll_milliseconds())
            if not ready and self.later:
                load(self.later.pop(0))
            if time.monotonic() > checked + memory_monitor.INTERVAL:
                for child in self.children.values():
                    child.check(self.by_session)
                checked = time.monotonic()
            # one at a time: what follows from it may close another's descriptor, and give its number to a
            # third
            for fd, _ in ready[:1]:
                if fd == self.listener.fileno():
                    connection, _ = self.listener.accept()
                    self.connections[connection.fileno()] = connection
                    self.poll.register(connection, select.POLLIN)
                    _send(connection, {})
                    served = True
                elif fd in self.connections:
                    self._receive(fd)
                else:
                    self._reap(fd)

    def _poll_milliseconds(self) -> float | None:
        """How long to wait for a message: not at all while there is something to import, no longer than a
        look at memory may wait."""
        if self.later and self.children:
            return 0
        monitored = any(child.group is not None for child in self.children.values())
        return memory_monitor.INTERVAL * 1000 if monitored else None

    def _receive(self, fd: int) -> None:
        connection = self.connections[fd]
        try:
            message, fds, *_ = socket.recv_fds(connection, 4096, 1)
        except ConnectionError:
            message, fds = b"", []
        if not message:
            self._forget(fd)
            return
        request = json.loads(message)
        if "signal" in request:
            if fd in self.children:
                self.children[fd].signal(request["signal"])
            return
        with os.fdopen(fds[0], "rb") as file:
            order = json.load(file)
        try:
            self.children[fd] = self.fork(order)
            response = {"pid": self.children[fd].pid}
            self.poll.register(self.children[fd].pidfd, select.POLLIN)
        except OSError as error:
            response = {"error": f"{error}"}
        _send(connection, response)

    def fork(self, order: dict[str, Any]) -> Child:
        """A kernel by an order of `client.launch`. Raises OSError."""
        threads = len(os.listdir("/proc/self/task"))
        if threads != 1:
            raise OSError(f"the zygote has {threads} threads, so a forked kernel could hang")
        # here: a forked process would copy the page of each module that it looks at
        order["edited"] = edited(self.since)
        group = self._group(order["limits"]) if order["isolated"] else None
        reader, writer = os.pipe()
        lifeline, life = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writer)
            os.close(lifeline)
            try:
                child = self._started(pid, reader, life)
            except OSError:
                if group is not None:
                    group.end()
                raise
            if group is not None:
                child.group, child.total_memory = group, order["limits"]["total_memory"]
            return child
        status = 1
        try:
            os.setsid()  # Linux shares the processors by session
            self._close_all(reader, life)
            if group is not None:
                group.release()
            status = forked.become_kernel(order, os.fdopen(writer, "w"), lifeline, group)
        except BaseException:
            with contextlib.suppress(OSError):
                os.write(forked.log, traceback.format_exc().encode())
        finally:
            os._exit(status)

    def _group(self, limits: dict[str, int]) -> cgroups.Group:
        """A kernel's cgroups: an empty group where it can have none."""
        if self.parents is None:
            self.parents = cgroups.parents()
        return cgroups.Group(self.parents, limits["total_memory"], limits["processes"])

    def _close_all(self, *fds: int) -> None:
        """In a forked process: what is the zygote's is none of a kernel's business."""
        for fd in fds:
            os.close(fd)
        self.listener.close()
        for other in self.connections.values():
            other.close()
        for child in self.children.values():
            child.close()

    def _started(self, pid: int, reader: int, life: int) -> Child:
        """Read what the child reports until it is where the kernel is to be: milliseconds.

        OSError: it did not get there.
        """
        kernel = kernel_fd = 0
        with os.fdopen(reader) as pipe:
            for line in pipe:
                word, _, rest = line.strip().partition(" ")
                if word == "pid":
                    kernel = int(rest)
                    kernel_fd = os.pidfd_open(kernel)
                elif word == "there":
                    return Child(
                        pid, kernel or pid, os.pidfd_open(pid), kernel_fd or os.pidfd_open(pid), life
                    )
                else:
                    break
            else:
                line = "it ended before it reported why"
        os.close(life)
        if kernel_fd:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(kernel_fd, signal.SIGKILL)
            os.close(kernel_fd)
        for kill in (os.kill, os.killpg):
            with contextlib.suppress(ProcessLookupError):  # it may have no group yet
                kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise OSError(line.strip())

    def _reap(self, pidfd: int) -> None:
        fd, child = next((fd, child) for fd, child in self.children.items() if child.pidfd == pidfd)
        child.check_memory()  # its cgroup may have been faster than the last look
        child.signal(signal.SIGKILL)  # what it may have left in its group
        _, status = os.waitpid(child.pid, 0)
        self.poll.unregister(pidfd)
        if child.group is not None:
            child.group.end()
        child.close()
        del self.children[fd]
        if fd in self.connections:
            _send(self.connections[fd], {"status": os.waitstatus_to_exitcode(status), "why": child.why})

    def _forget(self, fd: int) -> None:
        self.poll.unregister(fd)
        if fd in self.children:
            child = self.children[fd]
            child.signal(signal.SIGKILL)
            child.why = "its connection was closed"
            self._reap(child.pidfd)
        self.connections.pop(fd).close()


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the other end is closed: `_forget` follows
        connection.send(json.dumps(message).encode())


def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    # the folder where `-m` was called. (With -P, IPython would keep the notebook's folder off the path, too.)
    del sys.path[0]
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C in a terminal is for the processes that asked for kernels
    since = time.time()
    for module in FIRST:
        load(module)
    Zygote(listener, since).serve()
    clear_away(Path(sys.argv[2]))


if __name__ == "__main__":
    main()
