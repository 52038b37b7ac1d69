"""The judge: what student code put out is judged again here, outside the kernel in which it ran.

While it runs, a graded cell is replaced by one that knows no answer: of a proof it puts out the certificate, of any other check what
the student's function returned for each input. The proof is checked, and the comparison made, here (`nonconv.proofs`,
`nonconv.checks.remote`). Which cell asks what is read from solutions/UNIT/judge.json *before* the student's kernel starts, by
grade_id; what the notebook itself says about its points or its success is not believed.
Hidden checks have inputs of each student's own (`nonconv.grading.engine.student_inputs`).
"""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.utils import is_grade, is_solution, temp_attrs
from traitlets import Bool, Int

from nonconv.grading.engine import batch
from nonconv.grading.engine.execute import DIED, CarefulExecute, by_a_rule, error
from nonconv.grading.engine.student_inputs import drawn_table, stamp_of
from nonconv.proofs.certificate import examine
from nonconv.proofs.credit import MIME, credited, reason
from nonconv.proofs.session import Shown

# the parts of a proof under which its table stands; the others are about the same proof
TOLD = ("all", "witness")
LARGEST = 64 * 1024  # bytes of a certificate; an honest one has a twelfth of it


# A graded cell calls `check`; a student's own function of that name must not be what it finds.
OWN_CHECK = "from nonconv.checks import check\n"
LONGEST = 20_000  # characters of one output; nbgrader limits lines, and a line can be long


class JudgedExecute(CarefulExecute):
    """Execute, and then the judge's verdict in the place of each judged cell's output."""

    only_judged = Bool(
        True, help="Whether a unit must have a judge.json; False grades one that has none as nbgrader does."
    ).tag(config=True)
    warnings_fail = Bool(False, help="Whether a test that writes to stderr earns nothing.").tag(config=True)
    longest = Int(LONGEST, help="Characters that are kept of one output; nbgrader limits lines alone.").tag(
        config=True
    )

    aside = Bool(
        True,
        help="Whether judged cells are asked along with the cell before them, where no tag asks for more.",
    ).tag(config=True)
    drawing = Bool(
        True,
        help="Whether hidden checks have inputs of each student's own; False: everyone's are those of judge.json.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        found = self._table(
            resources, {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
        )
        # a course that has none may have a `check` of its own
        table, own_check = found or {}, OWN_CHECK if found is not None else ""
        self.judged_elsewhere = set(table)
        self._after: dict[int, dict[int, str]] = {}  # the judged cells after a cell, and what they ask
        self._answered: set[int] = set()
        self._once_more = False
        before = None  # the student's cell before; not a test: what else it says decides whether it was tampered with
        sources: dict[int, str] = {}
        for number, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            if is_grade(cell) and not is_solution(cell):
                sources[number] = cell.source
                entry = table.get(cell.metadata.nbgrader.get("grade_id"), {})
                cell.source = entry["asks"] if entry else own_check + cell.source
                if not entry:
                    before = None
                elif before is not None:
                    self._after.setdefault(before, {})[number] = entry["asks"]
            elif cell.source.strip():
                before = number if self.aside and not self.keep_tags else None
        nb, resources = super().preprocess(nb, resources, km)
        for number, source in sources.items():
            nb.cells[number].source = source
        if self._once_more:
            with temp_attrs(self, aside=False):
                return self.preprocess(nb, resources)
        for number in sources:
            for output in nb.cells[number].outputs:
                # a warning is no wrong answer; nbgrader would give 0 points
                if output.get("name") == "stderr" and not self.warnings_fail:
                    output["name"] = "stdout"
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                if len(output.get("text", "")) > self.longest:
                    output["text"] = output["text"][: self.longest] + "\n… cut off here: too long\n"
            died = any(output.get("ename") == DIED for output in cell.get("outputs", []))
            entry = table.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if cell.cell_type == "code" and entry is not None and not died:
                told = {key: value for key, value in entry.items() if key != "asks"}
                cell.outputs = (verdict if "statement" in told else answered)(cell.outputs, **told)
        return nb, resources

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if index in self._answered:
            return cell, resources
        cell, resources = super().preprocess_cell(cell, resources, index)
        if index in self._after:
            self._take(cell, index)
        return cell, resources

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        client: Any = self.kc
        if not (asks := self._after.get(cell_index)):
            return super().execute_cell(cell, cell_index, **options)
        execute = partial(client.execute, user_expressions={"asides": batch.expression(asks)})
        with temp_attrs(client, execute=execute):
            return super().execute_cell(cell, cell_index, **options)

    def _take(self, cell: Any, index: int) -> None:
        """Give each judged cell after this one the answer that came along, if it did."""
        died = any(output.get("ename") == DIED for output in cell.outputs)
        cell.outputs, answers, late = batch.taken(cell.outputs)
        waiting = set(self._after[index])
        for number in answers.keys() & waiting:
            answered = self.nb.cells[number]
            answered.outputs, answered.execution_count = answers[number], cell.execution_count
            self._answered.add(number)
        if not waiting - self._answered:
            cell.outputs += late
        elif died:  # and with the kernel, answers that were on their way
            self._once_more = True

    def _table(self, resources: Mapping[str, Any], here: Collection[str]) -> dict[str, Any] | None:
        """The unit's judge.json, as far as it is about cells that are `here`."""
        chain: Any = self.parent
        course = chain.parent.coursedir  # preprocessor -> exporter -> nbgrader's Autograde
        unit = resources["nbgrader"]["assignment"]
        path = Path(course.format_path(course.source_directory, ".", unit)) / "judge.json"
        if not path.exists() and not self.only_judged:
            return None
        if not path.exists():  # a build always writes it: without it the notebook's own word would count
            raise FileNotFoundError(
                f"{path} is missing, so nothing can be judged; run `make build UNIT={unit}`"
            )
        visible = path.with_name("checks.json")
        checks = _data(visible, stamp_of(visible))["checks"] if visible.exists() else {}
        self.by_a_rule = {name for name, check in checks.items() if by_a_rule(check)}
        every = _data(path, stamp_of(path))
        table = {name: entry for name, entry in every.items() if name in here}
        if not self.drawing:
            return table
        return drawn_table(table, Path(course.root), unit, resources["nbgrader"]["student"])


def answered(outputs: list[Any], check: Mapping[str, Any]) -> list[Any]:
    """The outputs that nbgrader shall see: what the student's function printed, then praise, or the diagnosis as an error.

    `check` is one, as JSON or as the `Check` itself, by its name.
    """
    from nonconv.checks.data import Check  # imports torch: only the process that judges needs it
    from nonconv.checks.remote import MIME as ANSWER
    from nonconv.checks.remote import judge_response
    from nonconv.checks.wording import praise

    printed = [output for output in outputs if output.get("output_type") == "stream"]
    errors = [output for output in outputs if output.get("output_type") == "error"]
    if errors:  # such as a NameError: the function is not there
        return [*printed, *errors]
    told = [output["data"][ANSWER] for output in outputs
            if output.get("output_type") == "display_data" and ANSWER in output.get("data", {})]  # fmt: skip
    if len(told) != 1:
        return [
            *printed,
            error("Judge", f"The judge wants one answer from this cell; there are {len(told)}."),
        ]
    ((name, data),) = check.items()
    asked = data if isinstance(data, Check) else Check.from_json(name, data)
    message = judge_response(asked, told[0])
    if message is not None:
        return [*printed, error("CheckFailed", message)]
    return [*printed, from_dict({"output_type": "stream", "name": "stdout", "text": praise(asked) + "\n"})]


@lru_cache(maxsize=8)
def _data(path: Path, stamp: tuple[str, int, int]) -> dict[str, Any]:
    """A file of JSON, read again when it changes. Not to be changed by whoever gets it."""
    return json.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=256)  # several cells ask for parts of one proof, and many students hand in the same one
