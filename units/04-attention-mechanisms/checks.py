"""The checks of unit 4, as data: inputs, reference, points. Hidden ones are written into nbgrader's source only.

Inputs that are a function of a seed are drawn anew for each student when work is graded (`nonconv.grading.drawing`).
"""

from collections.abc import Callable
from typing import Any

import sympy
import torch
from torch import Tensor, nn

from nonconv import layers
from nonconv.checks import Case, Check
from nonconv.checks.digits import digits
from nonconv.checks.zoo import Layer, network


def whole(*shape: int, seed: int, low: int = -4, high: int = 4) -> torch.Tensor:
    """Small whole numbers, none of them 0: easy to follow by hand, and no product hides a term."""
    generator = torch.Generator().manual_seed(seed)
    numbers = torch.randint(low, high + 1, shape, generator=generator).double()
    return numbers.masked_fill(numbers == 0, high)


def quarters(*shape: int, seed: int) -> torch.Tensor:
    """Multiples of 1/4 from −1 to 1: no σ of them is 0 or 1."""
    return whole(*shape, seed=seed) / 4


# ------------------------------------------------------------------------------------------------- references


def aggregate(X, by):
    return layers.aggregate_places(X[None], by)[0][:, None, None]


def excitation(F_agg, W0, W1):
    return torch.sigmoid(W1 @ (W0 @ F_agg).clamp(min=0))


def excitation_parameters(C, r):
    return 2 * C**2 / r


def share_of_a_convolution(C, r, p):
    return (2 * C**2 / r) / (C**2 * p**2)


def channel_attention(X, W0, W1):
    return layers.channel_attention(X[None], W0, W1)[0]


def spatial_attention(X, W):
    return layers.spatial_attention(X[None], W)[0]


def cbam(X, channel, spatial):
    refined = channel(X) * X
    return spatial(refined) * refined


def se_by_convolutions(X, W0, W1):
    return layers.squeeze_excitation(X[None], W0, W1)[0]


