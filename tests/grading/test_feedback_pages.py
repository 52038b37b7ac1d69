"""A page of feedback, as a student opens it: a table first, no data of hidden checks, readable code."""

import re
from pathlib import Path

import nbformat
import pytest

from helpers.browser import in_chromium, opened
from helpers.grading.one_exercise import HIDDEN, UNIT, VISIBLE, short, with_sources
from nonconv.grading.engine.cleaning import HIDDEN_DATA
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect

pytestmark = pytest.mark.slow
MORE = ("relu-card", "words-card", "in-words")
# what an editor of code would colour, and a mistake whose traceback IPython colours
ANSWER = '''
class Other:  # a comment
    """Words."""
    @property
    def one(self): return 1.5 if "a" not in "b" and not None else f"{self}\\n"
def relu_backward(x, grad):
    assert len(x.shape) in (1, 2), "no"
    return grad * (x >= -1.0)
'''
# the contrast of every word that is shown, by WCAG 2's formula; below 4.5 it is told
PALE = """() => {
  const linear = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const numbers = text => text.match(/[0-9.]+/g).map(Number), pale = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, word = walker.currentNode.textContent.trim();
    if (!word || !element.offsetParent) continue;
    let ground = [255, 255, 255];
    for (let one = element; one; one = one.parentElement) {
      const colour = numbers(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) { ground = colour; break } }
    const both = [light(numbers(getComputedStyle(element).color).slice(0, 3)), light(ground.slice(0, 3))];
    const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    if (ratio < 4.5) pale.push(`${word.slice(0, 20)}: ${ratio.toFixed(2)}`) }
  return pale }"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a student who lost points, has an error outside the exercises and wrote a text."""
    folder = tmp_path_factory.mktemp("pages")
    course = with_sources(folder / "course")
    (course / "exercises" / UNIT.name / "proof.ipynb").unlink(missing_ok=True)
    for copy in ("solutions", "exercises"):
        path = course / copy / UNIT.name / f"{UNIT.name}.ipynb"
        nbformat.write(short(nbformat.read(path, as_version=4), MORE), path)
    notebook = nbformat.read(course / "exercises" / UNIT.name / f"{UNIT.name}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = ANSWER
        if cell.id == "in-words":
            cell.source = "My own words."
    notebook.cells.append(nbformat.v4.new_code_cell("values = {'a': [1]}\nvalues['b'] + len(values)"))
    (folder / "inbox" / "ada").mkdir(parents=True)
    nbformat.write(notebook, folder / "inbox" / "ada" / f"{UNIT.name}.ipynb")
    submissions, _ = collect(folder / "inbox", UNIT.name, course)
    grade(UNIT.name, submissions, course, say=lambda _: None)
    return course / "feedback" / "ada" / UNIT.name / f"{UNIT.name}.html"


def test_it_begins_with_a_table_of_exercises_and_points(page: Path) -> None:
    text = page.read_text()
    table = text[text.index("<table") : text.index("</table>")]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in table.split("<tr>")[2:]]
    words = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in rows]
    assert [row[1:3] for row in words] == [["0", "2"], ["0", "4"], ["0", "6"]]
    titles = [row[0].split(" · ")[-1] for row in words]
    assert titles == ["ReLU backwards, and the dead", "In words", "in all"]
    assert words[0][3] == f"{VISIBLE}, {HIDDEN}"
    assert words[1][3] == "in-words: not read yet"
    for target in re.findall(r'href="#([^"]+)"', table):
        assert f'name="{target}"' in text
    assert text.index("<table") < text.index("In words")


def test_a_hidden_check_shows_a_sentence_instead_of_its_data(page: Path) -> None:
    executed = page.parents[3] / "autograded" / "ada" / UNIT.name / f"{UNIT.name}.ipynb"
    assert "data='''" in executed.read_text()  # else there would be nothing to leave out
    text = re.sub(r"<[^>]+>", "", page.read_text())
    assert "data='" not in text
    assert "HIDDEN TESTS" not in text
    assert "a hidden check: its data are not shown" in text
    assert max(map(len, text[text.index("In words") :].splitlines())) < 1500


def test_other_tests_of_an_instructor_are_shown_as_they_are() -> None:
    own = "### BEGIN HIDDEN TESTS\nassert double(2) == 4\n### END HIDDEN TESTS"
    assert HIDDEN_DATA.sub("", own) == own


def test_only_the_page_lies_in_the_students_folder(page: Path) -> None:
    assert [path.name for path in page.parent.iterdir()] == [page.name]


@in_chromium
def test_every_word_of_it_has_a_contrast_of_at_least_4_5(page: Path) -> None:
    with opened(page) as shown:
        assert "KeyError" in shown.inner_text("body")
        assert shown.evaluate(PALE) == []
        shown.add_style_tag(content=".highlight .k { color: #999 !important }")
        assert shown.evaluate(PALE) != []  # else this could not fail
