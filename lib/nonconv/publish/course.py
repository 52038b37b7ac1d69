"""The course as nbgrader sees it: its configuration, and its programming interface set to a folder and a gradebook."""

import os
import sys
import warnings
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config.loader import PyFileConfigLoader


def course_api(root: Path, course: Path, gradebook: Path) -> Any:
    """nbgrader's interface for the course folder `course`, with root/nbgrader_config.py and that gradebook.

    nbgrader starts the program `alembic` by name for a new gradebook, so the folder of this Python's programs
    must be on the PATH even where its environment is not activated.
    """
    warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's own; they say nothing to an instructor
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + os.environ.get("PATH", "")
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(course.resolve())
    config.CourseDirectory.db_url = f"sqlite:///{gradebook.resolve()}"
    return NbGraderAPI(config=config)
