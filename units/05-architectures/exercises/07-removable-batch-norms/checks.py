"""The checks: references, inputs, points."""

import operator
import random

import torch
from torch import fx, nn

from nonconv import layers
from nonconv.authoring import Check
from nonconv.reduction import reduce

from ...shared import ANY_LAYER

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


def chain(*kinds: str) -> tuple:
    """Layers one after the other, each named by its kind and place."""
    net = [("x", "input", ())]
    for n, kind in enumerate(kinds, 1):
        net.append((f"{kind.replace(' ', '_')}{n}", kind, (net[-1][0],)))
    return tuple(net)


POST_ACTIVATION = (
    ("x", "input", ()), ("c1", "conv padded", ("x",)), ("n1", "bn", ("c1",)), ("r1", "relu", ("n1",)),
    ("c2", "conv padded", ("r1",)), ("n2", "bn", ("c2",)), ("s", "sum", ("n2", "x")), ("r2", "relu", ("s",)),
)  # fmt: skip

PRE_ACTIVATION = (
    ("x", "input", ()), ("c0", "conv padded", ("x",)), ("n1", "bn", ("c0",)), ("r1", "relu", ("n1",)),
    ("c1", "conv padded", ("r1",)), ("n2", "bn", ("c1",)), ("r2", "relu", ("n2",)), ("c2", "conv padded", ("r2",)),
    ("s", "sum", ("c2", "c0")),
)  # fmt: skip

READ_TWICE = (  # the batch norm itself is read by two convolutions; the ReLU keeps their sum from becoming one
    ("x", "input", ()), ("r0", "relu", ("x",)), ("n1", "bn", ("r0",)), ("c1", "conv", ("n1",)), ("c2", "conv", ("n1",)),
    ("r1", "relu", ("c1",)), ("s", "sum", ("r1", "c2")),
)  # fmt: skip

TWO_NORMS = (  # the convolution is read by two batch norms
    ("x", "input", ()), ("c1", "conv padded", ("x",)), ("n1", "bn", ("c1",)), ("n2", "bn", ("c1",)),
    ("r1", "relu", ("n1",)), ("s", "sum", ("r1", "n2")),
)  # fmt: skip

SHARED_BUT_AFTER = (  # the convolution before it is shared, the one after it is not
    ("x", "input", ()), ("c1", "conv padded", ("x",)), ("n1", "bn", ("c1",)), ("c2", "conv", ("n1",)),
    ("r1", "relu", ("c1",)), ("s", "sum", ("c2", "r1")),
)  # fmt: skip

APART = (  # in the list, a ReLU that it does not read stands before the batch norm
    ("x", "input", ()), ("c1", "conv padded", ("x",)), ("r1", "relu", ("x",)), ("n1", "bn", ("c1",)),
    ("s", "sum", ("n1", "r1")),
)  # fmt: skip

DROPOUT_SHARED = (
    ("x", "input", ()), ("c1", "conv", ("x",)), ("d1", "dropout", ("c1",)), ("n1", "bn", ("d1",)), ("r1", "relu", ("n1",)),
    ("s", "sum", ("r1", "d1")),
)  # fmt: skip

DROPOUT_SHARED_AFTER = (  # the dropout behind a batch norm is read by two; then the batch norm before a dropout
    ("x", "input", ()), ("r0", "relu", ("x",)), ("n1", "bn", ("r0",)), ("d1", "dropout", ("n1",)), ("c1", "conv", ("d1",)),
    ("r1", "relu", ("c1",)), ("s1", "sum", ("r1", "d1")), ("r2", "relu", ("s1",)), ("n2", "bn", ("r2",)),
    ("d2", "dropout", ("n2",)), ("c2", "conv", ("d2",)), ("r3", "relu", ("c2",)), ("s2", "sum", ("r3", "n2")),
)  # fmt: skip

BETWEEN = (  # a sum and a max pooling stand between batch norm and convolution, on either side
    ("x", "input", ()), ("r0", "relu", ("x",)), ("c1", "conv", ("x",)), ("s1", "sum", ("c1", "r0")), ("n1", "bn", ("s1",)),
    ("s2", "sum", ("n1", "r0")), ("c2", "conv", ("s2",)), ("p1", "max pool", ("c2",)), ("n2", "bn", ("p1",)),
    ("p2", "max pool", ("n2",)), ("c3", "conv", ("p2",)),
)  # fmt: skip

CHAINS = (
    ("conv padded", "bn", "relu"),
    ("max pool", "bn", "conv", "relu"),
    ("max pool", "bn", "conv padded", "relu"),
    ("conv padded", "bn", "conv", "relu"),
    ("bn", "relu", "conv", "bn", "relu", "conv padded"),
    ("conv", "dropout", "bn", "relu"),
    ("relu", "conv padded", "bn"),  # nobody reads the last one
    ("conv padded", "dropout", "dropout", "bn"),
)


def as_shown(seed: int) -> list[dict]:
    """The chains that students see, each behind other layers that keep it apart; and the other networks."""
    r = random.Random(seed)
    apart = (("relu",), ("max pool",), ("relu", "max pool"), ("max pool", "relu"), ("conv", "relu"))
    longer = [chain(*r.choice(apart), *kinds) for kinds in CHAINS]
    return [{"net": net} for net in (*longer, POST_ACTIVATION, SHARED_BUT_AFTER, APART)]


removing = {"answer": "removable", "reference": removable, "may_call": ANY_LAYER}

CHECKS = [
    Check.of(
        name="removable-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            *({"net": chain(*kinds)} for kinds in CHAINS),
            {"net": POST_ACTIVATION},
            {"net": SHARED_BUT_AFTER},
            {"net": APART},
        ],
        **removing,
    ),
    Check.of(
        name="removable-blocks",
        points=1,
        same_for_all="blocks of well-known networks: their numbers do not matter",
        hidden="blocks of well-known networks; layers that several read; dropout, sums and poolings between.",
        inputs=[
            {"net": PRE_ACTIVATION},
            {"net": READ_TWICE},
            {"net": TWO_NORMS},
            {"net": DROPOUT_SHARED},
            {"net": DROPOUT_SHARED_AFTER},
            {"net": chain("conv", "dropout", "dropout", "bn", "conv")},
            {"net": BETWEEN},
            {"net": chain("relu", "bn", "dropout", "dropout", "conv", "bn")},
            {"net": chain("relu", "bn", "conv padded", "relu", "bn")},
        ],
        **removing,
    ),
]
