"""What the tests of kernels share: running code in one and reading what it says, and waiting for a process
to end."""

import os
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

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

        self.client.execute_interactive(code, timeout=HANG, output_hook=hear)
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
        client.wait_for_ready(timeout=HANG)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def ended(pid: int) -> bool:
    """Whether that process ends."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([pidfd], [], [], HANG)[0])
    finally:
        os.close(pidfd)
