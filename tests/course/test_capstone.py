"""What the capstone says of `reduce` is what `reduce` does."""

import pytest
import torch
from classroom import ROOT
from torch import nn

from nonconv.authoring.given import given
from nonconv.publish.modules import load
from nonconv.publish.unit import chosen
from nonconv.reduction import reduce

(UNIT,) = chosen(ROOT, ["capstone"])
PREDICT = next(one.folder for one in UNIT.exercises if one.name == "predict")
CHECKS = load(PREDICT / "checks.py", ROOT / "units")
KINDS = given(str(PREDICT / "checks.py"), "predict-given")["KINDS"]
NETWORKS = [*({"layers": [*one, "relu"]} for one in CHECKS.MOTIFS), *CHECKS.networks(seed=1)]


@pytest.mark.parametrize("network", NETWORKS, ids=lambda one: ", ".join(one["layers"]))
def test_the_reference_leaves_what_reduce_leaves(network: dict[str, list[str]]) -> None:
    layers = network["layers"]
    model = nn.Sequential(*(KINDS[kind]() for kind in layers)).eval()
    report = reduce(model, torch.zeros(1, 2, 48, 48)).report
    gone = {
        int(name)
        for row in report.applied
        if "batch norm" in row.rule
        for name in row.where.split(" + ")
        if layers[int(name)] == "bn"
    }
    assert not report.refused
    assert CHECKS.left(layers) == [n for n, kind in enumerate(layers) if kind == "bn" and n not in gone]
