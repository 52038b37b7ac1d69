"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("lstm_step")
def gate_by_gate(W, b, x, h, C):
    H, both = len(h), torch.cat((h, x))
    i_t = torch.sigmoid(W[:H] @ both + b[:H])
    f_t = torch.sigmoid(W[H : 2 * H] @ both + b[H : 2 * H])
    new = torch.tanh(W[2 * H : 3 * H] @ both + b[2 * H : 3 * H])
    o_t = torch.sigmoid(W[3 * H :] @ both + b[3 * H :])
    C_t = f_t * C + i_t * new
    return o_t * C_t.tanh(), C_t


@right("lstm_step")
def with_two_matrices(W, b, x, h, C):
    H = h.shape[0]
    z = (W[:, :H].mv(h) + W[:, H:].mv(x) + b).reshape(4, H)
    i, f, o = z[[0, 1, 3]].sigmoid()
    C = torch.addcmul(f * C, i, z[2].tanh())
    return [o * torch.tanh(C), C]


@right("lstm_step")
def sigma_by_tanh(W, b, x, h, C):
    i, f, g, o = torch.nn.functional.linear(torch.hstack((h, x)), W, b).split(len(h))

    def gate(z):
        return (1 + torch.tanh(z / 2)) / 2

    C = gate(f) * C + gate(i) * torch.tanh(g)
    return gate(o) * torch.tanh(C), C


@right("lstm_step")
def by_way_of_numpy(W, b, x, h, C):
    z = W.numpy() @ np.concatenate([h.numpy(), x.numpy()]) + b.numpy()
    i, f, g, o = np.split(z, 4)
    C = C.numpy() / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return torch.from_numpy(np.tanh(C) / (1 + np.exp(-o))), torch.from_numpy(C)


@right("lstm_step")
def unit_by_unit(W, b, x, h, C):
    H, both = len(h), torch.cat([h, x])
    new_h, new_C = torch.empty_like(h), torch.empty_like(C)
    for n in range(H):
        i, f, g, o = ((W[n + k * H] * both).sum() + b[n + k * H] for k in range(4))
        new_C[n] = f.sigmoid() * C[n] + i.sigmoid() * g.tanh()
        new_h[n] = o.sigmoid() * new_C[n].tanh()
    return new_h, new_C
