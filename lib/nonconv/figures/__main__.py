"""python -m nonconv.figures FILE: every picture of the course on one HTML page."""

import sys
from pathlib import Path

from nonconv.figures import page

if len(sys.argv) != 2:
    sys.exit("usage: python -m nonconv.figures FILE.html")
target = Path(sys.argv[1])
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(page(), encoding="utf-8")
print(target)
