"""What students answer: the wrong ways, and what each is told and loses."""

from nonconv.authoring import wrong

SIZES = ("sizes-values", "sizes-edges")


@wrong("input_sizes", says="the dilation is left out: the kernel spans d(p−1) + 1 rows, not p.", loses=SIZES)
def forgets_the_dilation(out, p, s, P, d):
    least = (out - 1) * s + p - 2 * P
    return (max(least, 1), least + s - 1) if least + s > 1 else None


@wrong("input_sizes", says="the frame counts once here: it is P rows above and P rows below.", loses=SIZES)
def counts_the_frame_once(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - P
    return (max(least, 1), least + s - 1) if least + s > 1 else None


@wrong(
    "input_sizes", says="the frame is added: it stands for rows that the input need not have.", loses=SIZES
)
def adds_the_frame(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 + 2 * P
    return (max(least, 1), least + s - 1) if least + s > 1 else None


@wrong("input_sizes", says="the largest is one too large: with it one window more would fit.", loses=SIZES)
def goes_one_too_far(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    return (max(least, 1), least + s) if least + s > 1 else None


@wrong(
    "input_sizes",
    says="the smallest stands in both places: with a stride, a few rows more give the same output.",
    loses=SIZES,
)
def knows_one_size_only(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    return (max(least, 1), max(least, 1)) if least + s > 1 else None


@wrong("input_sizes", says="out · s is one step too many: the first window takes none.", loses=SIZES)
def takes_a_step_too_many(out, p, s, P, d):
    least = out * s + d * (p - 1) + 1 - 2 * P
    return (max(least, 1), least + s - 1) if least + s > 1 else None


@wrong("input_sizes", says="the kernel's span is d(p−1) + 1 rows, not d·p.", loses=SIZES)
def spans_one_gap_too_many(out, p, s, P, d):
    least = (out - 1) * s + d * p - 2 * P
    return (max(least, 1), least + s - 1) if least + s > 1 else None


@wrong(
    "input_sizes",
    says="an input of no row, or of fewer, is none: the smallest is at least 1, and if the largest is below 1"
    " there is none: return None.",
    loses=SIZES,
)
def forgets_that_sizes_start_at_one(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    return least, least + s - 1


@wrong("input_sizes", shows="in another order: return (smallest, largest)", loses=SIZES)
def returns_the_largest_first(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    return (least + s - 1, max(least, 1)) if least + s > 1 else None


@wrong(
    "input_sizes",
    says="this is the size of an output: here the output is given, and the input wanted.",
    loses=SIZES,
)
def goes_forwards(out, p, s, P, d):
    size = (out + 2 * P - d * (p - 1) - 1) // s + 1
    return size, size + s - 1


@wrong("input_sizes", says="the 1 is missing: p taps that stand d apart span d(p−1) + 1 rows.", loses=SIZES)
def loses_the_last_row(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) - 2 * P
    return (max(least, 1), least + s - 1) if least + s > 1 else None


@wrong(
    "input_sizes",
    says="the image may be smaller than the kernel, where the frame makes up for it: all that is asked is"
    " one row.",
    loses=SIZES,
)
def asks_for_a_whole_kernel_in_the_image(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    largest, least = least + s - 1, max(least, d * (p - 1) + 1)
    return (least, largest) if least <= largest else None


@wrong(
    "input_sizes",
    says="int(a / s) rounds towards 0: an image into which the kernel does not fit seems to give an output."
    " ⌊a/s⌋ is a // s.",
    loses=SIZES,
)
def rounds_towards_zero(out, p, s, P, d):
    found = [H for H in range(1, 999) if int((H + 2 * P - d * (p - 1) - 1) / s) + 1 == out]
    return (found[0], found[-1]) if found else None


@wrong("input_sizes", shows="the right answer is None, but it returned", loses=SIZES)
def gives_the_nearest_where_there_is_none(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    return max(least, 1), max(least + s - 1, 1)


@wrong("input_sizes", shows="the right answer is a pair (smallest, largest)", loses=SIZES)
def gives_up_where_the_smallest_is_none(out, p, s, P, d):
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    return (least, least + s - 1) if least >= 1 else None


@wrong("input_sizes", shows="the right answer is a pair (smallest, largest)", loses=SIZES)
def takes_a_single_row_for_none(out, p, s, P, d):
    largest = out * s + d * (p - 1) - 2 * P
    return (max(largest - s + 1, 1), largest) if largest > 1 else None


@wrong("input_sizes", shows="the right answer is a pair (smallest, largest)", loses=SIZES)
def tries_too_few_sizes(out, p, s, P, d):
    found = [H for H in range(1, 40) if (H + 2 * P - d * (p - 1) - 1) // s + 1 == out]
    return (found[0], found[-1]) if found else None
