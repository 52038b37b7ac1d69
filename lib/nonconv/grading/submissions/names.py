"""Who handed something in: the name that the LMS or the folder says, in any script.

A name stays as people write it, but for what a file system or nbgrader cannot take. Two students are never
made one: where two names would become the same, the one that was written so keeps it.
"""

import contextlib
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Key = tuple[str, ...]
MAX_NAME = 80  # characters; a file system takes 255 bytes
NOT_IN_A_NAME = re.compile(r"""[/\\:*?"<>|\[\]{}$`&;#%!\x00-\x1f\x7f]""")

MOODLE = re.compile(r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<rest>.*)")
# what a student typed in instead of a file is called …_text.html or …_link.html
CANVAS = re.compile(
    r"(?P<who>[^_\s]+)(?P<late>_LATE)?_(?P<id>\d+)_(?:(?P<kind>\d+)_(?P<rest>.+)|(?:text|link)\.html)", re.I
)
CANVAS_WITHOUT_NAMES = re.compile(
    r"(?P<late>LATE_)?(?P<who>anon_(?P<id>[A-Za-z0-9]+))_(?:(?P<kind>\d+)_(?P<rest>.+)|(?:text|link)\.html)"
)
BLACKBOARD = re.compile(
    r"(?P<kind>.+?)_(?P<who>[^_]+)_attempt_(?P<id>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|\.txt)?"
)
# 123-456 - Ada Lovelace - Nov 1, 2026 1000 AM, as a folder or before a file's name
BRIGHTSPACE = re.compile(
    r"(?P<id>\d+)-\d+ ?- (?P<who>.+?) - (?P<date>[^-]*\b\d{4}\b[^-]*?)(?: - (?P<rest>.+))?"
)
CLASSROOM = re.compile(r"(?P<who>.+?) - (?P<rest>.+\.(?:ipynb|zip|json))", re.I)
LAYOUTS = (
    ("Moodle", MOODLE),
    ("Canvas", CANVAS),
    ("Canvas", CANVAS_WITHOUT_NAMES),
    ("Blackboard", BLACKBOARD),
    ("Brightspace", BRIGHTSPACE),
    ("Google Classroom", CLASSROOM),
)


@dataclass(frozen=True)
class Sender:
    """Who a name of an LMS names: `key` tells two people apart, `rest` is the file's own name, if any."""

    layout: str
    name: str
    key: tuple[str, ...]
    rest: str = ""
    attempt: str = ""  # of Blackboard and Brightspace, a date that sorts
    late: bool = False


def sender(name: str, assignment: str = "") -> Sender | None:
    """What an LMS's name of a folder or file says, or None for any other name.

    `assignment`: what stands before the students of Blackboard, whose names may hold an underscore.
    """
    name = unicodedata.normalize("NFC", name)
    for layout, pattern in LAYOUTS:
        if found := pattern.fullmatch(name):
            parts = found.groupdict()
            who = parts["who"].strip()
            own = parts.get("id") or ""
            attempt = _sorted_date(parts.get("date") or "")
            if layout == "Blackboard":
                own, attempt = "", own
                head = name.partition("_attempt_")[0]
                who = head.removeprefix(assignment) if assignment and head.startswith(assignment) else who
            return Sender(
                layout, who, (layout, who, own), parts.get("rest") or "", attempt, bool(parts.get("late"))
            )
    return None


def assignment_in(names: Iterable[str]) -> str:
    """What all of Blackboard's names begin with, up to the students: "Unit 2_" of Unit 2_ab_12_attempt_…"""
    heads = {name.partition("_attempt_")[0] for name in names if BLACKBOARD.fullmatch(name)}
    if len(heads) < 2:
        return ""
    first, last = min(heads), max(heads)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: first.rfind("_", 0, same) + 1]


def _sorted_date(text: str) -> str:
    """Brightspace's date, "Nov 1, 2026 900 AM", so that a later one sorts later; not English: as it is."""
    date, _, clock = text.strip().rpartition(" ")
    date, _, hours = date.rpartition(" ")
    for form in ("%b %d, %Y", "%B %d, %Y"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(f"{date} {hours.zfill(4)} {clock}", f"{form} %I%M %p").isoformat()
    return text.strip()


def student_id(name: str) -> str:
    """A name as nbgrader and every file system can take it: what they cannot becomes an underscore."""
    text = unicodedata.normalize("NFC", as_text(name))
    kept = "".join("_" if unicodedata.category(one).startswith("C") else one for one in text)
    plain = re.sub(r"\s+", " ", NOT_IN_A_NAME.sub("_", kept)).replace("\N{REPLACEMENT CHARACTER}", "_")
    plain = plain.strip(" ._-").lstrip("=+@ ")  # a spreadsheet takes these for the start of a formula
    if len(plain) > MAX_NAME or len(plain.encode()) > 2 * MAX_NAME:
        short = plain[:MAX_NAME].encode()[: 2 * MAX_NAME].decode(errors="ignore")
        plain = f"{short.strip()}~{_digest(name)}"
    return plain or f"student_{_digest(name)}"


def identified(names: list[Key], root: Path) -> dict[Key, str]:
    """As `told_apart`, for a course: who has handed in before keeps the identity, whoever hands in now.

    root/.grading/names.json remembers under which name an identity handed in; one in root/submitted that is
    not there goes by its own.
    """
    path = root / ".grading" / "names.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    here = {one.name: one.name for one in (root / "submitted").glob("*") if one.is_dir()}
    made = told_apart(names, here | known)
    for key, identity in made.items():
        known[identity] = _composed(key[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".part").write_text(json.dumps(known, indent=0), encoding="utf-8")
    os.replace(path.with_suffix(".part"), path)
    return made


def told_apart(
    names: list[tuple[str, ...]], known: Mapping[str, str] | None = None
) -> dict[tuple[str, ...], str]:
    """An identity for each key (its second part is the name): no two are the same, in any order.

    A name that needs no change keeps it. Of two people with one name each gets the number of the LMS.
    `known` says under which name an identity handed in before: nobody else's name is made into that one.
    """
    known = known or {}
    made: dict[tuple[str, ...], str] = {}
    wanted: dict[str, list[tuple[str, ...]]] = {}
    for key in names:
        wanted.setdefault(student_id(key[1]), []).append(key)
    taken = {*wanted, *known}
    for plain, keys in wanted.items():
        exact = [key for key in keys if _composed(key[1]) == plain]
        for key in sorted(keys):
            name = _composed(key[1])
            alone = len(keys) == 1 and known.get(plain, name) == name
            if alone or exact == [key]:
                made[key] = plain
                continue
            number = key[2] if len(key) > 2 and key[2] else _digest(repr(key))
            own = f"{plain} {number}" if len(key) > 2 and key[2] else f"{plain}~{number}"
            free = own not in taken or known.get(own) == name
            made[key] = own if free else f"{plain}~{_digest(repr(key))}"
            taken.add(made[key])
    return made


def _composed(name: str) -> str:
    """One name, however a system wrote its accents down."""
    return unicodedata.normalize("NFC", as_text(name))


def as_text(name: str) -> str:
    """A file system may hold names that are no text."""
    return os.fsencode(name).decode(errors="replace")


def _digest(name: str) -> str:
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:6]
