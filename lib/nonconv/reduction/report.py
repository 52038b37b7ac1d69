"""What `reduce` did and did not, as data, as text for a terminal and as a table for a notebook."""

from collections import Counter
from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True)
class Row:
    """One place of the network, and what became of it."""

    rule: str
    where: str
    applied: bool
    formula: str = ""
    parameters: tuple[int, int] | None = None  # before, after
    macs: tuple[int, int] | None = None  # multiply–adds, as `count_macs` counts
    inside: float | None = None  # largest error in float64 with random statistics; None: no such position
    border: float | None = None
    reason: str = ""  # why not
    fixed: bool = False  # right for inputs of the example's size only


@dataclass(frozen=True)
class Step:
    """A node of a network's graph: enough to draw it."""

    name: str
    kind: str  # "convolution", "batch norm", "average", "sum", "input", "output" or "other"
    label: str
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """A step that was done: its row, the nodes that it took and those that it made, the graph behind it."""

    row: Row
    taken: tuple[str, ...]
    made: tuple[str, ...]
    graph: list[Step]
    macs: int  # of the whole network, behind the step


@dataclass
class Report:
    """The rows in the order of the work, the two graphs, and how the whole was proved.

    `stages` are the graphs between the two, one behind each step that was done, in order;
    none for a graph of more than 400 nodes.
    """

    goal: str
    rows: list[Row] = field(default_factory=list)
    before: list[Step] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    parameters: tuple[int, int] = (0, 0)
    macs: tuple[int, int] = (0, 0)
    traced: str = ""  # how the graph was made
    error: float | None = None  # of the whole network, relative, in float64 with random statistics
    error_in_use: float | None = None  # relative, with the network's own numbers in its own dtype
    refused: str = ""  # why nothing at all was done
    # of the graph, the proof and the rewriting: how long each took
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what else is to be known of it

    @property
    def applied(self) -> list[Row]:
        return [row for row in self.rows if row.applied]

    @property
    def left(self) -> list[Row]:
        return [row for row in self.rows if not row.applied]

    def __str__(self) -> str:
        return "\n".join([*self._head(), "", *_columns(self._table())])

    def _repr_html_(self) -> str:
        head, *rows = self._table() or [()]
        cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        said = "<br>".join(escape(line) for line in self._head())
        return f"<p>{said}</p><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"

    def _head(self) -> list[str]:
        if self.refused:
            return [f"Nothing was reduced: {self.refused}."]
        steps = len(self.applied)
        lines = [
            f"{steps} step{'s' if steps != 1 else ''}, goal: {self.goal}. Graph by {self.traced}.",
            f"Parameters {_change(self.parameters)}, multiply–adds {_change(self.macs)}.",
        ]
        if self.error is not None:
            lines.append(
                f"The whole network, in float64 with random statistics: error {_short(self.error)} of its"
                f" largest value."
            )
        if self.error_in_use is not None:
            lines.append(f"With its own numbers and dtype: {_short(self.error_in_use)}.")
        return [*lines, *self.notes]

    def _table(self) -> list[tuple[str, ...]]:
        if not self.rows:
            return []
        rows: list[tuple[str, ...]] = [
            (
                "rule",
                "where",
                "parameters",
                "multiply–adds",
                "error inside",
                "at the border",
                "formula, or why not",
            )
        ]
        for row in self.rows:
            errors = [_short(e) if e is not None else "–" for e in (row.inside, row.border)]
            said = row.formula if row.applied else f"left: {row.reason}"
            rows.append((row.rule, row.where, _change(row.parameters), _change(row.macs), *errors, said))
        return rows

    def reasons(self) -> Counter[str]:
        """How often each rule was not applied, by the rule."""
        return Counter(row.rule for row in self.left)


def _change(pair: tuple[int, int] | None) -> str:
    if pair is None:
        return "–"
    before, after = (_counted(n) for n in pair)
    return f"{before} → {after}"


def _counted(n: int) -> str:
    for size, name in ((10**9, " G"), (10**6, " M"), (10**3, " k")):
        if n >= 10 * size or (n >= size and name != " k"):
            return f"{n / size:.4g}{name}"
    return str(n)


def _short(error: float) -> str:
    return f"{error:.1e}" if error else "0"


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    """Aligned; the last column is as long as it is."""
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in rows
    ]
