"""Answers that are right in many ways: each property looks at one and says what is missing, or None.

A counterexample is right if it is one; nobody's own numbers are expected. A property gets the inputs of the
case and what the student's function returned for them. One module for each subject; a check names a property
by its function's name.
"""

from nonconv.checks.properties._base import NOTHING, PROPERTIES, QUESTIONS, Property, Question, registered
from nonconv.checks.registry import import_modules

import_modules(__name__, __path__)

__all__ = ["NOTHING", "PROPERTIES", "QUESTIONS", "Property", "Question", "registered"]
