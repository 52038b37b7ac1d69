"""The site: what Sphinx is given, what it makes of a small course, and links that open a notebook."""

import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.browser import in_chromium
from helpers.docs.site import barriers, broken_links, faults, window
from nonconv.publish.website import docstrings, launch, sources
from nonconv.publish.website.__main__ import build
from nonconv.publish.website.stage import stage

ROOT = Path(__file__).resolve().parents[2]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WORDS = 'One grey pixel, "alone" & small.'


def drawn(source: str) -> nbformat.NotebookNode:
    picture = new_output("display_data", {"image/png": PIXEL, "text/plain": WORDS})
    picture.metadata["image/png"] = {"alt": WORDS}
    return new_code_cell(source, execution_count=1, outputs=[picture])


def table(html: str) -> nbformat.NotebookNode:
    return new_code_cell(
        "P.show()", execution_count=1, outputs=[new_output("execute_result", {"text/html": html})]
    )


def test_pictures_have_their_words_and_long_plots_are_folded() -> None:
    short, long = drawn("plot()"), drawn("plot()\n" * sources.LONG)
    hidden, code = (
        new_code_cell("1 + 1", metadata={"jupyter": {"source_hidden": True}}),
        new_code_cell("1\n" * 9),
    )
    made = sources.prepared(new_notebook(cells=[short, long, hidden, code])).cells
    assert [cell.metadata.get("tags", []) for cell in made] == [[], ["hide-input"], ["hide-input"], []]
    assert made[0].metadata["mystnb"]["image"]["alt"] == WORDS
    assert short.metadata == {}, "the file itself stays as it is"


def test_formulas_of_a_proof_are_marked_and_a_price_is_not() -> None:
    cells = [
        table(r"<td>$\displaystyle a^k_i < b$</td><td>it costs $5 or $6</td>"),
        table("<script>f('$\\displaystyle x$')</script>"),
    ]
    one, script = sources.prepared(new_notebook(cells=cells)).cells
    html = one.outputs[0].data["text/html"]
    assert r"<span class=" in html
    assert r"\(\displaystyle a^k_i < b\)" in html
    assert "$5 or $6" in html
    assert script.outputs[0].data["text/html"] == cells[1].outputs[0].data["text/html"]


def test_a_docstring_is_read_as_plain_text() -> None:
    made = docstrings.as_rst(
        ["h_t = `cell`(x_t) * 2, for a *map*.", "", "    Y = a_ *b*", "", "Raises ValueError: |x| > 1."]
    )
    text = "\n".join(made)
    assert r"h\_t = \ ``cell``\ (x\_t) \* 2, for a *map*." in text
    assert "::\n\n       Y = a_ *b*" in text
    assert r"**Raises ValueError:** \|x\| > 1." in text


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one lecture and one document, with the site's own configuration and an address."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "site", root / "site", ignore=shutil.ignore_patterns("api"))
    (root / "site/site.toml").write_text('repository = "https://github.com/owner/name"\n')
    (root / "lectures").mkdir()
    (root / "README.md").write_text("# Course\n\nRead [one](lectures/01-one.ipynb).\n")
    (root / "CHANGELOG.md").write_text("# Changelog\n\nNothing.\n")
    text = "# 1 · One\n\nLet\n$$x^2 = 1, \\qquad y = 2$$\nand $x_1$.\n\n"
    text += "<details><summary>Hint</summary>\n\nIt is $-1$.\n\n</details>"
    cells = [
        new_markdown_cell(text),
        drawn("plot()\n" * sources.LONG),
        table(r"<p>$\displaystyle \frac12$</p>"),
    ]
    notebook = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    nbformat.write(notebook, root / "lectures/01-one.ipynb")
    assert build(root, root / "out", pdf=False) == 0
    return root


@in_chromium
def test_a_small_course_becomes_pages_without_a_fault(small: Path) -> None:
    pages = [small / "out/index.html", small / "out/lectures/01-one.html"]
    with window(400) as tab:
        assert [fault for page in pages for fault in faults(tab, page)] == []
        drawn_formulas = tab.tab.locator("mjx-container").count()
        assert drawn_formulas == 4
        assert tab.tab.locator("details.hide").get_attribute("open") is None
        assert tab.tab.locator(".cell_output img").get_attribute("alt") == WORDS
        assert barriers(tab, pages[1]) == []
    assert [link for page in pages for link in broken_links(page)] == []


def test_a_notebooks_page_has_the_launch_buttons_of_its_address(small: Path) -> None:
    lecture, index = ((small / "out" / name).read_text() for name in ("lectures/01-one.html", "index.html"))
    for link in launch.links(launch.read(small / "site/site.toml"), "lectures/01-one.ipynb"):
        assert link.url.replace("&", "&amp;") in lecture
    assert "colab" not in index


