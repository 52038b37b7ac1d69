"""Whose a hand-in is, and which file counts: names in any script, what LMSs write, copies and versions."""

import unicodedata
from pathlib import Path

import pytest
from classroom import course_folder

from helpers.grading.inbox import MAIN, PROOF, UNIT, answered, collected, stub, taken, zipped
from nonconv.grading.submissions.collect import CollectError, collect
from nonconv.grading.submissions.names import MAX_NAME, identified, student_id, told_apart


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return course_folder(UNIT, tmp_path / "course")


@pytest.mark.parametrize(
    "files",
    [
        {f"Иван Петров/{MAIN}": stub(), f"Иван Сидоров/{MAIN}": stub()},
        {f"José Núñez/{MAIN}": stub(), f"Jose Nunez/{MAIN}": stub()},
        {f"李伟/{MAIN}": stub(), f"李娜/{MAIN}": stub()},
        {f"Łukasz O'Brien/{MAIN}": stub(), f"Øystein Gauß/{MAIN}": stub()},
    ],
    ids=["Cyrillic", "accents", "Chinese", "others"],
)
def test_two_students_are_two_and_keep_the_names_that_people_write(course: Path, files: dict) -> None:
    assert set(collected(course, files)) == {name.split("/")[0] for name in files}


def test_one_name_in_two_ways_of_writing_accents_is_one_student(course: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "José")
    (student,) = collected(course, {f"José/{MAIN}": answered(), f"{decomposed}/{PROOF}": stub("proof")})
    assert student == "José"


@pytest.mark.parametrize(
    "name",
    [
        "../ada",
        "ada\n0 of 39",
        "\x1b[31mada",
        "=HYPERLINK(1)",
        "-rf",
        "a[d]a*",
        "",
        "...",
        "\u202eada",
        "x" * 300,
    ],
)
def test_a_name_that_nothing_can_take_becomes_one_that_everything_can(name: str) -> None:
    made = student_id(name)
    assert made
    assert made.isprintable()
    assert len(made) <= MAX_NAME + 7
    assert not set(made) & set('/\\:*?"<>|[]{}$`;')
    assert not made.startswith((".", "-", "=", "+", "@", " "))
    assert student_id(made) == made or len(name) > MAX_NAME


def test_who_has_a_name_keeps_it_and_the_one_who_would_get_it_by_cleaning_does_not() -> None:
    exact, other = ("", "ada_"), ("", "ada:")
    assert student_id("ada:x") == student_id("ada_x") == "ada_x"
    made = told_apart([("", "ada:x"), ("", "ada_x")])
    assert made["", "ada_x"] == "ada_x"
    assert made["", "ada:x"].startswith("ada_x~")
    assert len(set(told_apart([exact, other]).values())) == 2


@pytest.mark.parametrize("other", ["+ada", "ada:", " ada", "ada\u200b", "=ada"])
def test_a_cleaned_name_takes_nobodys_place_who_handed_in_before(other: str, tmp_path: Path) -> None:
    """Today only the other hands in; and the other one's own identity stays the same."""
    assert identified([("", "ada")], tmp_path) == {("", "ada"): "ada"}
    (first,) = identified([("", other)], tmp_path).values()
    assert first != "ada"
    assert first.startswith("ada")
    assert identified([("", other)], tmp_path) == {("", other): first}
    assert identified([("", "ada"), ("", other)], tmp_path) == {("", "ada"): "ada", ("", other): first}


def test_a_name_that_came_by_nbgraders_exchange_is_somebodys_too(tmp_path: Path) -> None:
    (tmp_path / "submitted" / "ada" / "unit").mkdir(parents=True)
    assert identified([("", "=ada")], tmp_path)["", "=ada"].startswith("ada~")


