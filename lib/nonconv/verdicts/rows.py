"""The rows of the verdict table: a layer, how to ask it, and what the course says of it."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from nonconv import layers

YES, NO, CIRCLE, ONE_OUTPUT = "yes", "no", "on a circle only", "–"


@dataclass(frozen=True)
class Row:
    """A layer in the table.

    `f` maps (N, M, H, W) to (N, K, H', W') in float64; `shape` is (M, H, W). `kernel`, `stride` and `padding`
    are the form of the convolution that is looked for. `commutes` is YES (on the plane), CIRCLE, NO, or
    ONE_OUTPUT for a layer with a single output place, where there is nothing to move. `grows`: moving the
    input by one moves the output by so many. `why` is the kernel, or the counterexample, in a line.
    """

    unit: int
    name: str
    f: Callable[[Tensor], Tensor]
    affine: bool
    commutes: str
    same_weights: bool
    why: str
    kernel: int | tuple[int, int] = 1
    stride: int = 1
    padding: int | tuple[int, int] = 0
    shape: tuple[int, int, int] = (2, 12, 12)
    grows: int = 1
    closed: Callable[[Tensor], Tensor] | None = None  # f on a circle, where its own border is zeros

    @property
    def is_convolution(self) -> bool:
        return self.affine and self.same_weights and self.commutes in (YES, ONE_OUTPUT) and self.grows == 1


def _numbers(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


F = _numbers(3, 2, 3, 3, seed=1)  # kernel (K, M, p, q)
b = _numbers(3, seed=2)
D = _numbers(2, 1, 3, 3, seed=3)  # a kernel for each map
ONE = _numbers(2, 2, 1, 1, seed=4)
SAME = _numbers(2, 2, 3, 3, seed=5)
gamma, beta, mean = (_numbers(2, seed=seed) for seed in (6, 7, 8))
var = _numbers(2, seed=9).abs() + 0.5
W0, W1 = _numbers(1, 2, seed=10), _numbers(2, 1, seed=11)  # of a channel gate
GATE = _numbers(1, 2, 3, 3, seed=12)  # of a spatial gate
WQ, WK, WV = (_numbers(2, 2, 1, 1, seed=seed) for seed in (13, 14, 15))
LOCAL = _numbers(10, 10, 3, 2, 3, 3, seed=16)  # a kernel at each place
FULL = _numbers(3, 2 * 12 * 12, seed=17)
CAUSAL = _numbers(3, 2, 1, 4, seed=19)
W_hh, W_hx, W_yh = 0.4 * _numbers(4, 4, seed=20), _numbers(4, 2, seed=21), _numbers(3, 4, seed=22)
b_h = _numbers(4, seed=23)
LSTM_X, LSTM_H = _numbers(16, 2, seed=24), _numbers(16, 4, seed=25)  # gates i, f, g, o, without biases
OFFSETS = _numbers(18, 2, 3, 3, seed=18)  # a convolution that predicts where a deformable one looks


def _deformable(x: Tensor) -> Tensor:
    offset = layers.conv2d(x, OFFSETS, padding=1)
    return layers.deform_conv2d(x, offset, F, b, padding=(1, 1))


def _cbam_closed(x: Tensor) -> Tensor:
    """CBAM on a circle: its spatial gate sees the other side of the image instead of zeros."""
    y = x * layers.channel_attention(x, W0, W1)
    around = torch.nn.functional.pad(y, (1, 1, 1, 1), mode="circular")
    return y * layers.spatial_attention(around, GATE)[..., 1:-1, 1:-1]


def _self_attention(x: Tensor) -> Tensor:
    N, C, H, W = x.shape
    q, k, v = (layers.conv2d(x, weight).flatten(2).mT for weight in (WQ, WK, WV))  # (N, HW, C)
    return layers.scaled_dot_product_attention(q, k, v).mT.reshape(N, C, H, W)


def _local_response_norm(x: Tensor) -> Tensor:
    return x / (2 + (x * x).sum(1, keepdim=True)) ** 0.75


def _inception(x: Tensor) -> Tensor:
    return torch.cat([layers.conv2d(x, ONE), layers.conv2d(x, SAME, padding=1)], dim=1)


def _skip(x: Tensor) -> Tensor:
    return x + layers.conv2d(x, SAME, padding=1)


def _highway(x: Tensor) -> Tensor:
    gate = layers.sigmoid(layers.conv2d(x, ONE))
    return gate * layers.conv2d(x, SAME, padding=1) + (1 - gate) * x


def _same_after_same(x: Tensor) -> Tensor:
    return layers.conv2d(layers.conv2d(x, SAME, padding=1) + 1, SAME, padding=1)


def _unpooled(x: Tensor) -> Tensor:
    """Max unpooling at the places of the maxima of this very input: (N, M, H, W) -> the same."""
    values, places = layers.max_pool2d(x, 2, return_indices=True)
    return layers.max_unpool2d(values, places, 2)


def _steps(x: Tensor) -> Tensor:
    """Each row of an image as a sequence, read from left to right: (N, M, H, W) -> (W, N·H, M)."""
    return x.permute(3, 0, 2, 1).flatten(1, 2)


def _rows(Y: Tensor, x: Tensor) -> Tensor:
    """The way back: (W, N·H, K) -> (N, K, H, W)."""
    return Y.unflatten(1, (len(x), x.shape[2])).permute(1, 3, 2, 0)


def _linear_rnn(x: Tensor, b: Tensor | None = None) -> Tensor:
    """y_t = W_yh h_t, h_t = W_hh h_{t−1} + W_hx x_t + b_h, h_0 = 0."""
    h, out = x.new_zeros(x.shape[0] * x.shape[2], 4), []
    for step in layers.linear(_steps(x), W_hx, b):
        h = step + layers.linear(h, W_hh)
        out.append(layers.linear(h, W_yh))
    return _rows(torch.stack(out), x)


def _rnn(x: Tensor) -> Tensor:
    return _rows(layers.rnn(_steps(x), x.new_zeros(x.shape[0] * x.shape[2], 4), W_hx, W_hh)[0], x)


def _lstm(x: Tensor) -> Tensor:
    zero = x.new_zeros(x.shape[0] * x.shape[2], 4)
    return _rows(layers.lstm(_steps(x), (zero, zero), LSTM_X, LSTM_H)[0], x)


def _residual_mask(x: Tensor) -> Tensor:
    return layers.residual_mask(x, layers.sigmoid(layers.conv2d(x, SAME, padding=1)))


def _offsets(H: int, W: int) -> Tensor:
    """Row and column of each place less those of each other: (HW, HW, 2), [i, j] is the way from i to j."""
    places = torch.cartesian_prod(torch.arange(H), torch.arange(W))
    return places[None] - places[:, None]


def _masked_heads(x: Tensor) -> Tensor:
    """Nine heads, each with a mask that leaves one neighbour of each place, or none beyond the border."""
    n, _, H, W = x.shape
    V, offsets, Y = x.flatten(2).mT, _offsets(H, W), x.new_zeros(n, H * W, 3)
    for u in range(3):
        for v in range(3):
            mask = (offsets == torch.tensor([u - 1, v - 1])).all(2)
            nothing = V.new_zeros(n, H * W, 1)  # queries and keys: all scores are 0
            Y = Y + layers.scaled_dot_product_attention(nothing, nothing, V @ F[:, :, u, v].T, mask)
    return Y.mT.reshape(n, 3, H, W)


def _relative_head(x: Tensor) -> Tensor:
    """One head that looks by distance alone: softmax_j(−|i − j|²/4)."""
    n, M, H, W = x.shape
    A = torch.softmax(-_offsets(H, W).square().sum(2) / 4, 1).to(x.dtype)
    return (A @ x.flatten(2).mT).mT.reshape(n, M, H, W)


def _with_positions(x: Tensor) -> Tensor:
    places = layers.positional_encoding(x.shape[2] * x.shape[3], x.shape[1], dtype=x.dtype)
    return _self_attention(x + places.T.reshape(1, *x.shape[1:]))


def _causal(x: Tensor) -> Tensor:
    n, C, H, W = x.shape
    q, k, v = (layers.conv2d(x, weight).flatten(2).mT for weight in (WQ, WK, WV))
    return layers.scaled_dot_product_attention(q, k, v, is_causal=True).mT.reshape(n, C, H, W)


def _regions(x: Tensor) -> Tensor:
    """A query from elsewhere looks at the cells of a map, as a captioner's does: one vector comes out."""
    query = x.new_ones(len(x), 2)
    z, _ = layers.soft_attention(query, x, WQ[:, :, 0, 0], WK[:, :, 0, 0], WV[0, :, 0, 0])
    return z[:, :, None, None]


