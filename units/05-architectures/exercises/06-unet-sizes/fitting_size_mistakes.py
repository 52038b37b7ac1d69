"""What students answer for fitting_size: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

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
    ("at % 2 == 0", "at % 2 == 1"),
    ("even and at > 0", "even"),
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
        ("even and at > 0", "even"),
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


@wrong(
    "fitting_size", says="it goes down to the next size that fits: it must be at least `size`.", loses=FITTING
)
def goes_down_in_place_of_up(size, depth):
    step = 2**depth
    offset = 4 * (step - 1)
    return (size - offset) // step * step + offset


@wrong(
    "fitting_size",
    says="size − 4 is asked to be a multiple of 2^depth: behind each pooling two convolutions take 4 rows more.",
    loses=FITTING,
)
def looks_at_the_first_two_convolutions(size, depth):
    while (size - 4) % 2**depth or size < 20:
        size += 1
    return size


@wrong(
    "fitting_size",
    says="depth 1 is special: there 18 rows fit, since only one level on the way up takes rows away.",
    loses=["fitting-size-deep"],
)
def takes_four_rows_at_the_bottom_always(size, depth):
    step = 2**depth
    offset = 4 * (step - 1)
    return step * max(8, -(-(size - offset) // step)) + offset


@wrong(
    "fitting_size",
    says="depth 1 is not like the others: from two levels on the lowest maps need 4 rows, not 3.",
    loses=["fitting-size-deep"],
)
def takes_three_rows_at_the_bottom_always(size, depth):
    step = 2**depth
    offset = 4 * (step - 1)
    return step * max(7, -(-(size - offset) // step)) + offset
