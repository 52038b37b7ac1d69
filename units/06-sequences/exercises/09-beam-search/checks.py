"""The checks: references, inputs, points."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from nonconv.authoring import Check, first_that
from nonconv.checks.given.layers import Layer
from nonconv.checks.given.sequences import log_probabilities


@lru_cache(maxsize=50_000)
def _steps(seed: int, last: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(log_probabilities(last, seed).tolist())


def steps(log_p: Layer, sequence: tuple[int, ...]) -> Iterable[tuple[int, float]]:
    """Each symbol and its log p behind a sequence, of which the model looks at the last two symbols."""
    return enumerate(_steps(log_p.parameters["seed"], sequence[-2:]))


def search(
    log_p: Any,
    width: int,
    length: int,
    keep_finished: bool = True,
    mean: bool = False,
    times: float = 1.0,
    ended_first: bool = False,
) -> list[int]:
    """Finished sequences aside or in the beam; the ranking by the sum or by the mean.

    Mistakes: `times` other than 1 multiplies the total before; `ended_first` prefers what has an end symbol.
    """
    beam, done = {(): 0.0}, {}

    def rank(sequence: tuple[int, ...], total: float) -> float:
        return total / max(len(sequence), 1) if mean else total

    for _ in range(length):
        longer = dict(done) if keep_finished else {}
        for sequence, total in beam.items():
            for symbol, step in steps(log_p, sequence):
                longer[*sequence, symbol] = times * total + step
        best = sorted(longer, key=lambda one: -rank(one, longer[one]))[:width]
        ended = {one: longer[one] for one in best if one[-1] == 0 or len(one) == length}
        done = ended if keep_finished else done | ended
        beam = {one: longer[one] for one in best if one not in ended}
        if not beam:
            break
    return list(max(done, key=lambda one: (ended_first and one[-1] == 0, rank(one, done[one]))))


def beam_search(log_p, width, length):
    return search(log_p, width, length)


def _finished(one: tuple[int, ...], length: int) -> bool:
    return one[-1:] == (0,) or len(one) == length


def for_each(log_p: Any, width: int, length: int) -> list[int]:
    """What comes out if the `width` likeliest of *each* sequence are kept: the beam grows."""
    beam = {(): 0.0}
    while not all(_finished(one, length) for one in beam):
        beam = {
            longer: total + step
            for one, total in beam.items()
            for longer, step in (
                [(one, 0.0)]
                if _finished(one, length)
                else [((*one, k), s) for k, s in sorted(steps(log_p, one), key=lambda pair: -pair[1])[:width]]
            )
        }
    return list(max(beam, key=lambda one: beam[one]))


def refilling(log_p: Any, width: int, length: int) -> list[int]:
    """What comes out if finished sequences make room, and none is thrown out."""
    beam, done = {(): 0.0}, {}
    while beam:
        grown = {(*one, k): total + s for one, total in beam.items() for k, s in steps(log_p, one)}
        done |= {one: total for one, total in grown.items() if _finished(one, length)}
        going_on = sorted((one for one in grown if one not in done), key=lambda one: -grown[one])
        beam = {one: grown[one] for one in going_on[:width]}
    return list(max(done, key=lambda one: done[one]))


def behind_the_end(log_p: Any, width: int, length: int) -> list[int]:
    """What comes out if finished sequences are lengthened too, and cut behind their end when all is done."""
    beam = {(): 0.0}
    for _ in range(length):
        grown = {(*one, k): total + s for one, total in beam.items() for k, s in steps(log_p, one)}
        beam = {one: grown[one] for one in sorted(grown, key=lambda one: -grown[one])[:width]}
    best = list(max(beam, key=lambda one: beam[one]))
    return best[: best.index(0) + 1] if 0 in best else best


def dropping(log_p: Any, width: int, length: int) -> list[int]:
    """What comes out if finished sequences are thrown away while others go on."""
    beam = {(): 0.0}
    while not all(_finished(one, length) for one in beam):
        grown = {
            (*one, symbol): total + step
            for one, total in beam.items()
            if not _finished(one, length)
            for symbol, step in steps(log_p, one)
        }
        beam = {one: grown[one] for one in sorted(grown, key=lambda one: -grown[one])[:width]}
    return list(max(beam, key=lambda one: beam[one]))


def asks(width: int, length: int) -> Callable[[int], dict[str, Any]]:
    """Inputs by their seed."""

    def inputs(seed: int) -> dict[str, Any]:
        return {"log_p": Layer("next-symbol", seed=seed % 1_000_003), "width": width, "length": length}

    return inputs


def greedy(length: int, seed: int, ends: bool = False) -> dict[str, Any]:
    """A model on which the best of all sequences is another one; `ends`: before `length`."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right = search(log_p, 1, length)
        return 1 < len(right) < length + (not ends) and right != search(log_p, 64, length)

    return first_that(tells, asks(1, length), seed)


