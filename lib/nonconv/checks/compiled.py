"""Functions written in C that are ready answers: found among the names in an answer's code, and its helpers'.

Python enters no module with them, and the framework no kernel of that name.
"""

import dis
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

# by module and name, each with the word with which a check bans or allows it
COMPILED = MappingProxyType(
    {
        ("scipy.special", "expit"): "sigmoid",
        ("scipy.special", "log_expit"): "sigmoid",
        ("scipy.special", "softmax"): "softmax",
        ("torch", "rnn_tanh"): "rnn_",
        ("torch", "rnn_relu"): "rnn_",
        ("torch", "rnn_tanh_cell"): "rnn_",
        ("torch", "rnn_relu_cell"): "rnn_",
        ("torch", "lstm"): "lstm",
        ("torch", "lstm_cell"): "lstm",
        ("torch", "gru"): "gru",
        ("torch", "gru_cell"): "gru",
    }
)
MAX_HELPERS = 50  # of a student's own functions, whose names are looked through


def compiled(answer: Any) -> Iterator[tuple[str, str, str]]:
    """The functions of COMPILED, (module, name, word), that stand in the answer's code or its helpers'."""
    loaded = {
        id(getattr(sys.modules[module], name)): (module, name, word)
        for (module, name), word in COMPILED.items()
        if module in sys.modules and hasattr(sys.modules[module], name)
    }
    waiting, seen = [answer], set()
    while waiting and len(seen) < MAX_HELPERS:
        function = waiting.pop()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        names = set(_names(function.__code__))
        known = set(_globals(function.__code__)) & function.__globals__.keys()  # not x of torch.x
        values = [function.__globals__[name] for name in known]
        values += [cell.cell_contents for cell in function.__closure__ or () if _filled(cell)]
        values += [sys.modules[name] for name in names & sys.modules.keys()]  # imported in the function
        for _ in range(2):  # scipy.special.expit
            modules = [value for value in values if isinstance(value, ModuleType)]
            values += [getattr(module, name) for module in modules for name in names if name in vars(module)]
        waiting += [one for one in values if isinstance(one, FunctionType) and not _of_a_framework(one)]
        yield from (loaded[id(value)] for value in values if id(value) in loaded)
        # from scipy.special import expit, in the function itself
        yield from ((m, n, word) for (m, n), word in COMPILED.items() if m in names and n in names)


def _of_a_framework(function: FunctionType) -> bool:
    """Their functions are many, take long to look through, and reach the kernels that are watched."""
    return (function.__module__ or "").partition(".")[0] in ("torch", "numpy", "nonconv")


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _globals(code: CodeType) -> Iterator[str]:
    yield from (one.argval for one in dis.get_instructions(code) if one.opname == "LOAD_GLOBAL")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals(constant)


def _filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True
