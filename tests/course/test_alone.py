"""A notebook alone, as on Colab: it installs the course, and its checks find their data."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from nonconv.checks import CheckFailed, case, check
from nonconv.checks.data import installed
from nonconv.publish.install import ID, install_cell
from nonconv.publish.website.launch import Address

ROOT = Path(__file__).resolve().parents[2]
UNIT = "03-sigmoid-versus-relu"


def test_a_check_without_its_file_is_the_one_that_came_with_the_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (file,) = installed("batch-norm-training-values")
    assert file.parent.name == "02-reduction-to-convolution"
    with pytest.raises(CheckFailed, match="batch_norm_training is wrong"):
        check("batch-norm-training-values", lambda **_: 0)
    assert "gamma" in case(1)
    with pytest.raises(FileNotFoundError, match=r"checks.json is not beside this notebook"):
        check("no-such-check", lambda: 0)


def test_of_two_checks_of_one_name_the_answer_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(installed("kernel-values")) == 2

    def rnn_kernel(*_: object) -> int:
        return 0

    with pytest.raises(CheckFailed, match="rnn_kernel"):
        check("kernel-values", rnn_kernel)


@pytest.mark.parametrize("address", [Address(), Address("https://github.com/owner/name", "main")])
def test_the_first_cell_does_nothing_where_the_course_is_installed(address: Address) -> None:
    scope: dict = {}
    exec(install_cell(address).source, scope)
    assert set(scope) - {"__builtins__"} == {"importlib"}


def test_without_the_course_and_without_a_wheel_the_first_cell_says_what_to_do(tmp_path: Path) -> None:
    code = install_cell(Address()).source
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Put the file nonconv-….whl that your instructor gave you beside this notebook" in done.stderr


def test_every_notebook_begins_with_that_cell() -> None:
    for folder in ("lectures", "exercises"):
        for path in sorted((ROOT / folder).rglob("*.ipynb")):
            code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
            assert [cell.id for cell in code].index(ID) == 0, path.name


def right_answers(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The handed-out notebook with the solutions written in."""
    solved = nbformat.read(ROOT / "solutions" / UNIT / f"{UNIT}.ipynb", as_version=4)
    source = {cell.id: cell.source for cell in solved.cells}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = source[cell.id]
    return notebook


@pytest.mark.weekly
def test_a_notebook_and_a_wheel_are_enough_to_pass_every_check(tmp_path: Path) -> None:
    """A new environment that has PyTorch and a kernel, as Colab's has; the course from its wheel."""
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    subprocess.run([*wheel, str(tmp_path / "alone"), str(ROOT)], check=True)
    (file,) = (tmp_path / "alone").glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        assert not any(name.startswith(("nonconv/prover", "solutions")) for name in archive.namelist())
    environment = Path(os.environ.get("NONCONV_FRESH", tmp_path / "fresh"))
    if not environment.exists():
        venv.create(environment, with_pip=True)
        pip = [str(environment / "bin/python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), "ipykernel", "torch"], check=True)
    python = str(environment / "bin/python")
    ask = [python, "-c", "import torch; print(torch.__version__)"]
    before = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    kernels = tmp_path / "kernels/kernels/alone"
    kernels.mkdir(parents=True)
    spec = {"argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "alone", "language": "python"}  # fmt: skip
    (kernels / "kernel.json").write_text(json.dumps(spec))
    notebook = right_answers(nbformat.read(ROOT / "exercises" / UNIT / f"{UNIT}.ipynb", as_version=4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(tmp_path / "kernels"))
        patch.delenv("PYTHONPATH", raising=False)
        run = NotebookClient(
            notebook,
            kernel_name="alone",
            timeout=600,
            resources={"metadata": {"path": str(tmp_path / "alone")}},
        )
        run.execute()
    said = [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith("check(")
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    ]
    assert len(said) > 5
    assert all(text.startswith("✓") for text in said)
    assert subprocess.run(ask, capture_output=True, text=True, check=True).stdout == before
