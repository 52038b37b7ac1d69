"""What a page of a class is made of: diagnoses read, answers compared. The page itself is tested with each
unit's class, in tests/course."""

import csv
from pathlib import Path

import pytest

from nonconv.grading.class_view import ClassView, Counted, known_mistake, normalised, write_class
from nonconv.grading.report import Grade


def test_a_known_mistake_is_read_to_its_end_and_no_further() -> None:
    message = (
        "tau: slope is wrong in 2 of 3 cases.\nA known mistake: this is σ(x), one factor\n  of two.\n"
        "The smallest case that fails:\n  x = 1.0\nslope returned 3"
    )
    assert known_mistake(message) == "this is σ(x), one factor of two."
    assert known_mistake("tau: slope is wrong.\nslope returned 3") == ""


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (
            "def f(y, k):\n    'Mine.'\n    t = 0  # here\n    for a in y:\n        t += k*a\n    return t",
            True,
        ),
        ("def f(x, w):\n    s = 0\n    for a in x:\n        s += w + a\n    return s", False),
        ("def f(x, w):\n    s = 0\n    for a in sorted(x):\n        s += w * a\n    return s", False),
    ],
    ids=["names, spaces and words", "another operator", "another call"],
)
def test_two_answers_are_one_program_if_only_their_own_names_differ(other: str, same: bool) -> None:
    first, size = normalised("def f(x, w):\n    s = 0\n    for a in x:\n        s += w * a\n    return s")
    assert size > 20
    assert (normalised(other)[0] == first) is same


@pytest.mark.parametrize("text", ["def f(:", "\0", "(" * 5000, "x = " + "-" * 50_000 + "1"])
def test_an_answer_that_is_no_python_is_like_no_other(text: str) -> None:
    assert normalised(text) == ("", 0)


def test_words_of_a_students_program_are_no_formula_and_no_markup(tmp_path: Path) -> None:
    hostile = Counted("tau", "=1+1 <script>alert(1)</script>", ("ada",))
    write_class(ClassView("unit", [Grade("ada")], [], [], [hostile], [], [], []), tmp_path)
    with (tmp_path / "class.csv").open(encoding="utf-8", newline="") as file:
        (_, row) = csv.reader(file)
    assert row[2].startswith("'=1+1")
    assert "<script>" not in (tmp_path / "class.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["=cmd", "+1", "-1", "@x", "\t=1"])
def test_a_students_name_is_no_formula_in_the_classs_table(name: str, tmp_path: Path) -> None:
    hostile = Counted("tau", "words", (name, "ada"))
    write_class(ClassView("unit", [Grade("ada")], [], [], [hostile], [], [], []), tmp_path)
    text = (tmp_path / "class.csv").read_text(encoding="utf-8")
    (_, row) = csv.reader(text.splitlines())
    assert row[4][:1] not in ("=", "+", "-", "@", "\t")
