"""What `reduce` spends: few copies, few places, and word of it where it takes long."""

from io import StringIO
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from nonconv.reduction import cases, depthwise, merge_rules, progress, proof, reduce, smaller
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.nodes import Linear
from nonconv.reduction.rewriter import Rewriter


def test_a_side_keeps_its_rest_so_that_a_network_can_halve_it_as_before() -> None:
    assert [smaller.side(n, 64, 32) for n in (32, 95, 96, 224, 299, 380)] == [32, 95, 64, 64, 75, 92]
    assert smaller.few_places((8, 3, 224, 7), 3, 2) == (2, 3, 4, 5)


def test_the_example_runs_twice_and_all_else_on_few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the network and of the reduced one."""
    seen: list[tuple[int, ...]] = []
    convolve = nn.Conv2d._conv_forward

    def noted(conv: nn.Conv2d, x: torch.Tensor, *numbers: torch.Tensor) -> torch.Tensor:
        seen.append(tuple(x.shape))
        return convolve(conv, x, *numbers)

    monkeypatch.setattr(nn.Conv2d, "_conv_forward", noted)
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 5, 3, padding=1), nn.BatchNorm2d(5)
    ).eval()
    assert len(reduce(net, torch.randn(4, 3, 128, 128)).report.applied) == 1
    assert seen.count((4, 3, 128, 128)) == 2
    few = {(2, 3, 32, 32), (2, 3, 64, 32)}  # with its own numbers, and in float64
    assert {size for size in seen if size[1] == 3} == {(4, 3, 128, 128), *few}


def test_a_layer_that_a_hook_sees_runs_for_the_shapes_too() -> None:
    seen: list[tuple[int, ...]] = []
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)).eval()
    net[0].register_forward_pre_hook(lambda module, args: seen.append(tuple(args[0].shape)))
    assert len(reduce(net, torch.randn(4, 3, 128, 128)).report.applied) == 1
    assert seen.count((4, 3, 128, 128)) == 3


class Square(nn.Module):
    """It takes squares only, as a graph of torch.export may."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.conv(x + x.transpose(2, 3)))


def test_what_takes_squares_only_is_proved_on_a_smaller_square(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []
    observe = cases.with_last
    noted = lambda first, net, few: seen.append(tuple(few[0].shape)) or observe(first, net, few)  # noqa: E731
    monkeypatch.setattr(cases, "with_last", noted)
    assert len(reduce(Square().eval(), torch.randn(1, 3, 128, 128)).report.applied) == 1
    assert seen == [(2, 3, 32, 32)]


@pytest.mark.parametrize("tracer", ["torch.fx", "torch.export"])
def test_a_graph_that_may_know_sizes_is_compared_on_two_that_differ(
    monkeypatch: pytest.MonkeyPatch, tracer: str
) -> None:
    seen: list[tuple[int, ...]] = []
    observe = cases.with_last
    noted = lambda first, net, few: seen.append(tuple(few[0].shape)) or observe(first, net, few)  # noqa: E731
    monkeypatch.setattr(cases, "with_last", noted)
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).eval()
    assert len(reduce(net, torch.randn(1, 3, 128, 128), tracer=tracer).report.applied) == 1
    assert seen == [(2, 3, 32, 32) if tracer == "torch.fx" else (2, 3, 64, 32)]


@pytest.mark.parametrize("sides", [1, 2, 3])
@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (1, 2, 2), (3, 2, 1)])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_depthwise_convolution_tap_by_tap_is_the_framework_s(
    sides: int, stride: int, padding: int, dilation: int, size: int
) -> None:
    torch.manual_seed(0)
    kind = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}[sides]
    conv = kind(12, 12, size, stride, padding, dilation, groups=12).double()
    x = torch.randn(2, 12, *(7, 8, 6)[:sides], dtype=torch.float64)
    with torch.no_grad():
        expected = conv(x)
        with depthwise.TapByTap():
            got = conv(x)
    assert got.shape == expected.shape
    assert torch.allclose(got, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("sides", [1, 2, 3])
@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (1, 2, 2), (3, 2, 1)])
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("bias", [True, False])
def test_a_large_kernel_on_few_places_is_the_framework_s(
    monkeypatch: pytest.MonkeyPatch,
    sides: int,
    stride: int,
    padding: int,
    dilation: int,
    size: int,
    bias: bool,
) -> None:
    torch.manual_seed(0)
    kind = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}[sides]
    conv = kind(12, 10, size, stride, padding, dilation, bias=bias).double()
    x = torch.randn(2, 12, *(7, 8, 6)[:sides], dtype=torch.float64)
    seen, as_product = [], depthwise.as_product
    monkeypatch.setattr(depthwise, "as_product", lambda *args: seen.append(1) or as_product(*args))
    with torch.no_grad():
        expected = conv(x)
        with depthwise.TapByTap():
            conv(x)
        assert not seen  # its kernel is small
        monkeypatch.setattr(depthwise, "_LARGE", 1)
        monkeypatch.setattr(depthwise, "_PLACES", 10_000)
        with depthwise.TapByTap():
            got = conv(x)
    assert seen
    assert got.shape == expected.shape
    assert torch.allclose(got, expected, rtol=0, atol=1e-13)


