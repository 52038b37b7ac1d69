"""Who calls: what the frames of Python's stack say, known by code and by file, not by the names of modules.

A module's name stands in its globals, and a notebook can write any name into its own.
"""

import importlib._bootstrap
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import torch
from torch.autograd import graph

# whose code is no answer's: the course, the frameworks, Python itself
ROOTS = (
    str(Path(__file__).parents[1]),
    str(Path(torch.__file__).parents[1]),
    str(Path(threading.__file__).parent),
    "<frozen",
)
IMPORT = importlib._bootstrap._find_and_load.__code__  # type: ignore[attr-defined]
WAY_BACK = graph._engine_run_backward.__code__


def frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The frame, the one that called it, and so on."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def module_of(frame: FrameType) -> str:
    """The name of the module of the course or a framework in which this code stands; empty for a cell's."""
    return "" if of_a_student(frame) else str(frame.f_globals.get("__name__") or "")


def of_a_student(frame: FrameType | None) -> bool:
    """Is this the code of a cell, rather than of the course, a framework, or Python?"""
    if frame is None or frame.f_code.co_filename.startswith(ROOTS):
        return False
    return not (frame.f_code.co_filename.startswith("<") and _is_written_by_python(frame))


def _is_written_by_python(frame: FrameType) -> bool:
    """collections.namedtuple and dataclasses make code from a text, for a class of a module of theirs."""
    code = frame.f_code
    if code.co_names == ("_tuple_new",) or (not code.co_names and code.co_name == "<module>"):
        return frame.f_globals.get("_tuple_new") is tuple.__new__
    module = sys.modules.get(str(frame.f_globals.get("__name__")))
    file = getattr(module, "__file__", None) or ""
    return module is not None and vars(module) is frame.f_globals and file.startswith(ROOTS)


def importing(frame: FrameType | None) -> bool:
    """Is this part of an import of a module of the course, a framework, or Python, by whomever?"""
    of_a_module = False
    for one in frames(frame):
        if of_a_student(one):
            return False
        of_a_module = of_a_module or one.f_code.co_name == "<module>"
        if one.f_code is IMPORT:
            return of_a_module
    return False


def on_the_way_back(frame: FrameType | None) -> bool:
    """Did autograd call this, on its way back, rather than a student's code that autograd has called?"""
    for one in frames(frame):
        if of_a_student(one):
            return False
        if one.f_code is WAY_BACK:
            return True
    return False
