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
from math import sqrt
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence

from nonconv.layers._arguments import floating, same_kind, shaped
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
    _step(x, h, w_ih, w_hh, b_ih, b_hh, gates=1)
    return _nonlinear(nonlinearity)(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh))


def _nonlinear(name: str) -> Callable[[Tensor], Tensor]:
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
    _sequence(x)
    _step(x[0], h, w_ih, w_hh, b_ih, b_hh, gates=1)
    apply = _nonlinear(nonlinearity)
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
    _sequence(x)
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


def _sequence(x: Tensor) -> None:
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
    _sequence(x)
    if not isinstance(hx, (tuple, list)) or len(hx) != 2:
        raise ValueError(
            f"hx must be a pair of first states, one for each direction, not {type(hx).__name__}"
        )
    there, last = layer(x, hx[0], *forwards)
    back, first = layer(x.flip(0), hx[1], *backwards)
    return torch.cat([there, back.flip(0)], -1), (last, first)


# what the framework's modules have beyond these, and what to do instead
_NOT_BUILT = {
    "proj_size": "multiply the states by a matrix of your own, such as `Linear`'s",
    "dropout": "put nn.Dropout between two modules of one layer each",
}


class _Recurrent(nn.Module):
    """Several layers, each reading the states of the one below, in one or both directions.

    With `batch_first`, x and the states are (N, T, …); first and last states stay (layers·directions, N, H).
    Raises ValueError for `dropout`, `proj_size` and a PackedSequence, which only torch.nn has.
    """

    gates: int

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        bidirectional: bool = False,
        *,
        batch_first: bool = False,
        dropout: float = 0.0,
        proj_size: int = 0,
    ) -> None:
        super().__init__()
        for name, value in (("dropout", dropout), ("proj_size", proj_size)):
            if value:
                raise ValueError(f"{name} must be left out, not {value}: {_NOT_BUILT[name]}")
        if min(input_size, hidden_size, num_layers) < 1:
            raise ValueError(
                "input_size, hidden_size and num_layers must be at least 1, not"
                f" {input_size}, {hidden_size} and {num_layers}"
            )
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bidirectional, self.directions = bidirectional, 2 if bidirectional else 1
        self.batch_first = batch_first
        bound, rows = 1 / sqrt(hidden_size), self.gates * hidden_size
        for layer in range(num_layers):
            width = input_size if layer == 0 else hidden_size * self.directions
            for suffix in self._suffixes(layer):
                shapes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden_size)}
                if bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                for name, shape in shapes.items():
                    value = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
                    self.register_parameter(name + suffix, value)

    def _suffixes(self, layer: int) -> list[str]:
        return [f"_l{layer}", f"_l{layer}_reverse"][: self.directions]

    def weights(self, suffix: str) -> Weights:
        """(w_ih, w_hh, b_ih, b_hh) of one layer and direction, such as "_l0" or "_l1_reverse"."""
        own = dict(self.named_parameters())
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return tuple(own.get(name + suffix) for name in names)  # type: ignore[return-value]

    def _through(self, layer: Callable, x: Tensor, states: list[Any]) -> tuple[Tensor, list[Any]]:
        last = []
        for depth in range(self.num_layers):
            weights = [self.weights(suffix) for suffix in self._suffixes(depth)]
            if self.bidirectional:
                both = (states[2 * depth], states[2 * depth + 1])
                x, ends = bidirectional(layer, x, both, *weights)  # type: ignore[misc]
                last += ends
            else:
                x, end = layer(x, states[depth], *weights[0])
                last.append(end)
        return x, last

    def _turned(self, x: Tensor) -> Tensor:
        """With `batch_first`, (N, T, …) as (T, N, …) and back."""
        turned = self.batch_first and isinstance(x, Tensor) and x.dim() == 3
        return x.transpose(0, 1) if turned else x

    def _first(self, x: Tensor, hx: Tensor | None) -> list[Tensor]:
        _sequence(x)
        number = self.num_layers * self.directions
        if hx is None:
            return [x.new_zeros(x.shape[1], self.hidden_size) for _ in range(number)]
        shaped(hx=(hx, (number, x.shape[1], self.hidden_size)))
        return list(hx.unbind(0))


class RNN(_Recurrent):
    """`rnn`, deep and in both directions if asked, with parameters named as `torch.nn.RNN`'s.

    Shape: x (T, N, D), hx (layers·directions, N, H),
    zero if not given -> (T, N, H·directions) and the last states; with `batch_first`, (N, T, …).
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        bidirectional: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(input_size, hidden_size, num_layers, bias, bidirectional, **more)
        _nonlinear(nonlinearity)
        self.nonlinearity = nonlinearity

    def forward(self, x: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        def layer(x: Tensor, h: Tensor, *weights: Any) -> tuple[Tensor, Tensor]:
            return rnn(x, h, *weights, nonlinearity=self.nonlinearity)

        x = self._turned(x)
        Y, last = self._through(layer, x, self._first(x, hx))
        return self._turned(Y), torch.stack(last)


class LSTM(_Recurrent):
    """`lstm`, deep and in both directions if asked, with parameters named as `torch.nn.LSTM`'s.

    Shape: x (T, N, D), hx a pair (layers·directions, N, H),
    zero if not given -> (T, N, H·directions) and the last pair; with `batch_first`, (N, T, …).
    """

    gates = 4

    def forward(
        self, x: Tensor, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        x = self._turned(x)
        h, c = (self._first(x, None), self._first(x, None)) if hx is None else (self._first(x, t) for t in hx)
        Y, last = self._through(lstm, x, list(zip(h, c, strict=True)))
        h, c = zip(*last, strict=True)
        return self._turned(Y), (torch.stack(h), torch.stack(c))
