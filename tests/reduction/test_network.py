"""`reduce`, rule by rule: what each does, when it does not, and that the given network stays as it is."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations

from nonconv import layers
from nonconv.reduction import Report, Row, merge_rules, reduce
from nonconv.reduction.proposals import AppendOnes

CONV = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
NORM = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
TRANSPOSED = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
AVERAGE = {1: nn.AvgPool1d, 2: nn.AvgPool2d, 3: nn.AvgPool3d}


def trained(net: nn.Module) -> nn.Module:
    """float64, in evaluation mode, all vectors random: biases, γ, β and the running averages."""
    net = net.double()
    with torch.no_grad():
        for name, tensor in [*net.named_parameters(), *net.named_buffers()]:
            if tensor.dim() == 1:
                tensor.uniform_(*(0.3, 2) if name.endswith("var") else (-1, 1))
    return net.eval()


def seq(*modules: nn.Module) -> nn.Module:
    return trained(nn.Sequential(*modules))


class By(nn.Module):
    """A network from a function of itself and x."""

    def __init__(self, forward: Callable[[Any, Tensor], Any], **modules: nn.Module) -> None:
        super().__init__()
        self.call = forward
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, x: Tensor) -> Any:
        return self.call(self, x)


def reduced(net: nn.Module, x: Tensor, goal: str = "literally") -> tuple[Any, Report]:
    """The result, after a comparison on other numbers than `reduce` saw."""
    result = reduce(net, x, goal)
    for _ in range(2):
        given = torch.randn_like(x)
        with torch.no_grad():
            expected, got = copy.deepcopy(net)(given.clone()), result.model(given.clone())
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-10 * max(1.0, expected.abs().max().item()))
    return result.model, result.report


def kinds(net: nn.Module) -> list[str]:
    """The layers of the network, in the order of its graph."""
    graph: Any = net.graph
    return [
        type(net.get_submodule(node.target)).__name__
        if node.op == "call_module"
        else getattr(node.target, "__name__", str(node.target))
        for node in graph.nodes
        if node.op.startswith("call") and node.target != "check_sizes"
    ]


def only(report: Report) -> Any:
    assert len(report.rows) == 1, report
    return report.rows[0]


def x_of(sides: int, maps: int = 4) -> Tensor:
    return torch.randn(2, maps, *{1: (9,), 2: (7, 6), 3: (5, 4, 6)}[sides], dtype=torch.float64)


# ------------------------------------------------------------------------------------------------------------
# batch norm


@pytest.mark.parametrize("sides", [1, 2, 3])
@pytest.mark.parametrize("mode", ["zeros", "circular"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_batch_norm_behind_a_convolution_goes_into_it(sides: int, mode: str, bias: bool) -> None:
    conv = CONV[sides](4, 6, 3, padding=1, groups=2, bias=bias, padding_mode=mode)
    model, report = reduced(seq(conv, NORM[sides](6)), x_of(sides), "fewest MACs")
    assert kinds(model) == [CONV[sides].__name__]
    row = only(report)
    assert row.applied
    assert row.rule == "convolution, then batch norm"
    assert row.where == "0 + 1"
    assert row.parameters == (6 * 2 * 3**sides + 6 * bias + 12, 6 * 2 * 3**sides + 6)
    assert max(row.inside, row.border) < 1e-12
    assert report.error is not None
    assert report.error < 1e-12


def test_same_with_an_even_kernel_keeps_its_uneven_border() -> None:
    model, _ = reduced(seq(nn.Conv2d(4, 4, (2, 4), padding="same"), nn.BatchNorm2d(4)), x_of(2))
    assert kinds(model) == ["Conv2d"]
    assert model.get_submodule("0" if hasattr(model, "0") else "_0").padding == "same"


@pytest.mark.parametrize("sides", [1, 2, 3])
@pytest.mark.parametrize("groups", [1, 2])
def test_a_batch_norm_behind_a_transposed_convolution_goes_into_it(sides: int, groups: int) -> None:
    up = TRANSPOSED[sides](4, 6, 3, 2, 1, 1, groups=groups)
    model, _ = reduced(seq(up, NORM[sides](6)), x_of(sides), "fewest MACs")
    assert kinds(model) == [TRANSPOSED[sides].__name__]


def test_linear_layers_take_a_batch_norm_from_behind_and_from_before() -> None:
    x = torch.randn(5, 4, dtype=torch.float64)
    model, _ = reduced(seq(nn.BatchNorm1d(4), nn.Linear(4, 3), nn.BatchNorm1d(3)), x, "fewest MACs")
    assert kinds(model) == ["Linear"]


@pytest.mark.parametrize("how", [{"padding": 0}, {"padding": 1, "padding_mode": "reflect"}])
def test_a_batch_norm_before_a_convolution_without_zeros_goes_into_it(how: dict) -> None:
    net = seq(nn.BatchNorm2d(4), nn.Conv2d(4, 6, 3, groups=2, **how))
    model, _ = reduced(net, x_of(2), "fewest MACs")
    assert kinds(model) == ["Conv2d"]


@pytest.mark.parametrize("groups", [1, 2])
def test_before_a_border_of_zeros_it_needs_one_more_map_of_ones(groups: int) -> None:
    net = seq(nn.BatchNorm2d(4), nn.Conv2d(4, 6, 3, padding=1, groups=groups))
    with torch.no_grad():
        net[0].weight[1] = 0  # type: ignore[index, operator]
    model, report = reduced(net, x_of(2), "literally")
    assert kinds(model) == ["AppendOnes", "Conv2d"]
    assert only(report).border < 1e-12
    # what that costs: one more input map in each group
    before, after = only(report).macs
    assert after / before == (4 // groups + 1) / (4 // groups)
    left = reduce(net, x_of(2)).report
    assert next((row.rule, row.applied) for row in left.rows) == ("batch norm, then convolution", False)
    assert "times the multiply–adds" in left.rows[0].reason


def test_ones_are_appended_to_each_group() -> None:
    x = torch.arange(4.0).reshape(1, 4, 1, 1)
    assert AppendOnes(2)(x).flatten().tolist() == [0, 1, 1, 2, 3, 1]  # exact: whole numbers


@pytest.mark.parametrize("sides", [1, 2, 3])
def test_a_batch_norm_alone_is_depthwise_1x1_if_wanted(sides: int) -> None:
    net = trained(By(lambda net, x: torch.relu(net.norm(torch.relu(x))), norm=NORM[sides](4)))
    model, _ = reduced(net, x_of(sides), "literally")
    assert kinds(model) == ["relu", CONV[sides].__name__, "relu"]
    assert next(model.children()).groups == 4
    unchanged, report = reduced(net, x_of(sides), "fewest MACs")
    assert kinds(unchanged) == ["relu", NORM[sides].__name__, "relu"]
    assert not only(report).applied


# ------------------------------------------------------------------------------------------------------------
# sums


@pytest.mark.parametrize("sides", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("groups", [1, 2])
def test_branches_become_one_convolution(sides: int, stride: int, groups: int) -> None:
    """3×3, 1×1 and an average with biases, groups and batch norms,
    and the identity where the stride allows it.
    """
    kind, norm = CONV[sides], NORM[sides]
    net = trained(
        By(
            lambda n, x: n.na(n.a(x)) + n.nb(n.b(x)) + n.c(x) + (n.nd(x) if stride == 1 else 0),
            a=kind(4, 4, 3, stride, 1, groups=groups),
            na=norm(4),
            b=kind(4, 4, 1, stride, groups=groups),
            nb=norm(4),
            c=AVERAGE[sides](3, stride, 1),
            nd=norm(4),
        )
    )
    model, _ = reduced(net, x_of(sides), "fewest MACs")
    assert kinds(model) == [kind.__name__]
    assert next(model.children()).groups == groups


@pytest.mark.parametrize(
    ("a", "b", "size", "border"),
    [
        ({"kernel_size": 3, "padding": 2, "dilation": 2}, {"kernel_size": 1}, (3, 3), (2, 2)),
        ({"kernel_size": 3, "padding": 2, "dilation": 2}, {"kernel_size": 3, "padding": 1}, (5, 5), (2, 2)),
        (
            {"kernel_size": (3, 1), "padding": (1, 0)},
            {"kernel_size": (1, 3), "padding": (0, 1)},
            (3, 3),
            (1, 1),
        ),
        ({"kernel_size": 2, "stride": 2}, {"kernel_size": 3, "stride": 2, "padding": 1}, (3, 3), (1, 1)),
        ({"kernel_size": 4, "stride": 2, "padding": 1}, {"kernel_size": 1, "stride": 2}, (4, 4), (1, 1)),
        ({"kernel_size": 3, "padding": 1, "padding_mode": "reflect"}, {"kernel_size": 1}, (3, 3), (1, 1)),
    ],
)
def test_kernels_of_any_geometry_stand_on_one_grid(a: dict, b: dict, size: tuple, border: tuple) -> None:
    net = trained(By(lambda n, x: n.a(x) + n.b(x), a=nn.Conv2d(3, 5, **a), b=nn.Conv2d(3, 5, **b)))
    model, _ = reduced(net, torch.randn(2, 3, 8, 6, dtype=torch.float64), "literally")
    conv = next(model.children())
    assert kinds(model) == ["Conv2d"]
    assert (conv.kernel_size, conv.padding) == (size, border)


def test_a_residual_is_a_branch() -> None:
    net = trained(
        By(lambda n, x: torch.relu(x + n.b(n.a(x))), a=nn.Conv2d(4, 4, 3, padding=1), b=nn.BatchNorm2d(4))
    )
    model, _ = reduced(net, x_of(2), "fewest MACs")
    assert kinds(model) == ["Conv2d", "relu"]


@pytest.mark.parametrize(
    ("forward", "reason"),
    [
        (lambda n, x: (s := n.a(x)) + n.b(x) + torch.relu(s), "used elsewhere too"),
        (lambda n, x: n.a(x) + n.c(x), "different borders"),
        (lambda n, x: (lambda y, s, _: s + n.b(y))(y := x * 1, n.a(y), y.mul_(2)), "mul_ changes in place"),
    ],
)
def test_branches_that_are_read_or_written_between_stay(forward: Callable, reason: str) -> None:
    net = trained(
        By(
            forward,
            a=nn.Conv2d(4, 4, 3, padding=1),
            b=nn.Conv2d(4, 4, 1),
            c=nn.Conv2d(4, 4, 3, padding=1, padding_mode="circular"),
        )
    )
    _, report = reduced(net, x_of(2), "literally")
    assert any(reason in row.reason for row in report.left), report


def test_a_norm_whose_input_is_changed_in_place_later_stays_and_the_rest_is_reduced() -> None:
    """As a convolution it would need that input for the gradient of its kernel."""

    def forward(n: Any, x: Tensor) -> Tensor:
        y = n.b(n.a(x))
        z = nn.functional.batch_norm(y, n.mean, n.var)
        return torch.cat((y.relu_(), z), 1)

    net = trained(By(forward, a=nn.Conv2d(4, 4, 3), b=nn.Conv2d(4, 4, 1)))
    net.register_buffer("mean", torch.rand(4, dtype=torch.float64))
    net.register_buffer("var", torch.rand(4, dtype=torch.float64) + 0.5)
    model, report = reduced(net, x_of(2), "literally")
    assert kinds(model)[0] == "Conv2d"
    assert any("changed in place later" in row.reason for row in report.left), report


# ------------------------------------------------------------------------------------------------------------
# compositions


@pytest.mark.parametrize("sides", [1, 2, 3])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"kernel_size": 3, "stride": 2, "padding": 1}, {"kernel_size": 2, "dilation": 2, "groups": 2}),
        ({"kernel_size": 1, "bias": False}, {"kernel_size": 3, "padding": 1}),
        ({"kernel_size": 1, "bias": False, "stride": 2}, {"kernel_size": 3, "padding": 1}),
        ({"kernel_size": 1}, {"kernel_size": 3, "padding": 1, "padding_mode": "replicate"}),
        (
            {"kernel_size": 3, "padding": 1, "padding_mode": "circular"},
            {"kernel_size": 3, "padding": 1, "padding_mode": "circular"},
        ),
        (
            {"kernel_size": 3, "padding": 1, "padding_mode": "circular", "stride": 2},
            {"kernel_size": 3, "padding": 1, "padding_mode": "circular"},
        ),
    ],
)
def test_convolutions_compose_where_no_border_lies_between(sides: int, first: dict, second: dict) -> None:
    net = seq(CONV[sides](2, 4, **first), CONV[sides](4, 6, **second))
    x = torch.randn(2, 2, *(8,) * sides, dtype=torch.float64)
    model, report = reduced(net, x, "literally")
    assert kinds(model) == [CONV[sides].__name__]
    assert only(report).rule == "convolution after convolution"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"kernel_size": 1}, {"kernel_size": 3, "padding": 1}, "border of zeros"),
        ({"kernel_size": 3, "padding": 1}, {"kernel_size": 3, "padding": 1}, "border of zeros"),
        ({"kernel_size": 3}, {"kernel_size": 3, "padding": 1, "padding_mode": "reflect"}, "reflect border"),
        (
            {"kernel_size": 3, "padding_mode": "circular"},
            {"kernel_size": 3, "padding": 1, "padding_mode": "circular"},
            "circular border",
        ),
        (
            {"kernel_size": 3, "padding": 1, "padding_mode": "circular", "stride": 2},
            {"kernel_size": 3, "padding": 1, "padding_mode": "circular"},
            "circular border",
        ),
        ({"kernel_size": 2, "padding": "same"}, {"kernel_size": 1}, "uneven border"),
    ],
)
def test_a_border_between_two_convolutions_keeps_them_apart(first: dict, second: dict, reason: str) -> None:
    model, report = reduced(
        seq(nn.Conv2d(2, 4, **first), nn.Conv2d(4, 3, **second)), torch.randn(2, 2, 7, 7).double()
    )
    assert kinds(model) == ["Conv2d", "Conv2d"]
    assert reason in only(report).reason


def test_composing_is_declined_where_it_costs_more_and_done_where_it_does_not() -> None:
    x = torch.randn(1, 8, 8, 8, dtype=torch.float64)
    costly = seq(nn.Conv2d(8, 8, 3, groups=8), nn.Conv2d(8, 8, 1))
    model, report = reduced(costly, x, "fewest MACs")
    assert kinds(model) == ["Conv2d", "Conv2d"]
    before, after = only(report).macs
    assert only(report).reason == f"{after / before:.3g} times the multiply–adds"
    cheap = seq(nn.Conv2d(8, 32, 3), nn.Conv2d(32, 8, 1))
    model, report = reduced(cheap, x, "fewest MACs")
    assert kinds(model) == ["Conv2d"]
    assert only(report).macs[1] < only(report).macs[0]


# ------------------------------------------------------------------------------------------------------------
# pooling and linear layers


@pytest.mark.parametrize("sides", [1, 2, 3])
def test_average_pooling_is_depthwise(sides: int) -> None:
    model, _ = reduced(seq(AVERAGE[sides](2, 2, 1)), x_of(sides), "literally")
    assert kinds(model) == [CONV[sides].__name__]
    _, report = reduced(seq(AVERAGE[sides](2, 2, 1)), x_of(sides), "fewest MACs")
    assert not only(report).applied


@pytest.mark.parametrize(
    ("pool", "reason"),
    [
        (nn.AvgPool2d(3, 2, 1, count_include_pad=False), "count_include_pad=False"),
        (nn.AvgPool2d(2, 2, ceil_mode=True), "ceil_mode"),
        (nn.AdaptiveAvgPool2d((3, 3)), "do not divide"),
    ],
)
def test_an_average_with_windows_of_different_size_is_no_convolution(pool: nn.Module, reason: str) -> None:
    x = torch.randn(1, 2, 7, 6, dtype=torch.float64)
    model, report = reduced(seq(pool), x)
    assert kinds(model) == [type(pool).__name__]
    assert reason in only(report).reason


def test_ceil_mode_that_changes_nothing_is_one() -> None:
    x = torch.randn(1, 2, 6, 6, dtype=torch.float64)
    for pool in (
        nn.AvgPool2d(2, 2, ceil_mode=True),
        nn.AdaptiveAvgPool2d((3, 2)),
        nn.AvgPool2d(2, divisor_override=3),
    ):
        assert kinds(reduced(seq(pool), x)[0]) == ["Conv2d"]


@pytest.mark.parametrize(
    "forward",
    [
        lambda n, x: n.fc(torch.flatten(n.gap(x), 1)),
        lambda n, x: n.fc(x.mean((2, 3))),
        lambda n, x: n.fc(torch.mean(x, (-1, -2), keepdim=True).flatten(1)),
        lambda n, x: n.fc(F.adaptive_avg_pool2d(x, 1).view(x.size(0), -1)),
        lambda n, x: n.fc(layers.global_avg_pool2d(x, keepdim=False)),
        lambda n, x: n.fc(layers.global_avg_pool2d(x).flatten(1)),
    ],
)
def test_global_average_and_linear_layer_are_one_convolution(forward: Callable) -> None:
    net = trained(By(forward, gap=nn.AdaptiveAvgPool2d(1), fc=nn.Linear(4, 3)))
    model, report = reduced(net, x_of(2), "literally")
    left = [kind for kind in kinds(model) if kind != "size"]
    assert left == ["Conv2d", "Flatten"], kinds(model)
    assert report.applied[-1].rule == "global average, then linear layer"
    _, report = reduced(net, x_of(2), "fewest MACs")
    assert not report.applied


def test_a_classifier_is_convolutions() -> None:
    """LeNet's third layer: full size, then 1×1."""
    net = seq(
        nn.Flatten(), nn.Linear(4 * 7 * 6, 5), nn.ReLU(), nn.Dropout(), nn.Linear(5, 3), nn.BatchNorm1d(3)
    )
    model, _ = reduced(net, x_of(2), "literally")
    assert kinds(model) == ["Conv2d", "Flatten", "ReLU", "Unflatten", "Conv2d", "Flatten"]


