"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import given, right, wrong

GIVEN = given(__file__, "order-given")

in_order = GIVEN["in_order"]

ORDER = ["proof-order"]


@wrong("ordered_proof", shows="line 3", loses=ORDER)
def regroups_before_multiplying_out():
    return in_order("E B D G A F C")


@wrong("ordered_proof", shows="line 1", loses=ORDER)
def begins_with_the_second_definition():
    letters = ["B", "E", "G", "D", "A", "F", "C"]
    return in_order(letters)


@wrong("ordered_proof", shows="the chain does not yet end", loses=ORDER)
def stops_before_the_end():
    almost = "E B G D A F"
    return in_order(almost)


@wrong("ordered_proof", shows="there is no line H", loses=ORDER)
def names_a_line_that_is_not_there():
    return in_order("E B G D A F C" + " H")


@wrong("ordered_proof", shows="line E is used more than once", loses=ORDER)
def uses_a_line_twice():
    return in_order(" ".join("EEBGDAFC"))


@wrong("ordered_proof", shows="return the proof P", loses=ORDER)
def returns_the_letters():
    return "E B G D A F C"


@wrong("ordered_proof", shows="line 1", loses=ORDER)
def runs_backwards():
    return in_order(reversed("EBGDAFC"))


@right("ordered_proof")
def with_commas():
    return in_order("E, B, G, D, A, F, C")


@right("ordered_proof")
def as_a_list():
    return in_order(list("EBGDAFC"))
