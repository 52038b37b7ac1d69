"""What students answer for unet_walk: the wrong ways, what each is told and loses, and other right ways."""

from functools import partial

from nonconv.authoring import edited, given, right, solution, wrong

WALK = ("unet-walk-values", "unet-walk-more")

walk = partial(edited, "unet_walk", solution(__file__, "unet"), given(__file__), loses=WALK)

WRONG = [
    walk(
        "has_borders",
        (" - 2", ""),
        (" - 4", ""),
        says="your convolutions keep the size: without a border each 3×3 takes 2 rows away.",
    ),
    walk(
        "loses_one_row",
        (" - 2", " - 1"),
        (" - 4", " - 2"),
        says="each 3×3 takes one row away: it takes one at the top and one at the bottom, 2.",
    ),
    walk(
        "turns_round_at_once",
        ("sizes += [sizes[-1] - 2, sizes[-1] - 4]\n", "\n"),
        says="the two convolutions at the lowest level are missing.",
    ),
    walk(
        "does_not_convolve_on_the_way_up",
        ("[up, up - 2, up - 4]", "[up]"),
        says="on the way up each level has two 3×3 convolutions as well.",
    ),
    walk(
        "leaves_out_the_image",
        ("return sizes", "return (*sizes[1:], 0)"),
        shows="output 1: expected 20, got 18",
    ),
    walk("returns_the_last", ("return sizes", "return sizes[-1]"), shows="but it returned int 4"),
    walk(
        "divides_before_the_second_convolution",
        ("(sizes[-1] - 4) // 2", "sizes[-1] / 2 - 1.5"),
        shows="output 4: expected 8, got 8.5",
    ),
    walk(
        "loses_a_row_going_up",
        ("up = 2 * sizes[-1]", "up = 2 * sizes[-1] - 1"),
        says="the transposed convolution gives 2·rows − 1: with a 2×2 kernel and stride 2 it gives 2·rows.",
    ),
]


@wrong("unet_walk", shows="calls nonconv.networks", loses=WALK)
def calls_the_library(size, depth):
    from nonconv.networks import unet_sizes

    return tuple(unet_sizes(size, depth))


@right("unet_walk")
def by_a_word(size, depth):
    steps = "ccp" * depth + "cc" + "ucc" * depth
    sizes = [size]
    for step in steps:
        at = sizes[-1]
        sizes.append({"c": at - 2, "p": at // 2, "u": 2 * at}[step])
    return tuple(sizes)


@right("unet_walk")
def by_recursion(size, depth):
    def level(at, left):
        here = [at, at - 2, at - 4]
        if left == 0:
            return here
        below = level((at - 4) // 2, left - 1)
        up = 2 * below[-1]
        return [*here, *below, up, up - 2, up - 4]

    return level(size, depth)
