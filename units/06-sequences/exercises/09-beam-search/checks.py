"""The checks: references, inputs, points."""

from collections.abc import Iterable
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


def search(log_p: Any, width: int, length: int, keep_finished: bool = True, mean: bool = False) -> list[int]:
    """Finished sequences aside or in the beam; the ranking by the sum or by the mean."""
    beam, done = {(): 0.0}, {}

    def rank(sequence: tuple[int, ...], total: float) -> float:
        return total / max(len(sequence), 1) if mean else total

    for _ in range(length):
        longer = dict(done) if keep_finished else {}
        for sequence, total in beam.items():
            for symbol, step in steps(log_p, sequence):
                longer[*sequence, symbol] = total + step
        best = sorted(longer, key=lambda one: -rank(one, longer[one]))[:width]
        ended = {one: longer[one] for one in best if one[-1] == 0 or len(one) == length}
        done = ended if keep_finished else done | ended
        beam = {one: longer[one] for one in best if one not in ended}
        if not beam:
            break
    return list(max(done, key=lambda one: rank(one, done[one])))


def beam_search(log_p, width, length):
    return search(log_p, width, length)


def dropping(log_p: Any, width: int, length: int) -> list[int]:
    """What comes out if finished sequences are thrown away while others go on."""

    def finished(one: tuple[int, ...]) -> bool:
        return one[-1:] == (0,) or len(one) == length

    beam = {(): 0.0}
    while not all(finished(one) for one in beam):
        grown = {
            (*one, symbol): total + step
            for one, total in beam.items()
            if not finished(one)
            for symbol, step in steps(log_p, one)
        }
        beam = {one: grown[one] for one in sorted(grown, key=lambda one: -grown[one])[:width]}
    return list(max(beam, key=lambda one: beam[one]))


def greedy(length: int, seed: int) -> dict[str, Any]:
    """A model on which the best of all sequences is another one."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right = search(log_p, 1, length)
        return len(right) > 1 and right != search(log_p, 64, length)

    return first_that(
        tells, lambda seed: {"log_p": Layer("next-symbol", seed=seed), "width": 1, "length": length}, seed
    )


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

    return first_that(
        tells,
        lambda seed: {"log_p": Layer("next-symbol", seed=seed % 1_000_003), "width": width, "length": length},
        seed,
    )


def long_one(width: int, length: int, seed: int) -> dict[str, Any]:
    """The right sequence ends before `length`, and not at once."""

    def tells(log_p: Any, width: int, length: int) -> bool:
        right = search(log_p, width, length)
        if not 1 < len(right) < length or right == search(log_p, 1, length):
            return False
        lost, mean = dropping(log_p, width, length), search(log_p, width, length, mean=True)
        others = [search(log_p, k, length) for k in (1, 64)]
        return lost != mean and right not in [*others, lost, mean] and lost not in others

    return first_that(
        tells,
        lambda seed: {"log_p": Layer("next-symbol", seed=seed % 1_000_003), "width": width, "length": length},
        seed,
    )


asked = {"answer": "beam_search", "reference": beam_search}

CHECKS = [
    Check.of(
        name="beam-greedy",
        points=1,
        inputs=[greedy(3, 1), greedy(4, 2), greedy(4, 9)],
        **asked,
    ),
    Check.of(
        name="beam-values",
        points=2,
        inputs=[draw(2, 3, 1), draw(2, 5, 20), draw(3, 6, 30), long_one(2, 6, 40)],
        **asked,
    ),
    Check.of(
        name="beam-other",
        points=3,
        hidden="other models, wider beams, sequences that end early.",
        inputs=lambda seed: [
            draw(2, 4, seed),
            draw(3, 5, seed + 3),
            long_one(2, 6, seed + 5),
            draw(4, 5, seed + 7),
        ],
        **asked,
    ),
]
