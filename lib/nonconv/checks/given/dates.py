"""A task with two sequences: dates as people write them, and the same dates as ISO 8601 has them.

    wed, 3rd of september 1997    ->    1997-09-03

All is written in small letters; where day and month are both numbers, the day comes first, or the year does.
Names and formats stand here and not in a library, so that a seed gives the same dates on every machine.

Source of the target's form: ISO 8601-1:2019, section 5.2.2.1, extended format.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import torch
from torch import Tensor

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FORMATS = (
    "{d} {month} {y}",
    "{month} {d}, {y}",
    "{mon} {d} {y}",
    "{d}-{mon}-{y}",
    "{dd}.{mm}.{y}",
    "{d}/{m}/{y}",
    "{y}/{mm}/{dd}",
    "{y} {mon} {dd}",
    "{day}, {d} {mon} {y}",
    "{day} {month} {nth} {y}",
    "{nth} of {month} {y}",
    "{weekday}, {month} {d}, {y}",
    "{weekday} the {nth} of {month} {y}",
    "the {nth} day of {month} in {y}",
)
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
BETWEEN = "; "  # two dates of one source; their ISO forms are parted by a space

PAD, START, END = "_", "^", "$"  # tokens 0, 1 and 2 of both alphabets
SOURCE = PAD + START + END + " ,-./;0123456789" + "abcdefghijklmnopqrstuvwxyz"
TARGET = PAD + START + END + " -0123456789"


def written(day: date, form: str) -> str:
    """The date in one of `FORMATS`.

    >>> written(date(1997, 9, 3), "{day}, {nth} of {month} {y}")
    'wed, 3rd of september 1997'
    """
    number, month, weekday = day.day, MONTHS[day.month - 1], WEEKDAYS[day.weekday()]
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return form.format(
        d=number,
        dd=f"{number:02}",
        nth=f"{number}{ending}",
        m=day.month,
        mm=f"{day.month:02}",
        mon=month[:3],
        month=month,
        day=weekday[:3],
        weekday=weekday,
        y=day.year,
    )


def pairs(
    count: int, seed: int, *, dates: int = 1, formats: Sequence[str] = FORMATS
) -> list[tuple[str, str]]:
    """`count` pairs (as people write it, ISO), days and formats drawn alike; the same for the same seed.

    With `dates` above 1, a source has so many, "3 may 1997; 12/4/2001", and so does its target,
    "1997-05-03 2001-04-12": a task as long as one likes.

    Raises ValueError for fewer than one pair or date, and for no formats.
    """
    if count < 1 or dates < 1 or not formats:
        raise ValueError(
            f"count and dates must be at least 1, and formats hold one or more, not {count}, {dates} and"
            f" {len(formats)} formats"
        )
    random = Random(seed)
    days = (LAST - FIRST).days + 1
    drawn = []
    for _ in range(count):
        some = [FIRST + timedelta(random.randrange(days)) for _ in range(dates)]
        source = BETWEEN.join(written(day, formats[random.randrange(len(formats))]) for day in some)
        drawn.append((source, " ".join(day.isoformat() for day in some)))
    return drawn


def encode(texts: Sequence[str], alphabet: str, *, before: bool = False) -> Tensor:
    """Texts as token numbers: token k is the character alphabet[k], and 0, PAD, fills up the shorter texts.

    `before`: the padding comes before the text and not behind it. What reads a source of that kind from the
    left has its last character as its last token, whatever the length.

    Shape: N texts -> int64 (T, N), where T is the length of the longest.

    Raises ValueError for no text, an empty one, and for a character that is not in the alphabet.
    """
    if isinstance(texts, str) or not texts or not all(texts):
        raise ValueError(f"texts must be a list of one or more texts, none of them empty, not {texts!r}")
    number = {character: k for k, character in enumerate(alphabet)}
    if strange := sorted({character for text in texts for character in text} - number.keys()):
        raise ValueError(f"{strange[0]!r} is not in the alphabet {alphabet!r}")
    length = max(map(len, texts))
    filled = [
        text.rjust(length, alphabet[0]) if before else text.ljust(length, alphabet[0]) for text in texts
    ]
    return torch.tensor([[number[character] for character in text] for text in filled]).T.contiguous()


def decode(tokens: Tensor, alphabet: str) -> list[str]:
    """Token numbers as texts: up to the first END, without START and PAD. The way back from `encode`.

    Shape: integers (T, N) -> N texts.

    Raises ValueError for another number of dimensions, and for numbers beyond the alphabet.
    """
    if tokens.dim() != 2:
        raise ValueError(f"tokens must have the dimensions (T, N), not shape {tuple(tokens.shape)}")
    if tokens.numel() and not (int(tokens.min()) >= 0 and int(tokens.max()) < len(alphabet)):
        raise ValueError(
            f"token numbers must lie in [0, {len(alphabet) - 1}], not in"
            f" [{int(tokens.min())}, {int(tokens.max())}]"
        )
    texts = ("".join(alphabet[k] for k in column) for column in tokens.T.tolist())
    return [text.split(END)[0].replace(START, "").replace(PAD, "") for text in texts]
