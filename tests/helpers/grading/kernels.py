"""What the tests of kernels share: running code in one and reading what it says, and waiting for a process
to end."""

import os
import queue
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from nonconv.grading.kernels import client as warm

HANG = 600  # seconds: what takes longer will not come, however busy the machine is


class Kernel:
    """A started kernel and its client."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager, self.client = manager, client

    def run(self, code: str, on_output: Callable[[], object] = lambda: None) -> str:
        """What the code prints, and the name and message of its error.

        `on_output` is called at each part of it.
        """
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                said.append(content["text"])
                on_output()
            elif message["msg_type"] == "error":
                said.append(f"{content['ename']}: {content['evalue']}")

        asked = self.client.execute(code)
        end = time.monotonic() + HANG
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=5)
            except queue.Empty:
                if not self.manager.is_alive() or time.monotonic() > end:  # a dead kernel will never answer
                    raise TimeoutError(f"no answer to {code!r}; {_why(self.manager)}") from None
                continue
            if message["parent_header"].get("msg_id") == asked:
                hear(message)
                if message["content"].get("execution_state") == "idle":
                    return "".join(said).strip()


@contextmanager
def kernel(name: str = "nonconv-warm", folder: Path | None = None, **environment: str) -> Iterator[Kernel]:
    """A kernel of that name, ended at the end."""
    manager = KernelManager(kernel_name=name)
    more: dict[str, Any] = {"cwd": str(folder)} if folder else {}
    manager.start_kernel(env={**os.environ, **environment}, **more)
    client = manager.client()
    client.start_channels()
    try:
        try:
            client.wait_for_ready(timeout=HANG)
        except RuntimeError as error:
            raise RuntimeError(f"{error}; {_why(manager)}") from error
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _why(manager: KernelManager) -> str:
    """What is known of a kernel that did not come up: how it ended, and the last words of its zygote."""
    provisioner: Any = manager.provisioner
    log = warm.folder(getattr(provisioner, "isolated", False)) / "log"
    words = log.read_text(errors="replace")[-2000:] if log.exists() else "none"
    status, why = getattr(provisioner, "status", None), getattr(provisioner, "why", "")
    return f"its exit status is {status}, why: {why or 'not known'}; the zygote's log: {words}"


def ended(pid: int, seconds: float = HANG) -> bool:
    """Whether that process ends within so many seconds."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([pidfd], [], [], seconds)[0])
    finally:
        os.close(pidfd)
