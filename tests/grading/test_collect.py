"""Collecting: what is taken from an inbox, what is repaired, what is said about it."""

import zipfile
from pathlib import Path

import nbformat
import pytest
from classroom import ROOT, course_folder, released

from nonconv.grading.collect import LARGEST, CollectError, collect, repaired
from nonconv.grading.run import Grade, table, write_csv
from nonconv.publish.unit import units

UNIT = units(ROOT)[0]
NOTEBOOK = f"{UNIT.name}.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return course_folder(UNIT, tmp_path / "course")


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (lambda inbox: inbox.rmdir(), "inbox is no folder"),
        (lambda inbox: None, "inbox is empty"),
        (lambda inbox: (inbox / "notes.txt").write_text(""), "notes.txt: expected a folder or a .zip"),
        (lambda inbox: (inbox / "a b").mkdir(), "a b: expected a folder or a .zip named after a student"),
        (lambda inbox: [(inbox / "ada").mkdir(), (inbox / "ada.zip").write_text("")], "both a folder and a zip for ada"),
    ],
)  # fmt: skip
def test_an_inbox_that_cannot_be_used_is_refused(course: Path, tmp_path: Path, fill, message: str) -> None:
    fill(tmp_path / "inbox")
    with pytest.raises(CollectError, match=message):
        collect(tmp_path / "inbox", UNIT.name, course)


def test_an_unreleased_unit_is_refused(course: Path, tmp_path: Path) -> None:
    with pytest.raises(CollectError, match="exercises/99-nothing does not exist; release the unit first"):
        collect(tmp_path / "inbox", "99-nothing", course)


def test_a_zip_cannot_write_outside_and_only_the_units_notebooks_are_taken(
    course: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "inbox" / "eve.zip", "w") as archive:
        archive.writestr("../../../escaped.ipynb", "{}")
        archive.writestr("torch.py", "raise SystemExit")
        archive.writestr(f"../{NOTEBOOK}", nbformat.writes(released(UNIT)))
    (submission,) = collect(tmp_path / "inbox", UNIT.name, course)
    assert submission.troubles == []
    assert [path.name for path in submission.folder.iterdir()] == [NOTEBOOK]
    assert not list(tmp_path.rglob("escaped*"))
    assert not list(tmp_path.rglob("torch.py"))


def test_a_broken_zip_is_kept_and_explained(course: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "eve.zip").write_bytes(b"PK no zip")
    (submission,) = collect(tmp_path / "inbox", UNIT.name, course)
    assert "eve.zip could not be opened as a zip" in submission.troubles[0]
    assert (submission.folder / "eve.zip.broken").read_bytes() == b"PK no zip"


def test_a_link_is_not_followed(course: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.ipynb").write_text("{}")
    (tmp_path / "inbox" / "eve").mkdir()
    (tmp_path / "inbox" / "eve" / NOTEBOOK).symlink_to(tmp_path / "secret.ipynb")
    (submission,) = collect(tmp_path / "inbox", UNIT.name, course)
    assert submission.troubles == [f"{NOTEBOOK} was not handed in"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "it is not JSON"),
        (b"[1, 2]", "it has no list of cells"),
        (b'{"cells": [5]}', "is not a notebook of format 4"),
        (b'{"cells": [{"cell_type": "spam", "source": ""}]}', "is not a notebook of format 4"),
        (b"[" * 200_000, "it is not JSON"),
        (b" " * (LARGEST + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_notebook_is_named(content: bytes, reason: str) -> None:
    notebook, why = repaired(content, released(UNIT), NOTEBOOK, [])
    assert notebook is None
    assert reason in why


def test_graded_cells_get_the_metadata_they_were_released_with() -> None:
    handed_in = released(UNIT)
    for cell in handed_in.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(points=99, locked=False, schema_version="x")
            cell.metadata.tags = ["skip-execution"]
    notebook, why = repaired(nbformat.writes(handed_in).encode(), released(UNIT), NOTEBOOK, troubles := [])
    assert (why, troubles) == ("", [])
    assert notebook is not None
    assert [cell.metadata for cell in notebook.cells] == [cell.metadata for cell in released(UNIT).cells]


def test_the_table_and_the_spreadsheet_hold_every_trouble(tmp_path: Path) -> None:
    grades = [
        Grade("ada", {"a": 2.0, "b": 1.0}, {"a": 2.0, "b": 1.0}),
        Grade(
            "eve",
            {"a": 0.0, "b": 1.0},
            {"a": 2.0, "b": 1.0},
            needs_reading=True,
            troubles=["lost, and found"],
        ),
    ]
    printed = table(grades)
    assert "ada           3  3" in printed
    assert "eve           1  3    a  (answers to be read)" in printed
    assert printed.endswith("eve: lost, and found")
    write_csv(grades, tmp_path / "grades.csv")
    assert (tmp_path / "grades.csv").read_text().splitlines() == [
        "student,points,of,a,b,troubles",
        "ada,3.0,3.0,2.0,1.0,",
        'eve,1.0,3.0,0.0,1.0,"lost, and found"',
    ]