def test_only_depthwise_convolutions_in_float64_run_tap_by_tap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depthwise, "depthwise", lambda *args: pytest.fail("tap by tap"))
    x = torch.randn(1, 12, 5, 5)
    with torch.no_grad(), depthwise.TapByTap():
        nn.Conv2d(12, 12, 3, groups=12)(x)  # float32
        nn.Conv2d(12, 24, 3, groups=12).double()(x.double())  # two kernels for each map
        nn.Conv2d(12, 12, 3, padding="same", groups=12).double()(x.double())
        nn.Conv2d(12, 12, 3).double()(x.double())


def test_a_network_that_takes_one_size_only_is_proved_on_that_one() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(2 * 98 * 98, 3)).eval()
    report = reduce(net, torch.randn(1, 1, 100, 100)).report
    assert not report.refused
    assert report.error == pytest.approx(0, abs=1e-12)


def test_what_is_right_for_the_example_only_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that would write a global average as a convolution of the example's size, and not say so."""

    @merge_rules.rule("average")
    def average(view: merge_rules.View, node: torch.fx.Node) -> merge_rules.Found:
        layer = view.layer(node)
        if not isinstance(layer, merge_rules.Average):
            return None
        return merge_rules.Proposal("average", "", [node], layer.x, [merge_rules.convolution(layer.kernel)])

    monkeypatch.setattr(merge_rules, "MERGE", [average])
    monkeypatch.setattr(Rewriter, "_against", lambda self, found: "")
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.AdaptiveAvgPool2d(1)).eval()
    report = reduce(net, torch.randn(1, 1, 128, 128)).report
    assert report.refused, report.rows


def test_nothing_is_drawn_and_nothing_computed_for_a_layer_that_gets_its_numbers_later() -> None:
    state = torch.get_rng_state()
    module = merge_rules.convolution(Kernel(torch.zeros(2, 3, 1, 1), None))
    assert type(module) is nn.Conv2d
    assert torch.equal(torch.get_rng_state(), state)  # exact: untouched
    assert torch.equal(module.weight, torch.zeros(2, 3, 1, 1))  # type: ignore[arg-type]


def test_random_numbers_are_drawn_anew_for_each_kernel() -> None:
    node = torch.fx.Graph().placeholder("x")
    layers = [Linear(x=node, weight=torch.zeros(64, 64).double(), bias=None) for _ in range(3)]
    drawn = proof.random_numbers(list(layers), torch.Generator().manual_seed(0))
    kernels = [drawn[id(layer.weight)] for layer in layers]
    assert len({float(kernel[0, 0]) for kernel in kernels}) == 3
    assert all(kernel.unique().numel() == 64 * 64 for kernel in kernels)


def test_what_takes_long_says_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    out = StringIO()
    shown = progress.Progress(True, out)
    shown.part(progress.PROOF)
    now[0] = 4.0
    shown.done(1, 10)
    now[0] = 4.5
    shown.done(2, 10)
    assert not out.getvalue()  # not yet
    now[0] = 20.0
    shown.done(
        5, 10
    )  # four more in 16 s; then 5, all that came before the first, and half as much for the rest
    shown.end()
    assert out.getvalue() == "reduce: 5 of 10 layers proved, about 44 s left\n"
    assert shown.seconds == {"graph": 0.0, "proof": 20.0}


def test_a_report_says_how_long_its_parts_took() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).eval()
    assert set(reduce(net, torch.randn(1, 1, 5, 5)).report.seconds) == {"graph", "proof", "rewriting"}
