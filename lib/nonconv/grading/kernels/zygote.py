"""The zygote: a process that has imported what notebooks need, and forks a kernel from itself in milliseconds.

A kernel that is started the usual way spends two seconds on `import torch`; one that is forked finds it imported. Run
as `python -m nonconv.grading.kernels.zygote FD FOLDER` by `nonconv.grading.kernels.client`, with a listening socket as FD; it speaks JSON,
a line of this table a message:

    <-- {}                     when it has taken up a connection
    --> {}, a file descriptor  a kernel's orders in a file in memory; "isolated": to be run in a sandbox
    <-- {"pid": …}             or {"error": …}
    --> {"signal": 2}          to the kernel and its process group
    <-- {"status": …}          when the kernel has ended; "why" says more, where it is known

A connection that is closed ends its kernel; when the last one is closed, the zygote ends. A connection without
orders just keeps it alive. So nothing outlives the processes that asked for it, even if they are killed.

What makes a fork safe: the zygote has a single thread. It must not enter an OpenMP region (a matrix product, a
convolution: the child would wait for threads that it does not have), open a zmq context, start an event loop, or touch
CUDA. OpenBLAS would start its threads at import: it is told to have one, here and so in the kernels.
"""

import atexit
import base64
import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from nonconv.grading.kernels.client import LATER, WANTED, clear_away
from nonconv.grading.kernels.sandbox import cgroups, memory_monitor, namespaces

# what every kernel needs; then, when nobody waits, what only some do (client.LATER)
FIRST = (
    "numpy", "numpy.random", "torch", "torch._subclasses.schema_check_mode", "nonconv.checks",
    "ipykernel.kernelapp", "ipykernel.ipkernel", "tornado.platform.asyncio", "nonconv.grading.kernels.app",
    "IPython.core.completer", "IPython.core.completerlib", "IPython.core.oinspect", "IPython.core.debugger",
    "IPython.extensions.storemagic", "faulthandler", "pdb",
)  # fmt: skip
LOG = 2  # what the zygote itself has to say
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A kernel, as the zygote that forked it knows it.

    An isolated kernel is a grandchild: its parent `pid` waits for it outside the room and ends as it does.
    """

    pid: int
    kernel: int
    pidfd: int  # the child's
    kernel_fd: int  # the kernel's
    life: int  # held open as long as the kernel shall live
    group: cgroups.Group | None = None
    together: int = 0  # MiB that all its processes may use
    known: memory_monitor.Known = field(default_factory=dict)
    why: str = ""  # it was ended, if it was

    def close(self) -> None:
        for fd in (self.pidfd, self.kernel_fd, self.life):
            os.close(fd)
        if self.group is not None:
            self.group.close()

    def look(self) -> None:
        """End it if its processes use too much together. Before it is reaped, or its number may be another's."""
        if self.group is None or self.why:
            return
        enough = self.together * namespaces.MIB
        watched = not self.group.limits_memory()
        if self.group.over() or (
            watched and memory_monitor.used(self.pid, enough, self.known, memory_monitor.AT_ONCE) > enough
        ):
            self.why = f"all its processes together used more than {self.together} MiB"
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
        self.since = since
        self.poll = select.poll()
        self.poll.register(listener, select.POLLIN)

    def serve(self) -> None:
        served, looked = False, 0.0
        while self.connections or not served:
            watched = any(child.group is not None for child in self.children.values())
            ready = self.poll.poll(
                0 if self.later and self.children else memory_monitor.OFTEN * 1000 if watched else None
            )
            if not ready and self.later:
                load(self.later.pop(0))
            if time.monotonic() > looked + memory_monitor.OFTEN:
                for child in self.children.values():
                    child.look()
                looked = time.monotonic()
            # one at a time: what follows from it may close another's descriptor, and give its number to a third
            for fd, _ in ready[:1]:
                if fd == self.listener.fileno():
                    connection, _ = self.listener.accept()
                    self.connections[connection.fileno()] = connection
                    self.poll.register(connection, select.POLLIN)
                    _say(connection, {})
                    served = True
                elif fd in self.connections:
                    self._hear(fd)
                else:
                    self._reap(fd)

    def _hear(self, fd: int) -> None:
        connection = self.connections[fd]
        try:
            message, fds, *_ = socket.recv_fds(connection, 4096, 1)
        except ConnectionError:
            message, fds = b"", []
        if not message:
            self._forget(fd)
            return
        order = json.loads(message)
        if "signal" in order:
            if fd in self.children:
                self.children[fd].signal(order["signal"])
            return
        with os.fdopen(fds[0], "rb") as file:
            orders = json.load(file)
        try:
            self.children[fd] = self.fork(orders)
            said = {"pid": self.children[fd].pid}
            self.poll.register(self.children[fd].pidfd, select.POLLIN)
        except OSError as error:
            said = {"error": f"{error}"}
        _say(connection, said)

    def fork(self, orders: dict[str, Any]) -> Child:
        threads = len(os.listdir("/proc/self/task"))
        if threads != 1:
            raise OSError(f"the zygote has {threads} threads, so a forked kernel could hang")
        # asked here: a forked process would copy the page of each module that it looks at
        orders["edited"] = edited(self.since)
        group = self._group(orders["limits"]) if orders["isolated"] else None
        reader, writer = os.pipe()
        lifeline, life = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writer)
            os.close(lifeline)
            with contextlib.suppress(OSError):  # the child does the same; whoever comes first
                os.setpgid(pid, pid)
            try:
                child = self._started(pid, reader, life)
            except OSError:
                if group is not None:
                    group.end()
                raise
            if group is not None:
                child.group, child.together = group, orders["limits"]["together"]
            return child
        status = 1
        try:
            os.setpgid(0, 0)
            self._close_all(reader, life)
            if group is not None:
                group.release()
            status = become_kernel(orders, os.fdopen(writer, "w"), lifeline, group)
        except BaseException:
            with contextlib.suppress(OSError):
                os.write(LOG, traceback.format_exc().encode())
        finally:
            os._exit(status)

    def _group(self, limits: dict[str, int]) -> cgroups.Group:
        """A kernel's cgroups: an empty group where it can have none."""
        if self.parents is None:
            self.parents = cgroups.parents()
        return cgroups.Group(self.parents, limits["together"], limits["processes"])

    def _close_all(self, *fds: int) -> None:
        """What is the zygote's is none of a kernel's business."""
        for fd in fds:
            os.close(fd)
        self.listener.close()
        for other in self.connections.values():
            other.close()
        for child in self.children.values():
            child.close()

    def _started(self, pid: int, reader: int, life: int) -> Child:
        """Hear from the child until it is where the kernel shall be, which takes milliseconds. OSError: it did not get there."""
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
                line = "it ended before it said why"
        os.close(life)
        for fd in [kernel_fd] if kernel_fd else []:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(fd, signal.SIGKILL)
            os.close(fd)
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise OSError(line.strip())

    def _reap(self, pidfd: int) -> None:
        fd, child = next((fd, child) for fd, child in self.children.items() if child.pidfd == pidfd)
        child.look()  # its cgroup may have been faster than the last look
        child.signal(signal.SIGKILL)  # what it may have left in its group
        _, status = os.waitpid(child.pid, 0)
        self.poll.unregister(pidfd)
        if child.group is not None:
            child.group.end()
        child.close()
        del self.children[fd]
        if fd in self.connections:
            _say(self.connections[fd], {"status": os.waitstatus_to_exitcode(status), "why": child.why})

    def _forget(self, fd: int) -> None:
        self.poll.unregister(fd)
        if fd in self.children:
            child = self.children[fd]
            child.signal(signal.SIGKILL)
            child.why = "nobody asks any more"
            self._reap(child.pidfd)
        self.connections.pop(fd).close()


