"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

WALK = ("unet-walk-values", "unet-walk-more")
FIT = ("fitting-size-values", "fitting-size-deep")


def _walk(size, layers):
    sizes = [size]
    for layer in layers:
        sizes.append({"3": sizes[-1] - 2, "p": sizes[-1] // 2, "t": sizes[-1] * 2}[layer])
    return sizes


@wrong("unet_walk", says="the list begins with the image's own number of rows.", loses=WALK)
def leaves_out_the_image(size, depth):
    return _walk(size, "33p" * depth + "33" + "t33" * depth)[1:]


@wrong(
    "unet_walk",
    says="the lowest level is pooled once more: there are `depth` poolings, and no pooling below the last.",
    loses=WALK,
)
def pools_once_more(size, depth):
    return _walk(size, "33p" * (depth + 1) + "t33" * depth)


@wrong(
    "unet_walk",
    says="the way up is missing: `depth` times the transposed convolution and two 3×3.",
    loses=WALK,
)
def goes_down_only(size, depth):
    return _walk(size, "33p" * depth + "33")


@wrong(
    "unet_walk", says="the way up has a level less than the way down: it is `depth` levels, too.", loses=WALK
)
def goes_up_a_level_less(size, depth):
    return _walk(size, "33p" * depth + "33" + "t33" * (depth - 1))


@wrong("unet_walk", says="each level pools first: the two 3×3 come before the pooling.", loses=WALK)
def pools_first(size, depth):
    return _walk(size, "p33" * depth + "33" + "t33" * depth)


@wrong(
    "unet_walk",
    says="on the way up the transposed convolution comes first, the two 3×3 behind it.",
    loses=WALK,
)
def doubles_last(size, depth):
    return _walk(size, "33p" * depth + "33" + "33t" * depth)


@wrong(
    "unet_walk", says="these are the last rows only; asked is the list of all sizes on the way.", loses=WALK
)
def returns_the_last_only(size, depth):
    return _walk(size, "33p" * depth + "33" + "t33" * depth)[-1]


@wrong("fitting_size", says="every map is asked to be even: only what a pooling sees must be.", loses=FIT)
def asks_all_maps_to_be_even(size, depth):
    while any(rows % 2 or rows < 1 for rows in _walk(size, "33p" * depth + "33" + "t33" * depth)):
        size += 1
    return size


@wrong("fitting_size", says="this is the size of the result: asked is the size of the image.", loses=FIT)
def returns_the_size_of_the_result(size, depth):
    def fits(size):
        seen = size
        for _ in range(depth):
            if (seen - 4) % 2:
                return False
            seen = (seen - 4) // 2
        return min(_walk(size, "33p" * depth + "33" + "t33" * depth)) >= 1

    while not fits(size):
        size += 1
    return _walk(size, "33p" * depth + "33" + "t33" * depth)[-1]


@wrong("fitting_size", says="maps with 0 rows pass: each needs at least one.", loses=FIT[1:])
def lets_maps_without_rows_pass(size, depth):
    def fits(size):
        seen = size
        for _ in range(depth):
            if (seen - 4) % 2:
                return False
            seen = (seen - 4) // 2
        return min(_walk(size, "33p" * depth + "33" + "t33" * depth)) >= 0

    while not fits(size):
        size += 1
    return size
