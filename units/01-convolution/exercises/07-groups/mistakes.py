"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

from nonconv.authoring import edited, given, solution, wrong

GROUPS = ("groups-values", "groups-kinds")
slip = partial(edited, "ungroup", solution(__file__, "groups"), given(__file__), loses=GROUPS)
FIRST = "k // (K // g) * few"

MISTAKES = [
    slip(
        "all_groups_see_the_first_maps",
        (FIRST, "0"),
        says="every group sees the first maps: each has maps of its own.",
    ),
    slip(
        "deals_the_maps_out_in_turn",
        (FIRST, "k % g * few"),
        says="neighbouring output maps are in different groups: the first K/g maps make the first group.",
    ),
    slip(
        "divides_by_the_number_of_groups",
        (FIRST, "k // g * few"),
        says="g is the number of groups, not of maps in a group: a group has K/g output maps.",
    ),
    slip(
        "counts_from_the_end",
        (FIRST, "(g - 1 - k // (K // g)) * few"),
        says="the groups are in the other order: the first output maps see the first input maps.",
    ),
    slip("works_in_float32", (", dtype=F.dtype", ""), shows="its dtype is torch.float32"),
    slip(
        "steps_by_one_map",
        (FIRST, "min(k // (K // g), few * (g - 1))"),
        says="the groups overlap: each begins M/g maps behind the one before.",
        loses=["groups-values", "groups-kinds"],
    ),
    slip(
        "shares_the_weights_out",
        ("full[k, first:first + few] = F[k]", "full[k, first:first + few] = F[k] / g"),
        says="the numbers are divided by g: they stay, and what is dropped is dropped.",
    ),
    slip(
        "uses_the_first_kernels_again",
        ("= F[k]", "= F[k % (K // g)]"),
        says="every group has the kernels of the first one: output map k keeps its own, F[k].",
    ),
]


@wrong("ungroup", says="this is F beside itself, g times: what joins different groups is 0.", loses=GROUPS)
def repeats_the_kernel(F, g):
    return F.repeat(1, g, 1, 1)


@wrong("ungroup", shows="expected shape", loses=GROUPS)
def takes_few_for_all(F, g):
    K, M, p, q = F.shape
    full = torch.zeros(K, M, p, q, dtype=F.dtype)
    for n in range(g):
        rows, columns = slice(n * (K // g), (n + 1) * (K // g)), slice(n * (M // g), (n + 1) * (M // g))
        full[rows, columns] = F[rows, columns]
    return full


@wrong("ungroup", shows="expected shape", loses=GROUPS)
def stacks_the_blocks_downwards(F, g):
    return torch.cat([F] * g, 0)
