"""Recurrent layers: one step, applied to each position in turn, with what it remembers.

    RNN     h_t = tanh(W_hx x_t + b_x + W_hh h_{t−1} + b_h)
    LSTM    i, f, o = σ(…), g = tanh(…), each of its own W_x x_t + b_x + W_h h_{t−1} + b_h
            c_t = f ⊙ c_{t−1} + i ⊙ g,   h_t = o ⊙ tanh(c_t)

The four gates lie one below the other in one matrix, in the framework's order i, f, g, o.
Sources: J. Elman, "Finding Structure in Time" (1990); S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory"
(1997); the forget gate: F. Gers, J. Schmidhuber, F. Cummins, "Learning to Forget" (2000); M. Schuster, K.
Paliwal, "Bidirectional Recurrent Neural Networks" (1997).
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence

from nonconv.layers._arguments import floating, same_kind, shaped
from nonconv.layers._autocast import is_on, under_autocast
from nonconv.layers.connected import linear

NONLINEARITIES: dict[str, Callable[[Tensor], Tensor]] = {"tanh": torch.tanh, "relu": F.relu}


def _step(
    x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None, b_hh: Tensor | None, gates: int
) -> None:
    same_kind(x=x, h=h, w_ih=w_ih, w_hh=w_hh, b_ih=b_ih, b_hh=b_hh)
    floating(x=x)
    if x.dim() not in (1, 2) or h.dim() != x.dim():
        raise ValueError(
            f"x must have the dimensions (N, D) and h (N, H), not {tuple(x.shape)} and {tuple(h.shape)}"
        )
    H = h.shape[-1]
    shaped(
        h=(h, (*x.shape[:-1], H)),
        w_ih=(w_ih, (gates * H, x.shape[-1])),
        w_hh=(w_hh, (gates * H, H)),
        b_ih=(b_ih, (gates * H,)),
        b_hh=(b_hh, (gates * H,)),
    )


def rnn_cell(
    x: Tensor,
    h: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
    nonlinearity: str = "tanh",
) -> Tensor:
    """h' = tanh(W_hx x + b_x + W_hh h + b_h), or with ReLU: one step.

    Shape: x (N, D), h (N, H), w_ih (H, D), w_hh (H, H), both biases (H,) -> (N, H); N may be left out.

    Raises ValueError for shapes, dtypes or devices that do not fit, or another nonlinearity, naming them.
    """
    if is_on(x):
        return under_autocast(rnn_cell, locals())
    _step(x, h, w_ih, w_hh, b_ih, b_hh, gates=1)
    return nonlinear(nonlinearity)(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh))


def nonlinear(name: str) -> Callable[[Tensor], Tensor]:
    """The function of this name. ValueError for another name, naming it."""
    if name not in NONLINEARITIES:
        raise ValueError(f"nonlinearity must be one of {', '.join(NONLINEARITIES)}, not {name!r}")
    return NONLINEARITIES[name]


def lstm_cell(
    x: Tensor,
    hx: tuple[Tensor, Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c') with i, f, o = σ(…) and g = tanh(…): one step.

    Where f is near 1, c passes through unchanged: ∂c_T/∂c_0 along this path is Π_t f_t.

    Shape: x (N, D), hx = (h, c) both (N, H), w_ih (4H, D), w_hh (4H, H), both biases (4H,) -> (h', c'),
    both (N, H).

    Source: Gers, Schmidhuber, Cummins (2000), equations (3) to (6), without peepholes.

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(x):
        return under_autocast(lstm_cell, locals())
    if not isinstance(hx, (tuple, list)) or len(hx) != 2:
        raise ValueError(f"hx must be the pair (h, c), not {type(hx).__name__}")
    h, c = hx
    _step(x, h, w_ih, w_hh, b_ih, b_hh, gates=4)
    same_kind(h=h, c=c)
    shaped(c=(c, tuple(h.shape)))
    return _lstm(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh), c)


def _lstm(gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    i, f, g, o = gates.chunk(4, -1)
    c = torch.addcmul(torch.sigmoid(f) * c, torch.sigmoid(i), torch.tanh(g))
    return torch.sigmoid(o) * torch.tanh(c), c


Weights = tuple[Tensor, Tensor, Tensor | None, Tensor | None]


def rnn(
    x: Tensor,
    h: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
    nonlinearity: str = "tanh",
) -> tuple[Tensor, Tensor]:
    """h_t = `rnn_cell`(x_t, h_{t−1}) for t = 1..T: all states, and the last one.

    What does not wait for the state before, W_hx x_t + b_x, is computed for all t at once.

    Shape: x (T, N, D), h (N, H), weights as `rnn_cell` -> (T, N, H) and (N, H).

    Raises ValueError as `rnn_cell`, and for an x without a position.
    """
    if is_on(x):
        return under_autocast(rnn, locals())
    one_sequence(x)
    _step(x[0], h, w_ih, w_hh, b_ih, b_hh, gates=1)
    apply = nonlinear(nonlinearity)
    states = []
    for from_x in linear(x, w_ih, b_ih).unbind(0):
        h = apply(from_x + linear(h, w_hh, b_hh))
        states.append(h)
    return torch.stack(states), h


def lstm(
    x: Tensor,
    hx: tuple[Tensor, Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """(h_t, c_t) = `lstm_cell`(x_t, (h_{t−1}, c_{t−1})) for t = 1..T: all h, and the last pair.

    Shape: x (T, N, D), hx both (N, H), weights as `lstm_cell` -> (T, N, H) and a pair (N, H).

    Raises ValueError as `lstm_cell`, and for an x without a position.
    """
    if is_on(x):
        return under_autocast(lstm, locals())
    one_sequence(x)
    if not isinstance(hx, (tuple, list)) or len(hx) != 2:
        raise ValueError(f"hx must be the pair (h, c), not {type(hx).__name__}")
    h, c = hx
    _step(x[0], h, w_ih, w_hh, b_ih, b_hh, gates=4)
    shaped(c=(c, tuple(h.shape)))
    states = []
    for from_x in linear(x, w_ih, b_ih).unbind(0):
        h, c = _lstm(from_x + linear(h, w_hh, b_hh), c)
        states.append(h)
    return torch.stack(states), (h, c)


def one_sequence(x: Tensor) -> None:
    """Refuse an x that is not one tensor (T, N, D) with at least one position."""
    if isinstance(x, PackedSequence):
        raise ValueError(
            "x must be one tensor (T, N, D), not a PackedSequence: unpack it with"
            " torch.nn.utils.rnn.pad_packed_sequence, and read each row's last state at its own length"
        )
    same_kind(x=x)
    if x.dim() != 3 or len(x) == 0:
        raise ValueError(f"x must have the dimensions (T, N, D) with T >= 1, not shape {tuple(x.shape)}")


def bidirectional(
    layer: Callable[..., tuple[Tensor, Any]],
    x: Tensor,
    hx: tuple[Any, Any],
    forwards: Weights,
    backwards: Weights,
) -> tuple[Tensor, tuple[Any, Any]]:
    """[h→_t ; h←_t]: one layer reads x from the first position on, one from the last;
    their states side by side.

    Shape: layer `rnn` or `lstm`, x (T, N, D), hx a pair of their first states -> (T, N, 2H),
    a pair of last states.

    Source: Schuster, Paliwal (1997), section 2.

    Raises ValueError as the layer.
    """
    one_sequence(x)
    if not isinstance(hx, (tuple, list)) or len(hx) != 2:
        raise ValueError(
            f"hx must be a pair of first states, one for each direction, not {type(hx).__name__}"
        )
    there, last = layer(x, hx[0], *forwards)
    back, first = layer(x.flip(0), hx[1], *backwards)
    return torch.cat([there, back.flip(0)], -1), (last, first)
