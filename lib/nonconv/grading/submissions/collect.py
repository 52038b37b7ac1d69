"""From whatever was handed in to submitted/STUDENT/UNIT/*.ipynb, with a sentence about each thing that is wrong.

Handed in is a folder with, for each student, a folder, a zip or a loose notebook, named after the student:

    inbox/ada/02-reduction-to-convolution.ipynb        inbox/grace.zip        inbox/alan.ipynb

Only the unit's notebooks are taken; a zip is read member by member and never unpacked as it says. What cannot be
graded is kept beside the others under its own name with `.broken` behind it, and the released notebook, with the
reason written on top, is graded in its place: nothing is lost, and nbgrader has something to grade.
"""

import json
import os
import re
import shutil
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import nbformat
from nbformat import NotebookNode

LARGEST = 100_000_000  # bytes of one notebook; what fills it is saved output, which is thrown away
MOST = 4 * LARGEST  # bytes of one hand-in's notebooks together: a small zip can hold any number of large ones
ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")  # as Jupyter's format has it
PASSED_OVER = ("__MACOSX",)


@dataclass
class Submission:
    """What one student handed in, and what was found wrong with it (sentences for the instructor and the student)."""

    student: str
    folder: Path
    troubles: list[str] = field(default_factory=list)


class CollectError(ValueError):
    """The inbox as a whole cannot be used; the message says what would do."""


def collect(inbox: Path, unit: str, root: Path) -> tuple[list[Submission], list[str]]:
    """Bring everything in the inbox to root/submitted: (the submissions, sentences about what was passed over).

    Raises CollectError for a unit that is not there, and for an inbox without any submission.
    """
    known(unit, root)
    if not inbox.is_dir():
        raise CollectError(
            f"{inbox} is no folder; it should hold a folder, a zip or a notebook for each student"
        )
    submissions: dict[str, Submission] = {}
    passed_over = []
    for entry in sorted(inbox.iterdir()):
        if entry.name.startswith(".") or entry.name in PASSED_OVER:
            continue
        is_file = entry.suffix.lower() in (".zip", ".ipynb") and entry.is_file()
        if entry.is_symlink() or not (entry.is_dir() or is_file):
            passed_over.append(
                f"{shown(entry)} is {_kind(entry)}, not a student's folder, .zip or .ipynb; passed over"
            )
            continue
        name = entry.stem if is_file else entry.name
        student = student_id(name)
        if student in submissions:
            passed_over.append(
                f"{shown(entry)}: {student} has handed in twice; {shown(entry)} was passed over"
            )
            continue
        submissions[student] = _collect_one(entry, student, root / "exercises" / unit, root / "submitted")
        if student != name:
            submissions[student].troubles.append(f"handed in as {name!r}")
    if not submissions:
        raise CollectError(f"{inbox} holds no submission: a folder, a zip or a notebook for each student")
    return list(submissions.values()), passed_over


def handed_in(unit: str, root: Path) -> list[Submission]:
    """What lies in root/submitted already: collected earlier, or by nbgrader's own commands. Raises CollectError."""
    known(unit, root)
    folders = [path for path in sorted((root / "submitted").glob(f"*/{unit}")) if any(path.glob("*.ipynb"))]
    if not folders:
        raise CollectError(
            f"submitted/ holds no submission of {unit}; say where to collect them: --from FOLDER"
        )
    return [Submission(path.parent.name, path) for path in folders]


def known(unit: str, root: Path) -> None:
    """CollectError, with the names that there are, if the course has no such exercise."""
    there = sorted(path.name for path in (root / "exercises").glob("*") if path.is_dir())
    if unit not in there:
        raise CollectError(
            f"there is no exercise {unit!r}; write UNIT= and one of: {', '.join(there) or '(none)'}"
        )


def student_id(name: str) -> str:
    """A name as nbgrader and every file system can take it: accents dropped, anything odd an underscore."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.@+-]+", "_", plain).strip("._") or "student_" + os.fsencode(name).hex()[:12]


def shown(path: Path) -> str:
    """A file's name for a sentence: a file system may hold names that are no text."""
    return os.fsencode(path.name).decode(errors="replace")


