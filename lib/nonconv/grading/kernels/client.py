"""The client of the zygote, the fork server of pre-warmed kernels: finding it, or starting it, and asking for
a kernel.

One zygote serves all processes of a run. Its socket lies in the run's private folder, which the environment
variable NONCONV_ZYGOTE names, so a process that was started by another finds that one's. It lives as long as
a process is connected to it (`nonconv.grading.kernels.zygote`), and each process that used it stays connected
until it ends.
"""

import atexit
import contextlib
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WHERE = "NONCONV_ZYGOTE"
PREFIX = "nonconv-run-"  # of the folders of runs
# Modules that only some notebooks need, each with a word that their source, or the data beside it, has then.
# (The first step of an optimiser imports torch._dynamo.) Each makes every fork slower: the page tables of all
# are copied.
LATER = {
    "torch.distributed.tensor": "assert ",  # assert_close imports it, and bare assertions are tried with that
    "nonconv.checks.formula": '"sympy":',
    "torch._dynamo": "optim",
    "matplotlib.pyplot": "matplotlib",
    "sklearn.datasets": "sklearn",
    "skimage": "skimage",
}
WANTED = "NONCONV_LATER"  # those that are wanted; all, if it is not set
INLINE = (
    "module://matplotlib_inline.backend_inline"  # as ipykernel sets it; matplotlib reads it when imported
)
HARMLESS = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "MPLCONFIGDIR",
    "NONCONV_CGROUP",
    WANTED,
)
START_SECONDS = 600.0  # for the zygote's imports, on a busy machine too: it only bounds a hang
_lifelines: dict[bool, tuple[int, socket.socket]] = {}
_lock = threading.Lock()
_held: dict[tuple[int, Path], int] = {}  # by process: a forked copy of this one holds none
_holding = threading.RLock()


class WarmError(RuntimeError):
    """The zygote could not be started, or could not fork; the message says why."""


