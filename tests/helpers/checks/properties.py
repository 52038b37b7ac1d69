"""Properties, asked about an answer by name."""

from types import ModuleType
from typing import Any

from nonconv.checks.properties import PROPERTIES


def says(holds: str, answer: Any, **inputs: Any) -> str | None:
    """What the property says of the answer for these inputs."""
    return PROPERTIES[holds](inputs, answer)


def properties_of(module: ModuleType) -> set[str]:
    """The names of the properties that stand in a module."""
    return {name for name, one in PROPERTIES.items() if one.function.__module__ == module.__name__}
