"""A new student with the zip of a release and nothing else: from the README to a check that says ✓."""

import re
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from classroom import ROOT, UNITS
from playwright.sync_api import Locator, Page, expect

from helpers.browser import NEEDS_CHROMIUM, jupyterlab, opened
from nonconv.publish.copy import bundle

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.slow]
(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
WRONG = "def batch_norm_for(G, g, mu, var, eps):\n    return G * torch.sqrt(var), g + G * mu"
RIGHT = WRONG.replace("var)", "var + eps)")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is in the zip."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(bundle(ROOT, UNIT.name)) as archive:
        archive.extractall(folder)
    return folder / "nonconv-course"


def lines(readme: str, system: str) -> list[str]:
    """What the README tells to type on this system to install."""
    (block,) = re.findall(rf"\*\*{system}\*\*\n\n```\n(.*?)```", readme, re.S)
    return block.strip().splitlines()


@pytest.fixture(params=["here", pytest.param("new", marks=pytest.mark.weekly)])
def nonconv(request: pytest.FixtureRequest, unpacked: Path) -> list[str]:
    """The command `nonconv` of this environment, or of one that is made as the README says."""
    if request.param == "here":
        return [sys.executable, "-m", "nonconv"]
    readme = (unpacked / "README.md").read_text(encoding="utf-8")
    for line in lines(readme, "Linux and macOS"):
        subprocess.run(
            line.replace("python3 ", f"{sys.executable} ", 1), shell=True, cwd=unpacked, check=True
        )
    return [str(unpacked / ".venv/bin/nonconv")]


def cell_with(page: Page, text: str) -> Locator:
    return page.locator(".jp-Notebook .jp-CodeCell", has_text=text)


def run_first(page: Page, cell: Locator) -> None:
    """Run a cell until it has its number: what is run while the kernel connects may be lost."""
    number = cell.locator(".jp-InputPrompt")
    for _ in range(12):
        cell.locator(".cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        with suppress(AssertionError):
            expect(number).to_have_text(re.compile(r"\[\d+\]:"), timeout=10_000)
            return
    pytest.fail(f"the first cell did not run in two minutes: {number.inner_text()}")


def write(page: Page, text: str, answer: str) -> None:
    """Replace what stands in a cell."""
    cell_with(page, text).locator(".cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(answer)
    page.keyboard.press("Shift+Enter")


def test_from_the_zip_to_a_check_that_says_yes(unpacked: Path, nonconv: list[str], tmp_path: Path) -> None:
    start = [*nonconv, "start", UNIT.name, "--me", "Ada Lovelace"]
    subprocess.run(start, cwd=unpacked, check=True)
    environment = {name: "" for name in ("JUPYTER_CONFIG_PATH", "PYTHONPATH")}
    environment |= {"HOME": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    with jupyterlab([*nonconv, "lab"], unpacked, environment) as running:
        address, token = running.split("|")
        with opened(f"{address}/?token={token}", viewport={"width": 1400, "height": 900}) as page:
            # the start page, and its table of contents
            page.wait_for_selector(".jp-Notebook .jp-Cell")
            expect(page.locator(".lm-TabBar-tab.jp-mod-current", has_text="00-start-here")).to_be_visible()
            contents = page.locator(".jp-TableOfContents-tree")
            expect(contents.get_by_text("How an exercise works")).to_be_visible()
            # the student's copy
            page.goto(f"{address}/lab/tree/my/{UNIT.name}/{UNIT.name}.ipynb")
            page.wait_for_selector(".jp-Notebook .jp-Cell")
            expect(contents.get_by_text("Where composing fails")).to_be_visible()
            run_first(page, cell_with(page, "from nonconv.checks import"))
            write(page, "def batch_norm_for", WRONG)
            page.keyboard.press("Shift+Enter")
            check = cell_with(page, 'check("affine-form-values", batch_norm_for)')
            expect(check.locator(".jp-OutputArea")).to_contain_text("is wrong in")
            write(page, "def batch_norm_for", RIGHT)
            page.keyboard.press("Shift+Enter")
            expect(check.locator(".jp-OutputArea")).to_contain_text("✓")
    with pytest.raises(URLError):  # who ends `nonconv lab` ends JupyterLab
        urlopen(address)
