"""`reduce` on the networks of the lectures, and on the networks that other tools get wrong."""

import re
from collections import Counter
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from against_torch import CASES, gradients, measure, trained
from nonconv import networks
from nonconv.layers.cost import count_macs
from nonconv.reduction import reduce


def norms(net: Any) -> int:
    return sum(type(m).__name__ == "BatchNorm2d" for m in net.modules())


@pytest.mark.parametrize(
    ("make", "size", "given", "left"),
    [
        (networks.resnet50, 32, 53, 0),
        (lambda: networks.vgg16(num_classes=10, batch_norm=True, size=32), 32, 13, 0),
        (networks.googlenet, 32, 57, 0),
        (
            networks.densenet121,
            32,
            121,
            62,
        ),  # between a concatenation, or a sum that is read twice, and a ReLU
        (networks.mobilenet_v2, 32, 52, 0),
    ],
    ids=["ResNet-50", "VGG-16-BN", "GoogLeNet", "DenseNet-121", "MobileNetV2"],
)
def test_each_batch_norm_is_gone_or_the_reason_given(make: Any, size: int, given: int, left: int) -> None:
    torch.manual_seed(0)
    net, x = trained(make()), torch.randn(1, 3, size, size)
    assert norms(net) == given
    result = reduce(net, x)
    report = result.report
    assert norms(result.model) == left
    reasons = [row for row in report.left if row.rule == "batch norm alone"]
    assert len(reasons) == left
    assert all("nothing beside it takes it in" in row.reason for row in reasons)
    assert report.error is not None
    assert report.error < 1e-12
    with torch.no_grad():
        expected, got = net(x), result.model(x)
    assert (got - expected).abs().max() <= 1e-4 * expected.abs().max()
    assert report.macs == (count_macs(net, x), count_macs(result.model, x))
    assert report.macs[1] <= report.macs[0]


class ReadTwice(nn.Module):
    """The kernel of c is read beside c: the merged layer may not take its path."""

    def __init__(self) -> None:
        super().__init__()
        self.c, self.b = nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.b(self.c(x)).relu() + functional.conv2d(x, self.c.weight, padding=1).relu()


def test_a_kernel_that_is_read_beside_its_layer_keeps_its_numbers() -> None:
    torch.manual_seed(0)
    net, x = trained(ReadTwice()), torch.randn(2, 3, 9, 9)
    result = reduce(net, x)
    assert not result.report.refused
    assert norms(result.model) == 0
    assert torch.equal(
        result.model.get_parameter("c.weight"), net.get_parameter("c.weight")
    )  # exact: untouched
    with torch.no_grad():
        assert (result.model(x) - net(x)).abs().max() < 1e-5


def test_what_stays_in_densenet_stays_for_the_reason_that_is_said() -> None:
    torch.manual_seed(0)
    result = reduce(trained(networks.densenet121()), torch.randn(1, 3, 32, 32))
    model: Any = result.model
    nodes = {str(n.target) if n.op == "call_module" else n.name: n for n in model.graph.nodes}
    parts = dict(model.named_modules())
    left = [name for name, part in parts.items() if type(part).__name__ == "BatchNorm2d"]
    said = {
        name: [row.reason for row in result.report.left if name in row.where.split(" + ")] for name in left
    }
    counts: Counter[str] = Counter()
    for name, reasons in said.items():
        value = nodes[name].all_input_nodes[0]
        before, waiting = {value}, [value]
        while waiting:  # back through concatenations of concatenations
            one = waiting.pop()
            if one.op == "call_function":
                before.update(one.all_input_nodes)
                waiting += one.all_input_nodes
        kinds = {type(parts.get(str(n.target))).__name__ for n in before}
        for reason in reasons:
            if found := re.fullmatch(r".* is used elsewhere too, without it \((.*) by (.*)\)", reason):
                read, reader = nodes[found[1]], nodes[found[2]]
                assert read in before
                assert reader in read.users
                assert reader not in (value, nodes[name])
                counts["maps that others read"] += 1
            elif reason == "between it and a convolution lies MaxPool2d":
                assert "MaxPool2d" in kinds
                counts["pooled maps"] += 1
            elif reason == "what the layer before it gives is used elsewhere too, without batch norm":
                assert len(value.users) > 1
                assert "Conv2d" in kinds
                counts["a map that others read"] += 1
            else:
                assert reason.startswith("nothing beside it takes it in (")
                users = {type(parts.get(str(n.target))).__name__ for n in nodes[name].users}
                assert users == {"ReLU"}
                counts["all"] += 1
    # and one stands behind max pooling alone
    assert counts == {
        "all": 62,
        "maps that others read": 52,
        "pooled maps": 6,
        "a map that others read": 3,
    }


def test_literally_leaves_no_batch_norm_and_no_average() -> None:
    torch.manual_seed(0)
    net, x = trained(networks.densenet121()), torch.randn(1, 3, 32, 32)
    result = reduce(net, x, "literally")
    kinds = {type(m).__name__ for m in result.model.modules() if not list(m.children())}
    assert kinds <= {"Conv2d", "ReLU", "MaxPool2d", "Flatten", "Unflatten", "CheckSizes"}, kinds


@pytest.mark.parametrize("bias", [False, True])
def test_repvgg_becomes_a_chain_of_3x3(bias: bool) -> None:
    net = trained(networks.RepVGG(stages=((1, 4), (2, 6)), num_classes=3, bias=bias))
    result = reduce(net, torch.randn(1, 3, 16, 16))
    convs = [m for m in result.model.modules() if isinstance(m, nn.Conv2d)]
    assert {conv.kernel_size for conv in convs} == {(3, 3)}
    assert len(convs) == sum(isinstance(m, networks.RepVGGBlock) for m in net.modules())
    assert norms(result.model) == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} | {case.tool}")
def test_what_other_tools_get_wrong_is_right_or_refused(case: Any) -> None:
    if "inductor" in case.tool and not torch.cuda.is_available():
        pytest.skip("to compile takes half a minute; bench/against_torch.py does it")
    outcome = measure(case)
    if case.refused:
        assert isinstance(outcome.ours, str)
        assert outcome.ours.startswith("refused: ")
    else:
        assert isinstance(outcome.ours, float)
        assert outcome.ours < (1e-12 if case.dtype == torch.float64 else 1e-5)
    if "leaves three" not in case.tool:  # the case still shows what it is there to show
        wrong = isinstance(outcome.theirs, str) or outcome.theirs > 0.1
        assert wrong, f"{case.tool} is right by now ({outcome.theirs}); say so in the table"


def test_the_merged_bias_learns() -> None:
    theirs, ours = gradients()
    assert ours
    assert not theirs, "the framework's merged bias learns by now; say so in the table"
