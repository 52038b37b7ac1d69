"""Right answers that go other ways."""

import math

import numpy as np
import torch

from nonconv.authoring import right


@right("attention")
def query_by_query(Q, K, V, mask):
    Y = torch.zeros(len(Q), V.shape[1], dtype=V.dtype)
    for i, q in enumerate(Q):
        if mask[i].any():
            weights = torch.softmax(K[mask[i]] @ q / math.sqrt(len(q)), 0)
            Y[i] = weights @ V[mask[i]]
    return Y


@right("attention")
def with_einsum(Q, K, V, mask):
    scores = torch.einsum("id,jd->ij", Q, K) * Q.shape[-1] ** -0.5
    alpha = scores.masked_fill(mask.logical_not(), float("-inf")).softmax(-1).nan_to_num(0)
    return torch.einsum("ij,jv->iv", alpha, V)


@right("attention")
def scales_queries_and_keys(Q, K, V, mask):
    root = Q.shape[1] ** 0.25
    powers = torch.exp((Q / root) @ (K / root).T) * mask
    return powers @ V / powers.sum(1, keepdim=True).clamp(min=1e-30)


@right("attention")
def adds_a_bias(Q, K, V, mask):
    bias = torch.zeros(mask.shape, dtype=Q.dtype).masked_fill_(~mask, -torch.inf)
    logs = torch.log_softmax(torch.addmm(bias, Q, K.T, alpha=1 / math.sqrt(K.shape[1])), 1)
    return logs.exp().nan_to_num() @ V


@right("attention")
def by_way_of_numpy(Q, K, V, mask):
    scores = Q.numpy() @ K.numpy().T / np.sqrt(K.shape[1])
    powers = np.where(mask.numpy(), np.exp(scores), 0)
    total = powers.sum(1, keepdims=True)
    return torch.from_numpy(powers / np.where(total == 0, 1, total) @ V.numpy())  # exact: a sum of zeros


@right("attention")
def key_by_key(Q, K, V, mask):
    """The way of FlashAttention: one key after the other, with a running sum."""
    total, Y = torch.zeros(len(Q), 1, dtype=Q.dtype), torch.zeros(len(Q), V.shape[1], dtype=Q.dtype)
    for k, v, seen in zip(K, V, mask.T, strict=True):
        power = torch.exp(Q @ k / Q.shape[1] ** 0.5)[:, None] * seen[:, None]
        total, Y = total + power, Y + power * v
    return Y / torch.where(total > 0, total, 1)
