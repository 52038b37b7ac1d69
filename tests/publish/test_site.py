"""The lectures as web pages: whole without a network, readable without eyes."""

import re
from pathlib import Path

import nbformat
import pytest
from tags import Tags

from nonconv.publish.site import PLAYGROUND, site, write_index

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return site(ROOT / "lectures", tmp_path_factory.mktemp("site"))


def test_there_is_a_page_for_each_lecture_and_the_index_leads_to_each(pages: list[Path]) -> None:
    names = [f"{one.stem}.html" for one in sorted((ROOT / "lectures").glob("*.ipynb"))]
    assert [one.name for one in pages] == [*names, "index.html"]
    assert [link["href"] for link in Tags(pages[-1].read_text()).of("a")] == names


def test_the_index_leads_to_the_playground_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / PLAYGROUND).write_text("")
    index = write_index(ROOT / "lectures", tmp_path)  # `make playground` without `make site`
    assert [link["href"] for link in Tags(index.read_text(encoding="utf-8")).of("a")] == [PLAYGROUND]


def test_a_page_fetches_nothing(pages: list[Path]) -> None:
    for path in pages:
        tags = Tags(path.read_text())
        for element in tags.of("script", "img", "iframe", "source", "video"):
            assert (element.get("src") or "data:").startswith("data:"), (path.name, element["src"])
        assert not tags.of("link"), path.name
        assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", path.read_text()), path.name


def test_a_link_to_a_neighbour_leads_to_a_page_that_is_there(pages: list[Path]) -> None:
    for path in pages:
        for link in Tags(path.read_text()).of("a"):
            target = (link.get("href") or "#").split("#")[0]
            assert not target or "://" in target or (path.parent / target).exists(), (path.name, target)


def test_every_formula_is_mathml(pages: list[Path]) -> None:
    for path in pages[:-1]:
        notebook = nbformat.read(ROOT / "lectures" / f"{path.stem}.ipynb", 4)
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        html = path.read_text()
        wanted = len(re.findall(r"\$\$.+?\$\$|\$[^$]+?\$", text, re.S))
        assert html.count("<math") >= wanted > 0, path.name
        outside = re.sub(r"<(math|pre|script|style)\b.*?</\1>", "", html, flags=re.S)
        assert not re.search(r"\$[^$<]*\\[a-z]+", outside), path.name


def test_every_picture_keeps_its_alt_text(pages: list[Path]) -> None:
    for path in pages[:-1]:
        pictures = Tags(path.read_text()).of("img")
        assert pictures
        assert all(len(one["alt"] or "") > 20 for one in pictures), path.name
        assert "No description" not in path.read_text()


def test_a_folder_without_lectures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no lecture in"):
        site(tmp_path, tmp_path / "site")
