"""Where our engine stands in nbgrader's place, everything is as with nbgrader, but for a list of differences,
each with its switch.

Every gradebook is compared as a whole. nbgrader's own tests are run in test_nbgraders_own_tests.py.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import UNITS, Pupil, course_folder, hand_in, released, rounds, with_answers, written
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.api import Gradebook

from helpers.grading import gradebooks, isolation, tiny
from helpers.grading.gradebooks import Contents, contents, differences
from helpers.grading.nbgraders_suite import ENGINE
from helpers.grading.tiny import UNIT, cell
from nonconv.grading.engine.outputs import joined
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import Submission, collect
from nonconv.publish.course import course_api
from nonconv.publish.unit import Unit

pytestmark = [pytest.mark.slow, isolation.needed()]

NO_TABLE = "c.JudgedExecute.only_judged = False"  # for a course that has no judge.json
STOCK = f"\nfor section in {ENGINE}:\n    c.pop(section, None)\n"  # nbgrader as installed

# ---- each deliberate difference

Seen = Callable[[nbformat.NotebookNode], Any]
RIGHT, WRONG = "def double(x):\n    return 2 * x\n", "def double(x):\n    return None\n"
ALL, NOTHING = {"zero": 1.0, "more": 2.0}, {"zero": 0.0, "more": 0.0}
STRIPPED = """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Strip())
"""


@dataclass(frozen=True)
class Difference:
    """A submission that nbgrader and the engine grade differently.

    Points are None where nothing was graded.
    """

    answer: str
    nbgrader: Any
    ours: Any
    switch: str  # lines of nbgrader_config.py that make ours nbgrader's
    tags: list[str] = field(default_factory=list)  # of the tests
    without: str = ""  # a cell that the student deleted
    seen: Seen = lambda notebook: None  # what else is to be compared


def printed(notebook: nbformat.NotebookNode) -> int:
    return sum(len(output.get("text", "")) for output in notebook.cells[0].outputs)


KINDS = {
    "a-warning": Difference(
        "import sys\ndef double(x):\n    print('careful', file=sys.stderr)\n    return 2 * x\n",
        (NOTHING, None),
        (ALL, None),
        "c.JudgedExecute.warnings_fail = True",
    ),
    "a-tag": Difference(
        WRONG, (ALL, None), (NOTHING, None), "c.JudgedExecute.keep_tags = True", tags=["skip-execution"]
    ),
    "assertions-stripped": Difference(
        STRIPPED + WRONG, (ALL, None), (NOTHING, None), "c.JudgedExecute.mutate_answers = False"
    ),
    "the-kernel-dies": Difference(
        "def double(x):\n    if x:\n        import os\n        os._exit(1)\n    return 0\n",
        (None, None),
        ({"zero": 1.0, "more": 0.0}, None),
        "c.JudgedExecute.keep_results_after_death = False",
    ),
    "a-deleted-test": Difference(
        WRONG,
        ({"zero": 0.0, "more": None}, None),
        (NOTHING, None),
        "c.OverwriteCells.add_missing_cells = False",
        without="more",
    ),
    "a-long-line": Difference(
        RIGHT + "print('x' * 100_000)",
        (ALL, True),
        (ALL, False),
        "c.JudgedExecute.max_output_chars = 10**9",
        seen=lambda notebook: printed(notebook) > 90_000,
    ),
    "much-output": Difference(
        RIGHT + "print('x' * 1_500_000)",
        (ALL, True),
        (ALL, False),
        "c.JudgedExecute.max_output_chars = c.JudgedExecute.max_cell_output_chars = 10**9",
        seen=lambda notebook: printed(notebook) > 1_400_000,
    ),
    "a-widget": Difference(
        RIGHT + "import ipywidgets\nslider = ipywidgets.IntSlider()",
        (ALL, True),
        (ALL, False),
        "c.JudgedExecute.store_widget_state = True",
        seen=lambda notebook: "widgets" in notebook.metadata,
    ),
    "two-lines": Difference(
        RIGHT + "print(1, flush=True)\nprint(2, flush=True)",
        (ALL, 2),
        (ALL, 1),
        "c.JudgedExecute.join_streams = False",
        seen=lambda notebook: len(notebook.cells[0].outputs),
    ),
    "out-of-time": Difference(RIGHT, (ALL, None), (NOTHING, None), "c.JudgedExecute.budget = 10**9"),
}


def handed_in(kind: Difference) -> nbformat.NotebookNode:
    notebook = tiny.notebook(kind.answer)
    for one in notebook.cells[1:]:
        one.metadata.tags = kind.tags
    notebook.cells = [one for one in notebook.cells if one.id != kind.without]
    return notebook


def course(folder: Path, settings: str = "") -> Path:
    made = tiny.released_course(folder)
    with (made / "nbgrader_config.py").open("a") as file:
        file.write(f"\n{settings}\n")
    return made


def outcome(course: Path, name: str, *, settings: str = "") -> Any:
    """(points by cell, what else is seen) after `nbgrader autograde` with further lines of configuration."""
    kind = KINDS[name]
    folder = course / "submitted" / name / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(handed_in(kind), folder / f"{UNIT}.ipynb")
    own = course / "configured"
    own.mkdir(exist_ok=True)
    text = (course / "nbgrader_config.py").read_text()
    if name == "out-of-time":  # a notebook's time is over at its start, unless the switch comes behind
        text += "\nc.JudgedExecute.budget = -1\n"
    (own / "nbgrader_config.py").write_text(f"{text}\n{settings}\n")
    result = course_api(own, course, course / "gradebook.db").autograde(UNIT, name, force=True)
    if not result["success"]:
        return None, None
    notebook = nbformat.read(course / "autograded" / name / UNIT / f"{UNIT}.ipynb", 4)
    return points(course, name), kind.seen(notebook)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return course(tmp_path_factory.mktemp("ours") / "course")


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return course(tmp_path_factory.mktemp("stock") / "course", STOCK)


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return course(tmp_path_factory.mktemp("switched") / "course")


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.xdist_group("compatibility: differences")
def test_each_difference_is_there_and_goes_away_with_its_switch(
    name: str, ours: Path, stock: Path, switched: Path
) -> None:
    kind = KINDS[name]
    assert outcome(stock, name) == kind.nbgrader
    assert outcome(ours, name) == kind.ours
    assert outcome(switched, name, settings=kind.switch) == kind.nbgrader


def test_a_unit_without_a_table_of_checks_is_refused_unless_the_switch_says_otherwise(tmp_path: Path) -> None:
    made = course(tmp_path / "course")
    (made / "solutions" / UNIT / "judge.json").unlink()
    for number, settings in enumerate(("", NO_TABLE)):
        own = tmp_path / f"configured-{number}"
        own.mkdir()
        (own / "nbgrader_config.py").write_text(f"{(made / 'nbgrader_config.py').read_text()}\n{settings}\n")
        submitted(made, "ada", tiny.notebook(RIGHT))
        result = course_api(own, made, made / "gradebook.db").autograde(UNIT, "ada", force=True)
        assert result["success"] == bool(settings)
        assert ("judge.json is missing" in result["log"]) == (not settings)
    assert points(made, "ada") == ALL


def test_a_course_without_a_table_keeps_its_own_check_and_its_magics(tmp_path: Path) -> None:
    made = tiny.course_of(UNIT, with_own_tests(RIGHT), tmp_path / "course")
    (made / "solutions" / UNIT / "judge.json").unlink()
    with (made / "nbgrader_config.py").open("a") as file:
        file.write(f"\n{NO_TABLE}\n")
    api = course_api(made, made, made / "gradebook.db")
    assert api.generate_assignment(UNIT, force=True, create=True)["success"]
    for student, answer in (("ada", RIGHT), ("emmy", WRONG)):
        submitted(made, student, with_own_tests(answer))
        assert api.autograde(UNIT, student, force=True)["success"]
    assert points(made, "ada") == ALL
    assert points(made, "emmy") == NOTHING


def with_own_tests(answer: str) -> nbformat.NotebookNode:
    """A function `check` of the course's own, a test that is a cell's magic, and one that must be a cell's
    first line."""
    notebook = tiny.notebook(answer)
    own = "def check(function, x, y):\n    assert function(x) == y"
    notebook.cells.insert(1, cell("own-check", own))
    notebook.cells[1].metadata.nbgrader.locked = True
    notebook.cells[2].source = "%%capture\ncheck(double, 0, 0)"
    notebook.cells[3].source = "from __future__ import annotations\ncheck(double, 4, 8)"
    return notebook


def submitted(course: Path, student: str, notebook: nbformat.NotebookNode, name: str = UNIT) -> Path:
    """The folder of a hand-in as nbgrader's own collecting leaves it."""
    folder = course / "submitted" / student / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def points(course: Path, student: str) -> dict[str, float | None]:
    return gradebooks.points(course / "gradebook.db", student)


