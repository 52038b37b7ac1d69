"""A notebook's file as programs, servers and bad connections leave it: read, or named for what it is."""

import gzip
import json
from typing import Any

import pytest
from classroom import UNITS, released, solved

from nonconv.grading.submissions.repair import repaired

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("08"))
NAME = UNIT.name
FILE = f"{NAME}.ipynb"
WHOLE = json.dumps(solved(UNIT, NAME), indent=1).encode()


def read(content: bytes) -> tuple[Any, str, list[str]]:
    troubles: list[str] = []
    notebook, why = repaired(content, released(UNIT, NAME), FILE, troubles)
    return notebook, why, troubles


def sources(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (WHOLE.decode().encode("utf-16"), ""),
        (WHOLE.decode().encode("utf-16-le"), ""),
        (WHOLE.replace(b"\n", b"\r\n"), ""),
        (WHOLE.replace(b"\\n", b"\\r\\n"), ""),
        (WHOLE + b"\0" * 512, ""),
        (WHOLE + b"\n}", "behind its end"),
        (WHOLE + WHOLE, "behind its end"),
        (json.dumps({"type": "notebook", "content": json.loads(WHOLE)}).encode(), ""),
    ],
    ids=["UTF-16", "no mark", "CRLF", "CR in sources", "zeros", "garbage", "twice", "server"],
)
def test_a_file_that_is_saved_otherwise_is_read_whole(content: bytes, said: str) -> None:
    notebook, why, troubles = read(content)
    assert why == ""
    assert sources(notebook) == sources(solved(UNIT, NAME))
    assert [said in line for line in troubles] == [True] * bool(said)


def test_lines_without_their_ends_are_lines() -> None:
    data = json.loads(WHOLE)
    for cell in data["cells"]:
        cell["source"] = cell["source"].split("\n")
    notebook, _, troubles = read(json.dumps(data).encode())
    assert sources(notebook) == sources(solved(UNIT, NAME))
    assert troubles == []


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_of_a_file_that_was_cut_off_the_whole_cells_count_and_it_is_asked_for(share: float) -> None:
    notebook, why, troubles = read(WHOLE[: int(len(WHOLE) * share)])
    assert why == ""
    assert "hand it in once more" in troubles[0]
    there = {cell.id: cell.source for cell in notebook.cells}
    right = {cell.id: cell.source for cell in solved(UNIT, NAME).cells}
    assert there["predict"] == right["predict"]
    assert there["labels"] != right["labels"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n<!DOCTYPE html>\n<html><title>Log in</title></html>", "a web page"),
        (b"PK\x03\x04" + WHOLE, "a zip"),
        (gzip.compress(WHOLE), "gzip"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_what_is_something_else_is_called_that_with_what_would_fit(content: bytes, said: str) -> None:
    notebook, why, _ = read(content)
    assert notebook is None
    assert said in why
    assert "hand in" in why


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "sql", "metadata": {}, "source": "SELECT 1"},
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Mine"},
        {"cell_type": "code", "metadata": {}, "source": None},
        {"metadata": {}, "source": "x = 1", "outputs": []},
        {"cell_type": "raw", "metadata": {}, "source": "\ud83d"},
        {"cell_type": "code", "metadata": {"tags": "a", "name": 7, "jupyter": []}, "source": ["1"]},
    ],
    ids=["database", "heading", "no source", "no type", "half a character", "metadata"],
)
def test_a_cell_of_another_program_costs_the_others_nothing(cell: dict[str, Any]) -> None:
    data = json.loads(WHOLE)
    data["cells"].insert(0, cell)
    notebook, why, _ = read(json.dumps(data).encode())
    assert why == ""
    assert sources(notebook)[1:] == sources(solved(UNIT, NAME))
