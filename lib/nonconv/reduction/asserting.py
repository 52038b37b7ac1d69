"""Assertions on numbers or sizes of a call: a tracer goes past them, and the graph asserts the same."""

import builtins
import dis
import linecache
import sys
from types import FrameType
from typing import Any

import torch
from torch import Tensor, fx

_BEFORE_A_JUMP = ("COMPARE_OP", "TO_BOOL", "CACHE", "NOT_TAKEN")  # from Python 3.13 on these ask
_LONGEST = 200  # instructions of a block that raises
_LEAVES = ("RETURN", "FOR_", "YIELD", "RERAISE", "STORE_GLOBAL", "STORE_ATTR", "STORE_SUBSCR")


def traced(value: fx.Proxy, frame: FrameType | None) -> bool | None:
    """What a truth value must be, where the code that asks for it raises otherwise: `assert value`, or
    `if not value: raise …`. The graph then asserts the same. None where it decides by it.
    """
    if frame is None:
        return None
    steps = list(dis.get_instructions(frame.f_code))
    at = {step.offset: number for number, step in enumerate(steps)}
    number = at.get(frame.f_lasti, -1)
    while 0 <= number < len(steps) - 1 and steps[number].opname in _BEFORE_A_JUMP:
        number += 1
    jump = steps[number]
    if "JUMP" not in jump.opname or ("IF_TRUE" not in jump.opname and "IF_FALSE" not in jump.opname):
        return None
    jumps_if = "IF_TRUE" in jump.opname
    for block, expected in ((number + 1, jumps_if), (at.get(jump.argval, len(steps)), not jumps_if)):
        if (raised := _raised(steps, at, block)) is not None:
            kind, said = raised
            said = said or linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
            value.tracer.create_proxy("call_function", asserted, (value, expected, kind, said), {})
            return expected
    return None


def _raised(steps: list[dis.Instruction], at: dict[int, int], start: int) -> tuple[str, str] | None:
    """(kind, message; "" if it is computed) of the error that the block raises, whichever way it takes."""
    kind, raises, texts, seen, waiting = "RuntimeError", False, list[str](), set[int](), [start]
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        if not start <= number < len(steps) or len(seen) > _LONGEST:
            return None
        seen.add(number)
        step = steps[number]
        name = step.opname
        if name == "RAISE_VARARGS":
            raises = True
            continue
        if name.startswith(_LEAVES):
            return None
        if "JUMP" in name:
            waiting.append(at.get(step.argval, -1))
            texts += ["", ""]
        if "JUMP" not in name or "_IF_" in name:
            waiting.append(number + 1)
        if name == "LOAD_ASSERTION_ERROR" or (name == "LOAD_COMMON_CONSTANT" and "Assert" in step.argrepr):
            kind = "AssertionError"
        elif name == "LOAD_GLOBAL" and _is_error(step.argval):
            kind = str(step.argval)
        elif name == "LOAD_CONST" and isinstance(step.argval, str):
            texts.append(step.argval)
        elif name.startswith(("FORMAT_", "BUILD_")):
            texts += ["", ""]
    return (kind, texts[0] if len(texts) == 1 else "") if raises else None


def _is_error(name: Any) -> bool:
    found = getattr(builtins, str(name), None)
    return isinstance(found, type) and issubclass(found, Exception)


def asserted(value: Any, expected: bool, kind: str, said: str) -> None:
    """Raises what the network raises where the value is not what it must be."""
    if isinstance(value, fx.Proxy):  # the graph is traced once more, when it is loaded
        value.tracer.create_proxy("call_function", asserted, (value, expected, kind, said), {})
    elif isinstance(value, Tensor) and torch.compiler.is_compiling():
        torch.ops.aten._assert_async.msg(value if expected else value == 0, said)
    elif bool(value) is not expected:
        raise getattr(builtins, kind)(said)


def let_pass(value: Any, expected: bool, kind: str, said: str) -> None:
    """In its place where numbers are random."""


def asker() -> FrameType | None:
    """The frame of the user's that asks a stand-in for its truth value."""
    return sys._getframe(3)
