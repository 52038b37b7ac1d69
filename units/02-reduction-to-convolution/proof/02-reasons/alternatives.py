"""The same reasons, in other people's words."""

from nonconv.authoring import given, right

GIVEN = given(__file__, "reasons-given")

with_reasons = GIVEN["with_reasons"]


@right("reasoned_proof")
def by_definition_of():
    return with_reasons(
        "by definition of Z",
        "by definition of Y",
        "multiply out",
        "exchange the sums",
        "by the definition of O",
        "Definition: W",
    )


@right("reasoned_proof")
def abbreviated():
    return with_reasons("Def. Z", "Def. Y", "expand", "swap", "def. O", "Def W.")


@right("reasoned_proof")
def as_one_list():
    reasons = ["definition Z", "definition Y", "distribute", "swap", "definition O", "definition W"]
    return with_reasons(reasons)


@right("reasoned_proof")
def in_capitals():
    return with_reasons("DEFINITION Z", "Definition Y", "Distribute", "SWAP", "DEF O", "DEF W")


@right("reasoned_proof")
def by_a_law():
    return with_reasons("unfold Z", "unfold Y", "distributive law", "regroup", "definition O", "unfold W")
