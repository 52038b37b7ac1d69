"""Per-student inputs: hidden checks give each student other inputs, so that answers cannot be passed on.

The seed of a check is HMAC-SHA256 (RFC 2104) of student, unit and check, under a secret of the course.
Grading the same work again uses the same inputs again, and nobody can tell those of others. The secret never
enters a kernel. Such inputs have the hidden checks that are judged outside of it and whose inputs, in
units/UNIT, are a function of a seed.
"""

import contextlib
import csv
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from nonconv.grading.engine.requests import Request
from nonconv.grading.engine.verdicts import Entry, JudgedAnswer, JudgedProof, Stamp, Unjudgeable, stamp_of
from nonconv.proofs.catalogue.drawn import is_family, plain_name

SECRET = Path(".grading") / "secret"  # in a course folder
# likewise: lines such as "Ada Lovelace,ada": who hands in under the first name, and signs with the second
NAMES = Path(".grading") / "names.csv"
# what `told_apart` puts behind the name of one of two people with the same
TOLD_APART = re.compile(r"(~[0-9a-f]{6}| \d+)+\Z")
SECRET_BYTES = 32  # as many as of SHA-256
# what the sources and judge.json must agree on; numbers in cases may differ by rounding from one machine to
# another
SAME = ("answer", "points", "returns", "rtol", "atol", "holds", "may_call", "may_not_call", "must_call")
SAME += ("steps_at_most", "same_dtype")


def secret(course: Path) -> bytes:
    """The secret of a course folder, readable by its owner only; made on first use.

    ValueError if it was cut off.
    """
    path = course / SECRET
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(SECRET_BYTES))
            # a link is made whole or not at all, and never over the secret of a process that was faster
            with contextlib.suppress(FileExistsError):
                os.link(temporary, path)
        finally:
            os.unlink(temporary)
    found = path.read_bytes()
    if len(found) != SECRET_BYTES:
        raise ValueError(
            f"{path} has {len(found)} bytes, not {SECRET_BYTES}; put the right one back,"
            " or remove it: then every student gets new inputs"
        )
    return found


def seed_of(secret: bytes, student: str, unit: str, check: str) -> int:
    """The seed of one check for one student, from 0 to 2^63 − 1."""
    # a student's name is that of a folder, which may be no text
    message = "\0".join((student, unit, check)).encode("utf-8", "surrogateescape")
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:8]) >> 1


def with_inputs_of(student: str, entries: Mapping[str, Entry], course: Path, unit: str) -> dict[str, Entry]:
    """The judge's entries with this student's inputs: in the request, and in the check that it is judged by.

    The same entries where the course has no units/UNIT. ValueError where judge.json is not what units/UNIT
    says.
    """
    folder = course / "units" / unit
    sources = sorted(folder.rglob("*.py"))
    if not sources:
        return dict(entries)
    from nonconv.checks.remote import request  # imports torch: only the process that judges needs it

    known, checks = secret(course), _checks(folder, tuple(stamp_of(path) for path in sources))
    found = dict(entries)
    whose = names_of(student, course)
    for name, entry in entries.items():
        if isinstance(entry, JudgedProof) and is_family(entry.statement):
            found[name] = replace(entry, whose=whose)
        if not isinstance(entry, JudgedAnswer):
            continue
        check = checks.get(name)
        if check is None or _differs(check, entry.check):
            raise ValueError(
                f"the check {name!r} in solutions/{unit}/judge.json is not that of units/{unit};"
                f" run `make build UNIT={unit}`"
            )
        if check.cases_for is not None:
            try:
                own = check.for_seed(seed_of(known, student, unit, name))
                found[name] = JudgedAnswer(Request(**request(own)), name, own)
            except Exception as problem:  # in the inputs or the reference: it costs this check alone
                reason = (
                    f"its inputs for this student could not be made ({type(problem).__name__}: {problem})"
                )
                found[name] = Unjudgeable(entry.request, reason)
    return found


def names_of(student: str, course: Path) -> tuple[str, ...]:
    """The names whose theorem a student may prove: the one of the hand-in, and those in .grading/names.csv.

    A name without a letter and a digit has no theorem. ValueError as `vouched_for` raises it.
    """
    found = [student, TOLD_APART.sub("", student)]
    found += [other for name, other in vouched_for(course) if plain_name(name) == plain_name(student)]
    return tuple(dict.fromkeys(one for one in found if plain_name(one)))


def vouched_for(course: Path) -> list[tuple[str, str]]:
    """The pairs of .grading/names.csv: the name of a hand-in, and another of the same person's.

    ValueError for a line that has not two names.
    """
    path, found = course / NAMES, []
    if path.exists():
        for number, row in enumerate(csv.reader(path.read_text(encoding="utf-8").splitlines()), 1):
            pair = [one.strip() for one in row]
            if len(pair) != 2 or not all(map(plain_name, pair)):
                line = f"{path}, line {number}"
                raise ValueError(f"{line}: {','.join(row)!r} is no pair of names, such as Ada Lovelace,ada")
            found.append((pair[0], pair[1]))
    return found


def _differs(check: Any, data: Any) -> bool:
    values = {key: getattr(check, key) for key in SAME}
    return any(
        (data.get(key) or None) != ((list(value) if isinstance(value, tuple) else value) or None)
        for key, value in values.items()  # what says nothing may be left out of the JSON
    )


@lru_cache(maxsize=8)
def _checks(folder: Path, stamps: tuple[Stamp, ...]) -> dict[str, Any]:
    """The unit's checks, loaded once a process, and again when its files change (formgrader's process
    lives long)."""
    from nonconv.publish.unit import Unit

    return Unit(folder).declared
