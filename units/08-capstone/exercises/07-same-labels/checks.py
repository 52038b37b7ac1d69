"""The checks: a property, since every small network is another answer."""

from nonconv.authoring import Case, Check
from nonconv.checks.given.networks import network

from ...shared import ANY_LAYER

CHECKS = [
    Check(
        name=name,
        answer="slimmer",
        points=points,
        hidden=hidden,
        same_for_all="a network that the course hands over by its id",
        holds="has_the_labels_for_less",
        cases=(Case({"model": network(id), "budget": budget}),),
        may_call=(*ANY_LAYER, "nonconv.reduction"),
    )
    for name, points, id, budget, hidden in (
        ("labels-merged", 1, "wasteful-first", 20_000, ""),
        ("labels-one-linear", 1, "wasteful-first", 9_000, ""),
        ("labels-fewest", 2, "wasteful-first", 6_000, ""),
        (
            "labels-other",
            2,
            "wasteful-second",
            6_000,
            "another network of this kind, with a budget of 6,000.",
        ),
    )
]
