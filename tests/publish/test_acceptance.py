"""Each requirement refuses an exercise that lacks it, and says what is missing."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nonconv.authoring import UnitError
from nonconv.publish import check, skeleton
from nonconv.publish.acceptance import ACCEPTANCE, Acceptance, problems
from nonconv.publish.unit import Unit, units

ROOT = Path(__file__).resolve().parents[2]
HEAD = (
    "# %% title [markdown]\n# # Exercises 1 · Doubling\n\n"
    "# %% setup\nfrom nonconv.checks import check, todo\n"
)
SOLVED = "    return sum([x, x])"
MISTAKES = """
@wrong("double", says="these are the squares: twice a number is x + x.", loses=BOTH)
def squares(x):
    return x * x


@wrong("double", says="this is one number too much.", loses=BOTH)
def adds_one(x):
    return x + x + 1


@wrong("double", says="this is half of it.", loses=BOTH)
def halves(x):
    return x / 2


@wrong("double", says="the sign is the other one.", loses=BOTH)
def negates(x):
    return -x - x


@wrong("double", says="nothing was doubled.", loses=BOTH)
def leaves_it(x):
    return x.clone()


@wrong("double", shows="expected shape", loses=BOTH)
def repeats(x):
    return x.repeat(2)


@right("double")
def by_adding(x):
    return x + x


@right("double")
def by_scaling(x):
    return x.mul(2)


@right("double")
def taken_off(x):
    return x - (-x)


@right("double")
def by_halving(x):
    return x / 0.5


