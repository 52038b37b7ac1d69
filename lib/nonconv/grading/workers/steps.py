"""nbgrader's Autograde, cut in two: what can be done anywhere and at any time, and what belongs to the
gradebook.

Both halves are nbgrader's own code, in its order; only the place between "executed" and "saved" is new.
"""

import os
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from nbgrader.converters import Autograde
from nbgrader.nbgraderformat import common
from nbgrader.utils import capture_log, temp_attrs

from nonconv.grading.kernels.client import WarmError
from nonconv.grading.workers.gradebook import OpenGradebook, session

# jupyter_client's message about a kernel that ended before its first request: no student's code has run by
# then
NEVER_READY = "Kernel died before replying to kernel_info"
ADVICE = (
    "a kernel ended before any student's code ran, so this is no submission's fault."
    " Can the sandbox see the environment's Python? It cannot if .venv is a link to another place:"
    " make the environment where it is used."
)
MAX_LOG = 100_000  # characters of a log that are searched, its end; a student's words may be among them
OF_THE_GRADEBOOK = ("SaveAutoGrades", "AssignLatePenalties")


class Executing(Autograde):
    """Sanitise, execute and judge; nothing is saved but the notebooks."""

    # why there was no kernel; nbgrader would only log it, and a log may hold a student's words, too
    unable: str | None = None
    # a notebook was, and the machine may be to blame; see engine.execute
    cut_short = False

    def write_single_notebook(self, output: str, resources: Any) -> None:
        self.cut_short |= bool(resources.get("cut_short"))
        super().write_single_notebook(output, resources)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except RuntimeError as error:
            if isinstance(error, WarmError):
                self.unable = str(error)
            elif str(error) == NEVER_READY:
                self.unable = ADVICE
            raise

    def _init_preprocessors(self) -> None:
        with temp_attrs(self, autograde_preprocessors=_steps(self, of_the_gradebook=False)):
            super()._init_preprocessors()


class Committing(Autograde):
    """Save the scores of notebooks that were executed elsewhere, and the notebooks beside them."""

    executed: Mapping[str, str] = {}

    def convert_single_notebook(self, notebook_filename: str) -> None:
        name = os.path.basename(notebook_filename)
        text = self.executed[name]
        resources: Any = self.init_single_notebook_resources(notebook_filename)
        notebook = nbformat.reads(text, as_version=4)
        with temp_attrs(self, autograde_preprocessors=_steps(self, of_the_gradebook=True), _sanitizing=False):
            self._init_preprocessors()
        for step in self.exporter._preprocessors:
            notebook, resources = step(notebook, resources)
        resources["output_extension"] = ".ipynb"
        self.write_single_notebook(text, resources)


def _steps(converter: Autograde, of_the_gradebook: bool) -> list[Any]:
    return [
        step
        for step in converter.autograde_preprocessors
        if (_name(step) in OF_THE_GRADEBOOK) is of_the_gradebook
    ]


def _name(step: Any) -> str:
    return step.rpartition(".")[2] if isinstance(step, str) else step.__name__


class _Schema:
    """In the place of nbgrader's `jsonschema`: the same verdicts, without a check of nbgrader's own schema
    for every cell."""

    @staticmethod
    def validate(instance: Any, schema: Any) -> None:
        error = best_match(validator_for(schema)(schema).iter_errors(instance))
        if error is not None:
            raise error


def convert(converter: Autograde, book: OpenGradebook, unit: str, student: str, keep: bool) -> dict[str, Any]:
    """Run one half on a submission: nbgrader's {"success": …, "log": …, "error": …}.

    What it saved is kept if it succeeded and `keep`.
    """
    converter.force, converter.create_student = True, True
    chosen = temp_attrs(converter.coursedir, assignment_id=unit, student_id=student)
    with session(book, keep), chosen, temp_attrs(common, jsonschema=_Schema):
        result: dict[str, Any] = {"log": "", "error": "", **capture_log(converter)}
        if not result["success"]:
            book.db.rollback()
    return result


def reason_in(text: str) -> str:
    """The last error that nbgrader's log names, but for its own summary of it."""
    if "DeadKernelError" in text:
        return "the kernel died while it ran (os._exit, too much memory, or a crash in native code)"
    errors = re.findall(r"^[ \t]*([\w.]{0,200}(?:Error|Exception|Entry)\w{0,99}: .+)$", text[-MAX_LOG:], re.M)
    own = [error for error in errors if "NbGraderException" not in error]
    return (own or errors or ["nbgrader gave no reason"])[-1].strip()[:200]
