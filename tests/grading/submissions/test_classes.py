"""One student's folder or zip is one student, a class's is a class; what arrived is named, nobody is lost."""

from pathlib import Path

import pytest
from classroom import ROOT, course_folder

from helpers.grading.inbox import MAIN, UNIT, answered, collected, stub, taken, zipped
from nonconv.grading.submissions.collect import collect
from nonconv.grading.submissions.names import assignment_in, sender

NAME = UNIT.name
CLASS = {f"{who}/{MAIN}": answered(who) for who in ("ada", "bob", "cy")}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return course_folder(UNIT, tmp_path / "course")


def moodle(who: str, number: int) -> str:
    return f"{who}_{number}_assignsubmission_file_"


def brightspace(who: str, number: int, day: int = 1) -> str:
    return f"{number}-7890 - {who} - Nov {day}, 2026 1000 AM"


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (
            {f"Course-1/{moodle('Ada', 1)}/{MAIN}": stub(), f"Course-1/{moodle('Bob', 2)}/{MAIN}": stub()},
            {"Ada", "Bob"},
        ),
        ({f"class/{name}": content for name, content in CLASS.items()}, {"ada", "bob", "cy"}),
        (
            {f"class/{name}": content for name, content in CLASS.items()} | {f"eve/{MAIN}": stub()},
            {"ada", "bob", "cy", "eve"},
        ),
        ({"all.zip": zipped(CLASS | {"di/hw.ipynb": answered()})}, {"ada", "bob", "cy", "di"}),
        ({"all.zip": zipped(CLASS | {"index.html": b"", "grades.csv": b""})}, {"ada", "bob", "cy"}),
        ({"all.zip": zipped(CLASS | {MAIN: stub()})}, {"ada", "bob", "cy", NAME}),
        (
            {"all.zip": zipped({f"{who}_{MAIN}": stub() for who in ("ada", "bob", "cy")})},
            {"ada", "bob", "cy"},
        ),
        (
            {
                "all.zip": zipped(
                    {f"{who}.zip": zipped({f"{who}.ipynb": answered()}) for who in ("ada", "bob")}
                )
            },
            {"ada", "bob"},
        ),
        (
            {"all.zip": zipped({f"Lovelace_Ada_ada_{n}/20261101100000_{MAIN}": stub() for n in (1, 2)})},
            {"Lovelace_Ada_ada_1", "Lovelace_Ada_ada_2"},
        ),
        (
            {
                "all.zip": zipped(
                    {
                        f"{brightspace('Ada Lovelace', 1)}/{MAIN}": stub(),
                        f"{brightspace('Ada Lovelace', 1, 2)}/hw.ipynb": answered(),
                        f"{brightspace('Alan Turing', 2)} - {MAIN}": stub(),
                        "index.html": b"",
                    }
                )
            },
            {"Ada Lovelace", "Alan Turing"},
        ),
    ],
    ids=[
        "unpacked Moodle",
        "unpacked",
        "unpacked, beside another",
        "one renamed",
        "lists beside them",
        "ours beside them",
        "loose",
        "zips",
        "Ilias",
        "Brightspace",
    ],
)
def test_a_class_is_a_class_however_it_is_packed(course: Path, files: dict, students: set) -> None:
    found = collected(course, files)
    assert set(found) == students
    assert not any("not-the-students-notebook" in taken(one) for one in found.values())


@pytest.mark.parametrize(
    "files",
    [
        {f"{NAME}/{MAIN}": stub(), f"{NAME} (1)/{MAIN}": answered()},
        {f"work/{MAIN}": answered(), f"backup of work/{MAIN}": stub()},
        {f"first try/{MAIN}": stub(), f"second/{MAIN}": stub(), f"third and last/{MAIN}": answered()},
        {f"exercises/{NAME}/{MAIN}": answered(), f"solutions/{NAME}/{MAIN}": answered("not mine")},
        {f"monday/{MAIN}": stub(), f"tuesday/{MAIN}": answered()},
        {f"{NAME}.zip": zipped({MAIN: stub()}), f"{NAME} (1).zip": zipped({MAIN: answered()})},
        {
            f"course/lectures/{MAIN}": (ROOT / "lectures" / MAIN).read_bytes(),
            f"course/exercises/{NAME}/{MAIN}": answered(),
        },
        {f"old_{MAIN}": stub(), f"new_{MAIN}": answered()},
    ],
    ids=["downloads", "backup", "words", "clone", "days", "zips", "course", "loose"],
)
@pytest.mark.parametrize("packed", [True, False])
def test_what_one_student_has_twice_stays_with_one_student(course: Path, files: dict, packed: bool) -> None:
    handed_in = {"ada.zip": zipped(files)} if packed else {f"ada/{name}": one for name, one in files.items()}
    (ada,) = (collected(course, {f"bob/{MAIN}": stub()} | handed_in)["ada"],)
    assert "# mine" in taken(ada)


def test_blackboards_students_with_an_underscore_are_two(course: Path) -> None:
    """The name of the assignment, in which there may be one too, is what all of them begin with."""
    when = "attempt_2026-11-20-10-00-00"
    names = [f"Unit 2_{who}_{when}_{MAIN}" for who in ("ab_12", "cd_12", "eve")]
    assert set(collected(course, dict.fromkeys(names, stub()))) == {"ab_12", "cd_12", "eve"}
    assert assignment_in(names) == "Unit 2_"
    assert assignment_in(names[:1]) == ""
    assert assignment_in([f"ab_{when}", f"ac_{when}"]) == ""


