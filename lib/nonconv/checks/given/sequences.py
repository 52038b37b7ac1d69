"""What the exercises of unit 6 hand over: RNNs, a decoder's step, and models of the next symbol.

All in float64, with numbers that depend on the seed alone.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from nonconv.checks.given.layers import layer

SYMBOLS = 4  # of the models; symbol 0 is the end


def _numbers(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@layer("recurrent", "an RNN, {seed}")
def recurrent(x: Tensor, *, seed: int = 0) -> Tensor:
    """h_t = tanh(W_hh h_{t−1} + W_hx x_t), h_0 = 0, from the first row to the last: (T, 3) -> (T, 2)."""
    if not isinstance(x, Tensor) or x.dim() != 2 or x.shape[1] != 3:
        got = f"shape {tuple(x.shape)}" if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(f"this RNN reads a tensor of shape (T, 3), not {got}")
    W_hh, W_hx = _numbers(2, 2, seed=seed), _numbers(2, 3, seed=seed + 1)
    h, states = x.new_zeros(2), []
    for row in x:
        h = torch.tanh(W_hh.to(x) @ h + W_hx.to(x) @ row)
        states.append(h)
    return torch.stack(states) if states else x.new_zeros(0, 2)


@layer("decoder-step", "a decoder, {seed}")
def decoder_step(token: Any, state: Tensor, *, seed: int = 0, whole: bool = False) -> tuple[Tensor, Tensor]:
    """(a score for each of five tokens, the next state): a token from 0 to 4 and a state (3,).

    `whole`: the scores are whole numbers, so that the likeliest are often two.
    """
    token = int(token)
    if not 0 <= token < 5:
        raise ValueError(f"a token is a whole number from 0 to 4, not {token}")
    if not isinstance(state, Tensor) or state.shape != (3,):
        raise ValueError("the state is a tensor of shape (3,): the one given, or the one that step returned")
    E, W, U = _numbers(5, 3, seed=seed), _numbers(3, 3, seed=seed + 1), 3 * _numbers(5, 3, seed=seed + 2)
    state = torch.tanh(W @ state.double() + 2 * E[token])
    scores = U @ state
    return scores.round() if whole else scores, state


def log_probabilities(prefix: Sequence[int], seed: int) -> Tensor:
    """log p of each symbol behind the prefix, which may be empty: it depends on its last two symbols."""
    symbols = [int(symbol) for symbol in prefix]
    if any(not 0 <= symbol < SYMBOLS for symbol in symbols):
        raise ValueError(f"a prefix holds whole numbers from 0 to {SYMBOLS - 1}, not {symbols}")
    last = sum((symbol + 1) * 5**place for place, symbol in enumerate(symbols[-2:]))
    return _log_p(100 * seed + last).clone()


@lru_cache(maxsize=50_000)
def steps(seed: int, last: tuple[int, ...]) -> tuple[float, ...]:
    """The same as plain numbers, behind the last two symbols: quick, for searches of the course's own."""
    return tuple(log_probabilities(last, seed).tolist())


@lru_cache(maxsize=4096)
def _log_p(seed: int) -> Tensor:
    """The same numbers on every machine, in four decimals; two sequences never tie."""
    return torch.log_softmax((2.5 * _numbers(SYMBOLS, seed=seed)).round(decimals=4), 0)


@layer("next-symbol", "a model of the next symbol, {seed}")
def next_symbol(prefix: Sequence[int], *, seed: int = 0) -> Tensor:
    """log p of each of four symbols behind a prefix, a list or a tuple of symbols: (4,)."""
    return log_probabilities(prefix, seed)


class _Budgeted:
    """The same, but it can be asked so many times only. A copy shares the budget: it is no second one."""

    __name__ = "budgeted"

    def __init__(self) -> None:
        self.asked = 0

    def fresh(self) -> "_Budgeted":
        """One with its whole budget, for each case of a check."""
        return _Budgeted()

    def __copy__(self) -> "_Budgeted":
        return self

    def __deepcopy__(self, memo: dict) -> "_Budgeted":
        return self

    def __call__(self, prefix: Sequence[int], *, seed: int = 0, budget: int = 20) -> Tensor:
        self.asked += 1
        if self.asked > budget:
            raise RuntimeError(f"the budget of {budget} questions is used up: this is question {self.asked}")
        return log_probabilities(prefix, seed)


layer("budgeted-next-symbol", "a model that can be asked {budget} times, {seed}")(_Budgeted())
