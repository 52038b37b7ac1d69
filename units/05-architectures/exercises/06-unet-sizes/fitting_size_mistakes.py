"""What students answer for fitting_size: the wrong ways, what each is told and loses, other right ways."""

from functools import partial

from nonconv.authoring import edited, given, right, solution, wrong

FITTING = ("fitting-size-values", "fitting-size-deep")

fitting = partial(edited, "fitting_size", solution(__file__, "fitting"), given(__file__), loses=FITTING)


@wrong(
    "fitting_size",
    says="only the first pooling is looked at: every one of them must see an even number.",
    loses=FITTING,
)
def looks_at_the_first_pooling(size, depth):
    least = 188 if depth == 4 else 92 if depth == 3 else 44 if depth == 2 else 18
    return max(size + size % 2, least)


@wrong(
    "fitting_size",
    says="it takes the next multiple of 2^depth: the convolutions without a border move the sizes that fit.",
    loses=FITTING,
)
def takes_the_next_multiple(size, depth):
    step = 2**depth
    return -(-size // step) * step


TAKES_THE_ODD_ONES = fitting(
    "takes_the_odd_ones",
    ("at > 0 and (at % 2 == 0)", "at % 2 == 1"),
    ("fits and at > 0", "fits"),
    says="it takes the next size that does not fit: the poolings must see an even number.",
)


@wrong("fitting_size", says="it returns the given size, whether it fits or not.", loses=FITTING)
def returns_the_given_size(size, depth):
    return size


WRONG = [
    fitting(
        "never_takes_the_size_itself",
        ("while True:", "size += 1\n    while True:"),
        says="it begins one too far: `size` itself may fit.",
    ),
    fitting(
        "lets_maps_without_rows_pass",
        ("fits and at > 0", "fits"),
        says="maps without rows pass: each of them, on the way up too, needs at least one.",
        loses=["fitting-size-deep"],
    ),
    fitting(
        "forgets_the_way_up",
        ("at = 2 * at - 4", "at = 2 * at"),
        says="the way up is forgotten: "
        "its convolutions take rows away as well, and small maps have none left.",
        loses=["fitting-size-deep"],
    ),
]


@wrong("fitting_size", shows="calls nonconv.networks", loses=FITTING)
def asks_the_library(size, depth):
    from nonconv.networks import unet_sizes

    while True:
        try:
            unet_sizes(size, depth)
            return size
        except ValueError:
            size += 1


@right("fitting_size")
def from_below(size, depth):
    lowest = 1
    while True:
        up = lowest - 4  # behind the two convolutions of the lowest level
        fits = up > 0
        for _ in range(depth):
            up = 2 * up - 4
            fits = fits and up > 0
        top = lowest
        for _ in range(depth):
            top = 2 * top + 4
        if fits and top >= size:
            return top
        lowest += 1


@right("fitting_size")
def with_a_closed_formula(size, depth):
    step = 2**depth
    offset = 4 * (step - 1)  # the image for a lowest level of 0 rows
    least = 7 if depth == 1 else 8  # lowest level: 3 or 4 rows are left for the way up
    return step * max(least, -(-(size - offset) // step)) + offset
