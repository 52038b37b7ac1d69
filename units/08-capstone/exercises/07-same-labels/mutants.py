"""Which other answers of the solution's kind are right, and how many slips are tried."""

from nonconv.checks.given.networks import network
from nonconv.checks.properties import PROPERTIES

EVERY = {"slimmer": (12, "it has 1200 mutants, and to judge one takes half a second.")}


def slimmer(answer):
    """By the property itself, on networks of which no check speaks, too."""
    tasks = [
        {"model": network(f"wasteful-{which}"), "budget": 6000} for which in ("first", "second", "third")
    ]
    return all(PROPERTIES["has_the_labels_for_less"].of(task, answer(**task)) is None for task in tasks)


RIGHT = {"slimmer": slimmer}
