"""The whole site, page by page: links, scripts, width, formulas, axe-core, PDFs. Minutes, so every week."""

from pathlib import Path

import pytest

from helpers.browser import NEEDS_CHROMIUM
from helpers.docs.site import barriers, broken_links, faults, window
from nonconv.publish.website.__main__ import build

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.weekly, *NEEDS_CHROMIUM]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("site")
    assert build(ROOT, folder) == 0
    return sorted(path for path in folder.rglob("*.html") if "_static" not in path.parts)


def test_every_notebook_has_a_page_and_every_lecture_a_pdf(pages: list[Path]) -> None:
    folder = next(path.parent for path in pages if path.name == "search.html")
    for path in (*ROOT.glob("lectures/*.ipynb"), *ROOT.glob("exercises/*/*.ipynb")):
        assert (folder / path.relative_to(ROOT)).with_suffix(".html") in pages
        assert (folder / "_sources" / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    for path in ROOT.glob("lectures/*.ipynb"):
        assert (folder / "pdf" / f"{path.stem}.pdf").read_bytes()[:5] == b"%PDF-"


def test_no_link_leads_nowhere(pages: list[Path]) -> None:
    assert [(path.name, link) for path in pages for link in broken_links(path)] == []


@pytest.mark.parametrize("width", [400, 1400])
def test_no_page_has_a_fault(pages: list[Path], width: int) -> None:
    with window(width) as tab:
        assert [(path.name, fault) for path in pages for fault in faults(tab, path)] == []


@pytest.mark.parametrize("dark", [False, True])
def test_axe_has_nothing_serious_to_say(pages: list[Path], dark: bool) -> None:
    with window(1400, dark=dark) as tab:
        assert [(path.name, barrier) for path in pages for barrier in barriers(tab, path)] == []


def test_no_solution_is_on_the_site(pages: list[Path]) -> None:
    folder = next(path.parent for path in pages if path.name == "search.html")
    for path in folder.rglob("*"):
        if path.suffix in (".html", ".ipynb", ".md", ".json"):
            assert "BEGIN SOLUTION" not in path.read_text(encoding="utf-8") or path.stem == "new-exercise"
            assert path.name != "judge.json"


def test_the_search_finds_a_word_of_a_lecture(pages: list[Path]) -> None:
    (search,) = (path for path in pages if path.name == "search.html")
    with window(1400) as tab:
        tab.tab.goto(f"{search.as_uri()}?q=deformable")
        tab.tab.locator("#search-results li a").first.wait_for()
        found = tab.tab.locator("#search-results li a").all_inner_texts()
        assert any("Convolutional layers" in one for one in found)
        assert not tab.said


def test_a_moving_figure_moves_on_its_page(pages: list[Path]) -> None:
    (lecture,) = (path for path in pages if path.parent.name == "lectures" and path.name.startswith("03"))
    with window(1400) as tab:
        tab.open(lecture)
        slider, said = tab.tab.get_by_label("depth L"), tab.tab.locator("#gradient-flow p")
        slider.focus()
        before = said.inner_text()
        tab.tab.keyboard.press("ArrowRight")
        assert said.inner_text() != before
