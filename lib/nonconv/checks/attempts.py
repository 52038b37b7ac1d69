"""Known wrong answers and alternative right ones: they test the checks, and they speak through them.

A unit's mistakes.py holds functions marked with `wrong` or `right`. Each is an answer as a student would write
it, under a name that says what it does.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Attempt:
    """One answer. A wrong one has words that must stand in its diagnosis, and the graded cells that it loses.

    `says` is a sentence about the mistake, stored beside its outputs and told to a student who has the same
    outputs; `shows` are words of the ordinary diagnosis, where that says enough.
    """

    answer: str
    function: Callable[..., Any]
    says: str = ""
    shows: str = ""
    loses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def is_wrong(self) -> bool:
        return bool(self.loses)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def source(self) -> str:
        """The function under the name of the answer, with the imports it needs, as it would stand in a notebook."""
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(self.function))).body
        assert isinstance(tree, ast.FunctionDef)
        tree.decorator_list, tree.name = [], self.answer
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        modules = {
            name: value.__name__
            for name, value in self.function.__globals__.items()
            if name in used and isinstance(value, ModuleType)
        }
        imports = [f"import {module} as {name}\n" for name, module in sorted(modules.items())]
        return "".join(imports) + ast.unparse(tree)


def wrong(
    answer: str, *, loses: tuple[str, ...] | list[str], says: str = "", shows: str = ""
) -> Callable[[Callable[..., Any]], Attempt]:
    """Mark a wrong answer: what the student must read (`says` or `shows`), the graded cells that it loses."""
    if bool(says) == bool(shows) or not loses:
        raise ValueError(f"a wrong {answer} needs either says or shows, and loses")
    return lambda function: Attempt(answer, function, says, shows, tuple(loses))


def right(answer: str) -> Callable[[Callable[..., Any]], Attempt]:
    """Mark an alternative right answer: it must get full marks."""
    return lambda function: Attempt(answer, function)


def attempts(module: ModuleType) -> list[Attempt]:
    """All attempts of a mistakes.py, in the order in which they stand there."""
    return [value for value in vars(module).values() if isinstance(value, Attempt)]
