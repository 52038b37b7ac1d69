"""The checks: references, inputs, points."""

from nonconv.authoring import Case, Check

CHECKS = [
    Check(
        name="same-after-same",
        answer="same_after_same",
        points=1,
        holds="shows that SAME after SAME is no convolution",
        cases=(Case({}),),
    ),
    Check(
        name="training-counterexample",
        answer="training_depends",
        points=1,
        holds="shows that training depends on the batch",
        cases=(Case({}),),
    ),
]
