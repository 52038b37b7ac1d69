"""A client of a kernel that grading trusts with nothing: two channels, and no message without an end.

Student code can send anything in its kernel's name. Of Jupyter's channels, grading needs shell and iopub; the
others (stdin, control, heartbeat) are never connected. How large a message may be, and how many wait, the
sockets themselves limit: one that is larger closes its connection, which the client notices. How many parts a
message has, no socket limits, and it is not passed on before its last one: the client looks at its own
memory. Source: zmq_setsockopt(3), ZMQ_MAXMSGSIZE; zmq_socket_monitor(3).
"""

import contextlib
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient

from nonconv.grading.limits import MIB, size

# Bytes of a part of a message, and messages that wait. A kernel of ours sends less (`kernels.app`).
MAX_MESSAGE_BYTES, MAX_WAITING = 40_000_000, 16
# MiB by which this process may grow while a kernel runs: what may wait on both channels, and as a notebook
MAX_GROWTH = 2 * MAX_WAITING * MAX_MESSAGE_BYTES // MIB + 300


class GradingClient(AsyncKernelClient):
    """jupyter_client's, with shell and iopub alone."""

    def _context_default(self) -> zmq.asyncio.Context:
        context = super()._context_default()
        context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)  # of each socket that is made in it
        context.setsockopt(zmq.RCVHWM, MAX_WAITING)
        return context

    def start_channels(self, *_: bool, **__: bool) -> None:
        super().start_channels(stdin=False, hb=False, control=False)
        self._size = size(resident=True)
        self._monitors = [_monitor(channel.socket) for channel in (self.shell_channel, self.iopub_channel)]

    def execute(self, *arguments: Any, **how: Any) -> str:
        self.asked = super().execute(*arguments, **how)
        return self.asked

    def stop_channels(self) -> None:
        """jupyter_client's own would connect the other channels, to close them."""
        for monitor in getattr(self, "_monitors", ()):
            monitor.close(linger=0)
        self._monitors = []
        for channel in (self._shell_channel, self._iopub_channel):
            if channel is not None:
                channel.stop()
        if self._created_context and not self.context.closed:
            self.context.destroy(linger=100)

    def lost(self) -> bool:
        """Whether a channel was closed: the kernel is dead, or has sent what no socket takes."""
        return any(monitor.poll(0) for monitor in getattr(self, "_monitors", ()))

    def flooded(self) -> bool:
        """Whether this process has grown by more than all messages that may wait."""
        return size(resident=True) - self._size > MAX_GROWTH * MIB


def _monitor(socket: Any) -> Any:
    """A socket that tells when the other one's connection was closed."""
    address = f"inproc://lost-{id(socket)}"
    socket.monitor(address, zmq.EVENT_DISCONNECTED)
    told = zmq.Context.shadow(socket.context.underlying).socket(zmq.PAIR)
    with contextlib.suppress(zmq.ZMQError):
        told.connect(address)
    return told
