"""The rows of bench/layers.py: reference layers beside the framework's operators, on realistic shapes."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv import layers


@dataclass
class Row:
    name: str
    shape: str
    arguments: Callable[[], tuple]
    ours: Callable
    theirs: Callable
    kind: str  # what the speed target speaks of
    target: tuple[float, float] | None = None  # forward, forward + backward
    composed: bool = False
    compiled: Callable | None = None  # ours again, with compiled=True, where the layer has it
    batch: tuple[int, ...] = (0,)  # the arguments whose first side is the batch

    def larger(self, arguments: tuple, times: int) -> tuple:
        """The arguments with `times` the batch."""
        return tuple(
            torch.cat([x] * times) if place in self.batch and times > 1 else x
            for place, x in enumerate(arguments)
        )

    def __str__(self) -> str:
        return f"{self.name} {self.shape}"


def r(*shape: int) -> Tensor:
    return torch.randn(*shape)


def options(function: Callable, **kwargs: Any) -> Callable:
    return lambda *arguments: function(*arguments, **kwargs)


def conv(shape: str, x: tuple, w: tuple, kind: str = "dense", target: Any = (2.0, 2.0), **kwargs: Any) -> Row:
    def arguments() -> tuple:
        return r(*x), r(*w) / math.sqrt(math.prod(w[1:])), r(w[0])

    return Row(
        "conv2d",
        shape,
        arguments,
        options(layers.conv2d, **kwargs),
        options(F.conv2d, **kwargs),
        kind,
        target,
        compiled=options(layers.conv2d, **kwargs, compiled=True),
    )


def depthwise(maps: int, size: int) -> Row:
    x, w = (8, maps, size, size), (maps, 1, 3, 3)
    return conv(f"depthwise, {maps} maps, {size}²", x, w, "depthwise", (4.0, 4.0), padding=1, groups=maps)


def same(
    name: str,
    shape: str,
    arguments: Callable,
    kind: str,
    target: Any = None,
    batch: tuple[int, ...] = (0,),
    **kwargs: Any,
) -> Row:
    theirs = getattr(F, name) if hasattr(F, name) else getattr(torch, name)
    return Row(
        name,
        shape,
        arguments,
        options(getattr(layers, name), **kwargs),
        options(theirs, **kwargs),
        kind,
        target,
        compiled=options(getattr(layers, name), **kwargs, compiled=True),
        batch=batch,
    )


def se(x: Tensor, W0: Tensor, W1: Tensor) -> Tensor:
    pooled = F.adaptive_avg_pool2d(x, 1)
    return x * torch.sigmoid(F.conv2d(F.relu(F.conv2d(pooled, W0[..., None, None])), W1[..., None, None]))


def block(x: Tensor, W0: Tensor, W1: Tensor, weight: Tensor) -> Tensor:
    pools = (F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, 1))
    two = [F.conv2d(F.relu(F.conv2d(p, W0[..., None, None])), W1[..., None, None]) for p in pools]
    x = x * torch.sigmoid(two[0] + two[1])
    both = torch.stack([x.mean(1), x.amax(1)], 1)
    return x * torch.sigmoid(F.conv2d(both, weight, padding=3))


def unfolded(x: Tensor, weight: Tensor) -> Tensor:
    rows, columns, K, M, p, q = weight.shape
    patches = F.unfold(x, (p, q)).reshape(len(x), M * p * q, rows * columns)
    return torch.einsum("ncl,lkc->nkl", patches, weight.reshape(rows * columns, K, -1)).unflatten(
        2, (rows, columns)
    )


def attention(rows: int, n: int, kind: str, target: Any = None) -> Row:
    def arguments() -> tuple:
        return tuple(r(rows, 8, n, 64) for _ in range(3))

    shape = f"n = {n}, 8 heads of 64"
    return same("scaled_dot_product_attention", shape, arguments, kind, target, batch=(0, 1, 2))


def heads(x: Tensor, W_in: Tensor, W_out: Tensor) -> Tensor:
    t = x.transpose(0, 1)
    return F.multi_head_attention_forward(
        t, t, t, x.shape[-1], 8, W_in, None, None, None, False, 0.0, W_out, None, need_weights=False
    )[0].transpose(0, 1)


def lstm_weights(D: int, H: int) -> tuple:
    k = 1 / math.sqrt(H)
    return r(4 * H, D) * k, r(4 * H, H) * k, r(4 * H) * k, r(4 * H) * k


def deform_arguments(maps: int = 64, size: int = 28) -> tuple:
    return r(2, maps, size, size), r(2, 18, size, size), r(maps, maps, 3, 3) / 24


IMAGE = (8, 64, 56, 56)


def image() -> tuple:
    return (r(*IMAGE),)


def rnn_arguments() -> tuple:
    return r(32, 16, 128), r(16, 128), r(128, 128) / 11, r(128, 128) / 11, r(128), r(128)


def torch_rnn(x: Tensor, h: Tensor, *weights: Tensor) -> Tensor:
    return torch.rnn_tanh(x, h[None], weights, True, 1, 0.0, False, False, False)[0]


def lstm_arguments() -> tuple:
    return r(32, 16, 128), r(16, 128), r(16, 128), *lstm_weights(128, 128)


def torch_lstm(x: Tensor, h: Tensor, c: Tensor, *weights: Tensor) -> Tensor:
    return torch.lstm(x, (h[None], c[None]), weights, True, 1, 0.0, False, False, False)[0]


ROWS = [
    conv("3×3, 64 maps, 56²", IMAGE, (64, 64, 3, 3), padding=1),
    conv("3×3, 128 maps, 28²", (8, 128, 28, 28), (128, 128, 3, 3), padding=1),
    conv("3×3, 256 maps, 14²", (8, 256, 14, 14), (256, 256, 3, 3), padding=1),
    conv("3×3, stride 2, 64 → 128, 56²", IMAGE, (128, 64, 3, 3), padding=1, stride=2),
    conv("3×3, dilation 2, 128 maps, 28²", (8, 128, 28, 28), (128, 128, 3, 3), padding=2, dilation=2),
    conv("5×5, 32 → 64, 28²", (8, 32, 28, 28), (64, 32, 5, 5), padding=2),
    conv("7×7, stride 2, 3 → 64, 224²", (2, 3, 224, 224), (64, 3, 7, 7), padding=3, stride=2),
    conv("1×1, 256 → 64, 56²", (8, 256, 56, 56), (64, 256, 1, 1)),
    conv(
        "3×3, 32 groups, 128 maps, 28²",
        (8, 128, 28, 28),
        (128, 4, 3, 3),
        "grouped",
        None,
        padding=1,
        groups=32,
    ),
    depthwise(128, 56),
    depthwise(512, 14),
    same(
        "conv1d",
        "k 9, 64 maps, 1000",
        lambda: (r(8, 64, 1000), r(64, 64, 9) / 24),
        "dense",
        (2.0, 2.0),
        padding=4,
    ),
    same(
        "conv3d",
        "3×3×3, 16 maps, 16×28²",
        lambda: (r(2, 16, 16, 28, 28), r(16, 16, 3, 3, 3) / 20),
        "dense",
        (2.0, 2.0),
        padding=1,
    ),
    same(
        "conv_transpose2d",
        "4×4, stride 2, 128 → 64, 28²",
        lambda: (r(4, 128, 28, 28), r(128, 64, 4, 4) / 45),
        "transposed",
        None,
        stride=2,
        padding=1,
    ),
    same(
        "conv_transpose2d",
        "2×2, stride 2, 128 → 64, 28²",
        lambda: (r(4, 128, 28, 28), r(128, 64, 2, 2) / 22),
        "transposed",
        None,
        stride=2,
    ),
    Row(
        "deform_conv2d",
        "3×3, 64 maps, 28²",
        deform_arguments,
        options(layers.deform_conv2d, padding=1),
        options(layers.deform_conv2d, padding=1, fast=True),
        "deformable",
        None,
        True,
        compiled=options(layers.deform_conv2d, padding=1, compiled=True),
        batch=(0, 1),
    ),
    # torchvision's kernel cannot be imported beside the CPU build of torch, so the definition stands in
    Row(
        "deform_conv2d",
        "by definition, 4 maps, 8²",
        lambda: deform_arguments(4, 8),
        options(layers.deform_conv2d, padding=1),
        options(layers.deform_conv2d_by_definition, padding=1),
        "definition",
        (1.0, 1.0),
        True,
        batch=(),
    ),
    Row(
        "locally_connected2d",
        "3×3, 16 maps, 14²",
        lambda: (r(16, 16, 14, 14), r(12, 12, 16, 16, 3, 3) / 12),
        layers.locally_connected2d,
        unfolded,
        "connected",
        None,
        True,
    ),
    same("linear", "512 → 1000, 128 rows", lambda: (r(128, 512), r(1000, 512) / 22, r(1000)), "connected"),
    same(
        "batch_norm",
        "in use, 64 maps, 56²",
        lambda: (r(*IMAGE), r(64), torch.rand(64) + 0.1, r(64), r(64)),
        "batch norm",
        (1.5, 1.5),
    ),
    same(
        "batch_norm",
        "in training, 64 maps, 56²",
        lambda: (r(*IMAGE), None, None, r(64), r(64)),
        "batch norm",
        (1.5, 1.5),
        training=True,
    ),
    same(
        "batch_norm",
        "in training, 256 maps, 14²",
        lambda: (r(8, 256, 14, 14), None, None, r(256), r(256)),
        "batch norm",
        (1.5, 1.5),
        training=True,
    ),
    same(
        "max_pool2d",
        "3×3, stride 2, 64 maps, 112²",
        lambda: (r(8, 64, 112, 112),),
        "max pooling",
        (1.2, 1.8),
        kernel_size=3,
        stride=2,
        padding=1,
    ),
    same("max_pool2d", "2×2, 64 maps, 56²", image, "max pooling", (1.2, 1.8), kernel_size=2),
    same(
        "max_unpool2d",
        "2×2, 64 maps, 28²",
        lambda: F.max_pool2d(r(*IMAGE), 2, return_indices=True),
        "max pooling",
        None,
        batch=(0, 1),
        kernel_size=[2, 2],
    ),
    same("avg_pool2d", "2×2, 64 maps, 56²", image, "average pooling", (1.0, 1.0), kernel_size=2),
    same(
        "avg_pool2d",
        "3×3, stride 1, 64 maps, 56²",
        image,
        "average pooling",
        (1.0, 1.0),
        kernel_size=3,
        stride=1,
        padding=1,
    ),
    same(
        "adaptive_avg_pool2d",
        "14² → 7², 256 maps",
        lambda: (r(8, 256, 14, 14),),
        "average pooling",
        None,
        output_size=7,
    ),
    Row(
        "global_avg_pool2d",
        "512 maps, 7²",
        lambda: (r(32, 512, 7, 7),),
        layers.global_avg_pool2d,
        options(F.adaptive_avg_pool2d, output_size=1),
        "average pooling",
    ),
    *(same(name, "64 maps, 56²", image, "activation") for name in ("sigmoid", "tanh", "relu", "leaky_relu")),
    Row(
        "squeeze_excitation",
        "r = 16, 256 maps, 28²",
        lambda: (r(8, 256, 28, 28), r(16, 256) / 16, r(256, 16) / 4),
        layers.squeeze_excitation,
        se,
        "gates",
        None,
        True,
    ),
    Row(
        "cbam",
        "r = 16, 256 maps, 28²",
        lambda: (r(8, 256, 28, 28), r(16, 256) / 16, r(256, 16) / 4, r(1, 2, 7, 7) / 10),
        layers.cbam,
        block,
        "gates",
        None,
        True,
        compiled=options(layers.cbam, compiled=True),
    ),
    attention(8, 64, "attention", (1.3, 1.3)),
    attention(8, 128, "attention", (1.3, 1.3)),
    attention(4, 256, "attention", (1.3, 1.3)),
    attention(1, 2048, "long attention"),
    Row(
        "multi_head_attention",
        "n = 128, d = 512, 8 heads",
        lambda: (r(8, 128, 512), r(1536, 512) / 22, r(512, 512) / 22),
        lambda x, a, b: layers.multi_head_attention(x, x, x, 8, a, b),
        heads,
        "attention",
        (1.3, 1.3),
        compiled=lambda x, a, b: layers.multi_head_attention(x, x, x, 8, a, b, compiled=True),
    ),
    Row(
        "rnn",
        "32 steps of 128, 16 rows",
        rnn_arguments,
        lambda *a: layers.rnn(*a)[0],
        torch_rnn,
        "recurrent",
        batch=(),
    ),
    Row(
        "lstm",
        "32 steps of 128, 16 rows",
        lstm_arguments,
        lambda x, h, c, *w: layers.lstm(x, (h, c), *w)[0],
        torch_lstm,
        "recurrent",
        batch=(),
    ),
]
