"""Right answers that go other ways."""

import math

import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

from nonconv.authoring import right


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


@right("self_attention")
def by_way_of_numpy_and_scipy(X, WQ, WK, WV):
    P = X.numpy().reshape(len(X), -1).T
    scores = (P @ WQ.numpy()) @ (P @ WK.numpy()).T / np.sqrt(WQ.shape[1])
    A = scipy.special.softmax(scores, axis=1)
    return torch.from_numpy(A), torch.from_numpy(A @ P @ WV.numpy()).T.reshape(-1, *X.shape[1:])


@right("self_attention")
def with_one_matrix_for_queries_and_keys(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.permute(1, 2, 0).reshape(-1, C)
    A = (P @ (WQ @ WK.T) @ P.T).div(WQ.size(1) ** 0.5).softmax(-1)
    return A, torch.einsum("ij,jc,cm->mi", A, P, WV).view(-1, H, W)


@right("self_attention")
def with_the_places_as_columns(X, WQ, WK, WV):
    q, k, v = (M.T @ X.flatten(1) for M in (WQ, WK, WV))
    A = torch.softmax(k.T @ q / len(q) ** 0.5, 0).T
    return [A, (v @ A.T).unflatten(1, X.shape[1:])]


@right("self_attention")
def as_a_batch_of_one(X, WQ, WK, WV):
    Q, K, V = (X.flatten(1).mT[None] @ M for M in (WQ, WK, WV))
    scores = torch.baddbmm(torch.zeros(1, 1, 1, dtype=X.dtype), Q, K.mT, alpha=Q.shape[-1] ** -0.5)
    A = torch.log_softmax(scores, -1).exp()
    return A[0], torch.bmm(A, V)[0].T.unflatten(1, X.shape[1:])
