"""What stands at the top of a page of feedback: a table of the exercises with their points.

nbgrader's own index has a line "Test cell (Score: 1.0 / 1.0)" for each check, and no exercise's name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import GetGrades

from nonconv.grading.engine.cleaning import inline

HEADING = re.compile(r"## (.+)")
MAX_TITLE, MAX_SHOWN = 100, 500  # characters, with their HTML: the course's have 60 and 152
BEFORE = "(before the first exercise)"


@dataclass
class Section:
    """An exercise of a notebook: its heading, and the cells that nbgrader knows."""

    title: str
    cells: list[NotebookNode] = field(default_factory=list)

    @property
    def graded(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.metadata.nbgrader.get("grade")]


def sections(cells: Iterable[NotebookNode]) -> list[Section]:
    """The exercises of a notebook that have graded cells, by its headings of the second level."""
    found = [Section(BEFORE)]
    for cell in cells:
        if cell.cell_type == "markdown" and (title := HEADING.match(cell.source)):
            found.append(Section(title[1].strip()))
        if cell.metadata.get("nbgrader", {}).get("grade_id"):
            found[-1].cells.append(cell)
    return [one for one in found if one.graded]


class Summary(GetGrades):
    """nbgrader's GetGrades, and a first cell with a table of what it got: exercise, points, of how many,
    and which cells to look at."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        nb, resources = super().preprocess(nb, resources)
        rows = [_row("th", "exercise", "points", "of", "look at")]
        for one in sections(nb.cells):
            marks = [cell.metadata.nbgrader for cell in one.graded]
            points, most = (sum(mark[key] or 0.0 for mark in marks) for key in ("score", "points"))
            title = f'<a href="#{marks[0].grade_id}">{_named(one.title)}</a>'
            rows.append(_row("td", title, f"{points:g}", f"{most:g}", _look_at(one)))
        told = resources["nbgrader"]
        if told["late_penalty"] > 0:
            rows.append(_row("td", "handed in late", f"−{told['late_penalty']:g}", "", ""))
        total = (f"<strong>{told[key]:g}</strong>" for key in ("score", "max_score"))
        rows.append(_row("td", "<strong>in all</strong>", *total, ""))
        table = ["<table>", "<thead>", rows[0], "</thead>", "<tbody>", *rows[1:], "</tbody>", "</table>"]
        nb.cells.insert(0, new_markdown_cell("\n".join(table)))
        return nb, resources

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["unread"] = grade.needs_manual_grade and grade.manual_score is None


def _named(title: str) -> str:
    """A student may write a heading, too: it cannot close the table, nor be so long that the rest is cut."""
    shown = inline(title[:MAX_TITLE])
    return shown if len(shown) <= MAX_SHOWN else escape(title[:MAX_TITLE])


def _row(kind: str, *cells: str) -> str:
    return "<tr>" + "".join(f"<{kind}>{one}</{kind}>" for one in cells) + "</tr>"


def _look_at(section: Section) -> str:
    """Links to the cells that lost points or nobody has read yet, and to comments."""
    found = []
    for cell in section.cells:
        mark = cell.metadata.nbgrader
        link = f'<a href="#{mark.grade_id}">{mark.grade_id}</a>'
        if mark.get("unread"):
            found.append(f"{link}: not read yet")
        elif mark.get("grade") and (mark["score"] or 0.0) < mark["points"]:
            found.append(link)
        if mark.get("comment"):
            found.append(f'<a href="#comment-{mark.grade_id}">a comment</a>')
    return ", ".join(found)
