"""Right answers that go other ways."""

import numpy as np
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("additive_context")
def annotation_by_annotation(s, h, W, U, v):
    e = torch.stack([v @ torch.tanh(W @ s + U @ one) for one in h])
    alpha = e.softmax(0)
    return alpha, sum(a * one for a, one in zip(alpha, h, strict=True))


@right("additive_context")
def one_matrix_for_both(s, h, W, U, v):
    both = torch.cat([W, U], 1)  # (E, D + A)
    pairs = torch.cat([s.expand(len(h), -1), h], 1)
    alpha = torch.softmax(torch.tanh(pairs @ both.T) @ v, -1)
    return alpha, torch.einsum("t,ta->a", alpha, h)


@right("additive_context")
def by_linear_layers(s, h, W, U, v):
    e = F.linear(torch.tanh(F.linear(h, U, W @ s)), v[None])[:, 0]
    alpha = F.softmax(e, dim=0)
    return alpha, (alpha[:, None] * h).sum(0)


@right("additive_context")
def by_way_of_numpy(s, h, W, U, v):
    s, h, W, U, v = (one.numpy() for one in (s, h, W, U, v))
    e = np.tanh(W @ s + h @ U.T) @ v
    powers = np.exp(e - e.max())
    alpha = powers / powers.sum()
    return torch.from_numpy(alpha), torch.from_numpy(alpha @ h)


@right("additive_context")
def by_logarithms(s, h, W, U, v):
    e = torch.einsum("te,e->t", (h @ U.mT + W @ s).tanh(), v)
    alpha = torch.exp(e - torch.logsumexp(e, 0))
    return [alpha, h.T @ alpha]


@right("additive_context")
def in_columns(s, h, W, U, v):
    hidden = torch.tanh((W @ s)[:, None] + U @ h.T)  # (E, T)
    alpha = torch.softmax(v @ hidden, 0)
    return alpha, (h.T * alpha).sum(1)
