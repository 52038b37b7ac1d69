"""A student's own copy, and the bundle that is handed out."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from classroom import ROOT, UNITS, course_folder

from nonconv.publish.copy import BUNDLED, CopyError, bundle, main, start

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))


def test_a_students_work_is_never_overwritten_and_it_is_said_what_was_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_folder(UNIT, tmp_path / "course")
    folder, copied, _ = start(course, UNIT.name)
    notebook = folder / f"{UNIT.name}.ipynb"
    assert notebook.name in copied
    notebook.write_text("my work")
    (notebook.parent / "checks.json").write_text("tampered")
    monkeypatch.chdir(course)
    monkeypatch.setattr(sys, "argv", ["copy", "start", UNIT.name])
    assert main() == 0
    printed = capsys.readouterr().out
    assert "there already, and left as you have" in printed
    assert notebook.name in printed
    assert "copied" not in printed
    assert notebook.read_text() == "my work"
    assert (notebook.parent / "checks.json").read_text() != "tampered"


def test_a_copy_is_signed_where_a_notebook_asks_for_a_name(tmp_path: Path) -> None:
    course = course_folder(UNIT, tmp_path / "course")
    unsigned = (course / "exercises" / UNIT.name / "proof.ipynb").read_text(encoding="utf-8")
    folder, _, _ = start(course, UNIT.name, me='Zoë "Z"')
    signed = nbformat.read(folder / "proof.ipynb", 4)
    (cell,) = (cell for cell in signed.cells if cell.id == "chain-name")
    assert cell.source == 'me = "Zoë \\"Z\\""  # the name under which you hand in'
    cell.source = 'me = ""  # the name under which you hand in'
    assert signed == nbformat.reads(unsigned, 4)
    start(course, UNIT.name, me="Ada")
    assert "Ada" not in (folder / "proof.ipynb").read_text(encoding="utf-8")


def test_an_unknown_unit_is_answered_with_those_there_are(tmp_path: Path) -> None:
    course = course_folder(UNIT, tmp_path / "course")
    with pytest.raises(CopyError, match=rf"no exercise '02'.*{UNIT.name}"):
        start(course, "02")


def test_the_bundle_holds_the_course_and_no_solution() -> None:
    with zipfile.ZipFile(bundle(ROOT, UNIT.name)) as archive:
        assert all(name.startswith("nonconv-course/") for name in archive.namelist())
        names = [name.removeprefix("nonconv-course/") for name in archive.namelist()]
        texts = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    assert {"Makefile", "requirements.txt", f"exercises/{UNIT.name}/checks.json"} <= set(names)
    folders = {name.split("/")[0] for name in BUNDLED}
    assert {name.split("/")[0] for name in names} <= {*folders, "README.md", "exercises"}
    assert not any("### BEGIN HIDDEN TESTS\ncheck(" in text.replace("\\n", "\n") for text in texts)
    assert not any(name.startswith(("units/", "solutions/", "tests/")) for name in names)


def test_no_link_of_the_bundle_leads_nowhere_and_make_offers_what_works(tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle(ROOT, UNIT.name)) as archive:
        archive.extractall(tmp_path)
    course = tmp_path / "nonconv-course"
    documents = [path for path in course.rglob("*.md") if "lib" not in path.parts]
    assert course / "README.md" in documents
    for path in documents:
        for target in re.findall(r"\]\(([^()\s]+)\)", path.read_text(encoding="utf-8")):
            there = target.partition("#")[0]
            assert "://" in target or (path.parent / there).exists(), f"{path.name}: {target}"
    readme = (course / "README.md").read_text(encoding="utf-8")
    assert "{" not in readme
    assert "both notebooks" in readme
    said = subprocess.run(["make", "-s"], cwd=course, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\S+)", said, re.M) == ["help", "lab", "start"]


def test_a_course_without_git_is_bundled_too(tmp_path: Path) -> None:
    course = tmp_path / "course [2026]"
    (course / "exercises").mkdir(parents=True)
    shutil.copytree(ROOT / "exercises" / UNIT.name, course / "exercises" / UNIT.name)
    shutil.copy(ROOT / "README.md", course)
    (course / "lib" / "__pycache__").mkdir(parents=True)
    for name in ("module.py", "__pycache__/module.pyc"):
        (course / "lib" / name).write_text("")
    with zipfile.ZipFile(bundle(course, UNIT.name)) as archive:
        names = {name.removeprefix("nonconv-course/") for name in archive.namelist()}
    assert {"README.md", "lib/module.py", f"exercises/{UNIT.name}/{UNIT.name}.ipynb"} <= names
    assert not any("pycache" in name for name in names)
