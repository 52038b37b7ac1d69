"""python -m nonconv.publish.tables [--check]: the tables in README.md and docs/ that say what the units hold.

They are read from lectures/ and exercises/, which a test holds to units/; the verdict table is the one of
`nonconv.verdicts`. A table stands between the two
comments `<!-- begin: units -->` and `<!-- end: units -->`; what else stands between them is replaced.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# the first row of the card that opens an exercise, and the row of its values
CARD = re.compile(
    r"^\| goal \| minutes \| difficulty \| you need \|\n\|[-|]+\|\n\| (.+) \| (\d+) \| ([●○]+) \|", re.M
)
HEADING = re.compile(r"^## (\d+) · (.+)$", re.M)
TITLE = re.compile(r"^# (?:Exercises )?(.+)$", re.M)
TIME = re.compile(r"\*\*Time\*\* (\d+) minutes")
BLOCK = re.compile(r"(<!-- begin: ([a-z-]+) -->\n).*?(<!-- end: \2 -->)", re.S)
COUNTS = Path("docs") / "contributing" / "mutants.json"  # nonconv.publish.mutants writes it
MOST_NAMED = 20  # mutants below their table
MARKER = re.compile(r"<!-- (?:begin|end): .*? -->")


class TablesError(ValueError):
    """A notebook or a document is not as it must be; the message names the file and what is missing."""


@dataclass
class Exercise:
    """One numbered exercise: what its card says, and the points of the graded cells up to the next one."""

    number: int
    title: str
    goal: str
    minutes: int
    difficulty: str
    automatic: int = 0
    by_hand: int = 0


@dataclass
class Notebook:
    """One exercise notebook."""

    path: Path
    title: str
    exercises: list[Exercise] = field(default_factory=list)

    @property
    def automatic(self) -> int:
        return sum(one.automatic for one in self.exercises)

    @property
    def by_hand(self) -> int:
        return sum(one.by_hand for one in self.exercises)

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.exercises)


@dataclass
class UnitFacts:
    """What one unit holds: its lecture and its exercise notebooks, the one with the unit's name first.

    A unit may do without a lecture, as the capstone does, or without exercises.
    """

    name: str
    title: str
    opening: str
    root: Path
    lecture: Path | None
    lecture_minutes: int
    notebooks: list[Notebook]

    @property
    def page(self) -> Path:
        """Where one begins to read."""
        return self.lecture or self.notebooks[0].path


def unit_facts(root: Path) -> list[UnitFacts]:
    """The units that are built, in order. TablesError: a notebook lacks what is asked for."""
    lectures = {path.stem for path in (root / "lectures").glob("*.ipynb")}
    exercises = {path.parent.name for path in (root / "exercises").glob("*/*.ipynb")}
    return [_unit(name, root) for name in sorted(lectures | exercises)]


def _unit(name: str, root: Path) -> UnitFacts:
    lecture = root / "lectures" / f"{name}.ipynb"
    folder = root / "exercises" / name
    paths = sorted(folder.glob("*.ipynb"), key=lambda path: (path.stem != name, path.name))
    there = lecture.exists()
    opens = lecture if there else paths[0]
    first = nbformat.read(opens, as_version=4).cells[0].source
    return UnitFacts(
        name=name,
        title=_found(TITLE, first, opens)[1],
        opening=_opening(first),
        root=root,
        lecture=lecture if there else None,
        lecture_minutes=int(_found(TIME, first, lecture)[1]) if there else 0,
        notebooks=[_notebook(path) for path in paths],
    )


def _notebook(path: Path) -> Notebook:
    cells = nbformat.read(path, as_version=4).cells
    made = Notebook(path, _found(TITLE, cells[0].source, path)[1])
    for cell in cells:
        if cell.cell_type == "markdown" and (card := CARD.search(cell.source)):
            number, title = _found(HEADING, cell.source, path).groups()
            goal, minutes, difficulty = card.groups()
            made.exercises.append(Exercise(int(number), title, goal, int(minutes), difficulty))
        _add_points(made, cell)
    return made


def _add_points(made: Notebook, cell: NotebookNode) -> None:
    marks = cell.metadata.get("nbgrader", {})
    if not marks.get("grade"):
        return
    if not made.exercises:
        raise TablesError(
            f"{made.path}: cell {cell.id!r} is graded and stands before the first exercise's card"
        )
    # nbgrader's word for a cell that is answered and graded: a person reads it
    if marks["solution"]:
        made.exercises[-1].by_hand += marks["points"]
    else:
        made.exercises[-1].automatic += marks["points"]


def _found(pattern: re.Pattern[str], text: str, path: Path) -> re.Match[str]:
    found = pattern.search(text)
    if found is None:
        raise TablesError(f"{path}: nothing in {text[:60]!r}… matches {pattern.pattern!r}")
    return found


def _opening(first: str) -> str:
    """The paragraph below the title, on one line."""
    return " ".join(first.split("\n\n")[1].split()) if "\n\n" in first else ""


def hours(minutes: int) -> str:
    """Minutes as hours, to the quarter of an hour: 75 -> "1¼"."""
    quarters = max(1, (minutes + 7) // 15)
    return f"{quarters // 4 or ''}{('', '¼', '½', '¾')[quarters % 4]}"


Link = Callable[[Path], str]


def units_table(facts: Iterable[UnitFacts], link: Link) -> str:
    """A row for each unit: where it begins, what it asks, exercises, hours for the lecture + for them."""
    rows = ["| unit | what it asks | exercises | hours |", "|---|---|---|---|"]
    for unit in facts:
        # a further notebook, such as the proof, goes by its file's name
        names = ["" if one.path.stem == unit.name else f"{one.path.stem}: " for one in unit.notebooks]
        counts = [
            f"{name}[{len(one.exercises)}]({link(one.path)})"
            for name, one in zip(names, unit.notebooks, strict=True)
        ]
        times = [hours(unit.lecture_minutes)] if unit.lecture else []
        if unit.notebooks:
            times.append(hours(sum(one.minutes for one in unit.notebooks)))
        title = f"[{unit.title}]({link(unit.page)})"
        rows.append(f"| {title} | {unit.opening} | {', '.join(counts) or '–'} | {' + '.join(times)} |")
    return "\n".join(rows)


def points_table(facts: Iterable[UnitFacts], link: Link) -> str:
    """A row for each exercise notebook: exercises, minutes, points given by the machine and by a person."""
    rows = ["| notebook | exercises | minutes | automatic points | points by hand |", "|---|---|---|---|---|"]
    rows += [
        f"| [{one.title}]({link(one.path)}) | {len(one.exercises)} | {one.minutes}"
        f" | {one.automatic} | {one.by_hand} |"
        for unit in facts
        for one in unit.notebooks
    ]
    return "\n".join(rows)


def exercises_table(facts: Iterable[UnitFacts], link: Link) -> str:
    """For each exercise notebook a heading, and a row for each of its exercises."""
    parts = []
    for unit in facts:
        for notebook in unit.notebooks:
            rows = [
                f"| {one.number} | {one.title} | {one.goal} | {one.minutes} | {one.difficulty}"
                f" | {one.automatic + one.by_hand} |"
                for one in notebook.exercises
            ]
            parts += [
                f"## [{notebook.title}]({link(notebook.path)})",
                "\n".join(
                    (
                        "| | exercise | goal | minutes | difficulty | points |",
                        "|---|---|---|---|---|---|",
                        *rows,
                    )
                ),
            ]
    return "\n\n".join(parts)


def verdicts_table(facts: Iterable[UnitFacts], link: Link) -> str:
    """A row for each layer: is it a convolution?"""
    from nonconv.verdicts import markdown  # imports torch, which no other table needs

    return markdown()


def mutants_table(facts: Iterable[UnitFacts], link: Link) -> str:
    """A row for each unit: exercises, what became of their mutants; below it the surviving ones by name."""
    facts = list(facts)
    counts = json.loads((facts[0].root / COUNTS).read_text(encoding="utf-8")) if facts else {}
    rows = [
        "| unit | exercises | mutants | noticed | equal or right | not noticed |",
        "|---|---|---|---|---|---|",
    ]
    surviving = []
    for unit in facts:
        if not unit.notebooks:
            continue
        own = counts.get(unit.name, {})
        mutants, equal = (sum(one[key] for one in own.values()) for key in ("mutants", "equal"))
        left = [f"{name}, {which}" for name, one in own.items() for which in one["surviving"]]
        surviving += [f"- `{which}`" for which in left]
        rows.append(
            f"| [{unit.title}]({link(unit.page)}) | {len(own)} | {mutants} | {mutants - equal - len(left)}"
            f" | {equal} | {len(left)} |"
        )
    if len(surviving) > MOST_NAMED:
        surviving = [f"- {len(surviving)} in all; `make mutants` names them"]
    return "\n".join([*rows, "", "Not noticed:", "", *surviving] if surviving else rows)


TABLES: dict[str, Callable[[Iterable[UnitFacts], Link], str]] = {
    "units": units_table,
    "points": points_table,
    "exercises": exercises_table,
    "mutants": mutants_table,
    "verdicts": verdicts_table,
}


def documents(root: Path) -> list[Path]:
    """The Markdown files that may hold such tables."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def rewritten(text: str, facts: list[UnitFacts], document: Path) -> str:
    """The text with each table as it should be. TablesError: an unknown table, a comment without its pair."""

    def link(path: Path) -> str:
        return Path(os.path.relpath(path, document.parent)).as_posix()

    def table(match: re.Match[str]) -> str:
        begin, name, end = match.groups()
        if name not in TABLES:
            raise TablesError(f"{document}: there is no table {name!r}; there is {', '.join(TABLES)}")
        return f"{begin}{TABLES[name](facts, link)}\n{end}"

    if len(MARKER.findall(text)) != 2 * len(BLOCK.findall(text)):
        raise TablesError(
            f"{document}: a table needs both <!-- begin: NAME --> and <!-- end: NAME -->, each on its line"
        )
    return BLOCK.sub(table, text)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m nonconv.publish.tables",
        description="Write the tables in README.md and docs/ anew from the built notebooks.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a table is stale")
    arguments = parser.parse_args()
    root = Path.cwd()
    stale = []
    try:
        facts = unit_facts(root)
        for path in documents(root):
            text = path.read_text(encoding="utf-8")
            new = rewritten(text, facts, path)
            if new == text:
                continue
            stale.append(path.relative_to(root))
            if not arguments.check:
                path.write_text(new, encoding="utf-8")
    except TablesError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        print(f"{path}: {'a table is stale; make docs writes it anew' if arguments.check else 'written'}")
    return int(arguments.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