# ------------------------------------------------------------------------------------------------------------
# functions, the course's layers, torch.export


def test_functions_are_read_as_modules_are() -> None:
    class Functional(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w, self.b = nn.Parameter(torch.randn(4, 4, 3, 3)), nn.Parameter(torch.randn(4))
            self.gamma, self.beta = nn.Parameter(torch.ones(4)), nn.Parameter(torch.zeros(4))
            self.register_buffer("mean", torch.zeros(4))
            self.register_buffer("var", torch.ones(4))

        def forward(self, x: Tensor) -> Tensor:
            y = F.conv2d(x, self.w, bias=self.b, padding=1)
            mean, var = self.get_buffer("mean"), self.get_buffer("var")
            y = F.batch_norm(y, mean, var, self.gamma, self.beta, eps=1e-3)
            return F.dropout(F.relu(y), training=self.training) + F.avg_pool2d(x, 3, 1, 1)

    model, _ = reduced(trained(Functional()), x_of(2), "fewest MACs")
    assert kinds(model) == ["Conv2d", "relu", "avg_pool2d", "add"]


def test_the_courses_own_layers_are_read_alike() -> None:
    net = trained(
        By(
            lambda n, x: layers.avg_pool2d(layers.relu(n.up_norm(n.up(layers.relu(n.norm(n.conv(x)))))), 2),
            conv=layers.Conv2d(4, 4, 3, padding=1, fast=False),
            norm=layers.BatchNorm2d(4),
            up=layers.ConvTranspose2d(4, 6, 2, 2, groups=2),
            up_norm=layers.BatchNorm2d(6, fast=False),
        )
    )
    model, _ = reduced(net, x_of(2), "literally")
    assert kinds(model) == ["Conv2d", "relu", "ConvTranspose2d", "relu", "Conv2d"]


def test_a_function_that_the_network_holds_is_seen() -> None:
    net = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))
    held = By(lambda n, x: n.activation(n.net(x)), net=net)
    held.activation = layers.relu  # type: ignore[assignment]
    model, report = reduced(trained(held), x_of(2), "fewest MACs")
    assert kinds(model) == ["Conv2d", "relu"]
    assert report.traced == "torch.fx"


