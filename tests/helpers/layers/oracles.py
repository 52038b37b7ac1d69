"""What the layers are compared with: the framework's own functions,
or the formula written once more with its operators.

No line of `nonconv.layers` runs here.
"""

from collections.abc import Callable
from math import cos, sin
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv import layers


def slope_of(function: Callable) -> Callable:
    """The derivative of a framework's function by the framework's autograd."""

    def slope(x: Tensor, *rest: Any) -> Tensor:
        with torch.enable_grad():
            at = x.detach().clone().requires_grad_()
            return torch.autograd.grad(function(at, *rest).sum(), at)[0]

    return slope


def grid_sampled(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    H, W = x.shape[2:]
    border = F.pad(x, (1, 1, 1, 1))  # so that the corners can be the outermost places
    grid = torch.stack([2 * (columns + 1) / (W + 1) - 1, 2 * (rows + 1) / (H + 1) - 1], -1).to(x.dtype)
    return F.grid_sample(border, grid.reshape(len(x), 1, -1, 2), align_corners=True)[:, :, 0].unflatten(
        2, rows.shape[1:]
    )


def deformed(
    x, offset, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), mask=None
) -> Tensor:
    """Tap by tap through the framework's sampler."""
    N, M = x.shape[:2]
    K, per_group, p, q = weight.shape
    G, groups = offset.shape[1] // (2 * p * q), M // per_group
    rows, columns = offset.shape[2:]
    i = torch.arange(rows).to(x)[:, None] * stride[0] - padding[0]
    j = torch.arange(columns).to(x)[None, :] * stride[1] - padding[1]
    Y = x.new_zeros(N, K, rows, columns)
    for u in range(p):
        for v in range(q):
            sampled = []
            for g in range(G):
                tap = (g * p + u) * q + v
                r, c = i + u * dilation[0] + offset[:, 2 * tap], j + v * dilation[1] + offset[:, 2 * tap + 1]
                part = grid_sampled(x[:, g * M // G : (g + 1) * M // G], r, c)
                sampled.append(part if mask is None else part * mask[:, tap : tap + 1])
            Y = Y + F.conv2d(torch.cat(sampled, 1), weight[:, :, u : u + 1, v : v + 1], groups=groups)
    return Y if bias is None else Y + bias[:, None, None]


def locally(x, weight, bias=None, stride=1) -> Tensor:
    """A framework's convolution with one output, at each place."""
    rows, columns, _, _, p, q = weight.shape
    Y = torch.stack(
        [
            torch.stack(
                [
                    F.conv2d(x[..., i * stride : i * stride + p, j * stride : j * stride + q], weight[i, j])[
                        ..., 0, 0
                    ]
                    for j in range(columns)
                ],
                -1,
            )
            for i in range(rows)
        ],
        -2,
    )
    return Y if bias is None else Y + bias


def matrix(weight, size, stride=1, padding=0, dilation=1, groups=1) -> Tensor:
    """What the framework's convolution makes of each impulse."""
    maps = weight.shape[1] * groups
    impulses = torch.eye(maps * size[0] * size[1]).to(weight).reshape(-1, maps, *size)
    return F.conv2d(impulses, weight, None, stride, padding, dilation, groups).flatten(1).T


def channel_gate(x, W0, W1, b0=None, b1=None, aggregates=("avg", "max")) -> Tensor:
    """With 1×1 convolutions only."""
    pools = {"avg": F.adaptive_avg_pool2d, "max": F.adaptive_max_pool2d}
    total = 0
    for by in aggregates:
        hidden = F.relu(F.conv2d(pools[by](x, 1), W0[..., None, None], b0))
        total = total + F.conv2d(hidden, W1[..., None, None], b1)
    return torch.sigmoid(total)  # type: ignore[arg-type]


def place_gate(x, weight, bias=None) -> Tensor:
    both = torch.stack([x.mean(1), x.amax(1)], 1)
    return torch.sigmoid(F.conv2d(both, weight, bias, padding=weight.shape[-1] // 2))


def block_attention(x, W0, W1, weight, b0=None, b1=None) -> Tensor:
    x = x * channel_gate(x, W0, W1, b0, b1)
    return x * place_gate(x, weight)


def block_attention_with_norm(ours, x) -> Tensor:
    x = x * channel_gate(x, ours.W0, ours.W1, ours.b0, ours.b1)
    norm, (mean, var) = ours.norm, (ours.norm.running_mean.clone(), ours.norm.running_var.clone())
    e = F.conv2d(torch.stack([x.mean(1), x.amax(1)], 1), ours.weight, padding=ours.weight.shape[-1] // 2)
    return x * torch.sigmoid(F.batch_norm(e, mean, var, norm.weight, norm.bias, ours.training, eps=1e-5))


def aggregated(x, by) -> Tensor:
    pool = {"avg": F.adaptive_avg_pool2d, "max": F.adaptive_max_pool2d}[by]
    return pool(x, 1).flatten(1)


def softmax_or_nothing(e, mask=None, dim=-1) -> Tensor:
    if mask is not None:
        e = torch.where(mask, e, torch.full_like(e, -torch.inf))
    return torch.softmax(e, dim).nan_to_num(0.0)


def additive(state, annotations, W, U, v, mask=None) -> tuple[Tensor, Tensor]:
    """One image and one annotation at a time."""
    contexts, weights = [], []
    for n in range(len(state)):
        e = torch.stack(
            [torch.dot(v, torch.tanh(torch.mv(W, state[n]) + torch.mv(U, h))) for h in annotations[n]]
        )
        alpha = softmax_or_nothing(e, None if mask is None else mask[n])
        contexts.append(torch.mv(annotations[n].T, alpha))
        weights.append(alpha)
    return torch.stack(contexts), torch.stack(weights)


def regions(state, features, W, U, v) -> tuple[Tensor, Tensor]:
    context, weights = additive(state, features.flatten(2).permute(0, 2, 1), W, U, v)
    return context, weights.reshape(len(features), *features.shape[2:])


def penalty(weights, strength=1.0) -> Tensor:
    N, _, L = weights.shape
    return torch.stack(
        [
            sum(strength * (1 - weights[n, :, i].sum()) ** 2 for i in range(L))  # type: ignore[misc]
            for n in range(N)
        ]
    )


def gan_block(x, Wf, Wg, Wh, Wv, gamma) -> Tensor:
    """As the paper draws it: 1×1 convolutions, a matrix of N by N, a softmax over i."""
    f, g, h = (F.conv2d(x, W[..., None, None]).flatten(2) for W in (Wf, Wg, Wh))
    beta = torch.softmax(torch.einsum("nci,ncj->nji", f, g), -1)
    o = torch.einsum("nji,nci->ncj", beta, h).unflatten(2, tuple(x.shape[2:]))
    return gamma * F.conv2d(o, Wv[..., None, None]) + x


def heads(query, key, value, num_heads, W_in, W_out, b_in=None, b_out=None, attn_mask=None) -> Tensor:
    mask = None if attn_mask is None else ~attn_mask  # the framework's True means: may not be looked at
    q, k, v = (t.transpose(0, 1) for t in (query, key, value))
    result, _ = F.multi_head_attention_forward(
        q,
        k,
        v,
        q.shape[-1],
        num_heads,
        W_in,
        b_in,
        None,
        None,
        False,
        0.0,
        W_out,
        b_out,
        attn_mask=mask,
        need_weights=False,
    )
    return result.transpose(0, 1)


def encoding(length: int, width: int) -> Tensor:
    rows = [
        [(sin if i % 2 == 0 else cos)(t / 10000 ** ((i - i % 2) / width)) for i in range(width)]
        for t in range(length)
    ]
    return torch.tensor(rows, dtype=torch.float32)


def both_ways(layer, x, hx, forwards, backwards) -> Any:
    parameters = [*forwards, *backwards]
    if layer is layers.rnn:
        Y, h = torch.rnn_tanh(x, torch.stack(hx), parameters, True, 1, 0.0, False, True, False)
        return Y, h[0], h[1]
    first = [torch.stack([hx[0][part], hx[1][part]]) for part in (0, 1)]
    Y, h, c = torch.lstm(x, first, parameters, True, 1, 0.0, False, True, False)
    return Y, h[0], c[0], h[1], c[1]


def one_rnn(x, h, *parameters, nonlinearity="tanh") -> Any:
    run = {"tanh": torch.rnn_tanh, "relu": torch.rnn_relu}[nonlinearity]
    Y, last = run(x, h[None], list(parameters), True, 1, 0.0, False, False, False)
    return Y, last[0]


def one_lstm(x, hx, *parameters) -> Any:
    Y, h, c = torch.lstm(x, [t[None] for t in hx], list(parameters), True, 1, 0.0, False, False, False)
    return Y, h[0], c[0]


def gru_free_cell(x, h, *parameters, nonlinearity="tanh") -> Tensor:
    return {"tanh": torch.rnn_tanh_cell, "relu": torch.rnn_relu_cell}[nonlinearity](x, h, *parameters)


def border_of(size, kernel, stride=1, dilation=1) -> tuple[int, int]:
    """The framework's own: what its module pads, for stride 1."""
    columns = nn.Conv1d(1, 1, kernel, padding="same", dilation=dilation)._reversed_padding_repeated_twice
    return columns[0], columns[1]


# modules: ours, and the same numbers through the framework
def same_state(theirs: nn.Module) -> Callable[[nn.Module], nn.Module]:
    def copy(ours: nn.Module) -> nn.Module:
        theirs.to(next(ours.parameters()).dtype).load_state_dict(ours.state_dict())
        return theirs

    return copy


def applied(theirs: nn.Module) -> Callable:
    return lambda ours, *x: same_state(theirs)(ours).train(ours.training)(*x)


def attended(ours: nn.Module, *x: Tensor) -> Tensor:
    theirs = nn.MultiheadAttention(4, 2, batch_first=True).double()
    theirs.load_state_dict(ours.state_dict())
    return theirs(*x)[0]
