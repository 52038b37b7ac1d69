"""What students answer in unit 2: the wrong ways, each with what it must be told and lose, and other right ways."""

import fractions
import math

import torch
import torch.nn.functional as F

import nonconv.reduction
from nonconv.checks.attempts import right, wrong

# --------------------------------------------------------------- affine_form(gamma, beta, mu, var, eps) -> (G, g)

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


@wrong("affine_form", shows="calls nonconv.reduction", loses=AFFINE)
def calls_the_library(gamma, beta, mu, var, eps):
    return nonconv.reduction.affine_form(gamma, beta, mu, var, eps)


@right("affine_form")
def map_by_map(gamma, beta, mu, var, eps):
    G, g = [], []
    for k in range(len(gamma)):
        G.append(gamma[k].item() / math.sqrt(var[k].item() + eps))
        g.append(beta[k].item() - mu[k].item() * G[k])
    return torch.tensor(G), torch.tensor(g)


@right("affine_form")
def with_a_reciprocal_root_in_double(gamma, beta, mu, var, eps):
    scale = (var.double() + eps).rsqrt()
    return (gamma * scale).to(gamma.dtype), (beta - gamma * mu * scale).to(gamma.dtype)


@right("affine_form")
def from_the_values_at_0_and_1(gamma, beta, mu, var, eps):
    def batch_norm(Y):
        return (Y - mu) / (var + eps) ** 0.5 * gamma + beta

    g = batch_norm(torch.zeros_like(mu))
    return batch_norm(torch.ones_like(mu)) - g, g


# ------------------------------------------------------------------------------ merge(F, b, G, g) -> (O, o)

MERGE = ("merge-values", "merge-groups-and-signs")


@wrong(
    "merge",
    says="this is the slides' bias b + g: the bias b goes through batch norm too, o = G b + g.",
    loses=MERGE,
)
def the_slides_bias(F, b, G, g):
    return F * G[:, None, None, None], b + g


@wrong("merge", says="g is missing in o: batch norm adds it at the end, o = G b + g.", loses=MERGE)
def forgets_g(F, b, G, g):
    return F * G[:, None, None, None], b * G


@wrong("merge", says="G multiplies g as well: g is added after the scaling, o = G b + g.", loses=MERGE)
def scales_g_too(F, b, G, g):
    return F * G[:, None, None, None], G * (b + g)


@wrong("merge", says="the bias b is lost: it goes through batch norm too, o = G b + g.", loses=MERGE)
def forgets_the_bias(F, b, G, g):
    return F * G[:, None, None, None], g


@wrong(
    "merge", says="the kernel is left as it was: each output map's kernel is scaled, O = G F.", loses=MERGE
)
def leaves_the_kernel_alone(F, b, G, g):
    return F.clone(), G * b + g


@wrong(
    "merge",
    says="G meets the wrong axis of F: it belongs to the output map k, the first axis.",
    loses=MERGE,
)
def broadcasts_G_over_the_columns(F, b, G, g):
    return F * G, G * b + g


@wrong(
    "merge", says="G scales the input maps of F: it belongs to the output map k, the first axis.", loses=MERGE
)
def scales_the_input_maps(F, b, G, g):
    return F * G[None, :, None, None], b * G + g


@wrong("merge", says="the kernel is divided by G: batch norm multiplies by G.", loses=MERGE)
def divides_by_G(F, b, G, g):
    return F / G[:, None, None, None], G * b + g


@wrong("merge", shows="o: expected shape (1,), got (1, 1, 1, 1)", loses=MERGE)
def keeps_the_bias_four_dimensional(F, b, G, g):
    G4 = G[:, None, None, None]
    return F * G4, G4 * b[:, None, None, None] + g[:, None, None, None]


@wrong(
    "merge", says="the kernel is turned around: nothing is flipped here, O has F's own order.", loses=MERGE
)
def flips_the_kernel(F, b, G, g):
    return F.flip(2, 3) * G[:, None, None, None], G * b + g