def test_what_torch_fx_cannot_trace_goes_by_torch_export() -> None:
    def forward(n: Any, x: Tensor) -> Tensor:
        y = n.norm(n.conv(x))
        return torch.relu(y) if max(range(y.shape[-1])) > 1 else y

    net = trained(By(forward, conv=nn.Conv2d(4, 4, 3), norm=nn.BatchNorm2d(4)))
    model, report = reduced(net, x_of(2), "fewest MACs")
    assert "torch.export" in report.traced
    assert [row.rule for row in report.applied] == ["convolution, then batch norm"]
    assert "batch_norm" not in model.code


# ------------------------------------------------------------------------------------------------------------
# what is refused


def with_hook(module: nn.Module, register: str) -> nn.Module:
    getattr(module, register)(lambda *_: None)
    return module


HOOKS = [
    "register_forward_hook",
    "register_forward_pre_hook",
    "register_full_backward_hook",
    "register_full_backward_pre_hook",
]


@pytest.mark.parametrize("register", HOOKS)
@pytest.mark.parametrize("at", [0, 1])
def test_a_layer_with_a_hook_stays(register: str, at: int) -> None:
    net: Any = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))
    with_hook(net[at], register)
    model, report = reduced(net, x_of(2))
    assert any("hook" in row.reason for row in report.left)
    assert kinds(model)[at] == ("Conv2d", "BatchNorm2d")[at]
    assert (
        getattr(next(m for m in model.modules() if type(m) is type(net[at])), "_forward_hooks", None)
        is not None
    )


