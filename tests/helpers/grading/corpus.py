"""Hostile and broken submissions: each a small edit of an honest notebook, and what it must earn.

The notebook asks for three functions. Almost every edit stands in the answer to the second, so that the first
shows what had been earned before, and the third whether the rest of the notebook still counts.
"""

import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import torch
from classroom import FORMATTER
from nbformat.v4 import new_code_cell, new_notebook

from helpers.grading.tiny import cell, course_of
from nonconv.checks import Check
from nonconv.publish import build

UNIT = "corpus"
NOTEBOOK = f"{UNIT}.ipynb"
SECRET = "secret-of-the-hidden-test"
ENVIRONMENT_SECRET = "secret-of-the-environment"
ALL: dict[str, float] = dict.fromkeys(
    ("first", "second-values", "second-tensor", "second-more", "second-close", "second-outside", "third"), 1.0
)
NOTHING = dict.fromkeys(ALL, 0.0)
FIRST_ONLY = NOTHING | {"first": 1.0}
NOT_SECOND = FIRST_ONLY | {"third": 1.0}

CLOSE = """
import torch
two, four = torch.tensor([2.0]), torch.tensor([4.0])
assert torch.allclose(torch.as_tensor(second(two)), four)
assert torch.equal(torch.as_tensor(second(two)), four)
torch.testing.assert_close(torch.as_tensor(second(two)), four)
"""
RIGHT = "def second(x):\n    return 2 * x\n"
WRONG = "def second(x):\n    return 7 * x\n"


def asked(name: str, answer: str, right: Callable[[Any], Any], *inputs: Any) -> Check:
    return Check.of(right, [{"x": x} for x in inputs], name=name, answer=answer, points=1)


def test(made: Check) -> nbformat.NotebookNode:
    data = json.dumps(made.to_json())
    return cell(made.name, f"# {made.name}\ncheck({made.name!r}, {made.answer}, data='''{data}''')", points=1)


OUTSIDE = asked("second-outside", "second", lambda x: 2 * x, 2, torch.tensor([1.0, 3.0]))
CHECKS = [
    asked("first", "first", lambda x: x + 1, 1, 5),
    asked("second-values", "second", lambda x: 2 * x, 1, 4),
    asked("second-tensor", "second", lambda x: 2 * x, torch.tensor([1.0, 3.0])),
    OUTSIDE,
    asked("third", "third", lambda x: x * x, 3),
]


