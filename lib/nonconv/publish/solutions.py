"""Where a solution stands in an answer's cell, and the stub that students get in its place.

### BEGIN SOLUTION Return the pair (G, g).     becomes     todo("Return the pair (G, g).")
### BEGIN SOLUTION code: me = ""               becomes     me = ""

The second is for a cell that runs before anything is answered: a todo(…) in it would stop the notebook.
"""

import re

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CODE = "code:"


def replace_solutions(source: str, begin: str, end: str) -> tuple[str, bool]:
    """(source with a stub in the place of each solution, whether there was one).

    RuntimeError: for a BEGIN without text or without its END, nested ones, and an END alone. Any of these
    could leave a solution in what students get.
    """
    kept: list[str] = []
    inside = replaced = False
    for line in source.split("\n"):
        if begin in line:
            if inside:
                raise RuntimeError(f"BEGIN SOLUTION inside a solution:\n{source}")
            text = line.split(begin, 1)[1].strip()
            if not text:
                raise RuntimeError(f"BEGIN SOLUTION needs the text of its stub on the same line:\n{source}")
            indent = re.match(r"\s*", line)
            assert indent is not None
            quoted = text.replace("\\", "\\\\").replace('"', '\\"')
            code = text.removeprefix(CODE).strip() if text.startswith(CODE) else f'todo("{quoted}")'
            kept.append(indent.group() + code)
            inside = replaced = True
        elif end in line:
            if not inside:
                raise RuntimeError(f"END SOLUTION without its BEGIN:\n{source}")
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise RuntimeError(f"BEGIN SOLUTION without its END:\n{source}")
    return "\n".join(kept), replaced
