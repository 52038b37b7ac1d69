"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import numpy as np
import torch

from nonconv.authoring import right, wrong
from nonconv.checks.given.training import training_curve

FIRST = ("first-step-logs", "first-step-edges")


@wrong("first_step_below", shows="the step: expected 2, got 1", loses=FIRST[1:])
def takes_the_level_as_below(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value <= level), None)


@wrong("first_step_below", says="steps count from 0.", loses=FIRST)
def counts_from_one(curve, level):
    return next((n for n, value in enumerate(curve.tolist(), 1) if value < level), None)


@wrong(
    "first_step_below",
    says="this is the step after which it *stays* below; asked is the first time.",
    loses=FIRST[:1],
)
def waits_until_it_stays(curve, level):
    step = None
    for n, value in reversed(list(enumerate(curve.tolist()))):
        if value >= level:
            break
        step = n
    return step


@wrong("first_step_below", says="this is the error there; asked is the step.", loses=FIRST)
def returns_the_error(curve, level):
    return next((value for value in curve.tolist() if value < level), None)


@wrong(
    "first_step_below",
    says="where the curve never is below the level, argmax gives 0: that case needs None.",
    loses=FIRST[:1],
)
def gives_zero_for_never(curve, level):
    return int((curve < level).int().argmax())


@wrong(
    "first_step_below",
    says="this is the step with the smallest error; asked is the first one below the level.",
    loses=FIRST,
)
def takes_the_lowest_point(curve, level):
    return int(curve.argmin()) if curve.min() < level else None


@wrong("first_step_below", shows="the step: expected a number, got None", loses=FIRST[1:])
def knows_only_a_quarter(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value < 0.25), None)


@wrong(
    "first_step_below", says="the loop ends at its first step: `return None` belongs behind it.", loses=FIRST
)
def gives_up_at_once(curve, level):
    for n, value in enumerate(curve.tolist()):
        if value < level:
            return n
        else:
            return None


@wrong("first_step_below", shows="the step: expected a number, got None", loses=FIRST[1:])
def takes_step_zero_for_nothing(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value < level), None) or None


@right("first_step_below")
def by_numpy(curve, level):
    below = np.flatnonzero(curve.numpy() < level)
    return below[0] if len(below) else None


@right("first_step_below")
def by_a_mask(curve, level):
    below = (curve < level).nonzero()
    return below[0].item() if len(below) else None


@right("first_step_below")
def by_counting_up(curve, level):
    for n in range(len(curve)):
        if curve[n] < level:
            return torch.tensor(n)
    return None


RUN = ["own-run"]


@wrong("own_run", shows="the race is not fair yet", loses=RUN)
def takes_one_rate_for_both():
    def steps(name):
        curves = [training_curve(name, 0.1, seed) for seed in range(3)]
        return [next((n for n, error in enumerate(curve) if error < 0.25), None) for curve in curves]

    return 0.1, 0.1, steps("sigmoid"), steps("relu"), "relu"


@wrong("own_run", shows="does not get below 0.25 in 120 steps", loses=RUN)
def trains_sigma_too_slowly():
    relu = [training_curve("relu", 0.3, seed) for seed in range(3)]
    return (
        0.003,
        0.3,
        [None] * 3,
        [next(n for n, error in enumerate(c) if error < 0.25) for c in relu],
        "relu",
    )


@wrong("own_run", shows="Steps count from 0", loses=RUN)
def counts_the_steps_from_one():
    def steps(name, rate):
        curves = [training_curve(name, rate, seed) for seed in range(3)]
        return [next((n for n, error in enumerate(curve, 1) if error < 0.25), None) for curve in curves]

    return 1.0, 0.3, steps("sigmoid", 1.0), steps("relu", 0.3), "relu"


@wrong("own_run", shows="read off your medians", loses=RUN)
def takes_more_steps_for_faster():
    def steps(name, rate):
        curves = [training_curve(name, rate, seed) for seed in range(3)]
        return [next((n for n, error in enumerate(curve) if error < 0.25), None) for curve in curves]

    sigmoid, relu = steps("sigmoid", 1.0), steps("relu", 0.3)
    return 1.0, 0.3, sigmoid, relu, "sigmoid" if sorted(sigmoid)[1] > sorted(relu)[1] else "relu"


@wrong("own_run", shows="the steps of sigmoid must be a list of numbers, not int 17", loses=RUN)
def looks_at_one_seed():
    step = next(n for n, error in enumerate(training_curve("sigmoid", 1.0)) if error < 0.25)
    return 1.0, 0.3, step, step, "neither"


@wrong("own_run", shows="but you return 60", loses=RUN)
def makes_the_numbers_up():
    return 1.0, 0.3, [60, 60, 60], [10, 10, 10], "relu"


@wrong("own_run", shows="return (rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster)", loses=RUN)
def forgets_the_answer():
    return 1.0, 0.3, [14, 14, 14], [8, 8, 8]


@wrong("own_run", shows="a learning rate must be one number, not a list of 3 values", loses=RUN)
def returns_all_the_rates():
    return [0.1, 0.3, 1.0], 0.3, [14, 14, 14], [8, 8, 8], "relu"


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
