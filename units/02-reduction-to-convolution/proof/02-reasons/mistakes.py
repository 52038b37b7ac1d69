"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import given, right, wrong

GIVEN = given(__file__, "reasons-given")

with_reasons = GIVEN["with_reasons"]

REASONS = ["proof-reasons"]


@wrong("reasoned_proof", shows="line 3", loses=REASONS)
def calls_multiplying_out_a_swap():
    return with_reasons("definition Z", "definition Y", "swap", "distribute", "definition O", "definition W")


@wrong("reasoned_proof", shows="line 1", loses=REASONS)
def confuses_y_and_z():
    first, second = "definition Y", "definition Z"
    return with_reasons(first, second, "distribute", "swap", "definition O", "definition W")


@wrong("reasoned_proof", shows="7 lines have 6 steps, but there are 5 reasons", loses=REASONS)
def forgets_a_reason():
    return with_reasons(
        "definition Z", "definition Y", "distribute", "definition O", "definition W"
    )  # no swap


@wrong("reasoned_proof", shows="6 steps, but there is 1 reason: one text for each step", loses=REASONS)
def gives_one_text():
    return with_reasons("definition Z, definition Y, distribute, swap, definition O, definition W")


@wrong("reasoned_proof", shows="line 4", loses=REASONS)
def calls_the_change_of_order_arithmetic():
    reasons = ["definition Z", "definition Y", "distribute", "arithmetic", "definition O", "definition W"]
    return with_reasons(*reasons)


@wrong("reasoned_proof", shows='"because" is not a rule; the rules are', loses=REASONS)
def invents_a_reason():
    return with_reasons(*["definition Z", "definition Y", "because", "swap", "definition O", "definition W"])


@wrong("reasoned_proof", shows="it returned None", loses=REASONS)
def forgets_the_return():
    with_reasons("definition Z", "definition Y", "distribute", "swap", "definition O", "definition W")


@right("reasoned_proof")
def says_factor():
    return with_reasons("definition Z", "definition Y", "factor", "swap", "definition O", "definition W")


@right("reasoned_proof")
def says_it_step_by_step():
    definitions = [f"definition {name}" for name in "ZYOW"]
    return with_reasons(*definitions[:2], "distribute", "swap", *definitions[2:])