def notebook(second: str = RIGHT) -> nbformat.NotebookNode:
    first, values, tensor, outside, third = CHECKS
    hidden = (
        "assert second(3) == 6\n### BEGIN HIDDEN TESTS\n"
        f"assert second(10) == 20  # {SECRET}\n### END HIDDEN TESTS"
    )
    cells = [
        new_code_cell("import os, sys\nfrom nonconv.checks import check", id="setup"),
        cell("first-answer", "def first(x):\n    return x + 1", solution=True),
        test(first),
        cell("second-answer", second, solution=True),
        test(values),
        test(tensor),
        cell("second-more", hidden, points=1),
        cell("second-close", CLOSE, points=1),
        test(outside),
        cell("third-answer", "def third(x):\n    return x * x", solution=True),
        test(third),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def course(folder: Path, judged: Iterable[Check] = (OUTSIDE,)) -> Path:
    """`judged`: the checks that are judged outside the kernel."""
    made = course_of(
        UNIT,
        notebook(
            "def second(x):\n    ### BEGIN SOLUTION Return twice x.\n    return 2 * x\n    ### END SOLUTION"
        ),
        folder,
    )
    (made / "solutions" / UNIT / "judge.json").write_text(
        json.dumps({check.name: build._judged(check) for check in judged})
    )
    return made


ENDLESS = (
    "endless-loop",
    "endless-test",
    "stubborn-loop",
    "long-c-call",
)  # of the kinds: their cells run into the time-out


@dataclass(frozen=True)
class Kind:
    """One submission: the second answer's code, or an edit of the notebook; points; what the instructor is
    told."""

    name: str
    code: str = RIGHT
    earns: Any = None
    told: str = ""  # in the troubles; empty: there are none
    edit: Callable[[nbformat.NotebookNode], Any] | None = None
    place: Callable[[Path, bytes], Any] | None = None  # puts what is handed in into the student's folder

    @property
    def points(self) -> dict[str, float]:
        return ALL if self.earns is None else self.earns

    def handed_in(self, released: nbformat.NotebookNode) -> bytes:
        for one in released.cells:
            if one.id == "second-answer":
                one.source = self.code
            elif one.id in ("first-answer", "third-answer"):
                one.source = next(other.source for other in notebook().cells if other.id == one.id)
        edited = self.edit(released) if self.edit else released
        return edited if isinstance(edited, bytes) else json.dumps(edited).encode()

    def put(self, folder: Path, released: nbformat.NotebookNode) -> None:
        """Hand it in."""
        folder.mkdir(parents=True)
        content = self.handed_in(released)
        (self.place or (lambda folder, content: (folder / NOTEBOOK).write_bytes(content)))(folder, content)


def tagged(released: Any) -> Any:
    for one in released.cells:
        if one.id.startswith("second-"):
            one.metadata.tags = ["skip-execution", "remove_cell", "raises-exception"]
    return released


def doubled(released: Any) -> Any:
    at = next(number for number, one in enumerate(released.cells) if one.id == "second-values")
    released.cells.insert(at, nbformat.from_dict(dict(released.cells[at])))
    return released


def without_test(released: Any) -> Any:
    released.cells = [one for one in released.cells if one.id != "second-values"]
    return released


def marks(**changes: Any) -> Callable[[Any], Any]:
    def edit(released: Any) -> Any:
        for one in released.cells:
            if "nbgrader" in one.metadata:
                one.metadata.nbgrader.update(changes)
        return released

    return edit


def old_format(released: Any) -> bytes:
    return json.dumps(nbformat.convert(released, 3)).encode()


def with_outputs(released: Any) -> Any:
    for one in released.cells:
        if one.cell_type == "code":
            page = {"text/html": "<script>alert('saved')</script>"}
            one.outputs = [nbformat.v4.new_output("display_data", data=page)]
    return released


def same_ids(released: Any) -> Any:
    for one in released.cells:
        if "nbgrader" not in one.metadata:
            one.id = "setup"
    released.cells += [
        nbformat.v4.new_code_cell("1", id="third"),
        nbformat.v4.new_markdown_cell("", id="cell-3"),
    ]
    return released


def deep(released: Any) -> bytes:
    released.metadata.more = "DEEP"
    return json.dumps(released).replace('"DEEP"', "[" * 5000 + "]" * 5000).encode()


def linked(folder: Path, content: bytes) -> None:
    (folder / NOTEBOOK).symlink_to("/etc/passwd")


def piped(folder: Path, content: bytes) -> None:
    os.mkfifo(folder / NOTEBOOK)
    os.mkfifo(folder / "checks.json")


def with_a_time(folder: Path, content: bytes) -> None:
    (folder / NOTEBOOK).write_bytes(content)
    (folder / "timestamp.txt").write_bytes(b"\xff the day before yesterday \0")


def slipping(folder: Path, content: bytes) -> None:
    """A zip beside which nothing is handed in; its members name places outside."""
    folder.rmdir()
    link = zipfile.ZipInfo(f"corpus/{NOTEBOOK}/more.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
        archive.writestr(f"../../course/solutions/{NOTEBOOK}", content)
        archive.writestr("../../course/nbgrader_config.py", "raise SystemExit")
        archive.writestr("/tmp/nonconv-slipped.ipynb", content)
        archive.writestr(link, "/etc/passwd")


# it works until it is stopped, which is final at once; what waits is stopped, and run once more
WAIT = "while True:\n    signal.pause()\n"
LOOP = "while True:\n    pass\n"
TWICE = """
calls = []
def second(x):
    calls.append(x)
    while len(calls) <= 2:
        pass
"""
# a call of a library that holds Python's lock and cannot be interrupted: it locks what it has locked already
DEADLOCK = """
import ctypes
mutex = ctypes.create_string_buffer(128)
for _ in range(2):
    ctypes.PyDLL(None).pthread_mutex_lock(mutex)
"""
DAEMON = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sleep", ["hostile-daemon", "1000"])
    os._exit(0)
"""
TRANSFORMER = """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    def visit_Expr(self, node):
        called = isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "")
        return ast.Pass() if called == "check" else node
get_ipython().ast_transformers.append(Strip())
"""
RUN_CELL = """
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
shell, before = get_ipython(), InteractiveShell.run_cell_async
async def nothing(self, source, *rest, **named):
    if "second(" in source or "check(" in source:
        return ExecutionResult(None)
    return await before(self, source, *rest, **named)
InteractiveShell.run_cell_async = nothing
type(shell).run_cell_async = nothing
"""


# student code has its kernel's sockets and their key
SAY = """
import contextlib, json
from IPython.display import display
kernel = get_ipython().kernel
kernel.session.pack = lambda content: json.dumps(content, default=str).encode()  # as text that holds any code
def say(kind, content, parent=None):
    parent = kernel.get_parent() if parent is None else parent
    kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)
