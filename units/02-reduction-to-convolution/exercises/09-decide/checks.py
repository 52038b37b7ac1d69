"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Check
from nonconv.checks.given.layers import Layer

from ...shared import STEPS


def as_convolution(f, shape, kernel, stride, padding):
    return reduction.as_convolution(f, shape, kernel, stride, padding)


def decision(id: str, stride: int | None = None, **parameters: int) -> dict:
    """A given layer and the form in which it is looked for: its own, or with another stride."""
    layer = Layer(id, **parameters)
    form = layer.form
    return {
        "f": layer,
        "shape": form.shape,
        "kernel": form.kernel,
        "stride": form.stride if stride is None else stride,
        "padding": form.padding,
    }


def as_shown(seed: int) -> list[dict]:
    """Convolutions with other numbers, and the layers without any."""
    seed %= 10**6
    return [
        decision("convolution-2x2-seed", seed=seed),
        decision("convolution-stride-2-padded", seed=seed + 2),
        decision("same-three-channels", seed=seed + 4),
        *(decision(id) for id in FIXED),
        decision("convolution-stride-2", stride=1),  # its own stride is 2
    ]


FIXED = (
    "convolution-3x3-padded",
    "average-pooling-2x2",
    "batch-norm-evaluation",
    "two-convolutions",
    "max-pooling-2x2",
    "relu",
    "batch-norm-training",
    "batch-mean-removed",
    "locally-connected-2x2",
    "squeeze-excitation",
)


deciding = {
    "answer": "as_convolution",
    "reference": as_convolution,
    "returns": ("weight", "bias"),
    "may_call": STEPS,
}

CHECKS = [
    Check.of(
        name="as-convolution-decides",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            decision("convolution-2x2"),
            decision("convolution-stride-2-padded"),
            decision("average-pooling-2x2"),
            decision("batch-norm-evaluation"),
            decision("two-convolutions"),
            decision("convolution-3x3-padded"),
            decision("convolution-stride-2", stride=1),  # its own stride is 2
            decision("max-pooling-2x2"),
            decision("relu"),
            decision("batch-norm-training"),
            decision("batch-mean-removed"),
            decision("locally-connected-2x2"),
            decision("squeeze-excitation"),
        ],
        **deciding,
    ),
    Check.of(
        name="as-convolution-border",
        points=1,
        hidden="a border, a bias, a stride, and layers that only look like convolutions of the form asked for.",
        inputs=lambda seed: [
            decision("same-three-channels", seed=seed % 10**6),  # a student reads the seed
            decision("convolution-2x2-seed", seed=seed % 10**6 + 1),
            decision("convolution-2x2-seed", stride=2, seed=seed % 10**6 + 2),
            decision("convolution-stride-2-padded", seed=seed % 10**6 + 3),
            decision("batch-norm-evaluation"),
            decision("batch-mean-removed"),
            decision("relu"),
            decision("sigmoid"),
            decision("same-after-same"),
        ],
        seed=13,
        **deciding,
    ),
]
