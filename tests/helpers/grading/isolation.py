"""Tests that need the sandbox: skipped where it cannot be built, but in CI that is a failure."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from nonconv.grading.kernels.sandbox import namespaces

ROOT = Path(__file__).resolve().parents[3]


def needed() -> pytest.MarkDecorator:
    """The mark of such a test.

    Where CI is set and no sandbox can be built, the module that asks fails to be collected.
    """
    why_not = namespaces.problem()
    if why_not and os.environ.get("CI"):
        pytest.fail(f"CI must be able to isolate student code: {why_not}", pytrace=False)
    return pytest.mark.skipif(bool(why_not), reason=f"no isolation here: {why_not}")


def as_ordinary_user(modules: Iterable[ModuleType], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with these modules of the sandbox, run by another user: needs root, and the system's own
    Python."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None or sys.version_info[:2] > (3, 11):
        pytest.skip("needs the system's own Python: this one may lie in root's folder")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        package = Path(folder, *namespaces.__name__.split(".")[:-1])
        package.mkdir(parents=True)
        for module in modules:
            shutil.copy(str(module.__file__), package)
        for parent in (package, *package.relative_to(folder).parents[:-1]):
            (folder / parent / "__init__.py").touch()
        return subprocess.run(
            [python, *arguments],
            cwd=folder,
            user=1234,
            group=1234,
            extra_groups=[],
            env={"PATH": "/usr/bin"},
            capture_output=True,
            text=True,
            timeout=60,
        )
