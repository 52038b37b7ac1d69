"""A course that lies where every kernel may read is refused: its solutions would be seen."""

from pathlib import Path

import pytest

from helpers.grading import isolation, tiny
from nonconv.grading.kernels.sandbox import namespaces
from nonconv.grading.pipeline import IsolationError, grade

pytestmark = isolation.needed()


def test_a_folder_inside_of_what_kernels_read_is_named(tmp_path: Path) -> None:
    assert namespaces.shown("/usr/src/course") is not None
    assert "lies in /usr, which student code may read" in (namespaces.shown("/usr/src/course") or "")
    assert namespaces.shown(tmp_path) is None
    assert namespaces.shown("/usrs") is None


def test_such_a_course_is_not_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = tiny.released_course(tmp_path / "course")
    monkeypatch.setattr(namespaces, "visible", lambda: [str(tmp_path)])
    with pytest.raises(IsolationError, match="Move the course to a folder of its own"):
        grade(tiny.UNIT, [], course, say=lambda _: None)
