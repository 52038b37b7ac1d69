"""Theorems of one's own: a statement for each name, drawn by a hash of the name.

The draw is public. Whoever knows a name can draw its theorem: a student must know it before the work is
handed in, and so can tell it to anybody. What a name cannot do is choose. The one who grades draws from the
name under which the work was handed in, so a proof that belongs to another name proves the wrong theorem.

An id such as "own-2-1a2b3c4d" says all: the level, and the hash from which layers and letters are drawn. Each
choice of layers that may come up has been proved by the course's own prover (tests/prover).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import Any, TypeGuard

from ..statement import Statement
from .pipelines import Layer, Layers, Step, pipeline

EDITION = b"nonconv 1"  # another one gives everybody another theorem
ID = re.compile(r"own-([123])-([0-9a-f]{8})\Z")
FAMILY = re.compile(r"own-([123])\Z")  # what a check asks for: the theorem of whoever is asked
LEVELS = (1, 2, 3)
LETTERS = (("F", "b"), ("G", "g"), ("H", "h"), ("A", "a"))
CONV = Layer("conv")
SIGNATURE = "me"  # in a student's text: the name whose theorem is asked for
UNSIGNED = f'say who you are: {SIGNATURE} = "…", the name under which you hand in'


def own_id(name: str, level: int) -> str:
    """The id of the theorem of a name. ValueError for a name without a letter or a digit, and for a level
    that there is not.
    """
    if level not in LEVELS:
        raise ValueError(f"there is no level {level!r}; there is {', '.join(map(str, LEVELS))}")
    plain = plain_name(name)
    if not plain:
        raise ValueError(f"{name!r} has no letter and no digit; write the name under which you hand in")
    drawn = hmac.new(EDITION, f"{level}\0{plain}".encode(), hashlib.sha256).hexdigest()[:8]
    return f"own-{level}-{drawn}"


def plain_name(name: str) -> str:
    """What counts of a name: its words in alphabetical order, without case, accents and punctuation, and of
    an e-mail address what stands before the @.

    >>> plain_name("Lovelace, Ada") == plain_name("ada.lovelace@example.org") == "ada lovelace"
    True
    """
    split = unicodedata.normalize("NFKD", name.partition("@")[0].casefold())
    kept = "".join(x for x in split if not unicodedata.combining(x))
    return " ".join(sorted(re.findall(r"[^\W_]+", kept)))


def is_own(id: Any) -> TypeGuard[str]:
    """Is it the id of a theorem of somebody's own?"""
    return isinstance(id, str) and ID.match(id) is not None


def level_of(id: str) -> int:
    """The level of such an id, and of a family such as "own-2"."""
    found = ID.match(id) or FAMILY.match(id)
    assert found is not None
    return int(found[1])


def is_family(statement: str) -> bool:
    """Does it stand for a theorem of each student's own, as "own-2" does?"""
    return FAMILY.match(statement) is not None


def family_of(id: str) -> str:
    """How a check asks for the theorem with such an id: "own-2" for whoever is asked."""
    return f"own-{level_of(id)}"


def belongs(id: str, statement: str) -> bool:
    """Is it the statement, or one of the family?"""
    return id == statement or (is_own(id) and family_of(id) == statement)


def signed(family: str, me: Any) -> str | None:
    """The id of the theorem that a family stands for in a text signed by `me`; None where that is no name."""
    return own_id(me, level_of(family)) if isinstance(me, str) and plain_name(me) else None


@lru_cache(maxsize=256)
def own_statement(id: str) -> Statement:
    """The statement with such an id."""
    return pipeline(id, layers_of(id), letters_of(id))


def layers_of(id: str) -> Layers:
    """The layers that are drawn for an id."""
    return _choice(id, "layers", choices(level_of(id)))


def letters_of(id: str) -> tuple[tuple[str, str], ...]:
    """The letters of the kernels and biases that are drawn for an id."""
    left, found = list(LETTERS), []
    for _ in layers_of(id):
        found.append(_choice(id, f"letter {len(found)}", left))
        left.remove(found[-1])
    return tuple(found)


def _choice(id: str, what: str, options: Sequence[Any]) -> Any:
    digest = hashlib.sha256(f"{id}\0{what}".encode()).digest()
    return options[int.from_bytes(digest[:16]) % len(options)]


@cache
def choices(level: int) -> tuple[Layers, ...]:
    """All layers that may be drawn at a level.

    1: two layers without strides. 2: two convolutions, and a part of one's own: strides, dilations, both, or
    a third layer. 3: three layers, with strides or dilations.
    """
    return tuple(dict.fromkeys({1: _first, 2: _second, 3: _third}[level]()))


def _first() -> Iterator[Layers]:
    for kind in ("depthwise", "pool", "point", "norm"):
        yield Layer(kind), CONV
        yield CONV, Layer(kind)


STRIDES: tuple[tuple[Step, Step], ...] = (
    *(("s", 1), (2, 1), (3, 1), ("s", "e"), ("s", 2), ("s", 3)),
    *((2, "s"), (3, "s"), (2, 2), (2, 3), (3, 2)),
)
DILATIONS: tuple[tuple[Step, Step], ...] = (
    *((1, "d"), ("d", 1), ("d", "e"), (2, 1), (1, 2), (1, 3), (3, 1)),
    *(("d", 2), (2, "d"), ("d", 3), (3, "d"), (2, 3), (3, 2)),
)
BOTH: tuple[tuple[Step, Step], ...] = (("s", "d"), ("s", 2), ("s", 3), (2, "d"), (3, "d"), (2, 3), (3, 2))


def _second() -> Iterator[Layers]:
    for first, second in STRIDES:
        yield Layer("conv", first), Layer("conv", second)
    for first, second in DILATIONS:
        yield Layer("conv", 1, first), Layer("conv", 1, second)
    for stride, dilation in BOTH:
        yield Layer("conv", stride), Layer("conv", 1, dilation)
        yield Layer("conv", stride, dilation), CONV
    for kind in ("depthwise", "pool", "point", "norm"):
        third = Layer(kind)
        yield CONV, third, CONV
        yield CONV, CONV, third
        yield third, CONV, CONV
    # of a residual layer the kernel has two parts: with a third layer it would be a theorem of level 3
    yield CONV, Layer("residual")
    yield Layer("conv", 2), Layer("residual")


def _third() -> Iterator[Layers]:
    windows = (
        *(Layer("conv", s) for s in ("s", 2, 3)),
        *(Layer("conv", 1, d) for d in ("d", 2)),
        *(Layer("depthwise", s) for s in ("s", 2)),
        *(Layer("pool", s) for s in ("s", 2)),
    )
    for window, kind in product(windows, ("norm", "depthwise", "pool", "point", "residual")):
        # after s·e·(w-1) and a third window the checker cannot show that X is read inside its range
        dilation = 3 if window.stride == "s" else "e"
        for step in (CONV, Layer("conv", 2), Layer("conv", 1, dilation)):
            yield window, step, Layer(kind)
            yield window, Layer(kind), step
            if kind != "residual" or window.kind == "conv":
                yield step, Layer(kind), window
