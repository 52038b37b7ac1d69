"""What students answer: the wrong ways, what each is told and loses."""

import torch
import torch.nn.functional as F

import nonconv.reduction
from nonconv.authoring import wrong

BOTH = ("affine-form-values", "affine-form-small-variance", "affine-form-many-maps")


@wrong("batch_norm_for", says="ε stands outside the root: it belongs inside, √(σ² + ε).", loses=BOTH)
def eps_outside_the_root(G, g, mu, var, eps):
    return G * (torch.sqrt(var) + eps), g + mu * G


@wrong("batch_norm_for", says="you multiply by σ² + ε: it is its root, √(σ² + ε).", loses=BOTH)
def multiplies_by_the_variance(G, g, mu, var, eps):
    return G * (var + eps), g + mu * G


@wrong(
    "batch_norm_for",
    says="this is G = γ/√(σ² + ε) and g once more, with G and g in the place of γ and β: solve those for γ and β.",
    loses=BOTH,
)
def goes_the_lectures_way(G, g, mu, var, eps):
    slope = G / torch.sqrt(var + eps)
    return slope, g - slope * mu


@wrong("batch_norm_for", says="the mean has the wrong sign in β: g = β − G μ, so β = g + G μ.", loses=BOTH)
def subtracts_the_mean(G, g, mu, var, eps):
    return G * torch.sqrt(var + eps), g - mu * G


@wrong(
    "batch_norm_for",
    says="β is not g: at Y = 0 batch norm gives β − G μ, and that must be g.",
    loses=BOTH,
)
def takes_g_for_beta(G, g, mu, var, eps):
    return G * torch.sqrt(var + eps), g.clone()


@wrong("batch_norm_for", says="ε is missing: batch norm divides by √(σ² + ε).", loses=BOTH)
def forgets_eps(G, g, mu, var, eps):
    return G * torch.sqrt(var), g + mu * G


@wrong(
    "batch_norm_for",
    says="γ multiplies μ in your β: there the root is gone again, β = g + G μ.",
    loses=BOTH,
)
def takes_gamma_for_G(G, g, mu, var, eps):
    gamma = G * torch.sqrt(var + eps)
    return gamma, g + gamma * mu


@wrong("batch_norm_for", says="ε is the least that σ² may be: it is added to it, √(σ² + ε).", loses=BOTH)
def lifts_small_variances_to_eps(G, g, mu, var, eps):
    return G * torch.sqrt(var.clamp(min=eps)), g + G * mu


@wrong("batch_norm_for", says="all maps get the mean of the first one: each has its own μ^k.", loses=BOTH)
def adds_the_first_mean(G, g, mu, var, eps):
    return G * torch.sqrt(var + eps), g + G * mu[0]


@wrong("batch_norm_for", says="the two results are swapped: return γ first, then β.", loses=BOTH)
def returns_them_swapped(G, g, mu, var, eps):
    return g + mu * G, G * torch.sqrt(var + eps)


@wrong("batch_norm_for", shows="it must return the 2 values (gamma, beta)", loses=BOTH)
def returns_only_gamma(G, g, mu, var, eps):
    return G * torch.sqrt(var + eps)


@wrong("batch_norm_for", shows="expected shape (1,), got (1, 1, 1)", loses=BOTH)
def shapes_them_for_broadcasting(G, g, mu, var, eps):
    gamma = G * torch.sqrt(var + eps)
    return gamma[:, None, None], (g + mu * G)[:, None, None]


@wrong("batch_norm_for", says="one variance serves all maps: each map k has its own σ^{2k}.", loses=BOTH)
def averages_the_variances(G, g, mu, var, eps):
    return G * torch.sqrt(var.mean() + eps), g + mu * G


@wrong("batch_norm_for", shows="it changes its input G in place", loses=BOTH)
def multiplies_G_in_place(G, g, mu, var, eps):
    beta = g + mu * G
    G *= torch.sqrt(var + eps)
    return G, beta


@wrong(
    "batch_norm_for",
    says="a map with variance 0 is treated apart: the formula needs no exception, ε is there for it.",
    loses=["affine-form-small-variance"],
)
def leaves_constant_maps_alone(G, g, mu, var, eps):
    return torch.where(var > 0, G * torch.sqrt(var + eps), G), g + mu * G


@wrong("batch_norm_for", shows="calls the framework's", loses=BOTH)
def asks_the_framework_for_the_root(G, g, mu, var, eps):
    zero = torch.zeros(1, len(mu), dtype=mu.dtype)
    slope = F.batch_norm(zero + 1 + mu, mu, var, torch.ones_like(mu), torch.zeros_like(mu), eps=eps)[0]
    return G / slope, g + G * mu


@wrong("batch_norm_for", shows="calls nonconv.reduction", loses=BOTH)
def calls_the_library(G, g, mu, var, eps):
    one, zero = torch.ones_like(G), torch.zeros_like(G)
    slope, _ = nonconv.reduction.affine_form(one, zero, mu, var, eps)
    return G / slope, g + G * mu


@wrong("batch_norm_for", says="the mean is added as it is: G multiplies it, β = g + G μ.", loses=BOTH)
def adds_the_mean_unscaled(G, g, mu, var, eps):
    return G * torch.sqrt(var + eps), g + mu


@wrong(
    "batch_norm_for",
    says="β is multiplied by the root as well: it is added after the division, β = g + G μ.",
    loses=BOTH,
)
def scales_beta_too(G, g, mu, var, eps):
    root = torch.sqrt(var + eps)
    return G * root, (g + G * mu) * root


@wrong("batch_norm_for", says="γ is upside down: G = γ/root, so γ = G times the root.", loses=BOTH)
def divides_the_root_by_G(G, g, mu, var, eps):
    return torch.sqrt(var + eps) / G, g + mu * G
