"""Collecting: what is taken from an inbox, what is repaired, what is said about it."""

import contextlib
import io
import json
import os
import stat
import tracemalloc
import warnings
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import UNITS, course_folder, graded_cells, names, released

from nonconv.grading.report import Grade, table, write_csv
from nonconv.grading.submissions.collect import CollectError, collect
from nonconv.grading.submissions.repair import repaired
from nonconv.grading.submissions.unpack import MAX_NOTEBOOK_BYTES
from nonconv.grading.workers.steps import reason_in

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
NOTEBOOK = f"{UNIT.name}.ipynb"
SECRET = "of nobody's business"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return course_folder(UNIT, tmp_path / "course")


def whole_hand_in() -> dict[str, str]:
    return {f"{name}.ipynb": nbformat.writes(released(UNIT, name)) for name in names(UNIT)}


def put(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content)


def test_an_inbox_without_a_submission_is_refused(course: Path, tmp_path: Path) -> None:
    with pytest.raises(CollectError, match="inbox holds no submission"):
        collect(tmp_path / "inbox", UNIT.name, course)
    with pytest.raises(CollectError, match="nowhere is no folder"):
        collect(tmp_path / "nowhere", UNIT.name, course)


def test_an_unknown_unit_is_answered_with_those_there_are(course: Path, tmp_path: Path) -> None:
    with pytest.raises(CollectError, match=f"there is no exercise '02'; write UNIT= and one of: {UNIT.name}"):
        collect(tmp_path / "inbox", "02", course)


