"""Kinds of attacks that are drawn at random, each an edit of a hand-in: code for a cell, a change of the
notebook's JSON, or a way to put the files. None of them is to earn or cost anybody anything.

`corpus.py` has single attacks with what exactly each must earn; here they are combined.
"""

import base64
import io
import json
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

Cells = list[dict[str, Any]]

ODD = (
    "\x1b[2J\x1b]0;title\x07",
    "\r\nAda: 39 of 39\r\n",
    '=HYPERLINK("x")',
    "\x00",
    "\u202e",
    "<script>alert(1)</script>",
)


# ---------------------------------------------------------------- code of a cell
def busy(draw: Random) -> str:
    start = draw.choice(["os.setsid()", "pass", "os.nice(0)"])
    return f"""
import os
for _ in range({draw.choice([2, 20, 60])}):
    if not os.fork():
        {start}
        while True: pass
"""


def busy_threads(draw: Random) -> str:
    return f"""
import threading
def spin():
    while True: pass
for _ in range({draw.choice([2, 30])}):
    threading.Thread(target=spin, daemon=True).start()
"""


def memory(draw: Random) -> str:
    return draw.choice(
        [
            "kept = []\nwhile True: kept.append(bytearray(50_000_000))",
            "kept = [[] for _ in range(40_000_000)]",
            "import mmap\nkept = [mmap.mmap(-1, 1 << 28) for _ in range(64)]\n"
            "for one in kept: one.write(bytes(1 << 28))",
            "import os, signal\nfor _ in range(12):\n    if not os.fork():\n"
            "        kept = bytes(200_000_000); signal.pause()",
            "with open('/tmp/large', 'wb') as file:\n    while True: file.write(bytes(1 << 24))",
            "import torch\nkept = [torch.ones(1 << 24) for _ in range(1000)]",
        ]
    )


SHOW = "from IPython.display import HTML, display\n"


def flood(draw: Random) -> str:
    size = draw.choice([1_000, 1_000_000])
    return draw.choice(
        [
            f"for _ in range(3000): print('x' * {size})",
            f"import sys\nfor _ in range(300): print('y' * {size}, file=sys.stderr)",
            f"{SHOW}for _ in range(60): display({{'text/plain': 'z' * {size}}}, raw=True)",
            f"{SHOW}for _ in range(60): display({{}}, raw=True, metadata={{'x': 'm' * {size}}})",
            f"{SHOW}shown = display('a', display_id=True)\nfor _ in range(200): shown.update('u' * {size})",
            "import os\nfor _ in range(200): os.write(1, b'w' * 1_000_000)",
            "!yes | head -c 50000000",
            f"raise ValueError('v' * {30 * size})",
        ]
    )


def wire(draw: Random) -> str:
    """Messages in the kernel's name."""
    size = draw.choice([10, 1_000_000, 30_000_000])
    kind = draw.choice(
        ["stream", "error", "execute_result", "display_data", "status", "execute_reply", "input_request"]
    )
    content = draw.choice(
        [
            "{}",
            "{'execution_state': 'idle'}",
            f"{{'name': 'stdout', 'text': 'x' * {size}}}",
            f"{{'ename': 'E' * {size}, 'evalue': '', 'traceback': []}}",
            f"{{'status': 'ok', 'user_expressions': {{'batch': 'x' * {size}}}, 'payload': []}}",
            f"{{'data': {{'text/plain': '1.0'}}, 'metadata': {{'m': 'x' * {size}}}, 'execution_count': 1}}",
            f"{{'prompt': 'p' * {size}, 'password': False}}",
        ]
    )
    place = draw.choice(["iopub_socket", "shell_socket", "stdin_socket"])
    ident = "kernel._parent_ident.get('shell') if hasattr(kernel, '_parent_ident') else None"
    return f"""
kernel = get_ipython().kernel
socket = getattr(kernel, {place!r}, None) or kernel.shell_stream
for _ in range({draw.choice([1, 40])}):
    try:
        kernel.session.send(socket, {kind!r}, {content}, parent=kernel.get_parent(), ident={ident})
    except Exception:
        break
"""


