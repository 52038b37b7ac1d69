"""What several lectures train: data made of digits, and many small networks side by side.

A lecture shows the network and the plain loop for one. What only makes it fast, or makes data, is here.
"""

from nonconv.experiments.data import Digits, digits, marked_digits
from nonconv.experiments.training import side_by_side, stacked

__all__ = ["Digits", "digits", "marked_digits", "side_by_side", "stacked"]