def test_odd_names_are_graded_and_what_is_no_submission_is_passed_over(course: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    put(inbox / "Zoë Ünal", whole_hand_in())
    put(inbox / "__MACOSX", {"junk": ""})
    (inbox / "grades.csv").write_text("")
    with zipfile.ZipFile(inbox / "finn.ZIP", "w") as archive:
        for name, content in whole_hand_in().items():
            archive.writestr(f"exercise\\{name}", content)
    (inbox / "alan.ipynb").write_text(whole_hand_in()[NOTEBOOK])
    submissions, passed_over = collect(inbox, UNIT.name, course)
    assert {one.student: one.troubles for one in submissions} == {
        "Zoë Ünal": [],
        "alan": [f"'alan.ipynb' was taken for {NOTEBOOK}", "proof.ipynb was not handed in"],
        "finn": [],
    }
    assert passed_over == ["grades.csv is a file, not a student's folder, .zip or .ipynb; passed over"]


def test_a_renamed_notebook_is_found_by_its_checks(course: Path, tmp_path: Path) -> None:
    files = whole_hand_in()
    files[f"{UNIT.name} (1).ipynb"] = files.pop(NOTEBOOK)
    put(tmp_path / "inbox" / "dan", files)
    (submission,), _ = collect(tmp_path / "inbox", UNIT.name, course)
    assert submission.troubles == [f"'{UNIT.name} (1).ipynb' was taken for {NOTEBOOK}"]
    assert "not-the-students-notebook" not in (submission.folder / NOTEBOOK).read_text()


def test_a_zip_cannot_write_outside_and_only_the_units_notebooks_are_taken(
    course: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "inbox" / "eve.zip", "w") as archive:
        archive.writestr("../../../escaped.ipynb", "{}")
        archive.writestr("torch.py", "raise SystemExit")
        for name in names(UNIT):
            archive.writestr(f"../{name}.ipynb", nbformat.writes(released(UNIT, name)))
    (submission,), _ = collect(tmp_path / "inbox", UNIT.name, course)
    assert submission.troubles == []
    assert sorted(path.stem for path in submission.folder.iterdir()) == sorted(names(UNIT))
    assert not list(tmp_path.rglob("escaped*"))
    assert not list(tmp_path.rglob("torch.py"))


def test_a_broken_zip_is_kept_and_explained(course: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "eve.zip").write_bytes(b"PK no zip")
    (submission,), _ = collect(tmp_path / "inbox", UNIT.name, course)
    assert "eve.zip could not be opened as a zip" in submission.troubles[0]
    assert (submission.folder / "eve.zip.broken").read_bytes() == b"PK no zip"


def damaged() -> bytes:
    """A zip whose list of members is whole, and whose data are not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NOTEBOOK, whole_hand_in()[NOTEBOOK])
    content = bytearray(made.getvalue())
    content[200:260] = bytes(byte ^ 0xFF for byte in content[200:260])
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (b"eve.zip", damaged(), "eve.zip could not be opened as a zip"),
        # no text in any encoding that is used today
        (b"\xff\xfe.zip", b"no", "could not be opened as a zip"),
        (b"x" * 250 + b".zip", b"no", "could not be opened as a zip"),
        (b"\xff.ipynb", b"no", "was not handed in"),
    ],
)
def test_what_breaks_on_reading_costs_its_student_only(
    name: bytes, content: bytes, said: str, course: Path, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    put(inbox / "ada", whole_hand_in())
    (inbox / os.fsdecode(name)).write_bytes(content)
    submissions, _ = collect(inbox, UNIT.name, course)
    honest, broken = sorted(submissions, key=lambda one: one.student != "ada")
    assert honest.troubles == []
    told = " ".join(broken.troubles)
    assert said in told
    assert told.encode(), "it can be printed"
    assert {path.name for path in broken.folder.glob("*.ipynb")} == {f"{one}.ipynb" for one in names(UNIT)}


def test_a_folder_with_a_notebooks_or_a_zips_name_is_a_folder(course: Path, tmp_path: Path) -> None:
    put(tmp_path / "inbox" / "ada.ipynb", whole_hand_in())
    put(tmp_path / "inbox" / "bob.zip", whole_hand_in())
    submissions, _ = collect(tmp_path / "inbox", UNIT.name, course)
    assert {one.student: one.troubles for one in submissions} == {
        name: [f"handed in as {name!r}"] * (name != one)
        for name, one in (("ada.ipynb", "ada.ipynb"), ("bob.zip", "bob.zip"))
    }


def test_a_zip_that_unpacks_to_more_than_a_machine_holds_is_refused(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nonconv.grading.submissions.unpack.MAX_HAND_IN_BYTES", 20_000_000)
    with zipfile.ZipFile(tmp_path / "inbox" / "eve.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"{number}.ipynb", bytes(1_000_000))
    tracemalloc.start()
    (submission,), _ = collect(tmp_path / "inbox", UNIT.name, course)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert submission.troubles == [
        "eve.zip could not be opened as a zip: its notebooks are larger than 20 MB together"
    ]
    assert most < 60_000_000


def test_pipes_devices_and_links_are_passed_over_and_nobody_waits(course: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    put(inbox / "ada", whole_hand_in())
    put(inbox / "eve", {"mine.txt": ""})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "proof.ipynb").write_text(SECRET)
    os.mkfifo(inbox / "eve" / NOTEBOOK)
    (inbox / "eve" / "deep").symlink_to(tmp_path / "elsewhere")
    for name in ("bob.ipynb", "kim.zip", "lee"):
        os.mkfifo(inbox / name)
    (inbox / "max.ipynb").symlink_to("/dev/zero")
    (inbox / "ned").symlink_to(tmp_path / "elsewhere")
    (inbox / "ole.zip").symlink_to(tmp_path / "elsewhere" / "proof.ipynb")
    with contextlib.suppress(PermissionError):  # only root may make a device
        os.mknod(inbox / "eve" / "endless.ipynb", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    submissions, passed_over = collect(inbox, UNIT.name, course)
    assert {one.student: len(one.troubles) for one in submissions} == {"ada": 0, "eve": len(names(UNIT))}
    what = {line.split(" ")[0]: line.split(" is a ")[1].split(",")[0] for line in passed_over}
    assert what == {name: "pipe or a device" for name in ("bob.ipynb", "kim.zip", "lee")} | {
        name: "link" for name in ("max.ipynb", "ned", "ole.zip")
    }
    assert not [path for path in (course / "submitted").rglob("*.ipynb") if SECRET in path.read_text()]


def test_a_link_in_a_zip_is_not_followed(course: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.ipynb").write_text(SECRET)
    member = zipfile.ZipInfo(NOTEBOOK)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "inbox" / "eve.zip", "w") as archive:
        archive.writestr(member, str(tmp_path / "secret.ipynb"))
        archive.writestr("/etc/nonconv-escaped.ipynb", "{}")
        archive.writestr("proof.ipynb/../../../../nonconv-escaped.ipynb", "{}")
    (submission,), _ = collect(tmp_path / "inbox", UNIT.name, course)
    assert f"{NOTEBOOK} is not a notebook: it is not JSON" in submission.troubles[0]
    assert not [
        path for path in submission.folder.iterdir() if path.is_symlink() or SECRET in path.read_text()
    ]
    assert not list(tmp_path.rglob("nonconv-escaped*"))
    assert not Path("/etc/nonconv-escaped.ipynb").exists()


def test_a_time_that_cannot_be_read_is_not_taken_along(course: Path, tmp_path: Path) -> None:
    put(tmp_path / "inbox" / "eve", {**whole_hand_in(), "timestamp.txt": "the day before \x00 yesterday"})
    (submission,), _ = collect(tmp_path / "inbox", UNIT.name, course)
    (trouble,) = submission.troubles
    assert "timestamp.txt says 'the day before \\x00 yesterday', which is no time that can be read" in trouble
    assert not list(course.rglob("timestamp.txt"))  # formgrader would answer 500 to it


def test_a_link_is_not_followed(course: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.ipynb").write_text("{}")
    (tmp_path / "inbox" / "eve").mkdir()
    (tmp_path / "inbox" / "eve" / NOTEBOOK).symlink_to(tmp_path / "secret.ipynb")
    (submission,), _ = collect(tmp_path / "inbox", UNIT.name, course)
    assert submission.troubles == [f"{name}.ipynb was not handed in" for name in sorted(names(UNIT))]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "it is not JSON"),
        (b"[1, 2]", "it has no list of cells"),
        (b'{"cells": [5]}', "is not a notebook of format 4"),
        (b"[" * 200_000, "it is not JSON"),
        (b"", "it is not JSON"),
        (b'{"cells": ' + b"[" * 900 + b"]" * 900 + b"}", "is not a notebook of format 4"),
        (
            b'{"cells": [{"cell_type": "raw", "metadata": {}, "source": ' + b"7" * 5000 + b"}]}",
            "it is not JSON",
        ),
        (b" " * (MAX_NOTEBOOK_BYTES + 1), "larger than 100 MB"),
    ],
)
def test_what_is_no_notebook_is_named(content: bytes, reason: str) -> None:
    notebook, why = repaired(content, released(UNIT, UNIT.name), NOTEBOOK, [])
    assert notebook is None
    assert reason in why


@pytest.mark.parametrize(
    "ids", [["same"], ["cell-1", "cell-3", "cell-1"], ["two words"], ["x" * 80], [["list"]], [7], [""]]
)
def test_ids_that_clash_or_are_none_cost_nothing(ids: list) -> None:
    handed_in = json.loads(nbformat.writes(released(UNIT, UNIT.name)))
    for number, cell in enumerate(one for one in handed_in["cells"] if "nbgrader" not in one["metadata"]):
        cell["id"] = ids[number % len(ids)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nbformat's, about ids that it had to change
        notebook, why = repaired(json.dumps(handed_in).encode(), released(UNIT, UNIT.name), NOTEBOOK, [])
    assert why == ""
    assert notebook is not None
    assert set(marks(notebook)) == set(marks(released(UNIT, UNIT.name)))
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_graded_cells_get_the_metadata_they_were_released_with() -> None:
    handed_in = released(UNIT, UNIT.name)
    for cell in handed_in.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(points=99, locked=False, schema_version="x")
            cell.metadata.tags = ["skip-execution"]
    notebook, why = repaired(
        nbformat.writes(handed_in).encode(), released(UNIT, UNIT.name), NOTEBOOK, troubles := []
    )
    assert (why, troubles) == ("", [])
    assert notebook is not None
    assert [cell.metadata for cell in notebook.cells] == [
        cell.metadata for cell in released(UNIT, UNIT.name).cells
    ]


def repair(notebook: nbformat.NotebookNode) -> tuple[nbformat.NotebookNode, list[str]]:
    repaired_, why = repaired(
        nbformat.writes(notebook).encode(), released(UNIT, UNIT.name), NOTEBOOK, troubles := []
    )
    assert why == ""
    assert repaired_ is not None
    return repaired_, troubles


def marks(notebook: nbformat.NotebookNode) -> list:
    return [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]


def test_cells_without_nbgraders_marks_are_found_again() -> None:
    stripped = released(UNIT, UNIT.name)
    for number, cell in enumerate(stripped.cells):  # as a site does that knows neither cell ids nor nbgrader
        cell.metadata = nbformat.from_dict({})
        cell.id = f"lost-{number}"
    notebook, troubles = repair(stripped)
    graded = {cell.id for cell in graded_cells(UNIT) if cell.id in marks(released(UNIT, UNIT.name))}
    assert graded <= set(marks(notebook))
    assert "nbgrader's marks were gone" in troubles[0]


def test_deleted_exercises_are_put_back_where_they_were() -> None:
    whole = released(UNIT, UNIT.name)
    kept = nbformat.v4.new_notebook()
    kept.cells = [cell for cell in whole.cells if not cell.id.startswith(("same", "merge", "proof"))]
    notebook, troubles = repair(kept)
    assert marks(notebook) == marks(whole)
    assert "missing cells were put back as they were handed out: 'merge'" in troubles[0]
    assert marks(repair(nbformat.v4.new_notebook())[0]) == marks(whole)


def test_jupyters_old_format_is_read() -> None:
    old: Any = nbformat.convert(released(UNIT, UNIT.name), 3)
    notebook, why = repaired(json.dumps(old).encode(), released(UNIT, UNIT.name), NOTEBOOK, [])
    assert why == ""
    assert notebook is not None
    assert set(marks(notebook)) == set(marks(released(UNIT, UNIT.name)))


def test_a_failure_that_nbgrader_logs_nothing_of_has_itsreason_in() -> None:
    assert reason_in("\nTraceback\n  line\nValueError: no page") == "ValueError: no page"


def test_the_table_and_the_spreadsheet_hold_every_trouble(tmp_path: Path) -> None:
    most = {"a": 2.0, "b": 1.0, "words": 3.0}
    grades = [
        Grade("ada", {"a": 2.0, "b": 1.0, "words": 3.0}, most),
        Grade(
            "eve", {"a": 0.0, "b": 1.0, "words": 0.0}, most, unread=["words"], troubles=["lost, and found"]
        ),
        Grade("bob", {"a": 0.0, "b": 0.0, "words": 0.0}, most),
    ]
    printed = table(grades)
    assert "ada           6  6\n" in printed
    assert "eve           1  6    a  (words: not read yet)" in printed
    assert "bob           0  6    everything" in printed
    many = {f"check-{n}": 1.0 for n in range(10)}
    assert Grade("kim", dict.fromkeys(many, 0.0) | {"check-9": 1.0}, many).lost.endswith(
        "check-5, and 3 more"
    )
    assert printed.endswith("eve: lost, and found")
    write_csv(grades, tmp_path / "grades.csv")
    assert (tmp_path / "grades.csv").read_text().splitlines()[:3] == [
        "student,points,of,a,b,words,late penalty,unread,troubles",
        "ada,6.0,6.0,2.0,1.0,3.0,0.0,,",
        'eve,1.0,6.0,0.0,1.0,0.0,0.0,words,"lost, and found"',
    ]
