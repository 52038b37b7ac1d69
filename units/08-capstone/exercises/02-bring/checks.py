"""The checks: a property, since every network is another answer."""

from nonconv.authoring import Case, Check

from ...shared import ANY_LAYER

CHECKS = [
    Check(
        name="bring-predicted",
        answer="bring",
        points=3,
        holds="is_predicted_rightly",
        cases=(Case({"M": 1, "size": 8}), Case({"M": 3, "size": 20})),
        may_call=ANY_LAYER,
    ),
]
