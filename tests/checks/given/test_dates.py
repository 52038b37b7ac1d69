"""The dates: whatever is written can be read back, by a reader that does not know the formats' list."""

import re
from datetime import date

import pytest
import torch

from nonconv.checks.given import dates


def read(text: str) -> str:
    """The ISO form, by taking numbers and a month's name out of the text."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    months = [k for k, name in enumerate(dates.MONTHS, 1) if re.search(rf"\b{name[:3]}", text)]
    year = next(number for number in numbers if number > 31)
    rest = [number for number in numbers if number <= 31]
    if months:
        return date(year, months[0], rest[0]).isoformat()
    day, month = rest if text.find(str(year)) else rest[::-1]  # the year in front: then the month
    return date(year, month, day).isoformat()


@pytest.mark.parametrize("form", dates.FORMATS)
def test_every_format_tells_the_date(form: str) -> None:
    for source, target in dates.pairs(50, seed=3, formats=[form]):
        assert read(source) == target


def test_endings_of_ordinal_numbers() -> None:
    told = [
        dates.written(date(2021, 1, day), "{nth}") for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)
    ]
    assert told == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "22nd",
        "23rd",
        "30th",
        "31st",
    ]


def test_a_seed_gives_the_same_pairs() -> None:
    assert dates.pairs(3, seed=0) == [
        ("thursday the 1st of april 2038", "2038-04-01"),
        ("5 december 2050", "2050-12-05"),
        ("mon, 30 nov 1992", "1992-11-30"),
    ]
    assert dates.pairs(20, seed=5) == dates.pairs(20, seed=5) != dates.pairs(20, seed=6)


def test_several_dates_in_one_source() -> None:
    for source, target in dates.pairs(20, seed=1, dates=3):
        assert [read(one) for one in source.split(dates.BETWEEN)] == target.split(" ")


def test_tokens_lead_back_to_the_texts() -> None:
    sources, targets = zip(*dates.pairs(30, seed=2, dates=2), strict=True)
    for before in (False, True):
        assert dates.decode(dates.encode(sources, dates.SOURCE, before=before), dates.SOURCE) == list(sources)
    ended = dates.encode([dates.START + target + dates.END for target in targets], dates.TARGET)
    assert dates.decode(ended, dates.TARGET) == list(targets)
    assert (ended[0] == 1).all()


def test_padding_stands_behind_or_before() -> None:
    assert dates.encode(["1 may", "a"], dates.SOURCE)[:, 1].tolist()[1:] == [0] * 4
    before = dates.encode(["1 may", "a"], dates.SOURCE, before=True)
    assert before[:-1, 1].tolist() == [0] * 4  # exact: token numbers
    assert before.shape == (5, 2)


def test_what_follows_the_end_is_not_read() -> None:
    assert dates.decode(torch.tensor([[1], [6], [2], [7]]), dates.TARGET) == [dates.TARGET[6]]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: dates.pairs(0, 0), "at least 1, .* not 0, 1"),
        (lambda: dates.pairs(1, 0, dates=0), "not 1, 0"),
        (lambda: dates.pairs(1, 0, formats=[]), "0 formats"),
        (lambda: dates.encode(["May"], dates.SOURCE), "'M' is not in the alphabet"),
        (lambda: dates.encode([], dates.SOURCE), "one or more texts"),
        (lambda: dates.encode([""], dates.SOURCE), "none of them empty"),
        (lambda: dates.encode("1 may", dates.SOURCE), "a list"),
        (lambda: dates.decode(torch.zeros(3), dates.TARGET), r"\(T, N\)"),
        (lambda: dates.decode(torch.full((2, 1), 15), dates.TARGET), r"\[0, 14\], not in \[15, 15\]"),
    ],
)
def test_errors_name_the_value(wrong, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        wrong()