def test_an_answer_deleted_with_its_tests_is_graded_where_nbgraders_own_way_to_put_cells_back_fails(
    tmp_path: Path,
) -> None:
    made = course(tmp_path / "course")
    gradebook = made / "gradebook.db"
    submitted(made, "ada", tiny.notebook(RIGHT))
    assert course_api(made, made, gradebook).autograde(UNIT, "ada", force=True)["success"]
    assert points(made, "ada") == ALL
    emptied = tiny.notebook(RIGHT)
    emptied.cells = [new_markdown_cell("nothing is left", id="nothing")]
    submitted(made, "ada", emptied)
    api = course_api(made, made, gradebook)
    ours = api.config.Autograde.pop("sanitize_preprocessors")
    assert "KeyError" in api.autograde(UNIT, "ada", force=True)["log"]
    assert points(made, "ada") == ALL  # of the earlier hand-in: why it matters
    api.config.Autograde.sanitize_preprocessors = ours
    assert api.autograde(UNIT, "ada", force=True)["success"]
    assert points(made, "ada") == NOTHING
    graded = nbformat.read(made / "autograded" / "ada" / UNIT / f"{UNIT}.ipynb", 4)
    assert [one.id for one in graded.cells] == ["zero", "more", "nothing"]


def test_a_page_of_feedback_runs_nothing_unless_the_switch_says_otherwise(tmp_path: Path) -> None:
    made = course(tmp_path / "course")
    notebook = tiny.notebook(RIGHT)
    notebook.cells.append(new_markdown_cell("<script>alert('of a student')</script>", id="script"))
    submitted(made, "ada", notebook)
    api = course_api(made, made, made / "gradebook.db")
    assert api.autograde(UNIT, "ada", force=True)["success"]
    page = made / "feedback" / "ada" / UNIT / f"{UNIT}.html"
    for cleaned in (True, False):
        assert api.generate_feedback(UNIT, "ada", force=True)["success"]
        assert ("<script>alert('of a student')" not in page.read_text()) == cleaned
        api.config.pop("HTMLExporter", None)


