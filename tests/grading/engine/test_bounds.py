"""What a kernel sends is bounded: every channel, every field, each cell and the notebook as a whole."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.grading import isolation
from nonconv.grading import limits
from nonconv.grading.engine import client
from nonconv.grading.engine.execute import CarefulExecute
from nonconv.grading.engine.outputs import DIED, NOT_RUN, has_error

pytestmark = [pytest.mark.slow, isolation.needed()]
# how student code speaks in its kernel's name
SPEAKS = """
import os, zmq
kernel = get_ipython().kernel
def say(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())
def show(**more):
    say("display_data", {"data": {"text/plain": "x"}, "metadata": {}} | more)
big = "A" * 300_000
"""
FLOODS = {
    "metadata": "for _ in range(9): show(metadata={'image/png': {'alt': big}})",
    "many-data": "show(data={f'x/{n}': '' for n in range(10_000)})",
    "an-errors-name": "for _ in range(9): say('error', {'ename': big, 'evalue': '', 'traceback': []})",
    "an-errors-value": "for _ in range(9): say('error', {'ename': 'E', 'evalue': big, 'traceback': []})",
    "a-traceback": "for _ in range(9): say('error', {'ename': 'E', 'evalue': '', 'traceback': [big] * 9})",
    "many-errors": "for n in range(500): say('error', {'ename': 'E', 'evalue': 'v' * 999, 'traceback': []})",
    "small-errors": "for n in range(5000): say('error', {'ename': 'E', 'evalue': '', 'traceback': []})",
    "a-raised-error": "raise ValueError(big)",
    "a-named-error": "raise type('E' * 300_000, (Exception,), {})",
    "payload": "kernel.shell.payload_manager.write_payload({'source': 'page', 'data': big}, single=False)",
    "small-outputs": "for n in range(3000): show(data={})",
    "two-streams": (
        "import sys\nfor n in range(900): print(n, flush=True); print(n, file=sys.stderr, flush=True)"
    ),
    "a-displays-name": "for n in range(9): show(transient={'display_id': big + str(n)})",
    "a-count": "say('execute_input', {'code': '', 'execution_count': 10**4000})",
    "one-line": "print('B' * 35_000_000)",
    "a-value": "'C' * 35_000_000",
}
# more than a socket takes: its connection is closed, and nothing of the kernel counts any more
TOO_LARGE = {
    "iopub": "kernel.iopub_socket.send_multipart([b'x', bytes(50_000_000)])",
    "shell": "kernel.shell_stream.socket.send_multipart([ident, bytes(50_000_000)])",
}
NOBODY_LISTENS = {
    "stdin": "for _ in range(9): kernel.stdin_socket.send_multipart([ident, bytes(50_000_000)])",
    "control": "for _ in range(9): kernel.control_stream.socket.send_multipart([ident, bytes(50_000_000)])",
}
IDENT = """
ident = kernel._shell_parent_ident.get()
ident = ident[0] if isinstance(ident, list) else ident
"""


def executed(folder: Path, *sources: str, **how: Any) -> SimpleNamespace:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    execute = CarefulExecute(kernel_name="nonconv-isolated", allow_errors=True, timeout=120, **how)
    done, resources = execute.preprocess(notebook, {"metadata": {"path": str(folder)}})
    return SimpleNamespace(
        cells=done.cells, size=len(nbformat.writes(done)), cut_short=resources["cut_short"]
    )


def said(cell: Any) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def test_no_field_of_a_message_is_without_an_end_and_the_kernel_goes_on(tmp_path: Path) -> None:
    sources = [f"{source}" for source in FLOODS.values()]
    found = executed(tmp_path, SPEAKS, *sources, "print('still here')", max_cell_output_chars=100_000)
    sizes = {name: len(str(cell)) for name, cell in zip(FLOODS, found.cells[1:], strict=False)}
    assert max(sizes.values()) < 600_000, sizes
    assert said(found.cells[-1]) == "still here\n"
    assert max(len(cell.outputs) for cell in found.cells) <= 2000
    assert not found.cut_short
    nbformat.validate(
        nbformat.from_dict({"cells": found.cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )


def test_a_notebook_as_a_whole_has_an_end_too_and_an_error_is_always_kept(tmp_path: Path) -> None:
    sources = ["print('A' * 5000)"] * 30 + ["raise KeyError('kept')"]
    found = executed(tmp_path, *sources, max_notebook_output_chars=20_000)
    assert found.size < 60_000
    assert "the notebook has put out more than 20000 characters" in said(found.cells[-2])
    assert has_error(found.cells[-1].outputs, "KeyError")


@pytest.mark.parametrize("channel", NOBODY_LISTENS)
def test_channels_that_grading_does_not_use_are_closed(channel: str, tmp_path: Path) -> None:
    found = executed(tmp_path, SPEAKS + IDENT + NOBODY_LISTENS[channel], "print('still here')")
    assert said(found.cells[-1]) == "still here\n"


@pytest.mark.parametrize("channel", TOO_LARGE)
def test_a_message_that_no_socket_takes_costs_what_comes_after_it(channel: str, tmp_path: Path) -> None:
    speaks = SPEAKS + IDENT
    found = executed(
        tmp_path, "print('first')", speaks + TOO_LARGE[channel] + "\nimport time; time.sleep(30)", "1"
    )
    assert said(found.cells[0]) == "first\n"
    assert has_error(found.cells[1].outputs, DIED)
    assert "too large" in found.cells[1].outputs[-1].evalue
    assert has_error(found.cells[2].outputs, NOT_RUN)
    assert not found.cut_short


PARTS = """
import os, socket, struct, time
part = b"\\3" + struct.pack(">Q", 1_000_000) + bytes(1_000_000)  # of ZMTP: another part follows
def links():
    for fd in map(int, os.listdir("/proc/self/fd")):
        try:
            one = socket.socket(fileno=os.dup(fd))
            one.getpeername()
            if one.getsockname():  # none of the pairs that nobody reads meanwhile: to write there ends never
                yield one
        except OSError:
            pass
for one in links():
    one.setblocking(True)
    try:
        for _ in range(3000): one.sendall(part)
    except OSError:
        pass
time.sleep(600)
"""


def test_a_message_whose_parts_have_no_end_ends_its_kernel_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MAX_GROWTH", 200)
    grown = []
    monkeypatch.setattr(client, "size", lambda **how: grown.append(limits.size(**how)) or grown[-1])
    found = executed(tmp_path, "print('first')", PARTS, "1")
    assert said(found.cells[0]) == "first\n"
    assert "too large" in found.cells[1].outputs[-1].evalue
    assert has_error(found.cells[2].outputs, NOT_RUN)
    assert not found.cut_short
    assert max(grown) - grown[0] < 2000 * limits.MIB


def test_an_error_that_goes_by_the_name_of_the_graders_own_is_told_from_it(tmp_path: Path) -> None:
    raised = "class KernelDied(Exception): pass\nraise KernelDied('What ran before it counts.')"
    said_so = SPEAKS + "say('error', {'ename': 'NotRun', 'evalue': '', 'traceback': []})"
    excuse = "say('error', {'ename': 'CheckStopped', 'evalue': 'no fault of mine', 'traceback': []})"
    found = executed(tmp_path, raised, said_so, excuse, "print('still here')")
    names = [cell.outputs[0].get("ename") for cell in found.cells[:3]]
    assert names == [f"{name} raised in the notebook" for name in ("KernelDied", "NotRun", "CheckStopped")]
    assert said(found.cells[-1]) == "still here\n"
