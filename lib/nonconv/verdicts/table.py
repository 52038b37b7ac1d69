"""The verdict table as Markdown: in the lectures, as far as each goes, and in the documents."""

from typing import Any

from nonconv.verdicts.rows import ONE_OUTPUT, ROWS, YES, Row

HEAD = (
    "| unit | layer | affine? | commutes with shifts? | same weights for every input? | a convolution?"
    " | kernel, or counterexample |",
    "|---|---|---|---|---|---|---|",
)


def markdown(upto: int = 7) -> str:
    """The rows of the units 1 to `upto`. ValueError if that is no unit of the course."""
    if not 1 <= upto <= 7:
        raise ValueError(f"upto must be a unit, from 1 to 7, not {upto!r}")
    return "\n".join([*HEAD, *(_line(row) for row in ROWS if row.unit <= upto)])


def table(upto: int = 7) -> Any:
    """The same, for a notebook to show."""
    from IPython.display import Markdown

    return Markdown(markdown(upto))


def _line(row: Row) -> str:
    commutes = row.commutes
    if commutes == ONE_OUTPUT:
        commutes = "– (one output)"
    elif commutes == YES and row.grows > 1:
        commutes = f"no, a shift by {row.stride} becomes one by {row.grows}"
    elif commutes == YES and row.stride > 1:
        commutes = "yes, by its stride"
    verdict = "**yes**" if row.is_convolution else "no"
    cells = (row.unit, row.name, _word(row.affine), commutes, _word(row.same_weights), verdict, row.why)
    return f"| {' | '.join(map(str, cells))} |"


def _word(value: bool) -> str:
    return "yes" if value else "no"
