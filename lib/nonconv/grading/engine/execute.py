"""Executing a submission's notebook so that whatever it does costs itself, not the rest: nbgrader's Execute,
made careful.

- When the kernel dies, or does not stop after an interrupt, what ran before keeps its points. Every later
  cell says why it did not run.
- A notebook has a budget of time, and a cell one of output. Errors are always kept: they decide about points.
- Tags are taken off: `skip-execution` on a test would make it pass.
- A test that passed is run once more on a mutated answer. If that passes, too, the tests themselves were
  tampered with.
- How busy the machine is decides nothing: while a kernel waits for a processor, its cell's time stands still.
  A notebook that was cut short though its kernel had not worked for so long is said to be, in
  `resources["cut_short"]`: whoever runs many notebooks runs that one again, alone.
"""

import asyncio
import contextlib
import queue
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Int

from nonconv.grading.engine.bounds import BoundedExecute
from nonconv.grading.engine.client import GradingClient
from nonconv.grading.engine.mutation import mutated, negated
from nonconv.grading.engine.outputs import (
    DIED,
    NOT_RUN,
    TAMPERED,
    TIMED_OUT,
    error,
    has_error,
    joined,
    without_values,
)

REPLY_SECONDS = 10  # in which an interrupted kernel must answer
# Seconds for what a cell has put out to arrive after its end. A kernel that has missed them once gets less.
OUTPUT_SECONDS, NEXT_OUTPUT_SECONDS = 15, 1
# a cell that starts hundreds of processes waits for itself: its time runs at least at a tenth of the clock's
MAX_BUSY = 10
# A cell that works all the time is on a processor for nearly all of its time. One that was not has waited for
# something: for itself, or for what a busy machine did not give it, a disk, memory, its share of a container.
WORKED = 0.9
LOOK_SECONDS = 0.1  # between two looks at how much a kernel has sent
KILLED = (-9, 137)  # by the system or by itself, by the zygote's end or the supervisor's account
NO_END = "This cell did not come to an end, and did not stop after an interrupt."
EXIT_CODES = {
    137: ": it was killed, for too much memory or by itself",
    139: ": a crash in native code, or too much memory",
    152: ": it used up its processor time",
}


