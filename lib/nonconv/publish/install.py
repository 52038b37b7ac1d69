"""The first cell of a notebook: where the course is missing, as on Colab and Kaggle, it installs it."""

import nbformat
from nbformat import NotebookNode

from nonconv.publish.website.launch import Address

ID = "install"
# what a notebook imports beside the course and PyTorch; pip leaves alone what is there already
LIBRARIES = ("numpy", "sympy", "matplotlib", "scikit-image", "scikit-learn")
HEAD = """\
# On Colab and Kaggle this cell installs the course. Where the course is installed, the cell does nothing.
import importlib.util

if importlib.util.find_spec("nonconv") is None:
    import subprocess
    import sys
    from pathlib import Path

    course = sorted(str(path) for path in Path().glob("nonconv-*.whl"))
"""
WHEEL_ONLY = """\
    if not course:
        raise ModuleNotFoundError(
            "The course is not installed here. Put the file nonconv-….whl that your instructor gave you"
            " beside this notebook, and run this cell again."
        )
"""
FROM_REPOSITORY = """\
    course = course or ["nonconv @ git+{address}"]
"""
TAIL = """\
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    keep = ["--no-deps"] if importlib.util.find_spec("torch") else []  # the PyTorch that is there stays
    subprocess.run([*pip, *keep, course[-1]], check=True)
    subprocess.run([*pip, {libraries}], check=True)
    importlib.invalidate_caches()"""


def install_cell(address: Address) -> NotebookNode:
    """The cell, which installs from a wheel beside the notebook, or else from the repository."""
    where = FROM_REPOSITORY.format(address=f"{address.page}@{address.branch}") if address.page else WHEEL_ONLY
    tail = TAIL.format(libraries=", ".join(f'"{name}"' for name in LIBRARIES))
    cell = nbformat.v4.new_code_cell(HEAD + where + tail, id=ID)
    cell.metadata["jupyter"] = {"source_hidden": True}  # folded in JupyterLab
    return cell


def with_install_cell(notebook: NotebookNode, address: Address) -> NotebookNode:
    """The notebook with the cell before its first code; one without code stays as it is."""
    kinds = [cell.cell_type for cell in notebook.cells]
    if "code" in kinds:
        notebook.cells.insert(kinds.index("code"), install_cell(address))
    return notebook