@in_chromium
def test_each_kind_of_fault_is_found(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(
        '<!doctype html><html><body class="bd-article"><p>left $x$ over</p>'
        '<div style="width:900px">wide</div>'
        '<a href="nowhere.html">here</a><a href="#nowhere">there</a><img src="https://example.invalid/a.png">'
        "<mjx-container><mjx-merror>Undefined control sequence</mjx-merror></mjx-container>"
        "<script>missing()</script></body></html>"
    )
    with window(400) as tab:
        found = "\n".join(faults(tab, tmp_path / "bad.html"))
        blocked = "\n".join(barriers(tab, tmp_path / "bad.html"))
    for words in (
        "nobody drew: left $x$",
        "wide, the window",
        "asks the network",
        "cannot read: Undefined",
        "missing",
    ):
        assert words in found
    assert "image-alt" in blocked
    assert len(broken_links(tmp_path / "bad.html")) == 2


def test_what_has_lost_its_source_leaves_the_stage(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "course")
    root, folder = tmp_path / "course", tmp_path / "course/build/site-source"
    before = (folder / "index.md").stat().st_mtime_ns
    (root / "CHANGELOG.md").unlink()
    (folder / "old.md").write_text("# Old\n")
    stage(root, folder)
    assert not (folder / "old.md").exists()
    assert not (folder / "CHANGELOG.md").exists()
    stage(root, folder)
    assert (folder / "index.md").stat().st_mtime_ns >= before
    dates = [path.stat().st_mtime_ns for path in sorted(folder.rglob("*.*"))]
    stage(root, folder)
    assert [path.stat().st_mtime_ns for path in sorted(folder.rglob("*.*"))] == dates, (
        "Sphinx would read them again"
    )


def test_a_course_without_lectures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no lecture in"):
        stage(tmp_path, tmp_path / "stage")


NOTEBOOK = "lectures/02 reduction/a.ipynb"


def test_without_an_address_there_are_no_buttons() -> None:
    assert launch.links(launch.Address(), NOTEBOOK) == []
    assert launch.markdown(launch.Address()) == ""


def test_a_repository_on_github_has_a_button_for_each_place() -> None:
    address = launch.Address("https://github.com/owner/name.git", "a/branch", "https://hub.example.org/")
    found = {link.name: link.url for link in launch.links(address, NOTEBOOK)}
    assert list(found) == ["Binder", "Colab", "Kaggle", "Codespaces", "JupyterHub"]
    path = "lectures/02%20reduction/a.ipynb"
    assert found["Colab"] == f"https://colab.research.google.com/github/owner/name/blob/a/branch/{path}"
    assert found["Binder"].startswith("https://mybinder.org/v2/gh/owner/name/a%2Fbranch?")
    assert parse_qs(urlsplit(found["Binder"]).query) == {"urlpath": [f"lab/tree/{path}"]}
    assert parse_qs(urlsplit(found["Kaggle"]).query)["src"] == [
        f"https://github.com/owner/name/blob/a/branch/{path}"
    ]
    assert found["Codespaces"].startswith("https://codespaces.new/owner/name/tree/a/branch")
    hub = urlsplit(found["JupyterHub"])
    assert (hub.netloc, hub.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert parse_qs(hub.query) == {
        "repo": ["https://github.com/owner/name"],
        "branch": ["a/branch"],
        "urlpath": [f"lab/tree/name/{NOTEBOOK}"],
    }


def test_elsewhere_there_are_only_the_places_that_take_any_repository() -> None:
    gitlab = launch.links(launch.Address("https://gitlab.com/owner/name"), NOTEBOOK)
    other = launch.links(launch.Address("https://git.example.org/owner/name"), NOTEBOOK)
    assert [link.name for link in (*gitlab, *other)] == ["Binder", "Binder"]
    assert "/v2/gl/owner%2Fname/main?" in gitlab[0].url
    assert "/v2/git/https%3A%2F%2Fgit.example.org%2Fowner%2Fname/main?" in other[0].url


def test_the_course_as_a_whole_has_links_for_the_readme() -> None:
    found = launch.markdown(launch.Address("https://github.com/owner/name"))
    assert re.findall(r"\[Open in (\w+)\]", found) == ["Binder", "Codespaces"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('repository = "github.com/owner/name"', r"'github.com/owner/name': write the page"),
        ('repository = "https://github.com/owner"', "https://github.com/OWNER/NAME"),
        ('jupyterhub = "hub"', "jupyterhub = 'hub'"),
        ('branch = ""', "branch = ''"),
        ('repo = "x"', "has repo; it can have branch, jupyterhub, repository"),
        ("branch = 1", "branch must be text"),
        ("branch = ", "site.toml: "),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(text)
    with pytest.raises(launch.AddressError, match=message):
        launch.read(tmp_path / "site.toml")


def test_the_courses_own_address_can_be_read() -> None:
    launch.read(ROOT / launch.FILE)