def available() -> bool:
    """Whether this platform can have pre-warmed kernels: it needs fork, pidfd and /proc, so Linux."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def folder(isolated: bool = False) -> Path:
    """A zygote's private folder.

    Isolated kernels have a zygote of their own: one that never gets a secret, so that none can be found in
    its memory.
    """
    path = run_folder() / ("isolated" if isolated else "plain")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def run_folder() -> Path:
    """The folder of this run's temporary files; made, and named to the processes that this one starts, if
    there is none.

    Each process that uses it holds a lock on it as long as it lives, however it ends. The last one takes the
    folder away; what was left by killed ones goes when the next run begins.
    """
    if WHERE not in os.environ:
        sweep()
        os.environ[WHERE] = tempfile.mkdtemp(prefix=PREFIX, dir=_short())
    path = Path(os.environ[WHERE])
    with _holding:
        while (os.getpid(), path) not in _held or not path.is_dir():
            path.mkdir(mode=0o700, exist_ok=True)
            held = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(held, fcntl.LOCK_SH)
            if _same(path, held):  # or it was taken away meanwhile
                _held[os.getpid(), path] = held
                atexit.register(_remove, path, held, os.getpid())
            else:
                os.close(held)
    return path


def sweep() -> None:
    """Take away the folders of runs of this user that were killed: those that nobody holds."""
    for path in Path(_short()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_uid == os.getuid():
                held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                try:
                    _remove(path, held, os.getpid())
                finally:
                    os.close(held)


def _remove(path: Path, held: int, holder: int) -> None:
    """Take the folder away, unless another process holds it."""
    if os.getpid() == holder:
        with contextlib.suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)


def _short() -> str:
    """Where temporary files go, or /tmp where that is too deep: the path of a socket has at most 107
    characters."""
    return tempfile.gettempdir() if len(tempfile.gettempdir()) <= 40 else "/tmp"


def prepare(isolated: bool, notebooks: Path | None = None) -> None:
    """Start the zygote without waiting for its imports, so that a process that soon wants a kernel can do
    other things meanwhile.

    notebooks: a folder with such as will be run, and their data. What they do not import need not be imported
    beforehand. Without it the zygote imports all modules that any notebook may need.
    """
    if available():
        if notebooks is not None:
            files = (path for path in notebooks.glob("*") if path.suffix in (".ipynb", ".json"))
            text = "".join(path.read_text(encoding="utf-8") for path in files)
            os.environ[WANTED] = " ".join(module for module, word in LATER.items() if word in text)
        folder(isolated)  # named now, so that every process that this one starts looks for the same one

        def start() -> None:
            with contextlib.suppress(WarmError):  # raised again when a kernel is wanted
                _stay_connected(isolated)

        threading.Thread(target=start, daemon=True).start()


def launch(order: dict[str, Any]) -> tuple[socket.socket, int]:
    """A kernel from the zygote: (its connection, its process number). Closing the connection ends the kernel.

    order: "connection" (as in a kernel's connection file), "arguments", "cwd", "env", "isolated", and for
    isolated kernels "files" and "limits". Raises WarmError.
    """
    isolated = order["isolated"]
    _stay_connected(isolated)
    connection = _connect(isolated)
    memfd = os.memfd_create("order")
    with os.fdopen(memfd, "w+b") as file:
        file.write(json.dumps(order).encode())
        file.flush()
        file.seek(0)
        socket.send_fds(connection, [b"{}"], [memfd])
    connection.settimeout(START_SECONDS)
    try:
        answer: dict[str, Any] = json.loads(connection.recv(65536) or b"{}")
    except (OSError, ValueError) as error:
        answer = {"error": str(error)}
    if "pid" not in answer:
        connection.close()
        raise WarmError(
            f"no pre-warmed kernel: {answer.get('error') or 'the zygote has ended: ' + _log(isolated)}"
        )
    connection.setblocking(False)
    return connection, answer["pid"]


def _stay_connected(isolated: bool) -> None:
    """One connection for as long as this process lives. A forked copy of this process needs its own."""
    with _lock:
        process, line = _lifelines.get(isolated, (0, None))
        if line is None or process != os.getpid() or _ended(line):
            line = _connect(isolated)
            line.setblocking(False)
            _lifelines[isolated] = os.getpid(), line


def _ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def _connect(isolated: bool) -> socket.socket:
    """A connection that the zygote has accepted, as its first message confirms; a zygote is started if
    there is none."""
    with _alone(isolated) as here:
        path = str(here / "socket")
        for start in (False, True):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            connection.settimeout(START_SECONDS)
            try:
                if start:
                    _start(here, isolated)
                connection.connect(path)
                if connection.recv(64):
                    return connection
            except (FileNotFoundError, ConnectionError):
                pass  # there is none, or it was just about to end
            except TimeoutError:
                raise WarmError(
                    f"the zygote has not answered for {START_SECONDS:.0f} s: {_log(isolated)}"
                ) from None
            connection.close()
        raise WarmError(f"the zygote did not start: {_log(isolated)}")


def _start(here: Path, isolated: bool) -> None:
    """Start it with a socket that listens already, so that no process has to poll until it does."""
    (here / "socket").unlink(missing_ok=True)
    # what a process was started with stays readable in its memory, and in that of its forked children
    known = {name: os.environ[name] for name in (HARMLESS if isolated else os.environ) if name in os.environ}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener, (here / "log").open("wb") as log:
        listener.bind(str(here / "socket"))
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", "nonconv.grading.kernels.zygote", str(listener.fileno()), str(here)],
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            # one thread a kernel: where several share the cores, threads that wait for each other cost ten
            # times as much
            env={**known, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": INLINE},
            start_new_session=True,
        )
    process.returncode = 0  # it ends after this process, which does not wait for it


@contextlib.contextmanager
def _alone(isolated: bool) -> Iterator[Path]:
    """The folder, while no other process looks for the zygote or starts one, and no zygote clears the
    folder away."""
    while True:
        here = folder(isolated)
        with (here / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _same(here / "lock", lock.fileno()):
                continue
            yield here
            return


def clear_away(here: Path) -> None:
    """What an ending zygote does with the folder, unless another is just being started."""
    with contextlib.suppress(OSError), (here / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _same(here / "lock", lock.fileno()):
            shutil.rmtree(here, ignore_errors=True)
            here.parent.rmdir()


def _same(path: Path, fd: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(fd).st_ino
    except FileNotFoundError:
        return False


def _log(isolated: bool) -> str:
    try:
        lines = (folder(isolated) / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return " ".join(lines[-3:])