def test_a_hook_still_fires() -> None:
    net: Any = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 1))
    seen: list = []
    net[0].register_forward_hook(lambda *_: seen.append(1))
    model, _ = reduced(net, x_of(2))
    seen.clear()
    model(x_of(2))
    assert seen == [1]


@pytest.mark.parametrize(
    ("net", "reason"),
    [
        (lambda: seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)).train(), "training mode"),
        (
            lambda: with_hook(seq(nn.Conv2d(4, 4, 3)), "register_forward_hook"),
            "the network itself has a forward hook",
        ),
        (lambda: nn.Sequential(nn.LazyConv2d(4, 3)).eval(), "lazy"),
        (lambda: seq(nn.Conv2d(5, 4, 3)), "does not run"),
        (lambda: By(lambda n, x: x if x.sum() > 0 else -x).eval(), "no graph of it can be drawn"),
        (lambda: By(lambda n, x: x + torch.rand(1)).eval(), "draw at random"),
        (
            lambda: trained(By(lambda n, x: n.a(x) + n.a.bias.mul_(0.5).sum(), a=nn.Conv2d(4, 4, 1))),
            "changes its own tensor",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_whole_is_refused_with_the_reason(net: Callable[[], nn.Module], reason: str) -> None:
    result = reduce(net(), x_of(2))
    assert reason in result.report.refused
    assert reason in str(result.report)
    assert not result.report.rows


def freed(net: Any) -> nn.Module:
    net[1].train()
    return net


@pytest.mark.parametrize(
    ("net", "reason"),
    [
        (lambda: freed(seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))), "training mode"),
        (
            lambda: seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4, track_running_stats=False)),
            "no running averages",
        ),
        (lambda: seq(parametrizations.weight_norm(nn.Conv2d(4, 4, 3)), nn.BatchNorm2d(4)), "parametrization"),
        (
            lambda: trained(
                By(
                    lambda n, x: n.b(F.conv2d(x, n.a.weight * x.mean())),
                    a=nn.Conv2d(4, 4, 3),
                    b=nn.BatchNorm2d(4),
                )
            ),
            "computed",
        ),
        (lambda: seq(nn.Linear(6, 6), nn.BatchNorm2d(4)), "dimension 1"),
    ],
)
def test_a_batch_norm_stays_with_the_reason(net: Callable[[], nn.Module], reason: str) -> None:
    given = net()
    result = reduce(given, x_of(2))
    assert any(reason in row.reason for row in result.report.left), result.report
    assert "BatchNorm2d" in kinds(result.model)


