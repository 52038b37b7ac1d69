"""The checks: a property, for searches that go different ways."""

from typing import Any

from nonconv.authoring import Check, first_that
from nonconv.checks.given.layers import Layer
from nonconv.checks.given.sequences import log_probabilities, steps
from nonconv.checks.properties.sequences import greedy, total

BUDGET = 12


def beam_of_two(seed: int, length: int) -> list[int]:
    beam = [[]]
    while not all(one and (one[-1] == 0 or len(one) == length) for one in beam):
        grown = [
            longer
            for one in beam
            for longer in ([one] if one and one[-1] == 0 else [[*one, k] for k in range(4)])
        ]
        beam = sorted(grown, key=lambda one: -total(seed, one))[:2]
    return beam[0]


def questions_of_three(seed: int, length: int) -> int:
    """How often a beam of three asks."""
    beam, asked = [[]], 0
    while not all(one and (one[-1] == 0 or len(one) == length) for one in beam):
        going_on = [one for one in beam if not one or one[-1] != 0]
        asked += len(going_on)
        grown = [one for one in beam if one not in going_on] + [
            [*one, k] for one in going_on for k in range(4)
        ]
        beam = sorted(grown, key=lambda one: -total(seed, one))[:3]
    return asked


def other_starts(seed: int, length: int) -> list[int]:
    starts = log_probabilities([], seed).topk(2).indices.tolist()
    return max((greedy(seed, length, (start,)) for start in starts), key=lambda one: total(seed, one))


def at_the_closest_step(seed: int, length: int) -> list[int]:
    easy = greedy(seed, length)
    rows = [steps(seed, tuple(easy[max(t - 2, 0) : t])) for t in range(len(easy))]
    tops = [sorted(range(4), key=lambda k: -row[k])[:2] for row in rows]
    t = min(range(len(easy)), key=lambda t: rows[t][tops[t][0]] - rows[t][tops[t][1]])
    return greedy(seed, length, (*easy[:t], tops[t][1]))


def model(length: int, seed: int) -> dict[str, Any]:
    """A model on which three simple ways beat greedy search, each with a sequence of full length.

    So no other symbol at the end, and no end at once, is enough. Of the longest, a beam of three asks too often.
    """

    def tells(log_p: Layer, length: int, budget: int) -> bool:
        seed = log_p.parameters["seed"]
        easy = greedy(seed, length)
        least = total(seed, easy)
        return (
            total(seed, [0]) < least
            and all(  # the quickest first
                total(seed, one) > least + 0.01 and len(one) == len(easy) == length
                for one in (way(seed, length) for way in (other_starts, at_the_closest_step, beam_of_two))
            )
            and (length < 5 or questions_of_three(seed, length) > budget)
        )

    def draw(seed: int) -> dict[str, Any]:
        log_p = Layer("budgeted-next-symbol", seed=seed % 1_000_003, budget=BUDGET)
        return {"log_p": log_p, "length": length, "budget": BUDGET}

    return first_that(tells, draw, seed)


searching = {"answer": "search", "reference": None, "holds": "beats_greedy_search"}

CHECKS = [
    Check.of(name="budget-three", points=1, inputs=[model(3, 1), model(4, 3), model(5, 3)], **searching),
    Check.of(
        name="budget-others",
        points=2,
        hidden="six other models.",
        inputs=lambda seed: [model(3 + n % 3, seed + n) for n in range(6)],
        **searching,
    ),
]