def _kind(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link"
    return "a file" if stat.S_ISREG(mode) else "a pipe or a device"


def untouched(released: Path, reason: str) -> NotebookNode:
    """The released notebook with the reason on top: what is graded where a file cannot be."""
    notebook = nbformat.read(released, as_version=4)
    note = nbformat.v4.new_markdown_cell(
        f"**This is not your notebook.** {reason}. The untouched exercise was graded in its place.",
        id="not-the-students-notebook",
    )
    notebook.cells.insert(0, note)
    return notebook


def _collect_one(entry: Path, student: str, released: Path, submitted: Path) -> Submission:
    submission = Submission(student, submitted / student / released.name)
    shutil.rmtree(submission.folder, ignore_errors=True)
    submission.folder.mkdir(parents=True)
    unreadable = ""
    try:
        found = _notebooks(entry)
    except Exception as error:  # zipfile hands on whatever a damaged file provokes in zlib, struct or lzma
        unreadable = f"{shown(entry)} could not be opened{' as a zip' * entry.is_file()}: {error}"
        if entry.is_file():
            shutil.copy(entry, submission.folder / f"{shown(entry)[-100:]}.broken")
        found = {}
    wanted = sorted(released.glob("*.ipynb"))
    for path in wanted:
        name = _pick(path, found, [other.name for other in wanted])
        if name not in (None, path.name):
            submission.troubles.append(f"{name!r} was taken for {path.name}")
        reason = unreadable or f"{path.name} was not handed in"
        if name is not None:
            content = found[name]
            original = nbformat.read(path, as_version=4)
            notebook, reason = repaired(content, original, path.name, submission.troubles)
            if notebook is not None:
                (submission.folder / path.name).write_bytes(_bytes(notebook))
                continue
            (submission.folder / f"{path.name}.broken").write_bytes(content[:LARGEST])
        if reason not in submission.troubles:
            submission.troubles.append(reason)
        (submission.folder / path.name).write_text(nbformat.writes(untouched(path, reason)), encoding="utf-8")
    return submission


def _notebooks(entry: Path) -> dict[str, bytes]:
    """All notebooks of a folder, a zip or a loose file, by name; of two with one name, the one less deep.

    Links and anything but plain files are passed over. Where a member of a zip says it belongs is not believed.
    """
    found: dict[str, bytes] = {}
    left = MOST

    def keep(name: str, file: IO[bytes]) -> None:
        nonlocal left
        found[name] = file.read(LARGEST + 1)
        left -= len(found[name])
        if left < 0:
            raise ValueError(f"its notebooks are larger than {MOST // 1_000_000} MB together")

    if entry.is_file() and entry.suffix.lower() == ".ipynb":
        with entry.open("rb") as file:
            keep(entry.name, file)
        return found
    if entry.is_dir():
        for path in sorted(entry.rglob("*.ipynb"), key=lambda path: (len(path.parts), path)):
            passed_over = path.name in found or ".ipynb_checkpoints" in path.parts
            if stat.S_ISREG(path.lstat().st_mode) and not passed_over:
                with path.open("rb") as file:
                    keep(path.name, file)
        return found
    with zipfile.ZipFile(entry) as archive:
        for member in sorted(
            archive.infolist(), key=lambda member: (member.filename.count("/"), member.filename)
        ):
            parts = PurePosixPath(member.filename.replace("\\", "/")).parts
            hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
            if parts and parts[-1].endswith(".ipynb") and not hidden and parts[-1] not in found:
                with archive.open(member) as file:
                    keep(parts[-1], file)
    return found


def _bytes(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode()


def _pick(released: Path, found: dict[str, bytes], official: list[str]) -> str | None:
    """The name of what was handed in for a released notebook: its own, or else that which holds most of its checks."""
    if released.name in found:
        return released.name
    checks = re.findall(r"check\(\\\"[a-z0-9-]+\\\"", released.read_text(encoding="utf-8"))
    others = [name for name in found if name not in official]
    scores = {name: sum(check.encode() in found[name] for check in checks) for name in others}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best is not None and scores[best] else None


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
    said: list[str] = []
    try:
        if isinstance(data, dict) and "worksheets" in data:  # Jupyter's format before 2015
            data = nbformat.convert(nbformat.from_dict(data), 4)
        if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
            return None, f"{name} is not a notebook: it has no list of cells"
        notebook: Any = nbformat.from_dict(data)
        notebook.nbformat, notebook.nbformat_minor = 4, 5
        notebook.metadata = nbformat.from_dict(dict(released.metadata))
        _repair_cells(notebook, released, name, said)
        nbformat.validate(notebook)
        _bytes(notebook)  # half a character (\\ud800) is JSON, but no text
    except Exception as error:  # whatever a damaged file provokes costs this submission only
        return None, f"{name} is not a notebook of format 4: {str(error).splitlines()[0][:120]}"
    troubles += said
    return notebook, ""


def _repair_cells(notebook: Any, released: Any, name: str, troubles: list[str]) -> None:
    """Give official cells the metadata they were released with, each id to one cell, and put back what is missing."""
    official = {
        cell.metadata.nbgrader.grade_id: cell for cell in released.cells if "nbgrader" in cell.metadata
    }
    seen: dict[str, Any] = {}
    unmarked = 0
    kept = []
    for cell in notebook.cells:
        cell.metadata = cell.get("metadata", nbformat.from_dict({}))
        claimed = cell.metadata.pop("nbgrader", None)
        grade_id = _identify(cell, claimed, official)
        if grade_id in seen:
            troubles.append(f"{name}: the cell {grade_id!r} stands there twice; the first one counts")
            if official[grade_id].metadata.nbgrader.grade:
                continue  # a second test cell says nothing; a second answer may still hold honest code
            cell.metadata = nbformat.from_dict({})
        elif grade_id:
            seen[grade_id] = cell
            unmarked += not isinstance(claimed, dict)
            cell.metadata = nbformat.from_dict(official[grade_id].metadata)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        kept.append(cell)
    if unmarked:
        troubles.append(
            f"{name}: nbgrader's marks were gone from {unmarked} cells; they were found again by their text"
        )
    notebook.cells = kept
    missing = [grade_id for grade_id in official if grade_id not in seen]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        named = ", ".join(map(repr, missing[:3])) + more
        troubles.append(f"{name}: missing cells were put back as they were handed out: {named}")
    _put_back(notebook, official, seen)
    ids: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        own, more = cell.get("id"), number
        cell["id"] = own if isinstance(own, str) and ID.fullmatch(own) else f"cell-{number}"
        while cell["id"] in ids:
            cell["id"], more = f"cell-{more}", more + 1
        ids.add(cell["id"])


def _identify(cell: Any, claimed: Any, official: dict[str, Any]) -> str:
    """Which official cell this is: by nbgrader's mark, or its id, or the check it calls, or the function it defines."""
    by_mark = str(claimed.get("grade_id")) if isinstance(claimed, dict) else ""
    for grade_id in (by_mark, cell.get("id")):
        if (
            isinstance(grade_id, str)
            and grade_id in official
            and official[grade_id].cell_type == cell.get("cell_type")
        ):
            return grade_id
    if cell.get("cell_type") != "code" or isinstance(claimed, dict):
        return ""
    source = "".join(cell.get("source", ""))
    for grade_id, other in official.items():
        if other.cell_type == "code" and _signature(other) and _signature(other) in source:
            return grade_id
    return ""


def _signature(cell: Any) -> str:
    """What a released cell can be known by: its check or comment, or the function that is to be written there."""
    if cell.metadata.nbgrader.solution:
        function = re.search(r"def \w+\(", cell.source)
        return function.group() if function else ""
    return cell.source.split("\n")[0]


def _put_back(notebook: Any, official: dict[str, Any], seen: dict[str, Any]) -> None:
    """Insert each missing official cell behind the one that it follows in the released notebook."""
    before = None
    for grade_id, cell in official.items():
        if grade_id not in seen:
            at = next((n + 1 for n, other in enumerate(notebook.cells) if other is before), 0)
            seen[grade_id] = nbformat.from_dict(dict(cell))
            notebook.cells.insert(at, seen[grade_id])
        before = seen[grade_id]
