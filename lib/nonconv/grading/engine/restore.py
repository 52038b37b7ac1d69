"""Putting back the graded cells that a student deleted: nbgrader's OverwriteCells, for notebooks of which
little is left."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import OverwriteCells


class RestoreCells(OverwriteCells):
    """OverwriteCells, which with `add_missing_cells` finds a place for each graded cell.

    nbgrader's own raises KeyError, and the submission is not graded, where the cell before the missing one is
    missing as well and is no graded cell (a deleted answer and its test), or is a locked one. Here a cell
    comes after the nearest one before it that is there, or else first.
    """

    def add_missing_grade_cells(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        source: Any = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        points = {cell.name: cell.max_score for cell in source.grade_cells}
        answers = {cell.name for cell in source.solution_cells}
        at = 0
        for cell in source.source_cells:
            present = [one.metadata.get("nbgrader", {}).get("grade_id") for one in nb.cells]
            if cell.name in present:
                at = present.index(cell.name) + 1
            elif cell.name in points:
                self.log.warning("The graded cell %r is missing; it is put back", cell.name)
                added = self.missing_cell_transform(cell, points[cell.name], is_solution=cell.name in answers)
                if (nb.nbformat, nb.nbformat_minor) >= (4, 5) and all(
                    one.get("id") != cell.name for one in nb.cells
                ):
                    added["id"] = cell.name  # as everywhere in this course; without one nbformat would warn
                nb.cells.insert(at, added)
                at += 1
        return nb, resources