def test_an_exact_name_has_priority_over_one_that_was_cleaned_first(tmp_path: Path) -> None:
    assert identified([("", "ada:x")], tmp_path) == {("", "ada:x"): "ada_x"}
    made = identified([("", "ada:x"), ("", "ada_x")], tmp_path)
    assert made["", "ada_x"] == "ada_x"
    assert made["", "ada:x"].startswith("ada_x~")


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (
            {
                f"Curie Marie_123458_assignsubmission_file_/{MAIN}": stub(),
                f"Hahn Otto_123460_assignsubmission_file_/{MAIN}": stub(),
                "Hahn Otto_123460_assignsubmission_onlinetext_/onlinetext.html": b"<p>see the file</p>",
            },
            {"Curie Marie", "Hahn Otto"},
        ),
        (
            {
                f"Curie Marie_1_assignsubmission_file_{MAIN}": stub(),
                f"Curie Marie_1_assignsubmission_file_{PROOF}": stub("proof"),
            },
            {"Curie Marie"},
        ),
        (
            {
                f"Kim Lee_1_assignsubmission_file_/{MAIN}": stub(),
                f"Kim Lee_2_assignsubmission_file_/{MAIN}": stub(),
            },
            {"Kim Lee 1", "Kim Lee 2"},
        ),
        (
            {
                f"lovelaceada_12345_678901_{MAIN}": stub(),
                f"lovelaceada_12345_678902_{PROOF}": stub("proof"),
                f"turingalan_LATE_12346_678903_{MAIN}": stub(),
            },
            {"lovelaceada", "turingalan"},
        ),
        (
            {
                f"Homework 2_lovelace_attempt_2026-11-20-10-00-00_{MAIN}": answered("first"),
                f"Homework 2_lovelace_attempt_2026-11-19-10-00-00_{MAIN}": answered("earlier"),
                "Homework 2_lovelace_attempt_2026-11-20-10-00-00.txt": b"Name: lovelace",
            },
            {"lovelace"},
        ),
        (
            {f"Ada Lovelace - {MAIN}": stub(), f"Alan Turing - {MAIN}": stub()},
            {"Ada Lovelace", "Alan Turing"},
        ),
        (
            {f"ada_{MAIN}": stub(), f"ada_{PROOF}": stub("proof"), f"{UNIT.name}-alan.ipynb": stub()},
            {"ada", "alan"},
        ),
    ],
    ids=["Moodle", "Moodle flat", "Moodle namesakes", "Canvas", "Blackboard", "Classroom", "flat"],
)
def test_what_an_lms_makes_of_a_class_is_taken_apart(course: Path, files: dict, students: set) -> None:
    found = collected(course, files)
    assert set(found) == students
    assert not any("not-the-students-notebook" in taken(one) for one in found.values())


def test_of_blackboards_attempts_the_last_counts_and_canvas_lateness_is_said(course: Path) -> None:
    found = collected(
        course,
        {
            f"H_lovelace_attempt_2026-11-20-10-00-00_{MAIN}": answered("the last"),
            f"H_lovelace_attempt_2026-11-19-10-00-00_{MAIN}": answered("the first"),
            f"turingalan_LATE_12346_678903_{MAIN}": stub(),
        },
    )
    assert "# the last" in taken(found["lovelace"])
    assert "# the first" not in taken(found["lovelace"])
    assert f"{PROOF} was not handed in" in found["lovelace"].troubles  # the other attempt is no proof
    assert "Canvas marks it as late" in found["turingalan"].troubles


