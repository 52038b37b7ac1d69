"""Right answers in other costumes."""

import numpy
import torch

from nonconv.authoring import right


@right("through_max_pooling")
def with_copysign(F, b, G, g):
    s = torch.copysign(torch.ones_like(G), G + 0.0)  # −0 becomes 0
    return torch.einsum("kmuv,k->kmuv", F, s * G), s * (G * b + g), s


@right("through_max_pooling")
def with_masks(F, b, G, g):
    negative = G < 0
    O, o, s = F * G.view(-1, 1, 1, 1), G * b + g, torch.ones_like(g)
    O[negative] *= -1
    o[negative] *= -1
    s[negative] = -1
    return O, o, s


@right("through_max_pooling")
def map_by_map(F, b, G, g):
    s = [-1.0 if one < 0 else 1.0 for one in G.tolist()]
    O = torch.stack([sign * G[k] * F[k] for k, sign in enumerate(s)])
    o = torch.stack([sign * (G[k] * b[k] + g[k]) for k, sign in enumerate(s)])
    return O, o, torch.tensor(s, dtype=F.dtype)


@right("through_max_pooling")
def with_numpy(F, b, G, g):
    F, b, G, g = (one.numpy() for one in (F, b, G, g))
    s = numpy.where(G >= 0, 1.0, -1.0)
    O = (F.T * abs(G)).T
    return torch.from_numpy(O.copy()), torch.from_numpy(abs(G) * b + s * g), torch.from_numpy(s)


@right("through_max_pooling")
def with_a_diagonal_matrix(F, b, G, g):
    S = torch.diag(1.0 - 2.0 * (G < 0).to(F))
    A = S @ torch.diag(G)
    return torch.tensordot(A, F, dims=1), A @ b + S @ g, S.diagonal()


@right("through_max_pooling")
def with_the_sign_of_a_shifted_number(F, b, G, g):
    s = torch.sign(torch.sign(G) + 0.5)
    return (F.flatten(1) * G.abs()[:, None]).reshape(F.shape), s * g + (s * G) * b, torch.tensor([*s])
