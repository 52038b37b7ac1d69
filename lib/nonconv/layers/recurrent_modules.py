"""RNN and LSTM as modules: `rnn` and `lstm` of recurrent.py with parameters, deep and in both directions.

Sources: as in recurrent.py; layers on one another: A. Graves, A. Mohamed, G. Hinton, "Speech Recognition with
Deep Recurrent Neural Networks" (2013), section 2, equation (11).
"""

from collections.abc import Callable
from math import sqrt
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.layers._arguments import are_counts, shaped
from nonconv.layers._parameters import Device, Dtype, draw_uniform, empty
from nonconv.layers.recurrent import Weights, bidirectional, lstm, nonlinear, one_sequence, rnn

# what the framework's modules have beyond these, and what to do instead
_NOT_BUILT = {
    "proj_size": "multiply the states by a matrix of your own, such as `Linear`'s",
    "dropout": "put nn.Dropout between two modules of one layer each",
}


def _is_alone(x: Tensor) -> bool:
    """One sequence (T, D), whether `batch_first` or not, as the framework takes it."""
    return isinstance(x, Tensor) and x.dim() == 2


def _check_first(hx: Any, pair: bool) -> None:
    """Refuse first states that are not one tensor, or a pair of them."""
    parts = hx if pair and isinstance(hx, (tuple, list)) else [hx]
    if hx is not None and not (len(parts) == 1 + pair and all(isinstance(state, Tensor) for state in parts)):
        what = "a pair (h, c) of tensors" if pair else "one tensor"
        raise ValueError(f"hx must be {what}, not {type(hx).__name__}")


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
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Device = None,
        dtype: Dtype = None,
    ) -> None:
        super().__init__()
        for name, value in (("dropout", dropout), ("proj_size", proj_size)):
            if value:
                raise ValueError(f"{name} must be left out, not {value}: {_NOT_BUILT[name]}")
        if not are_counts(input_size, hidden_size, num_layers):
            raise ValueError(
                "input_size, hidden_size and num_layers must be integers of at least 1, not"
                f" {input_size}, {hidden_size} and {num_layers}"
            )
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bidirectional, self.directions = bidirectional, 2 if bidirectional else 1
        self.batch_first = batch_first
        rows = self.gates * hidden_size
        for layer in range(num_layers):
            width = input_size if layer == 0 else hidden_size * self.directions
            for suffix in self._suffixes(layer):
                shapes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden_size)}
                if bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                for name, shape in shapes.items():
                    self.register_parameter(name + suffix, empty(*shape, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_uniform(1 / sqrt(self.hidden_size), *self.parameters())

    def extra_repr(self) -> str:
        named = ("num_layers", "batch_first", "bidirectional")
        more = "".join(f", {name}={getattr(self, name)}" for name in named)
        return f"{self.input_size}, {self.hidden_size}{more}"

    def _suffixes(self, layer: int) -> list[str]:
        return [f"_l{layer}", f"_l{layer}_reverse"][: self.directions]

    def weights(self, suffix: str) -> Weights:
        """(w_ih, w_hh, b_ih, b_hh) of one layer and direction, such as "_l0" or "_l1_reverse"."""
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return tuple(getattr(self, name + suffix, None) for name in names)  # type: ignore[return-value]

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

    @property
    def _batch(self) -> int:
        return 0 if self.batch_first else 1

    def _turned(self, x: Tensor) -> Tensor:
        """With `batch_first`, (N, T, …) as (T, N, …) and back."""
        turned = self.batch_first and isinstance(x, Tensor) and x.dim() == 3
        return x.transpose(0, 1) if turned else x

    def _first(self, x: Tensor, hx: Tensor | None) -> list[Tensor]:
        one_sequence(x)
        number = self.num_layers * self.directions
        if hx is None:
            return [x.new_zeros(x.shape[1], self.hidden_size) for _ in range(number)]
        shaped(hx=(hx, (number, x.shape[1], self.hidden_size)))
        return list(hx.unbind(0))


class RNN(_Recurrent):
    """`rnn`, deep and in both directions if asked, with parameters named as `torch.nn.RNN`'s.

    Shape: x (T, N, D), hx (layers·directions, N, H),
    zero if not given -> (T, N, H·directions) and the last states; with `batch_first`, (N, T, …). Without N:
    x (T, D), and no N in the results either.

    Raises ValueError for sizes below 1, another nonlinearity, and states or an x of other shapes.
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Device = None,
        dtype: Dtype = None,
    ) -> None:
        own = (bias, batch_first, dropout, bidirectional, proj_size, device, dtype)
        super().__init__(input_size, hidden_size, num_layers, *own)
        nonlinear(nonlinearity)
        self.nonlinearity = nonlinearity

    def forward(self, x: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        def layer(x: Tensor, h: Tensor, *weights: Any) -> tuple[Tensor, Tensor]:
            return rnn(x, h, *weights, nonlinearity=self.nonlinearity)

        _check_first(hx, pair=False)
        if _is_alone(x):
            Y, h = self.forward(x.unsqueeze(self._batch), hx if hx is None else hx.unsqueeze(1))
            return Y.squeeze(self._batch), h.squeeze(1)
        x = self._turned(x)
        Y, last = self._through(layer, x, self._first(x, hx))
        return self._turned(Y), torch.stack(last)


class LSTM(_Recurrent):
    """`lstm`, deep and in both directions if asked, with parameters named as `torch.nn.LSTM`'s.

    Shape: x (T, N, D), hx a pair (layers·directions, N, H),
    zero if not given -> (T, N, H·directions) and the last pair; with `batch_first`, (N, T, …). Without N:
    x (T, D), and no N in the results either.

    Raises ValueError for sizes below 1, and states or an x of other shapes.
    """

    gates = 4

    def forward(
        self, x: Tensor, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        _check_first(hx, pair=True)
        if _is_alone(x):
            pair = hx if hx is None else (hx[0].unsqueeze(1), hx[1].unsqueeze(1))
            Y, (h, c) = self.forward(x.unsqueeze(self._batch), pair)
            return Y.squeeze(self._batch), (h.squeeze(1), c.squeeze(1))
        x = self._turned(x)
        h, c = (self._first(x, None), self._first(x, None)) if hx is None else (self._first(x, t) for t in hx)
        Y, last = self._through(lstm, x, list(zip(h, c, strict=True)))
        h, c = zip(*last, strict=True)
        return self._turned(Y), (torch.stack(h), torch.stack(c))
