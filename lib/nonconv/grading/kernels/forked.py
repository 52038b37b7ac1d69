"""What a forked process does until it is a kernel: enter the sandbox, take the environment of its order, and
serve.

It reports to the zygote through a pipe, a line a message: "pid N", the number of the kernel's process where
that is another one; then "there", or why it did not get there.
"""

import atexit
import base64
import ctypes
import os
import random
import signal
import sys
from typing import Any, TextIO

from nonconv.grading.kernels.modules import forget_own_modules
from nonconv.grading.kernels.sandbox import cgroups, namespaces

PR_SET_PDEATHSIG = 1
log = 2  # the descriptor for what the zygote itself reports


def become_kernel(order: dict[str, Any], zygote: TextIO, lifeline: int, group: cgroups.Group | None) -> int:
    """Go where the kernel is to run, report it to the zygote, and be the kernel. The exit code.

    group: of an isolated kernel, its cgroups; without, there is no sandbox. When the other end of `lifeline`
    is closed, the kernel ends.
    """
    from nonconv.grading.kernels import app

    listening = None
    joined, join = os.pipe()
    if group is not None:
        listening = app.listening(order["connection"])
        files = {name: base64.b64decode(content) for name, content in order["files"].items()}

        def report_pid(pid: int) -> None:
            """In the supervisor, the process that waits outside: in no cgroup, so that it can report how
            the kernel ended."""
            print("pid", pid, file=zygote, flush=True)
            os.write(join, b"p")
            group.join(pid)  # takes a while, in which the kernel makes itself ready
            os.write(join, b"!")

        try:
            namespaces.enter(namespaces.Limits(**order["limits"]), files, report_pid, lifeline)
        except OSError as error:
            print(error, file=zygote, flush=True)
            return 1
        group.close()
    else:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.close(lifeline)
        os.chdir(order["cwd"])
    os.close(join)
    # on a busy machine the kernel may be there before its supervisor has reported it, and the zygote listens
    # no longer
    if group is not None and os.read(joined, 1) != b"p":
        return 1
    print("there", file=zygote)
    zygote.close()
    _take_environment(order)
    kernel = app.application(order["connection"], order["arguments"], listening)
    if group is not None and not os.read(joined, 1):
        return 1  # no student's code without its cgroup
    for fd in (joined, log):
        os.close(fd)
    kernel.start()
    atexit._run_exitfuncs()
    return 0


def _take_environment(order: dict[str, Any]) -> None:
    """Nothing stays of what is the zygote's: streams, environment, signals, random numbers, an old state
    of the course."""
    global log
    log = os.dup(2)
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    os.close(nothing)
    before = os.environ.get("PYTHONPATH", "")
    os.environ.clear()
    os.environ.update(order["env"])
    wanted = os.environ.get("PYTHONPATH", "")
    if wanted != before and not order["isolated"]:
        sys.path[:0] = [os.path.abspath(path) for path in wanted.split(os.pathsep) if path]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    reseed()
    if order["edited"]:
        forget_own_modules()


def reseed() -> None:
    """Two kernels of one zygote must not draw the same "random" numbers, just as two processes do not."""
    import numpy
    import torch

    random.seed()
    numpy.random.seed()
    torch.seed()
