"""What a student chose, shown as text and nothing else."""

import csv
import re
import warnings
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nonconv.grading.engine.outputs import CHECK_STOPPED, DIED, error
from nonconv.grading.limits import parsed
from nonconv.grading.pipeline import Progress
from nonconv.grading.report import Grade, noticed, table, write_csv
from nonconv.grading.text import no_formula, one_line, sentences

ESCAPES = "\x1b]0;mine\x07\x1b[2J\nada    39  39\r\u202egnp.exe\x9b1m"


def test_control_characters_are_written_out_in_one_line() -> None:
    shown = one_line(ESCAPES)
    assert shown.isprintable()
    assert shown.startswith("\\x1b]0;mine\\x07\\x1b[2J ada")
    assert "\\u202e" in shown


def test_a_text_of_any_length_is_short() -> None:
    assert len(one_line("a" * 10**8)) == 300


def test_twenty_thousand_sentences_are_five_and_a_count() -> None:
    said = list(sentences(f"cell {n} stands twice" for n in range(20_000)))
    assert len(said) == 6
    assert said[-1] == "… and 19995 more"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "＝1+1", "＠sum"])
def test_nothing_is_a_formula(text: str) -> None:
    assert no_formula(text) == f"'{text}"


def test_nothing_is_a_formula_where_a_spreadsheet_divides_by_semicolons() -> None:
    assert no_formula("a;=cmd; +1; b") == "a;'=cmd; '+1; b"


def test_a_letter_under_a_hundred_marks_is_shown_with_a_few() -> None:
    assert one_line("z" + "\u0300" * 100 + "a") == "z" + "\u0300" * 4 + "a"
    assert one_line("q\u0323\u0307 ế") == "q\u0323\u0307 ế"


def test_table_and_spreadsheet_hold_one_row_a_student(tmp_path: Path) -> None:
    hostile = Grade("eve", {"a": 1.0}, {"a": 2.0}, troubles=[f"'{ESCAPES}' was taken", "=HYPERLINK(1)"])
    printed = table([hostile, Grade("ada", {"a": 2.0}, {"a": 2.0})])
    assert all(line.isprintable() for line in printed.splitlines())
    assert sum(line.startswith("ada") for line in printed.splitlines()) == 1
    write_csv([Grade("=cmd", troubles=["=HYPERLINK(1)"])], tmp_path / "class.csv")
    with (tmp_path / "class.csv").open(encoding="utf-8", newline="") as file:
        (_, row) = csv.reader(file)
    assert row[0] == "'=cmd"
    assert row[-1] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("name", [f"eve{ESCAPES}", "eve\nada      39  39", "e" * 5000])
def test_a_name_is_one_line_of_the_table_and_of_how_far_a_run_is(name: str) -> None:
    said: list[str] = []
    grade = Grade(name, {"a": 1.0}, {"a": 2.0}, troubles=["late"] * 9)
    Progress(1, said.append).graded(grade)
    for line in [*said, *table([grade]).splitlines()]:
        assert line.isprintable()
        assert len(line) < 500
    assert len(table([grade]).splitlines()) < 12


def test_an_errors_text_is_short_in_the_table_whatever_the_error_is_called(tmp_path: Path) -> None:
    outputs = [error(name, f"{ESCAPES}{'x' * 5000}") for name in (DIED, CHECK_STOPPED, "Own", "")]
    cells = [new_code_cell("", outputs=[output]) for output in outputs]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    told = noticed(tmp_path)
    assert len(told) == 4
    for line in told:
        assert line.isprintable()
        assert len(line) <= 270


@pytest.mark.parametrize("name", ["ada 39 39", "ada 39", "ada\u3164\u316439", "ada\u2800 39"])
def test_no_name_can_be_taken_for_the_row_of_another(name: str) -> None:
    wrong = {name: ["a cell failed"]}  # what is said of it stands in a line of its own
    grades = [
        Grade(one, {"a": 1.0}, {"a": 2.0}, troubles=wrong.get(one, [])) for one in ("ada", name, "bo 7")
    ]
    rows = table(grades).splitlines()
    assert len([row for row in rows if re.match(r"ada\s", row)]) == 1
    assert rows[-1].endswith(": a cell failed")
    assert any(row.startswith("bo 7 ") for row in rows)


def test_what_python_thinks_of_a_students_source_is_not_said() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert parsed("x = '\\\x1b[2J'\n") is not None
    assert told == []
    assert parsed("%matplotlib") is parsed("x" * 10 + "=" + "(" * 1000) is None
