"""Is the course's own code as it was when it was imported? What a notebook has put in its place is named."""

import sys
from collections.abc import Iterator, Mapping
from types import BuiltinFunctionType, CodeType, FunctionType, MappingProxyType
from typing import Any

WHOSE = "nonconv.checks"
# values that nothing of ours replaces
KINDS = (FunctionType, BuiltinFunctionType, type, tuple, frozenset, MappingProxyType)


class Kept:
    """The functions, classes and constants of the course's modules that check."""

    def __init__(self) -> None:
        self.modules: dict[str, Any] = {}
        # the names of a module or a class, and what each stands for; of a function, its code
        self.values: list[tuple[str, Mapping[str, Any], dict[str, tuple[Any, CodeType | None]]]] = []

    def add(self) -> None:
        """Keep what has been imported by now. What is kept already stays as it was."""
        for name, module in list(sys.modules.items()):
            if (name == WHOSE or name.startswith(f"{WHOSE}.")) and name not in self.modules:
                self.modules[name] = module
                self.values += [(where, names, _values(names)) for where, names in _places(name, module)]

    def altered(self) -> str | None:
        """The name of something that is not what it was, or None."""
        for where, names, values in self.values:
            for name, (value, code) in values.items():
                if names.get(name) is not value or (code is not None and value.__code__ is not code):
                    return f"{where}.{name}"
        return None


def _places(name: str, module: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield name, vars(module)
    for value in vars(module).values():
        if isinstance(value, type) and value.__module__ == name:
            yield f"{name}.{value.__name__}", vars(value)


def _values(names: Mapping[str, Any]) -> dict[str, tuple[Any, CodeType | None]]:
    return {
        name: (value, value.__code__ if isinstance(value, FunctionType) else None)
        for name, value in names.items()
        if isinstance(value, KINDS) and not (name.startswith("__") and isinstance(value, tuple))
    }
