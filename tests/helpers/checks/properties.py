"""Properties, asked about an answer by name."""

import json
from types import ModuleType
from typing import Any

from nonconv.checks.properties import PROPERTIES
from nonconv.checks.symbols import is_formula
from nonconv.checks.transport import Refused, pack, unpack


def says(holds: str, answer: Any, **inputs: Any) -> str | None:
    """What the property says of the answer for these inputs, by what comes out of the kernel of it."""
    if PROPERTIES[holds].asks is not None:
        return PROPERTIES[holds].of(inputs, answer)
    formulas = any(is_formula(value) for value in inputs.values())
    try:
        answer = unpack(json.loads(json.dumps(pack(answer, formulas))), formulas=formulas)
    except Refused as refusal:
        return str(refusal)
    return PROPERTIES[holds](inputs, answer)


def properties_of(module: ModuleType) -> set[str]:
    """The names of the properties that stand in a module."""
    return {name for name, one in PROPERTIES.items() if one.function.__module__ == module.__name__}