def data(**more):
    return {"data": {"text/plain": "1.0"}, "metadata": {}, "execution_count": 1, **more}
def second(x):
    SAID
    return ANSWER
"""
ANSWER = "application/vnd.nonconv.answer+json"


def says(line: str, right: bool = False) -> str:
    """An answer that does something on the wire each time it is called."""
    return SAY.replace("SAID", line.replace("\n", "\n    ")).replace("ANSWER", "2 * x" if right else "7 * x")


NONSENSE = """
for kind, content in (
    ("stream", {"name": 5, "text": ["x"]}),
    ("stream", {"name": "stderr", "text": {}}),
    ("stream", {}),
    ("status", {}),
    ("status", {"execution_state": []}),
    ("error", {"traceback": 5}),
    ("comm", {}),
    ("comm_open", {}),
    ("comm_msg", {"comm_id": "x", "data": {"method": "custom"}}),
    ("commands", {}),
    ("clear_output", {"wait": {}}),
    ("display_data", {}),
    ("display_data", data(data={"text/plain": 5})),
    ("display_data", data(data=[])),
    ("display_data", data(transient={"display_id": []})),
    ("display_data", data(transient=7)),
    ("display_data", data(metadata=None)),
    ("execute_result", data(execution_count="<script>alert('count')</script>")),
    ("execute_input", {"execution_count": "<script>alert('count')</script>"}),
    ("execute_result", data(data={"text/plain": ["nan"]})),
    ("display_data", data(data={"x+json": deep})),
    ("stream", {"name": "stdout", "text": "half a character: \\ud800"}),
    ("nothing", "[]"),
    ("status", "7"),
    ("stream", "null"),
):
    say(kind, content)
say("status", {"execution_state": "idle"}, {"msg_id": "of-nobody"})
say("error", {"ename": "E", "evalue": "", "traceback": []}, {"msg_id": "of-nobody"})
"""
DEEP = "deep = []\nfor _ in range(200):\n    deep = [deep]\n"
AGREEABLE = """
import torch
class Yes(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func in (torch.allclose, torch.equal):
            return True
        if func in (torch.isclose, torch.Tensor.eq, torch.Tensor.__eq__):
            return torch.ones(args[0].shape, dtype=torch.bool)
        return super().__torch_function__(func, types, args, kwargs or {})
def second(x):
    return (7 * torch.as_tensor(x)).as_subclass(Yes)
"""
CLOSENESS = """
import torch
torch.allclose = torch.equal = lambda *a, **k: True
torch.isclose = lambda a, *rest, **k: torch.ones_like(a, dtype=torch.bool)
torch.testing.assert_close = lambda *a, **k: None
"""


def kinds(outside: Path, port: int, abstract: str) -> list[Kind]:
    """All of them; `outside` is the course's folder, at `port` and at the abstract socket somebody
    listens."""
    reach = f"""
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", {port})), (socket.AF_INET, ("192.0.2.1", 80)),
                        (socket.AF_UNIX, "\\0{abstract}")):
    try:
        with socket.socket(family) as out:
            out.settimeout(2)
            out.connect(address)
            print("REACHED", address)
    except OSError:
        pass
