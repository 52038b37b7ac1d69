"""Properties of unit 6: a search that beats greedy search, and an LSTM whose weights are a switch."""

from typing import Any

import torch
from torch import Tensor

from nonconv.checks.given.sequences import SYMBOLS, steps
from nonconv.checks.properties._base import Unfit, finite, parts, registered, row, tensors, whole

UP, DOWN = 0.5, 0.1  # of the output, behind a set and behind a reset


def _sequence(answer: Any, length: int) -> list[int]:
    """A finished sequence: symbols, the end at most at its end; Unfit says what is none."""
    symbols = [whole(value, "each symbol") for value in row(answer, "the answer", "a list of symbols")]
    if not symbols:
        raise Unfit("the list is empty: a sequence has at least one symbol")
    if strange := [symbol for symbol in symbols if not 0 <= symbol < SYMBOLS]:
        raise Unfit(f"{strange[0]} is no symbol: they are the whole numbers from 0 to {SYMBOLS - 1}")
    if 0 in symbols[:-1]:
        raise Unfit("there is something behind symbol 0, which is the end")
    if len(symbols) > length:
        raise Unfit(f"it has {len(symbols)} symbols, but at most {length} are allowed")
    if symbols[-1] != 0 and len(symbols) < length:
        raise Unfit(
            f"it is not finished: it has {len(symbols)} of {length} symbols, and does not end with symbol 0"
        )
    return symbols


def total(seed: int, symbols: list[int]) -> float:
    """Σ_t log p(x_t | x_<t) under the model of that seed."""
    return sum(steps(seed, tuple(symbols[max(t - 2, 0) : t]))[symbol] for t, symbol in enumerate(symbols))


def greedy(seed: int, length: int, start: tuple[int, ...] = ()) -> list[int]:
    """The likeliest symbol at each step, behind a start."""
    symbols = list(start)
    while len(symbols) < length and symbols[-1:] != [0]:
        row = steps(seed, tuple(symbols[-2:]))
        symbols.append(row.index(max(row)))
    return symbols


@registered()
def beats_greedy_search(inputs: dict[str, Any], answer: Any) -> str | None:
    """A finished sequence that is likelier than the one that greedy search writes."""
    seed, length = inputs["log_p"].parameters["seed"], inputs["length"]
    symbols = _sequence(answer, length)
    easy = greedy(seed, length)
    found, least = total(seed, symbols), total(seed, easy)
    if symbols == easy:
        return (
            f"this is what greedy search writes (log p = {least:.4g}), and a likelier sequence is to be"
            " found: take another symbol than the likeliest somewhere, and go on from both"
        )
    if found > least + 1e-9:
        return None
    return (
        f"log p of {symbols} is {found:.4g}, but greedy search finds {easy} with {least:.4g}. Compare what"
        " you found with it before you return"
    )


def _events(T: int, seed: int) -> Tensor:
    """Sets and resets, (steps, 2): nothing at first, then each kind once and twice, with T steps between."""
    generator = torch.Generator().manual_seed(seed)
    order = [0, 1, 0, 0, 1, 1, 0, 1]
    gaps = [3, 1, T, 2, T, 1, T, T]
    events = []
    for kind, gap in zip(order, gaps, strict=True):
        events += [[0.0, 0.0]] * (gap + int(torch.randint(2, (1,), generator=generator)))
        events.append([1.0, 0.0] if kind == 0 else [0.0, 1.0])
    return torch.tensor([*events, *[[0.0, 0.0]] * T], dtype=torch.float64)


@registered()
def is_a_switch(inputs: dict[str, Any], answer: Any) -> str | None:
    """(W, b) of an LSTM with one unit, whose output is up behind a set and down behind a reset."""
    W, b = tensors(parts(answer, 2, "the pair (W, b)"), "W and b must be tensors")
    for name, value, shape in (("W", W, (4, 3)), ("b", b, (4,))):
        if tuple(value.shape) != shape:
            return f"{name} must have shape {shape}, not {tuple(value.shape)}"
    W, b = finite(W, b)
    T = inputs["T"]
    events = _events(T, T)
    h = C = torch.zeros((), dtype=torch.float64)
    last, since = "the start", 0
    for t, x in enumerate(events, 1):
        i, f, g, o = W @ torch.stack([h, *x]) + b
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(C)
        if bool(x.any()):
            last, since = ("a set" if x[0] else "a reset"), t
        if last == "a set" and not h > UP:
            wanted = f"above {UP}"
        elif last != "a set" and not h.abs() < DOWN:
            wanted = f"between −{DOWN} and {DOWN}"
        else:
            continue
        steps_ago = f"{t - since} step{'s' * (t - since != 1)}"
        when = f"{steps_ago} behind {last}" if t > since else f"in the step of {last}"
        return (
            f"at step {t}, {when}, h is {h:.3g}, but must be {wanted}. In that step i ="
            f" {torch.sigmoid(i):.3g}, f = {torch.sigmoid(f):.3g}, C̃ = {torch.tanh(g):.3g}, o ="
            f" {torch.sigmoid(o):.3g}, and C = {C:.3g}"
        )
    return None