def parts(draw: Random) -> str:
    """Below zmq: parts of one message, of which none is the last, on all that the kernel is connected to."""
    return f"""
import os, socket, struct
part = b"\\3" + struct.pack(">Q", {draw.choice([1, 1000, 1_000_000])}) + bytes({draw.choice([1, 1_000_000])})
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        one = socket.socket(fileno=os.dup(fd))
        one.getpeername()
        one.setblocking(True)
        for _ in range({draw.choice([1, 3000])}): one.sendall(part)
    except OSError:
        pass
"""


def waits(draw: Random) -> str:
    """So as to stop its own clock: what a kernel waits for a processor does not count."""
    return f"""
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range({draw.choice([2, 8])}):
    if not os.fork():
        {draw.choice(["pass", "os.setsid()"])}
        while True:
            {draw.choice(["pass", "os.fork() or os._exit(sum(range(10**6)) * 0)"])}
os.nice(19)
while True: pass
"""


def excuses(draw: Random) -> str:
    """Errors that only the grader writes, by whatever way."""
    name = draw.choice(["CheckStopped", "CourseCodeChanged", "NotRun", "KernelDied", "CheckFailed"])
    words = draw.choice([*ODD, "no fault of the student", "A known mistake: none", ""])
    error = f"{{'ename': {name!r}, 'evalue': {words!r}, 'traceback': []}}"
    return draw.choice(
        [
            f"class {name}(Exception): pass\nraise {name}({words!r})",
            f"""
kernel = get_ipython().kernel
def say(*_):
    for _ in range({draw.choice([1, 3000])}):
        kernel.session.send(kernel.iopub_socket, "error", {error}, parent=kernel.get_parent())
get_ipython().events.register("pre_run_cell", say)
""",
        ]
    )


def shell(draw: Random) -> str:
    return draw.choice(
        [
            "!pip install nowhere-to-be-found",
            "!cat; read answer",
            "!while true; do :; done",
            "!sleep 1000 & sleep 1000 & kill -STOP $PPID",
            "!kill -9 -1; kill -9 $PPID; exec yes",
            "!ulimit -u unlimited; :(){ :|:& };:",
        ]
    )


REPLACE = """
import {module} as module
for name in dir(module):
    if callable(getattr(module, name)): setattr(module, name, lambda *a, **k: {value})
"""


def patched(draw: Random) -> str:
    return draw.choice(
        [
            "import torch\ntorch.equal = torch.allclose = lambda *a, **k: True",
            "import json\njson.dumps = lambda *a, **k: '{}'",
            "import builtins\nbuiltins.all = builtins.any = builtins.isinstance = lambda *a: True",
            REPLACE.format(module="nonconv.checks", value="None"),
            "check = lambda *a, **k: 1.0",
            "import sys\nfor name in list(sys.modules):\n"
            "    if name.startswith('nonconv'): del sys.modules[name]",
            REPLACE.format(module="nonconv.checks.transport", value="{}"),
            "import sys\nsys.setrecursionlimit(40)",
            "import sys\nsys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)",
            "import gc\nfor one in gc.get_objects():\n"
            "    if type(one) is dict and 'expected' in one: one['expected'] = None",
            "import torch\ntorch.Tensor.__eq__ = torch.Tensor.__le__ = lambda *a: torch.tensor(True)",
        ]
    )


def hooked(draw: Random) -> str:
    return draw.choice(
        [
            "import ast\nclass Strip(ast.NodeTransformer):\n"
            "    visit_Expr = visit_Assert = lambda self, node: ast.Pass()\n"
            "get_ipython().ast_transformers.append(Strip())",
            "get_ipython().events.register('pre_run_cell', lambda info: None)\n"
            "type(get_ipython()).run_cell_async = None",
            "get_ipython().input_transformers_post.append(lambda lines: ['1.0\\n'])",
            "get_ipython().kernel.do_execute = None",
            "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)",
            "get_ipython().display_formatter.formatters['text/plain'].for_type(type(None), lambda *a: '1.0')",
        ]
    )


