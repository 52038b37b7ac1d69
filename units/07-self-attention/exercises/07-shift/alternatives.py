"""Right answers that go other ways."""

import math

import numpy as np
import scipy.linalg
import torch

from nonconv.authoring import right


@right("shift_matrix")
def as_a_block_diagonal(k, d):
    angles = [k * 10000 ** (-2 * i / d) for i in range(d // 2)]
    blocks = [[[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]] for a in angles]
    return torch.block_diag(*torch.tensor(blocks, dtype=torch.float64))


@right("shift_matrix")
def as_a_matrix_exponential(k, d):
    S = np.zeros((d, d))
    for i in range(d // 2):
        S[2 * i, 2 * i + 1] = 10000 ** (-2 * i / d)
    return torch.from_numpy(scipy.linalg.expm(k * (S - S.T)))


@right("shift_matrix")
def as_a_power_of_one_step(k, d):
    omega = 10000.0 ** (-torch.arange(d).div(2, rounding_mode="floor").double() * 2 / d)
    M = torch.diag(torch.cos(omega))
    for i in range(0, d, 2):
        M[i, i + 1], M[i + 1, i] = torch.sin(omega[i]), -torch.sin(omega[i])
    return torch.linalg.matrix_power(M if k >= 0 else M.T, abs(k))


@right("shift_matrix")
def fills_by_slices(k, d):
    angle = k * torch.pow(torch.tensor(10000.0).double(), -torch.arange(0, d, 2) / torch.tensor(d).double())
    M = torch.zeros(d, d, dtype=torch.float64)
    even, odd = range(0, d, 2), range(1, d, 2)
    M[even, even] = M[odd, odd] = angle.cos()
    M[even, odd], M[odd, even] = angle.sin(), -angle.sin()
    return M


@right("shift_matrix")
def from_the_sum_formula_wave_by_wave(k, d):
    rows = []
    for row in range(d):
        b = k * 10000 ** (-(row - row % 2) / d)
        values = [0.0] * d
        pair = (math.cos(b), math.sin(b)) if row % 2 == 0 else (-math.sin(b), math.cos(b))
        values[row - row % 2 : row - row % 2 + 2] = pair
        rows.append(values)
    return torch.tensor(rows, dtype=torch.float64)
