"""Which messages of a kernel are read: student code can send anything in its kernel's name, signed with its
kernel's key.

A message that has not the form of Jupyter's protocol would end nbclient's run of the whole notebook, or be
written to it and then make nbconvert refuse the page. Source: "Messaging in Jupyter", jupyter-client's
documentation; nbformat's schema 4.5.
"""

import json
from typing import Any

from nonconv.grading.engine.outputs import CHECK_STOPPED, DIED, NOT_RUN, TAMPERED, TIMED_OUT

OF_THE_GRADER = (CHECK_STOPPED, DIED, NOT_RUN, TAMPERED, TIMED_OUT)  # which a kernel has no say in

MAX_NAME_CHARS = 200  # of an error's name, a display's id
MAX_METADATA_CHARS = 10_000  # of an output's
MAX_DEPTH = 100  # lists in lists: nbconvert copies a notebook with a few frames of Python's stack for each


def readable(message: Any) -> bool:
    """Whether a notebook may keep what the message says.

    Other kinds (comms, widgets) say nothing that a page can show.
    """
    content = message.get("content")
    form = FORMS.get(message.get("msg_type"))
    if form is None or not isinstance(content, dict) or message["msg_type"] != message["header"]["msg_type"]:
        return False
    transient = content.get("transient") or {}
    return (
        _written(content)
        and form(content)
        and _count(content.get("execution_count"))
        and isinstance(transient, dict)
        and isinstance(name := transient.get("display_id"), str | None)
        and len(name or "") <= MAX_NAME_CHARS
    )


def shorten_error(content: dict[str, Any], most: int, lines: int) -> int:
    """Keep no more of an error than characters of its value, and lines; how many characters that are."""
    content["ename"], content["evalue"] = content["ename"][:MAX_NAME_CHARS], content["evalue"][:most]
    content["traceback"] = [line[:2000] for line in content["traceback"][:lines]]
    return len(content["ename"]) + len(content["evalue"]) + sum(map(len, content["traceback"]))


def of_the_notebook(content: dict[str, Any]) -> None:
    """An error that goes by the name of one of the grader's own is told from it."""
    if content["ename"] in OF_THE_GRADER:
        content["ename"] += " raised in the notebook"


def drop_metadata(content: dict[str, Any]) -> int:
    """Of an output's metadata, keep such as a program writes; how many characters that are."""
    size = len(json.dumps(content.get("metadata", {})))
    if size > MAX_METADATA_CHARS:
        content["metadata"], size = {}, 0
    return size


def as_error(reply: dict[str, Any]) -> None:
    """Give an error that a reply tells the form of one: nbgrader writes it to the notebook as it is."""
    for name in ("ename", "evalue"):
        reply[name] = _text(reply.get(name))
    lines = reply.get("traceback")
    reply["traceback"] = [_text(line) for line in lines[:200]] if isinstance(lines, list) else []


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else type(value).__name__
    return text[:2000].encode(errors="replace").decode()


def _written(content: dict[str, Any]) -> bool:
    """Whether it can be written to a file: not half a character, not lists without an end."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
        return _deep(content) <= MAX_DEPTH
    except (ValueError, TypeError, RecursionError):
        return False


def _deep(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max((_deep(one) for one in inside if isinstance(one, dict | list)), default=0)


def _count(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31)


def _status(content: dict[str, Any]) -> bool:
    return isinstance(content.get("execution_state"), str)


def _stream(content: dict[str, Any]) -> bool:
    return content.get("name") in ("stdout", "stderr") and isinstance(content.get("text"), str)


def _error(content: dict[str, Any]) -> bool:
    lines = content.get("traceback")
    named = isinstance(content.get("ename"), str) and isinstance(content.get("evalue"), str)
    return named and isinstance(lines, list) and all(isinstance(line, str) for line in lines)


def _display(content: dict[str, Any]) -> bool:
    data, metadata = content.get("data"), content.get("metadata")
    return isinstance(data, dict) and isinstance(metadata, dict) and all(map(_fits, data, data.values()))


def _result(content: dict[str, Any]) -> bool:
    return _display(content) and "execution_count" in content


def _fits(kind: str, value: Any) -> bool:
    """Data are text; what names itself JSON may be anything."""
    return isinstance(value, str) or kind.endswith(("/json", "+json"))


FORMS = {
    "status": _status,
    "execute_input": lambda _: True,
    "clear_output": lambda _: True,
    "stream": _stream,
    "error": _error,
    "display_data": _display,
    "update_display_data": _display,
    "execute_result": _result,
}
