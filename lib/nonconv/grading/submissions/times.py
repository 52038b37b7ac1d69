"""When something was handed in: times as LMSs, programs and people write them."""

import re
from datetime import UTC, datetime

from dateutil import parser

EPOCH = re.compile(r"\d{9,10}(\.\d+)?|\d{13}")  # seconds, or milliseconds, since 1970
STAMPED = re.compile(r"20\d{12}(\d{3})?")  # 20261101100000, as Sakai and Ilias write it
YEARS = range(2000, 2100)


def when(text: str) -> datetime | None:
    """The time that a text says, or None if it says none. A time without a zone is UTC, as nbgrader has it.

    Days come first where dots separate: 20.11.2026.
    """
    text = text.strip()
    try:
        if EPOCH.fullmatch(text):
            number = float(text)
            moment = datetime.fromtimestamp(number / 1000 if number > 1e12 else number, UTC)
        elif STAMPED.fullmatch(text):
            moment = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        elif re.search(r"\d", text) and len(text) < 60 and text.isprintable():
            found = parser.parse(text, dayfirst=bool(re.match(r"\d{1,2}\.\d{1,2}\.", text)))
            moment = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return moment if moment.year in YEARS else None


def written(moment: datetime) -> str:
    """As nbgrader writes and reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
