"""What a new machine installs: one list of dependencies, pinned, and the same on every platform."""

import importlib.resources
import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
import yaml
from rattler import MatchSpec

import nonconv

ROOT = Path(__file__).resolve().parents[1]


def test_importing_the_package_does_not_import_torch() -> None:
    code = "import sys, nonconv; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


def test_layers_networks_and_reduction_need_pytorch_alone() -> None:
    """A script on a server has torch, numpy and sympy, which torch brings; no notebook and no grading."""
    code = """
        import sys
        import torch
        class Nothing:
            def find_spec(self, name, path=None, target=None):
                top = name.partition(".")[0]
                if top in others and top not in sys.modules:
                    raise ModuleNotFoundError(f"{name} is not to be imported here")
        others = {"IPython", "nbgrader", "ipykernel", "jupyter_client", "jupyter_core", "nbformat",
                  "nbconvert", "nbclient", "traitlets", "zmq", "matplotlib", "sklearn", "skimage", "jupytext"}
        sys.meta_path.insert(0, Nothing())
        import nonconv.layers.cost, nonconv.networks, nonconv.reduction
        net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4)).eval()
        print(nonconv.reduction.reduce(net, torch.randn(1, 3, 8, 8)).report)
        assert not others & set(sys.modules)
        try:
            import IPython
        except ModuleNotFoundError:
            print("IPython is kept out")
    """
    ran = subprocess.run(
        [sys.executable, "-I", "-c", textwrap.dedent(code)], check=True, capture_output=True, text=True
    )
    assert ran.stdout.endswith("IPython is kept out\n")


def test_installing_the_project_places_its_kernelspecs() -> None:
    source = ROOT / "lib/nonconv/grading/kernels/specs"
    for spec in source.glob("*/kernel.json"):
        placed = Path(sys.prefix) / "share/jupyter/kernels" / spec.relative_to(source)
        assert placed.read_text() == spec.read_text(), "`make .venv/ready` installs it"


def test_the_package_is_typed() -> None:
    assert importlib.resources.files("nonconv").joinpath("py.typed").is_file()


def test_the_licences_that_pyproject_names_are_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "BSD-3-Clause AND CC-BY-4.0"
    first = [(ROOT / name).read_text(encoding="utf-8").split("\n")[0] for name in project["license-files"]]
    assert first == ["BSD 3-Clause License", "Creative Commons Attribution 4.0 International"]


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == nonconv.__version__
    assert " AND ".join(citation["license"]) == "BSD-3-Clause AND CC-BY-4.0"


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text())


def test_the_conda_environment_is_python_pip_and_requirements_txt() -> None:
    found = environment()
    assert set(found) == {"name", "channels", "dependencies"}
    assert found["channels"] == ["conda-forge", "nodefaults"]
    *packages, pip = found["dependencies"]
    names = [MatchSpec(package, strict=True).name for package in packages]
    assert [getattr(name, "normalized", str(name)) for name in names] == ["python", "pip"]
    assert pip == {"pip": ["-r requirements.txt"]}


def test_binder_and_codespaces_install_what_is_pinned() -> None:
    """They cannot be run here; what they call is there, and can be called."""
    binder = yaml.safe_load((ROOT / ".binder/environment.yml").read_text())
    assert binder["dependencies"] == environment()["dependencies"][:2]
    script = ROOT / ".binder/postBuild"
    assert os.access(script, os.X_OK)
    assert "-r requirements.txt" in script.read_text()
    subprocess.run(["bash", "-n", script], check=True)
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    (target,) = re.findall(r"^make (\S+)$", container["postCreateCommand"])
    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(), re.M)
    python = re.findall(r"PYTHON \?= (\S+)", (ROOT / "Makefile").read_text())
    assert container["image"].split(":")[1].startswith(python[0].removeprefix("python"))


@pytest.mark.parametrize(
    ("file", "extras"),
    [
        ("requirements.txt", "student"),
        ("requirements-instructor.txt", "student,instructor"),
        ("requirements-dev.txt", "student,instructor,site,test"),
    ],
)
def test_each_requirements_file_installs_this_project_at_pinned_versions(file: str, extras: str) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if not line.startswith("#")]
    assert lines == ["-c constraints.txt", f"-e .[{extras}]"]


def test_a_student_installs_neither_browser_nor_type_checker_nor_solver() -> None:
    student = " ".join(project()["optional-dependencies"]["student"])
    assert not re.search("playwright|basedpyright|rattler|sphinx|pytest|hypothesis", student)


def test_every_dependency_is_pinned() -> None:
    wanted = [
        *project()["dependencies"],
        *(one for extra in project()["optional-dependencies"].values() for one in extra),
    ]
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "constraints.txt").read_text(), re.M))
    assert {re.split(r"[<>=\[ ]", one)[0] for one in wanted} <= pinned


def test_no_file_names_a_registry() -> None:
    requirements = sorted(path.name for path in ROOT.glob("requirements*.txt"))
    for name in ("constraints.txt", "environment.yml", "pyproject.toml", *requirements):
        assert not re.search(r"https?://|--(extra-)?index-url|find-links", (ROOT / name).read_text()), name


LINUX, WINDOWS, MAC = "x86_64-manylinux_2_28", "x86_64-pc-windows-msvc", "aarch64-apple-darwin"
NEWER = [
    pytest.param("requirements.txt", platform, version, marks=pytest.mark.weekly)
    for platform in (LINUX, WINDOWS, MAC)
    for version in ("3.12", "3.13", "3.14")
]


@pytest.mark.parametrize(
    ("file", "platform", "version"),
    [*(("requirements-dev.txt", platform, "3.11") for platform in (LINUX, WINDOWS, MAC)), *NEWER],
)
def test_the_pinned_set_resolves_for_each_platform(file: str, platform: str, version: str) -> None:
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", file, "--quiet",
               "--no-header", "--python-version", version, "--python-platform", platform,
               "--only-binary", ":all:", "--no-binary", "nonconv"]  # fmt: skip
    # the file of torch that some machines keep on disk is for one platform only
    clean = {key: value for key, value in os.environ.items() if key != "PIP_FIND_LINKS"}
    if platform == MAC:
        clean["MACOSX_DEPLOYMENT_TARGET"] = "14.0"  # torch's wheels start there
    result = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "torch==" in result.stdout
