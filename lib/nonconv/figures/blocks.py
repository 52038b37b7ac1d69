"""The blocks of units 4 and 5 as diagrams: what reads what, and which parts are convolutions."""

from nonconv.figures.graphs import block_diagrams
from nonconv.figures.words import Picture
from nonconv.reduction import Step

CONV, AVERAGE, SUM, OTHER = "convolution", "average", "sum", "other"


def _steps(*rows: tuple[str, str, str, str]) -> list[Step]:
    """(name, kind, label, the names that it reads)."""
    return [Step(name, kind, label, tuple(inputs.split())) for name, kind, label, inputs in rows]


def attention_gates() -> Picture:
    """CBAM's two gates: over maps, and over places."""
    channel = _steps(
        ("x", "input", "X: C×H×W", ""),
        ("avg", AVERAGE, "mean per map", "x"),
        ("max", OTHER, "max per map", "x"),
        ("mlp", CONV, "the same W₀, ReLU, W₁ for both", "avg max"),
        ("sum", SUM, "add", "mlp"),
        ("sigma", OTHER, "σ: a weight for each map", "sum"),
        ("y", OTHER, "multiply", "sigma x"),
    )
    spatial = _steps(
        ("x", "input", "X: C×H×W", ""),
        ("avg", AVERAGE, "mean per place", "x"),
        ("max", OTHER, "max per place", "x"),
        ("cat", OTHER, "stack: 2×H×W", "avg max"),
        ("conv", CONV, "k×k convolution to 1 map", "cat"),
        ("sigma", OTHER, "σ: a weight for each place", "conv"),
        ("y", OTHER, "multiply", "sigma x"),
    )
    return block_diagrams(
        {"channel attention": channel, "spatial attention": spatial},
        "Two diagrams. Channel attention: X goes to an average and a maximum over all places, both"
        " through the same"
        " two-layer perceptron, which are added; σ makes a weight for each map, and X is multiplied"
        " by it. Spatial"
        " attention: X goes to an average and a maximum over all maps, which are stacked; a k×k"
        " convolution and σ"
        " make a weight for each place, and X is multiplied by it.",
        "The two gates. Blue: convolutions (W₀ and W₁, with a ReLU between). Green: an average, which is"
        " one, too. Orange: a sum. Grey: what is none.",
    )


def inception_modules() -> Picture:
    """Inception (a), naive, and (b), with bottlenecks. Source: C. Szegedy et al. (2015), figure 2."""
    naive = _steps(
        ("x", "input", "input", ""),
        ("one", CONV, "1×1", "x"),
        ("three", CONV, "3×3", "x"),
        ("five", CONV, "5×5", "x"),
        ("pool", OTHER, "max 3×3", "x"),
        ("cat", OTHER, "stack", "one three five pool"),
    )
    bottlenecks = _steps(
        ("x", "input", "input", ""),
        ("one", CONV, "1×1", "x"),
        ("r3", CONV, "1×1", "x"),
        ("r5", CONV, "1×1", "x"),
        ("pool", OTHER, "max 3×3", "x"),
        ("three", CONV, "3×3", "r3"),
        ("five", CONV, "5×5", "r5"),
        ("p", CONV, "1×1", "pool"),
        ("cat", OTHER, "stack", "one three five p"),
    )
    return block_diagrams(
        {"(a) naive": naive, "(b) with bottlenecks": bottlenecks},
        "Two Inception modules. (a): the input goes side by side through 1×1, 3×3, 5×5 and max"
        " pooling, and the results"
        " are stacked. (b): the same with a 1×1 convolution before 3×3 and 5×5 and behind the pooling.",
        "Inception: (a) as first thought of, (b) with 1×1 bottlenecks, as in GoogLeNet (Szegedy et"
        " al. 2015, figure 2).",
    )


def residual_blocks() -> Picture:
    """A plain block, a residual one, one with a bottleneck. Source: K. He et al. (2016), figures 2 and 5."""

    def block(layers: list[str], skip: bool) -> list[Step]:
        rows = [("x", "input", "x", "")]
        for n, size in enumerate(layers):
            rows += [(f"c{n}", CONV, size, rows[-1][0]), (f"b{n}", "batch norm", "batch norm", f"c{n}")]
            if n + 1 < len(layers):
                rows.append((f"r{n}", OTHER, "ReLU", f"b{n}"))
        last = rows[-1][0]
        if skip:
            rows.append(("add", SUM, "add", f"{last} x"))
            last = "add"
        return _steps(*rows, ("out", OTHER, "ReLU", last))

    return block_diagrams(
        {
            "plain": block(["3×3", "3×3"], False),
            "residual (ResNet-34)": block(["3×3", "3×3"], True),
            "bottleneck (ResNet-50)": block(["1×1 to C/4", "3×3", "1×1 to C"], True),
        },
        "Three blocks. Plain: 3×3, batch norm, ReLU, 3×3, batch norm, ReLU. Residual: the same, and"
        " the input is added"
        " before the last ReLU. Bottleneck: 1×1, 3×3 and 1×1, each with batch norm, and the input is added.",
        "A plain block, the residual block, and the one with a bottleneck (He et al. 2016, figures 2 and 5).",
    )
