"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

from nonconv.authoring import edited, given, solution, wrong

ONE, SEVERAL, HIDDEN = "nine-one-map", "nine-several-maps", "nine-hidden"
ALL = (ONE, SEVERAL, HIDDEN)

heads = partial(edited, "heads_of", solution(__file__, "nine"), given(__file__), loses=ALL)
W = "[-40.0, 80.0 * down, 80.0 * right]"

WRONG = [
    heads("turns_the_signs_over", (W, "[40.0, -80.0 * down, -80.0 * right]"), shows="which no tap of a"),
    heads("forgets_the_two", (W, "[-40.0, 40.0 * down, 40.0 * right]"), shows="or does it look at two places alike?"),
    heads("looks_softly", (W, "[-1.0, 2.0 * down, 2.0 * right]"), shows="make it sharper"),
    heads("looks_the_other_way", ("(u - p // 2, v - q // 2)", "(p // 2 - u, q // 2 - v)"), shows="a convolution here does not flip it"),
    heads("forgets_the_middle", ("(u - p // 2, v - q // 2)", "(u, v)"), shows="which no tap of a"),
    heads("swaps_rows_and_columns", ("80.0 * down, 80.0 * right", "80.0 * right, 80.0 * down"), shows="δ₁ counts rows, δ₂ columns"),
    heads("forgets_to_transpose", ("F[:, :, u, v].T", "F[:, :, u, v]"), shows="and V (5, 3, 2) for this kernel", loses=(SEVERAL, HIDDEN)),
    heads("looks_at_itself_only", (W, "[-40.0, 0.0, 0.0]"), shows="9 heads look at the offset (0, 0), and none at (-1, -1)"),
    heads("takes_the_middle_of_a_square", ("v - q // 2", "v - p // 2"), shows="which no tap of a", loses=(SEVERAL, HIDDEN)),
    heads("divides_by_the_number_of_heads", ("F[:, :, u, v].T", "F[:, :, u, v].T / (p * q)"), shows="there V[0][0, 0] must be 1"),
    heads("returns_only_the_vectors", ("return (torch.tensor(w, dtype=F.dtype), torch.stack(V))", "return torch.tensor(w, dtype=F.dtype)"), shows="return the pair (w, V)"),
]  # fmt: skip


@wrong("heads_of", shows="w must have shape (9, 3) and V (9, 1, 1)", loses=ALL)
def gives_the_offsets(F):
    p, q = F.shape[2:]
    places = torch.cartesian_prod(torch.arange(p) - p // 2, torch.arange(q) - q // 2).double()
    return places, F.flatten(2).permute(2, 1, 0)


@wrong("heads_of", shows="looks at many places alike, at none with a weight above", loses=ALL)
def takes_the_distance_for_its_square(F):
    p, q = F.shape[2:]
    delta = torch.cartesian_prod(torch.arange(p) - p // 2, torch.arange(q) - q // 2).double()
    return torch.cat([-40 * delta.norm(dim=1, keepdim=True), 80 * delta], 1), F.flatten(2).permute(2, 1, 0)


@wrong("heads_of", shows="all numbers must be finite", loses=ALL)
def looks_infinitely_sharply(F):
    K, M, p, q = F.shape
    w = torch.full((p * q, 3), -torch.inf, dtype=F.dtype)
    return w, F.flatten(2).permute(2, 1, 0)