def test_a_zip_of_a_class_is_a_class_in_the_inbox_and_as_the_inbox(course: Path) -> None:
    members = {
        f"{who}_{number}_assignsubmission_file_/{MAIN}": stub() for number, who in enumerate(["Kim", "Lee"])
    }
    assert set(collected(course, {"all.zip": zipped(members), f"ada/{MAIN}": stub()})) == {
        "Kim",
        "Lee",
        "ada",
    }
    submissions, _ = collect(course.parent / "inbox" / "all.zip", UNIT.name, course)
    assert {one.student for one in submissions} == {"Kim", "Lee"}
    folders = {f"class/{who}/{MAIN}": stub() for who in ("Bo", "Di")}
    assert set(collected(course, {"all.zip": zipped(folders)})) == {"Bo", "Di", "ada"}
    with pytest.raises(CollectError, match="the zip of a class that an LMS makes will do"):
        collect(course.parent / "inbox" / "ada" / MAIN, UNIT.name, course)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({f"ada/{MAIN}": stub(), f"ada/{UNIT.name}-Copy1.ipynb": answered()}, "Copy1"),
        ({f"ada/{UNIT.name} (1).ipynb": answered(), f"ada/{MAIN}": stub()}, "(1)"),
        ({f"ada/{MAIN}": answered("old"), f"ada/{UNIT.name} (1).ipynb": answered()}, "(1)"),
        ({f"ada/{UNIT.name} (2).ipynb": answered(), f"ada/{UNIT.name} (1).ipynb": stub()}, "(2)"),
        ({f"ada/v1/{MAIN}": answered("old"), f"ada/v2/{MAIN}": answered()}, "v2"),
        ({"ada.zip": zipped({f"v1/{MAIN}": answered("old"), f"v2/{MAIN}": answered()})}, "v2"),
        ({f"ada/{MAIN}": stub(), "ada/homework.ipynb": answered()}, "homework"),
        ({f"ada/{MAIN}": answered(), "ada/broken.ipynb": b"{"}, MAIN),
        ({"ada.ipynb": stub(), "ada.zip": zipped({MAIN: answered()})}, MAIN),
    ],
    ids=[
        "copy",
        "before",
        "younger",
        "numbers",
        "versions",
        "versions in a zip",
        "other name",
        "damage",
        "two ways",
    ],
)
def test_of_several_files_the_answered_then_the_latest_counts_and_one_line_names_them(
    course: Path, files: dict, words: str
) -> None:
    (submission,) = collected(course, files).values()
    assert "# mine" in taken(submission)
    told = [line for line in submission.troubles if line.startswith(MAIN) and "was taken" in line]
    assert all(words in line for line in told)
    assert len(told) == (0 if "broken" in str(files) else 1)


@pytest.mark.parametrize(
    "files",
    [
        {"ada/hand-in.zip": zipped({MAIN: answered()})},
        {"ada.zip": zipped({"deep/inner.zip": zipped({MAIN: answered()})})},
        {f"ada/{UNIT.name.upper()}.IPYNB": answered()},
        {f"ada/{MAIN}.txt": answered()},
        {f"ada/{MAIN}.json": answered()},
    ],
    ids=["zip in a folder", "zip in a zip", "capitals", "txt", "json"],
)
def test_a_notebook_is_found_however_it_is_wrapped(course: Path, files: dict) -> None:
    (submission,) = collected(course, files).values()
    assert "# mine" in taken(submission)
    assert any("was taken for" in line for line in submission.troubles)


def test_what_arrived_instead_is_named_to_the_student_too(course: Path) -> None:
    files = {"ada/essay.pdf": b"%PDF", f"ada/{MAIN}": b"", "ada/answer.py": b"x", "ada/bad.zip": b"PK no"}
    (submission,) = collected(course, files).values()
    for said in (" ".join(submission.troubles), taken(submission)):
        for name in ("essay.pdf", "answer.py", "bad.zip"):
            assert name in said


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (b"1795183200", "2026-11-20 14:00:00"),
        (b"1795183200000", "2026-11-20 14:00:00"),
        (b"20.11.2026 14:00", "2026-11-20 14:00:00"),
        (b"2026-11-20T15:00:00+01:00", "2026-11-20 14:00:00"),
        (b"2026-11-20 14:00:00.000000 UTC\n", "2026-11-20 14:00:00"),
        (b"yesterday", None),
        (b"9" * 400, None),
        (b"\xff\xfe", None),
    ],
)
def test_a_time_is_read_as_people_write_it_or_said_to_be_none(
    course: Path, text: bytes, kept: str | None
) -> None:
    (submission,) = collected(course, {f"ada/{MAIN}": stub(), "ada/timestamp.txt": text}).values()
    stamp = submission.folder / "timestamp.txt"
    if kept is None:
        assert not stamp.exists()
        assert any("timestamp.txt says" in line for line in submission.troubles)
    else:
        assert stamp.read_text().startswith(kept)
        (again,), _ = collect(course.parent / "inbox", UNIT.name, course)
        assert (again.folder / "timestamp.txt").read_text().startswith(kept)


def test_a_course_in_a_folder_with_brackets_collects(tmp_path: Path) -> None:
    course = course_folder(UNIT, tmp_path / "Kurs [2026]")
    assert set(collected(course, {f"ada/{MAIN}": answered()})) == {"ada"}
