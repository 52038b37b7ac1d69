"""Which folder of `nonconv.grading` may import which, and what the processes that must stay light import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nonconv

LIB = Path(nonconv.__file__).resolve().parents[1]
GRADING = "nonconv.grading"
LIMITS = f"{GRADING}.limits"  # which imports nothing of ours
# what a folder may import of ours: within `nonconv.grading`, and whether anything else of the course
MAY_IMPORT = {
    LIMITS: ((), False),
    f"{GRADING}.kernels.sandbox": ((f"{GRADING}.kernels.sandbox",), False),
    f"{GRADING}.kernels": ((f"{GRADING}.kernels",), False),
    # nonconv.proofs says whether a certificate may stand in an answer's place
    f"{GRADING}.submissions": ((f"{GRADING}.submissions", LIMITS), True),
    f"{GRADING}.engine": ((f"{GRADING}.engine", LIMITS), True),
    f"{GRADING}.workers": ((f"{GRADING}.workers", f"{GRADING}.engine", f"{GRADING}.kernels", LIMITS), True),
}
MODULES = {
    ".".join(path.relative_to(LIB).with_suffix("").parts): path
    for path in sorted((LIB / "nonconv" / "grading").rglob("*.py"))
}


def imported(source: str) -> set[str]:
    """The modules of this course that a source imports, anywhere in it, by their dotted names."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports are not used here"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {
                name if name in MODULES or f"{name}.__init__" in MODULES else str(node.module)
                for name in names
            }
    return {name for name in found if within(name, "nonconv")}


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def wrong_imports(module: str, source: str) -> set[str]:
    """What a module imports against the directions of the innermost folder that has some."""
    folder = max((folder for folder in MAY_IMPORT if within(module, folder)), key=len, default=None)
    if folder is None:
        return set()
    allowed, others = MAY_IMPORT[folder]
    return {
        name
        for name in imported(source)
        if not any(within(name, package) for package in allowed) and (within(name, GRADING) or not others)
    }


@pytest.mark.parametrize("module", MODULES)
def test_each_folder_imports_only_what_it_may(module: str) -> None:
    assert wrong_imports(module, MODULES[module].read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        (
            "kernels.sandbox.seccomp",
            "from nonconv.grading.kernels import client",
            f"{GRADING}.kernels.client",
        ),
        ("kernels.sandbox.seccomp", "import nonconv.checks", "nonconv.checks"),
        (
            "kernels.client",
            "def later():\n    from nonconv.grading.engine.judge import error",
            f"{GRADING}.engine.judge",
        ),
        ("kernels.client", "from nonconv.publish import course", "nonconv.publish"),
        ("engine.judge", "from nonconv.grading.workers.store import Store", f"{GRADING}.workers.store"),
        ("engine.judge", "from nonconv.grading import pipeline", f"{GRADING}.pipeline"),
        ("engine.judge", "import nonconv.grading.kernels.client", f"{GRADING}.kernels.client"),
        ("workers.pool", "from nonconv.grading.report import table", f"{GRADING}.report"),
        ("submissions.repair", "from nonconv.grading.workers import steps", f"{GRADING}.workers.steps"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str, wrong: str) -> None:
    assert wrong_imports(f"{GRADING}.{module}", source) == {wrong}


def test_there_is_something_in_every_folder() -> None:
    for folder in MAY_IMPORT.keys() - {LIMITS}:
        assert sum(within(module, folder) for module in MODULES) > 1, folder


@pytest.mark.parametrize(
    "module", [f"{GRADING}.workers.forkserver", f"{GRADING}.__main__", f"{GRADING}.kernels.zygote"]
)
def test_what_runs_before_a_fork_imports_nothing_large(module: str) -> None:
    """They are to be there at once, and a fork must find a single thread.

    (`zygote` imports the rest when it runs.)
    """
    code = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert module in ran.stdout.split()
    assert not {"torch", "numpy", "zmq", "nbgrader", "nbformat", "IPython", "ipykernel"} & set(
        ran.stdout.split()
    )


def test_the_process_that_leads_imports_no_torch() -> None:
    """Nor sympy: a run would begin two seconds later. nbgrader imports the stubs when it releases."""
    code = f"import sys, {GRADING}.commands, nonconv.publish.stubs; print(*sys.modules, sep='\\n')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "sympy", "matplotlib"} & set(ran.stdout.split())
