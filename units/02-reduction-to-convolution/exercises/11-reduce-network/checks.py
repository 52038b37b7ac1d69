"""The checks: references, inputs, points."""

from nonconv.authoring import Case, Check
from nonconv.checks.given.networks import network

from ...shared import STEPS

CHECKS = [
    *(
        Check(
            name=f"reduce-network-{name}",
            answer="reduce_network",
            points=1,
            hidden="grouped convolutions, a large ε, a convolution without batch norm."
            if name == "grouped"
            else "",
            same_for_all="a network that the course hands over by its id",
            holds="has_no_batch_norm_left",
            cases=(Case({"model": network(id)}),),
            may_call=(*STEPS, "norm"),
        )
        for name, id in (
            ("with-biases", "two-convolutions-with-bias"),
            ("without-biases", "two-convolutions-without-bias"),
            ("grouped", "grouped-convolutions"),
        )
    ),
]
