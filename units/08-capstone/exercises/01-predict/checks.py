"""The checks: references, inputs, points."""

import random

from nonconv.authoring import Check

THROUGH = ("dropout", "avg pool", "upsample")
# what may stand between two layers that change nothing of the question
APART = ("relu", "max pool")
MOTIFS = (
    ("conv padded", "bn"),
    ("conv", "avg pool", "bn"),
    ("conv", "upsample", "bn"),
    ("conv circular", "dropout", "bn"),
    ("conv padded", "avg pool", "upsample", "bn"),
    ("conv", "max pool", "bn"),
    ("conv padded", "relu", "bn"),
    ("conv", "bn", "avg pool", "bn"),
    ("conv padded", "bn", "dropout", "upsample", "bn"),
    ("bn", "conv"),
    ("bn", "conv padded"),
    ("bn", "conv circular"),
    ("bn", "dropout", "conv"),
    ("bn", "dropout", "conv padded"),
    ("bn", "avg pool", "conv"),
    ("bn", "upsample", "conv circular"),
    ("bn", "avg pool", "conv padded"),
    ("bn", "avg pool", "relu", "conv"),
    ("bn", "upsample", "bn", "conv"),
    ("avg pool", "bn"),
)


def left(layers):
    """By taking batch norms out one after the other; tests/course/test_capstone.py holds it to `reduce`."""
    kept = list(enumerate(layers))
    while True:
        for at, (_, kind) in enumerate(kept):
            before = [one for _, one in kept[:at] if one not in THROUGH]
            after = [one for _, one in kept[at + 1 :] if one not in THROUGH]
            taken = before[-1:] in (["conv"], ["conv padded"], ["conv circular"])
            if kind == "bn" and (taken or after[:1] in (["conv"], ["conv circular"])):
                del kept[at]
                break
        else:
            return [n for n, kind in kept if kind == "bn"]


def networks(seed: int) -> list[dict]:
    """Networks made of all the motifs, in another order for each seed."""
    r = random.Random(seed)
    motifs = list(MOTIFS)
    r.shuffle(motifs)
    found = []
    for n in range(0, len(motifs), 3):
        layers = [r.choice(APART)]
        for motif in motifs[n : n + 3]:
            layers += [*motif, r.choice(APART)]
        found.append({"layers": layers[: None if r.random() < 0.5 else -1]})
    return found


def as_shown(seed: int) -> list[dict]:
    """Each motif, mostly behind layers that keep it apart; and two networks that are made of several."""
    r = random.Random(seed)
    apart = ((), ("relu",), ("max pool",), ("max pool", "relu"))
    return [*({"layers": [*r.choice(apart), *motif]} for motif in MOTIFS), *networks(seed)[:2]]


predicting = {"answer": "left", "reference": left}

CHECKS = [
    Check.of(
        name="predict-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            *({"layers": list(motif)} for motif in MOTIFS),
            {"layers": ["conv", "bn", "relu", "conv padded", "bn", "relu", "bn", "conv"]},
            {
                "layers": [
                    "relu",
                    "bn",
                    "relu",
                    "conv",
                    "bn",
                    "max pool",
                    "bn",
                    "conv padded",
                    "dropout",
                    "bn",
                ]
            },
        ],
        **predicting,
    ),
    Check.of(
        name="predict-networks",
        points=2,
        hidden="networks of some ten layers, in which all of this happens at once.",
        inputs=networks,
        seed=8,
        **predicting,
    ),
]
