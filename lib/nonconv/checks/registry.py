"""What a check's data refers to by name, in one table each: layers, networks, properties.

An entry is made where it is defined.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from typing import TypeVar

Value = TypeVar("Value")


class Registry(dict[str, Value]):
    """A table of entries by name. ValueError for an unknown name, and for a new one that is there already.

    >>> Registry("layer")["relu"]
    Traceback (most recent call last):
    ValueError: there is no layer 'relu'; there is nothing yet
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, name: str) -> Value:
        raise ValueError(f"there is no {self.kind} {name!r}; there is {', '.join(self) or 'nothing yet'}")

    def add(self, name: str, value: Value) -> None:
        """A new entry."""
        if name in self:
            raise ValueError(f"there are two {self.kind} entries {name!r}; each needs a name of its own")
        self[name] = value


def import_modules(package: str, path: Iterable[str]) -> None:
    """Import each module of a package, so that its entries are made; nobody keeps a list of modules."""
    for module in pkgutil.iter_modules(path):
        importlib.import_module(f"{package}.{module.name}")
