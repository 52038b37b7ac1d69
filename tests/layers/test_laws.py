"""Algebraic laws: what the course says of each layer, on shapes that hypothesis chooses."""

from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from nonconv import layers

sizes = st.integers(4, 8)
some = st.integers(1, 3)


def r(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def close(a: Tensor, b: Tensor, atol: float = 1e-10) -> bool:
    return a.shape == b.shape and torch.allclose(a, b, rtol=0, atol=atol)


geometry = {
    "N": st.integers(0, 2),
    "M": some,
    "K": some,
    "H": sizes,
    "W": sizes,
    "p": some,
    "q": some,
    "s": some,
    "P": st.integers(0, 2),
    "d": st.integers(1, 2),
    "groups": st.integers(1, 2),
}


def drawn(N, M, K, H, W, p, q, s, P, d, groups) -> tuple[Tensor, Tensor, dict]:
    x, weight = r(N, M * groups, H, W), r(K * groups, M, p, q)
    return x, weight, {"stride": s, "padding": P, "dilation": d, "groups": groups}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(**geometry)
def test_transposed_is_the_adjoint(**shape: int) -> None:
    """<A x, y> = <x, Aᵀ y>"""
    assume(min(shape["H"], shape["W"]) + 2 * shape["P"] > shape["d"] * (max(shape["p"], shape["q"]) - 1))
    x, weight, options = drawn(**shape)
    Y = layers.conv2d(x, weight, **options)
    y = r(*Y.shape)
    s, P, d = (options[key] for key in ("stride", "padding", "dilation"))
    extra = [(n + 2 * P - d * (k - 1) - 1) % s for n, k in zip(x.shape[2:], weight.shape[2:], strict=True)]
    back = layers.conv_transpose2d(y, weight, **options, output_padding=tuple(extra))
    assert back.shape == x.shape
    assert abs((Y * y).sum() - (x * back).sum()) < 1e-9 * (1 + (Y * y).abs().sum())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(**geometry)
def test_a_convolution_is_its_matrix(**shape: int) -> None:
    assume(min(shape["H"], shape["W"]) + 2 * shape["P"] > shape["d"] * (max(shape["p"], shape["q"]) - 1))
    x, weight, options = drawn(**shape)
    A = layers.convolution_matrix(weight, (x.shape[2], x.shape[3]), **options)
    assert close(layers.conv2d(x, weight, **options).flatten(1), x.flatten(1) @ A.T)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(**geometry)
def test_transposed_agrees_with_the_framework(**shape: int) -> None:
    N, M, K, H, W, p, q, s, P, d, groups = (shape[key] for key in geometry)
    P = min(P, d * (min(p, q) - 1))
    x, weight, b = r(N, M * groups, H, W), r(M * groups, K, p, q), r(K * groups)
    options: dict[str, Any] = {
        "stride": s,
        "padding": P,
        "dilation": d,
        "groups": groups,
        "output_padding": max(s, d) - 1,
    }
    assert close(
        layers.conv_transpose2d(x, weight, b, **options), F.conv_transpose2d(x, weight, b, **options)
    )


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    sides=st.integers(1, 3),
    N=st.integers(0, 2),
    groups=some,
    s=some,
    d=st.integers(1, 2),
    P=st.integers(0, 2),
    data=st.data(),
)
def test_any_number_of_dimensions_agrees_with_the_framework(sides, N, groups, s, d, P, data) -> None:
    ours = (layers.conv1d, layers.conv2d, layers.conv3d)[sides - 1]
    theirs = (F.conv1d, F.conv2d, F.conv3d)[sides - 1]
    size = [data.draw(st.integers(5, 7)) for _ in range(sides)]
    kernel = [data.draw(st.integers(1, 3)) for _ in range(sides)]
    x, weight, b = r(N, 2 * groups, *size), r(3 * groups, 2, *kernel), r(3 * groups)
    assert close(ours(x, weight, b, s, P, d, groups), theirs(x, weight, b, s, P, d, groups))


