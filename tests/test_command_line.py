"""The command `nonconv`, and what make says of itself."""

import re
import shutil
import subprocess
import sys
import warnings
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from nonconv.__main__ import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nonconv", *arguments], capture_output=True, text=True, cwd=ROOT
    )


def test_the_command_is_installed() -> None:
    (found,) = entry_points(group="console_scripts", name="nonconv")
    assert found.load() is main, "`make .venv/ready` installs it"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["nonconv", command, "--help"])
    with pytest.raises(SystemExit) as ended, warnings.catch_warnings(action="ignore"):
        main()  # in this process, which has imported torch already
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: ")


def test_without_a_command_all_are_listed() -> None:
    result = run()
    assert result.returncode == 0
    assert all(f"  {name} " in result.stdout for name in COMMANDS)


def test_an_unknown_command_is_answered_with_those_there_are() -> None:
    result = run("marks")
    assert result.returncode == 2
    assert "there is no command 'marks'" in result.stderr
    assert "grade " in result.stderr


def test_status_and_arguments_are_passed_on() -> None:
    result = run("check-proof", "no-such-file")
    assert result.returncode == 1
    assert result.stdout == "ill-formed: no-such-file is not a file\n"


def test_nothing_is_imported_that_was_not_asked_for() -> None:
    code = (
        "import sys, nonconv.__main__ as m; m.usage(); sys.exit(bool({'torch', 'nbgrader'} & {*sys.modules}))"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


@pytest.mark.skipif(shutil.which("make") is None, reason="no program `make` here")
def test_make_alone_lists_every_target(tmp_path: Path) -> None:
    text = (ROOT / "Makefile").read_text()
    (tmp_path / "Makefile").write_text(text)  # in a folder without an environment: listing must not need one
    said = subprocess.run(["make", "-s"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    (phony,) = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", text, re.M)
    listed = re.findall(r"^make ([a-z-]+) +\S", said, re.M)
    assert sorted(listed) == sorted(phony.replace("\\\n", " ").split())