"""
    read = f"""
for folder in ({str(outside)!r}, "/submission", "/tmp", "/root", "/home", "/var", "/etc",
               "/proc/1/root", "/proc/1/cwd"):
    for path, _, names in os.walk(folder):
        for name in names:
            if name.endswith((".ipynb", "gradebook.db", "judge.json")) and "site-packages" not in path:
                print("SEEN", path, name)
for path in ("/proc/1/environ", "/proc/self/environ"):
    print(open(path, "rb").read())
print(dict(os.environ))
"""
    memory = """
import re
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as own:
    for line in maps:
        first, last = (int(end, 16) for end in line.split()[0].split("-"))
        if "r" in line.split()[1] and "[v" not in line:
            try:
                own.seek(first)
                content = own.read(min(last - first, 64_000_000))
            except (OSError, OverflowError, ValueError):
                continue
            for word in re.findall(rb"secret-of-the-(?:hidde[n]|environmen[t])", content):
                print("SEEN", word)
"""
    database = f"""
import sqlite3
for path in ({str(outside / "gradebook.db")!r}, "/proc/1/root" + {str(outside / "gradebook.db")!r},
             "gradebook.db"):
    try:
        with sqlite3.connect(path) as book:
            book.execute("update grade set manual_score = 99")
            print("WRITTEN")
    except sqlite3.Error:
        pass
try:
    open({str(outside / "solutions" / UNIT / "judge.json")!r}, "w").write("!")
except OSError:
    pass
"""
    locks = f"""
import fcntl, sqlite3
for path in ({str(outside / "gradebook.db")!r}, "/proc/1/root" + {str(outside / "gradebook.db")!r}):
    try:
        book = sqlite3.connect(path, isolation_level=None)
        book.execute("begin exclusive")
        print("REACHED", path)
    except sqlite3.Error:
        pass
    try:
        fcntl.flock(open(path), fcntl.LOCK_EX)
        print("REACHED", path)
    except OSError:
        pass
