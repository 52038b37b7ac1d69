"""What students answer to `fewest`: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

FEWEST = ("fewest-values", "fewest-drawn")

finds = partial(edited, "fewest", solution(__file__, "fewest"), given(__file__), loses=FEWEST)

SLIPS = [
    finds(
        "merges_nothing",
        ("for i in range(j):", "for i in [j - 1]:"),
        says="nothing is merged: these are the multiply–adds of the stack as it stands.",
    ),
    finds(
        "merges_everything",
        ("for i in range(j):", "for i in [0]:"),
        says="all layers become one, whatever it costs.",
    ),
    finds(
        "merges_all_or_nothing",
        ("return best[n]", "return min(ways[0], sum((maps[k] * maps[k + 1] * (kernels[k] * rows[k + 1]) ** 2 for k in range(n))))"),
        says="this is the better of two ways, all as one and none: some neighbours may become one, and others not.",
    ),
    finds(
        "merges_pairs_only",
        ("for i in range(j):", "for i in range(max(0, j - 2), j):"),
        says="at most two neighbours become one; three or more may, too.",
    ),
    finds(
        "counts_the_first_image_again",
        ("rows[j] ** 2", "(size - rows[i] + rows[j]) ** 2"),
        says="each merged layer is counted as if the image had its first size; the layers before it have made it"
        " smaller.",
    ),
    finds(
        "adds_up_the_sizes_of_the_kernels",
        ("p = rows[i] - rows[j] + 1", "p = sum(kernels[i:j])"),
        says="the merged kernels are too large: p and q compose to p + q − 1.",
    ),
    finds(
        "forgets_the_square",
        ("p ** 2", "p"),
        says="a merged kernel is counted with p numbers: a p×p kernel has p².",
    ),
    finds(
        "counts_parameters",
        ("* rows[j] ** 2", ""),
        says="these are the fewest parameters: a multiply–add is done at each place of the output.",
    ),
    finds(
        "takes_the_most",
        ("min(ways)", "max(ways)"),
        says="this is the most expensive way.",
    ),
    finds(
        "forgets_what_came_before",
        ("best[i] + maps[i]", "maps[i]"),
        says="only the last merged layer is counted: the layers before it cost something, too.",
    ),
    finds("returns_all_of_them", ("return best[n]", "return best"), shows="list"),
]  # fmt: skip


@wrong(
    "fewest",
    says="neighbours are merged one pair after the other, the one that saves most first; three may pay where no"
    " two do, and a good pair may spoil a better one.",
    loses=FEWEST,
)
def merges_the_best_pair_first(maps, kernels, size):
    maps, kernels = list(maps), list(kernels)

    def total(maps, kernels):
        rows, found = size, 0
        for M, K, p in zip(maps, maps[1:], kernels, strict=False):
            rows -= p - 1
            found += M * K * (p * rows) ** 2
        return found

    while len(kernels) > 1:
        ways = []
        for n in range(len(kernels) - 1):
            pair = kernels[n] + kernels[n + 1] - 1
            ways.append((maps[: n + 1] + maps[n + 2 :], [*kernels[:n], pair, *kernels[n + 2 :]]))
        best = min(ways, key=lambda way: total(*way))
        if total(*best) >= total(maps, kernels):
            break
        maps, kernels = best
    return total(maps, kernels)