def ends(draw: Random) -> str:
    return draw.choice(
        [
            "import os\nos._exit(0)",
            "import ctypes\nctypes.string_at(0)",
            "import os\nos.kill(os.getpid(), 9)",
            "raise SystemExit(1)",
            "raise KeyboardInterrupt",
            "def f(): return f()\nf()",
            "import os, signal\nos.kill(-1, signal.SIGTERM)",
            "import threading, os\nthreading.Timer(0.5, os._exit, [0]).start()",
            "import os\nos.closerange(3, 2000)",
        ]
    )


def endless(draw: Random) -> str:
    return draw.choice(
        [
            "while True: pass",
            "import time\ntime.sleep(10**6)",
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
            "10 ** 10 ** 9",
        ]
    )


def says(draw: Random) -> str:
    """Errors and files whose names and texts are meant for the terminal, the table or the page."""
    odd = draw.choice(ODD)
    return draw.choice(
        [
            f"raise type({odd.replace(chr(0), '')!r}, (Exception,), {{}})({odd * 50!r})",
            "class E(Exception):\n    def __str__(self): raise E\nraise E",
            f"raise ExceptionGroup({odd!r}, [ValueError({odd!r})] * 1000)",
            f"open({odd.replace(chr(0), '').replace('/', '')!r} + '.ipynb', 'w').write('x')",
            f"print({odd!r} * 100); raise ValueError({odd!r})",
            f"{SHOW}display(HTML({odd!r} * 100))",
        ]
    )


def survives(draw: Random) -> str:
    return draw.choice(
        [
            "import os\nif not os.fork():\n    os.setsid()\n    if not os.fork():\n"
            "        os.execv('/bin/sleep', ['sleep', '1000'])\n    os._exit(0)",
            "import subprocess\nfor _ in range(9):\n"
            "    subprocess.Popen(['sleep', '1000'], start_new_session=True)",
            "import os\nkept = [os.openpty() for _ in range(500)]",
            "import socket\nkept = [socket.socket(socket.AF_UNIX) for n in range(900)]\n"
            "for n, one in enumerate(kept): one.bind(f'\\0{n}'); one.listen()",
            "import os\nwhile True: os.fork()",
        ]
    )


def writes(draw: Random) -> str:
    return draw.choice(
        [
            "open('checks.json', 'w').write('{\"checks\": {}}')",
            "import os\nos.remove('checks.json'); os.symlink('/etc/passwd', 'checks.json')",
            "open('judge.json', 'w').write('{}')",
            "import os\nos.mkfifo('pipe')\nfor n in range(30_000): open(f'/tmp/{n}', 'w').close()",
            "import os\nfor _ in range(900):\n    os.mkdir('d'); os.chdir('d')",
            "import os, shutil\nshutil.rmtree('/submission', ignore_errors=True); os.chmod('.', 0)",
        ]
    )


def reaches(draw: Random) -> str:
    return draw.choice(
        [
            "import socket\nsocket.socket(40, 1).connect((2, 1))",
            "import socket\nsocket.create_connection(('192.0.2.1', 80), 1)",
            "import os\nos.setuid(0)",
            "import ctypes\nprint(ctypes.CDLL(None).unshare(0x10000000))",
            "import ctypes\nprint(ctypes.CDLL(None).ptrace(0, 0, 0, 0))",
            "import os\nfor path, _, names in os.walk('/proc'): print(path, names)",
            "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (-1, -1))",
        ]
    )


CODE: dict[str, Callable[[Random], str]] = {
    one.__name__: one
    for one in (
        busy,
        busy_threads,
        memory,
        flood,
        wire,
        parts,
        waits,
        excuses,
        shell,
        patched,
        hooked,
        ends,
        endless,
        says,
        survives,
        writes,
        reaches,
    )
}


# ---------------------------------------------------------------- the notebook's JSON
def doubled(cells: Cells, draw: Random) -> None:
    one = draw.choice(cells)
    cells[:0] = [one] * draw.choice([1, 50, 5000])


def without(cells: Cells, draw: Random) -> None:
    del cells[:: draw.choice([1, 2, 3])]


def shuffled(cells: Cells, draw: Random) -> None:
    draw.shuffle(cells)


def other_types(cells: Cells, draw: Random) -> None:
    for one in draw.sample(cells, min(5, len(cells))):
        one["cell_type"] = draw.choice(["markdown", "raw", "code", "heading", "", None, 7])


