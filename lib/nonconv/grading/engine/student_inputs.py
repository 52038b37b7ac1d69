"""Inputs drawn for each student: the hidden checks ask everyone something else, so that answers cannot be handed round.

The seed of a check is HMAC-SHA256 (RFC 2104) of student, unit and check, under a secret of the course: whoever grades the same
work again asks the same again, and nobody can tell what others were asked. The secret never enters a kernel. Drawn are the hidden checks
that are judged outside of it and whose inputs, in units/UNIT/…checks.py, are a function of a seed.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

SECRET = Path(".grading") / "secret"  # in a course folder
LENGTH = 32  # bytes of the secret, as many as of SHA-256
SAME = ("answer", "points", "returns", "rtol", "atol", "holds", "may_call", "may_not_call")


def secret(course: Path) -> bytes:
    """The secret of a course folder, .grading/secret, readable by its owner only; made on first use. ValueError if it was cut off."""
    path = course / SECRET
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(LENGTH))
            # a link is made whole or not at all, and never over the secret of somebody who was faster
            with contextlib.suppress(FileExistsError):
                os.link(temporary, path)
        finally:
            os.unlink(temporary)
    found = path.read_bytes()
    if len(found) != LENGTH:
        raise ValueError(
            f"{path} has {len(found)} bytes, not {LENGTH}; put the right one back, or remove it: then all inputs are drawn anew"
        )
    return found


def seed_of(secret: bytes, student: str, unit: str, check: str) -> int:
    """The seed of one check for one student, from 0 to 2^63 − 1."""
    message = "\0".join((student, unit, check)).encode(
        "utf-8", "surrogateescape"
    )  # a name is that of a folder
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:8]) >> 1


def drawn_table(table: Mapping[str, Any], course: Path, unit: str, student: str) -> dict[str, Any]:
    """The judge's table with this student's inputs: "asks" is another cell, "check" holds the `Check` itself in the place of its JSON.

    The same table where the course has no units/UNIT. ValueError where judge.json is not what units/UNIT says.
    """
    folder = course / "units" / unit
    sources = sorted(folder.rglob("*.py"))
    if not sources:
        return dict(table)
    from nonconv.checks.remote import asking  # imports torch: only the process that judges needs it

    known, checks = secret(course), _checks(folder, tuple(stamp_of(path) for path in sources))
    drawn = dict(table)
    for name, entry in table.items():
        if "check" not in entry:  # a proof asks everyone the same
            continue
        check = checks.get(name)
        if check is None or any(entry["check"][name][key] != value for key, value in _told(check).items()):
            raise ValueError(
                f"the check {name!r} in solutions/{unit}/judge.json is not that of units/{unit}; run `make build UNIT={unit}`"
            )
        if check.cases_for is not None:
            mine = check.for_seed(seed_of(known, student, unit, name))
            drawn[name] = {"asks": asking(mine), "check": {name: mine}}
    return drawn


def _told(check: Any) -> dict[str, Any]:
    """What the sources and the table must agree on; numbers may differ by rounding from one machine to another."""
    values = {key: getattr(check, key) for key in SAME}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def stamp_of(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


@lru_cache(maxsize=8)
def _checks(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> dict[str, Any]:
    """The unit's checks, loaded once a process, and again when its files change (formgrader's process lives long)."""
    from nonconv.publish.unit import Unit

    return Unit(folder).declared
