"""Outputs of a cell, as nbformat has them: errors that the grader writes, and streams put together."""

from typing import Any

from nbformat import from_dict

# the grader's own errors
DIED = "KernelDied"  # in the cell that ended the kernel, or would not stop
NOT_RUN = "NotRun"  # in each cell after that one
TAMPERED = "TestTamperedWith"
CHECK_STOPPED = "CheckStopped"  # in a cell whose check, reference or judge failed: no fault of the student
CHANGED = "CourseCodeChanged"  # as nonconv.checks.watching names it
TIMED_OUT = "CellTimeoutError"  # as nbclient names it


def error(name: str, text: str) -> Any:
    """An error, of which a reader sees the text."""
    return from_dict({"output_type": "error", "ename": name, "evalue": text, "traceback": text.splitlines()})


def printed(text: str) -> Any:
    """A text on stdout."""
    return from_dict({"output_type": "stream", "name": "stdout", "text": text})


def shown(data: dict[str, Any]) -> Any:
    """Something displayed, by MIME type."""
    return from_dict({"output_type": "display_data", "metadata": {}, "data": data})


def value(text: str) -> Any:
    """The cell's value: of a test, its points."""
    data = {"text/plain": text}
    return from_dict({"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data})


def errors(outputs: list[Any]) -> list[Any]:
    return [output for output in outputs if output.get("output_type") == "error"]


def has_error(outputs: list[Any], *names: str) -> bool:
    """Whether there is an error among the outputs, of one of these names if any is given."""
    return any(not names or output.get("ename") in names for output in errors(outputs))


def without_values(outputs: list[Any]) -> list[Any]:
    return [output for output in outputs if output.get("output_type") != "execute_result"]


def joined(outputs: list[Any]) -> list[Any]:
    """The outputs with neighbours of one stream as one.

    Of a line that was written over, the last writing stays.
    """
    found: list[Any] = []
    for output in outputs:
        if output.output_type == "stream" and found and found[-1].get("name") == output.name:
            found[-1].text += output.text
        else:
            found.append(output)
    for output in found:
        if output.output_type == "stream":
            lines = output.text.split("\n")
            output.text = "\n".join(line[line[:-1].rfind("\r") + 1 :] for line in lines)
    return found
