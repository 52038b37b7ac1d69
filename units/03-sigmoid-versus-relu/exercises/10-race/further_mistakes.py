"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

FIRST = ("first-step-logs", "first-step-edges")


@wrong(
    "first_step_below",
    says="this counts the steps that are not below; a curve can go up again, so their number is not the first step below.",
    loses=FIRST,
)
def counts_the_steps_above(curve, level):
    number = sum(error >= level for error in curve)
    return number if number < len(curve) else None


@wrong(
    "first_step_below",
    says="step 0 counts, too: the curve may be below the level from the start.",
    loses=FIRST[1:],
)
def begins_at_step_one(curve, level):
    return next((n for n in range(1, len(curve)) if curve[n] < level), None)


@wrong(
    "first_step_below",
    says="this waits for a step from above to below: at step 0 the curve may be below already.",
    loses=FIRST[1:],
)
def waits_for_a_crossing(curve, level):
    return next((n for n in range(1, len(curve)) if curve[n - 1] >= level > curve[n]), None)


@wrong("first_step_below", shows="the right answer is None", loses=FIRST)
def trusts_that_there_is_one(curve, level):
    return next((n for n, error in enumerate(curve) if error < level), float("inf"))


@wrong(
    "first_step_below",
    says="the errors are rounded before they are compared: 0.249 is below 0.25 as it is.",
    loses=FIRST[1:],
)
def rounds_the_errors(curve, level):
    return next((n for n, error in enumerate(curve) if round(error, 2) < level), None)
