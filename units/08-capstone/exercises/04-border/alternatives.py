"""Right answers in other costumes."""

import numpy
import torch

from nonconv.authoring import right


@right("across_the_border")
def with_einsum(G, g, F, b):
    O = torch.einsum("kmuv,m->kmuv", F, G)
    return -(g / G), O, torch.einsum("kmuv,m->k", F, g) + b


@right("across_the_border")
def with_loops(G, g, F, b):
    O, o = F.clone(), b.clone()
    K, M, p, q = F.shape
    for k in range(K):
        for m in range(M):
            for u in range(p):
                for v in range(q):
                    O[k, m, u, v] = F[k, m, u, v] * G[m]
                    o[k] += F[k, m, u, v] * g[m]
    return torch.stack([-g[m] / G[m] for m in range(M)]), O, o


@right("across_the_border")
def with_numpy(G, g, F, b):
    G, g, F, b = (one.numpy() for one in (G, g, F, b))
    o = b + numpy.tensordot(F.sum(axis=(-1, -2)), g, axes=1)
    return torch.from_numpy(g / -G), torch.from_numpy(F * G.reshape(1, -1, 1, 1)), torch.from_numpy(o)


@right("across_the_border")
def with_a_diagonal_matrix(G, g, F, b):
    O = torch.tensordot(F, torch.diag(G), dims=([1], [0])).permute(0, 3, 1, 2)
    v = torch.linalg.solve(torch.diag(G), -g)
    return v, O, F.permute(0, 2, 3, 1).matmul(g).sum((1, 2)) + b


@right("across_the_border")
def with_the_border_in_the_bias(G, g, F, b):
    v = -g * G.reciprocal()
    O = (F.movedim(1, -1) * G).movedim(-1, 1)
    return [v, O, b - (O * v[:, None, None]).sum((1, 2, 3))]  # g = −G v


@right("across_the_border")
def map_by_map(G, g, F, b):
    sheets = [F[:, m] * G[m] for m in range(len(G))]
    o = b + sum(F[:, m].flatten(1).sum(1) * g[m] for m in range(len(G)))
    return torch.div(-g, G), torch.stack(sheets, dim=1), o
