"""Hand-ins of unit 2, which has two notebooks, and what collecting makes of them."""

import io
import os
import zipfile
from pathlib import Path

import nbformat
from classroom import UNITS, released

from nonconv.grading.submissions.collect import Submission, collect

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
MAIN, PROOF = f"{UNIT.name}.ipynb", "proof.ipynb"
DAY = 86_400.0


def stub(name: str = UNIT.name) -> bytes:
    return nbformat.writes(released(UNIT, name)).encode()


def answered(words: str = "mine", name: str = UNIT.name) -> bytes:
    """The exercise with one answer, in which `words` stand."""
    notebook = released(UNIT, name)
    first = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    first.source = f"# {words}\n{first.source}"
    return nbformat.writes(notebook).encode()


def put(inbox: Path, files: dict[str, bytes]) -> None:
    """Files below the inbox; of those with a later place in the dictionary each is a day younger."""
    for number, (name, content) in enumerate(files.items()):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        day = DAY * (20_000 + number)
        os.utime(path, (day, day))


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def collected(course: Path, files: dict[str, bytes]) -> dict[str, Submission]:
    inbox = course.parent / "inbox"
    put(inbox, files)
    submissions, _ = collect(inbox, UNIT.name, course)
    return {one.student: one for one in submissions}


def taken(submission: Submission, name: str = MAIN) -> str:
    return (submission.folder / name).read_text()