LINEAR = {
    "conv2d": lambda x: layers.conv2d(x, W33, padding=1),
    "conv_transpose2d": lambda x: layers.conv_transpose2d(x, W33, stride=2),
    "depthwise": lambda x: layers.depthwise_conv2d(x, W33[:, :1]),
    "locally connected": lambda x: layers.locally_connected2d(x, LOCAL),
    "average": lambda x: layers.avg_pool2d(x, 2),
    "global average": layers.global_avg_pool2d,
    "adaptive average": lambda x: layers.adaptive_avg_pool2d(x, (4, 3)),
    "deformable, fixed offsets": lambda x: layers.deform_conv2d(x, OFFSETS.expand(len(x), -1, -1, -1), W33),
}
NOT_LINEAR = {
    "max": lambda x: layers.max_pool2d(x, 2),
    "relu": layers.relu,
    "sigmoid": layers.sigmoid,
    "SE": lambda x: layers.squeeze_excitation(x, MIX[:2], MIX[:2].T),
    "spatial": lambda x: x * layers.spatial_attention(x, W33[:1, :2]),
    "batch norm in training": lambda x: layers.batch_norm(x, training=True),
    "self-attention": lambda x: layers.self_attention2d(x, MIX, MIX, MIX, MIX, torch.tensor(1.0).double()),
}
torch.manual_seed(5)
W33, LOCAL, OFFSETS, MIX = r(3, 3, 3, 3), r(4, 4, 2, 3, 3, 3), r(1, 18, 4, 4), r(3, 3)


@pytest.mark.parametrize("name", LINEAR)
def test_what_is_linear(name: str) -> None:
    f, a, b = LINEAR[name], r(2, 3, 6, 6), r(2, 3, 6, 6)
    assert close(f(2 * a - 3 * b), 2 * f(a) - 3 * f(b), 1e-9)


@pytest.mark.parametrize("name", NOT_LINEAR)
def test_what_is_not(name: str) -> None:
    f, a, b = NOT_LINEAR[name], r(2, 3, 6, 6), r(2, 3, 6, 6)
    zero = f(torch.zeros_like(a))
    assert (f(a + b) - f(a) - f(b) + zero).abs().max() > 1e-2  # not even affine


CIRCULAR = {
    "conv2d": lambda x: layers.conv2d(x, W33, padding=1, padding_mode="circular"),
    "relu": layers.relu,
    "tanh": layers.tanh,
    "SE": NOT_LINEAR["SE"],
    "batch norm": NOT_LINEAR["batch norm in training"],
    "self-attention": NOT_LINEAR["self-attention"],
    "residual mask": lambda x: layers.residual_mask(x, layers.sigmoid(x)),
}


@pytest.mark.parametrize("name", CIRCULAR)
def test_what_commutes_with_shifts_on_a_circle(name: str) -> None:
    f, x = CIRCULAR[name], r(2, 3, 6, 6)
    assert close(f(x.roll((1, 2), (2, 3))), f(x).roll((1, 2), (2, 3)), 1e-9)


def test_what_does_not() -> None:
    x = r(1, 3, 6, 6)
    shifted = x.roll(1, 3)
    for f in (LINEAR["locally connected"], lambda x: layers.conv2d(x, W33, padding=1)):
        assert (f(shifted)[..., 1:] - f(x)[..., :-1])[
            ..., :1
        ].abs().max() > 1e-2  # column 0 came from the other side


def test_locally_connected_with_one_kernel_everywhere_is_the_convolution() -> None:
    x = r(2, 3, 6, 6)
    assert close(layers.locally_connected2d(x, W33[:2].expand(4, 4, 2, 3, 3, 3)), layers.conv2d(x, W33[:2]))


def test_separable_is_the_product_kernel_and_depthwise_has_only_the_diagonal() -> None:
    x, D, P = r(2, 3, 6, 6), r(3, 1, 3, 3), r(4, 3, 1, 1)
    assert close(layers.separable_conv2d(x, D, P), layers.conv2d(x, P * D[:, 0]))
    diagonal = torch.eye(3, dtype=torch.float64)[:, :, None, None] * D
    assert close(layers.depthwise_conv2d(x, D), layers.conv2d(x, diagonal))


def test_deformable_without_offsets_is_the_convolution_and_whole_offsets_are_shifts() -> None:
    x = r(2, 3, 6, 6)
    assert close(layers.deform_conv2d(x, torch.zeros(2, 18, 4, 4).double(), W33), layers.conv2d(x, W33))
    one_down = torch.zeros(2, 9, 2, 4, 4).double()
    one_down[:, :, 0] = 1
    moved = F.pad(x, (0, 0, 0, 1))[:, :, 1:]
    assert close(layers.deform_conv2d(x, one_down.flatten(1, 2), W33), layers.conv2d(moved, W33))


def test_bilinear_sampling_is_exact_at_the_places_and_for_a_plane() -> None:
    rows, columns = torch.meshgrid(torch.arange(4.0).double(), torch.arange(5.0).double(), indexing="ij")
    x = r(1, 2, 4, 5)
    assert close(layers.bilinear_sample(x, rows[None], columns[None]), x)
    plane = (3 * rows - 2 * columns + 1)[None, None]
    a, b = torch.rand(1, 50).double() * 3, torch.rand(1, 50).double() * 4
    assert close(layers.bilinear_sample(plane, a, b)[0], 3 * a - 2 * b + 1)
    outside = layers.bilinear_sample(x, torch.tensor([[-1.0]]).double(), torch.tensor([[2.0]]).double())
    assert outside.abs().max() == 0  # exact: sums of zeros


