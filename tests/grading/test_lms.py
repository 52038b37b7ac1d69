"""Points and pages back to a learning platform: its own list, filled in; nobody is guessed."""

import csv
import zipfile
from pathlib import Path

import pytest

from nonconv.grading import lms
from nonconv.grading.report import Grade

UNIT = "03-sigmoid-versus-relu"
MOODLE = """\
\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed"
"Participant 101","Ada Lovelace",,ada@example.org,Submitted,,39.00,Yes
"Participant 102","Anna Müller",,a1@example.org,Submitted,,39.00,Yes
"Participant 103","Anna Müller",,a2@example.org,Submitted,,39.00,Yes
"Participant 104","李伟",,li@example.org,"No submission",,39.00,Yes
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (77),03-sigmoid-versus-relu (88),Final Score
    Points Possible,,,,,10,(read only),(read only)
"Lovelace, Ada",41,s41,ada,A,7,,70
"Noether, Emmy",42,s42,emmy,A,9,,90
"Turing, Alan",43,s43,alan,B,3,,30
"""


def grade(student: str, points: float) -> Grade:
    return Grade(student, {"a": points}, {"a": 39.0})


def roster(text: str, tmp_path: Path) -> lms.Roster:
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return lms.read_roster(path)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_moodles_worksheet_comes_back_with_the_points_and_nothing_else_changed(tmp_path: Path) -> None:
    listed = roster(MOODLE, tmp_path)
    class_ = [grade("Ada Lovelace", 31.5), grade("Anna Müller 102", 12), grade("Anna Müller 103", 20)]
    found, missing, without = lms.matched(listed, class_)
    assert (missing, without) == ([], ["Participant 104 李伟"])
    lms.write_roster(lms.moodle(listed, found), tmp_path / "back.csv")
    rows = read(tmp_path / "back.csv")
    assert [row["Grade"] for row in rows] == ["31.5", "12", "20", ""]
    before = list(csv.DictReader(MOODLE.removeprefix("\ufeff").splitlines()))
    assert [row | {"Grade": ""} for row in rows] == before


def test_a_name_that_two_people_have_is_given_to_neither(tmp_path: Path) -> None:
    found, missing, without = lms.matched(roster(MOODLE, tmp_path), [grade("Anna Müller", 12)])
    assert not found
    assert missing == ["Anna Müller"]
    assert len(without) == 4


def test_a_maximum_in_moodle_below_the_exercises_points_is_refused(tmp_path: Path) -> None:
    listed = roster(MOODLE.replace("39.00", "10.00"), tmp_path)
    found, _, _ = lms.matched(listed, [grade("Ada Lovelace", 31.5)])
    with pytest.raises(lms.RosterError, match=r"a maximum of 10, the exercise 39 points"):
        lms.moodle(listed, found)


def test_moodle_gets_each_page_under_the_number_of_its_student(tmp_path: Path) -> None:
    page = tmp_path / "feedback" / "Ada Lovelace" / UNIT / f"{UNIT}.html"
    page.parent.mkdir(parents=True)
    page.write_text("yours")
    listed = roster(MOODLE, tmp_path)
    found, _, _ = lms.matched(listed, [grade("Ada Lovelace", 31.5)])
    assert lms.moodle_feedback(listed, found, UNIT, tmp_path / "feedback", tmp_path / "back.zip") == 1
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        (name,) = archive.namelist()
        assert name.split("_")[:4] == ["Ada Lovelace", "101", "assignsubmission", "file"]
        assert archive.read(name) == b"yours"


def test_canvas_gets_its_own_columns_and_that_of_the_unit(tmp_path: Path) -> None:
    listed = roster(CANVAS, tmp_path)
    found, missing, without = lms.matched(listed, [grade("lovelaceada", 31.5), grade("turingalan 43", 3)])
    assert missing == []
    assert any("Noether" in one for one in without)
    lms.write_roster(lms.canvas(listed, found, UNIT), tmp_path / "back.csv")
    rows = read(tmp_path / "back.csv")
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{UNIT} (88)"]
    assert {row["Student"]: row[f"{UNIT} (88)"] for row in rows} == {
        "    Points Possible": "39",
        "Lovelace, Ada": "31.5",
        "Turing, Alan": "3",
    }


