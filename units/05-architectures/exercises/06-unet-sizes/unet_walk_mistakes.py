"""What students answer for unet_walk: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import right, wrong

WALK = ("unet-walk-values", "unet-walk-more")


@wrong(
    "unet_walk",
    says="your convolutions keep the size: without a border each 3×3 takes 2 rows away.",
    loses=WALK,
)
def has_borders(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1], sizes[-1], sizes[-1] // 2]
    sizes += [sizes[-1]] * 2
    for _ in range(depth):
        sizes += [2 * sizes[-1]] * 3
    return tuple(sizes)


@wrong(
    "unet_walk",
    says="each 3×3 takes one row away: it takes one at the top and one at the bottom, 2.",
    loses=WALK,
)
def loses_one_row(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 1, sizes[-1] - 2, (sizes[-1] - 2) // 2]
    sizes += [sizes[-1] - 1, sizes[-1] - 2]
    for _ in range(depth):
        sizes += [2 * sizes[-1], 2 * sizes[-1] - 1, 2 * sizes[-1] - 2]
    return tuple(sizes)


@wrong(
    "unet_walk",
    says="the two convolutions at the lowest level are missing.",
    loses=["unet-walk-values", "unet-walk-more"],
)
def turns_round_at_once(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    for _ in range(depth):
        sizes += [2 * sizes[-1], 2 * sizes[-1] - 2, 2 * sizes[-1] - 4]
    return tuple(sizes)


@wrong("unet_walk", says="on the way up each level has two 3×3 convolutions as well.", loses=WALK)
def does_not_convolve_on_the_way_up(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        sizes.append(2 * sizes[-1])
    return tuple(sizes)


@wrong("unet_walk", shows="output 1: expected 20, got 18", loses=WALK)
def leaves_out_the_image(size, depth):
    sizes, at = [], size
    for _ in range(depth):
        sizes += [at - 2, at - 4, (at - 4) // 2]
        at = sizes[-1]
    sizes += [at - 2, at - 4]
    for _ in range(depth):
        at = 2 * sizes[-1]
        sizes += [at, at - 2, at - 4]
    return (*sizes, 0)


@wrong("unet_walk", shows="but it returned int 4", loses=WALK)
def returns_the_last(size, depth):
    for _ in range(depth):
        size = (size - 4) // 2
    size -= 4
    for _ in range(depth):
        size = 2 * size - 4
    return size


@wrong("unet_walk", shows="output 4: expected 8, got 8.5", loses=WALK)
def divides_before_the_second_convolution(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, sizes[-1] / 2 - 1.5]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        sizes += [2 * sizes[-1], 2 * sizes[-1] - 2, 2 * sizes[-1] - 4]
    return tuple(sizes)


@wrong(
    "unet_walk",
    says="the transposed convolution gives 2·rows − 1: with a 2×2 kernel and stride 2 it gives 2·rows.",
    loses=WALK,
)
def loses_a_row_going_up(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        sizes += [2 * sizes[-1] - 1, 2 * sizes[-1] - 3, 2 * sizes[-1] - 5]
    return tuple(sizes)


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