@right("double")
def in_a_copy(x):
    y = x.clone()
    y += x
    return y
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one unit with one complete exercise, made from the skeleton."""
    folder = tmp_path / "units" / "01-doubling" / "exercises"
    folder.mkdir(parents=True)
    (folder / "notebook.py").write_text(HEAD)
    (folder.parent / "lecture.py").write_text(
        "# %% title [markdown]\n# # Doubling\n\n# %% twice [markdown]\n# ## {number} · Twice\n"
    )
    exercise = skeleton.skeleton(tmp_path, "01-doubling", "double")
    text = (exercise / "exercise.py").read_text()
    text = text.replace("lecture, section TODO: {section:NAME}", "lecture, section {section:twice}")
    text = re.sub("TODO:? ?", "", text).replace("    ...", SOLVED)
    (exercise / "exercise.py").write_text(text)
    mistakes = (exercise / "mistakes.py").read_text()
    (exercise / "mistakes.py").write_text(mistakes.partition("\n\n@wrong")[0] + "\n" + MISTAKES)
    return tmp_path


def lacking(root: Path) -> list[str]:
    """All that the exercises of the course lack."""
    return [
        problem
        for unit in units(root)
        for exercise in unit.exercises
        for one in ACCEPTANCE
        for problem in problems(unit, exercise, one)
    ]


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / "units/01-doubling/exercises/01-double" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_complete_exercise_lacks_nothing(course: Path) -> None:
    assert lacking(course) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("exercise.py", "| goal |", "| aim |", "needs a card"),
        ("exercise.py", SOLVED, "    ...", "the solution of double is still missing"),
        ("exercise.py", "By hand:", "TODO By hand:", "still says TODO"),
        ("exercise.py", "### BEGIN SOLUTION", "# begin", "must stand between ### BEGIN SOLUTION"),
        (
            "exercise.py",
            "section {section:twice}",
            "section {section:thrice}",
            r"\{section:thrice\}; of that kind there is .*twice",
        ),
        ("exercise.py", "{section:twice}", "{exercise:other}", r"\{exercise:other\}; of that kind there is"),
        ("exercise.py", 'role="answer"', 'role="exam"', "has role 'exam'; it can be answer"),
        ("exercise.py", SOLVED, "    return x * x", "the solution does not pass double-values"),
        ("exercise.py", "def double(", "def twice(", "is about 'double'; the answers in exercise.py: twice"),
        ("exercise.py", "## {number} · ", "", "must begin with a heading"),
        ("checks.py", '"returns": ("the result",)', '"may_not_call": ("add",)', "the solution does not pass"),
        ("checks.py", "lambda seed: [", "[*[seed := 1][:0], ", "its inputs a function of a seed"),
        ("checks.py", "whole(7, seed=seed)", "whole(7, seed=1)", "20 students get only"),
        ("checks.py", "whole(7, seed=seed)", "0 * whole(7, seed=seed)", "zeros would pass double-long"),
        ("checks.py", "return x + x", "return x + 1 // len(x[:0])", r"ZeroDivisionError: .*checks.py, line"),
        ("checks.py", 'name="double-long"', 'name="double-values"', "two checks are called 'double-values'"),
        ("checks.py", "drawn_anew=True,", "", "who looks its answers up in checks.json earns its points"),
        ("checks.py", "points=2", "points=0", "needs points, a positive integer, not 0"),
        (
            "mistakes.py",
            "return x + x + 1",
            "return x + x",
            "adds_one passes double-long, double-values: the check needs an input",
        ),
        ("mistakes.py", "half of it", "half of it", ""),
        ("mistakes.py", '"expected shape"', '"expected colour"', "repeats is not told 'expected colour'"),
        ("mistakes.py", "x.mul(2)", "x.mul(3)", "by_scaling loses"),
        ("mistakes.py", '@right("double")\ndef by_halving', "def by_halving", "double has 4 other right"),
        ("exercise.py", SOLVED, "    return sum([x, x][: len(x) + 1])", "no check notices double, line 1: "),
        (
            "mistakes.py",
            '"the sign is the other one.", loses=BOTH)\ndef negates(x):\n    return -x - x',
            '"this is one number too much.", loses=BOTH)\ndef negates(x):\n    return x + x + 3',
            "negates and adds_one differ only in constants",
        ),
        (
            "mistakes.py",
            '@wrong("double", says="nothing was doubled.", loses=BOTH)',
            "",
            "double has 5 wrong answers",
        ),
        ("mistakes.py", '"double-long")', '"double-large")', "speaks of double-large, which is no check"),
        ("mistakes.py", "def halves", "\n" * 250 + "def halves", "mistakes.py has .* lines"),
    ],
)
def test_what_is_missing_is_said(course: Path, file: str, old: str, new: str, message: str) -> None:
    edit(course, file, old, new)
    found = lacking(course)
    assert (not found) if not message else any(re.search(message, problem) for problem in found), found


def test_two_mistakes_that_no_input_tells_apart_are_found(course: Path) -> None:
    edit(course, "mistakes.py", "    return x / 2", "    return x * (2 * x).sign() * x.sign() + 1 + x")
    assert any(
        "halves is taken for adds_one: their outputs are equal" in problem for problem in lacking(course)
    )


def test_mistakes_that_only_some_students_meet_are_found(course: Path) -> None:
    edit(
        course,
        "mistakes.py",
        "    return x.clone()",
        "    return x + x if x.sum() > 0 and len(x) > 3 else x.clone()",
    )
    assert any("leaves_it passes double-long on the inputs of" in problem for problem in lacking(course))


FEW = """

@wrong("double", says="a few numbers are not doubled.", loses=BOTH[:1])
def leaves_a_few(x):
    return x + x if len(x) > 3 else 3 * x