def test_a_copy_that_is_changed_in_place_stays_a_copy() -> None:
    net = trained(
        By(lambda n, x: (lambda y, z: n.a(y) + z.relu_() + y)(y := x * 1, y + 0), a=nn.Conv2d(4, 4, 1))
    )
    _, report = reduced(net, x_of(2))
    assert any("it makes a copy" in row.reason for row in report.left)


def test_what_holds_for_this_size_only_is_done_literally_only() -> None:
    circle = {"kernel_size": 3, "padding": 1, "padding_mode": "circular"}
    nets = (
        seq(nn.Conv2d(8, 32, stride=2, **circle), nn.Conv2d(32, 1, **circle)),
        seq(nn.Conv2d(8, 16, 1), nn.AvgPool2d(2, ceil_mode=True)),
    )
    for net in nets:
        x = torch.randn(1, 8, 8, 8, dtype=torch.float64)
        assert kinds(reduced(net, x, "literally")[0]) == ["Conv2d"]
        model, report = reduced(net, x, "fewest MACs")
        assert len(kinds(model)) == 2
        assert any("inputs of this size only" in row.reason for row in report.left)
        other = torch.randn(1, 8, 7, 9, dtype=torch.float64)
        torch.testing.assert_close(model(other), net(other))


@pytest.mark.parametrize("layer", [nn.Dropout(), By(lambda n, x: F.dropout(x))])
def test_dropout_that_is_on_stays(layer: nn.Module) -> None:
    net = seq(nn.Conv2d(4, 4, 3), layer)
    net[1].train()  # type: ignore[index, operator]
    report = reduce(net, x_of(2)).report
    # random: either the layer is named, or the whole does not repeat itself
    assert "at random" in report.refused or any("random" in row.reason for row in report.left)


