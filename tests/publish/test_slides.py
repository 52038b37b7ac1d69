"""A lecture as slides: the rules, and in Chromium that every slide holds what it shows, to be read."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.browser import in_chromium
from helpers.docs.site import Window, window
from nonconv.publish.npm import NoPackage
from nonconv.publish.slides.__main__ import REVEAL, main, slides
from nonconv.publish.slides.deck import deck
from nonconv.publish.slides.pieces import ALL, pieces

ROOT = Path(__file__).resolve().parents[2]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
# px of a slide's 720, with every zoom in it; the fonts of what can be touched are its own
FAULTS = """() => {
  const slide = Reveal.getCurrentSlide(), found = [], box = slide.getBoundingClientRect();
  const scale = Reveal.getScale();
  if (slide.scrollHeight > slide.clientHeight + 1) found.push(`${slide.scrollHeight} high`);
  if (slide.scrollWidth > slide.clientWidth + 1) found.push(`${slide.scrollWidth} wide`);
  if (parseFloat(getComputedStyle(slide).fontSize) < 22) found.push('small letters');
  for (const one of slide.querySelectorAll('table, pre, p, li, img, mjx-container, .zoomed')) {
    const rect = one.getBoundingClientRect();
    if (one.closest('.code') || !rect.width) continue;
    if (rect.right > box.right + 1 || rect.bottom > box.bottom + 1) found.push(`${one.tagName} is cut off`);
  }
  for (const one of slide.querySelectorAll('img')) {
    const filled = Math.max(one.naturalWidth / 1168, one.naturalHeight / one.clientHeight);
    if (one.clientHeight < 300 && filled > 0.5) found.push(`a picture ${one.clientHeight / scale} high`);
    if (!one.alt) found.push('a picture without words');
  }
  for (const one of slide.querySelectorAll('.zoomed')) if (one.style.zoom < 1) found.push('a small figure');
  if (slide.querySelector('[data-mml-node="merror"]')) found.push('a formula that MathJax cannot read');
  return found;
}"""


def kinds(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    return [(cell.metadata.slideshow.slide_type, cell.source) for cell in deck(notebook).cells]


def picture() -> nbformat.NotebookNode:
    drawn = new_output("display_data", {"image/png": PIXEL, "text/plain": "[picture] A pixel."})
    drawn.metadata["image/png"] = {"alt": "A pixel."}
    words = {"text/html": "<p><small><em>A pixel.</em></small></p>", "text/plain": "[caption] A pixel."}
    return new_code_cell("plot()", outputs=[drawn, new_output("display_data", words)])


def printed(text: str) -> nbformat.NotebookNode:
    return new_output("stream", name="stdout", text=text)


def test_headings_begin_slides_and_a_cell_begins_one_below() -> None:
    texts = "# One\n\nWhy?\n\n**You need** time.", "## Two\n\nSo.\n### Three\n\nYes.", "More."
    assert kinds(new_notebook(cells=[new_markdown_cell(text) for text in texts])) == [
        ("slide", "# One"),
        ("-", "Why?"),
        ("notes", "**You need** time."),
        ("slide", "## Two"),
        ("-", "So."),
        ("subslide", "### Three"),
        ("-", "Yes."),
        ("subslide", "#### Three"),
        ("-", "More."),
    ]


def test_slide_types_in_the_source_come_first() -> None:
    cells = [new_markdown_cell(text) for text in ("# One", "Left out.", "Said.", "And", "so on.")]
    for cell, kind in zip(cells[1:], ("skip", "notes", "subslide", "-"), strict=True):
        cell.metadata["slideshow"] = {"slide_type": kind}
    made = kinds(new_notebook(cells=cells))
    assert made == [
        ("slide", "# One"),
        ("notes", "Said."),
        ("subslide", "#### One"),
        ("-", "And"),
        ("-", "so on."),
    ]


def test_a_picture_has_a_slide_of_its_own_with_its_words_and_what_is_printed_stands_below_the_text() -> None:
    note = new_code_cell("print(1)", outputs=[printed("1\n"), printed("2\n")])
    cells = deck(new_notebook(cells=[new_markdown_cell("## A\n\nText."), note, picture()])).cells
    assert [cell.metadata.slideshow.slide_type for cell in cells] == ["slide", "-", "-", "subslide", "-"]
    assert [one.text for one in cells[2].outputs] == ["1\n2\n"]
    assert len(cells[4].outputs) == 2


def test_what_is_printed_goes_on_on_the_next_slide_in_equal_parts() -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    cell = new_code_cell("print(text)", outputs=[printed(text)])
    made = [
        one.outputs[0].text
        for one in deck(new_notebook(cells=[new_markdown_cell("# A"), cell])).cells
        if one.get("outputs")
    ]
    assert "".join(made) == text
    assert [len(part.splitlines()) for part in made] == [10, 10]


def test_long_text_goes_on_on_the_next_slide_between_sentences_and_never_inside_a_formula() -> None:
    formula = "Then it is\n$$Y = X, \\qquad\nZ = Y$$\nwhich is short."
    text = "\n".join(["This sentence is about as long as a line of a slide may be, or longer."] * 12)
    found = pieces(f"{text}\n\n{formula}\n\n- one\n- two")
    assert [piece.text for piece in found[-3:]] == [formula, "- one", "- two"]
    assert len(found) == 12 + 3
    made = [
        text for kind, text in kinds(new_notebook(cells=[new_markdown_cell(f"## A\n\n{text}\n\n{formula}")]))
    ]
    assert made[0] == "## A"
    assert made[2] == "#### A"
    assert sum(piece.lines for piece in pieces(made[1])) <= ALL


def test_without_npm_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lectures").mkdir()
    shutil.copy(ROOT / "lectures/00-start-here.ipynb", tmp_path / "lectures")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for words, said in ((["00"], "apt-get install npm"), (["99"], "there is 00-start-here")):
        monkeypatch.setattr("sys.argv", ["slides", *words])
        assert main() == 1
        assert said in capsys.readouterr().err


def shown(tab: Window, lecture: Path, folder: Path) -> list[str]:
    """What is wrong with the slides of a lecture."""
    try:
        page = slides(nbformat.read(lecture, as_version=4), REVEAL.fetched(ROOT / "build"))
    except NoPackage as error:
        pytest.skip(str(error))
    file = folder / f"{lecture.stem}.html"
    file.write_text(page, encoding="utf-8")
    tab.open(file)
    tab.tab.wait_for_function("() => window.Reveal?.isReady()")
    found = []
    for number in range(1, tab.tab.evaluate("Reveal.getTotalSlides()") + 1):
        found += [f"{lecture.stem}, slide {number}: {fault}" for fault in tab.tab.evaluate(FAULTS)]
        tab.tab.evaluate("Reveal.next()")
    return found + tab.said


@in_chromium
@pytest.mark.parametrize(
    "name",
    [
        path.stem if path.stem.startswith("02") else pytest.param(path.stem, marks=pytest.mark.weekly)
        for path in sorted((ROOT / "lectures").glob("*.ipynb"))
    ],
)
def test_every_slide_holds_what_it_shows_without_a_network(name: str, tmp_path: Path) -> None:
    with window(1280, height=720) as tab:
        assert shown(tab, ROOT / f"lectures/{name}.ipynb", tmp_path) == []


@in_chromium
def test_code_is_folded_and_lies_over_the_slide_when_it_is_opened(tmp_path: Path) -> None:
    cells = [new_markdown_cell("## A\n\nText."), new_code_cell("x = 1\n" * 60), picture()]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    with window(1280, height=720) as tab:
        assert shown(tab, tmp_path / "a.ipynb", tmp_path) == []
        tab.tab.evaluate("Reveal.slide(0)")
        code = tab.tab.locator(".present .present .highlight")
        assert not code.is_visible()
        tab.tab.locator(".present .present .code summary").click()
        assert code.is_visible()
        box = code.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 720
