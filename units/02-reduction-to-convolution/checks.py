"""The checks of unit 2, as data: inputs, reference, points. Hidden ones are written into nbgrader's source only.

Inputs that are a function of a seed are drawn anew for each student when work is graded (`nonconv.grading.drawing`).
"""

import random

import torch

from nonconv import layers, reduction
from nonconv.checks import Case, Check
from nonconv.checks.zoo import Layer, network


def vector(*numbers: float, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.tensor(numbers, dtype=dtype)


def row(*numbers: float) -> torch.Tensor:
    """A kernel with one map in, one out, and one row."""
    return vector(*numbers).reshape(1, 1, 1, -1)


def whole(*shape: int, seed: int) -> torch.Tensor:
    """Small whole numbers from −4 to 4, never 0 and never all alike: easy to follow by hand."""
    generator = torch.Generator().manual_seed(seed)
    size = torch.randint(1, 5, shape, generator=generator)
    return (size * (torch.randint(0, 2, shape, generator=generator) * 2 - 1)).double()


def distinct(n: int, seed: int) -> torch.Tensor:
    """n <= 8 numbers of different sizes from 2.1 to 9.9, the first negative, their sum no smaller than 2.

    So nothing is hidden by a number or a sum that multiplies or adds nothing, nor by an order that reads the same backwards.
    """
    r = random.Random(seed)
    while True:
        sizes = [whole + r.randrange(1, 10) / 10 for whole in r.sample(range(2, 10), n)]
        numbers = vector(-sizes[0], *(size * r.choice((-1, 1)) for size in sizes[1:]))
        if abs(numbers.sum()) >= 2:
            return numbers


def statistics(K: int, seed: int, dtype: torch.dtype = torch.float64) -> dict[str, torch.Tensor]:
    """γ, β, μ, σ² of K maps."""
    g = torch.Generator().manual_seed(seed)
    gamma, beta, mu = (torch.randn(3, K, generator=g, dtype=dtype) * 2).round(decimals=3)
    var = (torch.rand(K, generator=g, dtype=dtype) * 3 + 0.1).round(decimals=3)
    return {"gamma": gamma, "beta": beta, "mu": mu, "var": var}


def batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = running_mean.clone(), running_var.clone()
    return layers.batch_norm(Y, mean, var, gamma, beta, True, momentum, eps), mean, var


def batch(*shape: int, seed: int, momentum: float, eps: float) -> dict:
    """A batch and the state of a batch norm that has seen others before."""
    state = statistics(shape[1], seed)
    return {
        "Y": whole(*shape, seed=seed),
        "gamma": state["gamma"],
        "beta": state["beta"],
        "running_mean": state["mu"],
        "running_var": state["var"],
        "momentum": momentum,
        "eps": eps,
    }


def compose(F, b, G, g):
    return tuple(reduction.compose(F, b, G, g)[:2])


def two_layers(M: int, K: int, L: int, first: tuple[int, int], second: tuple[int, int], seed: int) -> dict:
    """Kernels and biases of two layers, in small whole numbers."""
    return {
        "F": whole(K, M, *first, seed=seed),
        "b": whole(K, seed=seed + 1),
        "G": whole(L, K, *second, seed=seed + 2),
        "g": whole(L, seed=seed + 3),
    }


def two_single_maps(first: tuple[int, int], second: tuple[int, int], seed: int) -> dict:
    """Likewise, of one map each; no number of G is their sum, else nobody would miss the others in the bias."""
    (p, q), (r, s) = first, second
    F, b, g = distinct(p * q, seed), distinct(1, seed + 1), distinct(1, seed + 2)
    while True:
        seed += 3
        G = distinct(r * s, seed).reshape(r, s)
        if bool(((G - G.sum()).abs() > 0.05).all()):
            return {"F": F.reshape(1, 1, p, q), "b": b, "G": G.reshape(1, 1, r, s), "g": g}


def compose_strided(F, G, s1, s2):
    one = reduction.compose(
        F.reshape(1, 1, 1, -1), None, G.reshape(1, 1, 1, -1), None, stride=((1, s1), (1, s2))
    )
    return one.weight.reshape(-1), one.stride[1]


def small_variance(seed: int) -> dict:
    """Batch norm of two maps: one never varies, the other hardly."""
    gamma, beta, mu = (distinct(2, seed + n) for n in range(3))
    return {
        "gamma": gamma,
        "beta": beta,
        "mu": mu,
        "var": torch.stack([torch.zeros(()).double(), distinct(1, seed + 3)[0].abs() * 1e-6]),
        "eps": 1e-4,
    }


def merged(K: int, seed: int) -> dict:
    """A bias b, and G and g of a batch norm behind it."""
    return {name: distinct(K, seed + n) for n, name in enumerate(("b", "G", "g"))}


def window(seed: int) -> dict:
    """A pooling whose window is not square."""
    r = random.Random(seed)
    p, q = r.sample(range(2, 10), 2)
    return {"M": r.randint(2, 4), "p": p, "q": q}


def filters(seed: int) -> tuple[torch.Tensor, ...]:
    """Column times row with a first row of zeros, column times row that is not square, and the identity."""
    zero = torch.zeros(1, dtype=torch.float64)
    return (
        torch.outer(torch.cat([zero, whole(2, seed=seed)]), whole(3, seed=seed + 1)),
        torch.outer(whole(3, seed=seed + 2), whole(2, seed=seed + 3)),
        torch.eye(3, dtype=torch.float64),
    )


def fold_listing(weight, bias, gamma, beta, mean, var, eps):
    return reduction.merge(weight, bias, *reduction.affine_form(gamma, beta, mean, var, eps))


def listing(K: int, seed: int, bias: bool) -> dict:
    state = statistics(K, seed)
    return {
        "weight": whole(K, 2, 1, 2, seed=seed),
        "bias": whole(K, seed=seed + 1) if bias else None,
        "gamma": state["gamma"],
        "beta": state["beta"],
        "mean": state["mu"],
        "var": state["var"],
        "eps": 1e-3,
    }


def average_kernel(M, p, q):
    return reduction.average_pooling(M, (p, q)).weight


def as_convolution(f, shape, kernel, stride, padding):
    return reduction.as_convolution(f, shape, kernel, stride, padding)


def asked(name: str) -> dict:
    """A layer of the zoo and the form in which it is looked for."""
    layer = Layer(name)
    form = {"kernel": layer.kernel, "stride": layer.stride, "padding": layer.padding}
    return {"f": layer, "shape": layer.shape, **form}


BLUR = torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]], dtype=torch.float64) / 16
SHARPEN = torch.tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=torch.float64)
TOP_SOBEL = torch.tensor([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]], dtype=torch.float64)
OUTLINE = torch.tensor([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]], dtype=torch.float64)
CUSTOM = torch.tensor([[1.0, -1, 1], [-1, 0, -1], [1, -1, 1]], dtype=torch.float64)