def test_a_gradebook_of_canvas_without_the_unit_gets_a_column(tmp_path: Path) -> None:
    listed = roster(CANVAS.replace("03-sigmoid-versus-relu (88)", "Essay (88)"), tmp_path)
    found, _, _ = lms.matched(listed, [grade("lovelaceada", 31.5)])
    assert lms.canvas(listed, found, UNIT).header[-1] == UNIT


@pytest.mark.parametrize(
    "text",
    [
        "First name;Surname;Matr\nAda;Lovelace;7\n",
        "name\tgroup\nAda Lovelace\t1\n",
        "Email,group\nada@example.org,1\n",
        'Student,group\n"Lovelace, Ada",1\n',
    ],
    ids=["two columns", "tabs", "e-mail", "turned around"],
)
def test_any_table_with_names_gets_the_points_at_its_end(text: str, tmp_path: Path) -> None:
    listed = roster(text, tmp_path)
    name = "ada" if "@" in text else "Ada Lovelace"
    found, _, without = lms.matched(listed, [grade(name, 31.5)])
    filled = lms.plain(listed, found)
    assert without == []
    assert filled.header[-2:] == ["points", "of"]
    assert filled.rows[0][-2:] == ["31.5", "39"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("group,mark\n1,2\n", "has the columns group, mark; one that names the students is wanted"),
    ],
)
def test_a_file_that_is_no_list_of_people_is_refused_with_what_would_do(
    text: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(lms.RosterError, match=reason):
        roster(text, tmp_path)


def test_a_list_of_another_platform_is_refused_by_name(tmp_path: Path) -> None:
    canvas, moodle = roster(CANVAS, tmp_path), roster(MOODLE, tmp_path)
    with pytest.raises(lms.RosterError, match="Download grading worksheet"):
        lms.moodle(canvas, [])
    with pytest.raises(lms.RosterError, match="Grades > Export"):
        lms.canvas(moodle, [], UNIT)


@pytest.mark.parametrize(
    ("text", "student"),
    [
        ("name\nAda Lovelace\n", "Lovelace Ada"),
        ("name\nada lovelace\n", "Ada Lovelace"),
        ('name\n"Lovelace, Ada Augusta"\n', "Augusta Ada Lovelace"),
        ("First name,Last name\nAda,Lovelace\n", "Lovelace Ada"),
        ('Student,ID\n"शर्मा, प्रिया",1\n', "शर्माप्रिया"),  # its vowels are marks, as Canvas keeps them
    ],
    ids=["order", "capitals", "three", "columns", "marks"],
)
def test_the_words_of_a_name_in_another_order_are_that_person(
    text: str, student: str, tmp_path: Path
) -> None:
    found, missing, without = lms.matched(roster(text, tmp_path), [grade(student, 5)])
    assert [one.student for _, one in found] == [student]
    assert (missing, without) == ([], [])


def test_whoever_could_be_two_by_the_words_of_a_name_is_neither(tmp_path: Path) -> None:
    listed = roster("name\nKim Lee\nLee Kim\n", tmp_path)
    found, missing, _ = lms.matched(listed, [grade("kim lee", 5)])
    assert (found, missing) == ([], ["kim lee"])
    exact, _, _ = lms.matched(listed, [grade("Lee Kim", 5)])
    assert [row for row, _ in exact] == [["Lee Kim"]]


def test_a_list_that_excel_saved_as_unicode_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes("name\tgroup\nJörg\tA\n".encode("utf-16"))
    assert lms.read_roster(tmp_path / "list.txt").rows == [["Jörg", "A"]]


@pytest.mark.parametrize("other", ["Lovelace, Ada", "Ada Lovelace", "ada", "ADA LOVELACE", "Lovelace Ada"])
def test_whoever_hands_in_under_another_form_of_a_name_does_not_take_its_place(
    other: str, tmp_path: Path
) -> None:
    """Who makes a zip of a class chooses the names in it."""
    listed = roster('Student,ID,SIS Login ID\n"Lovelace, Ada",1,ada\n"Hopper, Grace",2,grace\n', tmp_path)
    handed_in = [grade("lovelaceada", 31.5), grade(other, 0), grade("hoppergrace", 7)]
    found, missing, without = lms.matched(listed, handed_in)
    assert [one.student for _, one in found] == ["hoppergrace"]
    assert missing == sorted(["lovelaceada", other])
    assert without == [f"Lovelace, Ada 1 ({' or '.join(sorted(['lovelaceada', other]))}?)"]
