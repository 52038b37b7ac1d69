"""The same order, as other people write it down."""

from nonconv.authoring import given, right

GIVEN = given(__file__, "order-given")

in_order = GIVEN["in_order"]


@right("ordered_proof")
def without_gaps():
    return in_order("EBGDAFC")


@right("ordered_proof")
def in_small_letters():
    return in_order("e b g d a f c")


@right("ordered_proof")
def with_arrows():
    return in_order("E → B → G → D → A → F → C")


@right("ordered_proof")
def on_two_lines():
    letters = """
    E B G D
    A F C
    """
    return in_order(letters)


@right("ordered_proof")
def sorted_by_position():
    position = {"A": 5, "B": 2, "C": 7, "D": 4, "E": 1, "F": 6, "G": 3}
    return in_order(sorted(position, key=lambda letter: position[letter]))