"""
    died, stopped = "The kernel died in this cell", "did not come to an end, and did not stop"
    return [
        Kind("honest"),
        Kind("wrong", WRONG, NOT_SECOND),
        # ------------------------------------------------------------------ ends or holds up its kernel
        Kind("exit-at-once", "os._exit(0)\n", FIRST_ONLY, died),
        Kind("exit-in-the-answer", "def second(x):\n    os._exit(0)\n", FIRST_ONLY, died),
        Kind("kills-itself", "os.kill(os.getpid(), 9)\n" + RIGHT),  # the first process of its sandbox cannot
        Kind("kills-everybody", "try:\n    os.kill(-1, 9)\nexcept OSError:\n    pass\n" + RIGHT),
        Kind("crash", "import ctypes\nctypes.string_at(0)\n", FIRST_ONLY, died),
        Kind(
            "endless-recursion",
            "import sys\nsys.setrecursionlimit(10**9)\n"
            "class A:\n    def __repr__(self): return repr(self)\nrepr(A())\n",
            FIRST_ONLY,
            died,
        ),
        Kind("endless-loop", LOOP, NOT_SECOND, "did not come to an end and was stopped"),
        Kind("endless-test", TWICE, NOT_SECOND, "did not come to an end and was stopped"),
        Kind(
            "stubborn-loop",
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n" + WAIT,
            FIRST_ONLY,
            stopped,
        ),
        Kind("long-c-call", DEADLOCK, FIRST_ONLY, stopped),
        Kind("closed-descriptors", "os.closerange(3, 1000)\n" + RIGHT, FIRST_ONLY, "the cell"),
        Kind("exits-politely", RIGHT + "exit()\nquit()\n"),
        Kind("asks-for-input", RIGHT + "input('marks? ')\n", ALL, "failed: StdinNotImplementedError"),
        # ------------------------------------------------------------------ uses up what there is
        Kind(
            "memory",
            "kept = []\nwhile True:\n    kept.append(bytearray(10**9))\n",
            NOT_SECOND,
            "failed: MemoryError",
        ),
        Kind(
            "shared-memory",
            "import mmap\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 10**9))\n",
            NOT_SECOND,
            "failed: OSError",
        ),
        Kind(
            "forks",
            "import signal\ntry:\n    while True:\n        if os.fork() == 0:\n            signal.pause()\n"
            "except OSError as error:\n    print('no more', error)\n" + RIGHT,
        ),
        Kind(
            "disk",
            "import os\nfor folder in ('/submission', '/tmp', '/dev/shm'):\n    try:\n"
            "        for n in range(10**6):\n            open(f'{folder}/{n}', 'wb').write(bytes(10**8))\n"
            "    except OSError as error:\n        print(error)\n" + RIGHT,
        ),
        Kind("flood", "for _ in range(600):\n    print('x' * 100_000)\n" + RIGHT),
        Kind(
            "raised-limits",
            "import resource\nfor one in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU):\n"
            "    try:\n        resource.setrlimit(one, (-1, -1))\n        print('REACHED', one)\n"
            "    except ValueError:\n        pass\n" + RIGHT,
        ),
        # ------------------------------------------------------------------ reaches out
        Kind("daemon", DAEMON + RIGHT),
        Kind("network", reach + RIGHT),
        Kind("looks-around", read + RIGHT),
        Kind("looks-into-memory", memory + RIGHT),
        Kind("gradebook", database + RIGHT),
        Kind("locks", locks + RIGHT),
        Kind(
            "new-rights",
            "import ctypes\nlibc = ctypes.CDLL(None)\n"
            "for result in (libc.unshare(0x10000000), libc.mount(b'none', b'/tmp', b'tmpfs', 0, None),\n"
            "               libc.setuid(0),\n"
            "               libc.chroot(b'/tmp')):\n    print('REACHED' if result == 0 else 'no')\n" + RIGHT,
        ),
        Kind(
            "links-and-pipes",
            "os.symlink('/etc/passwd', 'checks.json')\nos.mkfifo('pipe')\nos.mkfifo('corpus.ipynb')\n"
            + RIGHT,
        ),
        Kind(
            "system-settings",
            "for path in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger',\n"
            "             '/sys/kernel/uevent_helper'):\n"
            "    try:\n        open(path, 'w').write('|/bin/true')\n        print('WRITTEN', path)\n"
            "    except OSError:\n        pass\n" + RIGHT,
        ),
        # ------------------------------------------------------------------ tampers with its tests
        Kind("skip-execution", WRONG, NOT_SECOND, edit=tagged),
        Kind("syntax-transformer", TRANSFORMER + WRONG, {**NOT_SECOND, "third": 0.0}, "tampered with"),
        Kind("run-cell", RUN_CELL + WRONG, {**NOT_SECOND, "third": 0.0}, "tampered with"),
        Kind(
            "patched-check",
            "import nonconv.checks\nnonconv.checks.check = lambda *a, **k: None\n" + WRONG,
            {**NOT_SECOND, "third": 0.0},
            "tampered with",
        ),
        Kind(
            "patched-judgement",
            "import nonconv.checks.diagnosis as diagnosis\ndiagnosis.problem_with = lambda *a: None\n"
            + WRONG,
            {**NOT_SECOND, "third": 0.0},
            "tampered with",
        ),
        Kind(
            "changed-guard",
            "import contextlib, nonconv.checks.calling as calling\n"
            "calling.own_work = lambda *a, **k: contextlib.nullcontext({})\n" + RIGHT,
            ALL | {"second-outside": 0.0},
            "nonconv.checks.calling.own_work is the course's own",
        ),
        Kind(
            "replaced-requests",
            "import types\nfake = types.ModuleType('nonconv.checks.remote')\n"
            "fake.evaluate = fake.batch = lambda *a, **k: None\nsys.modules[fake.__name__] = fake\n" + WRONG,
            NOT_SECOND,
        ),
        Kind("own-check", "check = lambda *a, **k: None\n" + WRONG, NOT_SECOND),
        Kind(
            "agreeable-answer",
            "class Yes(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\n"
            "    def __rsub__(self, other): return Yes(0)\n    __sub__ = __rsub__\n"
            "    def __abs__(self): return self\n"
            "    def __le__(self, other): return True\n    def __add__(self, other): return self\n"
            # a bare assert believes it
            "def second(x):\n    return Yes(x)\n",
            {**NOT_SECOND, "second-more": 1.0},  # a check takes its number out of it, and compares that
        ),
        # bare asserts believe it
        Kind("agreeable-tensor", AGREEABLE, NOT_SECOND | {"second-more": 1.0, "second-close": 1.0}),
        Kind("patched-closeness", CLOSENESS + WRONG, NOT_SECOND, "tampered with"),
        Kind(
            "patched-allclose",
            "import torch\ntorch.allclose = torch.equal = lambda *a, **k: True\n"
            "torch.testing.assert_close = lambda *a, **k: None\n" + WRONG,
            NOT_SECOND,
            "'second-close' passes on a wrong answer",
        ),
        Kind("formatter-full", FORMATTER.replace("PRINTED", "1.0") + WRONG, NOT_SECOND),
        Kind("formatter-nan", FORMATTER.replace("PRINTED", "nan") + WRONG, FIRST_ONLY, "tampered with"),
        Kind("formatter-empty", FORMATTER.replace("PRINTED", "") + WRONG, FIRST_ONLY, "tampered with"),
        Kind(
            "silent-errors",
            "from IPython.core.interactiveshell import InteractiveShell\n"
            "InteractiveShell._showtraceback = InteractiveShell.showtraceback = lambda *a, **k: None\n"
            "type(get_ipython())._showtraceback = lambda *a, **k: None\n" + WRONG,
            NOT_SECOND,
        ),
        Kind(
            "cleared-errors",
            "from IPython.display import clear_output\n"
            "get_ipython().events.register('post_run_cell', lambda result: clear_output())\n" + WRONG,
            NOT_SECOND,
        ),
        # ------------------------------------------------------------------ speaks in its kernel's name
        Kind("forged-result", says("say('execute_result', data())"), NOT_SECOND),
        Kind(
            "forged-result-beside-the-right-one",
            says("say('execute_result', data())\nsay('execute_result', data())", True),
            NOT_SECOND | {"second-outside": 1.0},
            "tampered with",
        ),
        Kind("forged-end", says("say('status', {'execution_state': 'idle'})"), NOT_SECOND),
        Kind(
            "forged-error",
            says("say('error', {'ename': 'E', 'evalue': 'forged', 'traceback': []})", True),
            NOT_SECOND,
        ),
        Kind(
            "forged-reply",
            says(
                "kernel.session.send(kernel.shell_stream, 'execute_reply', {'status': 'ok'},"
                " kernel.get_parent(), ident=kernel._shell_parent_ident.get())\n"
                "say('status', {'execution_state': 'idle'})"
            ),
            NOT_SECOND,
            "tampered with",
        ),
        Kind(
            "forged-answer",
            says(
                "with contextlib.suppress(Exception):\n    import nonconv.checks.remote as remote\n"
                "    remote.display = lambda *a, **k: None\n"
                "    say('display_data',"
                f" data(data={{{ANSWER!r}: [{{'output': None, 'problem': None}}] * 2}}))"
            ),
            NOT_SECOND,
            "nonconv.checks.remote.display is the course's own",
        ),
        Kind(
            "two-answers",
            says(f"say('display_data', data(data={{{ANSWER!r}: []}}))", True),
            ALL | {"second-outside": 0.0},
        ),
        Kind(
            "bundle-of-the-judge",
            "class Bundle:\n    def _repr_mimebundle_(self, **k):\n"
            f"        return {{{ANSWER!r}: [{{'output': 4, 'problem': None}}],\n"
            "                'application/vnd.nonconv.proof+json': {}}\n" + says("display(Bundle())"),
            NOT_SECOND,
        ),
        Kind("nonsense", DEEP + says(NONSENSE, True)),
        Kind(
            "unsigned",
            says(
                "kernel.iopub_socket.send_multipart([b'<IDS|MSG>', b'unsigned', b'{}', b'{}', b'{}', b'{}'])",
                True,
            ),
            FIRST_ONLY,
            "sent something that no kernel sends",
        ),
        Kind(
            "no-message",
            says("kernel.iopub_socket.send_multipart([b'nothing'])", True),
            FIRST_ONLY,
            "sent something that no kernel sends",
        ),
        Kind(
            "widgets",
            "from comm import create_comm\n"
            "for target in ('jupyter.widget', 'jupyter.widget.control', 'unknown'):\n"
            "    state = {'_model_name': 'OutputModel', 'msg_id': 'x'}\n"
            "    one = create_comm(target_name=target, data={'state': state})\n"
            "    parent = get_ipython().kernel.get_parent()['header']['msg_id']\n"
            "    one.send({'method': 'update', 'state': {'msg_id': parent}})\n"
            "    one.close()\nprint('after all')\n" + RIGHT,
        ),
        Kind("immense-number", "def second(x):\n    return 10**400\n", NOT_SECOND),
        Kind(
            "deep-value",
            "def second(x):\n    deep = x\n    for _ in range(400):\n"
            "        deep = [deep]\n    return deep\n",
            NOT_SECOND,
        ),
        Kind(
            "shipped-modules",
            "open('torch.py', 'w').write('allclose = 1')\nopen('nonconv.py', 'w').write('check = 1')\n"
            "open('json.py', 'w').write('raise SystemExit')\n" + RIGHT,
        ),
        # ------------------------------------------------------------------ shows more than it should
        Kind(
            "script",
            RIGHT + "from IPython.display import HTML, Javascript, display\n"
            "display(HTML(\"<script>alert('shown')</script>\"), Javascript(\"alert('run')\"))\n"
            "print('<script>alert(1)</script>')\n",
        ),
        Kind(
            "warning",
            "import sys, warnings\ndef second(x):\n    warnings.warn('deprecated')\n"
            "    print('hm', file=sys.stderr)\n    os.write(2, b'low level')\n    return 2 * x\n",
        ),
        Kind(
            "chatty-thread",
            "import threading, time\ndef talk():\n    while True:\n        print('and on', file=sys.stderr)\n"
            "        time.sleep(0.01)\nthreading.Thread(target=talk, daemon=True).start()\n" + RIGHT,
        ),
        # ------------------------------------------------------------------ is broken, or broken on purpose
        Kind("another-schema", edit=marks(schema_version=99)),
        Kind("points-of-its-own", WRONG, NOT_SECOND, edit=marks(points=1000)),
        Kind("doubled-test", RIGHT, ALL, "stand there more than once", edit=doubled),
        Kind("deleted-test", RIGHT, ALL, "missing cells were put back", edit=without_test),
        Kind("old-format", edit=old_format),
        Kind("same-ids", told="stand there more than once", earns=ALL, edit=same_ids),
        Kind("a-time-that-is-none", told="no time that can be read", place=with_a_time),
        Kind("zip-slip", place=slipping),
        Kind("link", earns=NOTHING, told="was not handed in", place=linked),
        Kind("pipe", earns=NOTHING, told="was not handed in", place=piped),
        Kind("empty", earns=NOTHING, told="an empty file", edit=lambda _: b""),
        Kind("not-json", earns=NOTHING, told="it is not JSON", edit=lambda _: b"<<<<<<< HEAD\n{}"),
        Kind("not-cells", earns=NOTHING, told="it has no list of cells", edit=lambda _: b'{"cells": {}}'),
        Kind("deep-json", earns=NOTHING, told="it is not JSON", edit=deep),
        Kind("saved-outputs", edit=with_outputs),
    ]