def _sagan(gamma: float) -> Callable[[Tensor], Tensor]:
    def block(x: Tensor) -> Tensor:
        f, g, h, v = (weight[:, :, 0, 0] for weight in (WQ, WK, WV, ONE))
        return layers.self_attention2d(x, f, g, h, v, x.new_tensor(gamma))

    return block


def _layer_norm(x: Tensor) -> Tensor:
    return (x - x.mean(1, keepdim=True)) / (x.var(1, correction=0, keepdim=True) + 1e-5).sqrt()


ROWS = (
    Row(
        1,
        "convolution (SAME or VALID), grouped, depthwise",
        lambda x: layers.conv2d(x, F, b, padding=1),
        True,
        YES,
        True,
        "its own, zeros outside the groups",
        kernel=3,
        padding=1,
    ),
    Row(
        1,
        "dilated convolution",
        lambda x: layers.conv2d(x, F, b, padding=2, dilation=2),
        True,
        YES,
        True,
        "its own, with zeros between its numbers",
        kernel=5,
        padding=2,
    ),
    Row(
        1,
        "depthwise separable",
        lambda x: layers.conv2d(layers.depthwise_conv2d(x, D, padding=1), ONE),
        True,
        YES,
        True,
        r"the product $D^m_{uv} P^{mk}$",
        kernel=3,
        padding=1,
    ),
    Row(
        1,
        "transposed convolution, stride 2",
        lambda x: layers.conv_transpose2d(x, F.mT.transpose(0, 1), b, stride=2),
        True,
        YES,
        True,
        "moved by 1 it moves by its stride: a kernel for each of the $s^2$ residues",
        grows=2,
    ),
    Row(
        1,
        "locally connected",
        lambda x: layers.locally_connected2d(x, LOCAL),
        True,
        NO,
        True,
        "another place, another kernel",
        kernel=3,
    ),
    Row(
        1,
        "deformable convolution",
        _deformable,
        False,
        YES,
        False,
        "where it looks depends on $X$",
        kernel=3,
        padding=1,
    ),
    Row(
        1,
        "average pooling",
        lambda x: layers.avg_pool2d(x, 2),
        True,
        YES,
        True,
        "depthwise, $1/(pq)$ everywhere",
        kernel=2,
        stride=2,
    ),
    Row(
        1,
        "max pooling",
        lambda x: layers.max_pool2d(x, 2),
        False,
        YES,
        False,
        r"$\max(x + y) \ne \max x + \max y$",
        kernel=2,
        stride=2,
    ),
    Row(
        1,
        "flatten and fully connected",
        lambda x: layers.linear_as_conv2d(x, FULL),
        True,
        ONE_OUTPUT,
        True,
        "as large as its input, $H \\times W$",
        kernel=12,
    ),
    Row(
        2,
        "batch norm in use (evaluation mode)",
        lambda x: layers.batch_norm(x, mean, var, gamma, beta),
        True,
        YES,
        True,
        "depthwise 1×1, $G^k$, bias $g^k$",
    ),
    Row(
        2,
        "batch norm in training",
        lambda x: layers.batch_norm(x, weight=gamma, bias=beta, training=True),
        False,
        CIRCLE,
        False,
        "another image of the batch changes the output",
    ),
    Row(
        2,
        "global average pooling",
        layers.global_avg_pool2d,
        True,
        ONE_OUTPUT,
        True,
        "depthwise, $1/(HW)$ everywhere",
        kernel=12,
    ),
    Row(
        2,
        "skip connection, parallel branches",
        _skip,
        True,
        YES,
        True,
        "the sum of the kernels; $x$ itself is a 1 in the middle",
        kernel=3,
        padding=1,
    ),
    Row(
        2,
        "SAME after SAME, a bias between",
        _same_after_same,
        True,
        NO,
        True,
        "at the border the first layer's zeros are not its values",
        kernel=5,
        padding=2,
    ),
    Row(
        3,
        "σ, tanh",
        layers.sigmoid,
        False,
        YES,
        False,
        r"the middle of $\sigma(2), \sigma(-1)$ is not $\sigma(\frac12)$",
    ),
    Row(3, "ReLU, leaky ReLU", layers.relu, False, YES, False, "affine only where no sign changes"),
    Row(
        4,
        "squeeze and excitation",
        lambda x: layers.squeeze_excitation(x, W0, W1),
        False,
        CIRCLE,
        False,
        r"$f(2x) = A(2x)\,2x \ne 2f(x)$; inside: depthwise $H \times W$, 1×1, 1×1",
    ),
    Row(
        4,
        "spatial gate",
        lambda x: x * layers.spatial_attention(x, GATE),
        False,
        YES,
        False,
        r"$f(2x) \ne 2f(x)$; inside: a convolution of two maps",
    ),
    Row(
        4,
        "CBAM",
        lambda x: layers.cbam(x, W0, W1, GATE),
        False,
        CIRCLE,
        False,
        r"$f(2x) \ne 2f(x)$; inside: as its two gates",
        closed=_cbam_closed,
    ),
    Row(4, r"mask $(1 + M)\cdot X$", _residual_mask, False, YES, False, "$M$ depends on $X$"),
    Row(
        4,
        "self-attention over places",
        _self_attention,
        False,
        CIRCLE,
        False,
        r"$f(2X) \ne 2f(X)$; inside: three 1×1",
        shape=(2, 6, 6),
    ),
    Row(
        5,
        "Inception without ReLU and pooling",
        _inception,
        True,
        YES,
        True,
        "the largest of its kernels, the others with zeros around",
        kernel=3,
        padding=1,
    ),
    Row(
        5,
        "residual block with ReLU",
        lambda x: layers.relu(_skip(x)),
        False,
        YES,
        False,
        r"$f(-x) \ne -f(x)$ where a unit closes",
    ),
    Row(5, "highway layer", _highway, False, YES, False, "the gate depends on $x$"),
    Row(
        5,
        "local response norm",
        _local_response_norm,
        False,
        YES,
        False,
        "it divides by the maps: $f(2x) \\ne 2f(x)$",
    ),
    Row(
        5,
        "max unpooling, places of the same input",
        _unpooled,
        False,
        YES,
        False,
        "its places depend on $x$",
        stride=2,
        grows=2,
    ),
    Row(5, "dropout in use (evaluation mode)", lambda x: x, True, YES, True, "1×1, the identity"),
    Row(
        6,
        "causal convolution",
        lambda x: layers.conv2d(torch.nn.functional.pad(x, (3, 0)), CAUSAL, b),
        True,
        YES,
        True,
        "its own, zeros for all that is still to come",
        kernel=(1, 7),
        padding=(0, 3),
    ),
    Row(
        6,
        "linear RNN, $h_0 = 0$, without $b_h$",
        _linear_rnn,
        True,
        YES,
        True,
        "$W_{yh} W_{hh}^t W_{hx}$ for what is $t$ steps back: as long as the sequence",
        kernel=(1, 15),
        padding=(0, 7),
        shape=(2, 4, 8),
    ),
    Row(
        6,
        "linear RNN with $b_h$",
        lambda x: _linear_rnn(x, b_h),
        True,
        NO,
        True,
        "$b_h$ comes in at each step, so $f(0)$ grows from the first step on",
        kernel=(1, 15),
        padding=(0, 7),
        shape=(2, 4, 8),
    ),
    Row(
        6,
        "RNN with tanh, without biases",
        _rnn,
        False,
        YES,
        False,
        r"$f(2x) \ne 2f(x)$; inside a step: one fully connected layer",
    ),
    Row(
        6,
        "LSTM, without biases",
        _lstm,
        False,
        YES,
        False,
        r"$f(2x) \ne 2f(x)$; with constant gates, $C_t = fC_{t-1} + i\tilde C_t$: the kernel $f^t i$",
    ),
    Row(
        7,
        "nine heads, each with a mask that leaves one neighbour",
        _masked_heads,
        True,
        YES,
        True,
        "a head for each tap, its $W^V$ is $F_{uv}$",
        kernel=3,
        padding=1,
    ),
    Row(
        7,
        "a head that looks by distance alone",
        _relative_head,
        True,
        NO,
        True,
        "near the border the softmax shares its 1 among fewer places",
        shape=(2, 6, 6),
        kernel=11,
        padding=5,
    ),
    Row(
        7,
        "self-attention with position encodings",
        _with_positions,
        False,
        NO,
        False,
        "the same patch elsewhere meets other encodings",
        shape=(2, 6, 6),
    ),
    Row(
        7,
        "causal self-attention, places in reading order",
        _causal,
        False,
        NO,
        False,
        "the first place sees itself only, the last one all",
        shape=(2, 6, 6),
    ),
    Row(
        7,
        "attention over the cells of a map, one query",
        _regions,
        False,
        ONE_OUTPUT,
        False,
        r"$f(2X) \ne 2f(X)$: the weights look at $X$",
        shape=(2, 6, 6),
        kernel=6,
    ),
    Row(
        7,
        r"SAGAN's block at the start, $\gamma = 0$",
        _sagan(0.0),
        True,
        YES,
        True,
        "1×1, the identity",
        shape=(2, 6, 6),
    ),
    Row(
        7,
        r"SAGAN's block, $\gamma \ne 0$",
        _sagan(1.0),
        False,
        CIRCLE,
        False,
        r"$f(2X) \ne 2f(X)$; inside: four 1×1",
        shape=(2, 6, 6),
    ),
    Row(7, "layer norm at each place", _layer_norm, False, YES, False, "$f(2x) = f(x)$, but for ε"),
)