class CarefulExecute(BoundedExecute):
    """nbgrader's Execute with the properties above.

    Where it differs from nbgrader, a switch brings nbgrader's way back.
    """

    budget = Int(900, help="Seconds that a whole notebook may run.").tag(config=True)
    keep_tags = Bool(False, help="Whether tags such as skip-execution have their effect.").tag(config=True)
    mutate_answers = Bool(
        True, help="Whether a passed test is tried on a mutated answer, and its value checked."
    ).tag(config=True)
    keep_results_after_death = Bool(
        True, help="Whether a submission is graded by what ran before its kernel died, instead of not at all."
    ).tag(config=True)
    reopen_marks = Bool(
        False,
        help="Whether marks given by hand are to be looked at again though their answers did not change.",
    ).tag(config=True)
    # (nbclient's own coalesce_streams takes minutes for one line of a million characters, which no budget
    # counts)
    join_streams = Bool(
        True, help="Whether neighbouring outputs of one stream are joined, carriage returns obeyed."
    ).tag(config=True)

    stopped: str | None = None  # why nothing runs any more
    cut_short = False  # by the clock or the system, which may be the machine's fault
    _too_large = False  # it was a message that ended the kernel's connection
    with_many_right_answers: Collection[str] = ()  # tests, by grade_id
    judged_outside: Collection[str] = ()  # cells that test nothing in the kernel, by grade_id

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        self.stopped, self.cut_short = None, False
        self.begin_notebook()
        self._lost_channels = 0
        self._too_large = False
        self.iopub_timeout = OUTPUT_SECONDS
        self._used = 0.0  # of the budget, in seconds that the kernel had
        if not self.keep_tags:
            for cell in nb.cells:
                cell.metadata.pop("tags", None)
        self.timeout_func = lambda cell: max(
            1, min(self.timeout or self.budget, int(self.budget - self._used))
        )
        nb, resources = super().preprocess(nb, resources, km)
        resources["cut_short"] = self.cut_short
        return nb, resources

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if cell.cell_type != "code":
            return cell, resources
        self.begin_cell()
        self._spent, self._worked = self._stopwatch(), self._processor_time()
        self._display_id_map = {}  # a cell may update what it shows itself, nothing that another one showed
        if self.stopped is None and self._used > self.budget:
            self.stopped = f"The notebook ran for more than {self.budget} s and was stopped before this cell."
            self._out_of_time(self.budget, since=0.0)
        if self.stopped is not None:
            cell.outputs, cell.execution_count = [error(NOT_RUN, self.stopped)], None
            return cell, resources
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            if not self.keep_results_after_death:
                raise
            status, why = (getattr(self._provisioner, name, None) for name in ("status", "why"))
            if self._too_large:
                self._stop(cell, "The kernel sent a message that is too large.")
            else:
                # also what Linux does when the machine has no memory left
                self.cut_short |= status in KILLED and not why
                self._stop(cell, f"The kernel died in this cell{self._why()}.")
        except CellTimeoutError:
            self._stop(cell, NO_END)
        except Exception as problem:  # jupyter_client and nbclient fail in many ways on what is no message
            text = f"{type(problem).__name__}: {problem}"[:100]
            self._stop(cell, f"The kernel sent something that no kernel sends ({text}).")
        else:
            self._finish(cell)
        self._used += self._spent()
        return cell, resources

    def _finish(self, cell: Any) -> None:
        """What follows when a cell was run: is its kernel still there, and does its test deserve its
        points?"""
        if self.join_streams:
            cell.outputs = joined(cell.outputs)
        if has_error(cell.outputs, TIMED_OUT):
            if not self._answers():
                self._stop(cell, NO_END)
        elif self.mutate_answers and is_grade(cell) and not is_solution(cell):
            if has_error(cell.outputs):  # nbgrader would take a value that stands before an error
                cell.outputs = without_values(cell.outputs)
            elif cell.metadata.nbgrader.get("grade_id") not in self.judged_outside:
                self._try_mutated(cell)

    @property
    def _provisioner(self) -> Any:
        return getattr(self.km, "provisioner", None)

    def _stopwatch(self) -> Callable[[], float]:
        """The seconds since now that the kernel had: it cannot run while it waits for a processor."""
        wait: Callable[[], float] = getattr(self._provisioner, "processor_wait", lambda: 0.0)
        start, before = time.monotonic(), wait()

        def spent() -> float:
            seconds = time.monotonic() - start
            return max(seconds - max(0.0, wait() - before), seconds / MAX_BUSY)

        return spent

    def _processor_time(self) -> float:
        """The seconds that the kernel has been on a processor; 0 where that is not known."""
        return getattr(self._provisioner, "processor_time", lambda: 0.0)()

    def _out_of_time(self, limit: float, since: float) -> None:
        """Time is over. Has the kernel worked for so long, since its processor time was `since`?"""
        self.cut_short |= self._processor_time() - since < WORKED * limit

    async def _async_handle_timeout(self, timeout: int, cell: Any = None) -> Any:
        while self._spent() < timeout:  # nbclient would wait as long again, and look at nothing meanwhile
            if (reply := await self._heard()) is not None:
                return reply
            await self._async_check_alive()
        self._out_of_time(timeout, self._worked)
        return await super()._async_handle_timeout(timeout, cell)

    async def _heard(self) -> dict[str, Any] | None:
        """The reply to what runs, if it comes within a moment. Raises DeadKernelError for too much of it."""
        if await self._ended_for_a_flood():
            raise DeadKernelError("too much")
        client: Any = self.kc
        with contextlib.suppress(queue.Empty):
            message: dict[str, Any] = await ensure_async(client.shell_channel.get_msg(timeout=LOOK_SECONDS))
            if message["parent_header"].get("msg_id") == client.asked:
                return message
        return None

    async def _async_poll_output_msg(self, *arguments: Any) -> None:
        try:
            await super()._async_poll_output_msg(*arguments)
        except asyncio.CancelledError:
            self.iopub_timeout = NEXT_OUTPUT_SECONDS
            # nbclient cancels it, too, when the kernel has died
            alive = getattr(self._provisioner, "status", None) is None
            self.cut_short |= alive and not self._too_large
            raise

    async def _ended_for_a_flood(self) -> bool:
        """Has the kernel sent more than may wait? Then it is killed."""
        if not (isinstance(self.kc, GradingClient) and self.kc.flooded()):
            return False
        await self._kill()
        self._too_large = True
        return True

    async def _async_poll_kernel_alive(self) -> None:
        """nbclient's asks each second; meanwhile a kernel can send gigabytes."""
        asking = asyncio.ensure_future(super()._async_poll_kernel_alive())
        try:
            while not asking.done():
                await asyncio.wait([asking], timeout=LOOK_SECONDS)
                self._spent()  # why a kernel waits is seen while it does
                if await self._ended_for_a_flood():
                    assert self.task_poll_for_reply is not None
                    self.task_poll_for_reply.cancel()
                    return
        finally:
            asking.cancel()

    async def _async_check_alive(self) -> None:
        if self.kc is None:
            # after something unreadable nbclient goes on asking, and complains when the client is gone
            raise DeadKernelError("The notebook is at its end.")
        await super()._async_check_alive()
        # a kernel that has just died has closed its channels, too: it is found dead when asked again
        self._lost_channels += isinstance(self.kc, GradingClient) and self.kc.lost()
        if self._lost_channels > 1:
            self._too_large = True
            raise DeadKernelError("The kernel sent a message that is too large.")

    def _why(self) -> str:
        if why := getattr(self._provisioner, "why", ""):
            return f": it was killed, since {why}"
        status = getattr(self._provisioner, "status", None)
        if status is None:
            return ""
        return EXIT_CODES.get(status, f", with the exit code {status}")

    def _stop(self, cell: Any, reason: str) -> None:
        """No cell runs after this one."""
        cell.outputs = [*without_values(cell.outputs), error(DIED, f"{reason} What ran before it counts.")]
        self.stopped = f"Not run: the cell {cell.get('id')!r} had ended the kernel or would not stop."
        run_sync(self._kill)()

    async def _kill(self) -> None:
        if self._provisioner is not None and self._provisioner.has_process:
            await self._provisioner.kill()

    def _answers(self) -> bool:
        """Whether the kernel is there again after an interrupt."""
        client: Any = self.kc
        return self._reply(client.kernel_info, REPLY_SECONDS) is not None

    def _reply(self, send: Callable[[], Any], seconds: float) -> dict[str, Any] | None:
        """The reply to a message that `send` sends; None if there is none within so many seconds, or the
        kernel is dead."""

        async def wait() -> dict[str, Any] | None:
            client: Any = self.kc
            message = await ensure_async(send())
            spent = self._stopwatch()
            while (left := seconds - spent()) > 0:
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

    def _try_mutated(self, cell: Any) -> None:
        """Try the test of a passed cell on a mutated answer, or negated; where that passes, it earns
        nothing."""
        values = [
            output.data.get("text/plain", "")
            for output in cell.outputs
            if output.output_type == "execute_result"
        ]
        points = cell.metadata.nbgrader.points
        if len(values) > 1 or not all(_may_be_points(value, points) for value in values):
            found = ", ".join(values)[:60]
            text = f"A test has one value, a number from 0 to {points}; this one has {found}."
            cell.outputs = [*without_values(cell.outputs), error(TAMPERED, text)]
            return
        source = mutated(cell.source, self.with_many_right_answers) or negated(cell.source)
        client: Any = self.kc  # (stop_on_error would make the kernel refuse the next cell)
        send = partial(client.execute, source, store_history=False, stop_on_error=False)
        worked, limit = self._processor_time(), self._get_timeout(cell) or REPLY_SECONDS
        content = self._reply(send, limit)
        if content is None:
            self._out_of_time(limit, worked)
            self._stop(cell, "The kernel ended while the test of this cell was tried on a mutated answer.")
        elif content["status"] != "error":
            text = (
                "This test passes on a wrong answer, too: something in the notebook changes how tests run."
                " It earns nothing; please ask your instructor."
            )
            cell.outputs = [error(TAMPERED, text)]


def _may_be_points(value: str, points: float) -> bool:
    """Whether nbgrader may take a printed value for points: it would take nan for all of them, and
    stumbles over nothing."""
    try:
        return 0 <= float(value) <= points
    except ValueError:
        # a word at the end of a test: nbgrader gives all the points, since the test has passed
        return bool(value)