# ---- honest submissions: no difference at all
# ------------------------------------------------------------------------------

Grading = Callable[[Path, list[Submission]], None]


def by_nbgrader(course: Path, submissions: list[Submission]) -> None:
    (unit,) = {submission.folder.name for submission in submissions}
    api = course_api(course, course, course / "gradebook.db")
    for submission in submissions:
        assert api.autograde(unit, submission.student, force=True)["success"]


def by_ours(jobs: int) -> Grading:
    def run(course: Path, submissions: list[Submission]) -> None:
        (unit,) = {submission.folder.name for submission in submissions}
        grade(unit, submissions, course, say=lambda _: None, jobs=jobs)

    return run


def test_a_units_gradebook_is_row_for_row_nbgraders_on_honest_submissions(tmp_path: Path) -> None:
    """Every check of this unit is judged outside the kernel by us, in the kernel by nbgrader alone."""
    unit = next(unit for unit in UNITS if unit.name == "03-sigmoid-versus-relu")
    chosen = rounds([attempt for attempt in unit.attempts if not attempt.is_wrong])[0]
    pupils = [
        Pupil("solution", written(unit)),
        Pupil("untouched", written(unit, released)),
        Pupil("alternative", with_answers(unit, chosen)),
    ]
    assert not any(check.proves for check in unit.checks.values())
    inbox = hand_in(pupils, tmp_path / "inbox")
    made = [
        graded(unit, tmp_path / name, inbox, settings, how)
        for name, settings, how in (("stock", STOCK + WARM, by_nbgrader), ("ours", "", by_ours(0)))
    ]
    assert differences(*made) == []
    scores = [dict(row)["auto_score"] for row in made[0]["grade"]]
    assert len(scores) > 3 * 20
    assert 0 in scores
    assert any(score for score in scores if score)


WARM = "\nc.Execute.kernel_name = 'nonconv-warm'\n"  # IPython's kernel, which has imported torch already


def graded(unit: Unit, folder: Path, inbox: Path, settings: str, how: Grading) -> Contents:
    made = course_folder(unit, folder)
    with (made / "nbgrader_config.py").open("a") as file:
        file.write(settings)
    api = course_api(made, made, made / "gradebook.db")
    assert api.generate_assignment(unit.name, force=True, create=True)["success"]
    how(made, collect(inbox, unit.name, made)[0])
    return contents(made / "gradebook.db")


def test_a_line_of_a_million_characters_is_joined_at_once_and_a_line_written_over_counts_once() -> None:
    def stream(text: str, name: str = "stdout") -> nbformat.NotebookNode:
        return new_output("stream", name=name, text=text)

    start = time.process_time()
    assert len(joined([stream("x" * 10**6)])[0].text) == 10**6
    assert time.process_time() - start < 5  # a regular expression that looks back takes minutes
    outputs = [stream("a"), stream("b\n10 %\r"), stream("20 %\r\nend\r"), stream("no", "stderr"), stream("c")]
    assert [(one.name, one.text) for one in joined(outputs)] == [
        ("stdout", "ab\n20 %\r\nend\r"),
        ("stderr", "no"),
        ("stdout", "c"),
    ]


