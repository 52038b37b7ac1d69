"""Known wrong answers and alternative right ones: they test the checks, and they speak through them.

A mistakes.py holds functions marked with `wrong` or `right`. Each is an answer as a student would write it.
Its name says what it does.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any


@dataclass(frozen=True)
class Attempt:
    """One answer. A wrong one has words that must stand in its diagnosis, and the graded cells that it loses.

    `says` is a sentence about the mistake. It is stored beside the mistake's outputs, and a student with the
    same outputs reads it. `shows` are words of the ordinary diagnosis, where that says enough. `earns` says
    why it is fair that it passes a hidden check, though it loses all that a student can run.
    """

    answer: str
    function: Callable[..., Any]
    says: str = ""
    shows: str = ""
    loses: tuple[str, ...] = ()
    keeps: dict[str, float] = field(default_factory=dict)  # of what it loses in part, the share that is kept
    earns: dict[str, str] = field(default_factory=dict)
    text: str = ""  # the source, where it is not the function's own
    called: str = ""

    @property
    def name(self) -> str:
        return self.called or self.function.__name__

    @property
    def is_wrong(self) -> bool:
        return bool(self.loses or self.keeps)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def source(self) -> str:
        """The function as a notebook would hold it: under the answer's name, with imports and helpers."""
        if self.text:
            return self.text
        tree = _tree(self.function)
        tree.name = self.answer
        helpers = _helpers(self.function, tree)
        parts = [*helpers.values(), tree]
        used = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
        names = {name: value for name, value in self.function.__globals__.items() if name in used}
        modules = {name: value.__name__ for name, value in names.items() if isinstance(value, ModuleType)}
        imports = [f"import {module} as {name}\n" for name, module in sorted(modules.items())]
        imports += [
            f"from {value.__module__} import {value.__name__} as {name}\n"
            for name, value in sorted(names.items())
            if _can_be_imported(value, self.function.__module__)
        ]
        return "".join(imports) + "\n\n\n".join(map(ast.unparse, parts))


def _tree(function: Callable[..., Any]) -> ast.FunctionDef:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    return tree


def _helpers(function: Callable[..., Any], tree: ast.FunctionDef) -> dict[str, ast.FunctionDef]:
    """The functions of the same file that a function calls, and those that they call."""
    found: dict[str, ast.FunctionDef] = {}
    waiting = [tree]
    while waiting:
        for node in ast.walk(waiting.pop()):
            value = function.__globals__.get(node.id) if isinstance(node, ast.Name) else None
            if not isinstance(node, ast.Name) or not isinstance(value, FunctionType) or value is function:
                continue
            if value.__module__ == function.__module__ and node.id not in found:
                found[node.id] = _tree(value)
                waiting.append(found[node.id])
    return found


def _can_be_imported(value: Any, own: str) -> bool:
    """Is it a function or a class of another module, such as itertools.count?"""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or module in (own, "builtins") or not isinstance(name, str):
        return False
    return getattr(sys.modules.get(module), name, None) is value


def wrong(
    answer: str,
    *,
    loses: tuple[str, ...] | list[str] = (),
    keeps: dict[str, float] | None = None,
    earns: dict[str, str] | None = None,
    says: str = "",
    shows: str = "",
) -> Callable[[Callable[..., Any]], Attempt]:
    """Mark a wrong answer: what the student must read (`says` or `shows`), the graded cells that it loses.

    A proof can be right in part: `keeps` names the cells that keep a share of their points. An answer that
    loses all visible checks and passes a hidden one needs a reason: earns={"double-large": "…"}.
    """
    if bool(says) == bool(shows) or not (loses or keeps):
        raise ValueError(f"a wrong {answer} needs either says or shows, and loses or keeps")
    return lambda function: Attempt(answer, function, says, shows, tuple(loses), keeps or {}, earns or {})


def right(answer: str) -> Callable[[Callable[..., Any]], Attempt]:
    """Mark an alternative right answer: it must get full marks."""
    return lambda function: Attempt(answer, function)


def edited(
    answer: str,
    solution: str,
    scope: dict[str, Any],
    called: str,
    *edits: tuple[str, str],
    says: str = "",
    shows: str = "",
    loses: tuple[str, ...] | list[str] = (),
    keeps: dict[str, float] | None = None,
    earns: dict[str, str] | None = None,
) -> Attempt:
    """An attempt that is the solution's source with some edits, each (old, new): for answers of many lines.

    The edits are made one after the other, wherever `old` stands, in the source as ast.unparse writes it:
    each statement is one line, strings have single quotes, and there are no comments. `scope` holds the
    names that the notebook defines before the answer's cell. An attempt without `loses` and `keeps` is a
    right one.

    A file of many edits gives what they have in common once:

        double = partial(edited, "double", solution(__file__, "double"), given(__file__), loses=DOUBLE)

    ValueError shows the solution if an edit does not fit into it, or the edited one if it is no Python.
    """
    text = ast.unparse(ast.parse(solution))
    for old, new in edits:
        if old not in text:
            raise ValueError(
                f"{called}: the solution of {answer} does not contain {old!r}; it reads\n\n{text}"
            )
        text = text.replace(old, new)
    names = dict(scope)
    try:
        exec(compile(text, f"<{called}>", "exec"), names)
    except SyntaxError as error:
        raise ValueError(f"{called}: line {error.lineno} is no Python ({error.msg}):\n\n{text}") from error
    return Attempt(
        answer, names[answer], says, shows, tuple(loses), keeps or {}, earns or {}, text=text, called=called
    )