"""


def unearned(root: Path) -> list[str]:
    (one,) = (one for one in ACCEPTANCE if one.lacking.__name__ == "hidden_points_are_earned")
    return [
        problem
        for unit in units(root)
        for exercise in unit.exercises
        for problem in problems(unit, exercise, one)
    ]


def test_a_hidden_check_that_is_passed_without_the_visible_one_needs_a_reason(course: Path) -> None:
    assert unearned(course) == []
    edit(
        course, "mistakes.py", '@right("double")\ndef by_adding', FEW + '\n\n@right("double")\ndef by_adding'
    )
    (problem,) = unearned(course)
    assert problem.startswith(
        "leaves_a_few loses double-values, but passes double-long: give double-long an input"
    )
    assert problem in lacking(course)
    edit(
        course,
        "mistakes.py",
        "loses=BOTH[:1]",
        'loses=BOTH[:1], earns={"double-long": "long lists are right."}',
    )
    assert unearned(course) == []


def test_a_reason_for_points_that_are_not_earned_is_refused(course: Path) -> None:
    edit(
        course,
        "mistakes.py",
        'half of it.", loses=BOTH',
        "half of it.\", loses=BOTH, earns={'double-long': 'x'}",
    )
    (problem,) = unearned(course)
    assert problem.startswith(
        "halves says why it earns double-long, but that is no hidden check which it passes"
    )


STANDS_THERE = (
    "# %% title [markdown]\n# # Doubling\n\n# %% twice [markdown]\n# ## {number} · Twice\n\n"
    "# %% shown\nsum([x, x])\n"
)


def test_an_answer_that_stands_in_the_unit_is_refused(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "units/01-doubling/lecture.py").write_text(STANDS_THERE)
    (unit,) = units(course)
    assert not check.check(unit, unit.exercises[0])
    assert "lecture, shown" in capsys.readouterr().out


def test_what_is_not_required_yet_is_counted_and_listed_by_all(
    course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "ACCEPTANCE", ())
    monkeypatch.setattr(check, "WAITING", (Acceptance("nothing is short", lambda *_: ["it is short"]),))
    (unit,) = units(course)
    assert check.check(unit, unit.exercises[0])
    printed = capsys.readouterr().out
    assert "· nothing is short: 1 to mend\n" in printed
    assert "it is short" not in printed
    assert check.check(unit, unit.exercises[0], everything=True)
    assert "it is short" in capsys.readouterr().out


def test_numbers_must_follow_one_another(course: Path) -> None:
    folder = course / "units/01-doubling/exercises"
    (folder / "01-double").rename(folder / "02-double")
    with pytest.raises(UnitError, match="the exercise before it has the number 0"):
        _ = units(course)[0].notebooks[0].exercises


def test_what_exercises_share_is_found_and_read_again_when_it_changes(course: Path) -> None:
    shared = course / "units/01-doubling/shared.py"
    shared.write_text("POINTS = 2\n")
    edit(course, "checks.py", "points=2", "points=POINTS")
    edit(course, "checks.py", "from nonconv", "from ...shared import POINTS\n\nfrom nonconv")
    assert units(course)[0].declared["double-values"].points == 2
    shared.write_text("POINTS = 2 + 1\n")
    assert units(course)[0].declared["double-values"].points == 3


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Double It", "small letters, digits and hyphens"),
        ("double", "has an exercise called 'double' already"),
    ],
)
def test_a_name_that_does_not_fit_is_refused(course: Path, name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        skeleton.skeleton(course, "01", name)


def test_a_skeleton_builds_and_is_told_one_thing_after_the_other(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = Unit(course / "units/01-doubling")
    skeleton.skeleton(course, "01-doubling", "triple")
    (exercise,) = (one for one in unit.exercises if one.name == "triple")

    def first_missing() -> str:
        again = Unit(unit.folder)
        (one,) = (one for one in again.exercises if one.name == "triple")
        assert not check.check(again, one)
        printed = capsys.readouterr().out
        assert printed.count("✗") == 1  # it stops there
        return printed.partition("✗ ")[2].partition("\n")[0]

    def complete(text: str) -> str:
        return re.sub("TODO:? ?", "", text).replace("    ...", "    return 3 * x")

    fill: list[tuple[str, Callable[[str], str]]] = [
        ("the text is complete", complete),
        ("it builds", lambda text: text.replace("{section:NAME}", "{section:twice}")),
        ("the solution passes", lambda text: text.replace("3 * x", "x + x")),
    ]
    for wanted, step in fill:
        assert first_missing().startswith(wanted)
        exercise.text.write_text(step(exercise.text.read_text()))
    assert first_missing().startswith("at least 6 wrong and 5 other right answers")
    shutil.copy(unit.folder / "exercises/01-double/mistakes.py", exercise.folder / "mistakes.py")
    path = exercise.folder / "mistakes.py"
    path.write_text(path.read_text().replace('"double"', '"triple"').replace("double-", "triple-"))
    again = Unit(unit.folder)
    assert check.check(again, again.exercises[1])
