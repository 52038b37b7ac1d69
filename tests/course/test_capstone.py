"""What the capstone says of `reduce` is what `reduce` does."""

import pytest
import torch
from classroom import ROOT
from torch import nn

from nonconv.authoring.given import given
from nonconv.checks.given.capstone import TRAINED
from nonconv.checks.given.digits import labelled_digits
from nonconv.checks.given.networks import network
from nonconv.layers.cost import count_macs
from nonconv.publish.modules import load
from nonconv.publish.unit import chosen
from nonconv.reduction import reduce

(UNIT,) = chosen(ROOT, ["capstone"])
PREDICT = next(one.folder for one in UNIT.exercises if one.name == "predict")
CHECKS = load(PREDICT / "checks.py", ROOT / "units")
KINDS = given(str(PREDICT / "checks.py"), "predict-given")["KINDS"]
COMPOSING = next(one.folder for one in UNIT.exercises if one.name == "composing")
STACKS = load(COMPOSING / "checks.py", ROOT / "units")
NETWORKS = [*({"layers": [*one, "relu"]} for one in CHECKS.MOTIFS), *CHECKS.networks(seed=1)]


@pytest.mark.parametrize("one", NETWORKS, ids=lambda one: ", ".join(one["layers"]))
def test_the_reference_leaves_what_reduce_leaves(one: dict[str, list[str]]) -> None:
    layers = one["layers"]
    model = nn.Sequential(*(KINDS[kind]() for kind in layers)).eval()
    report = reduce(model, torch.zeros(1, 2, 96, 96)).report
    gone = {
        int(name)
        for row in report.applied
        if "batch norm" in row.rule
        for name in row.where.split(" + ")
        if layers[int(name)] == "bn"
    }
    assert not report.refused
    assert CHECKS.left(layers) == [n for n, kind in enumerate(layers) if kind == "bn" and n not in gone]


def test_reduce_stops_before_the_fewest_as_the_card_says() -> None:
    stack = {"maps": [1, 6, 3, 4, 4], "kernels": [5, 4, 4, 5], "size": 30}
    layers = zip(stack["maps"][:-1], stack["maps"][1:], stack["kernels"], strict=True)
    model = nn.Sequential(*(nn.Conv2d(M, K, p) for M, K, p in layers)).eval()
    said = reduce(model, torch.zeros(1, 1, 30, 30)).report.macs
    assert said == (STACKS.multiply_adds(**stack)[0], 280_768)
    assert (said[0], STACKS.fewest(**stack)) == (432_952, 230_400)


@pytest.mark.parametrize("which", ["first", "second", "third"])
def test_the_wasteful_network_is_as_the_card_says(which: str) -> None:
    model = network(f"wasteful-{which}")
    images, labels = labelled_digits()
    assert count_macs(model, images[:1]) == 37_600
    right = (model(images).argmax(1) == labels)[TRAINED:].double().mean().item()
    assert 0.94 < right < 0.98


def test_reduce_takes_the_wasteful_network_to_16608() -> None:
    assert reduce(network("wasteful-first"), labelled_digits()[0][:1]).report.macs == (37_600, 16_608)
