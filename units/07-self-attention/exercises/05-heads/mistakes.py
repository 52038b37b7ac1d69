"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

import nonconv.layers
from nonconv.authoring import edited, given, solution, wrong

ONE, VALUES, HIDDEN = "heads-one", "heads-values", "heads-hidden"
ALL, SEVERAL = (ONE, VALUES, HIDDEN), (VALUES, HIDDEN)

heads = partial(edited, "multi_head", solution(__file__, "heads"), given(__file__), loses=ALL)

WRONG = [
    heads(
        "divides_by_the_whole_width",
        ("k.shape[1] ** 0.5", "X.shape[1] ** 0.5"),
        says="you divide by √d: a head has keys of width d/h, so divide by √(d/h).",
        loses=SEVERAL,
    ),
    heads("forgets_the_root", (" / k.shape[1] ** 0.5", ""), says="the scores are not divided by the root of a key's width."),
    heads("forgets_to_mix", (" @ WO", ""), says="W^O is missing: the heads stand side by side, unmixed."),
    heads("turns_the_mixing_over", ("@ WO", "@ WO.T"), says="W^O is transposed."),
    heads(
        "takes_one_head",
        ("(X @ WQ).chunk(h, 1), (X @ WK).chunk(h, 1)", "(X @ WQ).chunk(1, 1), (X @ WK).chunk(1, 1)"),
        ("(X @ WV).chunk(h, 1)", "(X @ WV).chunk(1, 1)"),
        says="h is not looked at: there is one head.",
        loses=SEVERAL,
    ),
    heads("normalises_the_columns", ("dim=1)\n        heads", "dim=0)\n        heads"), says="the softmax goes down the columns: each query, a row, shares out a sum of 1."),
    heads(
        "puts_the_heads_in_reverse",
        ("torch.cat(heads, dim=1)", "torch.cat(heads[::-1], dim=1)"),
        says="the heads stand in reverse order before W^O.",
        loses=SEVERAL,
    ),
    heads(
        "adds_the_heads",
        ("torch.cat(heads, dim=1) @ WO", "sum(heads).repeat(1, h) @ WO / h"),
        shows="expected",
        loses=SEVERAL,
    ),
    heads("lets_the_keys_ask", ("(X @ WQ).chunk", "(X @ WK)_.chunk"), ("(X @ WK).chunk", "(X @ WQ).chunk"), ("(X @ WK)_.chunk", "(X @ WK).chunk"), says="queries and keys are swapped: row t of the scores belongs to the query of position t."),
    heads("makes_keys_of_queries", ("(X @ WK)", "(X @ WQ)"), says="the keys are made with W^Q."),
    heads("forgets_the_values", ("(X @ WV)", "X"), says="W^V is missing: what a head weighs is X W^V."),
    heads("turns_the_projections_over", ("X @ WQ", "X @ WQ.T"), ("X @ WK", "X @ WK.T"), ("X @ WV", "X @ WV.T"), says="W^Q, W^K and W^V are transposed: X has a row for each position, so X @ WQ."),
]  # fmt: skip


@wrong(
    "multi_head",
    says="the heads are cut by a reshape that mixes positions: unflatten the columns, then transpose.",
    loses=SEVERAL,
)
def reshapes_across_positions(X, WQ, WK, WV, WO, h):
    n, d = X.shape
    Q, K, V = ((X @ W).reshape(h, n, d // h) for W in (WQ, WK, WV))
    A = torch.softmax(Q @ K.mT / (d // h) ** 0.5, -1)
    return (A @ V).reshape(n, d) @ WO


@wrong(
    "multi_head",
    says="each head takes every h-th column: it takes d/h columns that stand together.",
    loses=SEVERAL,
)
def takes_every_other_column(X, WQ, WK, WV, WO, h):
    heads = []
    for i in range(h):
        q, k, v = ((X @ W)[:, i::h] for W in (WQ, WK, WV))
        heads.append(torch.softmax(q @ k.T / k.shape[1] ** 0.5, 1) @ v)
    return torch.cat(heads, 1) @ WO


@wrong(
    "multi_head",
    says="the heads are put together by a reshape without a transpose, which mixes positions.",
    loses=SEVERAL,
)
def puts_together_without_transposing(X, WQ, WK, WV, WO, h):
    Q, K, V = ((X @ W).unflatten(1, (h, -1)).transpose(0, 1) for W in (WQ, WK, WV))
    A = torch.softmax(Q @ K.mT / Q.shape[2] ** 0.5, -1)
    return (A @ V).reshape(X.shape) @ WO


@wrong("multi_head", shows="calls nonconv.layers.attention", loses=ALL)
def asks_the_library(X, WQ, WK, WV, WO, h):
    W = torch.cat([WQ.T, WK.T, WV.T])
    return nonconv.layers.multi_head_attention(X[None], X[None], X[None], h, W, WO.T.contiguous())[0]