@wrong("merge", shows="calls nonconv.reduction", loses=MERGE)
def calls_the_librarys_merge(F, b, G, g):
    return nonconv.reduction.merge(F, b, G, g)


@wrong("merge", shows="calls torch.nn.utils.fusion", loses=MERGE)
def calls_the_frameworks_fusion(F, b, G, g):
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    zero, one = torch.zeros_like(g), torch.ones_like(g)
    return fuse_conv_bn_weights(F, b, zero, one, 0.0, G, g)


@wrong("merge", shows="calls the framework's convolution", loses=MERGE)
def convolves_with_a_diagonal(F, b, G, g):
    diagonal = torch.diag(G)[:, :, None, None]
    O = torch.nn.functional.conv2d(F.transpose(0, 1), diagonal).transpose(0, 1)
    return O, G * b + g


@right("merge")
def with_einsum(F, b, G, g):
    return torch.einsum("kmuv,k->kmuv", F, G), torch.einsum("k,k->k", G, b) + g


@right("merge")
def in_loops(F, b, G, g):
    O, o = F.clone(), b.clone()
    for k in range(F.shape[0]):
        O[k] = G[k] * F[k]
        o[k] = G[k] * b[k] + g[k]
    return O, o


@right("merge")
def as_a_matrix_product(F, b, G, g):
    rows = torch.cat([F.flatten(1), b[:, None]], dim=1)
    merged = torch.diag(G) @ rows
    return merged[:, :-1].reshape(F.shape), merged[:, -1] + g


# ------------------------------------------------- slides_counterexample() -> (b, gamma, beta, mu, var, eps)

COUNTEREXAMPLE = ["slides-counterexample"]


@wrong("slides_counterexample", shows="Your convolution has b = 0", loses=COUNTEREXAMPLE)
def without_a_bias():
    b = 0.0
    return b, 2.0, 1.0, 3.0, 4.0, 1e-5


@wrong("slides_counterexample", shows="Your G is 1", loses=COUNTEREXAMPLE)
def with_G_equal_to_one():
    var, eps = 4.0, 1e-5
    return 5.0, math.sqrt(var + eps), 1.0, 3.0, var, eps


@wrong("slides_counterexample", shows="return six numbers, in this order", loses=COUNTEREXAMPLE)
def gives_G_and_g_instead():
    b, G, g = 1.0, 2.0, 3.0
    return b, G, g


@wrong("slides_counterexample", shows="a variance is never negative", loses=COUNTEREXAMPLE)
def with_a_negative_variance():
    return 1.0, 2.0, 0.0, 0.0, -1.0, 1e-5


@wrong("slides_counterexample", shows="rounding could explain", loses=COUNTEREXAMPLE)
def too_close_to_call():
    fresh = dict(gamma=1.0, beta=0.0, mu=0.0, var=1.0, eps=1e-5)
    return 1e-3, *fresh.values()


@wrong(
    "slides_counterexample",
    shows="each of b, gamma, beta, mu, var, eps must be one number",
    loses=COUNTEREXAMPLE,
)
def with_vectors():
    two = torch.tensor([1.0, 2.0])
    return two, two, two, two, two, 1e-5


@wrong("slides_counterexample", shows="all numbers must be finite", loses=COUNTEREXAMPLE)
def with_an_infinite_bias():
    return float("inf"), 2.0, 0.0, 0.0, 1.0, 1e-5


@right("slides_counterexample")
def with_a_negative_gamma():
    return 7, -1, 0, 0, 1, 0.5


@right("slides_counterexample")
def as_fractions():
    b, gamma = fractions.Fraction(1, 3), fractions.Fraction(2)
    return [b, gamma, 0, 0, 0, fractions.Fraction(1, 100)]


@right("slides_counterexample")
def as_a_tensor_of_six():
    return tuple(torch.tensor([3.0, 0.5, 1.0, -2.0, 0.25, 1e-5], dtype=torch.float64))
