"""The checks: references, inputs, points."""

from torch import nn

from nonconv.authoring import Case, Check
from nonconv.checks.given.networks import network

from ...shared import BLOCKS


def se_cost(model, r):
    maps = [layer.out_channels for layer in model if isinstance(layer, nn.Conv2d)]
    extra = sum(2 * C * C // r + C // r + C for C in maps)
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


costing = {"answer": "se_cost", "reference": se_cost, "returns": ("the extra parameters", "their share")}

CHECKS = [
    *(
        Check(
            name=f"put-se-{name}",
            answer="put_se",
            points=1,
            hidden="grouped convolutions, one without batch norm." if name == "grouped" else "",
            holds="has_squeeze_and_excitation_behind_each_convolution",
            in_kernel=True,
            cases=(Case({"model": network(id), "se": BLOCKS}),),
            may_call=("conv", "norm"),
        )
        for name, id in (
            ("with-biases", "two-convolutions-with-bias"),
            ("grouped", "grouped-convolutions"),
        )
    ),
    Check.of(
        name="se-cost-values",
        points=1,
        inputs=[
            {"model": network("two-convolutions-with-bias"), "r": 2},
            {"model": network("two-convolutions-without-bias"), "r": 1},
        ],
        **costing,
    ),
    Check.of(
        name="se-cost-grouped",
        points=1,
        same_for_all="a network that the course hands over by its id",
        hidden="grouped convolutions.",
        inputs=[{"model": network("grouped-convolutions"), "r": 4}],
        **costing,
    ),
]
