"""What students answer for unet_walk: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

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
        shows="value 1: expected 20, got 18",
    ),
    walk("returns_the_last", ("return sizes", "return sizes[-1]"), shows="but it returned int 4"),
    walk(
        "divides_before_the_second_convolution",
        ("(sizes[-1] - 4) // 2", "sizes[-1] / 2 - 1.5"),
        shows="value 4: expected 8, got 8.5",
    ),
    walk(
        "convolves_once_a_level",
        ("sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2", "sizes[-1] - 2, (sizes[-1] - 2) // 2"),
        ("sizes[-1] - 2, sizes[-1] - 4", "sizes[-1] - 2"),
        ("up, up - 2, up - 4", "up, up - 2"),
        says="each level has two 3×3 convolutions, and so has the lowest: yours has one.",
    ),
    walk(
        "lists_what_is_put_beside",
        ("[up, up - 2, up - 4]", "[up, up, up - 2, up - 4]"),
        says="putting the cropped maps beside changes no size, so it has no entry of its own.",
    ),
    walk(
        "goes_four_levels_down_always",
        ("range(depth)", "range(4)"),
        says="it goes down four levels always: their number is `depth`.",
    ),
    walk(
        "forgets_the_sizes_on_the_way",
        ("[sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]", "[(sizes[-1] - 4) // 2]"),
        ("[sizes[-1] - 2, sizes[-1] - 4]", "[sizes[-1] - 4]"),
        ("[up, up - 2, up - 4]", "[up - 4]"),
        says="only the last layer of each level is listed: every convolution has an entry, and so has the 2×2.",
    ),
    walk(
        "loses_a_row_going_up",
        ("up = 2 * sizes[-1]", "up = 2 * sizes[-1] - 1"),
        says="the transposed convolution gives 2·rows − 1: with a 2×2 kernel and stride 2 it gives 2·rows.",
    ),
]


@wrong(
    "unet_walk",
    says="the transposed convolution gives twice the rows below it, not those of the maps that are put beside.",
    loses=WALK,
)
def goes_up_by_the_sizes_on_the_way_down(size, depth):
    sizes, beside = [size], []
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4]
        beside.append(sizes[-1])
        sizes.append(sizes[-1] // 2)
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for up in reversed(beside):
        sizes += [up, up - 2, up - 4]
    return sizes


@wrong("unet_walk", shows="calls nonconv.networks", loses=WALK)
def calls_the_library(size, depth):
    from nonconv.networks import unet_sizes

    return tuple(unet_sizes(size, depth))


@wrong("unet_walk", shows="a list or a tuple of 9 values, but it returned a list of 4 values", loses=WALK)
def makes_a_list_for_each_level(size, depth):
    levels = [[size]]
    for _ in range(depth):
        at = levels[-1][-1]
        levels.append([at - 2, at - 4, (at - 4) // 2])
    levels.append([levels[-1][-1] - 2, levels[-1][-1] - 4])
    for _ in range(depth):
        at = 2 * levels[-1][-1]
        levels.append([at, at - 2, at - 4])
    return levels


@wrong("unet_walk", shows="calls nonconv.networks.unet", loses=WALK)
def calls_the_library_by_another_name(size, depth):
    from nonconv import networks as somewhere

    def helper():
        return somewhere.unet_sizes(size, depth=depth)

    return helper()
