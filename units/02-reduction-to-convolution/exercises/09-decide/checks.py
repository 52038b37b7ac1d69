"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Check
from nonconv.checks.given.layers import Layer


def as_convolution(f, shape, kernel, stride, padding):
    return reduction.as_convolution(f, shape, kernel, stride, padding)


def decision(id: str, **parameters: int) -> dict:
    """A given layer and the form in which it is looked for."""
    layer = Layer(id, **parameters)
    form = layer.form
    return {
        "f": layer,
        "shape": form.shape,
        "kernel": form.kernel,
        "stride": form.stride,
        "padding": form.padding,
    }


deciding = {
    "answer": "as_convolution",
    "reference": as_convolution,
    "returns": ("weight", "bias"),
    "may_call": ("conv",),
}

CHECKS = [
    Check.of(
        name="as-convolution-decides",
        points=2,
        inputs=[
            decision("convolution-2x2"),
            decision("convolution-stride-2"),
            decision("average-pooling-2x2"),
            decision("batch-norm-evaluation"),
            decision("two-convolutions"),
            decision("convolution-3x3-padded"),
            decision("max-pooling-2x2"),
            decision("relu"),
            decision("batch-norm-training"),
            decision("locally-connected-2x2"),
            decision("squeeze-excitation"),
        ],
        **deciding,
    ),
    Check.of(
        name="as-convolution-border",
        points=1,
        hidden="a layer with a border, and layers that only look like convolutions.",
        inputs=lambda seed: [
            decision("same-three-channels", seed=seed % 10**6),  # a student reads the seed
            decision("sigmoid"),
            decision("same-after-same"),
        ],
        seed=13,
        **deciding,
    ),
]
