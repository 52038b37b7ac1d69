"""Properties, asked about an answer by name."""

from types import ModuleType
from typing import Any

from nonconv.checks.properties import PROPERTIES
from nonconv.checks.transport import Refused, pack, unpack


def says(holds: str, answer: Any, **inputs: Any) -> str | None:
    """What the property says of the answer for these inputs, by what comes out of the kernel of it."""
    if not PROPERTIES[holds].in_kernel:
        try:
            answer = unpack(pack(answer))
        except Refused as refusal:
            return str(refusal)
    return PROPERTIES[holds](inputs, answer)


def properties_of(module: ModuleType) -> set[str]:
    """The names of the properties that stand in a module."""
    return {name for name, one in PROPERTIES.items() if one.function.__module__ == module.__name__}
