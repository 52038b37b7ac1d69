"""The checks of unit 5, as data: inputs, reference, points. Hidden ones are written into nbgrader's source only.

Inputs that are a function of a seed are drawn anew for each student when work is graded (`nonconv.grading.drawing`).
"""

import operator
import random
from itertools import pairwise

import sympy
import torch
from torch import fx, nn

from nonconv import layers
from nonconv.checks import Case, Check
from nonconv.layers.cost import count_parameters
from nonconv.networks import Inception, unet_sizes
from nonconv.networks.googlenet import TABLE_1, Row
from nonconv.reduction import reduce


def whole(*shape: int, seed: int) -> torch.Tensor:
    """Small whole numbers from −3 to 3, none of them 0."""
    generator = torch.Generator().manual_seed(seed)
    size = torch.randint(1, 4, shape, generator=generator)
    return (size * (torch.randint(0, 2, shape, generator=generator) * 2 - 1)).double()


def normal(*shape: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).round(decimals=2) + 0.0


# ------------------------------------------------------------------------------------------------- references


def parameter_table(M, size, rows):
    """Built from the layers, run, and counted."""
    x, counts = torch.zeros(1, M, size, size), []
    for kind, *arguments in rows:
        if kind == "pool":
            x = layers.max_pool2d(x, arguments[0])
            continue
        if kind == "conv":
            layer = layers.Conv2d(x.shape[1], *arguments)
        else:
            x = x.flatten(1)
            layer = layers.Linear(x.shape[1], *arguments)
        x = layer(x)
        counts.append(count_parameters(layer))
    return tuple(counts)


def deck_parameters(n):
    return 25 * n**2 + 827 * n + 560


def fc_kernel(W, M, p, q):
    K = len(W)
    return torch.stack([W[:, m * p * q : (m + 1) * p * q].reshape(K, p, q) for m in range(M)], dim=1)


def inception_weights(M, row):
    def plain(in_channels: int, out_channels: int, kernel_size: int) -> nn.Module:
        return layers.Conv2d(in_channels, out_channels, kernel_size, bias=False)

    with torch.device("meta"):  # only shapes count
        with_them, without = (Inception(M, Row(*row), plain, bottlenecks=b) for b in (True, False))
    return (
        count_parameters(with_them),
        count_parameters(without),
        with_them.out_channels,
        without.out_channels,
    )


def bottleneck_share(M, K, p, r):
    return r / (p**2 * K) + r / M


def residual_backward(x, W1, W2, g):
    def gradient(skip: bool) -> torch.Tensor:
        start = x.clone().requires_grad_()
        y = W2 @ layers.relu(W1 @ start) + (start if skip else 0 * start)
        return torch.autograd.grad(y, start, g)[0]

    return gradient(True), gradient(False)


