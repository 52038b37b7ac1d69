"""One entry costs itself: whatever opening and repairing it uses up or raises, the others are collected."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path

import nbformat
import pytest

from helpers.grading import tiny
from helpers.grading.tiny import ANSWERS, UNIT
from nonconv.grading.limits import Limits
from nonconv.grading.submissions import collect as collecting
from nonconv.grading.submissions import unpack
from nonconv.grading.submissions.collect import Submission, collect
from nonconv.grading.submissions.repair import MAX_ATTACHMENTS, MAX_CELLS, MAX_CELLS_READ, repaired
from nonconv.grading.submissions.unpack import files_in, is_notebook
from nonconv.grading.workers.pool import workers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pool")]
NAME = f"{UNIT}.ipynb"


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with workers(2) as made:
        yield made


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return tiny.released_course(tmp_path / "course")


def honest() -> bytes:
    return nbformat.writes(tiny.notebook(ANSWERS["ada"])).encode()


def old(level: int) -> bytes:
    """In Jupyter's format 3 a heading has a level, and as many characters # in format 4."""
    cell = {"cell_type": "heading", "level": level, "metadata": {}, "source": ["x"]}
    ours = {"cell_type": "code", "metadata": {}, "input": "def double(x):\n    return 2 * x", "outputs": []}
    return json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell, ours]}]}).encode()


def small_objects(number: int) -> bytes:
    return honest().rstrip()[:-1] + b',"more":[' + b",".join([b"{}"] * number) + b"]}"


def packed(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.ipynb", content)
    return made.getvalue()


def cells(number: int, **more: object) -> bytes:
    own = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None, **more}
    data = json.loads(honest())
    data["cells"] += [own | {"id": f"cell-{number - n}"} for n in range(number)]
    return json.dumps(data).encode()


TIGHT = Limits(memory=300, processor=2, clock=600)
HOSTILE = {
    "format-3": (old(10**15), "notebook"),
    "format-3-that-fits": (old(10**9), "notebook"),
    "small-objects": (small_objects(9_000_000), "needs more memory"),
    "deep": (b'{"cells": ' + b"[" * 100_000, "not JSON"),
    "many-cells": (cells(MAX_CELLS), f"at most {MAX_CELLS} are graded"),
    "empty-message": (b'{"cells": [{"cell_type": "code", "source": [[]]}]}', "notebook"),
}


def test_each_costs_itself_and_says_why(course: Path, tmp_path: Path, pool: Executor) -> None:
    inbox = tmp_path / "inbox"
    for name, (content, _) in (HOSTILE | {"ada": (honest(), ""), "zoe": (honest(), "")}).items():
        (inbox / name).mkdir(parents=True)
        (inbox / name / NAME).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collecting, "COLLECTING", TIGHT)
        submissions, passed_over = collect(inbox, UNIT, course, pool)
    told = {one.student: " ".join(one.troubles) for one in submissions}
    assert passed_over == []
    assert (told.pop("ada"), told.pop("zoe")) == ("", "")
    for name, (_, why) in HOSTILE.items():
        assert why in told[name], (name, told[name])
        assert "not-the-students-notebook" in (course / "submitted" / name / UNIT / NAME).read_text()


def damaged(*_: object) -> Submission:
    raise MemoryError


def endless(*_: object) -> Submission:
    while True:
        pass


