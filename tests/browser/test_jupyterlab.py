"""A student and an instructor in JupyterLab, in a real browser: Validate, and Formgrader."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from classroom import ROOT, UNITS, Pupil, broken_class, course_folder, hand_in, released, sample_class, solved
from playwright.sync_api import Error, Page, sync_playwright

from helpers.browser import PATIENCE, jupyterlab
from nonconv.grading.pipeline import grade
from nonconv.grading.report import Grade
from nonconv.grading.submissions.collect import collect
from nonconv.publish.build import save

CHROMIUM = shutil.which("chromium")
if CHROMIUM is None and os.environ.get("CI"):
    pytest.fail("CI must have Chromium: .ci/run installs it", pytrace=False)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no program `chromium` here (Debian: apt-get install chromium)"
    ),
]

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
# what Chromium would look up on its own at every start would be refused on a closed network
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CLASS = ("perfect", "untouched", "mistake-01", "not-json")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Grade]]:
    """A course folder with four graded pupils, an untouched notebook and a solved one."""
    folder = tmp_path_factory.mktemp("lab")
    course = course_folder(UNIT, folder / "course")
    pupils: list[Pupil] = [one for one in [*sample_class(UNIT), *broken_class(UNIT)] if one.name in CLASS]
    submissions, _ = collect(hand_in(pupils, folder / "inbox"), UNIT.name, course)
    grades = grade(UNIT.name, submissions, course, pages=False)
    for name, notebook in (("untouched", released(UNIT, UNIT.name)), ("solved", solved(UNIT, UNIT.name))):
        (course / name).mkdir()
        shutil.copy(course / "exercises" / UNIT.name / "checks.json", course / name)
        save(notebook, course / name / "work.ipynb")
    return course, grades


@pytest.fixture(scope="module")
def lab(course: tuple[Path, list[Grade]]) -> Iterator[str]:
    """JupyterLab on the course folder, as `make lab` starts it; yields address?token."""
    environment = {
        "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    with jupyterlab([sys.executable, "-m", "jupyterlab", "--allow-root"], course[0], environment) as running:
        yield running


@pytest.fixture(scope="module")
def page(lab: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=QUIET)
        except Error as error:
            pytest.fail(f"Chromium did not start: {error}")
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(PATIENCE)
        yield page
        browser.close()


def validation(page: Page, lab: str, folder: str) -> str:
    """Open folder/work.ipynb, press Validate, return what the dialog says."""
    address, token = lab.split("|")
    page.goto(
        f"{address}/lab/workspaces/{folder}/tree/{folder}/work.ipynb?token={token}",
        wait_until="domcontentloaded",
    )
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.get_by_text("Validate", exact=True).first.click()
    dialog = page.wait_for_selector(".jp-Dialog")
    assert dialog is not None
    text = dialog.inner_text()
    page.locator(".jp-Dialog button").first.click()
    return text


def test_validate_on_the_untouched_notebook_says_what_to_write(page: Page, lab: str) -> None:
    said = validation(page, lab, "untouched")
    assert "The following cell failed" in said
    assert "Not written yet. Compute gamma and beta" in " ".join(said.split())


def test_validate_on_the_solved_notebook_passes(page: Page, lab: str) -> None:
    assert "Success! Your notebook passes all the tests." in validation(page, lab, "solved")


def test_formulas_are_typeset_and_no_menu_distracts(page: Page, lab: str) -> None:
    validation(page, lab, "untouched")
    assert page.locator(".jp-Notebook mjx-container").count() > 5
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    entries = page.locator(".lm-Menu-itemLabel").all_inner_texts()
    page.keyboard.press("Escape")
    assert "Formgrader" in " ".join(entries)
    for unneeded in ("Assignment List", "Course List", "Create Assignment"):
        assert unneeded not in " ".join(entries)


def test_formgrader_shows_the_grades_of_the_class(
    page: Page, lab: str, course: tuple[Path, list[Grade]]
) -> None:
    address, token = lab.split("|")
    page.goto(f"{address}/lab?token={token}", wait_until="domcontentloaded")  # which sets the cookie
    page.goto(f"{address}/formgrader/manage_submissions/{UNIT.name}", wait_until="networkidle")
    page.wait_for_selector("tbody tr td")
    rows = [re.split(r"\s*\t\s*", row) for row in page.locator("tbody tr").all_inner_texts()]
    shown = {cell: row for row in rows for cell in row}
    for expected in course[1]:
        assert f"{round(expected.score, 2):g} / {expected.best:g}" in " ".join(shown[expected.student]), (
            expected.student
        )


def test_formgrader_leads_to_a_written_answer_and_opens_the_next_submission_there(
    page: Page, lab: str
) -> None:
    address, token = lab.split("|")
    page.goto(f"{address}/lab?token={token}", wait_until="domcontentloaded")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/formgrader/gradebook/{UNIT.name}/{UNIT.name}", wait_until="networkidle")
    page.locator("tbody tr td a").first.click()
    link = page.locator("#written-answers a").first
    link.click()
    field = page.locator("input.score:focus")
    assert field.get_attribute("id") == link.inner_text()
    first = page.url.partition("?")[0]
    page.locator("li.next a").click()
    page.wait_for_url(lambda url: url.partition("?")[0] != first)
    page.wait_for_selector(f"input.score[id='{link.inner_text()}']:focus")
    padded = "one => parseFloat(getComputedStyle(one).paddingRight)"
    assert page.locator(".rendered_html td").first.evaluate(padded) > 5
    assert errors == []


def test_formgraders_button_grades_though_the_launcher_offers_only_the_plain_kernel(
    page: Page, lab: str, course: tuple[Path, list[Grade]]
) -> None:
    address, token = lab.split("|")
    page.goto(f"{address}/formgrader/manage_submissions/{UNIT.name}?token={token}", wait_until="networkidle")
    page.locator("tbody tr", has_text="perfect").locator(".autograde a").click()
    page.locator("#success-modal .modal-body").wait_for()
    offered = page.request.get(f"{address}/api/kernelspecs?token={token}").json()["kernelspecs"]
    assert list(offered) == ["python3"]


def test_the_lecture_opens_with_its_pictures_and_saving_it_changes_nothing(
    page: Page, lab: str, course: tuple[Path, list[Grade]]
) -> None:
    lecture = nbformat.read(ROOT / "lectures" / f"{UNIT.name}.ipynb", 4)
    pictures = sum(
        "image/png" in output.get("data", {}) for cell in lecture.cells for output in cell.get("outputs", [])
    )
    (course[0] / "lecture").mkdir(exist_ok=True)
    save(lecture, course[0] / "lecture" / "work.ipynb")
    address, token = lab.split("|")
    page.goto(
        f"{address}/lab/workspaces/lecture/tree/lecture/work.ipynb?token={token}",
        wait_until="domcontentloaded",
    )
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    found = set()
    for _ in range(60):  # the notebook draws its cells as they come into view
        found |= set(page.locator(".jp-RenderedImage img").evaluate_all("all => all.map(one => one.src)"))
        page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollBy(0, 600)")
        page.wait_for_load_state("networkidle")
    assert len(found) == pictures
    path = course[0] / "lecture" / "work.ipynb"
    before = path.read_text(encoding="utf-8")
    # the kernel is there, so that what it says of itself is in the notebook
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']:visible").first.wait_for()
    page.locator(".lm-MenuBar-item", has_text="File").click()
    saved = f"/api/contents/lecture/{path.name}"
    with page.expect_response(lambda one: saved in one.url and one.request.method == "PUT") as response:
        page.locator(".lm-Menu-itemLabel", has_text="Save Notebook").first.click()
    assert response.value.ok
    assert without_version(path.read_text(encoding="utf-8")) == without_version(before)


def without_version(notebook: str) -> str:
    """JupyterLab writes which Python the kernel has."""
    assert notebook.count('"pygments_lexer": "ipython3",') == 1
    return re.sub(r'("pygments_lexer": "ipython3",\s+"version": )"[^"]*"', r"\1", notebook)
