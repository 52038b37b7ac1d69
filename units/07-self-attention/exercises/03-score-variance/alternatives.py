"""Right answers that go other ways."""

from fractions import Fraction

import torch

from nonconv.authoring import right


@right("score_moments")
def by_second_moments(d, mu_q, s_q, mu_k, s_k):
    q2, k2 = s_q + mu_q**2, s_k + mu_k**2
    return d * mu_q * mu_k, d * (q2 * k2 - (mu_q * mu_k) ** 2)


@right("score_moments")
def by_the_law_of_total_variance(d, mu_q, s_q, mu_k, s_k):
    within = s_q * (s_k + mu_k**2)  # E over k of Var(q k | k)
    between = mu_q**2 * s_k  # Var over k of E(q k | k)
    return d * (mu_q * mu_k), d * (within + between)


@right("score_moments")
def in_fractions(d, mu_q, s_q, mu_k, s_k):
    mu_q, s_q, mu_k, s_k = map(Fraction, (mu_q, s_q, mu_k, s_k))
    return float(d * mu_q * mu_k), float(d * (s_q * s_k + mu_q**2 * s_k + mu_k**2 * s_q))


@right("score_moments")
def of_two_point_distributions(d, mu_q, s_q, mu_k, s_k):
    values = [
        (mu_q + a * s_q**0.5) * (mu_k + b * s_k**0.5) for a in (-1, 1) for b in (-1, 1)
    ]  # each with probability 1/4
    mean = sum(values) / 4
    return d * mean, d * sum((value - mean) ** 2 for value in values) / 4


@right("score_moments")
def as_tensors(d, mu_q, s_q, mu_k, s_k):
    means, variances = torch.tensor([mu_q, mu_k]).double(), torch.tensor([s_q, s_k]).double()
    return d * means.prod(), d * ((variances + means**2).prod() - means.prod() ** 2)
