"""What is left out when nbformat is imported: seconds of each command that reads or writes a notebook.

nbformat imports jsonschema, and that imports a grammar of internationalised addresses, which takes a second
or more to build and serves a format that no notebook has. jsonschema goes without where it is not installed.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
