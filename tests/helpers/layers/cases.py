"""Every public layer, with inputs and an oracle that shares no line with it.

An oracle is the framework's own function, or the formula written once more here with the framework's
operators. `Make` draws the inputs: always random, never ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.layers.oracles import (
    additive,
    aggregated,
    applied,
    attended,
    block_attention,
    block_attention_with_norm,
    border_of,
    both_ways,
    channel_gate,
    deformed,
    encoding,
    gan_block,
    grid_sampled,
    gru_free_cell,
    heads,
    locally,
    matrix,
    one_lstm,
    one_rnn,
    penalty,
    place_gate,
    regions,
    slope_of,
    softmax_or_nothing,
)
from nonconv import layers


@dataclass
class Make:
    """Random tensors of one dtype on one device; those of `draw` take part in gradients."""

    dtype: torch.dtype = torch.float64
    device: str = "cpu"
    generator: torch.Generator = field(default_factory=lambda: torch.Generator().manual_seed(0))

    def __call__(self, *shape: int) -> Tensor:
        return self._placed(
            torch.randn(*shape, generator=self.generator, dtype=torch.float64)
        ).requires_grad_()

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        value = torch.rand(*shape, generator=self.generator, dtype=torch.float64)
        return self._placed(low + (high - low) * value).requires_grad_()

    def fixed(self, *shape: int) -> Tensor:
        """Positive and without a gradient, such as a running variance."""
        return self._placed(torch.rand(*shape, generator=self.generator, dtype=torch.float64) + 0.1)

    def distinct(self, *shape: int) -> Tensor:
        """No two numbers equal, none near 0: no window has a tie, no activation is at its kink."""
        count = int(torch.tensor(shape).prod())
        order = torch.randperm(count, generator=self.generator).double().reshape(shape)
        return self._placed((order - count / 2 + 0.37) / count * 4).requires_grad_()

    def between(self, *shape: int, places: int) -> Tensor:
        """Coordinates inside and outside of `places` places, never near a place itself."""
        whole = torch.randint(-2, places + 1, shape, generator=self.generator)
        part = torch.rand(*shape, generator=self.generator, dtype=torch.float64) * 0.6 + 0.2
        return self._placed(whole + part).requires_grad_()

    def mask(self, *shape: int) -> Tensor:
        return (torch.rand(*shape, generator=self.generator) < 0.6).to(self.device)

    def _placed(self, value: Tensor) -> Tensor:
        if self.device == "mps":
            value = value.float()
        return value.to(self.device).to(self.dtype)


@dataclass
class Case:
    name: str
    inputs: Callable[[Make], tuple]
    oracle: Callable
    options: dict = field(default_factory=dict)
    gradient: bool = True  # differentiable, and twice
    low: bool = True  # has a sense in 16 bits
    label: str = ""

    @property
    def function(self) -> Callable:
        return getattr(layers, self.name)

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()


def cell_weights(m: Make, gates: int, D: int = 3, H: int = 2) -> tuple[Tensor, ...]:
    return m(gates * H, D), m(gates * H, H), m(gates * H), m(gates * H)


CASES = [
    # convolutions
    Case(
        "conv1d", lambda m: (m(2, 4, 9), m(6, 2, 3), m(6)), F.conv1d, {"stride": 2, "padding": 1, "groups": 2}
    ),
    Case(
        "conv2d", lambda m: (m(2, 3, 5, 4), m(2, 3, 3, 2), m(2)), F.conv2d, {"padding": 1, "stride": (2, 1)}
    ),
    Case(
        "conv2d",
        lambda m: (m(2, 4, 6, 6), m(2, 2, 2, 3), m(2)),
        F.conv2d,
        {"groups": 2, "dilation": 2},
        label="groups",
    ),
    Case("conv2d", lambda m: (m(2, 4, 6, 5), m(2, 4, 1, 1)), F.conv2d, {"stride": 2}, label="1×1"),
    Case("conv2d_by_definition", lambda m: (m(1, 2, 4, 3), m(2, 2, 2, 2), m(2)), F.conv2d, gradient=False),
    Case(
        "conv3d", lambda m: (m(1, 2, 4, 4, 3), m(2, 2, 2, 3, 2), m(2)), F.conv3d, {"stride": 2, "padding": 1}
    ),
    Case(
        "conv_transpose1d",
        lambda m: (m(2, 4, 4), m(4, 1, 3), m(2)),
        F.conv_transpose1d,
        {"stride": 3, "padding": 1, "output_padding": 2, "groups": 2},
    ),
    Case(
        "conv_transpose2d",
        lambda m: (m(2, 3, 3, 4), m(3, 2, 3, 2), m(2)),
        F.conv_transpose2d,
        {"stride": 2, "padding": 1, "output_padding": 1, "dilation": (1, 2)},
    ),
    Case(
        "conv_transpose2d",
        lambda m: (m(2, 2, 3, 4), m(2, 1, 3, 3)),
        F.conv_transpose2d,
        {"groups": 2},
        label="depthwise",
    ),
    Case(
        "conv_transpose3d",
        lambda m: (m(1, 2, 2, 3, 2), m(2, 2, 2, 2, 3), m(2)),
        F.conv_transpose3d,
        {"stride": 2},
    ),
    Case(
        "conv_transpose2d_by_definition",
        lambda m: (m(2, 3, 3, 4), m(3, 2, 3, 2), m(2)),
        F.conv_transpose2d,
        {"stride": 2, "padding": 1, "dilation": (1, 2)},
    ),
    Case(
        "insert_zeros",
        lambda m: (m(2, 1, 3, 4), 3),
        lambda x, s: F.conv_transpose2d(x, torch.ones(1, 1, 1, 1).to(x), stride=s),
    ),
    Case(
        "depthwise_conv2d",
        lambda m: (m(2, 3, 5, 5), m(3, 1, 3, 3), m(3)),
        lambda *a, **k: F.conv2d(*a, **k, groups=3),
        {"padding": 1},
    ),
    Case(
        "depthwise_conv2d",
        lambda m: (m(1, 3, 5, 5), m(6, 1, 3, 2), m(6)),
        lambda *a, **k: F.conv2d(*a, **k, groups=3),
        {"stride": 2},
        label="twice as many",
    ),
    Case(
        "separable_conv2d",
        lambda m: (m(2, 3, 5, 5), m(3, 1, 3, 3), m(4, 3, 1, 1), m(4)),
        lambda x, D, P, b, **k: F.conv2d(x, P * D[:, 0], b, **k),
        {"stride": 2, "padding": 1},
    ),
    Case(
        "output_size",
        lambda m: (9, 3, 2, 1, 2),
        lambda H, p, s, P, d: F.conv1d(torch.zeros(1, 1, H), torch.zeros(1, 1, p), None, s, P, d).shape[-1],
        gradient=False,
        low=False,
    ),
    Case("same_padding", lambda m: (7, 4, 1, 3), border_of, gradient=False, low=False),
    Case(
        "convolution_matrix",
        lambda m: (m(4, 1, 2, 3), (3, 4)),
        matrix,
        {"stride": 2, "padding": 1, "groups": 2},
    ),
    Case(
        "deform_conv2d",
        lambda m: (m(2, 2, 4, 4), m.between(2, 12, 3, 2, places=1), m(3, 2, 2, 3), m(3)),
        deformed,
    ),
    Case(
        "deform_conv2d",
        lambda m: (m(1, 4, 5, 4), m.between(1, 16, 3, 3, places=1), m(2, 2, 2, 2), m(2)),
        deformed,
        {"stride": (2, 1), "padding": (1, 0), "dilation": (2, 1)},
        label="groups",
    ),
    Case(
        "deform_conv2d",
        lambda m: (
            m(1, 2, 4, 4),
            m.between(1, 8, 3, 3, places=1),
            m(3, 2, 2, 2),
            None,
            (1, 1),
            (0, 0),
            (1, 1),
            m.uniform(1, 4, 3, 3),
        ),
        deformed,
        label="mask",
    ),
    Case(
        "deform_conv2d_by_definition",
        lambda m: (m(1, 2, 4, 3), m.between(1, 8, 3, 2, places=1), m(2, 2, 2, 2), m(2)),
        deformed,
    ),
    Case(
        "bilinear_sample",
        lambda m: (m(2, 3, 4, 5), m.between(2, 3, 2, places=4), m.between(2, 3, 2, places=5)),
        grid_sampled,
    ),
    # between convolution and fully connected
    Case("linear", lambda m: (m(2, 3, 4), m(5, 4), m(5)), F.linear),
    Case(
        "linear_as_conv2d",
        lambda m: (m(2, 3, 2, 4), m(5, 24), m(5)),
        lambda x, W, b: F.linear(x.flatten(1), W, b)[..., None, None],
    ),
    Case(
        "locally_connected2d",
        lambda m: (m(2, 2, 5, 4), m(2, 2, 3, 2, 2, 1), m(3, 2, 2)),
        locally,
        {"stride": 2},
    ),
    Case(
        "locally_connected2d_by_definition",
        lambda m: (m(2, 2, 5, 4), m(2, 2, 3, 2, 2, 1), m(3, 2, 2)),
        locally,
        {"stride": 2},
    ),
    # pooling
    Case("max_pool2d", lambda m: (m.distinct(2, 2, 5, 5), 3), F.max_pool2d, {"stride": 2, "padding": 1}),
    Case("max_pool2d_by_definition", lambda m: (m.distinct(1, 2, 4, 5), 2), F.max_pool2d, {"stride": 1}),
    Case(
        "max_unpool2d",
        lambda m: (
            m(1, 2, 2, 2),
            torch.tensor([[[[0, 3], [9, 14]], [[5, 2], [8, 15]]]]).to(m.device),
            [2, 2],
        ),
        F.max_unpool2d,
    ),
    Case("avg_pool2d", lambda m: (m(2, 2, 5, 5), 3), F.avg_pool2d, {"stride": 2, "padding": 1}),
    Case(
        "avg_pool2d",
        lambda m: (m(2, 2, 5, 6), (2, 3)),
        F.avg_pool2d,
        {"stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False},
        label="uneven",
    ),
    Case("adaptive_avg_pool2d", lambda m: (m(2, 2, 5, 4), (3, 2)), F.adaptive_avg_pool2d),
    Case("global_avg_pool2d", lambda m: (m(2, 3, 3, 4),), lambda x: F.adaptive_avg_pool2d(x, 1)),
    # normalisation
    Case(
        "batch_norm",
        lambda m: (m(3, 2, 2, 2), m.fixed(2), m.fixed(2), m(2), m(2)),
        F.batch_norm,
        label="evaluation mode",
    ),
    Case(
        "batch_norm",
        lambda m: (m(3, 2, 2, 2), None, None, m(2), m(2)),
        F.batch_norm,
        {"training": True},
        label="in training",
    ),
    Case("moments", lambda m: (m(3, 2, 2, 2),), lambda x: torch.var_mean(x, (0, 2, 3), correction=0)[::-1]),
    # activations
    Case("sigmoid", lambda m: (4 * m(12),), torch.sigmoid),
    Case("sigmoid_derivative", lambda m: (m(12),), slope_of(torch.sigmoid)),
    Case("tanh", lambda m: (m(12),), torch.tanh),
    Case("tanh_derivative", lambda m: (m(12),), slope_of(torch.tanh)),
    Case("relu", lambda m: (m.distinct(12),), F.relu),
    Case("relu_derivative", lambda m: (m.distinct(12),), slope_of(F.relu), gradient=False),
    Case("leaky_relu", lambda m: (m.distinct(12), 0.2), F.leaky_relu),
    Case("leaky_relu_derivative", lambda m: (m.distinct(12), 0.2), slope_of(F.leaky_relu), gradient=False),
    # attention
    Case("aggregate_places", lambda m: (m.distinct(2, 3, 3, 2), "max"), aggregated, label="max"),
    Case("aggregate_places", lambda m: (m(2, 3, 3, 2), "avg"), aggregated, label="avg"),
    Case("channel_attention", lambda m: (m.distinct(2, 4, 3, 2), m(2, 4), m(4, 2), m(2), m(4)), channel_gate),
    Case(
        "squeeze_excitation",
        lambda m: (m(2, 4, 3, 2), m(2, 4), m(4, 2), m(2), m(4)),
        lambda x, *p: x * channel_gate(x, *p, aggregates=("avg",)),
    ),
    Case("spatial_attention", lambda m: (m.distinct(2, 3, 4, 3), m(1, 2, 3, 3), m(1)), place_gate),
    Case(
        "cbam",
        lambda m: (m.distinct(2, 4, 3, 3), m(2, 4), m(4, 2), m(1, 2, 3, 3), m(2), m(4)),
        block_attention,
    ),
    Case(
        "residual_mask",
        lambda m: (m(2, 3, 3, 2), m.uniform(2, 1, 3, 2)),
        lambda x, mask: torch.addcmul(x, x, mask),
    ),
    Case("masked_softmax", lambda m: (m(4, 5), m.mask(4, 5)), softmax_or_nothing),
    Case("masked_softmax", lambda m: (m(4, 3), m.mask(4, 1), 0), softmax_or_nothing, label="over rows"),
    Case(
        "scaled_dot_product_attention",
        lambda m: (m(2, 2, 3, 4), m(2, 2, 5, 4), m(2, 2, 5, 3)),
        F.scaled_dot_product_attention,
    ),
    Case(
        "scaled_dot_product_attention",
        lambda m: (m(2, 3, 4), m(2, 5, 4), m(2, 5, 3)),
        F.scaled_dot_product_attention,
        {"is_causal": True, "scale": 0.3},
        label="causal",
    ),
    Case(
        "scaled_dot_product_attention",
        lambda m: (m(1, 4, 3, 4), m(1, 2, 5, 4), m(1, 2, 5, 3)),
        F.scaled_dot_product_attention,
        {"enable_gqa": True},
        label="fewer keys",
    ),
    Case(
        "scaled_dot_product_attention_by_definition",
        lambda m: (m(3, 4), m(5, 4), m(5, 2)),
        F.scaled_dot_product_attention,
    ),
    Case(
        "multi_head_attention",
        lambda m: (m(2, 3, 4), m(2, 5, 4), m(2, 5, 4), 2, m(12, 4), m(4, 4), m(12), m(4)),
        heads,
    ),
    Case(
        "multi_head_attention",
        lambda m: (
            m(2, 3, 4),
            m(2, 3, 4),
            m(2, 3, 4),
            2,
            m(12, 4),
            m(4, 4),
            None,
            None,
            torch.ones(3, 3, dtype=torch.bool, device=m.device).tril(),
        ),
        heads,
        label="mask",
    ),
    Case(
        "additive_attention", lambda m: (m(2, 3), m(2, 4, 5), m(3, 3), m(3, 5), m(3), m.mask(2, 4)), additive
    ),
    Case("soft_attention", lambda m: (m(2, 3), m(2, 5, 2, 3), m(3, 3), m(3, 5), m(3)), regions),
    Case("doubly_stochastic_penalty", lambda m: (m.uniform(2, 3, 4), 0.7), penalty),
    Case(
        "self_attention2d", lambda m: (m(2, 4, 2, 3), m(2, 4), m(2, 4), m(3, 4), m(4, 3), m(1)[0]), gan_block
    ),
    Case("positional_encoding", lambda m: (5, 6), encoding, gradient=False, low=False),
    # recurrent
    Case("rnn_cell", lambda m: (m(2, 3), m(2, 2), *cell_weights(m, 1)), gru_free_cell),
    Case(
        "rnn_cell",
        lambda m: (m.distinct(2, 3), m(2, 2), *cell_weights(m, 1)),
        gru_free_cell,
        {"nonlinearity": "relu"},
        label="ReLU",
    ),
    Case("lstm_cell", lambda m: (m(2, 3), (m(2, 2), m(2, 2)), *cell_weights(m, 4)), torch.lstm_cell),
    Case("rnn", lambda m: (m(4, 2, 3), m(2, 2), *cell_weights(m, 1)), one_rnn),
    Case("lstm", lambda m: (m(4, 2, 3), (m(2, 2), m(2, 2)), *cell_weights(m, 4)), one_lstm),
    Case(
        "bidirectional",
        lambda m: (layers.rnn, m(3, 2, 3), (m(2, 2), m(2, 2)), cell_weights(m, 1), cell_weights(m, 1)),
        both_ways,
        label="RNN",
    ),
    Case(
        "bidirectional",
        lambda m: (
            layers.lstm,
            m(3, 1, 3),
            ((m(1, 2), m(1, 2)), (m(1, 2), m(1, 2))),
            cell_weights(m, 4),
            cell_weights(m, 4),
        ),
        both_ways,
        label="LSTM",
    ),
]


def tensors(tree: Any) -> list[Tensor]:
    """All tensors in a result or in arguments, from left to right; numbers as tensors too."""
    if isinstance(tree, Tensor):
        return [tree]
    if isinstance(tree, (tuple, list)):
        return [t for part in tree for t in tensors(part)]
    return []


def replaced(tree: Any, new: Any) -> Any:
    """The same arguments with their tensors, from left to right, taken from the iterator `new`."""
    if isinstance(tree, Tensor):
        return next(new)
    return type(tree)(replaced(part, new) for part in tree) if type(tree) in (tuple, list) else tree


# ------------------------------------------------------------------------------------------------------------
# modules: ours, and the same numbers through the framework


@dataclass
class ModuleCase:
    name: str
    build: Callable[[], nn.Module]
    inputs: Callable[[Make], tuple]
    oracle: Callable
    label: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()


MODULES = [
    ModuleCase(
        "Conv2d",
        lambda: layers.Conv2d(4, 6, (3, 2), 2, 1, 1, 2),
        lambda m: (m(2, 4, 7, 7),),
        applied(nn.Conv2d(4, 6, (3, 2), 2, 1, 1, 2)),
    ),
    ModuleCase(
        "ConvTranspose2d",
        lambda: layers.ConvTranspose2d(4, 6, 3, 2, 1, 1, 2),
        lambda m: (m(2, 4, 5, 5),),
        applied(nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, 2)),
    ),
    ModuleCase(
        "SeparableConv2d",
        lambda: layers.SeparableConv2d(3, 5, 3, 2, 1),
        lambda m: (m(2, 3, 6, 6),),
        lambda ours, x: F.conv2d(x, ours.pointwise * ours.depthwise[:, 0], ours.bias, 2, 1),
    ),
    ModuleCase(
        "DeformConv2d",
        lambda: layers.DeformConv2d(3, 4, 3, 1, 1),
        lambda m: (m(2, 3, 5, 5),),
        lambda ours, x: F.conv2d(x, ours.weight, ours.bias, 1, 1),
        label="at first",
    ),
    ModuleCase("Linear", lambda: layers.Linear(4, 3), lambda m: (m(2, 4),), applied(nn.Linear(4, 3))),
    ModuleCase(
        "LocallyConnected2d",
        lambda: layers.LocallyConnected2d(2, 3, (5, 4), 2),
        lambda m: (m(2, 2, 5, 4),),
        lambda ours, x: locally(x, ours.weight, ours.bias),
    ),
    ModuleCase(
        "BatchNorm2d",
        lambda: layers.BatchNorm2d(3),
        lambda m: (m(4, 3, 5, 5),),
        applied(nn.BatchNorm2d(3, affine=True)),
    ),
    ModuleCase(
        "SqueezeExcitation",
        lambda: layers.SqueezeExcitation(4, 2),
        lambda m: (m(2, 4, 3, 3),),
        lambda o, x: x * channel_gate(x, o.W0, o.W1, o.b0, o.b1, ("avg",)),
    ),
    ModuleCase(
        "CBAM",
        lambda: layers.CBAM(4, 2, 3),
        lambda m: (m(2, 4, 3, 3),),
        lambda o, x: block_attention(x, o.W0, o.W1, o.weight, o.b0, o.b1),
    ),
    ModuleCase(
        "CBAM",
        lambda: layers.CBAM(4, 2, 3, batch_norm=True),
        lambda m: (m(2, 4, 3, 3),),
        block_attention_with_norm,
        label="with batch norm",
    ),
    ModuleCase(
        "MultiHeadAttention",
        lambda: layers.MultiHeadAttention(4, 2),
        lambda m: (m(2, 3, 4), m(2, 5, 4), m(2, 5, 4)),
        attended,
    ),
    ModuleCase(
        "AdditiveAttention",
        lambda: layers.AdditiveAttention(3, 5, 4),
        lambda m: (m(2, 3), m(2, 4, 5)),
        lambda o, s, h: additive(s, h, o.W, o.U, o.v),
    ),
    ModuleCase(
        "SelfAttention2d",
        lambda: layers.SelfAttention2d(8, 4),
        lambda m: (m(2, 8, 3, 2),),
        lambda o, x: gan_block(x, o.Wf, o.Wg, o.Wh, o.Wv, o.gamma),
    ),
    ModuleCase(
        "RNN",
        lambda: layers.RNN(3, 2, 2, bidirectional=True),
        lambda m: (m(4, 2, 3), m(4, 2, 2)),
        applied(nn.RNN(3, 2, 2, bidirectional=True)),
        label="deep, both ways",
    ),
    ModuleCase(
        "RNN",
        lambda: layers.RNN(3, 2, nonlinearity="relu", bias=False),
        lambda m: (m(4, 2, 3),),
        applied(nn.RNN(3, 2, nonlinearity="relu", bias=False)),
        label="ReLU",
    ),
    ModuleCase(
        "LSTM",
        lambda: layers.LSTM(3, 2, 2, bidirectional=True),
        lambda m: (m(4, 2, 3), (m(4, 2, 2), m(4, 2, 2))),
        applied(nn.LSTM(3, 2, 2, bidirectional=True)),
        label="deep, both ways",
    ),
    ModuleCase(
        "RNN",
        lambda: layers.RNN(3, 2, batch_first=True),
        lambda m: (m(4, 2, 3), m(1, 4, 2)),
        applied(nn.RNN(3, 2, batch_first=True)),
        label="the batch first",
    ),
    ModuleCase(
        "LSTM",
        lambda: layers.LSTM(3, 2, 2, bidirectional=True, batch_first=True),
        lambda m: (m(2, 4, 3), (m(4, 2, 2), m(4, 2, 2))),
        applied(nn.LSTM(3, 2, 2, bidirectional=True, batch_first=True)),
        label="the batch first, deep, both ways",
    ),
    ModuleCase(
        "LSTM", lambda: layers.LSTM(3, 2), lambda m: (m(4, 2, 3),), applied(nn.LSTM(3, 2)), label="one"
    ),
]