def _say(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more: `_forget` follows
        connection.send(json.dumps(message).encode())


def load(module: str) -> None:
    """Import, and keep what was imported out of the garbage collector's sight, so that the pages stay shared."""
    gc.disable()  # what is imported is no garbage: looking for some would take a fifth of the time
    with contextlib.suppress(ImportError):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    gc.enable()


def become_kernel(orders: dict[str, Any], outside: TextIO, lifeline: int, group: cgroups.Group | None) -> int:
    """In the forked child: go where the kernel shall run, say so, and be the kernel."""
    global LOG
    from nonconv.grading.kernels import app

    listening = None
    joined, join = os.pipe()
    if group is not None:
        listening = app.listening(orders["connection"])
        files = {name: base64.b64decode(content) for name, content in orders["files"].items()}

        def tell(pid: int) -> None:
            """Of the process that waits outside, which is in no cgroup, so that it can say how the kernel ended."""
            print("pid", pid, file=outside, flush=True)
            os.write(join, b"p")
            group.join(pid)  # takes a while, in which the kernel makes itself ready
            os.write(join, b"!")

        try:
            namespaces.enter(namespaces.Limits(**orders["limits"]), files, tell, lifeline)
        except OSError as error:
            print(error, file=outside, flush=True)
            return 1
        group.close()
    else:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.close(lifeline)
        os.chdir(orders["cwd"])
    os.close(join)
    # on a busy machine the kernel may be there before the process outside has said its number, and the zygote listens no longer
    if group is not None and os.read(joined, 1) != b"p":
        return 1
    print("there", file=outside)
    outside.close()
    LOG = os.dup(2)
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    os.close(nothing)
    own = os.environ.get("PYTHONPATH", "")
    os.environ.clear()
    os.environ.update(orders["env"])
    given = os.environ.get("PYTHONPATH", "")
    if given != own and not orders["isolated"]:
        sys.path[:0] = [os.path.abspath(path) for path in given.split(os.pathsep) if path]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    reseed()
    if orders["edited"]:
        forget_own_modules()
    kernel = app.application(orders["connection"], orders["arguments"], listening)
    if group is not None and not os.read(joined, 1):
        return 1  # no student's code without its cgroup
    for fd in (joined, LOG):
        os.close(fd)
    kernel.start()
    atexit._run_exitfuncs()
    return 0


def own_modules() -> list[str]:
    """The course's own modules, but for those that the zygote itself runs on."""
    return [
        name for name in sys.modules if name.startswith("nonconv.") and not name.startswith("nonconv.grading")
    ]


def edited(since: float) -> bool:
    """Is a file of the course newer than the zygote, which may live as long as a JupyterLab does?"""
    files = [sys.modules[name].__file__ for name in own_modules()]
    try:
        return any(file and os.path.getmtime(file) > since for file in files)
    except FileNotFoundError:
        return True


def forget_own_modules() -> None:
    for name in own_modules():
        del sys.modules[name]


def reseed() -> None:
    """Two kernels of one zygote must not draw the same "random" numbers, just as two processes do not."""
    import numpy
    import torch

    random.seed()
    numpy.random.seed()
    torch.seed()


def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    del sys.path[
        0
    ]  # where `-m` was said. (With -P, IPython would keep the notebook's folder off the path, too.)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for those who asked for kernels
    since = time.time()
    for module in FIRST:
        load(module)
    Zygote(listener, since).serve()
    clear_away(Path(sys.argv[2]))


if __name__ == "__main__":
    main()
