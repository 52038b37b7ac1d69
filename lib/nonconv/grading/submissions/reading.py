"""The JSON of a notebook's file, however it was saved: UTF-16, with something behind it, or cut off."""

import json
import re
from itertools import islice
from typing import Any

CELLS, BEFORE_A_CELL = re.compile(r'"cells"\s*:\s*\['), re.compile(r"[\s,]*(?=\{)")
MAX_STARTS = 3  # of lists of cells in one file, which has one
CUT_OFF = (
    "the file is damaged or cut off; its first {} cells, which are whole, were taken; hand it in once more"
)
# what a file begins with that is something else, and what it is
OTHERS = (
    (b"PK\x03\x04", "it is a zip; call it .zip, or hand in the .ipynb that lies in it"),
    (b"\x1f\x8b", "it is compressed with gzip; hand in the .ipynb that lies in it"),
    (b"%PDF", "it is a PDF; hand in the .ipynb itself"),
)
PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|head|body)", re.I)
IS_PAGE = "it is a web page, perhaps the one to log in; download the notebook itself and hand in that file"


def read_json(content: bytes) -> tuple[Any, str]:
    """(what a notebook's file holds, what was wrong with it or "").

    Raises ValueError, in whose words stands what it is instead, and what json.loads raises of a hostile one.
    """
    text, odd = _text(content)
    text = text.strip(" \t\r\n\0")
    try:
        data, end = json.JSONDecoder().raw_decode(text)
    except ValueError as error:
        instead = _instead(content)
        cells = [] if instead else _whole_cells(text)
        if not cells:
            raise ValueError(instead or f"it is not JSON ({str(error)[:80]})") from None
        return {"cells": cells}, CUT_OFF.format(len(cells))
    if end < len(text):
        odd = odd or "something stands behind its end, and was left out"
    inner = data.get("content") if isinstance(data, dict) and "cells" not in data else None
    return (inner if isinstance(inner, dict) else data), odd  # as a server of Jupyter hands it out


def one_text(source: Any) -> Any:
    """A source as one text with Unix's ends of lines; what is neither a text nor lines stays as it is."""
    if source is None:
        return ""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        ends = any("\n" in line for line in source)  # some programs write the lines without
        source = ("" if ends else "\n").join(source)
    if isinstance(source, str):
        source = source.replace("\r\n", "\n").encode("utf-8", "replace").decode()  # half a character is none
    return source


def _text(content: bytes) -> tuple[str, str]:
    encoding = json.detect_encoding(content)  # of UTF-8, -16 and -32, with a mark at the start or without
    try:
        return content.decode(encoding), ""
    except UnicodeDecodeError:
        return content.decode("utf-8-sig", "replace"), "it is not UTF-8; some letters were lost"


def _whole_cells(text: str) -> list[Any]:
    """The cells that are whole, of a file that ends in the middle or in which programs left marks."""
    starts = islice(CELLS.finditer(text), MAX_STARTS)
    return max((_cells_from(text, found.end()) for found in starts), key=len, default=[])


def _cells_from(text: str, at: int) -> list[Any]:
    cells: list[Any] = []
    while found := BEFORE_A_CELL.match(text, at):
        try:
            cell, at = json.JSONDecoder().raw_decode(text, found.end())
        except ValueError:
            break
        cells.append(cell)
    return cells


def _instead(content: bytes) -> str:
    known = next((words for start, words in OTHERS if content.startswith(start)), "")
    return known or (IS_PAGE if PAGE.match(content[:1000]) else "")