DUE, BEFORE, AFTER = "2026-03-01 12:00:00 UTC", "2026-03-01 11:59:00 UTC", "2026-03-02 13:00:00 UTC"
STUDENTS = {"ada": BEFORE, "alan": AFTER, "emmy": "", "grace": AFTER, "kurt": BEFORE}
LATE = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


def essay(text: str) -> nbformat.NotebookNode:
    """A second notebook: an answer in words, marked by hand, and a test that also an untouched notebook
    passes."""
    words = new_markdown_cell(text, id="essay")
    words.metadata.nbgrader = cell("essay", "", points=4, solution=True).metadata.nbgrader
    notebook = tiny.notebook(RIGHT)
    notebook.cells = [words, cell("free", "assert 1 + 1 == 2", points=1)]
    return notebook


def opened(course: Path) -> Any:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}", "nonconv")


def term(folder: Path, settings: str, how: Grading) -> list[Contents]:
    """The gradebook of a course of two notebooks, after a first hand-in and after a second, with marks by
    hand in between."""
    made = tiny.course(folder)
    nbformat.write(essay("### write here"), made / "solutions" / UNIT / "essay.ipynb")
    with (made / "nbgrader_config.py").open("a") as file:
        file.write(settings + LATE)
    api = course_api(made, made, made / "gradebook.db")
    assert api.generate_assignment(UNIT, force=True, create=True)["success"]
    submissions = []
    for (student, moment), (_, answer) in zip(STUDENTS.items(), tiny.ANSWERS.items(), strict=False):
        handed_in = submitted(made, student, tiny.notebook(answer))
        submitted(made, student, essay("### write here" if student == "kurt" else "because"), "essay")
        if moment:
            (handed_in / "timestamp.txt").write_text(moment)
        submissions.append(Submission(student, handed_in))
    (made / "submitted" / "emmy" / UNIT / "essay.ipynb").unlink()
    with opened(made) as book:
        book.update_or_create_assignment(UNIT, duedate=DUE)
    how(made, submissions)
    found = [contents(made / "gradebook.db")]

    with opened(made) as book:
        by_hand = book.find_grade("essay", "essay", UNIT, "ada")
        by_hand.manual_score, by_hand.needs_manual_grade = 3, False
        book.find_comment("essay", "essay", UNIT, "ada").manual_comment = "Well said."
        book.find_grade("more", UNIT, UNIT, "ada").extra_credit = 0.5
        book.find_grade("zero", UNIT, UNIT, "alan").manual_score = 0.25
        book.grant_extension(UNIT, "grace", days=2)
        book.db.commit()
    submitted(made, "ada", tiny.notebook(tiny.ANSWERS["emmy"]))
    (made / "submitted" / "ada" / UNIT / "timestamp.txt").write_text(AFTER)
    (made / "submitted" / "alan" / UNIT / "essay.ipynb").unlink()
    how(made, submissions)
    return [*found, contents(made / "gradebook.db")]


of_the_term = pytest.mark.xdist_group("compatibility: a term")


@pytest.fixture(scope="module")
def stock_term(tmp_path_factory: pytest.TempPathFactory) -> list[Contents]:
    return term(tmp_path_factory.mktemp("term") / "course", STOCK, by_nbgrader)


@pytest.mark.parametrize("jobs", [pytest.param(0, marks=pytest.mark.weekly), 1])
@of_the_term
def test_lateness_extra_credit_marks_by_hand_and_missing_notebooks_are_as_with_nbgrader(
    jobs: int, stock_term: list[Contents], tmp_path: Path
) -> None:
    """With the switch that asks for another look at every mark; without it tests/grading/test_marks.py is."""
    ours = term(tmp_path / "course", "\nc.JudgedExecute.reopen_marks = True\n", by_ours(jobs))
    for own, nbgraders in zip(ours, stock_term, strict=True):
        assert differences(nbgraders, own) == []


@of_the_term
def test_the_term_holds_what_it_is_to_show(stock_term: list[Contents]) -> None:
    first, second = (
        [dict(row) for table in ("grade", "submitted_notebook") for row in one[table]] for one in stock_term
    )
    for rows in (first, second):
        assert any(row.get("late_submission_penalty") for row in rows)
        assert any(
            row.get("auto_score") == 0 and "free" in row["cell_id"] for row in rows
        )  # was not handed in
    assert any(row.get("manual_score") == 3 and row["needs_manual_grade"] for row in second)  # handed in anew
    assert any(row.get("extra_credit") == 0.5 for row in second)  # exact: stored, not computed
    assert first != second


@of_the_term
def test_a_difference_between_gradebooks_is_found(stock_term: list[Contents]) -> None:
    first, second = stock_term
    assert differences(first, first) == []
    assert any(line.startswith("grade: ") for line in differences(first, second))
