"""Executing a submission's notebook so that whatever it does costs itself, not the rest: nbgrader's Execute, made careful.

- When the kernel dies, or does not stop when it is told to, what had run by then keeps its points; every later cell says why it
  did not run.
- A notebook has a budget of time, and a cell one of output. Errors are always kept: they decide about points.
- Tags are taken off: `skip-execution` on a test would make it pass.
- A test that passed is run once more on a spoilt answer. If that passes, too, the tests themselves were tampered with.
"""

import ast
import json
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Int

from nonconv.grading.engine.messages import as_error, readable

DIED = "KernelDied"
TAMPERED = "TestTamperedWith"
# what a test gets in the place of the student's answer: the answer, but every number in it is another
SPOILT = """
def _spoilt(value):
    import torch
    if isinstance(value, torch.Tensor):
        return ~value if value.dtype == torch.bool else value + 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float, complex)):
        return value + 1
    if isinstance(value, (tuple, list)):
        return type(value)(map(_spoilt, value)) if not hasattr(value, "_fields") else None
    if isinstance(value, dict):
        return {key: _spoilt(one) for key, one in value.items()}
    return "spoilt"
"""
# in front of a test without `check`: does what it may compare with still tell two values apart?
LIES = """
def _lies():
    import contextlib, math, sys
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    said = [math.isclose(0, 1)]
    if torch is not None:
        zero, one = torch.zeros(2), torch.ones(2)
        said += [torch.allclose(zero, one), torch.equal(zero, one), bool(torch.isclose(zero, one).any())]
        with contextlib.suppress(AssertionError):
            said.append(torch.testing.assert_close(zero, one) is None)
    if numpy is not None:
        zero, one = numpy.zeros(2), numpy.ones(2)
        said += [numpy.allclose(zero, one), numpy.array_equal(zero, one), bool(numpy.isclose(zero, one).any())]
        for claimed in (numpy.testing.assert_allclose, numpy.testing.assert_array_equal):
            with contextlib.suppress(AssertionError):
                said.append(claimed(zero, one) is None)
    return any(said)
"""
PATIENCE = 10  # seconds in which an interrupted kernel must answer


