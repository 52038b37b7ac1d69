"""Judged cells that are asked along with the cell before them, in its message: half of an exercise's cells cost no message of their own.

A message has, beside its code, expressions to be evaluated after it (Jupyter's `user_expressions`). One of them puts the questions
of the judged cells that follow, and shows each answer as soon as it is there. What is not answered so, whatever the reason, is asked
once more by itself, as if there were no asides: an error stands where it belongs, and has all the time that a cell has. If the
kernel died meanwhile, the whole notebook is executed once more without asides.
"""

from collections.abc import Mapping
from typing import Any

from nbformat import from_dict

from nonconv.grading.engine.execute import DIED

# what the grader itself says of a cell that did not come to its end
ENDS = (DIED, "CellTimeoutError")


def expression(asks: Mapping[int, str]) -> str:
    """The questions of cells, by their number, as one expression for the kernel. Each is a line to import a function, and its call."""
    said = []
    for number, cell in asks.items():
        how, _, rest = cell.partition("\n")[2].removesuffix(")").partition("(")
        question, _, answer = rest.rpartition(", ")
        said.append(f"({number}, {how!r}, {question}, lambda: {answer})")
    return f"__import__('nonconv.checks.remote', fromlist=['asides']).asides([{', '.join(said)}])"


def taken(outputs: list[Any]) -> tuple[list[Any], dict[int, list[Any]], list[Any]]:
    """(the cell's own outputs, the outputs of each cell that was answered, why it did not come to the end of them).

    The kernel may say anything: a cell that is answered twice is not answered, and where anything else is said meanwhile, none is.
    """
    told = [_told(output) for output in outputs]
    end = next(
        (place for place, one in enumerate(told) if one is not None and "cell" not in one), len(outputs)
    )
    own = [output for output, one in zip(outputs[:end], told, strict=False) if one is None]
    others = [output for output, one in zip(outputs[end:], told[end:], strict=True) if one is None]
    late = [output for output in others if output.get("ename") in ENDS]
    answers: dict[int, list[Any]] = {}
    twice = set()
    for one in told[end:]:
        number = (one or {}).get("cell")
        if type(number) is not int:
            continue
        twice |= {number} & answers.keys()
        answers[number] = _outputs(one)
    if len(others) > len(late):
        return own, {}, late
    return own, {number: one for number, one in answers.items() if one and number not in twice}, late


def _told(output: Any) -> dict[str, Any] | None:
    """What an output says as an aside; None if it is none."""
    from nonconv.checks.remote import ASIDE  # imports torch: only the process that judges needs it

    if output.output_type != "display_data" or ASIDE not in output.data:
        return None
    return output.data[ASIDE] if isinstance(output.data[ASIDE], dict) else {}


def _outputs(told: Any) -> list[Any]:
    """The outputs that the cell would have had, run by itself; none if this is not an answer."""
    printed, data = told.get("printed"), told.get("data")
    if not isinstance(printed, str) or not isinstance(data, dict):
        return []
    stream = {"output_type": "stream", "name": "stdout", "text": printed}
    answer = {"output_type": "display_data", "metadata": {}, "data": data}
    return [*([from_dict(stream)] if printed else []), from_dict(answer)]
