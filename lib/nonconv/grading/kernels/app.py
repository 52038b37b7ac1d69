"""ipykernel's application as it runs in a forked process: it is given its connection instead of reading it
from a file."""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from functools import partial
from typing import Any

import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.jsonutil import json_clean, json_default
from jupyter_client.session import json_packer
from traitlets.config.loader import DeferredConfigString

# A forked kernel is never debugged, and the debugger's 140 modules would be imported anew in each: a third of
# a kernel's start.
sys.modules["debugpy"] = None  # pyright: ignore[reportArgumentType]
import ipykernel.debugger  # noqa: E402, F401  (finds none, and remembers that)

del sys.modules["debugpy"]

SETTING = re.compile(r"--(?P<cls>\w+)\.(?P<trait>\w+)=(?P<value>.*)")
MAX_MESSAGE_BYTES = 32_000_000  # a client of ours takes a little more
CUT_CHARS = 2_000_000  # of a field of a larger one
# messages that wait to be read, before some are lost; a client of ours takes few at a time
MAX_UNREAD = 10_000
CHANNELS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
Listening = dict[int, socket.socket]


def listening(connection: dict[str, Any]) -> Listening:
    """The kernel's sockets, by port number, bound while their folder can still be seen.

    From a sandbox it cannot.
    """
    bound = {}
    for channel in CHANNELS:
        port = connection[channel]
        bound[port] = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        bound[port].bind(f"{connection['ip']}-{port}")
        bound[port].listen(16)
    return bound


class ForkedKernelApp(IPKernelApp):
    """Sockets, kernel and shell are ipykernel's own; the file that names the sockets is the client's
    business."""

    given: Any  # as in a kernel's connection file
    listening: Listening | None = None

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """As traitlets does, but that --Class.trait=value, which is all that nbclient sends, needs no parser
        of all flags.

        Such a parser takes 10 ms to build.
        """
        settings = [SETTING.fullmatch(argument) for argument in argv or []]
        if not all(settings):
            super().parse_command_line(argv)
            return
        for one in filter(None, settings):
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

    def init_iopub(self, context: Any) -> None:
        context.setsockopt(zmq.SNDHWM, MAX_UNREAD)
        super().init_iopub(context)

    def init_control(self, context: Any) -> None:
        super().init_control(context)
        # of subshells, which no client of ours uses: a thread more for every message to pass
        self.shell_channel_thread = NoSubshells()
        if self.listening is not None:  # a debugger would look for the file of the shell's socket, for ever
            self.debug_shell_socket.disconnect(self.debug_shell_socket.last_endpoint)

    def init_heartbeat(self) -> None:
        if self.listening is None:
            super().init_heartbeat()
        else:
            self.heartbeat = _GivenHeartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
            self.heartbeat.given = self.listening.pop(self.hb_port).detach()
            self.heartbeat.start()


class NoSubshells:
    """In the place of the thread that passes messages on to subshells: there is only the main thread."""

    parent_thread = threading.main_thread()  # what `await` in a cell asks for

    def __bool__(self) -> bool:
        return False


class ForkedKernel(IPythonKernel):
    """IPython's kernel, without subshells."""

    _supports_kernel_subshells = False  # pyright: ignore[reportAssignmentType, reportIncompatibleVariableOverride]


def as_text(message: Any) -> bytes:
    """A message as JSON; half a character (a lone surrogate), which no encoding has, becomes a question mark.

    Without this nothing would be sent, and the notebook would wait until its time is up.
    """
    text = _packed(message)
    if len(text) > MAX_MESSAGE_BYTES and isinstance(message, dict):
        text = _packed({key: _shortened(key, value) for key, value in message.items()})
    return text


def _packed(message: Any) -> bytes:
    try:
        return json_packer(message)
    except UnicodeEncodeError:
        cleaned = json_clean(message)
        return json.dumps(cleaned, default=json_default, ensure_ascii=False).encode(errors="replace")


def _shortened(key: str, value: Any) -> Any:
    """A field of a message that is too large to be sent: a text's beginning, or words in the place of the
    rest."""
    if isinstance(value, str):
        return value if len(value) <= CUT_CHARS else f"{value[:CUT_CHARS]}\n… cut off here: too long\n"
    if not isinstance(value, dict | list) or len(_packed(value)) <= CUT_CHARS:
        return value
    if isinstance(value, dict):
        return {"text/plain": "(not shown: too large)"} if key == "data" else {}
    return []


