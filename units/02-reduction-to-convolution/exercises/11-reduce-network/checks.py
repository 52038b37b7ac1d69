"""The checks: references, inputs, points."""

from nonconv.authoring import Case, Check
from nonconv.checks.given.layers import network

CHECKS = [
    *(
        Check(
            name=f"reduce-network-{name}",
            answer="reduce_network",
            points=1,
            same_for_all="a network, and it is judged in the kernel",
            hidden="grouped convolutions, a large ε, a convolution without batch norm."
            if name == "grouped"
            else "",
            holds="has no batch norm left",
            cases=(Case({"model": network(called)}),),
            may_call=("conv", "norm"),
        )
        for name, called in (
            ("with-biases", "two convolutions with batch norm"),
            ("without-biases", "convolutions without a bias"),
            ("grouped", "grouped convolutions, one without batch norm"),
        )
    ),
]
