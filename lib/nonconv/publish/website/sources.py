"""A notebook as MyST-NB wants it; the file itself stays as it is, also where a reader downloads it."""

import copy
import re

from nbformat import NotebookNode

from nonconv.publish.install import ID as INSTALL

# how a proof's table marks its formulas; a bare dollar in an output may be a price
FORMULA = re.compile(r"\$\\displaystyle\s(.+?)\$", re.S)
LONG = 6  # lines: a cell that draws and is at least as long is folded


def prepared(notebook: NotebookNode) -> NotebookNode:
    """A copy whose pictures have their words, whose formulas in outputs are found, whose plots are folded."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if cell.id == INSTALL:
            cell.metadata["tags"] = ["remove-cell"]  # a reader of the page has nothing to install
            continue
        words = [alt for output in cell.outputs if (alt := _alt(output))]
        if words:
            cell.metadata.setdefault("mystnb", {})["image"] = {"alt": " ".join(words)}
        if folded(cell):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
        for output in cell.outputs:
            html = output.get("data", {}).get("text/html", "")
            if html and "<script" not in html:
                output.data["text/html"] = with_formulas(html)
    return notebook


def folded(cell: NotebookNode) -> bool:
    """Whether the code is folded: it is hidden in JupyterLab, too, or it is long and draws a picture."""
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        return True
    draws = any("image/png" in output.get("data", {}) for output in cell.outputs)
    return draws and len(cell.source.splitlines()) >= LONG


def with_formulas(html: str) -> str:
    """The HTML of an output with the formulas of proofs as MathJax looks for them."""
    return FORMULA.sub(
        lambda found: rf'<span class="math notranslate nohighlight">\(\displaystyle {found[1]}\)</span>', html
    )


def _alt(output: NotebookNode) -> str:
    return output.get("metadata", {}).get("image/png", {}).get("alt", "")
