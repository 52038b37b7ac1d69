"""Right answers in other costumes."""

from itertools import takewhile

import numpy as np
import torch

from nonconv.authoring import right
from nonconv.checks.given.training import training_curve


@right("first_step_below")
def by_numpy(curve, level):
    below = np.flatnonzero(np.array(curve) < level)
    return below[0] if len(below) else None


@right("first_step_below")
def by_a_mask(curve, level):
    below = (torch.tensor(curve) < level).nonzero()
    return below[0].item() if len(below) else None


@right("first_step_below")
def by_counting_up(curve, level):
    for n in range(len(curve)):
        if curve[n] < level:
            return torch.tensor(n)
    return None


@right("own_run")
def with_other_rates():
    found = []
    for name, rate in (("sigmoid", 0.8), ("relu", 0.25)):
        errors = torch.tensor([training_curve(name, rate, seed) for seed in range(3)])
        found.append((errors < 0.25).int().argmax(1).tolist())
    return 0.8, 0.25, *found, "relu"


@right("own_run")
def by_searching_the_rates():
    def steps(name, rate):
        curves = [training_curve(name, rate, seed) for seed in (0, 1, 2)]
        return [next((n for n, error in enumerate(curve) if error < 0.25), 999) for curve in curves]

    best = {}
    for name in ("sigmoid", "relu"):
        best[name] = min((sorted(steps(name, rate))[1], rate) for rate in (0.1, 0.3, 1.0, 2.0))[1]
    sigmoid, relu = (steps(name, best[name]) for name in ("sigmoid", "relu"))
    medians = sorted(sigmoid)[1], sorted(relu)[1]
    return best["sigmoid"], best["relu"], sigmoid, relu, "relu" if medians[1] < medians[0] else "sigmoid"


@right("first_step_below")
def by_a_tensor(curve, level):
    steps = torch.arange(len(curve))[torch.tensor(curve) < level]
    return steps.min() if len(steps) else None


@right("first_step_below")
def by_recursion(curve, level):
    def look(step):
        if step == len(curve):
            return None
        return step if curve[step] < level else look(step + 1)

    return look(0)


@right("first_step_below")
def by_what_comes_before(curve, level):
    above = list(takewhile(lambda error: not error < level, curve))
    return len(above) if len(above) < len(curve) else None


@right("first_step_below")
def by_the_smallest_step(curve, level):
    return min((n for n in range(len(curve)) if curve[n] < level), default=None)


@right("own_run")
def with_tuples_of_floats():
    def steps(name, rate):
        curves = [training_curve(name, rate, seed) for seed in (0, 1, 2)]
        return tuple(float(np.argmax(np.array(curve) < 0.25)) for curve in curves)

    return 1, 0.3, steps("sigmoid", 1), steps("relu", 0.3), "relu"


@right("own_run")
def with_tensors_of_steps():
    rates, steps = torch.tensor([1.5, 0.2], dtype=torch.float64), []
    for name, rate in zip(("sigmoid", "relu"), rates.tolist(), strict=True):
        errors = np.array([training_curve(name, rate, seed) for seed in range(3)])
        steps.append(torch.from_numpy((errors < 0.25).argmax(1)))
    medians = [s.median() for s in steps]
    faster = "neither" if medians[0] == medians[1] else "relu" if medians[0] > medians[1] else "sigmoid"
    return [*rates, *steps, faster]


@right("own_run")
def by_a_while_loop():
    found = {}
    for name, rate in (("sigmoid", 0.9), ("relu", 0.3)):
        found[name] = []
        for seed in range(3):
            curve, n = training_curve(name, rate, seed), 0
            while curve[n] >= 0.25:
                n += 1
            found[name].append(n)
    return 0.9, np.float64(0.3), found["sigmoid"], found["relu"], "relu"
