"""python tests/helpers/docs/screenshots.py FILE.png: what a check says of a wrong answer, in a notebook.

A well-known slip stands in the answer cell of a released exercise. That cell, the check below it and what the
check says are run, drawn as a page and photographed in Chromium. The answer itself is not in the picture, and
this file is not in docs/, which students get: the exercise is graded.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert.exporters import HTMLExporter
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOK = ROOT / "exercises/02-reduction-to-convolution/02-reduction-to-convolution.ipynb"
# the unbiased variance where batch norm divides by n
ANSWER = """
def batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3))
    Z = (Y - mean[:, None, None]) / (var + eps).sqrt()[:, None, None]
    Z = Z * gamma[:, None, None] + beta[:, None, None]
    return Z, torch.lerp(running_mean, mean, momentum), torch.lerp(running_var, var, momentum)
"""


def notebook() -> nbformat.NotebookNode:
    """The setup, the answer and its check, run."""
    made = nbformat.read(NOTEBOOK, as_version=4)
    cells = {cell.id: cell for cell in made.cells}
    made.cells = [cells[name] for name in ("setup", "training", "batch-norm-training-values")]
    made.cells[1].source = ANSWER
    run = {"metadata": {"path": str(NOTEBOOK.parent)}}  # the check reads its data there
    return NotebookClient(made, resources=run, kernel_name="nonconv-warm", allow_errors=True).execute()


def main(target: Path) -> None:
    made = notebook()
    made.cells = made.cells[-1:]
    html, _ = HTMLExporter().from_notebook_node(made)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        page_file = Path(scratch) / "page.html"
        page_file.write_text(html, encoding="utf-8")
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]  # in a container, as root
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = browser.new_page(viewport={"width": 900, "height": 600}, device_scale_factor=2)
        page.goto(page_file.as_uri())
        page.locator(".jp-Cell").screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