@pytest.mark.parametrize("what", [damaged, endless])
def test_an_entry_whose_worker_fails_is_graded_as_untouched(
    what: Callable, course: Path, tmp_path: Path, pool: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox" / "eve").mkdir(parents=True)
    (tmp_path / "inbox" / "eve" / NAME).write_bytes(honest())
    monkeypatch.setattr(collecting, "_collect_one", what)
    monkeypatch.setattr(collecting, "COLLECTING", TIGHT)
    (eve,), _ = collect(tmp_path / "inbox", UNIT, course, pool)
    assert "could not be collected: " in eve.troubles[0]
    assert "not-the-students-notebook" in (eve.folder / NAME).read_text()
    assert not (course / ".grading" / "collecting").exists()


def test_one_of_a_class_costs_the_others_nothing(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the zip that an LMS makes of a class: too large, too many files, no zip, a zip in a zip in a zip."""
    monkeypatch.setattr(unpack, "MAX_HAND_IN_BYTES", 1_000_000)
    monkeypatch.setattr(unpack, "MAX_FILES", 50)
    (tmp_path / "inbox").mkdir()
    bomb = packed(**{f"n{n}": bytes(600_000) for n in range(4)})
    hostile = {
        "bomb": bomb,
        "many": packed(**{f"n{n}": b"{}" for n in range(99)}),
        "none": b"PK no zip",
        "nested": packed_zip("b.zip", packed_zip("c.zip", packed_zip("d.zip", bomb))),
    }
    with zipfile.ZipFile(tmp_path / "inbox" / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(hostile.items()):
            archive.writestr(f"{name}_{number}1_assignsubmission_file_/work.zip", content)
        for number, name in enumerate(("ada", "zoe")):
            archive.writestr(f"{name}_{number}7_assignsubmission_file_/{NAME}", honest())
    submissions, _ = collect(tmp_path / "inbox", UNIT, course)
    told = {one.student: " ".join(one.troubles) for one in submissions}
    assert (told["ada"], told["zoe"]) == ("", "")
    assert set(told) == {"ada", "zoe", *hostile}
    for name in ("bomb", "none", "many"):
        assert "could not be opened" in told[name], told


def test_what_one_has_too_much_of_is_not_taken_from_the_room_of_a_class(tmp_path: Path) -> None:
    """Files that are next to nothing in the zip, as many as fill the room of all."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(60):
            archive.writestr(f"eve/{n}.ipynb", bytes(20_000_000))
        for name in ("ada", "zoe"):
            archive.writestr(f"{name}/{NAME}", honest())
    found = {file.path: file.content for file in files_in(tmp_path / "class.zip", tmp_path / "kept")}
    assert found["ada", NAME] == found["zoe", NAME] == honest()
    assert sum(content is None for content in found.values()) > 50


def packed_zip(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (cells(MAX_CELLS_READ), f"at most {MAX_CELLS_READ} are read"),
        (cells(MAX_CELLS), f"at most {MAX_CELLS} are graded"),
        (cells(60, source="x" * 1_000_000), "without its outputs"),
    ],
)
def test_a_notebook_has_limits_of_cells_and_size(content: bytes, why: str) -> None:
    notebook, reason = repaired(content, tiny.notebook("def double(x):\n    pass"), NAME, [])
    assert notebook is None
    assert why in reason


def test_what_a_notebook_may_have_of_one_thing_is_kept_and_the_rest_left_out() -> None:
    """A graded cell 20,000 times, 40,000 pictures, metadata without an end."""
    released = tiny.notebook("def double(x):\n    pass")
    data = json.loads(honest())
    data["cells"] += [data["cells"][1] | {"source": ""}] * 20_000
    deep: dict = {}
    for _ in range(300):
        deep = {"a": deep}
    pictures = {f"p{n}": {"image/png": "AAAA"} for n in range(40_000)}
    for number, metadata in enumerate((deep, {"long": "x" * 1_000_000}, {"mine": 1})):
        data["cells"].append(
            {"cell_type": "markdown", "id": f"m{number}", "metadata": metadata, "source": "my own words here"}
            | {"attachments": pictures if number == 0 else {}}
        )
    notebook, _ = repaired(json.dumps(data).encode(), released, NAME, troubles := [])
    assert notebook is not None
    assert len(notebook.cells) == 3 + 3
    assert [dict(cell.metadata) for cell in notebook.cells[3:]] == [{}, {}, {}]  # nobody reads them
    assert len(notebook.cells[3].attachments) == MAX_ATTACHMENTS
    assert any("stand there more than once" in one for one in troubles)
    assert max(map(len, troubles)) < 300


def test_a_name_in_a_zip_is_no_longer_than_one_of_a_file_system_and_its_end_says_what_it_is(
    tmp_path: Path,
) -> None:
    """Rules for names take the square of their length, for each of 20,000 files."""
    path = tmp_path / "hand-in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/" + "b" * 700 + "/work.ipynb" + "_" * 600, "{}")
        archive.writestr("c" * 400 + ".ipynb", "{}")
    found = files_in(path)
    assert max(len(part) for file in found for part in file.path) == 255
    assert [file.is_notebook for file in found] == [False, True]
    assert is_notebook("x" * 250 + ".ipynb (1)")
    assert not is_notebook(".ipynb" + "_" * 200)