def other_ids(cells: Cells, draw: Random) -> None:
    for one in cells:
        one["id"] = draw.choice(["x", "", "a" * 10_000, 7, None, draw.choice(cells).get("id")])


def other_marks(cells: Cells, draw: Random) -> None:
    for one in cells:
        own = one.get("metadata", {})
        if isinstance(own.get("nbgrader"), dict):
            own["nbgrader"] = draw.choice(
                [
                    {**own["nbgrader"], "points": draw.choice([1000, -5, "many", None])},
                    {**own["nbgrader"], "grade_id": draw.choice(["x", "", ODD[0], 7])},
                    {**own["nbgrader"], "schema_version": draw.choice([0, 99, "3"])},
                    {**own["nbgrader"], "points": draw.choice([10**400, float("nan"), -float("inf")])},
                    {**own["nbgrader"], "task": True, "grade": False},
                    draw.choice([[], None, "x", {}]),
                    {**own["nbgrader"], "grade": True, "solution": True, "locked": False},
                ]
            )


def tags(cells: Cells, draw: Random) -> None:
    for one in cells:
        one.setdefault("metadata", {})["tags"] = ["skip-execution", "raises-exception", "remove-cell"]


def sources(cells: Cells, draw: Random) -> None:
    for one in draw.sample(cells, min(3, len(cells))):
        one["source"] = draw.choice(
            [7, None, [1, 2], {"a": 1}, "\ud800", "x" * 3_000_000, "\x00" * 10, ["a\n"] * 100_000]
        )