def test_a_negative_variance_is_refused_and_not_a_nan() -> None:
    net: Any = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))
    net[1].running_var[0] = -1
    report = reduce(net, x_of(2)).report
    assert [row.rule for row in report.left if "never negative" in row.reason] == [merge_rules.AFTER]


def test_eps_of_0_is_merged_as_torch_runs_it() -> None:
    model, report = reduced(seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4, eps=0)), x_of(2), "fewest MACs")
    assert kinds(model) == ["Conv2d"]
    assert not report.left
    net: Any = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4, eps=0))
    net[1].running_var[0] = 0
    report = reduce(net, x_of(2)).report
    assert "each variance must be positive" in f"{report}" or "does not run" in report.refused, report


def test_a_class_with_a_forward_of_its_own_is_looked_into() -> None:
    class Twice(nn.Conv2d):
        def forward(self, input: Tensor) -> Tensor:
            return 2 * super().forward(input)

    model, _ = reduced(trained(nn.Sequential(Twice(4, 4, 3), nn.BatchNorm2d(4))), x_of(2), "fewest MACs")
    assert kinds(model) == ["Conv2d"]


def test_a_forward_that_was_replaced_on_the_object_stays() -> None:
    net: Any = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))
    plain = net[0].forward
    net[0].forward = lambda x: 2 * plain(x)
    result = reduce(net, x_of(2))
    x = x_of(2)
    torch.testing.assert_close(result.model(x), net(x))


