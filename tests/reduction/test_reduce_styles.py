"""`reduce` on networks in the styles of the libraries: what merges, what stays and why, and that nothing is
silently different. The networks are small and our own.
"""

import copy
import dataclasses
import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.reduction.small_networks import Net, X, calls, gradient, norms, same, trained
from nonconv.reduction import merge_rules, reduce
from nonconv.reduction.comparison import difference


class FrozenBatchNorm2d(nn.Module):
    """As in detection libraries: four buffers and a formula."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        for name, value in {"weight": 1.5, "bias": 0.2, "running_mean": 0.3, "running_var": 2.0}.items():
            self.register_buffer(name, torch.full((maps,), value) + torch.arange(maps) / 10)

    def forward(self, x: Tensor) -> Tensor:
        w, b, mean, var = (t.reshape(1, -1, 1, 1) for t in self.buffers())
        scale = w * (var + 1e-5).rsqrt()
        return x * scale + (b - mean * scale)


class LayerScale(nn.Module):
    def __init__(self, maps: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.linspace(0.1, 1, maps))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma.view(1, -1, 1, 1)


class NormAct(nn.BatchNorm2d):
    """Norm and activation in one, which begins with an assertion on its input."""

    def forward(self, x: Tensor) -> Tensor:
        torch._assert(x.ndim == 4, f"expected 4 dimensions, not {x.ndim}")
        return F.relu(F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, False))


def shaped(net: Any, x: Tensor) -> Tensor:
    y = net.c(x)
    B, K, H, W = y.shape
    return net.b(y).reshape(B, K, H * W)


def sized(net: Any, x: Tensor) -> Tensor:
    y = net.c(x)
    assert y.dtype is not torch.int64
    torch._assert(y.size(1) == 4, "four maps")
    torch._assert(y.dim() == 4, "four dimensions")
    return net.b(y)


def asked_before(net: Any, x: Tensor) -> Tensor:
    y = net.c(x)
    z = torch.zeros(y.shape)  # needs the shape before the batch norm has run
    return net.b(y) + z + z.mean()


@pytest.mark.parametrize(
    "net",
    [
        Net(shaped),
        Net(sized),
        Net(asked_before),
        Net(lambda n, x: n.act(n.c(x)), act=NormAct(4)),
        Net(lambda n, x: n.f(n.c(x)), f=FrozenBatchNorm2d(4)),
        Net(lambda n, x: n.s(n.b(n.c(x))), s=LayerScale(4)),
        Net(lambda n, x: n.b(n.c(x)) * 0.5 + 3),
        Net(lambda n, x: n.b(n.c(x) / 4 - 1)),
        Net(lambda n, x: n.c(x * 2)),
        nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4))),
        Net(lambda n, x: n.b(n.c(x)) - x),
        Net(lambda n, x: n.i(n.c(x)), i=nn.InstanceNorm2d(4, track_running_stats=True)),
        Net(
            lambda n, x: n.a * n.b(n.c(x)) + (1 - n.a) * n.d(x),
            a=nn.Parameter(torch.tensor(0.3)),
            d=nn.Conv2d(4, 4, 1),
        ),
        Net(lambda n, x: torch.stack((n.b(n.c(x)), n.d(x), x)).sum(0), d=nn.Conv2d(4, 4, 1)),
        Net(lambda n, x: torch.add(n.b(n.c(x)), n.d(x), alpha=-2), d=nn.Conv2d(4, 4, 1)),
        Net(lambda n, x: n.v(n.c(x).mean((2, 3), keepdim=True).flatten(1)), v=nn.BatchNorm1d(4)),
        Net(
            lambda n, x: n.v(n.l(x.flatten(2).transpose(1, 2)).transpose(1, 2)),
            l=nn.Linear(4, 6),
            v=nn.BatchNorm1d(6),
        ),
        Net(lambda n, x: n.v(n.l(x.flatten(2)).flatten(0, 1)), l=nn.Linear(64, 6), v=nn.BatchNorm1d(6)),
        Net(lambda n, x: n.v(torch.cat([n.c(x), n.d(x)], 1)), d=nn.Conv2d(4, 2, 1), v=nn.BatchNorm2d(6)),
        Net(lambda n, x: n.b(F.interpolate(n.c(x), scale_factor=2))),
        Net(lambda n, x: n.b(n.u(n.c(x))), u=nn.Upsample(scale_factor=2, mode="bilinear")),
        Net(lambda n, x: n.b(F.avg_pool2d(n.c(x), 2))),
        Net(lambda n, x: n.b(n.t(x).roll(1, 2)), t=nn.ConvTranspose2d(4, 4, 2, 2)),
        Net(lambda n, x: n.b(n.u(n.c(x))), u=nn.ChannelShuffle(2)),
        Net(lambda n, x: n.b(n.c(x) + 0.5 * n.d(x.relu())), d=nn.Conv2d(4, 4, 1)),
        Net(lambda n, x: n.b(sum([n.c(x), n.d(x.relu()), n.c(x.tanh())])), d=nn.Conv2d(4, 4, 1)),
        Net(
            lambda n, x: n.b(F.interpolate(n.c(x[..., ::2]), size=x.shape[-2:]) + n.d(x)),
            d=nn.Conv2d(4, 4, 1),
        ),
        Net(
            lambda n, x: n.v(torch.cat([n.d(x), n.c(x) + F.pad(n.d(x.relu()[..., 1:]), (1, 0))], 1)),
            d=nn.Conv2d(4, 4, 1),
            v=nn.BatchNorm2d(8),
        ),
        Net(lambda n, x: n.l(n.b(x.relu()).flatten(1)), l=nn.Linear(256, 3)),  # the end of a face network
        Net(lambda n, x: n.l(F.adaptive_avg_pool2d(n.b(x.relu()), 1).flatten(1)), l=nn.Linear(4, 3)),
        Net(lambda n, x: n.l(n.b(x.relu()).permute(0, 2, 3, 1)), l=nn.Linear(4, 3, bias=False)),
        Net(lambda n, x: (n.b(n.c(x)).movedim(1, -1) * n.s - n.s).movedim(-1, 1), s=torch.rand(4)),
        Net(
            lambda n, x: n.v((n.l(x) + n.m(x.relu())).transpose(1, 3)).mean((2, 3)),
            l=nn.Linear(8, 6),
            m=nn.Linear(8, 6),
            v=nn.BatchNorm2d(6),
        ),
    ],
)  # fmt: skip
def test_every_norm_and_scale_merges(net: Any) -> None:
    net = trained(net)
    result = reduce(net, X)
    assert not result.report.refused
    same(result.model, net, X)
    same(result.model, net, torch.randn(3, 4, 8, 8))
    kinds = set(calls(result.model))
    assert not norms(result.model), result.report
    assert not kinds & {"truediv", "sub"}, kinds
    assert not [row for row in result.report.left if "batch norm" in row.rule], result.report


def test_a_scale_before_a_border_of_zeros_needs_no_map_of_ones() -> None:
    assert calls(reduce(trained(Net(lambda n, x: n.c(x * 0.5))), X).model) == ["Conv2d"]


@pytest.mark.parametrize(
    ("net", "reason"),
    [
        (Net(lambda n, x: n.b(F.max_pool2d(n.c(x), 2))), "nothing beside it takes it in (max_pool2d"),
        (Net(lambda n, x: n.b(n.u(n.d(x))), d=nn.Conv2d(4, 16, 1), u=nn.PixelShuffle(2)), ""),
        (Net(lambda n, x: n.v(torch.cat([n.c(x), x], 1)), v=nn.BatchNorm2d(8)), "lies the input x"),
        (
            Net(lambda n, x: (y := torch.cat([n.c(x), n.c(x)], 1), n.v(y))[1] + y, v=nn.BatchNorm2d(8)),
            "used elsewhere too",
        ),
        (Net(lambda n, x: n.v(n.c(x).flatten(1)), v=nn.BatchNorm1d(256)), "each with another number"),
        (Net(lambda n, x: n.b(F.pad(n.c(x), (1, 1, 1, 1)))), "puts zeros beside them"),
        (Net(lambda n, x: torch.relu(n.b(torch.relu(x)))), "nothing beside it takes it in"),
        (Net(lambda n, x: (y := n.c(x), n.b(y + y.flip(2)))[1]), "added to itself"),
        (Net(lambda n, x: n.l(n.b(x.relu()).flatten(2)), l=nn.Linear(64, 3)), "the linear layer mixes maps"),
        (Net(lambda n, x: (y := n.c(x) + n.c(x.relu()), n.b(y) + y)[1]), "used elsewhere too"),
        (
            Net(lambda n, x: n.b(n.d(x)[..., 1:]), d=nn.utils.weight_norm(nn.Conv2d(4, 4, 1))),
            "the Conv2d before it must stay: it has a forward pre-hook",
        ),
    ],
)  # fmt: skip
def test_a_norm_that_stays_is_named_with_the_reason(net: Any, reason: str) -> None:
    net = trained(net)
    result = reduce(net, X)
    same(result.model, net, X)
    if norms(result.model):
        assert any(reason in row.reason for row in result.report.left if "batch norm" in row.rule), (
            result.report
        )


def test_a_norm_inside_what_stays_whole_is_named() -> None:
    net = trained(nn.Sequential(nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)), nn.ReLU()))
    net[0].register_forward_hook(lambda *_: None)
    report = reduce(net, X).report
    assert [(row.where, "stays whole: it has a forward hook" in row.reason) for row in report.left] == [
        ("0.1", True)
    ]


# ------------------------------------------------------------------------------------------------------------
# nothing silently different


class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:  # type: ignore[override]
        return -g


class Rounded(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.round()

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:  # type: ignore[override]
        return g


@pytest.mark.parametrize("function", [Reversal, Rounded])
def test_a_gradient_of_its_own_stays(function: Any) -> None:
    net = trained(Net(lambda n, x: function.apply(n.b(n.c(x)))))
    result = reduce(net, X)
    assert not norms(result.model)
    torch.testing.assert_close(gradient(result.model), gradient(net), rtol=1e-3, atol=1e-3)


def half(weight: float, variance: float, gamma: float) -> Any:
    net: Any = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)).eval()
    with torch.no_grad():
        net[0].weight.mul_(weight)
        net[1].running_var.fill_(variance)
        net[1].weight.fill_(gamma)
    return net.half()


def test_a_kernel_that_float16_would_round_to_zero_stays() -> None:
    net, x = half(0.02, 6e4, 0.002), (X * 5e3).half()
    result = reduce(net, x)
    assert [row.reason for row in result.report.left if "too small for torch.float16" in row.reason]
    exact = copy.deepcopy(net).double()(x.double())
    assert difference(result.model(x).double(), exact) < 0.01


@pytest.mark.parametrize("size", [1e-6, 1e6])
def test_the_error_is_relative_to_the_output_itself(size: float) -> None:
    net = trained(Net(lambda n, x: n.b(n.c(x)) * size))
    assert reduce(net, X).report.error_in_use < 1e-5  # type: ignore[operator]
    assert difference(torch.tensor([size]), torch.tensor([2 * size])) == pytest.approx(0.5)


def test_literally_checks_the_size_it_was_written_for() -> None:
    net = trained(Net(lambda n, x: F.adaptive_avg_pool2d(n.b(n.c(x)), 1)))
    model = reduce(net, X, "literally").model
    same(model, net, torch.randn(5, 4, 8, 8))
    for size in ((9, 9), (12, 12), (8, 15), (16, 16)):
        with pytest.raises(ValueError, match=r"reduced for an input of size \(N, 4, 8, 8\)"):
            model(torch.randn(1, 4, *size))


def test_the_random_state_stays_wherever_it_is_used() -> None:
    net = trained(nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AvgPool2d(2)))
    before = torch.get_rng_state()
    for goal in ("fewest MACs", "literally"):
        reduce(net, X, goal)
        assert torch.equal(torch.get_rng_state(), before)  # exact: untouched


class Pair(NamedTuple):
    y: Tensor
    n: int


@dataclasses.dataclass
class Data:
    y: Tensor
    n: int


@pytest.mark.parametrize(
    "forward",
    [
        lambda n, x: OrderedDict(out=n.b(n.c(x))),
        lambda n, x: {"out": n.b(n.c(x)), "of": [x, None]},
        lambda n, x: Pair(n.b(n.c(x)), 3),
        lambda n, x: Data(n.b(n.c(x)), 3),
        lambda n, x: [(n.b(n.c(x)),), "name"],
    ],
)
def test_the_type_of_the_output_stays(forward: Any) -> None:
    net = trained(Net(forward))
    result = reduce(net, X)
    assert type(result.model(X)) is type(net(X))
    same(result.model, net, X)
    assert not norms(result.model)


@pytest.mark.parametrize("name", ["_", "act_", "_act", "relu__"])
def test_the_users_names_stay(name: str) -> None:
    net = trained(Net(lambda n, x: getattr(n, name)(n.b(n.c(x))), **{name: nn.PReLU()}))  # type: ignore[arg-type]
    result = reduce(net, X)
    assert isinstance(result.model.get_submodule(name), nn.PReLU)
    assert isinstance(result.model.get_submodule("c"), nn.Conv2d)
    assert "b" not in dict(result.model.named_modules())


def test_the_merged_layer_keeps_its_path() -> None:
    block = nn.Sequential(OrderedDict(conv=nn.Conv2d(4, 4, 3), norm=nn.BatchNorm2d(4)))
    net = trained(nn.Sequential(OrderedDict(layer1=nn.Sequential(block, nn.ReLU(), copy.deepcopy(block)))))
    model = reduce(net, X).model
    assert [name for name, m in model.named_modules() if isinstance(m, nn.Conv2d)] == [
        "layer1.0.conv",
        "layer1.2.conv",
    ]


def counted(net: Any, x: Tensor) -> Tensor:
    net.n += 1
    return net.b(net.c(x))


def stored(net: Any, x: Tensor) -> Tensor:
    net.h = net.h * 0.5 + net.b(net.c(x))
    return net.h


def listed(net: Any, x: Tensor) -> Tensor:
    net.seen.append(net.c(x))
    return net.b(net.c(x))


@pytest.mark.parametrize(
    ("net", "reason"),
    [
        (Net(stored, h=torch.zeros(2, 4, 8, 8)), "keeps a tensor on itself (h)"),
        (Net(counted, n=nn.Buffer(torch.zeros(1))), "changes its own tensor n in place"),
        (Net(listed, seen=[]), "keeps a tensor on itself (seen)"),
    ],
)
def test_a_forward_that_changes_its_network_is_refused(net: Any, reason: str) -> None:
    assert reason in reduce(trained(net), X).report.refused


# ------------------------------------------------------------------------------------------------------------
# no traceback, no needless refusal


class Masked(Net):
    def forward(self, x: Tensor, mask: Tensor | None = None, flag: bool = False) -> Tensor:  # type: ignore[override]
        y = self.b(self.c(x))
        y = y.relu() if flag else y
        return y if mask is None else y * mask


def test_an_optional_argument_is_what_the_example_says_and_is_checked() -> None:
    net, mask = trained(Masked()), torch.rand(2, 1, 8, 8)
    model = reduce(net, X).model
    same(model, net, X)
    with pytest.raises(ValueError, match=r"reduced for mask=None, so mask cannot be a tensor of shape"):
        model(X, mask)
    with pytest.raises(ValueError, match="reduced for flag=False"):
        model(X, None, True)
    other = reduce(net, (X, mask, True)).model
    same(other, net, X, torch.rand(2, 1, 8, 8), True)
    assert not norms(other)


@pytest.mark.parametrize(
    ("forward", "x"),
    [
        (lambda n, x: n.b(n.c(x * 2 if isinstance(x, Tensor) else x)), X),
        (lambda n, x: n.b(n.c(x.float() / 255)), (X * 50 + 128).to(torch.uint8)),
        (lambda n, x: n.b(n.c(x @ torch.eye(8))), X),
        (lambda n, x: n.b(n.c(x.to(torch.float32))).float(), X),
        (lambda n, x: n.b(n.c(torch.log(x + 1e-6))), X.abs()),
        (lambda n, x: n.b(n.c(torch.sqrt(x))), X.abs()),
        (lambda n, x: n.b(n.c(x)).masked_fill(torch.ones(8, 8).triu(1).bool(), float("-inf")), X),
        (lambda n, x: n.b(n.c(x)), X.clone().requires_grad_() * 2),
        (lambda n, x: n.b(n.c(x)).relu_().add_(1), X),
    ],
)  # fmt: skip
def test_what_runs_in_torch_is_reduced(forward: Any, x: Tensor) -> None:
    net = trained(Net(forward))
    result = reduce(net, x)
    assert not result.report.refused
    assert not norms(result.model)
    same(result.model, net, x.detach())


def test_a_network_with_a_result_on_itself_is_copied() -> None:
    net = trained(Net(lambda n, x: n.b(n.c(x)) + n.w, w=torch.ones(1, requires_grad=True) * 2))
    assert not norms(reduce(net, X).model)


def test_a_network_that_rounding_turns_over_is_judged_by_its_own_response() -> None:
    """1e6 times what rounding leaves of x − x′: no way of computing it repeats another to the last place."""
    net = trained(Net(lambda n, x: torch.sin(1e6 * n.b(n.c(x)))))
    report = reduce(net, X).report
    assert not report.refused
    assert report.error_in_use is not None


def test_a_result_without_normal_numbers_is_as_good_as_another() -> None:
    """An untrained network of many layers may give 1e-41."""
    net = trained(Net(lambda n, x: n.b(n.c(x)) * 1e-20 * 1e-20))
    assert not reduce(net, X).report.refused
    tiny = torch.tensor([1e-41])
    assert difference(tiny, 2 * tiny) < 1e-3
    assert difference(tiny.double(), 2 * tiny.double()) == pytest.approx(0.5)


def test_complex_convolutions_are_copied_as_they_are() -> None:
    net = nn.Sequential(nn.Conv2d(2, 2, 1, dtype=torch.complex64)).eval()
    x = torch.randn(1, 2, 4, 4, dtype=torch.complex64)
    same(reduce(net, x).model, net, x)


# ------------------------------------------------------------------------------------------------------------
# what comes by torch.export


def branching(net: Any, x: Tensor) -> Tensor:
    y = net.b(net.c(x))
    sides = range(y.dim())  # torch.fx has no number for it
    return y.relu() if y.shape[sides[-1]] > 3 else y


def test_an_exported_result_is_a_module_like_any_other(capfd: pytest.CaptureFixture[str]) -> None:
    net = trained(Net(branching))
    result = reduce(net, X)
    model: Any = result.model
    assert result.report.traced.startswith("torch.export, for any size")
    assert capfd.readouterr().err == ""
    assert sum(p.numel() for p in model.parameters()) == result.report.parameters[1] == 148
    assert not norms(model)
    model.train().eval()
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), reduce(model, X).model):
        same(again, net, X)
    held = io.BytesIO()
    torch.save(model, held)
    held.seek(0)
    same(torch.load(held, weights_only=False), net, X)
    for size in ((5, 4, 8, 8), (1, 4, 12, 9)):
        same(model, net, torch.randn(size))
    with pytest.raises(ValueError, match="reduced for"):
        model(torch.randn(2, 4, 8, 3))  # the other branch


def test_what_an_export_asserts_of_dtypes_does_not_keep_the_whole_from_float64() -> None:
    net = trained(Net(lambda n, x: n.b(n.c(x)) + torch.linspace(0, 1, 8).to(x.dtype)))
    assert reduce(net, X, tracer="torch.export").report.error is not None


def test_what_was_exported_can_be_reduced() -> None:
    net = trained(nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)))
    given: Any = torch.export.export(net, (X,)).module()
    result = reduce(given, X)
    assert not result.report.refused
    assert not norms(result.model)
    same(result.model, net, X)


@pytest.mark.parametrize("how", ["pickle", "save", "compile", "export"])
def test_the_result_goes_where_modules_go(how: str) -> None:
    net = trained(Masked())
    model = reduce(net, X).model
    if how == "pickle":
        model = pickle.loads(pickle.dumps(model))
    elif how == "save":
        held = io.BytesIO()
        torch.save(model.state_dict(), held)
        held.seek(0)
        model.load_state_dict(torch.load(held))
    elif how == "compile":
        model = torch.compile(model, backend="eager")  # type: ignore[assignment]
    else:
        model = torch.export.export(model, (X,)).module()
    same(model, net, X)


@pytest.mark.parametrize("traced", ["torch.fx", "torch.export"])
def test_the_result_goes_to_onnx(traced: str, tmp_path: Path) -> None:
    runtime, _ = pytest.importorskip("onnxruntime"), pytest.importorskip("onnxscript")
    net = trained(nn.Sequential(nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.AvgPool2d(2)))
    model, path = reduce(net, X, tracer=traced).model, str(tmp_path / "reduced.onnx")
    torch.onnx.export(model, (X,), path, dynamo=True, verbose=False)
    session = runtime.InferenceSession(path)
    (got,) = session.run(None, {session.get_inputs()[0].name: X.numpy()})
    with torch.no_grad():
        assert torch.allclose(torch.from_numpy(got), net(X), atol=1e-5)


@dataclasses.dataclass
class Found:
    maps: Tensor
    others: list[Tensor]


class Two(NamedTuple):
    maps: Tensor
    others: list[Tensor]


@pytest.mark.parametrize("kind", [Found, Two])
def test_a_list_inside_what_is_returned_stays_a_list(kind: Any) -> None:
    """torch.fx has a kind of list of its own, and the graph was taken for another network."""
    net = trained(Net(lambda net, x: kind(net.b(net.c(x)), [x, {"x": x}])))
    result = reduce(net, X)
    assert not result.report.refused
    assert type(result.model(X).others) is list
    assert not norms(result.model)


def test_a_cast_to_what_it_is_already_does_not_lie_between() -> None:
    net = trained(Net(lambda net, x: net.b(net.c(x).to(x.dtype))))
    for number in (torch.float32, torch.bfloat16):
        result = reduce(net.to(number), X.to(number))
        assert not norms(result.model)


def test_a_value_whose_shape_alone_is_read_is_not_used_elsewhere() -> None:
    """timm's and LeViT's linear layers with a batch norm."""

    def forward(net: Any, x: Tensor) -> Tensor:
        y = net.linear(x)
        return net.norm(y.flatten(0, 1)).reshape_as(y)

    net = trained(Net(forward, linear=nn.Linear(8, 5), norm=nn.BatchNorm1d(5)))
    for traced in ("torch.fx", "torch.export"):
        result = reduce(net, torch.randn(2, 3, 8), tracer=traced)
        assert not norms(result.model)
        for size in ((2, 3, 8), (1, 7, 8)):
            same(result.model, net, torch.randn(size))


# ------------------------------------------------------------------------------------------------------------
# time and memory


def test_a_composition_that_is_declined_builds_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("a kernel was built that nobody asked for")

    monkeypatch.setattr(merge_rules, "compose", never)
    K = 64
    net = nn.Sequential(nn.Conv2d(K, K, 3, padding=36, dilation=36, groups=K, bias=False), nn.Conv2d(K, K, 1))
    report = reduce(net.eval(), torch.randn(1, K, 8, 8)).report
    (row,) = report.left
    assert row.parameters == (K * 9 + K * K + K, K * K * 73 * 73 + K)
    assert "times the multiply–adds" in row.reason


def test_the_paths_through_many_skips_are_not_walked_one_by_one() -> None:
    """Of 40 skips there are 2⁴⁰ paths: a walk along each would never end."""

    def forward(net: Any, x: Tensor) -> Tensor:
        for kernel in net.kernels:
            x = x + 0.5 * F.conv2d(x, kernel, padding=1).relu()
        return x

    kernels = nn.ParameterList([nn.Parameter(0.1 * torch.randn(4, 4, 3, 3)) for _ in range(40)])
    net = trained(Net(forward, kernels=kernels))
    same(reduce(net, X).model, net, X)
