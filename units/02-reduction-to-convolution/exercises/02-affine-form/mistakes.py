"""What students answer: the wrong ways, what each is told and loses."""

import math

import torch
import torch.nn.functional as F

import nonconv.reduction
from nonconv.authoring import wrong

AFFINE = ("affine-form-values", "affine-form-small-variance", "affine-form-many-maps")


@wrong("affine_form", says="ε stands outside the root: it belongs inside, √(σ² + ε).", loses=AFFINE)
def eps_outside_the_root(gamma, beta, mu, var, eps):
    G = gamma / (torch.sqrt(var) + eps)
    return G, beta - mu * G


@wrong("affine_form", says="you divide by σ² + ε: it is its root, √(σ² + ε).", loses=AFFINE)
def divides_by_the_variance(gamma, beta, mu, var, eps):
    G = gamma / (var + eps)
    return G, beta - G * mu


@wrong(
    "affine_form", says="γ is missing in g: the mean is scaled too, g = β − γ μ / √(σ² + ε).", loses=AFFINE
)
def forgets_gamma_in_g(gamma, beta, mu, var, eps):
    root = torch.sqrt(var + eps)
    return gamma / root, beta - mu / root


@wrong("affine_form", says="the mean has the wrong sign in g: it is subtracted, g = β − G μ.", loses=AFFINE)
def adds_the_mean(gamma, beta, mu, var, eps):
    G = gamma / torch.sqrt(var + eps)
    return G, mu * G + beta


@wrong("affine_form", says="G multiplies β as well: β is added after the scaling, g = β − G μ.", loses=AFFINE)
def scales_beta_too(gamma, beta, mu, var, eps):
    G = gamma / torch.sqrt(var + eps)
    return G, (beta - mu) * G


@wrong("affine_form", says="ε is missing: without it a map that never varies divides by zero.", loses=AFFINE)
def forgets_eps(gamma, beta, mu, var, eps):
    G = gamma / torch.sqrt(var)
    return G, beta - mu * G


@wrong(
    "affine_form",
    says="ε is the least that σ² may be: it is added to it, √(σ² + ε).",
    loses=AFFINE,
)
def lifts_small_variances_to_eps(gamma, beta, mu, var, eps):
    G = gamma / torch.sqrt(var.clamp(min=eps))
    return G, beta - G * mu


@wrong(
    "affine_form",
    says="all maps lose the mean of the first one: each has its own μ^k.",
    loses=AFFINE,
)
def subtracts_the_first_mean(gamma, beta, mu, var, eps):
    G = gamma * torch.rsqrt(var + eps)
    return G, beta - G * mu[0]


@wrong("affine_form", says="the two results are swapped: return G first, then g.", loses=AFFINE)
def returns_them_swapped(gamma, beta, mu, var, eps):
    G = gamma / torch.sqrt(var + eps)
    return beta - mu * G, G


@wrong("affine_form", shows="it must return the 2 values (G, g)", loses=AFFINE)
def returns_only_G(gamma, beta, mu, var, eps):
    return gamma / torch.sqrt(var + eps)


@wrong("affine_form", shows="expected shape (1,), got (1, 1, 1)", loses=AFFINE)
def shapes_them_for_broadcasting(gamma, beta, mu, var, eps):
    G = gamma / torch.sqrt(var + eps)
    return G[:, None, None], (beta - mu * G)[:, None, None]


@wrong(
    "affine_form",
    says="one variance serves all maps: each map k has its own σ^{2k}.",
    loses=("affine-form-values", "affine-form-small-variance", "affine-form-many-maps"),
)
def averages_the_variances(gamma, beta, mu, var, eps):
    G = gamma / torch.sqrt(var.mean() + eps)
    return G, beta - mu * G


@wrong("affine_form", shows="it changes its input gamma in place", loses=AFFINE)
def divides_gamma_in_place(gamma, beta, mu, var, eps):
    gamma /= torch.sqrt(var + eps)
    return gamma, beta - mu * gamma


@wrong(
    "affine_form",
    says="a map with variance 0 is treated apart: the formula needs no exception, ε is there for it.",
    loses=["affine-form-small-variance"],
)
def leaves_constant_maps_alone(gamma, beta, mu, var, eps):
    G = torch.where(var > 0, gamma / torch.sqrt(var + eps), gamma)
    return G, beta - mu * G


@wrong("affine_form", shows="calls the framework's", loses=AFFINE)
def asks_the_framework_at_0_and_1(gamma, beta, mu, var, eps):
    zero = torch.zeros(1, len(mu), dtype=mu.dtype)
    g = F.batch_norm(zero, mu, var, gamma, beta, eps=eps)[0]
    return F.batch_norm(zero + 1, mu, var, gamma, beta, eps=eps)[0] - g, g


@wrong("affine_form", shows="calls the framework's", loses=AFFINE)
def asks_a_layer_in_a_helper(gamma, beta, mu, var, eps):
    def layer(value):
        norm = torch.nn.BatchNorm1d(len(mu), eps=eps, dtype=mu.dtype).eval()
        state = {"weight": gamma, "bias": beta, "running_mean": mu, "running_var": var}
        norm.load_state_dict(state, strict=False)
        return norm(torch.full((1, len(mu)), value, dtype=mu.dtype))[0].detach()

    return layer(1.0) - layer(0.0), layer(0.0)


@wrong("affine_form", shows="calls nonconv.reduction", loses=AFFINE)
def calls_the_library(gamma, beta, mu, var, eps):
    return nonconv.reduction.affine_form(gamma, beta, mu, var, eps)


@wrong("affine_form", says="the mean is subtracted as it is: G multiplies it, g = β − G μ.", loses=AFFINE)
def subtracts_the_mean_unscaled(gamma, beta, mu, var, eps):
    return gamma / torch.sqrt(var + eps), beta - mu


@wrong(
    "affine_form",
    says="β is divided by the root as well: it is added after the division, g = β − G μ.",
    loses=AFFINE,
)
def divides_beta_too(gamma, beta, mu, var, eps):
    root = torch.sqrt(var + eps)
    return gamma / root, (beta - gamma * mu) / root


@wrong(
    "affine_form",
    says="the root is missing in g: the mean is divided by it too, g = β − γ μ / √(σ² + ε).",
    loses=AFFINE,
)
def forgets_the_root_in_g(gamma, beta, mu, var, eps):
    return gamma / torch.sqrt(var + eps), beta - gamma * mu


@wrong("affine_form", says="ε is there twice: it stands inside the root only, √(σ² + ε).", loses=AFFINE)
def adds_eps_twice(gamma, beta, mu, var, eps):
    G = gamma / (torch.sqrt(var + eps) + eps)
    return G, beta - mu * G


@wrong("affine_form", says="G is upside down: γ is divided by the root, not the root by γ.", loses=AFFINE)
def turns_G_upside_down(gamma, beta, mu, var, eps):
    G = torch.sqrt(var + eps) / gamma
    return G, beta - mu * G
