"""Which modules, functions and operators are which kind of layer."""

import operator
from typing import Any

import torch
from torch import nn
from torch.fx.node import Node
from torch.nn import functional as F

from nonconv import layers

# each kind of layer: its modules (with the dimensions of their positions), its functions and operators
CONV = {nn.Conv1d: 1, nn.Conv2d: 2, nn.Conv3d: 3, layers.Conv2d: 2}
TRANSPOSED = {nn.ConvTranspose1d: 1, nn.ConvTranspose2d: 2, nn.ConvTranspose3d: 3, layers.ConvTranspose2d: 2}
NORM = {
    nn.BatchNorm1d: 0,
    nn.BatchNorm2d: 2,
    nn.BatchNorm3d: 3,
    nn.SyncBatchNorm: 0,
    nn.InstanceNorm1d: 1,  # with running averages it is, in evaluation mode, what batch norm is
    nn.InstanceNorm2d: 2,
    nn.InstanceNorm3d: 3,
    layers.BatchNorm2d: 2,
}
LINEAR = {nn.Linear: 0, layers.Linear: 0}
AVERAGE = {nn.AvgPool1d: 1, nn.AvgPool2d: 2, nn.AvgPool3d: 3}
ADAPTIVE = {nn.AdaptiveAvgPool1d: 1, nn.AdaptiveAvgPool2d: 2, nn.AdaptiveAvgPool3d: 3}
NOTHING = (
    nn.Identity,
    nn.Dropout,
    nn.Dropout1d,
    nn.Dropout2d,
    nn.Dropout3d,
    nn.AlphaDropout,
    nn.FeatureAlphaDropout,
)
aten = torch.ops.aten


def _by_sides(name: str, *libraries: Any) -> dict[Any, int]:
    """The functions conv1d, conv2d and conv3d (for "conv{}d") of all libraries that have them,
    and their sides.
    """
    found = [(getattr(library, name.format(n), None), n) for library in libraries for n in (1, 2, 3)]
    return {function: n for function, n in found if function is not None}


CONV_F = _by_sides("conv{}d", F, layers, aten)
TRANSPOSED_F = _by_sides("conv_transpose{}d", F, layers, aten)
NORM_F = (F.batch_norm, layers.batch_norm)
ATEN_NORM = (aten.batch_norm, torch.batch_norm)
LINEAR_F = (F.linear, layers.linear, aten.linear)
MATMUL_F = (operator.matmul, torch.matmul, torch.mm, aten.matmul, aten.mm)
AVERAGE_F = _by_sides("avg_pool{}d", F, layers, aten)
ADAPTIVE_F = _by_sides("adaptive_avg_pool{}d", F, layers, aten) | {layers.global_avg_pool2d: 2}
DROPOUT_F = (
    F.dropout,
    F.dropout1d,
    F.dropout2d,
    F.dropout3d,
    F.alpha_dropout,
    F.feature_alpha_dropout,
    torch.dropout,
    aten.dropout,
    aten.feature_dropout,
    aten.alpha_dropout,
)
ADD_F = (operator.add, operator.iadd, torch.add, aten.add, aten.add_)
SUB_F = (operator.sub, operator.isub, torch.sub, torch.subtract, aten.sub, aten.sub_)
MEAN_F = (torch.mean, aten.mean)
ADDCMUL_F = (torch.addcmul, aten.addcmul)
FLATTEN_F = (torch.flatten, torch.reshape, aten.flatten, aten.view, aten.reshape)
SLOTS = {
    "conv": ("x", "weight", "bias", "stride", "padding", "dilation", "groups"),
    "transposed": ("x", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"),
    "norm": ("x", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps"),
    "aten norm": ("x", "weight", "bias", "running_mean", "running_var", "training", "momentum", "eps"),
    "linear": ("x", "weight", "bias"),
    "average": (
        "x",
        "kernel_size",
        "stride",
        "padding",
        "ceil_mode",
        "count_include_pad",
        "divisor_override",
    ),
    "dropout": ("x", "p", "training"),
    "add": ("x", "other"),
    "mean": ("x", "dim", "keepdim"),
}


def named(node: Node, kind: str) -> dict[str, Any]:
    """The node's arguments by the names of `SLOTS`;
    the framework calls x `input`, and `self` as an operator.
    """
    found = dict(zip(SLOTS[kind], node.args, strict=False))
    for name, value in node.kwargs.items():
        found["x" if name in ("input", "self") else name] = value
    return found
