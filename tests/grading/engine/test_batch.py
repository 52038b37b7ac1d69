"""Batched checks: a response that comes with the cell before is what a cell by itself would have put out."""

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.grading import corpus, isolation
from helpers.grading.corpus import asked
from helpers.grading.tiny import cell, course_of
from nonconv.checks.remote import BATCH, request
from nonconv.checks.remote import MIME as ANSWER
from nonconv.grading.engine.batch import expression, split
from nonconv.grading.engine.outputs import error as problem_of
from nonconv.grading.engine.outputs import printed
from nonconv.grading.engine.outputs import shown as displayed
from nonconv.grading.engine.requests import Request
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect
from nonconv.publish import build
from nonconv.publish.course import course_api


def shown(mark: Any) -> Any:
    return displayed({BATCH: mark})


def problem(name: str) -> Any:
    return problem_of(name, "")


END = shown({})
FOUR, SIX = (
    shown({"cell": 4, "printed": "", "data": {ANSWER: []}}),
    shown({"cell": 6, "printed": "so", "data": {ANSWER: [1]}}),
)


@pytest.mark.parametrize(
    ("outputs", "own", "with_response", "late"),
    [
        ([printed("own")], 1, {}, 0),
        ([printed("own"), END, FOUR, SIX], 1, {4, 6}, 0),
        ([END, FOUR, problem("KernelDied")], 0, {4}, 1),
        ([END, FOUR, problem("CellTimeoutError")], 0, {4}, 1),
        ([problem("NameError")], 1, {}, 0),
        # what a kernel says that somebody has taught to lie
        ([FOUR, END], 0, {}, 0),
        ([END, FOUR, FOUR, SIX], 0, {6}, 0),
        ([END, FOUR, printed("something else"), SIX], 0, {}, 0),
        ([END, FOUR, problem("forged")], 0, {}, 0),
        ([END, shown([]), shown("text"), shown({"cell": "4"}), shown({"cell": True})], 0, {}, 0),
        (
            [
                END,
                shown({"cell": 4, "printed": None, "data": {}}),
                shown({"cell": 6, "printed": "", "data": []}),
            ],
            0,
            {},
            0,
        ),
    ],
)
def test_a_response_counts_where_it_is_the_only_one_and_nothing_else_is_put_out(
    outputs: list[Any], own: int, with_response: set[int], late: int
) -> None:
    found, responses, ends = split(outputs)
    assert (len(found), set(responses), len(ends)) == (own, set(with_response), late)


def test_what_was_printed_stands_before_the_response() -> None:
    responses = split([END, SIX])[1]
    assert [output.output_type for output in responses[6]] == ["stream", "display_data"]
    assert responses[6][0].text == "so"


def test_a_request_may_hold_any_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Quotes, brackets and the words of the call itself, in a name."""
    strange = asked("a, b) 'c' \"d\" \\ evaluate(", "answer", lambda x: x, 1)
    code = compile(expression({7: Request(**request(strange))}), "batch", "eval")
    eval(code, {"answer": lambda x: x})  # displays, which outside a notebook prints
    end, response = capsys.readouterr().out.splitlines()
    assert BATCH in end
    assert "'cell': 7" in response
    assert "'output': 1" in response


# ---------------------------------------------------------------------- in real kernels
PICTURE = """
from IPython.display import HTML, display
def second(x):
    display(HTML("<b>shown</b>"))
    return 2 * x