def draw(width: int, length: int, seed: int) -> dict[str, Any]:
    """A model on which greedy search, wider beams and other rankings give other sequences."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right = search(log_p, width, length)
        others = [search(log_p, k, length) for k in (1, width + 1, 64) if k != width]
        return right not in [
            *others[:1],
            search(log_p, width, length, mean=True),
            search(log_p, width, length - 1),
        ]

    return first_that(tells, asks(width, length), seed)


def asides(width: int, length: int, seed: int) -> dict[str, Any]:
    """A model on which it shows that finished ones stay in the beam, and that there is one beam for all."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right = search(log_p, width, length)
        if right == search(log_p, width, length, keep_finished=False):  # the quickest first
            return False
        if right == refilling(log_p, width, length):
            return False
        grown = for_each(log_p, width, length)
        return right != grown != search(log_p, 64, length)

    return first_that(tells, asks(width, length), seed)


def cut(width: int, length: int, seed: int) -> dict[str, Any]:
    """A model on which it shows that a finished sequence stays as it is."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right, late = search(log_p, width, length), behind_the_end(log_p, width, length)
        if right == late:
            return False
        others = (search(log_p, 1, length), search(log_p, width, length, mean=True))
        return late not in others and right not in others

    return first_that(tells, asks(width, length), seed)


def long_one(width: int, length: int, seed: int, apart: bool = False) -> dict[str, Any]:
    """The right sequence ends before `length`, and not at once; `apart`: a growing beam shows as such."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right = search(log_p, width, length)
        if not 1 < len(right) < length or right == search(log_p, 1, length):
            return False
        lost, mean = dropping(log_p, width, length), search(log_p, width, length, mean=True)
        others = [search(log_p, k, length) for k in (1, 64)]
        if lost == mean or lost in others or right in [*others, lost, mean]:
            return False
        aside = search(log_p, width, length, keep_finished=False)
        return not apart or for_each(log_p, width, length) not in (right, aside)

    return first_that(tells, asks(width, length), seed)


def unfinished(width: int, length: int, seed: int) -> dict[str, Any]:
    """The right sequence has no end symbol, though there is one that has; each step counts once."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right = search(log_p, width, length)
        if right[-1] == 0 or right == search(log_p, 1, length):
            return False
        wrong = {"times": 2.0}, {"ended_first": True}
        return right not in [search(log_p, width, length, **one) for one in wrong]

    return first_that(tells, asks(width, length), seed)


def as_shown(seed: int) -> list[dict[str, Any]]:
    ranked = [draw(2, 3, seed), draw(2, 5, seed + 1), draw(3, 6, seed + 2), long_one(2, 6, seed + 3)]
    return [*ranked, asides(2, 5, seed + 4), cut(2, 4, seed + 5), unfinished(3, 4, seed + 6)]


asked = {"answer": "beam_search", "reference": beam_search}

CHECKS = [
    Check.of(
        name="beam-greedy",
        drawn_anew=lambda seed: [greedy(3, seed), greedy(4, seed + 1), greedy(4, seed + 2, ends=True)],
        points=1,
        inputs=[greedy(3, 1), greedy(4, 2), greedy(4, 9)],
        **asked,
    ),
    Check.of(
        name="beam-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            draw(2, 3, 1),
            draw(2, 5, 20),
            draw(3, 6, 30),
            long_one(2, 6, 7360, apart=True),
            asides(2, 4, 50),
            cut(2, 4, 60),
            unfinished(3, 4, 70),
        ],
        **asked,
    ),
    Check.of(
        name="beam-other",
        points=3,
        hidden="other models, wider beams, sequences that end early.",
        inputs=lambda seed: [
            draw(3, 5, seed + 3),
            long_one(2, 6, seed + 5),
            draw(4, 5, seed + 7),
            asides(2, 5, seed + 9),
            cut(2, 4, seed + 2),
            unfinished(3, 4, seed + 4),
        ],
        **asked,
    ),
]
