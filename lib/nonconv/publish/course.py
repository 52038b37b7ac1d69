"""The course as nbgrader sees it: its configuration, and its API for a course folder and a gradebook."""

import atexit
import glob
import os
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import nbgrader.alembic
import nbgrader.api
from alembic.config import Config
from alembic.script import ScriptDirectory
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import temp_attrs
from sqlalchemy.exc import SAWarning
from traitlets.config.loader import PyFileConfigLoader

COURSE = "nonconv"  # as nbgrader_config.py has it


def course_api(root: Path, course: Path, gradebook: Path) -> Any:
    """nbgrader's API for the folder `course`, configured by root/nbgrader_config.py.

    The gradebook is made if it is missing.
    """
    warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's own; they say nothing to an instructor
    if not gradebook.exists():
        _new_gradebook(gradebook)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = _without_patterns(str(course.resolve()))
    config.CourseDirectory.db_url = url(gradebook)
    return NbGraderAPI(config=config)


@cache
def _without_patterns(course: str) -> str:
    """A path of the folder without `[`, `*` and `?`: nbgrader takes a path for a pattern and would find
    nothing in `Kurs [2026]`. Where there are some, a link that goes when this process ends."""
    if glob.escape(course) == course:
        return course
    folder = tempfile.mkdtemp(prefix="course-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # it does not follow the link
    link = Path(folder) / "course"
    link.symlink_to(course, target_is_directory=True)
    return str(link)


def name_for_nbgrader(course: Path) -> str:
    """What to say of a course folder in which nbgrader's own commands find nothing; "" of any other."""
    path = str(course.resolve())
    found = [letter for letter in "[*?" if letter in path]
    if not found:
        return ""
    return (
        f"nbgrader's own commands (`nbgrader autograde`, Formgrader) find nothing in {path}:\n"
        f"they take {found[0]} in a folder's name for a pattern. Rename the folder to use them."
        " The targets of make work as it is."
    )


def url(gradebook: Path) -> str:
    """The gradebook as SQLAlchemy calls it."""
    return f"sqlite:///{gradebook.resolve()}"


def _new_gradebook(path: Path) -> None:
    """An empty gradebook, whole or not at all: one that was killed half-made would never be usable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    newest = newest_tables()
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        made = Path(scratch) / "gradebook.db"
        with temp_attrs(nbgrader.api, get_alembic_version=lambda: newest):
            nbgrader.api.Gradebook(url(made), COURSE).close()
        os.replace(made, path)


def newest_tables() -> str | None:
    """The newest version of nbgrader's tables.

    nbgrader would start the program `alembic` to ask for it. That takes three seconds and needs the
    environment's programs on the PATH. alembic's library gives the same answer at once.
    """
    tables = Config()
    tables.set_main_option("script_location", str(Path(nbgrader.alembic.__path__[0])))
    return ScriptDirectory.from_config(tables).get_current_head()
