"""What students answer to `multiply_adds`: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution

COUNTING = ("counting-values", "counting-drawn")

counts = partial(edited, "multiply_adds", solution(__file__, "counting"), given(__file__), loses=COUNTING)

SLIPS = [
    counts(
        "counts_the_places_of_the_input",
        ("total += M * K * p ** 2 * rows ** 2", "total += M * K * p ** 2 * (rows + p - 1) ** 2"),
        says="the stack's layers are counted with the places of their inputs: each number of the output costs"
        " M·p².",
    ),
    counts(
        "lets_no_layer_shrink_the_image",
        ("total += M * K * p ** 2 * rows ** 2", "total += M * K * p ** 2 * size ** 2"),
        says="each layer is counted with the size of the image: without a border it gets smaller.",
    ),
    counts(
        "takes_kernels_of_one_row",
        ("p ** 2", "p"),
        says="the stack's kernels are counted with p numbers: a p×p kernel has p².",
    ),
    counts(
        "adds_up_the_sizes_of_the_kernels",
        ("one = size - rows + 1", "one = sum(kernels)"),
        says="the one kernel is too large: p and q compose to p + q − 1.",
    ),
    counts(
        "multiplies_the_sizes_of_the_kernels",
        ("one = size - rows + 1", "one = size - rows + 1\n    one = 1\n    for p in kernels:\n        one *= p"),
        says="the sizes of the kernels are multiplied: p and q compose to p + q − 1.",
    ),
    counts(
        "counts_the_ones_places_by_the_input",
        ("one ** 2 * rows ** 2", "one ** 2 * size ** 2"),
        says="the one layer is counted with the size of the image: it gives as few rows as the stack does.",
    ),
    counts(
        "counts_all_maps_of_the_one",
        ("maps[0] * maps[-1] * one", "sum((M * K for M, K in zip(maps, maps[1:]))) * one"),
        says="the maps in the middle are counted: one layer goes from the first to the last at once.",
    ),
    counts(
        "counts_biases",
        ("total += M * K * p ** 2 * rows ** 2", "total += K * (M * p ** 2 + 1) * rows ** 2"),
        says="biases are counted: adding is no multiply–add.",
    ),
    counts("returns_them_exchanged", ("return (total, ", "return ("), (" ** 2 * rows ** 2)", " ** 2 * rows ** 2, total)"), shows="in another order"),
    counts("returns_one_number", ("return (total, ", "return min(total, "), shows="return"),
]  # fmt: skip
