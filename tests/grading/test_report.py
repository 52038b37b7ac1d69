"""What is printed of a class: a small one whole, a large one so that it can still be read."""

import pytest

from nonconv.grading import pipeline
from nonconv.grading.pipeline import MOST_LINES, Progress
from nonconv.grading.report import MOST_ROWS, Grade, table


def pupils(number: int, *troubles: str) -> list[Grade]:
    return [Grade(f"pupil-{n:03}", {"a": 1.0}, {"a": 2.0}, troubles=list(troubles)) for n in range(number)]


def test_each_student_of_a_small_class_has_a_row() -> None:
    printed = table(pupils(30)).splitlines()
    assert len(printed) == 1 + 30
    assert printed[-1].split() == ["pupil-029", "1", "2", "a"]


def test_what_is_true_of_many_is_said_once_with_their_number() -> None:
    printed = table([*pupils(3, "the cell 'x' failed"), *pupils(1, "late", "no checks.json")])
    assert printed.count("the cell 'x' failed") == 3
    many = table([*pupils(40, "no checks.json"), Grade("ada", troubles=["a link"])]).splitlines()
    assert [line for line in many if "no checks.json" in line] == [
        "40 students (pupil-000, pupil-001, pupil-002, …): no checks.json"
    ]
    assert many[-1] == "ada: a link"


def test_questions_that_nearly_nobody_has_been_marked_for_are_counted_once() -> None:
    class_ = [Grade(f"p{n}", {"a": 1.0}, {"a": 2.0}, unread=["essay"]) for n in range(29)]
    printed = table([*class_, *pupils(1)])
    assert printed.count("not read yet") == 1
    assert printed.endswith("not read yet: essay (29)")
    assert table([*class_[:2], *pupils(20)]).count("(essay: not read yet)") == 2


def test_of_a_large_class_only_those_stand_in_the_table_who_are_to_be_looked_at() -> None:
    class_ = [*pupils(298), Grade("ada", {"a": 0.0}, {"a": 2.0}), *pupils(1, "no notebook")]
    printed = table(class_).splitlines()
    assert [line.split()[0] for line in printed[1:3]] == ["ada", "pupil-000"]
    assert printed[3] == "… 298 more stand in the table of the whole class"
    worst = [Grade(f"p{n}", troubles=[f"trouble {n}"]) for n in range(300)]
    assert len(table(worst).splitlines()) < 2 * MOST_ROWS + 5


def test_a_run_says_how_far_it_is_in_a_few_lines_and_counts_what_is_left_from_the_first_student(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, *(20.0 + n for n in range(300))])  # 20 s until the first, then one a second
    monkeypatch.setattr(pipeline.time, "monotonic", lambda: next(clock))
    said: list[str] = []
    progress = Progress(300, said.append)
    for grade in pupils(300):
        progress.graded(grade)
    assert len(said) <= MOST_LINES + 1
    assert said[0] == "8 of 300  pupil-007: 1 of 2  (27 s, 292 s left)"
    assert said[-1] == "300 of 300  pupil-299: 1 of 2  (319 s)"
