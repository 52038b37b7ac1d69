"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import torch
import torch.nn.functional as F

from nonconv.authoring import right, wrong

SELF = ("self-attention-values", "self-attention-not-square")


@wrong("self_attention", says="the scores are not divided by √d.", loses=SELF)
def forgets_the_root(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="the scores are divided by d, not by its root.", loses=SELF)
def divides_by_d(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1], 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="you divide by the root of the number of places: √d is about the width of a query.",
    loses=SELF,
)
def divides_by_the_places(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / math.sqrt(len(P)), 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="the softmax goes down the columns: each row of A, one for each query, must have the sum 1.",
    loses=SELF,
)
def normalises_the_columns(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 0)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="X is reshaped to (H·W, C) without a transpose: the rows of P are then no places. Reshape to (C, H·W), then transpose.",
    loses=SELF,
)
def reshapes_without_transposing(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(H * W, C)
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="Y is reshaped without a transpose: AV has the places as rows, so transpose it first.",
    loses=SELF,
)
def reshapes_back_without_transposing(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).reshape(-1, H, W)


@wrong(
    "self_attention",
    says="queries and keys are swapped: the rows of A belong to the queries, A = softmax(QKᵀ/√d).",
    loses=SELF,
)
def swaps_queries_and_keys(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WK) @ (P @ WQ).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="the places are weighed themselves: V = P W^V is what A weighs.", loses=SELF)
def forgets_the_values(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P).T.reshape(-1, H, W)


@wrong("self_attention", says="σ makes independent gates: here a softmax shares a sum of 1.", loses=SELF)
def takes_gates(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.sigmoid((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", shows="it must return the 2 values (A, Y)", loses=SELF)
def returns_only_the_output(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", shows="calls the framework's", loses=SELF)
def asks_the_framework(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    Q, K = P @ WQ, P @ WK
    A = F.scaled_dot_product_attention(Q[None, None], K[None, None], torch.eye(len(P)).double()[None, None])
    return A[0, 0], (A[0, 0] @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="you divide by √C: d is the number of columns of W^Q.", loses=SELF)
def divides_by_the_maps_of_the_input(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / C**0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="A is turned over in Y: place i takes row i of A, Y = AV.", loses=SELF)
def weighs_by_the_columns(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, ((P @ WV).T @ A).reshape(-1, H, W)


@wrong(
    "self_attention",
    says="A holds the scores: the weights are their softmax, and each row sums to 1.",
    loses=SELF,
)
def returns_the_scores(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    scores = (P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5
    return scores, (scores.softmax(1) @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="the places are taken column by column: row by row of the image, as reshape does.",
    loses=SELF,
)
def goes_down_the_columns(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.permute(2, 1, 0).reshape(-1, C)
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, W, H).mT


@wrong("self_attention", says="K is made with W^Q: K = P W^K.", loses=SELF)
def makes_keys_of_queries(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    Q = P @ WQ
    A = torch.softmax(Q @ Q.T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="the whole of A shares a sum of 1: each row of A has the sum 1.",
    loses=SELF,
)
def shares_out_over_the_whole_matrix(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    scores = (P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5
    A = scores.flatten().softmax(0).reshape(scores.shape)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="√d divides the weights: it divides the scores, before the softmax.",
    loses=SELF,
)
def divides_behind_the_softmax(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T, 1) / WQ.shape[1] ** 0.5
    return A, (A @ P @ WV).T.reshape(-1, H, W)


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
