"""nbgrader's exchange, end to end, with two system users: fetch, submit, collect, our autograde, feedback.

The commands are nbgrader's own, each as the person who types it.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbgrader
import pytest

import nonconv
from helpers.grading import tiny
from helpers.grading.tiny import ANSWERS, UNIT
from nonconv.publish.course import COURSE

pytestmark = pytest.mark.weekly
LIBRARIES = [str(Path(module.__path__[0]).parent) for module in (nonconv, nbgrader)]


@dataclass
class Person:
    """Somebody who types commands in a folder; `name` None: the instructor, who runs the test."""

    folder: Path
    python: str
    name: str | None = None

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        kept = os.environ if self.name is None else {"PATH": "/usr/bin:/bin"}
        mine = {**kept, "PYTHONPATH": os.pathsep.join(LIBRARIES)}
        if self.name is not None:
            mine |= {"HOME": str(self.folder), "USER": self.name, "JUPYTER_PREFER_ENV_PATH": "0"}
        group = None if self.name is None else pwd.getpwnam(self.name).pw_gid
        return subprocess.run(
            [self.python, *words],
            cwd=self.folder,
            env=mine,
            user=self.name,
            group=group,
            extra_groups=None if self.name is None else [],
            capture_output=True,
            text=True,
        )

    def succeeds(self, *words: str) -> str:
        done = self.types(*words)
        assert done.returncode == 0, f"{self.name or 'instructor'}: {' '.join(words)}\n{done.stderr[-3000:]}"
        return done.stdout + done.stderr

    def nbgrader(self, *words: str) -> str:
        return self.succeeds("-m", "nbgrader", *words)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory(prefix="exchange-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def new_user(open_folder: Path) -> Iterator[Callable[[str], Person]]:
    """Makes a system user with a home in that folder, and removes it at the end."""
    if os.getuid() != 0 or shutil.which("useradd") is None:
        pytest.skip("making system users needs root and the program `useradd`")
    with ExitStack() as stack:

        def made(name: str) -> Person:
            home = open_folder / name
            subprocess.run(["useradd", "--create-home", "--home-dir", str(home), name], check=True)
            stack.callback(subprocess.run, ["userdel", name], check=True)
            person = Person(home, sys.executable, name)
            # the environment's own Python may lie in root's folder; then the system's, if it is the same one
            for person.python in (sys.executable, "/usr/bin/python3"):
                try:
                    done = person.types("-c", "import nbgrader.apps, sys; print(sys.version_info[:2])")
                except PermissionError:
                    continue
                if done.stdout.strip() == str(sys.version_info[:2]):
                    return person
            pytest.skip("no Python here that another user can run together with this environment")

        yield made


def test_two_users_fetch_submit_are_graded_and_each_fetches_own_feedback(
    open_folder: Path, new_user: Callable[[str], Person]
) -> None:
    exchange = open_folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    course = tiny.released_course(open_folder / "course")
    course.chmod(0o700)
    place = f"\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = {COURSE!r}\n"
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(place)
    instructor = Person(course, sys.executable)
    number = os.getpid()
    students = {f"ncv{number}a": ANSWERS["ada"], f"ncv{number}b": ANSWERS["emmy"]}
    people = [new_user(name) for name in students]

    instructor.nbgrader("release_assignment", UNIT)
    for person in people:
        (person.folder / "nbgrader_config.py").write_text(f"c = get_config(){place}")
        person.nbgrader("fetch_assignment", UNIT)
        path = person.folder / UNIT / f"{UNIT}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        assert "return 2 * x" not in path.read_text()  # the solution stays at home
        notebook.cells[0].source = students[str(person.name)]
        nbformat.write(notebook, path)  # in place: it stays the student's file
        person.nbgrader("submit", UNIT)
    instructor.nbgrader("collect", UNIT)
    printed = instructor.succeeds("-m", "nonconv.grading", "autograde", UNIT, "--jobs", "1")
    for name, points in zip(students, ("3", "1"), strict=True):
        assert f"{name}: {points} of 3" in printed
    instructor.nbgrader("release_feedback", UNIT)
    for person, words in zip(people, ("3.0 / 3.0", "1.0 / 3.0"), strict=True):
        person.nbgrader("fetch_feedback", UNIT)
        (page,) = (person.folder / UNIT / "feedback").rglob("*.html")
        assert words in page.read_text()
        assert page.owner() == person.name
    nosy = people[1].types("-c", f"import os; print(os.listdir({str(exchange / COURSE / 'feedback')!r}))")
    assert "PermissionError" in nosy.stderr  # a page's name is a secret, and nobody can list them
