"""Which of the files of a hand-in is the notebook that was asked for.

Several may be meant: `unit.ipynb`, `unit-Copy1.ipynb`, `unit (2).ipynb`, `v1/unit.ipynb`, or one of another
name. One with answers comes before one without, then the later attempt, then the later file.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from nonconv.grading.submissions.classes import stem
from nonconv.grading.submissions.reading import one_text, read_json
from nonconv.grading.submissions.unpack import File

COPY = re.compile(r"(?i)[ _-]*(\((?P<a>\d+)\)|-?copy ?(?P<b>\d*)|- kopie|\(copy\)|final|-(?P<c>\d{1,2}))$")
MIN_TEXT = 60  # characters
SAME_TIME = 2.0  # seconds: a zip counts in steps of two, and copying a folder takes less


@dataclass(frozen=True)
class Wanted:
    """A released notebook, read once for the whole class, and by what a student's is known."""

    path: Path
    original: NotebookNode

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def checks(self) -> list[str]:
        """The calls of its checks, as they stand in its cells."""
        return re.findall(r"check\(\"[a-z0-9-]+\"", "\n".join(cell.source for cell in self.original.cells))

    @cached_property
    def stubs(self) -> list[str]:
        cells = [cell for cell in self.original.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        return [cell.source.strip() for cell in cells if cell.source.strip()]

    @cached_property
    def functions(self) -> list[str]:
        """How the functions begin that are to be written."""
        return re.findall(r"^def \w+\(", "\n".join(self.stubs), re.M)

    @cached_property
    def texts(self) -> set[str]:
        """What else it is known by: its own texts, and the cells that stay as they are."""
        return {
            cell.source.strip()
            for cell in self.original.cells
            if (cell.cell_type == "markdown" and len(cell.source) >= MIN_TEXT)
            or not cell.metadata.get("nbgrader", {"solution": True})["solution"]
        }

    @cached_property
    def given(self) -> set[str]:
        return {cell.source.strip() for cell in self.original.cells} | {""}


@dataclass(frozen=True)
class Candidate:
    """A notebook of a hand-in with the sources of its cells; None if it cannot be read."""

    file: File
    sources: list[str] | None

    @property
    def named(self) -> tuple[str, int]:
        return plain(stem(self.file.name).casefold())

    def checks_of(self, wanted: Wanted) -> int:
        """How many of the wanted notebook's checks it holds."""
        text = "\n".join(self.sources or ())
        return sum(one in text for one in wanted.checks)

    def is_of(self, wanted: Wanted) -> bool:
        """Is it that exercise, and not the lecture of the same name? What cannot be read may be."""
        nothing = not (wanted.checks or wanted.functions or wanted.texts)
        if self.sources is None or nothing or self.checks_of(wanted):
            return True
        lines = "\n".join(self.sources)
        return any(one in lines for one in wanted.functions) or not wanted.texts.isdisjoint(
            source.strip() for source in self.sources
        )

    def answers_to(self, wanted: Wanted) -> int:
        """How many answers of the wanted notebook were written."""
        own = {source.strip() for source in self.sources or ()}
        return sum(stub not in own for stub in wanted.stubs) if own - wanted.given else 0


@dataclass(frozen=True)
class Choice:
    """The file that is taken for a released notebook, and the others that could have been meant."""

    file: File
    others: tuple[File, ...]


def candidates(files: list[File]) -> list[Candidate]:
    """The notebooks among the files, but for empty ones."""
    contents = ((file, file.content) for file in files if file.is_notebook)
    return [
        Candidate(file, _sources(content))
        for file, content in contents
        if content is not None and not content.isspace() and content
    ]


def choose(wanted: Wanted, found: list[Candidate], official: list[Wanted]) -> Choice | None:
    """What was handed in for a released notebook, or None. `official` are all of the unit."""
    ours = stem(wanted.name).casefold()
    others = {stem(one.name).casefold(): one for one in official if one.name != wanted.name}
    saved, kept = [], []
    for one in found:
        name = one.named[0].removesuffix("-checkpoint")
        if name == ours:
            meant = one.is_of(wanted)
        else:  # also under the name of the unit's other notebook, if it is not that one
            meant = one.checks_of(wanted) and not (name in others and one.is_of(others[name]))
        if meant:
            (kept if one.file.is_checkpoint else saved).append(one)
    if not any(one.answers_to(wanted) for one in saved):  # what was saved before may have some
        saved += [one for one in kept if one.answers_to(wanted)] if saved else kept
    if not saved:
        return None
    latest = max(one.file.changed for one in saved)

    def rank(one: Candidate) -> tuple[Any, ...]:
        file, (name, number) = one.file, one.named
        when = latest if latest - file.changed < SAME_TIME else file.changed
        version = [int(part) for part in re.findall(r"\d+", "/".join(file.path[:-1]))]
        return (
            one.answers_to(wanted) > 0,
            "solutions" not in file.path,  # of a clone of the whole course
            file.attempt,
            when,
            one.sources is not None,
            name == ours,
            version,
            number,
            one.checks_of(wanted),
            tuple(reversed(file.path)),
        )

    first, *rest = sorted(saved, key=rank, reverse=True)
    return Choice(first.file, tuple(one.file for one in rest))


def plain(name: str) -> tuple[str, int]:
    """A stem without the marks of copies, and the number of the copy: ("unit", 2) for "unit (2)"."""
    number = 0
    while found := COPY.search(name):
        if found.start() == 0:
            break
        digits = next((value for value in found.groupdict().values() if value), "")
        number, name = number + (int(digits) if digits else 1), name[: found.start()]
    return name, number


def _sources(content: bytes) -> list[str] | None:
    try:
        data, _ = read_json(content)
        sheets = data.get("worksheets") or [data]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        return ["".join(one_text(cell.get("source", cell.get("input", "")))) for cell in cells]
    except (ValueError, RecursionError, MemoryError, TypeError, KeyError, AttributeError):
        return None