def affine_form(gamma, beta, mu, var, eps):
    return reduction.affine_form(gamma, beta, mu, var, eps)


def merge(F, b, G, g):
    return reduction.merge(F, b, G, g)


affine = {"answer": "affine_form", "reference": affine_form, "returns": ("G", "g")}
training = {
    "answer": "batch_norm_training",
    "reference": batch_norm_training,
    "returns": ("Z", "the new running mean", "the new running variance"),
}
composing = {"answer": "compose", "reference": compose, "returns": ("O", "o")}
striding = {"answer": "compose_strided", "reference": compose_strided, "returns": ("O", "stride")}
folding = {"answer": "fold_listing", "reference": fold_listing, "returns": ("O", "o")}
averaging = {"answer": "average_kernel", "reference": average_kernel, "returns": ("weight",), "rtol": 1e-5}
deciding = {
    "answer": "as_convolution",
    "reference": as_convolution,
    "returns": ("weight", "bias"),
    "may_call": ("conv",),
}
merging = {"answer": "merge", "reference": merge, "returns": ("O", "o")}

CHECKS = [
    Check.of(
        name="batch-norm-training-values",
        points=2,
        inputs=[
            {
                "Y": vector(0, 2).reshape(2, 1, 1, 1),
                **{"gamma": vector(1), "beta": vector(0), "running_mean": vector(5), "running_var": vector(6)},
                "momentum": 0.5,
                "eps": 3.0,
            },
            batch(3, 2, 2, 2, seed=21, momentum=0.3, eps=1e-3),
        ],
        **training,
    ),
    Check.of(
        name="batch-norm-training-shapes",
        points=1,
        hidden=True,
        inputs=lambda seed: [batch(2, 3, 2, 5, seed=seed, momentum=0.25, eps=0.5)],
        seed=22,
        **training,
    ),
    Check.of(
        name="affine-form-values",
        points=2,
        inputs=[
            {"gamma": vector(6), "beta": vector(1), "mu": vector(3), "var": vector(3), "eps": 1.0},
            {"gamma": vector(2, -3), "beta": vector(1, 4), "mu": vector(5, 2), "var": vector(0.24, 4), "eps": 0.01},
            {**statistics(3, seed=0), "eps": 1e-5},
            {**statistics(5, seed=1), "eps": 1e-3},
        ],
        **affine,
    ),
    Check.of(
        name="affine-form-small-variance",
        points=1,
        hidden=True,
        inputs=lambda seed: [small_variance(seed)],
        **affine,
    ),
    Check.of(
        name="affine-form-many-maps",
        points=1,
        hidden=True,
        rtol=1e-4,
        atol=1e-5,
        inputs=lambda seed: [{**statistics(32, seed=seed, dtype=torch.float32), "eps": 1e-3}],
        seed=2,
        **affine,
    ),
    Check.of(
        name="depthwise-kernel-values",
        points=1,
        inputs=[{"G": vector(2, -3), "g": vector(1, 5)}, {"G": vector(0.5, 4, -1), "g": vector(0, 7, 2)}],
        answer="depthwise_kernel",
        reference=reduction.depthwise_1x1,
        returns=("kernel", "bias"),
    ),
    Check.of(
        name="depthwise-kernel-one-map",
        points=1,
        hidden=True,
        inputs=lambda seed: [{"G": distinct(1, seed), "g": -distinct(1, seed + 1)}],
        answer="depthwise_kernel",
        reference=reduction.depthwise_1x1,
        returns=("kernel", "bias"),
    ),
    Check.of(
        name="compose-values",
        points=2,
        inputs=[
            {"F": row(1, 2), "b": vector(3), "G": row(4, 5), "g": vector(6)},
            two_layers(1, 2, 1, (1, 3), (1, 2), seed=30),
            two_layers(2, 2, 3, (2, 2), (2, 3), seed=40),
        ],
        **composing,
    ),
    Check.of(
        name="compose-sizes",
        points=1,
        hidden=True,
        inputs=lambda seed: [two_single_maps((3, 2), (2, 4), seed=seed)],
        **composing,
    ),
    Check.of(
        name="compose-many-maps",
        points=1,
        hidden=True,
        inputs=lambda seed: [two_layers(3, 4, 2, (2, 2), (2, 2), seed=seed)],
        seed=60,
        **composing,
    ),
    Check.of(
        name="compose-strided-values",
        points=1,
        inputs=[
            {"F": vector(1, 2), "G": vector(3, 4), "s1": 2, "s2": 1},
            {"F": vector(1, 2, 3), "G": vector(5, 7), "s1": 2, "s2": 3},
            {"F": vector(2, -1), "G": vector(1, 3, 4), "s1": 3, "s2": 2},
        ],
        **striding,
    ),
    Check.of(
        name="compose-strided-long",
        points=1,
        hidden=True,
        inputs=lambda seed: [{"F": distinct(4, seed), "G": distinct(3, seed + 1), "s1": 3, "s2": 2}],
        **striding,
    ),
    Check.of(
        name="merge-values",
        points=2,
        inputs=[
            {"F": whole(1, 1, 1, 2, seed=3), "b": vector(5), "G": vector(2), "g": vector(3)},
            {"F": whole(2, 2, 2, 2, seed=4), "b": vector(5, -1), "G": vector(2, 3), "g": vector(3, 1)},
            {"F": whole(3, 2, 1, 3, seed=5), "b": vector(1, 2, 3), "G": vector(0.5, 2, 4), "g": vector(1, 0, -1)},
        ],
        **merging,
    ),
    Check.of(
        name="merge-groups-and-signs",
        points=1,
        hidden=True,
        inputs=lambda seed: [
            {"F": whole(2, 2, 1, 2, seed=seed), **merged(2, seed=seed + 10)},
            {"F": whole(4, 1, 3, 3, seed=seed + 1), **merged(4, seed=seed + 20)},
        ],
        **merging,
    ),
    Check(
        name="slides-counterexample",
        answer="slides_counterexample",
        points=2,
        holds="breaks the slides' bias",
        cases=(Case({}),),
    ),
    Check.of(
        name="fold-listing-values",
        points=1,
        inputs=[listing(1, seed=70, bias=True), listing(3, seed=72, bias=True)],
        **folding,
    ),
    Check.of(
        name="fold-listing-without-bias",
        points=1,
        hidden=True,
        inputs=lambda seed: [listing(2, seed=seed, bias=False)],
        seed=74,
        **folding,
    ),
    Check(
        name="max-pooling-counterexample",
        answer="breaks_additivity",
        points=1,
        holds="breaks additivity of max pooling",
        cases=(Case({}),),
    ),
    Check.of(
        name="average-kernel-values",
        points=1,
        inputs=[{"M": 2, "p": 2, "q": 2}, {"M": 3, "p": 2, "q": 3}],
        **averaging,
    ),
    Check.of(
        name="average-kernel-global",
        points=1,
        hidden=True,
        inputs=lambda seed: [window(seed)],
        **averaging,
    ),
    Check(
        name="separate-filters",
        answer="separate",
        points=1,
        holds="is column times row",
        cases=tuple(Case({"F": F}) for F in (TOP_SOBEL, TOP_SOBEL.T, BLUR, SHARPEN, OUTLINE, CUSTOM)),
        may_call=("norm",),
    ),
    Check.of(
        name="separate-more",
        answer="separate",
        points=1,
        hidden=True,
        holds="is column times row",
        reference=None,
        inputs=lambda seed: [{"F": F} for F in filters(seed)],
    ),
    # convolutions and others in one check: `return None` must not score for the others
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
        hidden=True,
        inputs=lambda seed: [
            asked(f"SAME with three maps, {seed % 10**6}"),  # a student reads the name
            asked("sigmoid"),
            asked("SAME after SAME"),
        ],
        seed=13,
        **deciding,
    ),
    Check(
        name="same-after-same",
        answer="same_after_same",
        points=1,
        holds="shows that SAME after SAME is no convolution",
        cases=(Case({}),),
    ),
    Check(
        name="training-counterexample",
        answer="training_depends",
        points=1,
        holds="shows that training depends on the batch",
        cases=(Case({}),),
    ),
    *(
        Check(
            name=f"reduce-network-{name}",
            answer="reduce_network",
            points=1,
            hidden=name == "grouped",
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
]  # fmt: skip
