"""Classes of hostile and broken submissions: each costs itself only, and nothing outside changes."""

import hashlib
import os
import re
import select
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from helpers.grading import corpus, isolation
from helpers.grading.corpus import ENDLESS, ENVIRONMENT_SECRET, SECRET, UNIT, Kind, kinds
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect
from nonconv.publish.course import course_api

pytestmark = [pytest.mark.slow, isolation.needed()]

NAMES = [kind.name for kind in kinds(Path("/"), 1, "x")]
OTHERS = [name for name in NAMES if name not in ENDLESS]
# Classes for several workers. Where cells run into the time-out it is short; elsewhere it bounds a hang only.
PARTS = {"endless": list(ENDLESS), "others-1": OTHERS[::2], "others-2": OTHERS[1::2]}
TIMEOUT = {"endless": 2, "others-1": 300, "others-2": 300}


PART_OF = {name: part for part, names in PARTS.items() for name in names}


def in_part(part: str, *values: str) -> Any:
    return pytest.param(*values, marks=pytest.mark.xdist_group(f"hostile {part}"))


each_part = pytest.mark.parametrize("part", [in_part(part, part) for part in PARTS])


def each(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", [in_part(PART_OF[name], name) for name in names])


@pytest.fixture
def graded(request: pytest.FixtureRequest, classes: Callable[[str], SimpleNamespace]) -> SimpleNamespace:
    """The class of a test's part, or of the one whom it is about."""
    of: dict[str, str] = request.node.callspec.params
    return classes(of["part"] if "part" in of else PART_OF[of["name"]])


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], SimpleNamespace]]:
    """A part's class, graded when it is first wanted."""
    folder = tmp_path_factory.mktemp("hostile")
    yield cache(lambda part: graded_class(part, folder / part))
    shutil.rmtree(folder)


def graded_class(part: str, folder: Path) -> SimpleNamespace:
    """A class, graded once, with what it was made from and what there was before."""
    course = corpus.course(folder / "course")
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(
            f"\nc.Execute.timeout = {TIMEOUT[part]}\n"
            "c.WarmProvisioner.memory = 1024\nc.WarmProvisioner.files = 64\n"
            "c.WarmProvisioner.processes = 64\n"
        )
    course_api(course, course, course / "gradebook.db").generate_assignment(UNIT, force=True, create=True)
    released = course / "exercises" / UNIT / f"{UNIT}.ipynb"
    abstract = f"nonconv-test-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as other:
        other.bind(f"\0{abstract}")
        other.listen()
        found = [
            kind for kind in kinds(course, listener.getsockname()[1], abstract) if kind.name in PARTS[part]
        ]
        for kind in found:
            kind.put(folder / "inbox" / kind.name, nbformat.read(released, 4))
        before = snapshot(course)
        submissions, _ = collect(folder / "inbox", UNIT, course)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HOSTILE_SECRET", ENVIRONMENT_SECRET)
            grades = grade(UNIT, submissions, course, say=lambda _: None, jobs=4 if part == "endless" else 2)
        called = [one for one in (listener, other) if select.select([one], [], [], 0)[0]]
    return SimpleNamespace(
        kinds={kind.name: kind for kind in found},
        grades={one.student: one for one in grades},
        course=course,
        before=before,
        called=called,
    )


def snapshot(course: Path) -> dict[str, str]:
    """What must be as it was: configuration, solutions, exercises."""
    return {
        str(path.relative_to(course)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(course.rglob("*"))
        if path.is_file()
        and path.relative_to(course).parts[0] in ("nbgrader_config.py", "solutions", "exercises")
    }


def said(graded: SimpleNamespace, name: str) -> str:
    """Everything that a student's notebook put out."""
    notebook = nbformat.read(graded.course / "autograded" / name / UNIT / f"{UNIT}.ipynb", 4)
    return "\n".join(str(output) for cell in notebook.cells for output in cell.get("outputs", []))


@each(*NAMES)
def test_each_earns_what_its_honest_cells_earn_and_the_reason_is_told(
    graded: SimpleNamespace, name: str
) -> None:
    kind: Kind = graded.kinds[name]
    found = graded.grades[name]
    assert found.points == kind.points, (found.troubles, said(graded, name)[-2000:])
    # what its source names is told too, whatever it was for
    told = " ".join(one for one in found.troubles if "was the answer called?" not in one)
    assert kind.told in told
    assert bool(told) == bool(kind.told), told


@each(
    "looks-around",
    "looks-into-memory",
    "network",
    "gradebook",
    "locks",
    "new-rights",
    "system-settings",
    "raised-limits",
)
def test_nothing_is_seen_reached_or_written(graded: SimpleNamespace, name: str) -> None:
    text = said(graded, name)
    for word in ("SEEN", "REACHED", "WRITTEN", SECRET, ENVIRONMENT_SECRET, "HOSTILE_SECRET"):
        assert word not in text, text


@each_part
def test_the_course_is_as_it_was(graded: SimpleNamespace, part: str) -> None:
    assert snapshot(graded.course) == graded.before
    assert not Path("/tmp/nonconv-slipped.ipynb").exists()
    assert not [path for path in graded.course.rglob("*") if path.is_symlink() or path.is_fifo()]
    with sqlite3.connect(graded.course / "gradebook.db") as book:
        assert book.execute("select count(*) from grade where manual_score is not null").fetchone() == (0,)


@each_part
def test_nobody_called_from_inside(graded: SimpleNamespace, part: str) -> None:
    assert graded.called == []


@each_part
def test_the_gradebook_holds_each_ones_points_and_formgrader_can_show_it(
    graded: SimpleNamespace, part: str
) -> None:
    api = course_api(graded.course, graded.course, graded.course / "gradebook.db")
    shown = {one["student"]: one for one in api.get_submissions(UNIT)}
    assert {name: one["score"] for name, one in shown.items()} == {
        name: sum(kind.points.values()) for name, kind in graded.kinds.items()
    }
    assert {one["student"] for one in api.get_notebook_submissions(UNIT, UNIT)} == set(graded.kinds)
    for (
        name
    ) in graded.kinds:  # by the exporter that formgrader has, too: what it cannot show would be an error 500
        page = (graded.course / "feedback" / name / UNIT / f"{UNIT}.html").read_text()
        assert not re.search(r"<script[^>]*>\s*alert|onerror", page), name


@each_part
def test_no_process_survives(graded: SimpleNamespace, part: str) -> None:
    left = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            left.append(path.read_bytes())
        except OSError:
            continue
    assert not [line for line in left if b"hostile-daemon" in line]


@each("flood")
def test_a_flood_is_cut_off(graded: SimpleNamespace, name: str) -> None:
    autograded = graded.course / "autograded" / name / UNIT / f"{UNIT}.ipynb"
    assert autograded.stat().st_size < 2_000_000
    assert "from here on nothing is kept" in said(graded, name) or "cut off here" in said(graded, name)