"""
ANSWERS = {
    "right": "def second(x):\n    print('called with', x)\n    return 2 * x\n",
    "missing": "",
    "stops": "raise ValueError('before anything is defined')\n",
    "shows": PICTURE,
    "endless": "import signal\ndef second(x):\n    while True:\n        signal.pause()\n",
    "dies": "import os\ndef second(x):\n    os._exit(3)\n",
}
BUT_SECOND = {"first": 1.0, "second": 0.0, "third": 1.0}
EARNED = {
    "right": dict.fromkeys(BUT_SECOND, 1.0),
    "missing": BUT_SECOND,
    "stops": BUT_SECOND,
    "shows": dict.fromkeys(BUT_SECOND, 1.0),
    "endless": BUT_SECOND,
    "dies": BUT_SECOND | {"third": 0.0},
}


CHECKS = [asked(name, name, lambda x: 2 * x, 1, 5) for name in ("first", "second", "third")]
JUDGED = [check.name for check in CHECKS]


def exercise(second: str) -> nbformat.NotebookNode:
    """Three functions in one cell, then a check of each."""
    source = f"def first(x):\n    return 2 * x\ndef third(x):\n    return 2 * x\n{second}"
    tests = [cell(check.name, f"check({check.name!r}, {check.name})", points=1) for check in CHECKS]
    cells = [cell("answer", source, solution=True), *tests, cell("last", "how_many = 1", solution=True)]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=about)


def autograded(folder: Path, batched: bool) -> dict[str, dict[str, Any]]:
    """Each student's cells by name, as grading leaves them, and the points."""
    made = course_of("batched", exercise("def second(x):\n    return 2 * x\n"), folder)
    judge = {check.name: build._judged(check) for check in CHECKS}
    (made / "solutions" / "batched" / "judge.json").write_text(json.dumps(judge))
    course_api(made, made, made / "gradebook.db").generate_assignment("batched", force=True, create=True)
    with (made / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.JudgedExecute.batch_checks = {batched}\nc.Execute.timeout = 4\n")
    for name, second in ANSWERS.items():
        (folder / "inbox" / name).mkdir(parents=True)
        nbformat.write(exercise(second), folder / "inbox" / name / "batched.ipynb")
    submissions, _ = collect(folder / "inbox", "batched", made)
    grades = grade("batched", submissions, made, say=lambda _: None, jobs=2, pages=False)
    found: dict[str, dict[str, Any]] = {}
    for one in grades:
        notebook = nbformat.read(made / "autograded" / one.student / "batched" / "batched.ipynb", 4)
        found[one.student] = {"points": one.points, **{part.id: part for part in notebook.cells}}
    return found


def page_text(output: nbformat.NotebookNode) -> tuple[str, str]:
    """What a page shows of an output, but for the place of an error."""
    return output.output_type, output.get("text", output.get("evalue", str(output.get("data"))))


@isolation.needed()
@pytest.mark.weekly
@pytest.mark.xdist_group("batched cells")
def test_each_cell_puts_out_what_it_puts_out_when_it_is_run_by_itself(tmp_path: Path) -> None:
    together, alone = (autograded(tmp_path / str(batched), batched) for batched in (True, False))
    for name in ANSWERS:
        assert together[name]["points"] == alone[name]["points"] == EARNED[name], name
        for part in ("answer", *JUDGED, "last"):
            assert list(map(page_text, together[name][part].outputs)) == list(
                map(page_text, alone[name][part].outputs)
            ), (
                name,
                part,
            )
    # three checks without a message of their own: the last cell is the second that ran
    assert together["right"]["last"].execution_count == 2
    assert alone["right"]["last"].execution_count == 5
    assert together["right"]["second"].outputs[0].text == "called with 1\ncalled with 5\n"


# those of the corpus that send messages in their kernel's name, or end it
LIARS = (
    "forged",
    "two-",
    "bundle",
    "nonsense",
    "unsigned",
    "no-message",
    "formatter",
    "silent",
    "cleared",
    "exit",
    "endless",
)


@isolation.needed()
@pytest.mark.slow
@pytest.mark.xdist_group("batched liars")
def test_no_hostile_answer_gains_or_loses_by_a_batch(tmp_path: Path) -> None:
    """With a course in which all that can be is judged outside."""
    earned = []
    for batched in (True, False):
        folder = tmp_path / str(batched)
        made = corpus.course(folder, corpus.CHECKS)
        course_api(made, made, made / "gradebook.db").generate_assignment(
            corpus.UNIT, force=True, create=True
        )
        with (made / "nbgrader_config.py").open("a") as config:
            config.write(f"\nc.JudgedExecute.batch_checks = {batched}\nc.Execute.timeout = 4\n")
        released = nbformat.read(made / "exercises" / corpus.UNIT / corpus.NOTEBOOK, 4)
        for kind in corpus.kinds(made, 1, "x"):
            if kind.name.startswith(LIARS):
                kind.put(folder / "inbox" / kind.name, copy.deepcopy(released))
        submissions, _ = collect(folder / "inbox", corpus.UNIT, made)
        grades = grade(corpus.UNIT, submissions, made, say=lambda _: None, jobs=2, pages=False)
        earned.append({one.student: one.points for one in grades})
    together, alone = earned
    assert len(together) > 15
    # this one clears the outputs of each cell that has run, and so of each request that is a cell: right
    # answers are lost
    assert together.pop("cleared-errors")["third"] > alone.pop("cleared-errors")["third"]
    assert together == alone
