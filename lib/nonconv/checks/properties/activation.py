"""Properties of unit 3: numbers of every size, counterexamples, an own run."""

import math
from collections.abc import Callable
from itertools import takewhile
from statistics import median
from typing import Any

import torch
from torch import Tensor

from nonconv.checks.compare import Foreign, alone, describe, show
from nonconv.checks.given.training import STEPS, training_errors
from nonconv.checks.properties._base import finite, number, parts, registered, row, tensors


def _digits_kept(
    x: Tensor, right: Callable[[Tensor], Tensor], answer: Any, advice: dict[str, str]
) -> str | None:
    """None where the answer has the digits of its dtype at each x, however small the right number is."""
    if not isinstance(answer, Tensor):
        if isinstance(answer, Foreign) and answer.numpy:
            return "expected a tensor, got a NumPy array; stay in torch, or use torch.from_numpy"
        return f"expected a tensor, got {describe(answer)}; work on the whole tensor x at once"
    if answer.shape != x.shape:
        return f"expected shape {tuple(x.shape)}, got {tuple(answer.shape)}"
    if answer.dtype != x.dtype:
        return f"its dtype is {answer.dtype}, but it follows the input: {x.dtype}"
    kind = torch.finfo(x.dtype)
    got, exact = answer.detach().double(), right(x.double())
    # a rounded exponent may cost some digits; below the smallest normal number there are fewer, and 0 will do
    wrong = ~((got - exact).abs() <= 1000 * kind.eps * exact.abs() + kind.tiny)
    if not bool(wrong.any()):
        return None
    n = int(wrong.int().argmax())
    at, have, want = x[n].item(), got[n].item(), exact[n].item()
    digits = 6 if f"{want:.6g}" != f"{have:.6g}" else 17
    said = f"at x = {at:g} in {str(x.dtype)[6:]}: expected {want:.{digits}g}, got {have:.{digits}g}. "
    if math.isnan(have):
        return said + advice["nan"]
    if abs(have - want) <= 4 * kind.eps and (
        have == 0 or abs(have) >= kind.eps / 4
    ):  # what is left of 1 − (nearly 1)
        return said + advice["digits"]
    if (end := _cut_off(at, have, right)) is not None:
        return said + f"From {end:g} on all x get one value: are they cut off there, as clamp does?"
    if abs(have - want) < 1e-3 * abs(want):
        return said + (
            "That is near, but not to the digits of this dtype: a formula is exact, a difference"
            " quotient is not, nor is a rounded number."
        )
    return said + advice["else"]


def _cut_off(at: float, have: float, right: Callable[[Tensor], Tensor]) -> float | None:
    """The whole number at which x seems to be cut off: what is right there was given at x = `at`, far out."""
    ends = torch.arange(1, max(1, min(math.ceil(abs(at)), 1000)), dtype=torch.float64) * math.copysign(1, at)
    there = right(ends)
    close = (there - have).abs() <= 1e-5 * torch.minimum(there, 1 - there)
    return ends[close][0].item() if have not in (0, 1) and bool(close.any()) else None


@registered()
def keeps_its_digits_as_sigmoid(inputs: dict[str, Any], answer: Any) -> str | None:
    """σ(x) at each x, with the digits of x's dtype: neither ∞/∞ for large |x|, nor 0 for a small σ."""
    x = inputs["x"]
    advice = {
        "nan": "Here a power of e is ∞, and ∞/∞ is no number. Which form divides by 1 + e^(something) only?",
        "digits": "σ is small here, and its digits are lost:"
        " was it computed as 1 minus (or plus) something near 1?",
        "else": "Is it σ(x) = 1/(1 + e^−x) for every x, far out too?",
    }
    return _digits_kept(x, _sigmoid, answer, advice)


@registered()
def keeps_its_digits_as_slope(inputs: dict[str, Any], answer: Any) -> str | None:
    """σ'(x) at each x, with the digits of x's dtype."""
    x = inputs["x"]
    advice = {
        "nan": "Here a power of e is ∞: ∞/∞ and 0·∞ are no numbers.",
        "digits": "The slope is small here, and its digits are lost:"
        " 1 − σ subtracts two nearly equal numbers."
        " Which value of σ is 1 − σ(x), without a subtraction?",
        "else": "Is it σ'(x) = σ(x) σ(−x)?",
    }
    return _digits_kept(x, _slope, answer, advice)


def _slope(x: Tensor) -> Tensor:
    return _sigmoid(x) * _sigmoid(-x)


def _sigmoid(x: Tensor) -> Tensor:
    small = torch.exp(-x.abs())  # never overflows
    return torch.where(x >= 0, 1, small) / (1 + small)


@registered()
def breaks_the_gradient_of_the_sigmoid(_: dict[str, Any], answer: Any) -> str | None:
    """A number x at which autograd through 1/(1 + e^−x), in float32, gives NaN, though the value is right."""
    at = number(answer, "x")
    if not math.isfinite(at):
        return f"x must be finite, not {at}"
    x = torch.tensor(at, dtype=torch.float32, requires_grad=True)
    if not bool(torch.isfinite(x)):
        return "x must be finite in float32"
    (slope,) = torch.autograd.grad(1 / (1 + torch.exp(-x)), x)
    if bool(torch.isnan(slope)):
        return None
    power = torch.exp(-x).item()
    said = f"at x = {at:g} the gradient is {slope.item():.4g}, a number. "
    return said + (
        f"There e^−x = {power:.4g}: make it overflow. The largest float32 is"
        f" {torch.finfo(torch.float32).max:.2g}."
    )


