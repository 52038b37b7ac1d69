"""The layers beside the framework's, where people trip: infinities and NaN, whole numbers, empty batches,
other dtypes, NumPy's integers, `torch.func`. One row each; both must give the same, or both refuse.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import grad, jvp, vmap
from torch.nn import functional as F

from nonconv import layers

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
W = torch.randn(6, 4, 3, 3, generator=torch.Generator().manual_seed(1))
T = torch.randn(4, 6, 3, 3, generator=torch.Generator().manual_seed(2))
ZEROS, ONES = torch.zeros(4), torch.ones(4)


def holding(value: float, *places: tuple[int, int]) -> Tensor:
    x = X.clone()
    for row, column in places:
        x[0, 0, row, column] = value
    return x


NAN, INF, LOW = (holding(v, (0, 0)) for v in (math.nan, math.inf, -math.inf))
BOTH = holding(math.inf, (0, 0), (5, 5))
WHOLE = (X * 10).long()

# name of the function in both, and how it is called
SAME: list[tuple[str, Callable[[Any], Any]]] = [
    *(
        ("adaptive_avg_pool2d", lambda f, x=x, n=n: f(x, n))
        for x in (X, NAN, INF, LOW)
        for n in (1, 2, 3, 5, 8)
    ),
    *(("adaptive_avg_pool2d", lambda f, n=n: f(X, n)) for n in ((3, None), (None, 5), (2, 7))),
    *(("max_pool2d", lambda f, x=x: f(x, 3, 2, 1)) for x in (X, NAN, INF, LOW, BOTH, WHOLE, X[:0])),
    *(
        ("max_pool2d", lambda f, x=x: f(x, 3, 3, return_indices=True))
        for x in (X, NAN, INF, LOW, BOTH, WHOLE)
    ),
    *(
        ("max_pool2d", lambda f, c=c, s=s: f(X, 3, s, 1, ceil_mode=c))
        for c in (True, False)
        for s in (1, 2, 3)
    ),
    *(("max_pool2d", lambda f, d=d: f(X, 2, 2, 1, d)) for d in (1, 2, 3)),
    *(("avg_pool2d", lambda f, x=x: f(x, 3, 2, 1)) for x in (X, WHOLE, X[:0])),
    *(
        ("avg_pool2d", lambda f, c=c, p=p, s=s: f(X, 3, s, 1, ceil_mode=c, count_include_pad=p))
        for c in (True, False)
        for p in (True, False)
        for s in (1, 2, 3)
    ),
    *(("avg_pool2d", lambda f, d=d: f(X, 2, divisor_override=d)) for d in (1, 3, -2)),
    ("avg_pool2d", lambda f: f(torch.ones(1, 1, 1, 7), (2, 3), ceil_mode=True)),
    ("max_pool2d", lambda f: f(torch.ones(1, 1, 1, 7), (2, 3), ceil_mode=True)),
    *(("leaky_relu", lambda f, x=x, a=a: f(x, a)) for x in (X, NAN, INF, LOW) for a in (0.0, 0.1, 1, 2, -1)),
    *(("leaky_relu", lambda f, a=a: f(X, a)) for a in (True, np.float32(0.5), math.nan, math.inf)),
    *((name, lambda f, x=x: f(x)) for name in ("relu", "sigmoid", "tanh") for x in (X, NAN, INF, LOW, X[:0])),
    *(("conv2d", lambda f, s=s: f(X, W, stride=s)) for s in (1, 2, (2, 1), np.int64(2), (np.int32(1), 3))),
    *(("conv2d", lambda f, p=p: f(X, W, padding=p)) for p in (1, (0, 2), np.int64(1), "same", "valid")),
    *(("conv2d", lambda f, d=d: f(X, W, dilation=d)) for d in (1, 2, np.int64(3))),
    *(("conv2d", lambda f, x=x: f(x, W)) for x in (X[:0], X[0], X.double().float())),
    *(("conv_transpose2d", lambda f, s=s: f(X, T, stride=s)) for s in (1, 2, np.int64(2))),
    *(("conv_transpose2d", lambda f, x=x: f(x, T)) for x in (X[:0], X[0])),
    *(("batch_norm", lambda f, e=e: f(X, ZEROS, ONES, eps=e)) for e in (0.0, 1e-12, 1e-5, 1.0)),
    *(
        ("batch_norm", lambda f, m=m: f(X, ZEROS.clone(), ONES.clone(), None, None, True, m))
        for m in (0.0, 0.5, 1.0)
    ),
    *(
        ("batch_norm", lambda f, d=d, t=t: f(X.to(d), ZEROS.clone(), ONES.clone(), ONES, ONES, t))
        for d in (torch.float16, torch.bfloat16)
        for t in (True, False)
    ),
    *(
        ("scaled_dot_product_attention", lambda f, m=m, d=d: f(*(X[..., :4].to(d),) * 3, m))
        for d in (torch.float32, torch.bfloat16)
        for m in (None, torch.zeros(8, 8), torch.ones(8, 8).tril().bool())
    ),
    *(
        (name, lambda f, x=x, d=d: f(x.to(d)))
        for name in ("relu", "leaky_relu", "sigmoid", "tanh")
        for x in (X, INF)
        for d in (torch.float16, torch.bfloat16)
    ),
    *((name, lambda f: f(X[0], 3)) for name in ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d")),
    *(
        (name, lambda f, k=k, s=s, p=p: f(X, k, s, p))
        for name in ("max_pool2d", "avg_pool2d")
        for k, s, p in (
            (np.int64(3), np.int32(2), np.int64(1)),
            ([3, 2], [1, 2], [1, 0]),
            ((2, 3), None, (1, 0)),
        )
    ),
    *(("adaptive_avg_pool2d", lambda f, n=n: f(X, n)) for n in ([3, 5], (1, None), (8, 1))),
    *(("max_pool2d", lambda f, d=d: f(WHOLE.to(d), 3, 2, 1)) for d in (torch.int8, torch.int32, torch.uint8)),
    *(("conv2d", lambda f, x=x: f(x, W, padding=1)) for x in (NAN, INF, LOW, BOTH)),
    *(("conv2d", lambda f, s=s: f(X, W, None, [s, 1], [0, s])) for s in (1, 2)),
    *(("conv2d", lambda f, d=d: f(X.to(d), W.to(d), padding=1)) for d in (torch.float16, torch.bfloat16)),
    *(("conv2d", lambda f, g=g: f(X, W[:4, : 4 // g], groups=g)) for g in (1, 2, 4)),
    *(
        ("conv1d", lambda f, s=s, d=d: f(X[..., 0], W[..., 0], None, s, 2, d))
        for s in (1, np.int64(2), (3,))
        for d in (1, 2)
    ),
    *(("conv3d", lambda f, s=s: f(X[None], W[:, :2, None], stride=s)) for s in (1, (1, 2, 1))),
    *(("conv_transpose2d", lambda f, x=x: f(x, T, stride=2)) for x in (NAN, INF, LOW)),
    *(("conv_transpose2d", lambda f, e=e: f(X, T, None, 2, 1, e)) for e in (0, 1, (0, 1), np.int64(1))),
    *(("conv_transpose2d", lambda f, d=d: f(X, T, dilation=d)) for d in (2, [1, 3])),
    *(("linear", lambda f, x=x: f(x, W[0, 0, 0].new_ones(5, 8))) for x in (X, NAN, INF, X[:0], X[0, 0, 0])),
    ("linear", lambda f: f(X, X[0, 0, 0])),
    *(("batch_norm", lambda f, x=x: f(x, ZEROS, ONES)) for x in (NAN, INF, X[:0], X[..., 0], X[..., 0, 0])),
    *(("batch_norm", lambda f, v=v: f(X, ZEROS, ONES * v)) for v in (0.0, 1e-30, 1e30, math.nan, math.inf)),
    *(
        ("batch_norm", lambda f, w=w, b=b: f(X, None, None, w, b, True))
        for w in (None, ONES * 2)
        for b in (None, ONES)
    ),
    *(("batch_norm", lambda f, x=x: f(x, None, None, training=True)) for x in (NAN, X * 1e-12, X * 1e12)),
    *(
        ("max_unpool2d", lambda f, x=x: f(*F.max_pool2d(x, 2, return_indices=True), 2))
        for x in (X, NAN, INF, X[0])
    ),
    *(
        ("max_unpool2d", lambda f, o=o: f(*F.max_pool2d(X, 3, 2, return_indices=True), 3, 2, 0, o))
        for o in ((8, 8), [7, 8], (2, 4, 8, 8))
    ),
    *(
        ("scaled_dot_product_attention", lambda f, how=how: f(X, X[..., :5, :], X[..., :5, :3], **how))
        for how in ({}, {"is_causal": True}, {"scale": 0.3}, {"attn_mask": torch.zeros(8, 5)})
    ),
    *(
        ("scaled_dot_product_attention", lambda f, x=x: f(x, x, x))
        # not NaN: the framework's two kernels differ there; ours gives what its plain one does
        for x in (X * 1e4, X[:0], X[0, 0], X.double())
    ),
    ("scaled_dot_product_attention", lambda f: f(X, X[:, :2], X[:, :2], enable_gqa=True)),
    *(
        ("scaled_dot_product_attention", lambda f, m=m: f(*(X.double(),) * 3, m))
        for m in (torch.zeros(8, 8), torch.ones(8, 8).triu(1).bool(), torch.full((8, 8), -math.inf))
    ),
    # torch 2.8 refuses it
    *([("conv2d", lambda f: f(X, W, stride=torch.tensor(2)))] if torch.__version__ >= "2.13" else []),
    ("conv2d", lambda f: f(X, W, groups=np.int64(1))),
    ("conv_transpose2d", lambda f: f(X, T, groups=np.int64(1))),
]  # fmt: skip


def theirs(name: str) -> Any:
    return getattr(F, name, None) or getattr(torch, name)


def assert_same(ours: Any, expected: Any) -> None:
    if isinstance(expected, tuple):
        for a, b in zip(ours, expected, strict=True):
            assert_same(a, b)
        return
    assert ours.dtype == expected.dtype
    wide = 0.02 if expected.dtype in (torch.float16, torch.bfloat16) else 2e-5
    torch.testing.assert_close(ours, expected, rtol=wide, atol=wide, equal_nan=True)


@pytest.mark.parametrize(("name", "call"), SAME, ids=[f"{n}-{name}" for n, (name, _) in enumerate(SAME)])
def test_what_torch_takes_gives_what_torch_gives(name: str, call: Callable[[Any], Any]) -> None:
    expected = call(theirs(name))
    assert_same(call(getattr(layers, name)), expected)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("conv2d", lambda f: f(X, W, padding=True)),
        ("conv2d", lambda f: f(X, W, stride=0)),
        ("conv2d", lambda f: f(X, W, padding=1.5)),
        ("conv2d", lambda f: f(X, W, groups=True)),
        ("max_pool2d", lambda f: f(X > 0, 2)),
        ("max_pool2d", lambda f: f(X.to(torch.complex64), 2)),
        ("avg_pool2d", lambda f: f(WHOLE.int(), 2)),
        *(
            ("avg_pool2d", lambda f, x=x, n=n: f(x, 2, divisor_override=n))
            for x in (X, WHOLE)
            for n in (2.5, True)
        ),
        ("adaptive_avg_pool2d", lambda f: f(X, 2.0)),
        ("batch_norm", lambda f: f(X, ZEROS.clone(), ONES.clone(), training=True, momentum=None)),
        ("batch_norm", lambda f: f(X[:1, :, :1, :1], training=True)),
        ("max_pool2d", lambda f: f(X, 3, padding=2)),
        ("max_unpool2d", lambda f: f(*F.max_pool2d(X, 2, return_indices=True), 2, output_size=(20, 20))),
    ],
)
def test_what_torch_refuses_is_refused_with_a_reason(name: str, call: Callable[[Any], Any]) -> None:
    with pytest.raises((ValueError, RuntimeError, TypeError)):
        call(_framework(name))
    with pytest.raises(ValueError, match=r"must|needs|more than"):
        call(getattr(layers, name))


def with_gradients(call: Callable[..., Tensor], *tensors: Tensor) -> tuple[Tensor | None, ...]:
    leaves = [tensor.clone().requires_grad_() for tensor in tensors]
    Y = call(*leaves)
    Y.backward(torch.linspace(1, 2, Y.numel()).reshape(Y.shape).to(Y.dtype))
    return (Y.detach(), *(leaf.grad for leaf in leaves))


@pytest.mark.parametrize("groups", [1, 4])
@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
def test_the_gradient_of_complex_numbers_is_the_frameworks(name: str, groups: int) -> None:
    """It was the conjugate one: the kernel and the maps were not conjugated on the way back."""
    x, kernel = torch.complex(X, X.flip(0)), (W[:4] if groups == 1 else W[:4, :1])
    weight = torch.complex(kernel, kernel.flip(2))
    pair = [
        with_gradients(lambda x, w, f=f: f(x, w, stride=2, groups=groups), x, weight)
        for f in (getattr(layers, name), theirs(name))
    ]
    assert_same(*pair)


@pytest.mark.parametrize("training", [True, False])
def test_of_an_empty_batch_the_gradients_of_batch_norm_are_zeros(training: bool) -> None:
    pair = [
        with_gradients(
            lambda x, w, b, f=f: f(x, ZEROS.clone(), ONES.clone(), w, b, training), X[:0], ONES, ZEROS
        )
        for f in (layers.batch_norm, F.batch_norm)
    ]
    assert_same(*pair)


def test_a_side_without_a_place_is_transposed_in_three_dimensions_too() -> None:
    kernel = T[:, :, None].expand(4, 6, 2, 3, 3)
    Y = layers.conv_transpose3d(X[:, :, None, :0], kernel, ONES.repeat(2)[:6])
    assert torch.equal(Y, torch.ones(2, 6, 2, 2, 10))  # exact: the bias alone


def test_an_epsilon_of_0_in_training_is_refused() -> None:
    """As newer versions of the framework do; older ones divide by 0 where a map is constant."""
    with pytest.raises(ValueError, match=r"eps must be positive, not 0.0, in training"):
        layers.batch_norm(X, ZEROS.clone(), ONES.clone(), training=True, eps=0.0)


@pytest.mark.parametrize("dim", [0, -1])
def test_a_number_without_dimensions_has_a_softmax(dim: int) -> None:
    assert_same(layers.masked_softmax(X[0, 0, 0, 0], dim=dim), torch.softmax(X[0, 0, 0, 0], dim))


def test_there_are_two_hundred_rows() -> None:
    assert len(SAME) >= 200


@pytest.mark.parametrize("build", [layers.LSTM, layers.RNN])
@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"proj_size": 2}, r"proj_size must be left out, not 2: .*Linear"),
        ({"dropout": 0.5}, r"dropout must be left out, not 0.5: .*nn.Dropout"),
    ],
)
def test_what_a_recurrent_module_has_not_is_refused_by_name(build: Any, how: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(4, 3, **how)
    assert build(4, 3, **dict.fromkeys(how, 0)) is not None  # the framework's default asks for nothing
    with pytest.raises(TypeError, match="argument 'depth'"):
        build(4, 3, depth=2)


@pytest.mark.parametrize("kind", ["LSTM", "RNN"])
@pytest.mark.parametrize("how", [{}, {"batch_first": True}, {"bidirectional": True, "num_layers": 2}])
def test_one_sequence_without_a_batch_is_read_as_the_framework_reads_it(kind: str, how: dict) -> None:
    ours, framework = getattr(layers, kind)(8, 3, **how), getattr(nn, kind)(8, 3, **how)
    framework.load_state_dict(ours.state_dict())
    first = torch.randn(len(framework.all_weights), 3, generator=torch.Generator().manual_seed(4))
    for states in ((), ((first, -first) if kind == "LSTM" else first,)):
        got, expected = ours(X[0, 0], *states), framework(X[0, 0], *states)
        assert_same(got[0], expected[0])
        assert_same(got[1], expected[1])


def test_a_packed_sequence_is_refused_with_what_to_do() -> None:
    packed: Any = nn.utils.rnn.pack_padded_sequence(torch.randn(5, 2, 4), torch.tensor([5, 3]))
    for module in (layers.LSTM(4, 3), layers.RNN(4, 3)):
        with pytest.raises(ValueError, match=r"not a PackedSequence: unpack it"):
            module(packed)


def _framework(name: str) -> Any:
    if name != "batch_norm":
        return theirs(name)
    return lambda x, mean=None, var=None, **how: F.batch_norm(x, mean, var, **how)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("relu", ()),
        ("leaky_relu", (0.1,)),
        ("sigmoid", ()),
        ("tanh", ()),
        ("conv2d", (W,)),
        ("conv_transpose2d", (T,)),
        ("max_pool2d", (2,)),
        ("avg_pool2d", (2,)),
        ("adaptive_avg_pool2d", (3,)),
        ("batch_norm", (None, None, None, None, True)),
    ],
)
def test_the_transforms_of_torch_func_go_through(name: str, more: tuple[Any, ...]) -> None:
    def of(library: Any) -> Callable[[Tensor], Tensor]:
        return lambda x: getattr(library, name)(x, *more)

    ours, framework = of(layers), of(F) if hasattr(F, name) else of(torch)
    along = torch.randn(X.shape, generator=torch.Generator().manual_seed(3))
    assert_same(grad(lambda x: ours(x).square().sum())(X), grad(lambda x: framework(x).square().sum())(X))
    assert_same(jvp(ours, (X,), (along,)), jvp(framework, (X,), (along,)))
    if name != "batch_norm":
        assert_same(vmap(ours)(X[None]), vmap(framework)(X[None]))


def test_far_and_missing_offsets_of_a_deformable_convolution() -> None:
    offset = torch.zeros(2, 18, 6, 6)
    plain = layers.deform_conv2d(X, offset, W)
    offset[0, 0, 0, 0], offset[1, 0, 0, 0] = math.inf, math.nan
    Y = layers.deform_conv2d(X, offset, W)
    assert bool(Y[0].isfinite().all())  # outside lies 0
    assert bool(Y[1, :, 0, 0].isnan().all())
    assert not bool(Y[1, :, 1:].isnan().any())
    torch.testing.assert_close(Y[:, :, 1:], plain[:, :, 1:])
    assert layers.deform_conv2d(X[:0], offset[:0], W).shape == (0, 6, 6, 6)


def test_batch_norm_in_training_far_from_zero_is_as_near_as_the_framework() -> None:
    y = X * 0.01 + 1e4
    exact = F.batch_norm(y.double(), None, None, training=True)
    errors = [
        (f(y, None, None, training=True) - exact).abs().max() for f in (layers.batch_norm, F.batch_norm)
    ]
    assert errors[0] <= errors[1]


@pytest.mark.parametrize("momentum", [0.1, None])
def test_batch_norm_averages_and_counts_as_the_framework_does(momentum: float | None) -> None:
    ours, framework = layers.BatchNorm2d(4, momentum=momentum), nn.BatchNorm2d(4, momentum=momentum)
    for n in range(3):
        ours(X + n)
        framework(X + n)
    assert ours.num_batches_tracked == framework.num_batches_tracked == 3
    for name, value in framework.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value)
    layers.BatchNorm2d(4).load_state_dict(framework.state_dict())
    nn.BatchNorm2d(4).load_state_dict(ours.state_dict())
    state = ours.state_dict()
    del state["num_batches_tracked"]  # saved before there was one
    layers.BatchNorm2d(4).load_state_dict(state)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("training", [True, False])
def test_a_network_of_layers_runs_under_autocast_as_the_frameworks(fast: bool, training: bool) -> None:
    """A 16-bit map of the layer before met float32 parameters, and was refused."""

    def net(library: Any, **how: Any) -> nn.Sequential:
        first, last = library.Conv2d(4, 6, 3, **how), library.ConvTranspose2d(6, 4, 2, 2, **how)
        return nn.Sequential(
            first,
            library.BatchNorm2d(6, **how),
            nn.ReLU(),
            last,
            nn.Flatten(2),
            library.Linear(144, 5, **how),
        ).train(training)

    framework, ours = net(nn), net(layers, fast=fast)
    ours.load_state_dict(framework.state_dict())
    with torch.autocast("cpu", torch.bfloat16):
        assert_same(ours(X), framework(X))
        ours(X).float().sum().backward()
    assert {p.grad.dtype for p in ours.parameters() if p.grad is not None} == {torch.float32}


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("scaled_dot_product_attention", lambda f: f(X, X.bfloat16(), X)),
        ("conv1d", lambda f: f(X[..., 0].bfloat16(), W[..., 0])),
        ("conv3d", lambda f: f(X[None].bfloat16(), W[:, :2, None])),
        ("linear", lambda f: f(X.bfloat16(), W[0, 0, 0].new_ones(5, 8))),
        ("conv2d", lambda f: f(X.double(), W.double())),  # float64 is not touched
    ],
)
def test_a_layer_under_autocast_has_the_dtype_of_the_frameworks(name: str, call: Any) -> None:
    with torch.autocast("cpu", torch.bfloat16):
        assert_same(call(getattr(layers, name)), call(theirs(name)))


@pytest.mark.parametrize("kind", ["LSTM", "RNN"])
def test_a_recurrent_layer_under_autocast(kind: str) -> None:
    ours, framework = getattr(layers, kind)(8, 3), getattr(nn, kind)(8, 3)
    framework.load_state_dict(ours.state_dict())
    with torch.autocast("cpu", torch.bfloat16):
        assert_same(ours(X[0].bfloat16())[0], framework(X[0].bfloat16())[0])


def test_attention_with_parameters_runs_behind_a_16_bit_layer() -> None:
    x, modules = (
        X.bfloat16(),
        [layers.SelfAttention2d(4, 2), layers.SqueezeExcitation(4, 2), layers.CBAM(4, 2)],
    )
    offset = torch.full((2, 18, 6, 6), 1 / 3)
    exact = layers.deform_conv2d(x.float(), offset, W)
    with torch.autocast("cpu", torch.bfloat16):
        modules += [layers.SeparableConv2d(4, 4, 3), layers.LocallyConnected2d(4, 2, (8, 8), 3)]
        for module in modules:
            assert module(x).dtype == torch.bfloat16
        assert layers.MultiHeadAttention(8, 2)(x[0], x[0], x[0])[0].dtype == torch.bfloat16
        deformed = layers.deform_conv2d(x, offset, W)
    assert torch.equal(deformed, exact.bfloat16())  # exact: its places are in float32