def test_sampling_in_sixteen_bits_computes_places_in_float32() -> None:
    """A bf16 grid cannot tell 200.25 from 200; the float32 coordinates of a ramp must not be rounded so."""
    x = torch.arange(224.0).expand(1, 1, 224, 224).to(torch.bfloat16)
    places = torch.full((1, 1), 100.25)
    at_a_quarter = layers.bilinear_sample(x[..., :128, :128], places, places).item()
    assert at_a_quarter == 100.0  # exact: 100.25 in sixteenths, rounded to bf16 at the end
    fine = (torch.arange(224.0).expand(1, 1, 224, 224) / 256).to(torch.bfloat16)
    value = layers.bilinear_sample(fine, torch.full((1, 1), 3.0), torch.full((1, 1), 200.25)).item()
    assert abs(value - 200.25 / 256) < 2**-8


def test_the_stable_slope_where_the_usual_one_is_zero() -> None:
    x = torch.tensor([20.0, -20.0, 1000.0, -1000.0])
    s = torch.sigmoid(x)
    exact = torch.sigmoid(x.double()) * torch.sigmoid(-x.double())
    assert abs((s * (1 - s))[0].double() / exact[0] - 1) > 0.5  # 0, or a whole rounding off
    assert torch.allclose(layers.sigmoid_derivative(x)[:2].double(), exact[:2], rtol=1e-6, atol=0)
    x.requires_grad_()
    (slope,) = torch.autograd.grad(layers.sigmoid(x).sum(), x)
    assert torch.allclose(slope[:2].double(), exact[:2], rtol=1e-6, atol=0)
    assert torch.equal(slope[2:], torch.zeros(2))  # exact: e^−1000 is 0 in float32
    assert torch.isfinite(layers.sigmoid(x)).all()
    assert torch.allclose(layers.tanh(x), torch.sign(x), rtol=0, atol=2e-7)


def test_identities_of_the_activations() -> None:
    x = torch.linspace(-30, 30, 601).double()
    assert close(layers.tanh(x), 2 * layers.sigmoid(2 * x) - 1, 1e-14)
    assert close(layers.sigmoid(x) + layers.sigmoid(-x), torch.ones(601).double(), 1e-14)
    # the peaks, both at 0: on some processors a rounding above
    assert layers.sigmoid_derivative(x).max().item() == pytest.approx(0.25, rel=0, abs=1e-12)
    assert layers.tanh_derivative(x).max().item() == pytest.approx(1, rel=0, abs=1e-12)


@pytest.mark.parametrize("a", [0.01, 0.3, 1.0, 2.5])
def test_slopes_at_zero_are_the_frameworks(a: float) -> None:
    x = torch.tensor([-1.0, -0.0, 0.0, 2.0]).double().requires_grad_()
    for ours, theirs in (
        (layers.relu, F.relu),
        (lambda t: layers.leaky_relu(t, a), lambda t: F.leaky_relu(t, a)),
    ):
        slopes = [torch.autograd.grad(f(x).sum(), x)[0] for f in (ours, theirs)]
        assert torch.equal(*slopes)  # exact: slopes of 0, 1 and a; x is 0, ±1 or 2
        assert torch.equal(ours(x), theirs(x))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("a", [0.0, 0.01, 0.3, 1.0, -2.5])
def test_the_slope_of_leaky_relu_is_exactly_one_or_a(a: float, dtype: torch.dtype) -> None:
    """Also times an infinite gradient and at NaN: whole vectors and the numbers left over behave alike."""
    odd = torch.tensor([torch.nan, torch.inf, -torch.inf, 0.0, -0.0, 1e-7, -1e-7, 3.0, -3.0])
    places, incoming = torch.cartesian_prod(odd, torch.cat([odd, r(200).float()])).unbind(-1)
    x, g = places.to(dtype).requires_grad_(), incoming.to(dtype)
    ours, theirs = (torch.autograd.grad(f(x, a), x, g)[0] for f in (layers.leaky_relu, F.leaky_relu))
    assert torch.equal(ours.isnan(), theirs.isnan())
    assert torch.equal(ours.nan_to_num(7.0), theirs.nan_to_num(7.0))  # exact: one product by 1 or a


