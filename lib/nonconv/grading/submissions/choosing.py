"""Which of the files of a hand-in is the notebook that was asked for.

Several may be meant: `unit.ipynb`, `unit-Copy1.ipynb`, `unit (2).ipynb`, `v1/unit.ipynb`, or one of another
name. One with answers comes before one without, then the later attempt, then the later file.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from nonconv.grading.submissions.layouts import HandIn, stem
from nonconv.grading.submissions.unpack import File

COPY = re.compile(r"(?i)[ _-]*(\((?P<a>\d+)\)|-?copy ?(?P<b>\d*)|- kopie|\(copy\)|final|-(?P<c>\d{1,2}))$")
SAME_TIME = 2.0  # seconds: a zip counts in steps of two, and copying a folder takes less


@dataclass(frozen=True)
class Choice:
    """The file that is taken for a released notebook, and the others that could have been meant."""

    file: File
    others: tuple[File, ...]


def choose(released: Path, hand_in: HandIn, official: list[str]) -> Choice | None:
    """What was handed in for a released notebook, or None."""
    ours = stem(released.name).casefold()
    names = {stem(name).casefold() for name in official}
    original = nbformat.read(released, as_version=4)
    checks = [f'check("{name}"' for name in _checks(original)]
    meant = []
    for file in hand_in.files:
        if not file.is_notebook or file.content is None or not file.content.strip():
            continue
        named, number = plain(stem(file.name).casefold())
        if named in names and named != ours:
            continue
        holds = _texts(file.content, checks)
        if named == ours or holds:
            meant.append((file, number, named == ours, holds))
    if not meant:
        return None
    latest = max(file.changed for file, *_ in meant)

    def rank(one: tuple[File, int, bool, int]) -> tuple[Any, ...]:
        file, number, named, holds = one
        answered = answers(file.content or b"", original)
        when = latest if latest - file.changed < SAME_TIME else file.changed
        attempt = hand_in.attempts.get(file.path, "")
        version = [int(part) for part in re.findall(r"\d+", "/".join(file.path[:-1]))]
        return answered > 0, attempt, when, answered >= 0, named, version, number, holds

    ordered = sorted(meant, key=lambda one: (rank(one), tuple(reversed(one[0].path))), reverse=True)
    first = ordered[0][0]
    return Choice(first, tuple(file for file, *_ in ordered[1:]))


def plain(name: str) -> tuple[str, int]:
    """A stem without the marks of copies, and the number of the copy: ("unit", 2) for "unit (2)"."""
    number = 0
    while found := COPY.search(name):
        if found.start() == 0:
            break
        digits = next((value for value in found.groupdict().values() if value), "")
        number, name = number + (int(digits) if digits else 1), name[: found.start()]
    return name, number


def answers(content: bytes, original: Any) -> int:
    """How many answers of the released notebook were written: −1 if it cannot be read."""
    sources = _sources(content)
    if sources is None:
        return -1
    stubs = [
        cell.source.strip()
        for cell in original.cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.source.strip()
    ]
    given = {cell.source.strip() for cell in original.cells}
    own = {source.strip() for source in sources}
    return sum(stub not in own for stub in stubs) if own - given - {""} else 0


def _texts(content: bytes, wanted: list[str]) -> int:
    found = _sources(content)
    text = "\n".join(found or ())
    return sum(one in text for one in wanted)


def _checks(original: Any) -> list[str]:
    return re.findall(r"check\(\"([a-z0-9-]+)\"", "\n".join(cell.source for cell in original.cells))


def _sources(content: bytes) -> list[str] | None:
    try:
        data = json.loads(content.decode("utf-8-sig"))
        sheets = data.get("worksheets") or [data]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        return ["".join(cell.get("source", cell.get("input", ""))) for cell in cells]
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return None
