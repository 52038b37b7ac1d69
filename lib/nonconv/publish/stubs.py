"""nbgrader's ClearSolutions with a stub for each task, which says what to write there.

nbgrader itself has one text for the whole course.

### BEGIN SOLUTION Return the pair (G, g).     becomes     todo("Return the pair (G, g).")
"""

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from nonconv.publish.solutions import replace_solutions


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
