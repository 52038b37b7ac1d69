"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import numpy as np
import torch

from nonconv.authoring import wrong
from nonconv.checks.given.training import training_curve

FIRST = ("first-step-logs", "first-step-edges")


@wrong(
    "first_step_below",
    says="at exactly the level the curve is not below it: < instead of <=.",
    loses=FIRST[1:],
)
def takes_the_level_as_below(curve, level):
    return next((n for n, value in enumerate(curve) if value <= level), None)


@wrong("first_step_below", says="steps count from 0.", loses=FIRST)
def counts_from_one(curve, level):
    return next((n for n, value in enumerate(curve, 1) if value < level), None)


@wrong(
    "first_step_below",
    says="this is the step after which it *stays* below; asked is the first time.",
    loses=FIRST,
)
def waits_until_it_stays(curve, level):
    step = None
    for n, value in reversed(list(enumerate(curve))):
        if value >= level:
            break
        step = n
    return step


@wrong("first_step_below", says="this is the error there; asked is the step.", loses=FIRST)
def returns_the_error(curve, level):
    return next((value for value in curve if value < level), None)


@wrong(
    "first_step_below",
    says="where the curve never is below the level, argmax gives 0: that case needs None.",
    loses=FIRST,
)
def gives_zero_for_never(curve, level):
    return int(np.argmax(np.array(curve) < level))


@wrong(
    "first_step_below",
    says="this is the step with the smallest error; asked is the first one below the level.",
    loses=FIRST,
)
def takes_the_lowest_point(curve, level):
    return curve.index(min(curve)) if min(curve) < level else None


@wrong("first_step_below", shows="but it returned None: too strict somewhere?", loses=FIRST[1:])
def knows_only_a_quarter(curve, level):
    return next((n for n, value in enumerate(curve) if value < 0.25), None)


@wrong(
    "first_step_below", says="the loop ends at its first step: `return None` belongs behind it.", loses=FIRST
)
def gives_up_at_once(curve, level):
    for n, value in enumerate(curve):
        if value < level:
            return n
        else:
            return None


@wrong("first_step_below", shows="but it returned None: too strict somewhere?", loses=FIRST[1:])
def takes_step_zero_for_nothing(curve, level):
    return next((n for n, value in enumerate(curve) if value < level), None) or None


@wrong("first_step_below", says="never below: return None itself, not −1.", loses=FIRST)
def gives_minus_one_for_never(curve, level):
    return next((n for n, value in enumerate(curve) if value < level), -1)


@wrong("first_step_below", says="never below: return None itself, not the number of steps.", loses=FIRST)
def gives_the_length_for_never(curve, level):
    n = 0
    while n < len(curve) and curve[n] >= level:
        n += 1
    return n


@wrong("first_step_below", shows="stopped with AttributeError", loses=FIRST)
def takes_it_for_a_tensor(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value < level), None)


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