class Stream(OutStream):
    """ipykernel's, but that a flush waits for no other thread, and holds what was written past Python, too.

    Two more threads have to do with it: one reads what programs and C code write to the descriptor, one sends
    every 0.2 s. What they have taken they pass on under the lock. A flush takes the lock and reads the
    descriptor itself.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._alone = threading.RLock()
        super().__init__(*args, **kwargs)

    def flush(self) -> None:
        if self._is_master_process():
            with self._alone, contextlib.suppress(OSError, ValueError):  # the descriptor may be closed
                for _ in range(MAX_FLUSH_READS):
                    if not self._is_waiting(0) or not self._read():
                        break
        self._flush()

    def _flush(self) -> None:
        if not self._is_master_process():  # a fork may have been made while another thread had the lock
            super()._flush()
            return
        with self._alone:
            if self._buffers or self.echo is not None:
                super()._flush()
            self._flush_pending = False

    def _is_waiting(self, milliseconds: int | None) -> bool:
        """Whether something was written to the descriptor that no thread has read."""
        written: Any = self._fid
        if written is None:
            return False
        descriptor = select.poll()
        descriptor.register(written, select.POLLIN)
        return bool(descriptor.poll(milliseconds))

    def _read(self) -> bool:
        """Pass on what was written to the descriptor. False at its end."""
        written: Any = self._fid
        content = os.read(written, READ_BYTES)
        self.write(content.decode(errors="replace"))
        return bool(content)

    def _watch_pipe_fd(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # it was closed: the kernel ends
            while self._is_waiting(None) and self._should_watch:
                with self._alone:
                    # a flush may have been faster
                    if self._is_waiting(0) and not self._read():
                        return


READ_BYTES = 65536  # at once
MAX_FLUSH_READS = 256  # of one flush: a program may write without an end


# nothing is there to be reached: who looks for a package is told so at once, without trying again and again
OFFLINE = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "CONDA_OFFLINE": "true"}
INSTALLS = re.compile(r"\b(pip3?|uv|conda|mamba|apt|apt-get)\b.*\b(install|add)\b")
NO_NETWORK = "(There is no network while work is graded: nothing can be installed.)"


def system(shell: Any, command: str) -> None:
    """Run a line after `!` in the kernel's own session, with nothing to read from.

    IPython gives it a terminal, and so a session, which gets the least share of the processors there is
    (`sandbox.sharing`); and what asks for a yes waits for ever.
    """
    sys.stdout.flush()
    text = shell.var_expand(command, depth=1)
    process = subprocess.Popen(text, shell=True, stdin=subprocess.DEVNULL, process_group=0)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if code and INSTALLS.search(text):
        print(NO_NETWORK)
    sys.stdout.flush()
    shell.user_ns["_exit_code"] = code


class _GivenHeartbeat(Heartbeat):
    given: int

    def _try_bind_socket(self) -> Any:
        self.socket.use_fd = self.given
        return super()._try_bind_socket()


def application(
    connection: dict[str, Any], arguments: list[str], listening: Listening | None = None
) -> ForkedKernelApp:
    """A kernel that has opened its sockets; `start()` serves them until a client shuts it down.

    With sockets that listen already it runs in a sandbox, where a file in the working folder shadows no
    module.
    """
    app = ForkedKernelApp.instance()
    app.outstream_class = f"{__name__}.{Stream.__name__}"
    app.given = {**connection, "key": connection["key"].encode()}
    app.listening = listening
    if listening is not None:
        sys.path.append(os.getcwd())
        app.ignore_cwd = True
    app.kernel_class = ForkedKernel
    app.initialize(["--HistoryManager.enabled=False", *arguments])
    assert app.session is not None
    app.session.pack = as_text
    # traitlets leaves the choice to the log's handler: then every message becomes text first
    app.log.setLevel(app.log_level)
    if listening is not None:
        shell: Any = app.shell
        shell.ask_exit = lambda: None  # `exit()`, a habit from scripts, would cost every later cell
        shell.system = partial(system, shell)
        os.environ |= OFFLINE
    return app
