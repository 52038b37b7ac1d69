"""ipykernel's application as it runs in a forked process: told its connection instead of reading it from a file."""

import contextlib
import os
import re
import select
import socket
import sys
import threading
import time
from typing import Any

import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import OutStream
from ipykernel.kernelapp import IPKernelApp
from traitlets.config.loader import DeferredConfigString

# Nobody debugs a forked kernel, and the debugger's 140 modules would be imported anew in each: a third of a kernel's start.
sys.modules["debugpy"] = None  # pyright: ignore[reportArgumentType]
import ipykernel.debugger  # noqa: E402, F401  (finds none, and remembers that)

del sys.modules["debugpy"]

SETTING = re.compile(r"--(?P<cls>\w+)\.(?P<trait>\w+)=(?P<value>.*)")
CHANNELS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
Listening = dict[int, socket.socket]


def listening(connection: dict[str, Any]) -> Listening:
    """The kernel's sockets, by port number, bound while their folder can still be seen. From a sandbox it cannot."""
    bound = {}
    for channel in CHANNELS:
        port = connection[channel]
        bound[port] = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        bound[port].bind(f"{connection['ip']}-{port}")
        bound[port].listen(16)
    return bound


class ForkedKernelApp(IPKernelApp):
    """Sockets, kernel and shell are ipykernel's own; the file that names the sockets is the client's business."""

    given: Any  # as in a kernel's connection file
    listening: Listening | None = None

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """As traitlets does; but for what nbclient says, --Class.trait=value, it takes no parser of all flags, 10 ms to build."""
        said = [SETTING.fullmatch(argument) for argument in argv or []]
        if not all(said):
            super().parse_command_line(argv)
            return
        for one in filter(None, said):
            self.cli_config[one["cls"]][one["trait"]] = DeferredConfigString(one["value"])
        self.update_config(self.cli_config)

    def init_connection_file(self) -> None:
        self.load_connection_info(self.given)

    def write_connection_file(self, **kwargs: Any) -> None:
        pass

    def _try_bind_socket(self, s: Any, port: int) -> int:
        if self.listening is not None:
            s.use_fd = self.listening.pop(port).detach()
        return super()._try_bind_socket(s, port)

    def init_control(self, context: Any) -> None:
        super().init_control(context)
        self.shell_channel_thread = (
            None  # of subshells, which nobody asks for: a thread more for every message to pass
        )
        if self.listening is not None:  # a debugger would look for the file of the shell's socket, for ever
            self.debug_shell_socket.disconnect(self.debug_shell_socket.last_endpoint)

    def init_heartbeat(self) -> None:
        if self.listening is None:
            super().init_heartbeat()
        else:
            self.heartbeat = _GivenHeartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
            self.heartbeat.given = self.listening.pop(self.hb_port).detach()
            self.heartbeat.start()


class Stream(OutStream):
    """ipykernel's, but that a flush waits for no other thread to send, and that what was written past Python comes in its place.

    Two more threads have to do with it: one reads what programs and C code write to the descriptor, one sends every 0.2 s. What they
    have taken they pass on under the lock, so whoever holds it sees all that there is, and stands in one line with what follows.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._alone = threading.RLock()
        super().__init__(*args, **kwargs)

    def flush(self) -> None:
        for _ in range(PATIENCE if self._is_master_process() else 0):
            with self._alone:
                if not self._is_waiting(0):
                    self._flush()
                    return
            time.sleep(0.0005)  # for the thread that reads
        super()._flush()

    def _flush(self) -> None:
        if not self._is_master_process():  # a fork may have been made while another thread had the lock
            super()._flush()
            return
        with self._alone:
            if self._buffers or self.echo is not None:
                super()._flush()
            self._flush_pending = False

    def _is_waiting(self, milliseconds: int | None) -> bool:
        """Whether something was written to the descriptor that nobody has read."""
        written: Any = self._fid
        if written is None:
            return False
        descriptor = select.poll()
        descriptor.register(written, select.POLLIN)
        return bool(descriptor.poll(milliseconds))

    def _watch_pipe_fd(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # it was closed: the kernel ends
            while self._is_waiting(None) and self._should_watch:
                written: Any = self._fid
                with self._alone:
                    self.write(os.read(written, PIPE).decode(errors="replace"))


PIPE = 65536  # bytes that are read at once
PATIENCE = 200  # times that a flush looks whether all has been read; somebody may write without an end


class _GivenHeartbeat(Heartbeat):
    given: int

    def _try_bind_socket(self) -> Any:
        self.socket.use_fd = self.given
        return super()._try_bind_socket()


def application(
    connection: dict[str, Any], arguments: list[str], listening: Listening | None = None
) -> ForkedKernelApp:
    """A kernel that has opened its sockets; `start()` serves them until it is told to shut down.

    With sockets that listen already it runs in a sandbox, where a file in the working folder shadows no module.
    """
    app = ForkedKernelApp.instance()
    app.outstream_class = f"{__name__}.{Stream.__name__}"
    app.given = {**connection, "key": connection["key"].encode()}
    app.listening = listening
    if listening is not None:
        sys.path.append(os.getcwd())
        app.ignore_cwd = True
    app.initialize(["--HistoryManager.enabled=False", *arguments])
    # traitlets leaves the choice to the log's handler: then every message becomes text first
    app.log.setLevel(app.log_level)
    if listening is not None:
        shell: Any = app.shell
        shell.ask_exit = lambda: None  # `exit()`, a habit from scripts, would cost every later cell
    return app