def se_cost(model, r):
    maps = [layer.out_channels for layer in model if isinstance(layer, nn.Conv2d)]
    extra = sum(2 * C * C // r + C // r + C for C in maps)
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


def closed_channels(gate, images, threshold):
    return (gate(images) < threshold).all(0)


def self_attention(X, WQ, WK, WV):
    C, H, W = X.shape
    places = X.reshape(C, H * W).T
    Q, K, V = places @ WQ, places @ WK, places @ WV
    A = torch.softmax(Q @ K.T / WQ.shape[1] ** 0.5, dim=1)
    return A, (A @ V).T.reshape(-1, H, W)


# ------------------------------------------------------------------------------------------------------ inputs


def perceptron(C: int, hidden: int, seed: int) -> dict[str, torch.Tensor]:
    return {"W0": quarters(hidden, C, seed=seed), "W1": quarters(C, hidden, seed=seed + 1)}


def projections(C: int, d: int, dv: int, seed: int) -> dict[str, torch.Tensor]:
    return {
        "WQ": quarters(C, d, seed=seed),
        "WK": quarters(C, d, seed=seed + 1),
        "WV": whole(C, dv, seed=seed + 2),
    }


# In a draw that is not looked at, a mistake may change nothing: a ReLU shows only where something is negative.


def first_that(
    tells: Callable[..., bool], draw: Callable[[int], dict[str, Any]], seed: int
) -> dict[str, Any]:
    """The first draw, from this seed on, in which what the check is there for can be seen."""
    while not tells(**(drawn := draw(seed))):
        seed += 10
    return drawn


def both_signs(numbers: Tensor, size: float = 0) -> bool:
    return bool(numbers.min() < -size) and bool(numbers.max() > size)


def aggregated(seed: int) -> list[dict[str, Any]]:
    """Two maps of negative numbers with different maxima; maps that are not square; a single map."""
    return [
        first_that(
            lambda X, by: len(X.amax((1, 2)).unique()) == 2,
            lambda seed: {"X": whole(2, 3, 2, seed=seed, low=-9, high=-1), "by": "max"},
            seed,
        ),
        {"X": whole(2, 3, 2, seed=seed + 1), "by": "avg"},
        {"X": whole(4, 1, 5, seed=seed + 2), "by": "avg"},
        {"X": whole(1, 3, 3, seed=seed + 3), "by": "max"},
    ]


def excited(seed: int) -> list[dict[str, Any]]:
    """Both ReLU and σ see numbers of both signs; then σ sees very large ones."""

    def tells(size: float) -> Callable[..., bool]:
        def both(F_agg: Tensor, W0: Tensor, W1: Tensor) -> bool:
            hidden = W0 @ F_agg
            return both_signs(hidden) and both_signs(W1 @ hidden.relu(), size)

        return both

    return [
        first_that(tells(0), lambda seed: {"F_agg": whole(8, seed=seed), **perceptron(8, 2, seed + 1)}, seed),
        first_that(
            tells(1000),
            lambda seed: {"F_agg": 1000 * whole(4, seed=seed, low=1), **perceptron(4, 2, seed + 1)},
            seed + 5,
        ),
    ]


def attended(seed: int) -> list[dict[str, Any]]:
    """ReLU before the sum is not ReLU of it, a map's maximum is not that of all, σ sees both signs; then negative maps."""

    def tells(X: Tensor, W0: Tensor, W1: Tensor) -> bool:
        average, largest = W0 @ X.mean((1, 2)), W0 @ X.amax((1, 2))
        overall = W0 @ X.amax().expand(len(X))
        right = W1 @ (average.relu() + largest.relu())
        shortcuts = (right.relu(), W1 @ average.relu(), W1 @ largest.relu(), W1 @ (average + largest).relu(),
                     W1 @ (average.relu() + overall.relu()))  # fmt: skip
        # a gate that is wide open, or closed, does not tell how wide
        return all(bool((right.sigmoid() - other.sigmoid()).abs().max() > 1e-3) for other in shortcuts)

    return [
        first_that(tells, lambda seed: {"X": whole(6, 3, 3, seed=seed), **perceptron(6, 3, seed + 1)}, seed),
        {"X": whole(3, 4, 1, seed=seed + 5, low=-5, high=-1), **perceptron(3, 3, seed + 6)},
    ]


def spatially(seed: int) -> list[dict[str, Any]]:
    """The gate is below 1/2 somewhere: there σ sees a negative number."""

    def tells(X: Tensor, W: Tensor) -> bool:
        return bool(spatial_attention(X, W).min() < 0.4)

    return [
        first_that(tells, lambda seed: {"X": whole(3, 4, 4, seed=seed), "W": quarters(1, 2, 5, 5, seed=seed + 1)}, seed),
        {"X": whole(5, 2, 6, seed=seed + 2), "W": quarters(1, 2, 7, 7, seed=seed + 3)},
    ]  # fmt: skip


def squeezed(seed: int) -> dict[str, Any]:
    """ReLU sees both signs."""
    return first_that(
        lambda X, W0, W1: both_signs(W0 @ X.mean((1, 2))),
        lambda seed: {"X": whole(6, 2, 5, seed=seed), **perceptron(6, 3, seed + 1)},
        seed,
    )


def looked(seed: int) -> dict[str, Any]:
    """Queries and keys are no matter of taste: QKᵀ is not symmetric."""
    return first_that(
        lambda X, WQ, WK, WV: not torch.equal(WQ @ WK.T, WK @ WQ.T),  # exact: sixteenths
        lambda seed: {"X": quarters(2, 3, 5, seed=seed), **projections(2, 4, 3, seed=seed + 1)},
        seed,
    )


def shut(seed: int) -> list[dict[str, Any]]:
    """Three digits, for which each shortcut (any, the mean, the first, a tenth) closes other channels; two with a tiny threshold."""

    def tells(gate: Layer, images: Tensor, threshold: float) -> bool:
        weights = gate(images)
        closed = (weights < threshold).all(0)  # exact: truth values
        means = weights.mean(0) < threshold, gate(images.mean(0, keepdim=True))[0] < threshold
        shortcuts = (*means, (weights < threshold).any(0), weights[0] < threshold, (weights < 0.1).all(0))
        return not any(torch.equal(closed, other) for other in shortcuts) and not torch.equal(*means)

    def some(n: int, threshold: float, seed: int) -> dict[str, Any]:
        chosen = torch.randint(len(digits()), (n,), generator=torch.Generator().manual_seed(seed))
        return {"gate": GATE, "images": digits()[chosen].float(), "threshold": threshold}

    return [
        first_that(tells, lambda seed: some(3, 0.45, seed), seed),
        some(2, 1e-4, seed + 1),
    ]


CHANNEL, SPATIAL = Layer("a channel gate for four maps"), Layer("a spatial gate")
GATE, BLOCKS = Layer("a gate trained on digits"), Layer("SE blocks")
POSITIVES = digits()[:3].float()
C, r, p = sympy.symbols("C r p", integer=True, positive=True)

aggregating = {"answer": "aggregate", "reference": aggregate, "returns": ("F",)}
exciting = {"answer": "excitation", "reference": excitation, "returns": ("Y",)}
# pooling and 1×1 convolutions are steps of it, and common ways to write them
channels = {
    "answer": "channel_attention",
    "reference": channel_attention,
    "returns": ("A",),
    "may_call": ("conv", "pool"),
}
places = {
    "answer": "spatial_attention",
    "reference": spatial_attention,
    "returns": ("A",),
    "may_call": ("conv",),
}
both = {"answer": "cbam", "reference": cbam, "returns": ("Y",)}
convolving = {
    "answer": "se_by_convolutions",
    "reference": se_by_convolutions,
    "returns": ("Y",),
    "may_call": ("conv",),
    "may_not_call": ("mean", "sum", "mm", "mv", "dot", "linear"),
}
costing = {"answer": "se_cost", "reference": se_cost, "returns": ("the extra parameters", "their share")}
closing = {"answer": "closed_channels", "reference": closed_channels, "returns": ("closed",)}
# Q, K, V may be 1×1 convolutions. The fused layer falls apart before the guard sees it; only this kernel is left of it
attending = {
    "answer": "self_attention",
    "reference": self_attention,
    "returns": ("A", "Y"),
    "may_call": ("conv",),
    "may_not_call": ("safe_softmax",),
}

CHECKS = [
    Check.of(
        name="aggregate-values",
        points=1,
        inputs=[
            {"X": torch.tensor([[[1.0, 2], [3, 6]], [[0, 0], [0, 4]]]).double(), "by": "avg"},
            {"X": torch.tensor([[[1.0, 2], [3, 6]], [[0, 0], [0, 4]]]).double(), "by": "max"},
            {"X": whole(3, 2, 4, seed=1), "by": "avg"},
        ],
        **aggregating,
    ),
    Check.of(
        name="aggregate-negative",
        points=1,
        hidden=True,
        inputs=aggregated,
        **aggregating,
    ),
    Check.of(
        name="excitation-values",
        points=1,
        inputs=[
            {
                "F_agg": torch.tensor([3.0, 1.0]).double(),
                "W0": torch.tensor([[1.0, -1.0]]).double(),
                "W1": torch.tensor([[0.5], [-1.0]]).double(),
            },
            {"F_agg": whole(4, seed=6), **perceptron(4, 2, seed=8)},
            {"F_agg": torch.tensor([-2.0, 1, 4]).double(), **perceptron(3, 3, seed=9)},
        ],
        **exciting,
    ),
    Check.of(
        name="excitation-many",
        points=1,
        hidden=True,
        inputs=excited,
        **exciting,
    ),
    Check.of(
        name="excitation-parameters",
        points=1,
        inputs=[{"C": C, "r": r}],
        answer="excitation_parameters",
        reference=excitation_parameters,
        returns=("the number of weights",),
    ),
    Check.of(
        name="share-of-a-convolution",
        points=1,
        inputs=[{"C": C, "r": r, "p": p}],
        answer="share_of_a_convolution",
        reference=share_of_a_convolution,
        returns=("the share",),
    ),
    Check.of(
        name="channel-attention-values",
        points=2,
        inputs=[
            {
                "X": torch.tensor([[[1.0, 3.0]], [[1.0, 1.0]]]).double(),
                "W0": torch.tensor([[1.0, -1.0]]).double(),
                "W1": torch.tensor([[0.5], [-1.0]]).double(),
            },
            {"X": whole(4, 2, 3, seed=20), **perceptron(4, 2, seed=34)},
        ],
        **channels,
    ),
    Check.of(
        name="channel-attention-sizes",
        points=1,
        hidden=True,
        inputs=attended,
        **channels,
    ),
    Check.of(
        name="spatial-attention-values",
        points=2,
        inputs=[
            {
                "X": torch.tensor([[[1.0, 0.0, 3.0]], [[-1.0, 2.0, 1.0]]]).double(),
                "W": torch.tensor([0.5, -0.25]).double().reshape(1, 2, 1, 1),
            },
            {"X": whole(2, 3, 4, seed=30), "W": quarters(1, 2, 3, 3, seed=31)},
        ],
        **places,
    ),
    Check.of(
        name="spatial-attention-kernel",
        points=1,
        hidden=True,
        inputs=spatially,
        seed=33,
        **places,
    ),
    Check.of(
        name="cbam-values",
        points=1,
        inputs=[
            {"X": quarters(4, 1, 2, seed=40), "channel": CHANNEL, "spatial": SPATIAL},
            {"X": whole(4, 3, 3, seed=41), "channel": CHANNEL, "spatial": SPATIAL},
        ],
        **both,
    ),
    Check.of(
        name="cbam-not-square",
        points=1,
        hidden=True,
        inputs=lambda seed: [{"X": whole(4, 2, 5, seed=seed), "channel": CHANNEL, "spatial": SPATIAL}],
        seed=42,
        **both,
    ),
    Check(
        name="order-matters",
        answer="order_matters",
        points=2,
        holds="shows that the order matters",
        cases=(Case({"channel": CHANNEL, "spatial": SPATIAL}),),
        may_call=("conv",),
    ),
    Check.of(
        name="se-by-convolutions-values",
        points=2,
        inputs=[
            {"X": whole(2, 1, 2, seed=50), **perceptron(2, 1, seed=4)},
            {"X": whole(4, 3, 3, seed=53), **perceptron(4, 2, seed=35)},
        ],
        **convolving,
    ),
    Check.of(
        name="se-by-convolutions-not-square",
        points=1,
        hidden=True,
        inputs=lambda seed: [squeezed(seed)],
        **convolving,
    ),
    Check(
        name="se-not-additive",
        answer="breaks_additivity",
        points=2,
        holds="breaks additivity of squeeze and excitation",
        cases=(Case({"se": Layer("squeeze and excitation of four maps")}),),
    ),
    *(
        Check(
            name=f"put-se-{name}",
            answer="put_se",
            points=1,
            hidden=name == "grouped",
            holds="has squeeze and excitation behind each convolution",
            cases=(Case({"model": network(called), "se": BLOCKS}),),
            may_call=("conv", "norm"),
        )
        for name, called in (
            ("with-biases", "two convolutions with batch norm"),
            ("grouped", "grouped convolutions, one without batch norm"),
        )
    ),
    Check.of(
        name="se-cost-values",
        points=1,
        inputs=[
            {"model": network("two convolutions with batch norm"), "r": 2},
            {"model": network("convolutions without a bias"), "r": 1},
        ],
        **costing,
    ),
    Check.of(
        name="se-cost-grouped",
        points=1,
        hidden=True,
        inputs=[{"model": network("grouped convolutions, one without batch norm"), "r": 4}],
        **costing,
    ),
    Check.of(
        name="closed-channels-values",
        points=1,
        inputs=[
            {"gate": GATE, "images": POSITIVES, "threshold": 0.1},
            {"gate": GATE, "images": 1 - POSITIVES, "threshold": 0.1},
            # here each shortcut (any, the mean, the first image, a threshold of one's own) closes other channels
            {"gate": GATE, "images": digits()[11:15].float(), "threshold": 0.3},
        ],
        **closing,
    ),
    Check.of(
        name="closed-channels-thresholds",
        points=1,
        hidden=True,
        inputs=shut,
        seed=3,
        **closing,
    ),
    Check.of(
        name="self-attention-values",
        points=2,
        inputs=[
            {"X": quarters(1, 1, 2, seed=60), **projections(1, 1, 1, seed=61)},
            {"X": quarters(3, 4, 4, seed=64), **projections(3, 2, 2, seed=65)},
        ],
        **attending,
    ),
    Check.of(
        name="self-attention-not-square",
        points=1,
        hidden=True,
        inputs=lambda seed: [looked(seed)],
        seed=68,
        **attending,
    ),
]
