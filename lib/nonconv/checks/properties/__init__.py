"""Answers that are right in many ways: each property looks at one and says what is missing, or None.

A counterexample is right if it is one; nobody's own numbers are expected. A property gets the inputs of the case and
what the student's function returned for them. One module for each subject; a name belongs to one of them only.
"""

from nonconv.checks.properties import activation, architectures, attention, reduction
from nonconv.checks.properties._base import NOTHING, Property

PROPERTIES: dict[str, Property] = {
    **reduction.PROPERTIES,
    **activation.PROPERTIES,
    **attention.PROPERTIES,
    **architectures.PROPERTIES,
}

# their answers are networks or formulas, which cannot leave the kernel as plain data
IN_THE_KERNEL = {
    "has no batch norm left",
    "has squeeze and excitation behind each convolution",
    "is tanh, written with σ",
    "leads from 2σ(2x) − 1 to tanh",
}

__all__ = ["IN_THE_KERNEL", "NOTHING", "PROPERTIES", "Property"]
