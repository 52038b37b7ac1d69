"""From whatever was handed in to submitted/STUDENT/UNIT/*.ipynb, with a sentence about each thing that is wrong.

Handed in is a folder with, for each student, either a folder or a zip, named after the student:

    inbox/ada/02-reduction-to-convolution.ipynb        inbox/grace.zip

Only notebooks that the unit has are taken, by name; a zip is read member by member and never unpacked as it says.
A file that cannot be graded is kept beside the others under its own name with `.broken` behind it, and the
released notebook, with the reason written on top, is graded in its place: nothing is lost, and nbgrader has
something to grade.
"""

import json
import re
import shutil
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbformat import NotebookNode

STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
LARGEST = 20_000_000  # bytes of one notebook; an honest one has a hundredth of it


@dataclass
class Submission:
    """What one student handed in, and what was found wrong with it (sentences for the instructor and the student)."""

    student: str
    folder: Path
    troubles: list[str] = field(default_factory=list)


class CollectError(ValueError):
    """The inbox as a whole cannot be used; the message says what would do."""


def collect(inbox: Path, unit: str, root: Path) -> list[Submission]:
    """Bring everything in the inbox to root/submitted. Raises CollectError for an inbox or a unit that is not there."""
    released = root / "exercises" / unit
    if not released.is_dir():
        raise CollectError(
            f"exercises/{unit} does not exist; release the unit first: make release UNIT={unit}"
        )
    if not inbox.is_dir():
        raise CollectError(f"{inbox} is no folder; it should hold a folder or a zip for each student")
    submissions: dict[str, Submission] = {}
    for entry in sorted(inbox.iterdir()):
        if entry.name.startswith("."):
            continue
        student = entry.stem if entry.suffix == ".zip" else entry.name
        if (
            not STUDENT.fullmatch(student)
            or entry.is_symlink()
            or not (entry.is_dir() or entry.suffix == ".zip")
        ):
            raise CollectError(
                f"{entry}: expected a folder or a .zip named after a student (letters, digits and . _ @ + -)"
            )
        if student in submissions:
            raise CollectError(f"{inbox} has both a folder and a zip for {student}; keep one")
        submissions[student] = _collect_one(entry, student, unit, released, root)
    if not submissions:
        raise CollectError(f"{inbox} is empty; it should hold a folder or a zip for each student")
    return list(submissions.values())


def _collect_one(entry: Path, student: str, unit: str, released: Path, root: Path) -> Submission:
    target = root / "submitted" / student / unit
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    submission = Submission(student, target)
    names = sorted(path.name for path in released.glob("*.ipynb"))
    try:
        found = _from_zip(entry, names) if entry.suffix == ".zip" else _from_folder(entry, names)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        submission.troubles.append(f"{entry.name} could not be opened as a zip: {error}")
        shutil.copy(entry, target / f"{entry.name}.broken")
        found = {}
    for name in names:
        content = found.get(name)
        original = nbformat.read(released / name, as_version=4)
        if content is None:
            reason = f"{name} was not handed in" if not submission.troubles else submission.troubles[0]
        else:
            notebook, reason = repaired(content, original, name, submission.troubles)
            if notebook is not None:
                (target / name).write_text(nbformat.writes(notebook), encoding="utf-8")
                continue
            (target / f"{name}.broken").write_bytes(content[:LARGEST])
        if reason not in submission.troubles:
            submission.troubles.append(reason)
        note = nbformat.v4.new_markdown_cell(
            f"**This is not your notebook.** {reason}. The untouched exercise was graded in its place.",
            id="not-the-students-notebook",
        )
        original.cells.insert(0, note)
        (target / name).write_text(nbformat.writes(original), encoding="utf-8")
    return submission


def _from_folder(folder: Path, names: list[str]) -> dict[str, bytes]:
    """The wanted notebooks below a folder; links and anything but plain files are passed over."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*.ipynb"), key=lambda path: (len(path.parts), path)):
        if path.name in names and path.name not in found and stat.S_ISREG(path.lstat().st_mode):
            with path.open("rb") as file:
                found[path.name] = file.read(LARGEST + 1)
    return found


def _from_zip(archive: Path, names: list[str]) -> dict[str, bytes]:
    """The wanted notebooks in a zip, by their last name only: where a member says it belongs is not believed."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(archive) as opened:
        for member in sorted(
            opened.infolist(), key=lambda member: (member.filename.count("/"), member.filename)
        ):
            name = PurePosixPath(member.filename.replace("\\", "/")).name
            if name in names and name not in found and "__MACOSX" not in member.filename:
                with opened.open(member) as file:
                    found[name] = file.read(LARGEST + 1)
    return found


def repaired(
    content: bytes, released: NotebookNode, name: str, troubles: list[str]
) -> tuple[NotebookNode | None, str]:
    """(notebook, "") that nbgrader can grade, or (None, why not); what was repaired is added to troubles."""
    if len(content) > LARGEST:
        return None, f"{name} is larger than {LARGEST // 1_000_000} MB"
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return None, f"{name} is not a notebook: it is not JSON ({str(error)[:80]})"
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return None, f"{name} is not a notebook of format 4: it has no list of cells"
    try:
        notebook: Any = nbformat.from_dict(data)
        notebook.nbformat, notebook.nbformat_minor = 4, 5
        notebook.metadata = nbformat.from_dict(dict(released.metadata))
        _repair_cells(notebook, released, name, troubles)
        nbformat.validate(notebook)
    except Exception as error:  # whatever a damaged file provokes costs this submission only
        return None, f"{name} is not a notebook of format 4: {str(error).splitlines()[0][:120]}"
    return notebook, ""


def _repair_cells(notebook: Any, released: Any, name: str, troubles: list[str]) -> None:
    """Give graded cells the metadata they were released with, and each id to one cell only."""
    official = {
        cell.metadata.nbgrader.grade_id: cell for cell in released.cells if "nbgrader" in cell.metadata
    }
    seen: set[str] = set()
    ids: set[str] = set()
    kept = []
    for number, cell in enumerate(notebook.cells):
        cell.metadata = cell.get("metadata", nbformat.from_dict({}))
        claimed = cell.metadata.pop("nbgrader", {})
        grade_id = str(claimed.get("grade_id")) if isinstance(claimed, dict) else ""
        if grade_id in official and official[grade_id].cell_type == cell.cell_type:
            if grade_id in seen:
                troubles.append(f"{name}: the cell {grade_id!r} stands there twice; the first one counts")
                if official[grade_id].metadata.nbgrader.grade:
                    continue  # a second test cell says nothing; a second answer may still hold honest code
                cell.metadata = nbformat.from_dict({})
            else:
                seen.add(grade_id)
                cell.metadata = nbformat.from_dict(official[grade_id].metadata)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        own = cell.get("id")
        cell["id"] = own if isinstance(own, str) and own not in ids else f"cell-{number}"
        ids.add(cell["id"])
        kept.append(cell)
    notebook.cells = kept
    for grade_id in official:
        if grade_id not in seen:
            troubles.append(f"{name}: the cell {grade_id!r} is missing")
