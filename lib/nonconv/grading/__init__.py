"""Collecting submissions, autograding them with nbgrader, writing feedback, and a table of what happened.

`python -m nonconv.grading autograde UNIT --from FOLDER` does all of it.
"""

import sys

# nbformat imports jsonschema, and that a grammar of internationalised addresses, which takes a second to build, of each process that
# grades, and serves a format that no notebook has. jsonschema goes without where it is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
