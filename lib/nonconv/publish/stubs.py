"""nbgrader's ClearSolutions with a stub for each task, which says what to write there.

nbgrader itself has one text for the whole course.

### BEGIN SOLUTION Return the pair (G, g).     becomes     todo("Return the pair (G, g).")
"""

import re

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions


class ClearSolutionsWithStubs(ClearSolutions):
    """Replaces each solution by `todo("…")`, with the text behind its BEGIN SOLUTION."""

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if cell.cell_type != "code":
            return super()._replace_solution_region(cell, language)
        source, replaced = replace_solutions(
            cell.source, self.begin_solution_delimeter, self.end_solution_delimeter
        )
        cell.source = source
        return replaced


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
            kept.append(f'{indent.group()}todo("{quoted}")')
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
