"""A whole gradebook as plain rows, to be compared with another's: random ids replaced by what they stand
for, nothing left out."""

import sqlite3
from pathlib import Path
from typing import Any

# in this order each id is made of what is known already
NAMED = ("assignment", "notebook", "base_cell", "submitted_assignment", "submitted_notebook")
NAMING = ("name", "type", "student_id", "notebook_id", "assignment_id")
Contents = dict[str, list[tuple[tuple[str, Any], ...]]]


def contents(gradebook: Path) -> Contents:
    """Every row of every table, sorted."""
    with sqlite3.connect(gradebook) as database:
        database.row_factory = sqlite3.Row
        names = [
            row["name"] for row in database.execute("select name from sqlite_master where type = 'table'")
        ]
        tables = {name: [dict(row) for row in database.execute(f"select * from {name}")] for name in names}
    known: dict[Any, Any] = {}
    for table in NAMED:
        for row in tables[table]:
            known[row["id"]] = (table, *(known.get(row[key], row[key]) for key in NAMING if key in row))

    def plain(table: str, row: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
        random = "id" if table not in ("student", "course") and row.get("id") not in known else ""
        return tuple((key, known.get(value, value)) for key, value in row.items() if key != random)

    return {table: sorted((plain(table, row) for row in rows), key=repr) for table, rows in tables.items()}


def differences(one: Contents, other: Contents) -> list[str]:
    """Each row that stands in one of two gradebooks only, said with its table."""
    found = []
    for table in sorted({*one, *other}):
        first, second = one.get(table, []), other.get(table, [])
        found += [f"{table}: {dict(row)} in the first only" for row in first if row not in second]
        found += [f"{table}: {dict(row)} in the second only" for row in second if row not in first]
        if not found and len(first) != len(second):
            found.append(f"{table}: {len(first)} rows and {len(second)}")
    return found


def points(gradebook: Path, student: str) -> dict[str, float | None]:
    """A student's automatic score by graded cell."""
    found = {}
    for row in map(dict, contents(gradebook)["grade"]):
        _, _, (_, who, _) = row["notebook_id"]
        if who == student:
            found[row["cell_id"][1]] = row["auto_score"]
    return found
