"""A training run that an exercise hands over: small and seeded, so that every run gives the same curve."""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import torch
from torch import Tensor

from nonconv.checks.given.digits import labelled_digits
from nonconv.checks.watching import hands_over, lifted

ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
STEPS, BATCH, HIDDEN = 120, 128, 32


def training_curve(activation: str, rate: float, seed: int = 0) -> list[float]:
    """The training error before each of 120 steps of SGD on digits: 32 hidden units, batches of 128.

    Momentum 0.9, Xavier's weights (He's for ReLU). The error is the share of wrong answers on 500 training
    images.

    Raises ValueError for an activation that is not "sigmoid", "tanh" or "relu", and for a rate that is not
    positive.
    """
    return list(training_errors(activation, rate, seed))


def training_errors(activation: str, rate: float, seed: int = 0) -> Iterator[float]:
    """The errors of `training_curve` one by one: the run goes no further than is asked.

    Raises ValueError as it does, with the first error.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, not {activation!r}")
    if not (rate > 0 and math.isfinite(rate)):
        raise ValueError(f"rate must be a positive number, not {rate!r}")
    run = _run(activation, float(rate), int(seed))
    for step in range(STEPS):
        while step >= len(run.errors):
            run.go_on()
        yield run.errors[step]


class _Run:
    """A run, as far as somebody has asked."""

    def __init__(self, *settings: Any) -> None:
        self._settings = settings
        self._start()

    def _start(self) -> None:
        self.errors: list[float] = []
        self._steps = _steps(*self._settings)

    @hands_over
    def go_on(self) -> None:
        """One step further; from the start again after an interruption."""
        frame = getattr(self._steps, "gi_frame", None)
        if frame is None or frame.f_code is not _steps.__code__ or frame.f_globals is not globals():
            raise TypeError("these are not the steps of a training run")
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # so small a network only loses by more, and sums keep their order
        try:
            with lifted():
                self.errors.append(next(self._steps))
        except BaseException:  # a run that was interrupted in the middle of a step cannot go on
            self._start()
            raise
        finally:
            torch.set_num_threads(threads)


_run = cache(_Run)


def _steps(activation: str, rate: float, seed: int) -> Iterator[float]:
    pictures, labels = labelled_digits()
    images = pictures.reshape(-1, 64)
    phi, random = ACTIVATIONS[activation], torch.Generator().manual_seed(seed)
    gain = 2 if activation == "relu" else 1

    def weights(inputs: int, outputs: int, c: float) -> Tensor:
        normal = torch.randn(inputs, outputs, generator=random, dtype=torch.float64)
        return (normal * math.sqrt(c / inputs)).requires_grad_()

    W, V = weights(64, HIDDEN, gain), weights(HIDDEN, 10, 1)
    b, c = (torch.zeros(n, dtype=torch.float64, requires_grad=True) for n in (HIDDEN, 10))
    parameters = [W, b, V, c]
    momenta = [torch.zeros_like(p) for p in parameters]
    for _ in range(STEPS):
        with torch.no_grad():
            wrong = (phi(images[:500] @ W + b) @ V + c).argmax(1) != labels[:500]
        yield wrong.double().mean().item()
        batch = torch.randint(0, 1500, (BATCH,), generator=random)
        with torch.enable_grad():
            loss = torch.nn.functional.cross_entropy(phi(images[batch] @ W + b) @ V + c, labels[batch])
        with torch.no_grad():
            for p, m, g in zip(parameters, momenta, torch.autograd.grad(loss, parameters), strict=True):
                m.mul_(0.9).add_(g)
                p.sub_(rate * m)