def gradient_norms(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        after = W_l @ layers.relu(values[-1])
        values.append(after + values[-1] if skip else after)
    return torch.stack([gradient.norm() for gradient in torch.autograd.grad(values[-1], values, g)])


def growth(c):
    return c / 2, 1 + c / 2


def unet_walk(size, depth):
    return tuple(unet_sizes(size, depth))


def fitting_size(size, depth):
    while True:
        try:
            unet_sizes(size, depth)
        except ValueError:
            size += 1
        else:
            return size


KINDS = {
    "conv": lambda: layers.Conv2d(2, 2, 1),
    "conv padded": lambda: layers.Conv2d(2, 2, 3, padding=1),
    "bn": lambda: layers.BatchNorm2d(2),
    "relu": nn.ReLU,
    "max pool": lambda: nn.MaxPool2d(3, 1, 1),
    "dropout": nn.Dropout,
}


def built(net) -> nn.Module:
    """The network that such a tuple describes."""
    graph, parts, node = fx.Graph(), nn.Module(), {}
    for name, kind, inputs in net:
        given = tuple(node[one] for one in inputs)
        if kind == "input":
            node[name] = graph.placeholder(name)
        elif kind == "sum":
            node[name] = graph.call_function(operator.add, given)
        else:
            parts.add_module(name, KINDS[kind]())
            node[name] = graph.call_module(name, given)
    graph.output(node[net[-1][0]])
    return fx.GraphModule(parts, graph).eval()


def removable(net):
    """What `reduce` itself does with each batch norm."""
    report = reduce(built(net), torch.zeros(1, 2, 6, 6)).report
    done: dict[str, str] = {}
    for row in report.applied:
        for name in row.where.split(" + "):
            if row.rule == "convolution, then batch norm":
                done.setdefault(name, "before")
            elif row.rule == "batch norm, then convolution":
                done.setdefault(name, "after")
    return tuple(done.get(name, "stays") for name, kind, _ in net if kind == "bn")


# ------------------------------------------------------------------------------------------------------ inputs


def chain(*kinds: str) -> tuple:
    """Layers one after the other, each named by its kind and place."""
    net = [("x", "input", ())]
    for n, kind in enumerate(kinds, 1):
        net.append((f"{kind.replace(' ', '_')}{n}", kind, (net[-1][0],)))
    return tuple(net)


def tables(seed: int) -> list[dict]:
    """The slides' CNN for images of some size, colour images with poolings that drop a row, no convolution at all."""
    r = random.Random(seed)
    K, L, n, k = r.sample(range(4, 10), 4)
    return [
        {"M": 1, "size": 28 + 4 * r.randint(0, 5), "rows": DECK},
        {"M": 2, "size": r.randint(3, 5), "rows": (("fc", n), ("fc", k))},
        {
            "M": 3,
            "size": 13 + 6 * r.randint(0, 3),  # odd behind the 3×3, then no multiple of 3
            "rows": (("conv", K, 3), ("pool", 2), ("conv", L, 1), ("pool", 3), ("fc", n)),
        },
    ]


def table_rows(seed: int) -> list[dict]:
    """One of the last rows of the table, and one with other numbers of maps."""
    r = random.Random(seed)
    other = tuple(8 * n for n in r.sample(range(2, 41), 6))
    place = r.choice(("4e", "5a", "5b"))
    return [
        {"M": {"4e": 528, "5a": 832, "5b": 832}[place], "row": tuple(TABLE_1[place])},
        {"M": 16 * r.randint(10, 50), "row": other},
    ]


def way_back(seed: int) -> list[dict]:
    """More hidden units than inputs, and fewer; a unit that is closed; one that is exactly at 0, beside one that is open."""
    r = random.Random(seed)
    a, b = r.sample(range(1, 6), 2)
    arriving, W2 = whole(2, seed=seed + 10), whole(2, 2, seed=seed + 11)
    while not (W2.T @ arriving).all():  # nothing would come through an open gate
        seed += 20
        arriving, W2 = whole(2, seed=seed + 10), whole(2, 2, seed=seed + 11)
    return [
        first_open({"x": (2,), "W1": (5, 2), "W2": (2, 5), "g": (2,)}, seed),
        first_open({"x": (4,), "W1": (2, 4), "W2": (4, 2), "g": (4,)}, seed),
        {
            "x": torch.tensor([a, b]).double(),
            "W1": torch.tensor([[-1.0, 0.0]]).double(),
            "W2": torch.tensor([[1.0], [1.0]]).double(),
            "g": torch.tensor([b + 1, a + 2]).double(),
        },
        {
            "x": torch.tensor([a, a]).double(),
            "W1": torch.tensor([[1.0, -1.0], [2.0, 1.0]]).double(),
            "W2": W2,
            "g": arriving,
        },
    ]


def first_open(shapes: dict[str, tuple[int, ...]], seed: int) -> dict[str, torch.Tensor]:
    """The first draw in which ReLU closes a unit through which something would come, and opens another one."""
    while True:
        drawn = {name: whole(*shape, seed=seed + n) for n, (name, shape) in enumerate(shapes.items())}
        at, arrives = drawn["W1"] @ drawn["x"], drawn["W2"].T @ drawn["g"]
        if bool(((at < 0) & (arrives > 0)).any()) and bool(((at > 1) & (arrives < 0)).any()):
            return drawn
        seed += 20


def blocks(n: int, size: int, seed: int, skip: bool) -> dict:
    """n blocks of `size` numbers each, their weights scaled so that thirty of them neither explode nor vanish."""
    scale = {1: 1, 30: 4 if skip else 2}[n]
    return {
        "W": normal(n, size, size, seed=seed) / scale,
        "x": normal(size, seed=seed + 1),
        "g": normal(size, seed=seed + 2),
        "skip": skip,
    }


def thirty(seed: int) -> dict:
    """Thirty blocks with skips, in which some gate is open behind one that was closed, or the other way round."""
    while True:
        drawn = blocks(30, 6, seed, skip=True)
        value, signs = drawn["x"], []
        for W_l in drawn["W"]:
            signs.append(value > 0)
            value = value + W_l @ value.clamp(min=0)
        if any(bool((one != other).any()) for one, other in pairwise(signs)):
            return drawn
        seed += 10


def walks(seed: int) -> list[dict]:
    """A U-Net of each depth but 1, at a size that fits."""
    r = random.Random(seed)
    least = {2: 44, 3: 92, 4: 188}  # and from there on every 2^depth
    return [{"size": at + 2**depth * r.randint(0, 20), "depth": depth} for depth, at in least.items()]


def fits(seed: int) -> list[dict]:
    """Sizes that are far too small, a size that fits itself, a size between two that fit."""
    r = random.Random(seed)
    depth, other = r.sample((2, 3, 4), 2)
    fitting = fitting_size(r.randint(300, 600), depth)
    return [
        {"size": r.randint(1, 5), "depth": 1},
        {"size": r.randint(1, 40), "depth": other},
        {"size": r.randint(1, 40), "depth": 3},
        {"size": fitting, "depth": depth},
        {"size": fitting_size(r.randint(300, 600), 3) + r.randint(1, 6), "depth": 3},
    ]


LENET = (("conv", 6, 5), ("pool", 2), ("conv", 16, 5), ("pool", 2), ("fc", 120), ("fc", 84), ("fc", 10))
DECK = (("conv", 6, 5), ("pool", 2), ("conv", 6, 5), ("pool", 2), ("fc", 50), ("fc", 10))
POST_ACTIVATION = (
    ("x", "input", ()), ("c1", "conv padded", ("x",)), ("n1", "bn", ("c1",)), ("r1", "relu", ("n1",)),
    ("c2", "conv padded", ("r1",)), ("n2", "bn", ("c2",)), ("s", "sum", ("n2", "x")), ("r2", "relu", ("s",)),
)  # fmt: skip
PRE_ACTIVATION = (
    ("x", "input", ()), ("c0", "conv padded", ("x",)), ("n1", "bn", ("c0",)), ("r1", "relu", ("n1",)),
    ("c1", "conv padded", ("r1",)), ("n2", "bn", ("c1",)), ("r2", "relu", ("n2",)), ("c2", "conv padded", ("r2",)),
    ("s", "sum", ("c2", "c0")),
)  # fmt: skip
READ_TWICE = (  # the batch norm itself is read by two
    ("x", "input", ()), ("r0", "relu", ("x",)), ("n1", "bn", ("r0",)), ("c1", "conv", ("n1",)), ("r1", "relu", ("c1",)),
    ("s", "sum", ("r1", "n1")),
)  # fmt: skip
SHARED_BUT_AFTER = (  # the convolution before it is shared, the one after it is not
    ("x", "input", ()), ("c1", "conv padded", ("x",)), ("n1", "bn", ("c1",)), ("c2", "conv", ("n1",)),
    ("r1", "relu", ("c1",)), ("s", "sum", ("c2", "r1")),
)  # fmt: skip
DROPOUT_SHARED = (
    ("x", "input", ()), ("c1", "conv", ("x",)), ("d1", "dropout", ("c1",)), ("n1", "bn", ("d1",)), ("r1", "relu", ("n1",)),
    ("s", "sum", ("r1", "d1")),
)  # fmt: skip

n, c = sympy.symbols("n c", positive=True)
M, K, p, r = sympy.symbols("M K p r", integer=True, positive=True)

table = {"answer": "parameter_table", "reference": parameter_table}
kernel = {"answer": "fc_kernel", "reference": fc_kernel, "returns": ("the kernel",)}
inception = {
    "answer": "inception_weights",
    "reference": inception_weights,
    "returns": ("weights with bottlenecks", "weights without", "maps with bottlenecks", "maps without"),
}
residual = {
    "answer": "residual_backward",
    "reference": residual_backward,
    "returns": ("the gradient with the skip", "the gradient without"),
    "may_not_call": ("threshold_backward",),  # by which autograd would go through ReLU
}
norms = {"answer": "gradient_norms", "reference": gradient_norms, "returns": ("the norms",)}
walk = {"answer": "unet_walk", "reference": unet_walk}
fitting = {"answer": "fitting_size", "reference": fitting_size, "returns": ("the size",)}
removing = {"answer": "removable", "reference": removable}

CHECKS = [
    Check.of(
        name="parameter-table-values",
        points=2,
        inputs=[
            {"M": 1, "size": 6, "rows": (("conv", 2, 3), ("pool", 2), ("fc", 4))},
            {"M": 3, "size": 5, "rows": (("conv", 4, 2), ("conv", 2, 3))},
            {"M": 1, "size": 32, "rows": LENET},
        ],
        **table,
    ),
    Check.of(
        name="parameter-table-more",
        points=1,
        hidden=True,
        inputs=tables,
        **table,
    ),
    Check.of(
        name="deck-parameters",
        points=1,
        inputs=[{"n": n}],
        answer="deck_parameters",
        reference=deck_parameters,
        returns=("the number of parameters",),
    ),
    Check.of(
        name="fc-kernel-values",
        points=1,
        inputs=[
            {"W": torch.tensor([[1.0, 2], [3, 4]]).double(), "M": 1, "p": 1, "q": 2},
            {"W": whole(2, 8, seed=1), "M": 2, "p": 2, "q": 2},
            {"W": whole(3, 27, seed=2), "M": 3, "p": 3, "q": 3},
        ],
        **kernel,
    ),
    Check.of(
        name="fc-kernel-not-square",
        points=1,
        hidden=True,
        inputs=lambda seed: [
            {"W": whole(2, 12, seed=seed), "M": 2, "p": 3, "q": 2},
            {"W": whole(4, 15, seed=seed + 1), "M": 3, "p": 1, "q": 5},
        ],
        seed=3,
        **kernel,
    ),
    Check.of(
        name="inception-weights-values",
        points=2,
        inputs=[{"M": 10, "row": (1, 2, 3, 4, 5, 6)}, {"M": 192, "row": tuple(TABLE_1["3a"])}],
        **inception,
    ),
    Check.of(
        name="inception-weights-table",
        points=1,
        hidden=True,
        inputs=table_rows,
        **inception,
    ),
    Check.of(
        name="bottleneck-share",
        points=1,
        inputs=[{"M": M, "K": K, "p": p, "r": r}],
        answer="bottleneck_share",
        reference=bottleneck_share,
        returns=("the share",),
    ),
    Check.of(
        name="residual-backward-values",
        points=2,
        inputs=[
            {
                "x": torch.tensor([2.0]).double(),
                "W1": torch.tensor([[3.0]]).double(),
                "W2": torch.tensor([[-1.0]]).double(),
                "g": torch.tensor([5.0]).double(),
            },
            {
                "x": whole(2, seed=10),
                "W1": whole(2, 2, seed=11),
                "W2": whole(2, 2, seed=12),
                "g": whole(2, seed=13),
            },
            {
                "x": whole(3, seed=14),
                "W1": whole(3, 3, seed=15),
                "W2": whole(3, 3, seed=16),
                "g": whole(3, seed=17),
            },
        ],
        **residual,
    ),
    Check.of(
        name="residual-backward-sizes",
        points=1,
        hidden=True,
        inputs=way_back,
        **residual,
    ),
    Check(
        name="lost-in-spite-of-the-skip",
        answer="lost_in_spite_of_the_skip",
        points=2,
        holds="loses the gradient in spite of the skip",
        cases=(Case({}),),
    ),
    Check.of(
        name="gradient-norms-values",
        points=2,
        inputs=[
            {
                "W": torch.tensor([[[2.0]]]).double(),
                "x": torch.tensor([3.0]).double(),
                "g": torch.tensor([-1.0]).double(),
                "skip": True,
            },
            {"W": normal(2, 3, 3, seed=30), "x": normal(3, seed=31), "g": normal(3, seed=32), "skip": False},
            {"W": normal(3, 4, 4, seed=33), "x": normal(4, seed=34), "g": normal(4, seed=35), "skip": True},
        ],
        **norms,
    ),
    Check.of(
        name="gradient-norms-deep",
        points=1,
        hidden=True,
        inputs=lambda seed: [
            blocks(1, 5, seed, skip=True),
            thirty(seed + 3),
            blocks(30, 6, seed + 3, skip=False),
        ],
        seed=36,
        **norms,
    ),
    Check.of(
        name="growth-factors",
        points=2,
        inputs=[{"c": c}],
        answer="growth",
        reference=growth,
        returns=("the factor without a skip", "the factor with one"),
    ),
    Check.of(
        name="unet-walk-values",
        points=2,
        inputs=[{"size": 20, "depth": 1}, {"size": 44, "depth": 2}, {"size": 572, "depth": 4}],
        **walk,
    ),
    Check.of(
        name="unet-walk-more",
        points=1,
        hidden=True,
        inputs=walks,
        **walk,
    ),
    Check.of(
        name="fitting-size-values",
        points=1,
        inputs=[
            {"size": 20, "depth": 1},
            {"size": 21, "depth": 1},
            {"size": 50, "depth": 2},
            {"size": 573, "depth": 4},
        ],
        **fitting,
    ),
    Check.of(
        name="fitting-size-deep",
        points=1,
        hidden=True,
        inputs=fits,
        **fitting,
    ),
    Check.of(
        name="removable-values",
        points=2,
        inputs=[
            {"net": chain("conv padded", "bn", "relu")},
            {"net": chain("max pool", "bn", "conv", "relu")},
            {"net": chain("max pool", "bn", "conv padded", "relu")},
            {"net": chain("conv padded", "bn", "conv", "relu")},
            {"net": chain("bn", "relu", "conv", "bn", "relu", "conv padded")},
            {"net": chain("conv", "dropout", "bn", "relu")},
            {"net": POST_ACTIVATION},
            {"net": SHARED_BUT_AFTER},
        ],
        **removing,
    ),
    Check.of(
        name="removable-blocks",
        points=1,
        hidden=True,
        inputs=[
            {"net": PRE_ACTIVATION},
            {"net": READ_TWICE},
            {"net": DROPOUT_SHARED},
            {"net": chain("relu", "bn", "dropout", "conv", "bn")},
            {"net": chain("conv", "relu", "bn", "conv padded")},
        ],
        **removing,
    ),
]
