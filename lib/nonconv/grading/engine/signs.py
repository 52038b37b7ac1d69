"""A second sign, outside the kernel: what the cells of an answer name, read in their source.

The ban on ready answers is watched from inside the student's process. Where the guard there let an answer
pass though its source names what is banned, or what could take the guard off, an instructor is told, with the
line. It costs no points: a name proves nothing, and a clever answer needs none.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache

from nonconv.grading.limits import parsed

# what an answer needs for no exercise, and what could take off the guard
NAMES = """
    threading _thread concurrent multiprocessing subprocess ctypes _xxsubinterpreters _interpreters
    setprofile settrace addaudithook __closure__ cell_contents __globals__ _getframe _C exec eval
    __import__ lifted own_work hands_over _disable_current_modes get_ipython getprofile _python_dispatch
    f_back f_locals f_globals tb_frame optimize_for_inference
"""
ODD = {*NAMES.split(), "import gc", "import asyncio"}
# modules of the course that ask and judge, of which an answer needs nothing
OURS = ("guard", "watching", "data", "transport", "remote", "diagnosis", "calling", "properties")
OURS += ("frames", "unaltered")
ODD |= {f"import nonconv.checks.{name}" for name in OURS}
# what nothing but a change of the guard needs, in whatever cell it stands
TAMPERING = {"own_work", "setprofile", "getprofile", "_python_dispatch"}
TAMPERING |= {f"import nonconv.checks.{name}" for name in OURS}
FILES = ("checks.json", "judge.json")
# functions of the framework that are whole answers, by the word with which a check allows them
READY = {
    "conv": ("conv1d", "conv2d", "conv3d", "conv_transpose2d"),
    "batch_norm": ("batch_norm", "native_batch_norm"),
    "layer_norm": ("layer_norm",),
    "pool": ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"),
    "scaled_dot_product": ("scaled_dot_product_attention",),
}
SIGNS = "nonconv_signs"  # where a cell of a graded notebook has them, in its metadata
MAX_SIGNS = 3  # of one answer
MAX_CHARS = 100_000  # of a cell that is read; nobody writes a longer one by hand


def signs(sources: Mapping[str, str], answer: str, may_call: tuple[str, ...]) -> list[str]:
    """What the cells that define the answer, and the helpers it names, say that they should not; and what any
    cell says that only takes off the guard.

    sources: the cells of the notebook, by id, that came before the check.
    """
    too_long = [name for name, source in sources.items() if len(source) > MAX_CHARS]
    trees = {name: tree for name, source in sources.items() if (tree := _parsed(source)) is not None}
    defined = {one: name for name, tree in trees.items() for one in _defines(tree)}
    waiting, seen, found = [answer], set(), []
    while waiting:
        cell = defined.get(waiting.pop())
        if cell is None or cell in seen:
            continue
        seen.add(cell)
        for word, line in _words(trees[cell]):
            if word in ODD or word in FILES or word in _ready(may_call):
                found.append(f"{cell!r} names {word} in line {line}")
            elif word in defined:
                waiting.append(word)
    for name, tree in trees.items():
        if name not in seen:
            found += [
                f"{name!r} names {word} in line {line}" for word, line in _words(tree) if word in TAMPERING
            ]
    found += [f"{name!r} is too long to be read" for name in too_long]
    return list(dict.fromkeys(found))[:MAX_SIGNS]


def _ready(may_call: tuple[str, ...]) -> frozenset[str]:
    banned = [
        names
        for word, names in READY.items()
        if not any(word in allowed or allowed in word for allowed in may_call)
    ]
    return frozenset(name for names in banned for name in names)


@lru_cache(maxsize=128)  # each check of a notebook asks for the cells before it
def _parsed(source: str) -> ast.Module | None:
    return parsed(source) if len(source) <= MAX_CHARS else None  # of a magic line, say, there is none


def _defines(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _words(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each name in the cell, with its line: of variables, attributes, imports, and short texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            if node.attr != "eval":  # of a network: model.eval()
                yield node.attr, node.lineno
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in (*modules, *(one.name for one in node.names)):
                yield from ((part, node.lineno) for part in (f"import {name}", *name.split(".")))
            if modules:  # from nonconv.checks import guard
                yield from ((f"import {modules[0]}.{one.name}", node.lineno) for one in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 80:
            yield node.value, node.lineno
