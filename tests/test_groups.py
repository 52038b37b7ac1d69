"""Two workers: what a group sets up is set up once, by one of them, and the long group comes first."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = """
from pathlib import Path
import pytest

def of(name):
    return pytest.param(name, marks=pytest.mark.xdist_group(name))

LONG = pytest.param("long", marks=pytest.mark.slow)

@pytest.fixture(scope="module", params=[of("short"), of("other"), LONG])
def made(request):
    with Path("made").open("a") as file:
        file.write(f"{request.param}\\n")
    return request.param

@pytest.mark.parametrize("number", range(5))
def test_one(made, number):
    with Path("run").open("a") as file:
        file.write(f"{made}\\n")
"""


def test_a_groups_set_up_is_made_once_and_long_groups_come_first(tmp_path: Path) -> None:
    (tmp_path / "test_three_groups.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow: long\n")
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "xdist",
        "-p",
        "helpers.groups",
        "-p",
        "no:cacheprovider",
    ]
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
    }
    for workers in (1, 2):
        for name in ("made", "run"):
            (tmp_path / name).unlink(missing_ok=True)
        ran = subprocess.run(
            [*line, "-n", str(workers)], cwd=tmp_path, env=environment, text=True, capture_output=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert sorted((tmp_path / "made").read_text().split()) == ["long", "other", "short"]
        order = (tmp_path / "run").read_text().split()
        assert sorted(order) == ["long"] * 5 + ["other"] * 5 + ["short"] * 5
        if workers == 1:
            assert order[:5] == ["long"] * 5
