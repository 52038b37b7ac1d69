"""Answers that are right in many ways: each property looks at one and says what is missing, or None.

A counterexample is right if it is one; nobody's own numbers are expected. A property gets the inputs of the case and
what the student's function returned for them. One module for each subject; a name belongs to one of them only.
"""

from nonconv.checks.properties import activation, attention, reduction
from nonconv.checks.properties._base import NOTHING, Property

PROPERTIES: dict[str, Property] = {
    **reduction.PROPERTIES,
    **activation.PROPERTIES,
    **attention.PROPERTIES,
}

__all__ = ["NOTHING", "PROPERTIES", "Property"]
