"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math
from functools import partial

import torch
import torch.nn.functional as F

import nonconv.layers
from nonconv.authoring import edited, given, right, solution, wrong

SELF = ("self-attention-values", "self-attention-not-square")

attends = partial(edited, "self_attention", solution(__file__, "self"), given(__file__), loses=SELF)

SCORES = "Q @ K.T / WQ.shape[1] ** 0.5"

WRONG = [
    attends("forgets_the_root", (" / WQ.shape[1] ** 0.5", ""), says="the scores are not divided by √d."),
    attends("divides_by_d", (" ** 0.5", ""), says="the scores are divided by d, not by its root."),
    attends(
        "divides_by_the_places",
        ("WQ.shape[1]", "len(P)"),
        says="you divide by the root of the number of places: √d is about the width of a query.",
    ),
    attends(
        "normalises_the_columns",
        ("dim=1", "dim=0"),
        says="the softmax goes down the columns: each row of A, one for each query, must have the sum 1.",
    ),
    attends(
        "reshapes_without_transposing",
        ("X.reshape(C, H * W).T", "X.reshape(H * W, C)"),
        says="X is reshaped to (H·W, C) without a transpose: the rows of P are then no places. "
        "Reshape to (C, H·W), then transpose.",
    ),
    attends(
        "reshapes_back_without_transposing",
        ("(A @ V).T", "(A @ V)"),
        says="Y is reshaped without a transpose: AV has the places as rows, so transpose it first.",
    ),
    attends(
        "swaps_queries_and_keys",
        ("Q @ K.T", "K @ Q.T"),
        says="queries and keys are swapped: the rows of A belong to the queries, A = softmax(QKᵀ/√d).",
    ),
    attends(
        "forgets_the_values",
        ("A @ V", "A @ P"),
        says="the places are weighed themselves: V = P W^V is what A weighs.",
    ),
    attends(
        "takes_gates",
        (f"softmax({SCORES}, dim=1)", f"sigmoid({SCORES})"),
        says="σ makes independent gates: here a softmax shares a sum of 1.",
    ),
    attends(
        "returns_only_the_output", ("return (A, ", "return ("), shows="it must return the 2 values (A, Y)"
    ),
    attends(
        "divides_by_the_maps_of_the_input",
        ("WQ.shape[1]", "C"),
        says="you divide by √C: d is the number of columns of W^Q.",
    ),
    attends(
        "weighs_by_the_columns",
        ("(A @ V).T", "(V.T @ A)"),
        says="A is turned over in Y: place i takes row i of A, Y = AV.",
    ),
    attends(
        "returns_the_scores",
        (f"torch.softmax({SCORES}, dim=1)", SCORES),
        ("A @ V", "torch.softmax(A, dim=1) @ V"),
        says="A holds the scores: the weights are their softmax, and each row sums to 1.",
    ),
    attends(
        "goes_down_the_columns",
        ("X.reshape(C, H * W).T", "X.permute(2, 1, 0).reshape(H * W, C)"),
        ("reshape(-1, H, W)", "reshape(-1, W, H).mT"),
        says="the places are taken column by column: row by row of the image, as reshape does.",
    ),
    attends("makes_keys_of_queries", ("P @ WK", "P @ WQ"), says="K is made with W^Q: K = P W^K."),
    attends(
        "shares_out_over_the_whole_matrix",
        (f"{SCORES}, dim=1)", f"({SCORES}).flatten(), dim=0).reshape(H * W, H * W)"),
        says="the whole of A shares a sum of 1: each row of A has the sum 1.",
    ),
    attends(
        "divides_by_the_width_of_the_values",
        ("WQ.shape[1]", "WV.shape[1]"),
        says="you divide by the root of the width of the values: √d is about the width of a query.",
    ),
    attends(
        "forgets_to_keep_the_axis",
        (f"A = torch.softmax({SCORES}, dim=1)", f"E = torch.exp({SCORES})\n    A = E / E.sum(1)"),
        says="E / E.sum(1) divides column j by the sum of row j: E.sum(1, keepdim=True) keeps the sums as a column.",
    ),
    attends(
        "adds_the_input",
        ("(A @ V).T.reshape(-1, H, W)", "(A @ V).T.reshape(-1, H, W) + X.mean(0)"),
        shows="Y[0, 0, 0]: expected",
    ),
    attends(
        "hides_what_comes_later",
        (
            f"({SCORES}, dim=1)",
            f"(({SCORES}).masked_fill(torch.ones(len(P), len(P)).triu(1) > 0, -1e9), dim=1)",
        ),
        says="each place sees only those before it: here every place looks at every place.",
    ),
    attends(
        "returns_the_output_first",
        ("(A, (A @ V).T.reshape(-1, H, W))", "((A @ V).T.reshape(-1, H, W), A)"),
        shows="its 2 values are in another order: return (A, Y)",
    ),
    attends(
        "leaves_the_places_in_rows",
        ("(A @ V).T.reshape(-1, H, W)", "A @ V"),
        shows="Y: expected shape (1, 1, 2), got (2, 1)",
    ),
    attends(
        "works_in_float32",
        ("P = X", "X, WQ, WK, WV = (one.float() for one in (X, WQ, WK, WV))\n    P = X"),
        shows="its dtype is torch.float32, but torch.float64 is expected",
    ),
    attends(
        "divides_behind_the_softmax",
        (f"{SCORES}, dim=1)", "Q @ K.T, dim=1) / WQ.shape[1] ** 0.5"),
        says="√d divides the weights: it divides the scores, before the softmax.",
    ),
]


@wrong("self_attention", shows="calls the framework's", loses=SELF)
def asks_the_framework(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    Q, K = P @ WQ, P @ WK
    A = F.scaled_dot_product_attention(Q[None, None], K[None, None], torch.eye(len(P)).double()[None, None])
    return A[0, 0], (A[0, 0] @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", shows="multi_head_attention_forward", loses=SELF)
def asks_for_a_head(X, WQ, WK, WV):
    C, H, W = X.shape
    width = max(C, WQ.shape[1], WV.shape[1])
    P, *matrices = (F.pad(M, (0, width - M.shape[1])) for M in (X.reshape(C, -1).T, WQ, WK, WV))
    inside = torch.cat([F.pad(M.T, (0, width - C)) for M in matrices])
    inside[:width] *= (width / WQ.shape[1]) ** 0.5
    outside = torch.eye(width, dtype=X.dtype)
    P = P[:, None]
    Y, A = F.multi_head_attention_forward(
        P, P, P, width, 1, inside, None, None, None, False, 0.0, outside, None
    )
    return A[0], Y[:, 0, : WV.shape[1]].T.reshape(-1, H, W)


@wrong("self_attention", shows="calls nonconv.layers.attention", loses=SELF)
def asks_the_library(X, WQ, WK, WV):
    Q, K, V = (torch.einsum("chw,cd->hwd", X, M).flatten(0, 1) for M in (WQ, WK, WV))
    Y, A = nonconv.layers.scaled_dot_product_attention(Q, K, V), torch.eye(len(Q))
    return A, Y.T.reshape(-1, *X.shape[1:])