def test_float16_numbers_that_overflow_are_refused() -> None:
    half: Any = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)).half()
    half[1].running_var.fill_(0)
    half[1].weight.data.fill_(60000)
    report = reduce(half, torch.zeros(1, 4, 6, 6).half()).report
    assert not report.refused
    assert [row.rule for row in report.left if "too large for torch.float16" in row.reason] == [
        merge_rules.AFTER
    ]


# ------------------------------------------------------------------------------------------------------------
# what the result is like


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_the_dtype_stays(dtype: torch.dtype, device: str) -> None:
    net = seq(
        nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 1), nn.BatchNorm2d(2)
    )
    net = net.to(device, dtype)
    x = torch.randn(2, 4, 6, 6, device=device).to(dtype)
    result = reduce(net, x)
    assert {p.dtype for p in result.model.parameters()} == {dtype}
    assert {p.device.type for p in result.model.parameters()} == {device}
    assert len(result.report.applied) == 2
    torch.testing.assert_close(
        result.model(x).float(), net(x).float(), atol=30 * torch.finfo(dtype).eps, rtol=0.05
    )


def test_frozen_layers_stay_frozen_and_others_learn() -> None:
    net: Any = seq(
        nn.Conv2d(4, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)
    )
    net[3].requires_grad_(False)
    net[4].requires_grad_(False)
    model, _ = reduced(net, x_of(2), "fewest MACs")
    assert [p.requires_grad for p in model.parameters()] == [True, True, False, False]
    model(x_of(2)).sum().backward()