@registered()
def escapes_with_these_signs(inputs: dict[str, Any], answer: Any) -> str | None:
    """(X, delta): positive inputs and their δ for which Σ δ_n x_n has the signs that were asked for."""
    X, delta = tensors(parts(answer, 2, "(X, delta)", of_tensors=True), "X and delta must be tensors")
    signs = inputs["signs"]
    count = len(signs)
    if X.dim() != 2 or delta.dim() != 1 or X.shape != (len(delta), count):
        return f"expected shapes (N, {count}) and (N,), got {tuple(X.shape)} and {tuple(delta.shape)}"
    X, delta = finite(X, delta)
    if not bool((X > 0).all()):
        return f"all inputs must be positive, as behind a σ; there is a {X.min().item():g}"
    scaled = _scaled(delta) @ _scaled(X)  # the size does not matter, and that of a product may be ∞ or 0
    clear = scaled.abs() > 1e-9 * (_scaled(delta).abs() @ _scaled(X))
    if bool(clear.all()) and torch.equal(scaled.sign(), signs.to(scaled)):
        return None
    gradient = ", ".join(f"{value:.4g}" for value in (delta @ X).tolist())
    wanted = ", ".join("+" if sign > 0 else "−" for sign in signs.tolist())
    said = f"the batch's gradient is ({gradient}): its signs are not ({wanted}). "
    if len(delta) < 2:
        return said + "One example cannot escape: its gradient is δ x. Take two."
    if bool((delta >= 0).all()) or bool((delta <= 0).all()):
        return said + "All your δ have one sign, so each example pulls the same way."
    return (
        said + "Let an example with δ > 0 have large inputs where a + is asked for, one with δ < 0 where a −."
    )


def _scaled(values: Tensor) -> Tensor:
    """Divided by the largest of them, in size."""
    largest = values.abs().max() if values.numel() else 0
    return values / largest if largest > 0 else values


def _first_below(
    activation: str, rate: float, level: float = 0.25, before: float = math.inf
) -> list[int | None]:
    """The step at which each of three runs falls below the level; None if it does not, before that step."""
    curves = [training_errors(activation, rate, seed) for seed in range(3)]
    early = [takewhile(lambda step: step[0] < before, enumerate(curve)) for curve in curves]
    return [next((step for step, error in run if error < level), None) for run in early]


def _median(steps: list[int | None]) -> float:
    return median(math.inf if step is None else step for step in steps)


@registered()
def is_read_off_an_own_run(_: dict[str, Any], answer: Any) -> str | None:
    """(rate of σ, rate of ReLU, steps of σ, steps of ReLU, faster), as runs at fair rates give them."""
    wanted = "(rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster)"
    *rates, sigmoids, relus, faster = parts(answer, 5, wanted)
    rates = [number(rate, "a learning rate") for rate in rates]
    for rate in rates:
        if not 0 < rate < math.inf:
            return f"a learning rate must be a positive number, not {rate:g}"
    truth = {}
    for name, rate, steps in zip(("sigmoid", "relu"), rates, (sigmoids, relus), strict=True):
        steps = row(steps, f"the steps of {name}")
        if len(steps) != 3:
            return f"the steps of {name} must be a list of three, for the seeds 0, 1 and 2"
        truth[name] = _first_below(name, rate)
        for seed, (said, is_so) in enumerate(zip(steps, truth[name], strict=True)):
            if alone(said) != is_so:
                run = f'training_curve("{name}", {rate:g}, seed={seed})'
                where = (
                    "never falls below 0.25"
                    if is_so is None
                    else f"is below 0.25 for the first time at step {is_so}"
                )
                yours = show(alone(said))
                return f"{run} {where}, but you return {yours}. (Steps count from 0; None for never.)"
        if _median(truth[name]) == math.inf:
            return (
                f"with rate {rate:g} {name} does not get below 0.25 in {STEPS} steps for most seeds:"
                " try other rates"
            )
        for other in (3 * rate, rate / 3):
            if _median(_first_below(name, other, before=0.6 * _median(truth[name]))) < math.inf:
                return (
                    f"the race is not fair yet: with rate {other:g} instead of {rate:g} {name} would be"
                    " much faster."
                    " Choose the rate of each on its own, from several."
                )
    difference = _median(truth["sigmoid"]) - _median(truth["relu"])
    winner = "neither" if difference == 0 else "relu" if difference > 0 else "sigmoid"
    if faster == winner:
        return None
    medians = f"{_median(truth['sigmoid']):g} for sigmoid, {_median(truth['relu']):g} for relu"
    return f'faster must be "sigmoid", "relu" or "neither", read off your medians ({medians}), not {faster!r}'