@settings(max_examples=40, deadline=None, derandomize=True)
@given(n=st.integers(1, 6), m=st.integers(1, 6), shift=st.floats(-700, 700))
def test_softmax_weights_are_shares(n: int, m: int, shift: float) -> None:
    e, mask = r(n, m), torch.rand(n, m) < 0.5
    alpha = layers.masked_softmax(e, mask)
    assert close(alpha.sum(-1), mask.any(-1).double())
    assert (alpha[~mask] == 0).all()
    assert close(alpha, layers.masked_softmax(e + shift, mask), 1e-9)
    assert torch.isfinite(layers.masked_softmax(e * 1e6)).all()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(n=st.integers(1, 6), S=st.integers(1, 6), d=some)
def test_self_attention_commutes_with_permutations_and_causal_sees_no_future(n: int, S: int, d: int) -> None:
    q, k, v = r(2, n, d), r(2, S, d), r(2, S, d)
    order, keys = torch.randperm(n), torch.randperm(S)
    Y = layers.scaled_dot_product_attention(q, k, v)
    assert close(layers.scaled_dot_product_attention(q[:, order], k[:, keys], v[:, keys]), Y[:, order])
    if n == S:
        later = v.clone()
        later[:, -1] += 1
        a, b = (layers.scaled_dot_product_attention(q, k, values, is_causal=True) for values in (v, later))
        assert close(a[:, :-1], b[:, :-1], 1e-14)
        assert (a[:, -1] - b[:, -1]).abs().max() > 1e-12


def test_a_row_that_may_see_nothing_gives_nothing() -> None:
    q, mask = r(3, 4), torch.tensor([[True, False], [False, False], [True, True]])
    k, v = r(2, 4), r(2, 5)
    for given_mask in (mask, torch.where(mask, 0.0, -torch.inf).double()):
        Y = layers.scaled_dot_product_attention(q, k, v, given_mask)
        assert torch.equal(Y[1], torch.zeros(5).double())  # exact: sums of zeros
        assert close(Y[0], v[0])


def test_dropout_in_attention_keeps_the_mean() -> None:
    q, k, v = r(400, 8, 4), r(400, 8, 4), r(400, 8, 4) + 3
    kept = layers.scaled_dot_product_attention(q, k, v, dropout_p=0.5).mean()
    assert abs(kept - layers.scaled_dot_product_attention(q, k, v).mean()) < 0.2
    # exact: sums of zeros
    assert layers.scaled_dot_product_attention(q, k, v, dropout_p=1.0).abs().max() == 0


def test_gamma_zero_leaves_the_map_as_it_is() -> None:
    x = torch.randn(2, 8, 3, 3)
    assert torch.equal(layers.SelfAttention2d(8)(x), x)  # exact: X + 0


def test_the_forget_gate_is_the_gradient_along_the_cell() -> None:
    """∂c_T/∂c_0 along the cell is Π f_t: with zero weights 0.5^T, with a forget bias of 3 far more."""
    for bias, expected in ((0.0, 0.5), (3.0, torch.sigmoid(torch.tensor(3.0).double()).item())):
        b = torch.zeros(8).double()
        b[2:4] = bias
        c = r(1, 2).requires_grad_()
        nothing = torch.zeros(8, 3).double(), torch.zeros(8, 2).double()
        _, (_, last) = layers.lstm(r(30, 1, 3), (torch.zeros(1, 2).double(), c), *nothing, b, None)
        (slope,) = torch.autograd.grad(last.sum(), c)
        assert close(slope, torch.full((1, 2), expected**30, dtype=torch.float64), 1e-12)


def test_counts_of_the_course() -> None:
    def count(module: torch.nn.Module) -> int:
        return sum(parameter.numel() for parameter in module.parameters())

    assert count(layers.SqueezeExcitation(64, 16, bias=False)) == 2 * 64**2 // 16
    assert count(layers.Conv2d(16, 33, (3, 5))) == (16 * 15 + 1) * 33
    plain, split = (
        count(layers.Conv2d(64, 128, 3, bias=False)),
        count(layers.SeparableConv2d(64, 128, 3, bias=False)),
    )
    assert abs(split / plain - (1 / 128 + 1 / 9)) < 1e-12


def test_the_decks_shapes() -> None:
    x = torch.randn(20, 16, 50, 100)
    assert layers.conv2d(x, torch.randn(33, 16, 3, 5), None, (2, 1), (4, 2), (3, 1)).shape == (
        20,
        33,
        26,
        100,
    )
    assert [layers.output_size(50, 3, 2, 4, 3), layers.output_size(100, 5, 1, 2, 1)] == [26, 100]
    # exact: whole numbers, none computed
    assert layers.insert_zeros(torch.tensor([[1.0, 2], [3, 4]]), 2).tolist() == [
        [1, 0, 2],
        [0, 0, 0],
        [3, 0, 4],
    ]
