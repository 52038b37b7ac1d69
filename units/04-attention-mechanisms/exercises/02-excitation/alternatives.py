"""Right answers that go other ways."""

import math

import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("excitation")
def with_sums_and_exponentials(F_agg, W0, W1):
    hidden = (W0 * F_agg).sum(1).clamp(min=0)
    return 1 / (1 + torch.exp(-(W1 * hidden).sum(1)))


@right("excitation")
def by_linear_layers(F_agg, W0, W1):
    squeeze = torch.nn.Linear(W0.shape[1], W0.shape[0], bias=False)
    squeeze.weight.data = W0
    return F.linear(squeeze(F_agg).relu(), W1).sigmoid()


@right("excitation")
def number_by_number(F_agg, W0, W1):
    hidden = [max(0.0, sum((w * f).item() for w, f in zip(row, F_agg, strict=True))) for row in W0]
    Y1 = [sum(w.item() * h for w, h in zip(row, hidden, strict=True)) for row in W1]
    return torch.tensor([0.5 * (1 + math.tanh(y / 2)) for y in Y1], dtype=F_agg.dtype)


@right("excitation")
def by_one_by_one_convolutions(F_agg, W0, W1):
    hidden = F.conv1d(F_agg[None, :, None], W0[:, :, None]).relu()
    return F.conv1d(hidden, W1[:, :, None]).sigmoid()[0, :, 0]


@right("excitation")
def by_way_of_numpy_and_scipy(F_agg, W0, W1):
    hidden = np.maximum(W0.numpy() @ F_agg.numpy(), 0)
    return torch.from_numpy(scipy.special.expit(W1.numpy() @ hidden))


@right("excitation")
def as_a_softmax_against_zero(F_agg, W0, W1):
    Y1 = W1.matmul(torch.maximum(W0.matmul(F_agg), torch.tensor(0.0)))
    return torch.stack([Y1, torch.zeros_like(Y1)]).softmax(0)[0]


@right("excitation")
def with_einsum_and_tanh(F_agg, W0, W1):
    hidden = torch.einsum("hc,c->h", W0, F_agg)
    return 0.5 + 0.5 * torch.tanh(torch.einsum("ch,h->c", W1, hidden * (hidden > 0)) / 2)


@right("excitation")
def as_one_network(F_agg, W0, W1):
    squeeze, widen = (torch.nn.Linear(*W.shape[::-1], bias=False) for W in (W0, W1))
    net = torch.nn.Sequential(squeeze, torch.nn.ReLU(), widen, torch.nn.Sigmoid())
    net.load_state_dict({"0.weight": W0, "2.weight": W1}, assign=True)
    return net(F_agg)
