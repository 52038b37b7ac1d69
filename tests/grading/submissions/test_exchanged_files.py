"""A student may write into the folder that is being collected: what has been looked at may be another thing
when it is read. And in the folder of a class nobody's files cost another."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from helpers.grading import tiny
from helpers.grading.tiny import ANSWERS, UNIT
from nonconv.grading.submissions import unpack
from nonconv.grading.submissions.collect import collect
from nonconv.grading.submissions.unpack import files_in, plain_file

NAME = f"{UNIT}.ipynb"


def a_link(place: Path, secret: Path) -> None:
    place.unlink()
    place.symlink_to(secret / NAME)


def a_pipe(place: Path, secret: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def a_link_to_a_folder(place: Path, secret: Path) -> None:
    shutil.rmtree(place.parent)
    place.parent.symlink_to(secret)


def nothing(place: Path, secret: Path) -> None:
    place.unlink()


@pytest.mark.parametrize("exchange", [a_link, a_pipe, a_link_to_a_folder, nothing])
def test_what_is_put_in_a_files_place_is_not_read(
    exchange: Callable[[Path, Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, secret = tmp_path / "eve", tmp_path / "ada"
    (entry / "v2").mkdir(parents=True)
    secret.mkdir()
    (entry / "v2" / NAME).write_text("own")
    (entry / NAME).write_text("first")
    (secret / NAME).write_text("secret")
    persons = unpack._persons

    def exchanged(paths: list[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
        """What is called between the look and the reading."""
        exchange(entry / "v2" / NAME, secret)
        return persons(paths)

    monkeypatch.setattr(unpack, "_persons", exchanged)
    assert [file.content for file in files_in(entry) if file.content is not None] == [b"first"]


@pytest.mark.parametrize("kind", ["link", "pipe", "socket", "folder", "device"])
def test_only_a_plain_file_is_opened(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "x"
    with socket.socket(socket.AF_UNIX) as bound:
        if kind == "link":
            (tmp_path / "y").write_text("y")
            place.symlink_to(tmp_path / "y")
        elif kind == "pipe":
            os.mkfifo(place)
        elif kind == "socket":
            bound.bind(str(place))
        elif kind == "folder":
            place.mkdir()
        else:
            place = Path(os.devnull)
        with pytest.raises(OSError, match=str(place)):
            plain_file(place)


def a_hole(folder: Path) -> None:
    for n in range(9):
        with (folder / f"{n}.ipynb").open("wb") as file:
            file.truncate(600_000)


def a_crowd(folder: Path) -> None:
    for n in range(99):
        (folder / f"{n}.ipynb").write_text("{}")


def deep(folder: Path) -> None:
    for _ in range(300):
        os.mkdir("d", dir_fd=(opened := os.open(folder, os.O_RDONLY)))
        os.close(opened)
        os.chdir(folder)
        folder = Path("d")


def odd(folder: Path) -> None:
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)


@pytest.mark.parametrize("hostile", [a_hole, a_crowd, deep, odd])
def test_one_in_the_folder_of_a_class_costs_the_others_nothing(
    hostile: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "MAX_HAND_IN_BYTES", 1_000_000)
    monkeypatch.setattr(unpack, "SHARE_BYTES", 500_000)
    monkeypatch.setattr(unpack, "MAX_FILES", 50)
    course = tiny.released_course(tmp_path / "course")
    for name in ("ada", "alan", "eve", "zoe"):
        folder = tmp_path / "inbox" / "class" / name
        folder.mkdir(parents=True)
        nbformat.write(tiny.notebook(ANSWERS["ada"]), folder / NAME)
    monkeypatch.chdir(tmp_path)
    hostile(tmp_path / "inbox" / "class" / "eve")
    os.chdir(tmp_path)
    submissions, _ = collect(tmp_path / "inbox", UNIT, course)
    assert [one.student for one in submissions] == ["ada", "alan", "eve", "zoe"]
    assert [one.troubles for one in submissions if one.student != "eve"] == [[]] * 3
