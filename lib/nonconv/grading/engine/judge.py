"""The judge: what student code put out is judged again here, outside the kernel in which it ran.

While it runs, a graded cell is replaced by a request that holds no expected value (`engine.requests`). Which
cell gets which request is read from solutions/UNIT/judge.json before the student's kernel starts, by
grade_id; what the notebook itself says about its points or its success is not believed. Hidden checks have
inputs of each student's own (`engine.student_inputs`); the responses are judged by `engine.verdicts`.

A notebook is planned first, then executed, then judged.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, temp_attrs
from traitlets import Bool, Int

from nonconv.grading.engine import batch
from nonconv.grading.engine.execute import CarefulExecute
from nonconv.grading.engine.mutation import has_many_right_answers
from nonconv.grading.engine.outputs import DIED, NOT_RUN, has_error
from nonconv.grading.engine.requests import Request
from nonconv.grading.engine.signs import SIGNS, signs
from nonconv.grading.engine.student_inputs import with_inputs_of
from nonconv.grading.engine.verdicts import PROOF, Entry, JudgedAnswer, Stamp, stamp_of, table, verdict

# A graded cell calls `check`; a student's own function of that name must not be what it finds.
OWN_CHECK = "from nonconv.checks import check\n"
MAX_OUTPUT_CHARS = 20_000


@dataclass(frozen=True)
class Plan:
    """What is to happen to the cells of a notebook, each by its number."""

    entries: dict[int, Entry] = field(default_factory=dict)  # of judged cells
    sources: dict[int, str] = field(default_factory=dict)  # what runs in the place of graded cells
    batches: dict[int, dict[int, Request]] = field(
        default_factory=dict
    )  # of a cell, the requests that follow it


def plan(nb: NotebookNode, entries: Mapping[str, Entry], own_check: str, batched: bool) -> Plan:
    """The plan for a notebook; `own_check` stands before each test that runs in the kernel.

    A request travels with the student's cell before it, if nothing but requests lies between. Never with a
    test that runs in the kernel: what else that one puts out decides whether it was tampered with.
    """
    found = Plan()
    before: int | None = None
    for number, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        entry = entries.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if entry is not None:
            found.entries[number] = entry
        if is_grade(cell) and not is_solution(cell):
            if entry is None:
                found.sources[number] = own_check + cell.source
                before = None
                continue
            found.sources[number] = entry.request.source()
            if before is not None:
                found.batches.setdefault(before, {})[number] = entry.request
        elif cell.source.strip():
            before = number if batched else None
    return found


class JudgedExecute(CarefulExecute):
    """Execute, and then the judge's verdict in the place of each judged cell's output."""

    only_judged = Bool(
        True, help="Whether a unit must have a judge.json; False grades one that has none as nbgrader does."
    ).tag(config=True)
    warnings_fail = Bool(False, help="Whether a test that writes to stderr earns nothing.").tag(config=True)
    max_output_chars = Int(
        MAX_OUTPUT_CHARS, help="Characters that are kept of one output; nbgrader limits lines alone."
    ).tag(config=True)
    batch_checks = Bool(
        True, help="Whether requests travel with the cell before them, where no tag is kept."
    ).tag(config=True)
    per_student_inputs = Bool(
        True, help="Whether hidden checks have inputs of each student's own; False: those of judge.json."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        here = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
        entries = self._entries(resources, here)
        self.judged_outside = set(entries or {})
        # a course without a table may have a `check` of its own
        own_check = "" if entries is None else OWN_CHECK
        planned = plan(nb, entries or {}, own_check, batched=self.batch_checks and not self.keep_tags)
        nb, resources = self._executed(nb, resources, km, planned)
        if self._lost:
            nb, resources = self._executed(nb, resources, None, replace(planned, batches={}))
        self._judge(nb, planned)
        return nb, resources

    def _executed(self, nb: NotebookNode, resources: Any, km: Any, planned: Plan) -> tuple[NotebookNode, Any]:
        """Execute by the plan. The notebook has its own sources again afterwards."""
        self._batches, self._judged_cells = planned.batches, planned.entries
        self._responded: set[int] = set()
        self._lost = False  # did responses go with a kernel that died?
        own = {number: nb.cells[number].source for number in planned.sources}
        for number, source in planned.sources.items():
            nb.cells[number].source = source
        nb, resources = super().preprocess(nb, resources, km)
        for number, source in own.items():
            nb.cells[number].source = source
        return nb, resources

    def _judge(self, nb: NotebookNode, planned: Plan) -> None:
        """Put the verdicts in the place of responses, and make outputs what nbgrader can take."""
        for number in planned.sources:
            for output in nb.cells[number].outputs:
                # a warning is no wrong answer; nbgrader would give 0 points
                if output.get("name") == "stderr" and not self.warnings_fail:
                    output["name"] = "stdout"
        for cell in nb.cells:
            cell.metadata.pop(SIGNS, None)  # which only the judge writes
            for output in cell.get("outputs", []):
                if len(output.get("text", "")) > self.max_output_chars:
                    output["text"] = output["text"][: self.max_output_chars] + "\n… cut off here: too long\n"
        for number, entry in planned.entries.items():
            cell = nb.cells[number]
            if not has_error(cell.outputs, DIED, NOT_RUN):
                cell.outputs = verdict(entry, cell.outputs)
            if isinstance(entry, JudgedAnswer) and not has_error(cell.outputs):
                before = {
                    one.get("id", ""): one.source for one in nb.cells[:number] if one.cell_type == "code"
                }
                if found := signs(before, entry.request.answer, entry.may_call):
                    cell.metadata[SIGNS] = found

    def is_response(self, mime: str, cell_index: int) -> bool:
        from nonconv.checks.remote import BATCH, MIME  # imports torch: only the process that judges needs it

        in_batch = mime == BATCH and cell_index in self._batches
        return in_batch or (mime in (MIME, PROOF) and cell_index in self._judged_cells)

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if index in self._responded:
            return cell, resources
        cell, resources = super().preprocess_cell(cell, resources, index)
        if index in self._batches:
            self._distribute(cell, index)
        return cell, resources

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        client: Any = self.kc
        if not (requests := self._batches.get(cell_index)):
            return super().execute_cell(cell, cell_index, **options)
        execute = partial(client.execute, user_expressions={"batch": batch.expression(requests)})
        with temp_attrs(client, execute=execute):
            return super().execute_cell(cell, cell_index, **options)

    def _distribute(self, cell: Any, index: int) -> None:
        """Give each judged cell after this one the response that came along, if it did."""
        died = has_error(cell.outputs, DIED)
        cell.outputs, responses, late = batch.split(cell.outputs)
        waiting = set(self._batches[index])
        for number in responses.keys() & waiting:
            judged = self.nb.cells[number]
            judged.outputs, judged.execution_count = responses[number], cell.execution_count
            self._responded.add(number)
        if not waiting - self._responded:
            cell.outputs += late
        elif died:  # and with the kernel, responses that were on their way
            self._lost = True

    def _entries(self, resources: Mapping[str, Any], here: Collection[str]) -> dict[str, Entry] | None:
        """What the unit's judge.json says of the cells that are `here`; None for a unit that has none, and
        may."""
        chain: Any = self.parent
        course = chain.parent.coursedir  # preprocessor -> exporter -> nbgrader's Autograde
        unit = resources["nbgrader"]["assignment"]
        path = Path(course.format_path(course.source_directory, ".", unit)) / "judge.json"
        if not path.exists():
            if not self.only_judged:
                return None
            # a build always writes it: without it the notebook's own word would count
            raise FileNotFoundError(
                f"{path} is missing, so nothing can be judged; run `make build UNIT={unit}`"
            )
        visible = path.with_name("checks.json")
        checks = _data(visible, stamp_of(visible))["checks"] if visible.exists() else {}
        self.with_many_right_answers = {
            name for name, check in checks.items() if has_many_right_answers(check)
        }
        entries = {name: one for name, one in table(path, stamp_of(path)).items() if name in here}
        if not self.per_student_inputs:
            return entries
        return with_inputs_of(resources["nbgrader"]["student"], entries, Path(course.root), unit)


@lru_cache(maxsize=8)
def _data(path: Path, stamp: Stamp) -> dict[str, Any]:
    """A file of JSON, read again when it changes. Not to be changed by the caller."""
    return json.loads(path.read_text(encoding="utf-8"))