def saved(cells: Cells, draw: Random) -> None:
    """Outputs as if it had been run."""
    for one in cells:
        if one.get("cell_type") == "code":
            data = {"text/plain": draw.choice(["1.0", "100", ["1.0"], 7]), "text/html": ODD[-1]}
            one["outputs"] = draw.choice(
                [
                    [{"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}],
                    [{"output_type": "stream", "name": "stdout", "text": "x" * 1_000_000}],
                    [{"output_type": "stream", "name": "stdout", "text": ["x"]}] * 3000,
                    "none",
                    [7],
                ]
            )


def pasted(cells: Cells, draw: Random) -> None:
    """Pictures that are none, or are large."""
    for one in cells:
        if one.get("cell_type") == "markdown":
            content = draw.choice(
                ["!", "x" * 5_000_000, "iVBORw0KGgo=", 7, "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"]
            )
            kind = draw.choice(["image/png", "image/svg+xml", "text/html"])
            one["attachments"] = draw.choice(
                [{"a.png": {kind: content}}, {"../../x": {kind: content}}, [], "x"]
            )
            one["source"] = "![](attachment:a.png) ![](attachment:../../x)"


def slow(cells: Cells, draw: Random) -> None:
    """Texts whose pages would take the square of their length, or more."""
    for one in draw.sample(cells, min(8, len(cells))):
        again = draw.choice(
            ["![a](attachment:x", "\n  ", " \n", "a.", "$\\frac{", "<b>", "> ", "[", "|a", "- a\n", "\x1b[1;"]
        )
        begin = draw.choice(["", "```perl\n", "```python\n", "%%perl\n", "\\\x1b'"])
        one["source"] = begin + again * (30_000 // len(again))


def bombs(cells: Cells, draw: Random) -> None:
    """Pictures of few bytes and many pixels."""
    side = draw.choice([10, 30_000, 2**31 - 1])
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    data = base64.b64encode(png).decode()
    for one in cells:
        if one.get("cell_type") == "markdown":
            one["attachments"] = {"a.png": {"image/png": data}}
            one["source"] = f"![](attachment:a.png) ![](data:image/png;base64,{data})"


def many(cells: Cells, draw: Random) -> None:
    grade = {
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 1,
        "schema_version": 3,
        "cell_type": "code",
    }
    marked = draw.random() < 0.5
    for n in range(draw.choice([1000, 20_000])):
        own = {"nbgrader": {**grade, "grade_id": f"more-{n}"}} if marked else {}
        cells.append(
            {
                "cell_type": "code",
                "id": f"more-{n}",
                "metadata": own,
                "source": "1",
                "outputs": [],
                "execution_count": None,
            }
        )


EDITS: dict[str, Callable[[Cells, Random], None]] = {
    one.__name__: one
    for one in (
        doubled,
        without,
        shuffled,
        other_types,
        other_ids,
        other_marks,
        tags,
        sources,
        saved,
        pasted,
        slow,
        bombs,
        many,
    )
}


# ---------------------------------------------------------------- a file that is no notebook
def spoiled(text: str, draw: Random) -> bytes:
    content = text.encode(errors="surrogatepass")
    data = json.loads(text)
    return draw.choice(
        [
            lambda: b"",
            lambda: content[: draw.randrange(len(content))],
            lambda: content.decode(errors="replace").encode("utf-16"),
            lambda: b"[" * 100_000 + b"]" * 100_000,
            lambda: json.dumps({**data, "nbformat": draw.choice([1, 3, 99, "4", None])}).encode(),
            lambda: json.dumps({**data, "metadata": draw.choice([[], None, {"kernelspec": 7}])}).encode(),
            lambda: json.dumps({**data, "cells": draw.choice([{}, None, [7], [[]], "x"])}).encode(),
            lambda: json.dumps({**data, "more": float("nan")}).encode(),
            lambda: bytes(draw.randrange(256) for _ in range(1000)),
            lambda: b"<<<<<<< HEAD\n" + content,
        ]
    )()


# ---------------------------------------------------------------- how the files are put
def as_folder(inbox: Path, student: str, files: dict[str, bytes], draw: Random) -> None:
    folder = inbox / student
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def as_zip(inbox: Path, student: str, files: dict[str, bytes], draw: Random) -> None:
    with zipfile.ZipFile(inbox / f"{student}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(draw.choice(["", "../", "/", "a/b/", f"{student}/"]) + name, content)
        draw.choice([_bomb, _links, _crowd, _nested, _long_names, lambda archive: None])(archive)


def as_a_class(inbox: Path, student: str, files: dict[str, bytes], draw: Random) -> None:
    """A zip of several, under the names of whoever hands in, and other forms of these."""
    others = [path.name.removesuffix(".zip") for path in inbox.iterdir()]
    forms = [*others, *map(str.title, others), *(f"{one}, {one}" for one in others), "\u202e", "=1+1"]
    with zipfile.ZipFile(inbox / f"{student}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for who in draw.sample(forms, min(4, len(forms))):
            for name, content in files.items():
                archive.writestr(f"{who}/{name}", content)


def _bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("large.ipynb", bytes(300_000_000))


def _links(archive: zipfile.ZipFile) -> None:
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(link, "/etc/passwd")


def _crowd(archive: zipfile.ZipFile) -> None:
    for n in range(5000):
        archive.writestr(f"{n}.txt", "x")


def _long_names(archive: zipfile.ZipFile) -> None:
    for n in range(2000):
        archive.writestr(f"{n}.ipynb" + "_" * 900, "x")


def _nested(archive: zipfile.ZipFile) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as more:
        more.writestr("x.ipynb", bytes(50_000_000))
    archive.writestr("more.zip", inner.getvalue())


def with_odd_files(inbox: Path, student: str, files: dict[str, bytes], draw: Random) -> None:
    as_folder(inbox, student, files, draw)
    folder = inbox / student
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    (folder / draw.choice(["=1+1.ipynb", "\x1b[2J.ipynb", "a" * 200 + ".ipynb", "\udcff.ipynb"])).write_bytes(
        b"{}"
    )


PLACES = {one.__name__: one for one in (as_folder, as_zip, as_a_class, with_odd_files)}


def name_of(number: int, honest: list[str], draw: Random) -> str:
    """A student's name: mostly its own, sometimes odd, sometimes close to somebody else's."""
    close = draw.choice(honest)
    return draw.choice(
        [
            f"hostile-{number}",
            f"hostile-{number}",
            f"=cmd|' -{number}",
            f"\x1b[2J{number}",
            f"{close} ",
            f"{close}.",
            close.upper(),
            f"hostile-{number}-" + "a" * 150,
            f"\u202ehostile {number}",
            f"{number}\nperfect",
            f"{close} {number} 39",
            f"{close}\u3164\u3164{number}",
        ]
    )