class CarefulExecute(Execute):
    """nbgrader's Execute with the properties above."""

    budget = Int(900, help="Seconds that a whole notebook may run.").tag(config=True)
    largest_output = Int(1_000_000, help="Characters of output that are kept of a cell.").tag(config=True)

    # Where this differs from nbgrader, a switch for whoever wants nbgrader's way (README.md has the table):
    keep_tags = Bool(False, help="Whether tags such as skip-execution have their effect.").tag(config=True)
    spoiling = Bool(
        True, help="Whether a passed test is tried on a spoilt answer, and its value checked."
    ).tag(config=True)
    going_on = Bool(
        True, help="Whether a submission is graded by what ran before its kernel died, instead of not at all."
    ).tag(config=True)
    store_widget_state = Bool(False, help="Whether the state of widgets is kept.").tag(config=True)
    # (nbclient's own coalesce_streams takes minutes for one line of a million characters, which no budget counts)
    joining = Bool(
        True, help="Whether neighbouring outputs of one stream are joined, carriage returns obeyed."
    ).tag(config=True)

    over: str | None = None  # why nothing runs any more
    by_a_rule: Collection[str] = ()  # tests for which more than one answer is right
    judged_elsewhere: Collection[str] = ()  # cells that test nothing in the kernel

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        self.over, self._written = None, 0
        self._end = time.monotonic() + self.budget
        if not self.keep_tags:
            for cell in nb.cells:
                cell.metadata.pop("tags", None)
        self.timeout_func = lambda cell: max(
            1, min(self.timeout or self.budget, int(self._end - time.monotonic()))
        )
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if cell.cell_type != "code":
            return cell, resources
        self._written = 0
        self._display_id_map = {}  # a cell may update what it shows itself, nothing that another one showed
        if self.over is None and time.monotonic() > self._end:
            self.over = f"The notebook ran for more than {self.budget} s and was stopped before this cell."
        if self.over is not None:
            cell.outputs, cell.execution_count = [error(DIED, self.over)], None
            return cell, resources
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            if not self.going_on:
                raise
            self._stop(cell, f"The kernel died in this cell{self._why()}.")
        except CellTimeoutError:
            self._stop(cell, "This cell did not come to an end, and did not stop when it was told to.")
        except Exception as problem:  # jupyter_client and nbclient fail in many ways on what is no message
            said = f"{type(problem).__name__}: {problem}"[:100]
            self._stop(cell, f"The kernel sent something that no kernel sends ({said}).")
        else:
            if self.joining:
                cell.outputs = joined(cell.outputs)
            if any(output.get("ename") == "CellTimeoutError" for output in cell.outputs):
                if not self._answers():
                    self._stop(
                        cell, "This cell did not come to an end, and did not stop when it was told to."
                    )
            elif self.spoiling and is_grade(cell) and not is_solution(cell):
                if failed(cell):  # nbgrader would take a value that stands before an error
                    cell.outputs = [
                        output for output in cell.outputs if output.output_type != "execute_result"
                    ]
                elif cell.metadata.nbgrader.get("grade_id") not in self.judged_elsewhere:
                    self._spoil(cell)
        return cell, resources

    async def _async_check_alive(self) -> None:
        if (
            self.kc is None
        ):  # after something unreadable nbclient goes on asking, and complains when the client is gone
            raise DeadKernelError("The notebook is at its end.")
        await super()._async_check_alive()

    def _why(self) -> str:
        provisioner: Any = getattr(self.km, "provisioner", None)
        if why := getattr(provisioner, "why", ""):
            return f": it was killed, since {why}"
        status = getattr(provisioner, "status", None)
        return {
            137: ": it was killed, for too much memory or by itself",
            139: ": a crash in native code, or too much memory",
            152: ": it used up its processor time",
        }.get(status, "" if status is None else f", with the exit code {status}")  # type: ignore[arg-type]

    def _stop(self, cell: Any, reason: str) -> None:
        """No cell runs after this one."""
        cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
        cell.outputs.append(error(DIED, f"{reason} What ran before it counts."))
        self.over = f"Not run: the cell {cell.get('id')!r} had ended the kernel or would not stop."
        run_sync(self._kill)()

    async def _kill(self) -> None:
        provisioner: Any = getattr(self.km, "provisioner", None)
        if provisioner is not None and provisioner.has_process:
            await provisioner.kill()

    def _answers(self) -> bool:
        """Whether the kernel is there again after an interrupt."""
        client: Any = self.kc
        return self._reply(client.kernel_info, PATIENCE) is not None

    def _reply(self, ask: Callable[[], Any], seconds: float) -> dict[str, Any] | None:
        async def wait() -> dict[str, Any] | None:
            client: Any = self.kc
            message = await ensure_async(ask())
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0:
                try:
                    reply = await ensure_async(client.shell_channel.get_msg(timeout=min(left, 1)))
                except Exception:  # queue.Empty, by the client's own class
                    await self._async_check_alive()
                    continue
                parent, content = reply["parent_header"], reply["content"]
                if (parent or {}).get("msg_id") == message and isinstance(content.get("status"), str):
                    return content
            return None

        try:
            return run_sync(wait)()
        except DeadKernelError:
            return None

    def _spoil(self, cell: Any) -> None:
        """Try the test of a passed cell on a spoilt answer, or a test that must fail; where that passes, it earns nothing."""
        source = spoilt(cell.source, self.by_a_rule)
        values = [
            output.data.get("text/plain", "")
            for output in cell.outputs
            if output.output_type == "execute_result"
        ]
        points = cell.metadata.nbgrader.points
        if len(values) > 1 or not all(_share(value, points) for value in values):
            said = (
                f"A test has one value, a number from 0 to {points}; this one has {', '.join(values)[:60]}."
            )
            cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
            cell.outputs.append(error(TAMPERED, said))
            return
        client: Any = self.kc  # (stop_on_error would make the kernel refuse the next cell)
        ask = partial(
            client.execute, source or negated(cell.source), store_history=False, stop_on_error=False
        )
        content = self._reply(ask, self._get_timeout(cell) or PATIENCE)
        if content is None:
            self._stop(cell, "The kernel ended while the test of this cell was tried on a spoilt answer.")
        elif content["status"] != "error":
            cell.outputs = [error(TAMPERED, "This test passes on a wrong answer, too: something in the notebook changes"
                                            " how tests run. It earns nothing; please ask your instructor.")]  # fmt: skip

    def on_cell_executed(self, **told: Any) -> None:
        """nbgrader's: an error that only the reply tells is written to the cell."""
        content = told["execute_reply"]["content"]
        if content["status"] == "error":
            as_error(content)
        super().on_cell_executed(**told)

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        of_widget = self.store_widget_state and str(msg.get("msg_type")).startswith("comm_")
        if not of_widget and not readable(msg):
            return None
        content = msg["content"]
        kind = msg["msg_type"]
        if kind == "error":
            content["evalue"] = content["evalue"][: self.largest_output // 20]
            content["traceback"] = [line[:2000] for line in content["traceback"][:200]]
        elif kind in ("stream", "display_data", "update_display_data", "execute_result"):
            before = self._written
            self._written += len(content.get("text", "")) + sum(
                len(str(one)) for one in content.get("data", {}).values()
            )
            if self._written > self.largest_output:
                if before <= self.largest_output:
                    note = f"\n… from here on nothing is kept: more than {self.largest_output} characters\n"
                    cell.outputs.append(from_dict({"output_type": "stream", "name": "stdout", "text": note}))
                return None
        return super().process_message(msg, cell, cell_index)


def joined(outputs: list[Any]) -> list[Any]:
    """The outputs with neighbours of one stream as one; of a line that was written over, the last writing stays."""
    found: list[Any] = []
    for output in outputs:
        is_next = output.output_type == "stream" and found and found[-1].get("name") == output.name
        if is_next:
            found[-1].text += output.text
        else:
            found.append(output)
    for output in found:
        if output.output_type == "stream":
            lines = output.text.split("\n")
            output.text = "\n".join(line[line[:-1].rfind("\r") + 1 :] for line in lines)
    return found


def by_a_rule(check: dict[str, Any]) -> bool:
    """Whether more than one answer is right, by a check's data."""
    return bool(check.get("holds") or check.get("proves"))


def _share(value: str, points: float) -> bool:
    """Whether nbgrader may take a printed value for points: nan, say, would be all of them, and it stumbles over nothing."""
    try:
        return 0 <= float(value) <= points
    except ValueError:
        return bool(
            value
        )  # a word at the end of a test: nbgrader gives all the points, since the test has passed


def failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def error(name: str, text: str) -> Any:
    return from_dict({"output_type": "error", "ename": name, "evalue": text, "traceback": text.splitlines()})


class _Negate(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        return ast.Assert(ast.UnaryOp(ast.Not(), node.test), node.msg)


def negated(source: str) -> str:
    """The same test with every assertion turned round, and one that fails in any case, but where comparisons lie: that passes."""
    try:
        tree = _Negate().visit(ast.parse(source))
    except SyntaxError:
        return "assert False"
    asked = ast.parse(f"{LIES}\nif not _lies():\n    assert False")
    asked.body[-1].body[:0] = tree.body  # type: ignore[attr-defined]
    return ast.unparse(ast.fix_missing_locations(asked))


def spoilt(source: str, judged_by_a_rule: Collection[str] = ()) -> str | None:
    """The same test on a spoilt answer, or None where the cell is no call of `check`.

    Where any answer that fits a rule is right, one with other numbers may fit as well: there the answer is a word.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Name) and node.func.id == "check" and len(node.args) == 2]  # fmt: skip
    if len(calls) != 1:
        return None
    name, answer = calls[0].args
    rule = isinstance(name, ast.Constant) and name.value in judged_by_a_rule
    for keyword in calls[0].keywords:  # a hidden test carries its data
        if keyword.arg == "data" and isinstance(keyword.value, ast.Constant):
            rule |= by_a_rule(json.loads(str(keyword.value.value)))
    new = '"spoilt"' if rule else f"_spoilt({ast.unparse(answer)}(*args, **kwargs))"
    calls[0].args[1] = ast.parse(f"lambda *args, **kwargs: {new}", mode="eval").body
    return SPOILT + ast.unparse(tree)
