"""The tables of the documents say what the notebooks hold."""

import json
from pathlib import Path

import nbformat
import pytest

from nonconv.publish.tables import COUNTS, TablesError, documents, hours, rewritten, unit_facts
from nonconv.publish.unit import units

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("document", documents(ROOT), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_table_is_stale(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert rewritten(text, unit_facts(ROOT), document) == text, "`make docs` writes it anew"


def test_all_points_and_exercises_of_a_notebook_are_counted() -> None:
    for unit in unit_facts(ROOT):
        for one in unit.notebooks:
            cells = nbformat.read(one.path, as_version=4).cells
            marks = [
                cell.metadata.nbgrader for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")
            ]
            assert one.automatic + one.by_hand == sum(mark.points for mark in marks)
            assert [exercise.number for exercise in one.exercises] == list(range(1, len(one.exercises) + 1))
            assert all(exercise.automatic + exercise.by_hand for exercise in one.exercises), "without points"


def test_points_of_a_person_are_at_most_a_fifth() -> None:
    for unit in unit_facts(ROOT):
        by_hand = sum(one.by_hand for one in unit.notebooks)
        assert 5 * by_hand <= by_hand + sum(one.automatic for one in unit.notebooks)


def test_the_table_of_mutants_is_of_all_exercises_with_an_answer() -> None:
    counts = json.loads((ROOT / COUNTS).read_text(encoding="utf-8"))
    named = {unit: set(exercises) for unit, exercises in counts.items()}
    assert named == {
        unit.name: {f"{one.folder.parent.name}/{one.folder.name}" for one in unit.exercises if one.answers}
        for unit in units(ROOT)
        if unit.notebooks
    }, "`make mutants` counts them anew"


def test_what_stands_between_the_comments_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    text = "before\n<!-- begin: points -->\nold\n<!-- end: points -->\nafter\n"
    new = rewritten(text, unit_facts(ROOT), tmp_path / "page.md")
    assert new.startswith("before\n<!-- begin: points -->\n| notebook |")
    assert new.endswith("|\n<!-- end: points -->\nafter\n")
    assert "old" not in new


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- begin: nothing -->\n<!-- end: nothing -->\n", "no table 'nothing'; there is units, points"),
        ("<!-- begin: units -->\n", "needs both"),
        ("<!-- begin: units -->\n<!-- end: points -->\n", "needs both"),
    ],
)
def test_comments_that_do_not_fit_are_named(text: str, message: str) -> None:
    with pytest.raises(TablesError, match=message):
        rewritten(text, [], Path("page.md"))


def test_a_notebook_without_a_title_is_named(tmp_path: Path) -> None:
    (tmp_path / "lectures").mkdir()
    cell = nbformat.v4.new_markdown_cell("no heading")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "lectures/08-nothing.ipynb")
    with pytest.raises(TablesError, match=r"08-nothing\.ipynb: nothing in 'no heading'"):
        unit_facts(tmp_path)


def test_a_unit_without_a_lecture_begins_with_its_exercises(tmp_path: Path) -> None:
    folder = tmp_path / "exercises" / "09-alone"
    folder.mkdir(parents=True)
    head = nbformat.v4.new_markdown_cell("# Exercises 9 · Alone\n\nNo lecture.\n\nMore.")
    card = nbformat.v4.new_markdown_cell(
        "## 1 · Do\n\n| goal | minutes | difficulty | you need |\n|---|---|---|---|\n| it | 60 | ●○○○○ | – |"
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[head, card]), folder / "09-alone.ipynb")
    text = "<!-- begin: units -->\n<!-- end: units -->\n"
    page = "exercises/09-alone/09-alone.ipynb"
    row = f"| [9 · Alone]({page}) | No lecture. | [1]({page}) | 1 |"
    assert row in rewritten(text, unit_facts(tmp_path), tmp_path / "page.md")


def test_the_readme_has_launch_links_once_the_course_has_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "exercises" / "09-alone"
    folder.mkdir(parents=True)
    head = nbformat.v4.new_markdown_cell("# Exercises 9 · Alone\n\nNo lecture.")
    nbformat.write(nbformat.v4.new_notebook(cells=[head]), folder / "09-alone.ipynb")
    text = "<!-- begin: launch -->\n<!-- end: launch -->\n"
    (tmp_path / "site").mkdir()
    for repository, links in (("", 0), ("https://github.com/owner/name", 2)):
        (tmp_path / "site/site.toml").write_text(f'repository = "{repository}"\n')
        made = rewritten(text, unit_facts(tmp_path), tmp_path / "README.md")
        assert made.count("](https://") == links


@pytest.mark.parametrize(("minutes", "words"), [(5, "¼"), (30, "½"), (60, "1"), (75, "1¼"), (340, "5¾")])
def test_hours_are_to_the_quarter(minutes: int, words: str) -> None:
    assert hours(minutes) == words
