"""The checks: references, inputs, points."""

from nonconv.authoring import Case, Check

from ...shared import SEARCHING

CHECKS = [
    Check(
        name="same-after-same",
        answer="same_after_same",
        points=1,
        holds="shows_that_same_after_same_is_no_convolution",
        cases=(Case({}),),
        may_call=SEARCHING,
    ),
    Check(
        name="training-counterexample",
        answer="training_depends",
        points=1,
        holds="shows_that_training_depends_on_the_batch",
        cases=(Case({}),),
        may_call=SEARCHING,
    ),
]
