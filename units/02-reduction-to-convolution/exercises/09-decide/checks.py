"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Check
from nonconv.checks.given.layers import Layer


def as_convolution(f, shape, kernel, stride, padding):
    return reduction.as_convolution(f, shape, kernel, stride, padding)


def asked(name: str) -> dict:
    """A layer of the zoo and the form in which it is looked for."""
    layer = Layer(name)
    form = {"kernel": layer.kernel, "stride": layer.stride, "padding": layer.padding}
    return {"f": layer, "shape": layer.shape, **form}


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
            asked("a 2×2 convolution with a bias"),
            asked("a convolution with stride 2"),
            asked("average pooling 2×2"),
            asked("batch norm in use"),
            asked("a network of two convolutions"),
            asked("a 3×3 convolution with a border of zeros"),
            asked("max pooling 2×2"),
            asked("ReLU"),
            asked("batch norm in training"),
            asked("locally connected 2×2"),
            asked("squeeze and excitation"),
        ],
        **deciding,
    ),
    Check.of(
        name="as-convolution-border",
        points=1,
        hidden="a layer with a border, and layers that only look like convolutions.",
        inputs=lambda seed: [
            asked(f"SAME with three maps, {seed % 10**6}"),  # a student reads the name
            asked("sigmoid"),
            asked("SAME after SAME"),
        ],
        seed=13,
        **deciding,
    ),
]
