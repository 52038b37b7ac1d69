"""Values as a check's data holds them."""

import json
from typing import Any

from nonconv.checks.encoding import decode, encode


def through_json(value: Any) -> Any:
    """The value, written as JSON and read again."""
    return decode(json.loads(json.dumps(encode(value))))