@pytest.mark.parametrize(
    ("name", "who", "rest"),
    [
        (f"प्रियाशर्मा_12_34_{MAIN}", "प्रियाशर्मा", MAIN),  # its vowels are no letters to a regular expression
        (f"LATE_anon_Ab3xY_34_{MAIN}", "anon_Ab3xY", MAIN),
        ("lovelaceada_LATE_12_text.html", "lovelaceada", ""),
        ("Ada_1_assignsubmission_comments_", "Ada", ""),
        (f"1-2 - Ada Lovelace - 1 novembre, 2026 1000 - {MAIN}", "Ada Lovelace", MAIN),
    ],
)
def test_an_lms_name_says_who_and_what(name: str, who: str, rest: str) -> None:
    found = sender(name)
    assert found is not None
    assert (found.name, found.rest, found.late) == (who, rest, "LATE" in name)


def test_a_name_of_an_lms_in_two_ways_of_writing_accents_is_one_student(course: Path) -> None:
    names = (f"José_5_assignsubmission_file_/{MAIN}", "Jose\u0301_5_assignsubmission_onlinetext_/o.html")
    assert set(collected(course, dict.fromkeys(names, answered()))) == {"José"}


def test_the_later_of_two_attempts_counts_and_the_line_tells_them_apart(course: Path) -> None:
    files = {
        f"{brightspace('Ada', 1, 20)}/{MAIN}": answered("last"),
        f"{brightspace('Ada', 1, 3)}/{MAIN}": answered("first"),
    }
    (ada,) = collected(course, files).values()
    assert "# last" in taken(ada)
    (line,) = (line for line in ada.troubles if "was taken" in line)
    assert line.index("2026-11-20") < line.index("was taken") < line.index("2026-11-03")


@pytest.mark.parametrize(
    "names",
    [
        (f"Copy of {NAME}_ada.ipynb", f"Copy of {NAME} - bob.ipynb"),
        (f"{NAME}_ada.ipynb", f"{NAME}_ada_v2.ipynb", f"bob_{NAME} (1).ipynb"),
        (f"{NAME} (ada).ipynb", f"{NAME.upper()}_bob (2).ipynb"),
        (f"ada_{MAIN}", f"{NAME}_bob.pdf"),
        (f"ada_{NAME}.py", "bob.rar"),
    ],
)
def test_who_stands_beside_the_notebooks_name_is_the_student(course: Path, names: tuple) -> None:
    assert set(collected(course, dict.fromkeys(names, answered()))) == {"ada", "bob"}


def test_the_lecture_is_not_taken_for_the_exercise_of_its_name(course: Path) -> None:
    lecture = (ROOT / "lectures" / MAIN).read_bytes()
    found = collected(
        course, {f"ada/{MAIN}": answered(), f"ada/lecture/{MAIN}": lecture, f"bob/{MAIN}": lecture}
    )
    assert "# mine" in taken(found["ada"])
    assert "not-the-students-notebook" in taken(found["bob"])
    assert f"the notebook '{MAIN}', which has none of its checks" in found["bob"].troubles[0]


def test_two_notebooks_whose_names_were_exchanged_are_known_by_their_cells(course: Path) -> None:
    (ada,) = collected(
        course, {f"ada/{MAIN}": answered("proof", "proof"), "ada/proof.ipynb": answered()}
    ).values()
    assert "# mine" in taken(ada)
    assert "# proof" in taken(ada, "proof.ipynb")
    assert len(ada.troubles) == 2


@pytest.mark.parametrize("ending", [".download", "~", " (1)", ".bak", " .txt", "_"])
def test_what_a_program_put_behind_the_ending_is_no_matter(course: Path, ending: str) -> None:
    (ada,) = collected(course, {f"ada_{MAIN}{ending}": answered()}).values()
    assert ada.student == "ada"
    assert "# mine" in taken(ada)


@pytest.mark.parametrize("beside", [{}, {f"ada/{MAIN}": stub()}])
def test_what_jupyter_saved_before_counts_if_nothing_else_has_answers(course: Path, beside: dict) -> None:
    kept = {f"ada/.ipynb_checkpoints/{NAME}-checkpoint.ipynb": answered()}
    (ada,) = collected(course, kept | beside).values()
    assert "# mine" in taken(ada)
    assert "checkpoint.ipynb' was taken" in ada.troubles[0]


def test_what_jupyter_saved_before_is_passed_over_where_there_are_answers(course: Path) -> None:
    kept = {f"ada/.ipynb_checkpoints/{NAME}-checkpoint.ipynb": answered("older")}
    (ada,) = collected(course, {f"ada/{MAIN}": answered()} | kept).values()
    assert "# mine" in taken(ada)
    assert not any("taken" in line for line in ada.troubles)


def test_an_archive_that_is_not_opened_is_named_with_what_would_do(course: Path) -> None:
    found = collected(course, {"ada/work.rar": b"Rar!", "bob.7z": b"7z", "eve.zip": b"Rar!"})
    for name in ("ada", "bob"):
        assert "an archive that is not opened here (a .zip is)" in found[name].troubles[0]
        assert "not opened here" in taken(found[name])
    assert "a new .zip, or the .ipynb itself, would do" in found["eve"].troubles[0]


def test_what_is_nobodys_in_a_class_is_said(course: Path) -> None:
    collected(course, {"all.zip": zipped(CLASS | {"index.html": b""})})
    _, passed_over = collect(course.parent / "inbox", NAME, course)
    assert passed_over == [
        "all.zip holds index.html, which is nobody's; passed over",
        "all.zip holds the work of 3: each is collected by itself",
    ]
