"""Two or three layers after each other, written as a statement: together they are one convolution.

A layer is one of KINDS, some with a stride and a dilation, each a number or a letter for any number from 1.
The letters of kernels are chosen by the caller; all others follow from the layers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..notation import Index, S, Tensor, indices, tensors
from ..statement import Statement
from .writing import state

KINDS = {
    "conv": "convolution",
    "depthwise": "depthwise convolution",
    "pool": "average pooling",
    "point": "1x1 convolution",
    "norm": "batch norm in evaluation mode",
    "residual": "residual convolution",
}
WINDOWED = ("conv", "depthwise", "pool")  # may have a stride; all but pooling a dilation
BIASED = ("conv", "depthwise", "point", "norm")
Step = int | str  # a stride or a dilation

# of the first, the second and the third layer
OUTPUTS, SIZES, TAPS, LENGTHS = ("Y", "Z", "V"), ("p", "r", "q"), ("u", "w", "z"), ("ny", "nz", "nv")
CHANNELS = (("m", "M"), ("k", "K"), ("l", "L"), ("j", "N"))  # an index and its greatest value
CHANNEL_NAMES = {x for pair in CHANNELS for x in pair}


@dataclass(frozen=True)
class Layer:
    """One layer. ValueError for a kind that is none of KINDS, and a step that the kind does not have."""

    kind: str
    stride: Step = 1
    dilation: Step = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no layer; a layer is one of {', '.join(KINDS)}")
        if (self.stride != 1 and self.kind not in WINDOWED) or (
            self.dilation != 1 and (self.kind not in WINDOWED or self.kind == "pool")
        ):
            raise ValueError(f"a {KINDS[self.kind]} has no stride {self.stride}, dilation {self.dilation}")

    def __str__(self) -> str:
        steps = [
            f"{what} {x}" for what, x in (("stride", self.stride), ("dilation", self.dilation)) if x != 1
        ]
        return KINDS[self.kind] + (f" with {' and '.join(steps)}" if steps else "")


Layers = tuple[Layer, ...]


@dataclass
class _Writing:
    """What the layers so far make of the input."""

    sizes: list[str] = field(default_factory=lambda: ["M"])
    lengths: list[str] = field(default_factory=lambda: ["n"])
    inputs: dict = field(default_factory=dict)
    defs: list = field(default_factory=list)
    hypotheses: list = field(default_factory=list)
    bound: list[str] = field(default_factory=list)
    channel: int = 0  # the one that the last layer puts out, in CHANNELS
    greatest: Index = field(default_factory=lambda: _index("M"))
    length: Index = field(default_factory=lambda: _index("n"))
    output: Tensor = field(default_factory=lambda: Tensor("X"))
    size: Index | int = 1  # of the one convolution's kernel
    stride: Index | int = 1

    def size_named(self, x: str) -> Index:
        if x not in self.sizes:
            self.sizes.append(x)
        return _index(x)


def _index(x: str) -> Index:
    return indices(x)[0]


def _step(writing: _Writing, x: Step) -> Index | int:
    return writing.size_named(x) if isinstance(x, str) else x


def pipeline(id: str, layers: Layers, kernels: tuple[tuple[str, str], ...]) -> Statement:
    """The statement that these layers are one convolution (O, o), in one and in two dimensions.

    kernels: a kernel's and a bias's letter for each layer. ValueError unless a layer makes other channels:
    the input's and the output's have different letters.
    """
    writing = _Writing()
    (i,) = indices("i")
    for number, (layer, letters) in enumerate(zip(layers, kernels, strict=True)):
        _add(writing, number, layer, letters, i)
    if writing.greatest.name == "M":
        raise ValueError("one of the layers must be a convolution over all channels, or a 1x1 one")
    m, t, l, M = *indices("m t"), _index(CHANNELS[writing.channel][0]), _index("M")
    X, O, o, W = tensors("X O o W")
    size = writing.size if isinstance(writing.size, Index) else 0 * i + writing.size
    given = [x for x in writing.inputs if x != "X"]
    whole = S[m:M, t:size](X[m, writing.stride * (i - 1) + t] * O[m, l, t])
    biased = any(layer.kind in BIASED for layer in layers)
    defs = [*writing.defs, (O[m, l, t], (M, writing.greatest, size), None)]
    if biased:
        defs.append((o[l], (writing.greatest,), None))
        whole = whole + o[l]
    defs.append((W[l, i], (writing.greatest, writing.length), whole))
    places = [x for x in writing.sizes if x not in CHANNEL_NAMES]
    channels = [x for x, _ in CHANNELS[1 : writing.channel + 1]] + ["m"]
    outputs = [head.term[1] for head, _, _ in writing.defs]
    letters = [*given, *outputs, "O", *["o"] * biased, "W", "i", "t", *writing.bound, *channels]
    sizes = writing.sizes + writing.lengths
    return state(
        id,
        " · ".join(map(str, layers)).capitalize(),
        "Together these layers are one convolution with kernel O" + (" and bias o." if biased else "."),
        positions=" ".join(dict.fromkeys(["i", "t", *writing.bound, *places, *writing.lengths])),
        sizes=" ".join(sizes),
        extents=" ".join(reversed(writing.lengths)),
        inputs={"X": (M, _index("n")), **writing.inputs},
        defs=defs,
        left=writing.output[l, i],
        right=W[l, i],
        allowed=" ".join(given),
        hypotheses=tuple(writing.hypotheses),
        probe="X" if biased else "",
        symbols=" ".join(["X", *letters, *sizes]),
        dims=(1, 2),
    )


def _add(writing: _Writing, number: int, layer: Layer, letters: tuple[str, str], i: Index) -> None:
    """One more layer: its definition, and what it makes of channels, length, kernel size and stride."""
    kernel, bias = tensors(" ".join(letters))
    before, channels, source = writing.channel, writing.greatest, writing.output
    inside = _index(CHANNELS[before][0])
    if layer.kind in ("conv", "point", "residual"):
        writing.channel += 1
    if layer.kind in ("conv", "point"):
        writing.greatest = writing.size_named(CHANNELS[writing.channel][1])
    out, greatest = _index(CHANNELS[writing.channel][0]), writing.greatest
    u = _index(TAPS[number])
    if layer.kind in WINDOWED:
        p = writing.size_named(SIZES[number])
        s, d = _step(writing, layer.stride), _step(writing, layer.dilation)
        read = s * (i - 1) + d * (u - 1) + 1
        _shrink(writing, number, s, d * (p - 1))
        writing.bound.append(TAPS[number])
        if layer.kind == "conv":
            body = S[inside:channels, u:p](source[inside, read] * kernel[inside, out, u]) + bias[out]
            shapes = [(channels, greatest, p), (greatest,)]
        elif layer.kind == "depthwise":
            body = S[u:p](source[out, read] * kernel[out, u]) + bias[out]
            shapes = [(greatest, p), (greatest,)]
        else:
            body, shapes = bias[()] * S[u:p](source[out, read]), [None, ()]
    elif layer.kind == "point":
        body = S[inside:channels](source[inside, i] * kernel[inside, out]) + bias[out]
        shapes = [(channels, greatest), (greatest,)]
    elif layer.kind == "norm":
        body, shapes = kernel[out] * source[out, i] + bias[out], [(greatest,), (greatest,)]
    else:
        half = writing.size_named(SIZES[number])
        taps = 2 * half + 1
        _shrink(writing, number, 1, 2 * half)
        writing.bound.append(TAPS[number])
        around = S[inside:channels, u:taps](source[inside, i + u - 1] * kernel[inside, out, u])
        body = around + source[out, i + half]
        shapes = [(channels, greatest, taps), None]
    for name, shape in zip(letters, shapes, strict=True):
        if shape is not None:
            writing.inputs[name] = shape
    writing.output = Tensor(OUTPUTS[number])
    writing.defs.append((writing.output[out, i], (greatest, writing.length), body))


def _shrink(writing: _Writing, number: int, stride: Index | int, reach: Index) -> None:
    """The output is shorter than the input: by `reach` at stride 1, else as the hypothesis says."""
    if isinstance(stride, int) and stride == 1:
        writing.length = writing.length - reach
    else:
        name = LENGTHS[number]
        shorter = _index(name)
        writing.lengths.append(name)
        writing.hypotheses.append(stride * (shorter - 1) + reach + 1 <= writing.length)
        writing.length = shorter
    writing.size = writing.size + writing.stride * reach
    writing.stride = writing.stride * stride
