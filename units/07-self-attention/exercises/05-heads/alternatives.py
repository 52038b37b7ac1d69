"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("multi_head")
def all_heads_at_once(X, WQ, WK, WV, WO, h):
    Q, K, V = ((X @ W).unflatten(1, (h, -1)).transpose(0, 1) for W in (WQ, WK, WV))
    A = torch.softmax(Q @ K.mT / Q.shape[2] ** 0.5, -1)  # (h, n, n)
    return (A @ V).transpose(0, 1).flatten(1) @ WO


@right("multi_head")
def with_einsum(X, WQ, WK, WV, WO, h):
    d = X.shape[1]
    Q, K, V = (torch.einsum("nd,dhk->hnk", X, W.reshape(d, h, d // h)) for W in (WQ, WK, WV))
    A = (torch.einsum("hik,hjk->hij", Q, K) / (d / h) ** 0.5).softmax(-1)
    return torch.einsum("hij,hjk,hko->io", A, V, WO.reshape(h, d // h, d))


@right("multi_head")
def sums_what_each_head_adds(X, WQ, WK, WV, WO, h):
    width, Y = X.shape[1] // h, torch.zeros_like(X)
    for i in range(h):
        part = slice(i * width, (i + 1) * width)
        scores = (X @ WQ[:, part]) @ (X @ WK[:, part]).T
        Y += torch.softmax(scores / width**0.5, 1) @ (X @ WV[:, part]) @ WO[part]
    return Y


@right("multi_head")
def as_a_batch(X, WQ, WK, WV, WO, h):
    n, d = X.shape
    parts = torch.stack([X @ W for W in (WQ, WK, WV)]).view(3, n, h, d // h).permute(0, 2, 1, 3)
    A = torch.bmm(parts[0], parts[1].transpose(1, 2)).div((d // h) ** 0.5).softmax(2)
    return torch.bmm(A, parts[2]).permute(1, 0, 2).reshape(n, d) @ WO


@right("multi_head")
def by_way_of_numpy(X, WQ, WK, WV, WO, h):
    X, WQ, WK, WV, WO = (one.numpy() for one in (X, WQ, WK, WV, WO))
    heads = []
    for q, k, v in zip(*(np.split(X @ W, h, axis=1) for W in (WQ, WK, WV)), strict=True):
        powers = np.exp(q @ k.T / np.sqrt(k.shape[1]))
        heads.append(powers / powers.sum(1, keepdims=True) @ v)
    return torch.from_numpy(np.hstack(heads) @ WO)
