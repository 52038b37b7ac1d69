"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

ATTENTION = ("self-attention-values", "self-attention-not-square")


def _rows(X):
    return X.flatten(1).T


def _scores(P, WQ, WK):
    return (P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5


def _maps(Y, X):
    return Y.T.reshape(-1, *X.shape[1:])


@wrong("self_attention", says="the softmax is missing: A holds the scores themselves.", loses=ATTENTION)
def forgets_the_softmax(X, WQ, WK, WV):
    P = _rows(X)
    A = _scores(P, WQ, WK)
    return A, _maps(A @ P @ WV, X)


@wrong(
    "self_attention",
    says="σ of each score is no softmax: the rows of A must have the sum 1.",
    loses=ATTENTION,
)
def takes_sigma_for_the_softmax(X, WQ, WK, WV):
    P = _rows(X)
    A = torch.sigmoid(_scores(P, WQ, WK))
    return A, _maps(A @ P @ WV, X)


@wrong(
    "self_attention",
    says="P has the places column by column, and Y is read row by row: both go row by row.",
    loses=ATTENTION,
)
def goes_column_by_column(X, WQ, WK, WV):
    P = _rows(X.transpose(1, 2))
    A = torch.softmax(_scores(P, WQ, WK), 1)
    return A, _maps(A @ P @ WV, X)