def _judged(
    certificate: str, statement: str, reference: str | None, parts: bool
) -> tuple[dict[str, Any], dict[str, str] | None]:
    """The result, and the table of the lines as text and as HTML where the proof has any."""
    result, checked = examine(certificate, statement, reference, parts=parts)
    if checked is None:
        return result, None
    shown = Shown(*checked)
    return result, {"text/plain": repr(shown), "text/html": shown._repr_html_()}


def verdict(outputs: list[Any], statement: str, part: str, points: float, reference: str | None) -> list[Any]:
    """The outputs that nbgrader shall see: what the judge says, and the points as the cell's only value."""
    certificates = [output["data"][MIME] for output in outputs
                    if output.get("output_type") == "display_data" and MIME in output.get("data", {})]  # fmt: skip
    errors = [output for output in outputs if output.get("output_type") == "error"]
    if len(certificates) != 1:
        problem = "The judge found no certificate of a proof here." if not certificates else (
            f"The judge found {len(certificates)} certificates here and wants one."
        )  # fmt: skip
        return [*errors, error("Judge", problem)]
    text = json.dumps(certificates[0])
    if len(text) > LARGEST:
        return [error("Judge", f"The certificate has {len(text)} bytes; the judge reads at most {LARGEST}.")]
    result, table = _judged(text, statement, reference, part != "all")
    share = credited(result, part)
    said = f"The judge, for {part} of {statement}: {result['verdict']}. {reason(result, part)}"
    drawn = (
        [from_dict({"output_type": "display_data", "metadata": {}, "data": table})]
        if table and part in TOLD
        else []
    )
    if share == 0:
        return [*drawn, error("Judge", said)]
    return [
        *drawn,
        from_dict({"output_type": "stream", "name": "stdout", "text": said + "\n"}),
        from_dict(
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": repr(float(points) * share)},
            }
        ),
    ]
