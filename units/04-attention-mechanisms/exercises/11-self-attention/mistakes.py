"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math
from functools import partial

import torch
import torch.nn.functional as F

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


@right("self_attention")
def with_einsum_over_the_places(X, WQ, WK, WV):
    Q, K, V = (torch.einsum("chw,cd->hwd", X, M).flatten(0, 1) for M in (WQ, WK, WV))
    powers = torch.exp(torch.einsum("id,jd->ij", Q, K) / math.sqrt(WK.shape[1]))
    A = powers / powers.sum(1, keepdim=True)
    Y = torch.einsum("ij,jm->mi", A, V)
    return A, Y.unflatten(1, tuple(X.shape[1:]))


@right("self_attention")
def by_convolutions(X, WQ, WK, WV):
    Q, K, V = (F.conv2d(X[None], M.T[:, :, None, None])[0].flatten(1).T for M in (WQ, WK, WV))
    A = torch.softmax(Q @ K.T / Q.shape[1] ** 0.5, -1)
    return A, (A @ V).T.reshape(-1, *X.shape[1:])


@right("self_attention")
def query_by_query(X, WQ, WK, WV):
    C, H, W = X.shape
    places = [X[:, i, j] for i in range(H) for j in range(W)]
    rows, outputs = [], []
    for x in places:
        scores = torch.stack([(x @ WQ) @ (other @ WK) for other in places]) / WQ.shape[1] ** 0.5
        weights = torch.softmax(scores, 0)
        rows.append(weights)
        outputs.append(sum(w * (other @ WV) for w, other in zip(weights, places, strict=True)))
    return torch.stack(rows), torch.stack(outputs, 1).reshape(-1, H, W)
