"""The judge of proofs: certificates are judged again here, outside the kernel in which student code ran.

A graded cell of a proof puts out a certificate, data that anyone can check. Which cell must prove what is read from
solutions/UNIT/judge.json *before* the student's kernel starts, by grade_id; what the notebook itself says about its
statement, its points or its success is not believed. A cell of a proof without a certificate scores 0.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.utils import is_grade, is_solution

from nonconv.grading.execute import DIED, CarefulExecute, by_a_rule, error
from nonconv.proofs import judge
from nonconv.proofs.credit import MIME, credited, reason

LARGEST = 64 * 1024  # bytes of a certificate; an honest one has a twelfth of it


# A graded cell calls `check`; a student's own function of that name must not be what it finds.
OWN_CHECK = "from nonconv.checks import check\n"
LONGEST = 20_000  # characters of one output; nbgrader limits lines, and a line can be long


class JudgedExecute(CarefulExecute):
    """Execute, and then the judge's verdict in the place of each proof cell's output."""

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        table = self._table(resources)
        graded = [
            cell for cell in nb.cells if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)
        ]
        for cell in graded:
            cell.source = OWN_CHECK + cell.source
        try:
            nb, resources = super().preprocess(nb, resources, km)
        finally:
            for cell in graded:
                cell.source = cell.source.removeprefix(OWN_CHECK)
        for cell in graded:
            for output in cell.outputs:
                if (
                    output.get("name") == "stderr"
                ):  # a warning is no wrong answer, but nbgrader would give 0 points for it
                    output["name"] = "stdout"
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                if len(output.get("text", "")) > LONGEST:
                    output["text"] = output["text"][:LONGEST] + "\n… cut off here: too long\n"
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            died = any(output.get("ename") == DIED for output in cell.get("outputs", []))
            if cell.cell_type == "code" and grade_id in table and not died:
                cell.outputs = verdict(cell.outputs, **table[grade_id])
        return nb, resources

    def _table(self, resources: Mapping[str, Any]) -> dict[str, Any]:
        chain: Any = self.parent
        course = chain.parent.coursedir  # preprocessor -> exporter -> nbgrader's Autograde
        unit = resources["nbgrader"]["assignment"]
        path = Path(course.format_path(course.source_directory, ".", unit)) / "judge.json"
        if not path.exists():  # a build always writes it: without it the notebook's own word would count
            raise FileNotFoundError(
                f"{path} is missing, so proofs cannot be judged; run `make build UNIT={unit}`"
            )
        visible = path.with_name("checks.json")
        checks = json.loads(visible.read_text(encoding="utf-8"))["checks"] if visible.exists() else {}
        self.by_a_rule = {name for name, check in checks.items() if by_a_rule(check)}
        return json.loads(path.read_text(encoding="utf-8"))


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
    result = judge(text, statement, reference)
    share = credited(result, part)
    said = f"The judge, for {part} of {statement}: {result['verdict']}. {reason(result, part)}"
    if share == 0:
        return [error("Judge", said)]
    return [
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
