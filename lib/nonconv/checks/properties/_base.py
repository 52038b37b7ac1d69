"""What the properties of every unit share."""

from collections.abc import Callable
from typing import Any

Property = Callable[[dict[str, Any], Any], str | None]
NOTHING = "it returned None: is there a `return`?"