def test_the_random_state_and_the_network_stay_as_they_are() -> None:
    net = seq(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))
    before, state = copy.deepcopy(net.state_dict()), torch.get_rng_state()
    result = reduce(net, x_of(2) * 0)
    torch.set_rng_state(state)
    reduce(net, x := torch.zeros(2, 4, 7, 6, dtype=torch.float64))
    assert torch.equal(torch.get_rng_state(), state)  # exact: untouched
    assert all(torch.equal(a, before[name]) for name, a in net.state_dict().items())
    with torch.no_grad():
        for parameter in result.model.parameters():
            parameter.zero_()
    assert net(x).any()


def test_a_wrong_rule_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decks' bias, put in the place of the right one, does not get through the proof."""

    def decks(weight: Tensor, bias: Tensor | None, G: Tensor, g: Tensor) -> tuple[Tensor, Tensor]:
        return weight * G.reshape(-1, 1, 1, 1), g if bias is None else bias + g

    monkeypatch.setattr(merge_rules, "merge", decks)
    fresh = nn.Sequential(
        nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)
    ).eval()  # G ≈ 1: here the wrong bias looks right
    report = reduce(fresh, torch.randn(1, 4, 6, 6)).report
    assert not report.applied
    assert [row.rule for row in report.left if "not the same" in row.reason] == [merge_rules.AFTER]


def test_the_report_speaks_for_itself() -> None:
    net = seq(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.AvgPool2d(2))
    report = reduce(net, x_of(2)).report
    text, page = str(report), report._repr_html_()
    for words in ("convolution, then batch norm", "0 + 1", "O = G·F", "left: ", "average pooling"):
        assert words in text
    assert page.count("<tr>") == 1 + len(report.rows)
    assert [step.kind for step in report.before] == [
        "input",
        "convolution",
        "batch norm",
        "other",
        "average",
        "output",
    ]
    assert [step.kind for step in report.after] == ["input", "convolution", "other", "average", "output"]
    assert report.after[1].inputs == (report.after[0].name,)


def test_names_cannot_break_the_table() -> None:
    report = Report("fewest MACs", [Row("rule", "<script>", False, reason="a < b")])
    assert "<script>" not in report._repr_html_()
    assert "a &lt; b" in report._repr_html_()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: reduce(vars(torch)["relu"], torch.ones(1)),
            "model must be a torch.nn.Module, not builtin_function_or_method",
        ),
        (
            lambda: reduce(nn.ReLU(), torch.ones(1), "fast"),
            "goal must be 'fewest MACs' or 'literally', not 'fast'",
        ),
        (
            lambda: reduce(nn.ReLU(), (3,)),
            "example_input must be a tensor or a tuple of arguments with one, not (3,)",
        ),
    ],
)
def test_bad_input_is_named(call: Callable, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
