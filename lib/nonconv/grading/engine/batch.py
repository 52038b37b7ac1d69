"""Batched checks: the requests of judged cells travel in the message of the cell before them, and cost none
of their own.

A message has, beside its code, expressions to be evaluated after it (Jupyter's `user_expressions`). One of
them serves the requests of the judged cells that follow, and displays each response as soon as it is there.
What gets no response so, for whatever reason, is run once more as a cell of its own: an error stands where it
belongs, and has all the time that a cell has. If the kernel died meanwhile, the whole notebook is executed
once more without batches.
"""

from collections.abc import Mapping
from typing import Any

from nonconv.grading.engine.outputs import DIED, TIMED_OUT, printed, shown
from nonconv.grading.engine.requests import Request

# the grader's own errors, about a cell that did not come to its end
ENDS = (DIED, TIMED_OUT)


def expression(requests: Mapping[int, Request]) -> str:
    """The requests of cells, by the cell's number, as one expression for the kernel."""
    batch = ", ".join(
        f"({number}, {request.kind!r}, {request.payload!r}, lambda: {request.answer})"
        for number, request in requests.items()
    )
    return f"__import__('nonconv.checks.remote', fromlist=['batch']).batch([{batch}])"


def split(outputs: list[Any]) -> tuple[list[Any], dict[int, list[Any]], list[Any]]:
    """(the cell's own outputs, those of each cell that got a response, why the batch did not come to its
    end).

    The kernel may say anything: a cell with two responses has none, and where anything else is put out
    meanwhile, none has.
    """
    marks = [_mark(output) for output in outputs]
    end = next((n for n, mark in enumerate(marks) if mark is not None and "cell" not in mark), len(outputs))
    own = [output for output, mark in zip(outputs[:end], marks, strict=False) if mark is None]
    others = [output for output, mark in zip(outputs[end:], marks[end:], strict=True) if mark is None]
    late = [output for output in others if output.get("ename") in ENDS]
    if len(others) > len(late):
        return own, {}, late
    responses: dict[int, list[Any]] = {}
    twice = set()
    for mark in marks[end:]:
        number = (mark or {}).get("cell")
        if type(number) is int:
            twice |= {number} & responses.keys()
            responses[number] = _outputs(mark)
    return own, {number: one for number, one in responses.items() if one and number not in twice}, late


def _mark(output: Any) -> dict[str, Any] | None:
    """What an output says as a part of a batch; None if it is none."""
    from nonconv.checks.remote import BATCH  # imports torch: only the process that judges needs it

    if output.output_type != "display_data" or BATCH not in output.data:
        return None
    return output.data[BATCH] if isinstance(output.data[BATCH], dict) else {}


def _outputs(mark: Any) -> list[Any]:
    """The outputs that the cell would have had, run by itself; none if this is no response."""
    text, data = mark.get("printed"), mark.get("data")
    if not isinstance(text, str) or not isinstance(data, dict):
        return []
    return [*([printed(text)] if text else []), shown(data)]
