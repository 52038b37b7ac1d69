"""Is a value a formula? Said without importing sympy, which takes half a second of each notebook."""

import sys
from typing import Any


def is_formula(value: Any) -> bool:
    """An expression or a symbol of sympy, or one of the functions of `nonconv.checks.formula` itself."""
    if "sympy" not in sys.modules:
        return False
    from nonconv.checks import formula

    return formula.is_formula(value)
