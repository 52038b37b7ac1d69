"""What students answer in unit 2: the wrong ways, each with what it must be told and lose, and other right ways."""

import copy
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


# ----------------------- batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps) -> (Z, mean, var)

TRAINING = ("batch-norm-training-values", "batch-norm-training-shapes")


@wrong(
    "batch_norm_training",
    says="Z is normalised by the unbiased variance: in the formula for σ² the sum is divided by n.",
    loses=TRAINING,
)
def normalises_by_the_unbiased_variance(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mu, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3))
    Z = (Y - mu[:, None, None]) / torch.sqrt(var + eps)[:, None, None] * gamma[:, None, None] + beta[
        :, None, None
    ]
    return Z, (1 - momentum) * running_mean + momentum * mu, (1 - momentum) * running_var + momentum * var


@wrong(
    "batch_norm_training",
    says="the running variance takes the biased variance: it takes n / (n − 1) times that.",
    loses=TRAINING,
)
def keeps_the_biased_variance(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mu, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3), correction=0)
    Z = (Y - mu[:, None, None]) / torch.sqrt(var + eps)[:, None, None] * gamma[:, None, None] + beta[
        :, None, None
    ]
    return Z, running_mean + momentum * (mu - running_mean), running_var + momentum * (var - running_var)


@wrong(
    "batch_norm_training",
    says="momentum is the weight of the new batch: (1 − momentum) · old + momentum · new, not the other way round.",
    loses=TRAINING,
)
def turns_momentum_around(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = Y.numel() / Y.shape[1]
    mu, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3), correction=0)
    Z = (Y - mu[:, None, None]) / torch.sqrt(var + eps)[:, None, None] * gamma[:, None, None] + beta[
        :, None, None
    ]
    unbiased = var * n / (n - 1)
    return (
        Z,
        momentum * running_mean + (1 - momentum) * mu,
        momentum * running_var + (1 - momentum) * unbiased,
    )


@wrong(
    "batch_norm_training",
    says="each image is normalised by its own mean and variance: they are taken over the whole batch.",
    loses=TRAINING,
)
def normalises_each_image_alone(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mu, var = Y.mean((2, 3), keepdim=True), Y.var((2, 3), correction=0, keepdim=True)
    Z = (Y - mu) / torch.sqrt(var + eps) * gamma[:, None, None] + beta[:, None, None]
    unbiased = Y.var((0, 2, 3))
    mean = (1 - momentum) * running_mean + momentum * Y.mean((0, 2, 3))
    return Z, mean, (1 - momentum) * running_var + momentum * unbiased


@wrong(
    "batch_norm_training",
    says="all maps share one mean and one variance: each map k has its own.",
    loses=TRAINING,
)
def shares_the_moments_of_all_maps(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mu, var = Y.mean(), Y.var(correction=0)
    Z = gamma[:, None, None] * (Y - mu) / torch.sqrt(var + eps) + beta[:, None, None]
    return Z, (1 - momentum) * running_mean + momentum * mu, (1 - momentum) * running_var + momentum * Y.var()


@wrong(
    "batch_norm_training",
    says="Z is normalised by the running averages: in training it is by the batch's own.",
    loses=TRAINING,
)
def normalises_by_the_running_averages(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mu, unbiased = Y.mean((0, 2, 3)), Y.var((0, 2, 3))
    mean = (1 - momentum) * running_mean + momentum * mu
    var = (1 - momentum) * running_var + momentum * unbiased
    root = torch.sqrt(running_var + eps)
    return ((Y.movedim(1, -1) - running_mean) / root * gamma + beta).movedim(-1, 1), mean, var


@wrong("batch_norm_training", shows="it must return the 3 values", loses=TRAINING)
def returns_only_Z(Y, gamma, beta, running_mean, running_var, momentum, eps):
    flat = Y.movedim(1, -1).reshape(-1, Y.shape[1])
    normal = (flat - flat.mean(0)) / torch.sqrt(flat.var(0, correction=0) + eps)
    return (normal * gamma + beta).reshape(Y.movedim(1, -1).shape).movedim(-1, 1)


@wrong("batch_norm_training", shows="it changes its input running_mean in place", loses=TRAINING)
def updates_in_place(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mu, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3), correction=0)
    Z = (Y - mu[:, None, None]) / torch.sqrt(var + eps)[:, None, None] * gamma[:, None, None] + beta[
        :, None, None
    ]
    running_mean.lerp_(mu, momentum)
    return Z, running_mean, running_var.lerp(Y.var((0, 2, 3)), momentum)


@wrong("batch_norm_training", shows="calls the framework's", loses=TRAINING)
def calls_the_frameworks_batch_norm(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = running_mean.clone(), running_var.clone()
    return F.batch_norm(Y, mean, var, gamma, beta, True, momentum, eps), mean, var


@right("batch_norm_training")
def map_after_map(Y, gamma, beta, running_mean, running_var, momentum, eps):
    Z, mean, var = Y.clone(), running_mean.clone(), running_var.clone()
    for k in range(Y.shape[1]):
        values = Y[:, k]
        n = values.numel()
        mu = values.sum() / n
        squares = ((values - mu) ** 2).sum()
        Z[:, k] = gamma[k] * (values - mu) / torch.sqrt(squares / n + eps) + beta[k]
        mean[k] = (1 - momentum) * running_mean[k] + momentum * mu
        var[k] = (1 - momentum) * running_var[k] + momentum * squares / (n - 1)
    return Z, mean, var


@right("batch_norm_training")
def by_the_mean_of_the_squares(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = Y[:, 0].numel()
    mu = torch.einsum("nkij->k", Y) / n
    var = torch.einsum("nkij,nkij->k", Y, Y) / n - mu**2
    G = gamma * (var + eps).rsqrt()
    Z = torch.einsum("nkij,k->nkij", Y, G) + (beta - G * mu)[None, :, None, None]
    return Z, running_mean.lerp(mu, momentum), running_var.lerp(var * n / (n - 1), momentum)


# ----------------------------------------------------------------------- depthwise_kernel(G, g) -> (kernel, bias)

DEPTHWISE = ("depthwise-kernel-values", "depthwise-kernel-one-map")


@wrong(
    "depthwise_kernel",
    shows="kernel: expected shape (2, 1, 1, 1), got (2, 2, 1, 1)",
    loses=["depthwise-kernel-values"],
)
def builds_the_full_diagonal(G, g):
    return torch.diag(G)[:, :, None, None], g


@wrong(
    "depthwise_kernel",
    shows="kernel: expected shape (2, 1, 1, 1), got (1, 2, 1, 1)",
    loses=["depthwise-kernel-values"],
)
def puts_the_maps_on_the_second_axis(G, g):
    return G[None, :, None, None], g


@wrong("depthwise_kernel", shows="kernel: expected shape (1, 1, 1, 1), got (1,)", loses=DEPTHWISE)
def leaves_G_a_vector(G, g):
    return G, g


@wrong(
    "depthwise_kernel", says="the kernel and the bias are swapped: G multiplies, g is added.", loses=DEPTHWISE
)
def swaps_kernel_and_bias(G, g):
    return g[:, None, None, None], G


@wrong("depthwise_kernel", shows="bias: expected shape (1,), got (1, 1, 1, 1)", loses=DEPTHWISE)
def makes_the_bias_four_dimensional(G, g):
    return G[:, None, None, None], g[:, None, None, None]


@wrong("depthwise_kernel", shows="bias: expected a tensor of shape (1,), got None", loses=DEPTHWISE)
def has_no_bias(G, g):
    return G.view(-1, 1, 1, 1), None


@wrong(
    "depthwise_kernel",
    says="the kernel is 1 everywhere and G went into the bias: the kernel is G.",
    loses=DEPTHWISE,
)
def scales_the_bias_instead(G, g):
    return torch.ones_like(G)[:, None, None, None], G * g


@wrong("depthwise_kernel", shows="calls nonconv.reduction", loses=DEPTHWISE)
def calls_the_librarys_depthwise(G, g):
    return nonconv.reduction.depthwise_1x1(G, g)


@right("depthwise_kernel")
def with_reshape(G, g):
    return G.reshape(-1, 1, 1, 1), g


@right("depthwise_kernel")
def number_by_number(G, g):
    kernel = torch.zeros(len(G), 1, 1, 1, dtype=G.dtype)
    for k, value in enumerate(G):
        kernel[k, 0, 0, 0] = value
    return kernel, g + 0


# --------------------------------------------------------------------------------- compose(F, b, G, g) -> (O, o)

COMPOSE = ("compose-values", "compose-sizes", "compose-many-maps")


@wrong(
    "compose",
    says="one kernel is slid over the other as in a convolution layer: here u + w − 1 = t, so one of them runs backwards.",
    loses=COMPOSE,
)
def correlates_the_kernels(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, r - 1 - w : r - 1 - w + p, s - 1 - z : s - 1 - z + q] += torch.einsum(
                "lk,kmuv->lmuv", G[:, :, w, z], F
            )
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose",
    says="b is lost: it goes through the second layer, o^l = Σ_k Σ_w b^k G^{kl}_w + g^l.",
    loses=COMPOSE,
)
def keeps_only_the_second_bias(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    return O, g.clone()


@wrong(
    "compose",
    says="b meets only one number of each kernel G: it is multiplied by all of them, the sum over w.",
    loses=COMPOSE,
)
def forgets_the_sum_over_w(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for u in range(p):
        for v in range(q):
            O[:, :, u : u + r, v : v + s] += torch.einsum("lkwz,km->lmwz", G, F[:, :, u, v])
    return O, G[:, :, 0, 0] @ b + g


@wrong("compose", says="g goes through the second layer: it is added at the end, once.", loses=COMPOSE)
def adds_g_once_for_each_map_in_between(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    o = g * G.sum((1, 2, 3)) + torch.einsum("lkwz,k->l", G, b)
    return O, o


@wrong("compose", shows="expected shape (1, 1, 1, 3), got (1, 1, 1, 2)", loses=COMPOSE)
def keeps_the_size_of_the_first_kernel(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    return O[:, :, :p, :q], torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose",
    says="the maps in between are not summed over: O^{ml} = Σ_k F^{mk} G^{kl}.",
    loses=("compose-values", "compose-many-maps"),
)
def takes_only_the_first_map_between(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += G[:, 0, w, z][:, None, None, None] * F[0][None]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose",
    says="b is added as it is: it meets every number of G, o^l = Σ_k Σ_w b^k G^{kl}_w + g^l.",
    loses=COMPOSE,
)
def adds_b_as_it_is(F, b, G, g):
    p, r, q, s = F.shape[2], G.shape[2], F.shape[3], G.shape[3]
    O = torch.zeros(len(G), F.shape[1], p + r - 1, q + s - 1, dtype=F.dtype)
    for u, v, w, z in torch.cartesian_prod(*(torch.arange(n) for n in (p, q, r, s))).tolist():
        O[:, :, u + w, v + z] += G[:, :, w, z] @ F[:, :, u, v]
    return O, b[: len(g)] + g


@wrong(
    "compose",
    says="the places are shifted by one: counted from 0 it is u + w, and index −1 is the last one.",
    loses=COMPOSE,
)
def subtracts_one_in_code_too(F, b, G, g):
    p, r, q, s = F.shape[2], G.shape[2], F.shape[3], G.shape[3]
    O = torch.zeros(len(G), F.shape[1], p + r - 1, q + s - 1, dtype=F.dtype)
    for u, v, w, z in torch.cartesian_prod(*(torch.arange(n) for n in (p, q, r, s))).tolist():
        O[:, :, u + w - 1, v + z - 1] += G[:, :, w, z] @ F[:, :, u, v]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose", says="only the last of the terms that meet is kept: add them up, += and not =.", loses=COMPOSE
)
def overwrites_instead_of_adding(F, b, G, g):
    p, r, q, s = F.shape[2], G.shape[2], F.shape[3], G.shape[3]
    O = torch.zeros(len(G), F.shape[1], p + r - 1, q + s - 1, dtype=F.dtype)
    for u, v, w, z in torch.cartesian_prod(*(torch.arange(n) for n in (p, q, r, s))).tolist():
        O[:, :, u + w, v + z] = G[:, :, w, z] @ F[:, :, u, v]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong("compose", shows="calls nonconv.reduction", loses=COMPOSE)
def calls_the_librarys_compose(F, b, G, g):
    return nonconv.reduction.compose(F, b, G, g)[:2]


@wrong("compose", shows="calls the framework's convolution", loses=COMPOSE)
def convolves_the_flipped_kernels(F, b, G, g):
    r, s = G.shape[2:]
    O = torch.nn.functional.conv2d(F.transpose(0, 1), G.flip(2, 3), padding=(r - 1, s - 1)).transpose(0, 1)
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong("compose", shows="stopped with IndexError", loses=COMPOSE)
def counts_from_one_in_code(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for u in range(1, p + 1):
        for w in range(1, r + 1):
            for v in range(1, q + 1):
                for z in range(1, s + 1):
                    O[:, :, u + w - 1, v + z - 1] += G[:, :, w, z] @ F[:, :, u, v]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@right("compose")
def index_by_index(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O, o = F.new_zeros(L, M, p + r - 1, q + s - 1), g.clone()
    for u in range(p):
        for v in range(q):
            for w in range(r):
                for z in range(s):
                    O[:, :, u + w, v + z] += G[:, :, w, z] @ F[:, :, u, v]
    for w in range(r):
        for z in range(s):
            o += G[:, :, w, z] @ b
    return O, o


@right("compose")
def as_a_product_of_spectra(F, b, G, g):
    size = F.shape[2] + G.shape[2] - 1, F.shape[3] + G.shape[3] - 1
    spectrum = torch.einsum("lkyx,kmyx->lmyx", torch.fft.rfft2(G, size), torch.fft.rfft2(F, size))
    return torch.fft.irfft2(spectrum, size), G.sum((2, 3)) @ b + g


# -------------------------------------------------- compose_strided(F, G, s1, s2) -> (O, stride)

STRIDED = ("compose-strided-values", "compose-strided-long")


@wrong("compose_strided", says="the strides are added: positions s₁(s₂(i − 1)) multiply them.", loses=STRIDED)
def adds_the_strides(F, G, s1, s2):
    p, r = len(F), len(G)
    O = F.new_zeros(p + s1 * (r - 1))
    for w in range(r):
        O[s1 * w : s1 * w + p] += G[w] * F
    return O, s1 + s2


@wrong(
    "compose_strided",
    says="the stride of the first layer is forgotten: one step of G is s₁ steps on the input.",
    loses=STRIDED,
)
def forgets_the_dilation(F, G, s1, s2):
    O = F.new_zeros(len(F) + len(G) - 1)
    for w in range(len(G)):
        O[w : w + len(F)] += G[w] * F
    return O, s1 * s2


@wrong(
    "compose_strided",
    says="G is dilated by the stride of the second layer: it is the first layer's stride that spreads it.",
    loses=STRIDED,
)
def dilates_by_the_second_stride(F, G, s1, s2):
    span = s2 * (len(G) - 1)
    O = F.new_zeros(len(F) + span)
    for w in range(len(G)):
        O[s2 * w : s2 * w + len(F)] += G[w] * F
    return O, s1 * s2


@wrong(
    "compose_strided",
    says="F is dilated instead of G: the second kernel steps over outputs of the first, s₁ inputs apart.",
    loses=STRIDED,
)
def dilates_the_first_kernel(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(F) - 1) + len(G))
    for u in range(len(F)):
        for w in range(len(G)):
            O[s1 * u + w] += F[u] * G[w]
    return O, s1 * s2


@wrong("compose_strided", says="the stride is that of the second layer alone: it is s₁ s₂.", loses=STRIDED)
def returns_the_second_stride(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for u in range(len(F)):
        for w in range(len(G)):
            O[u + s1 * w] += F[u] * G[w]
    return O, s2


@wrong("compose_strided", says="G runs backwards: u − 1 + s₁(w − 1) = t − 1 keeps its order.", loses=STRIDED)
def turns_G_around(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for u, f in enumerate(F):
        for w, number in enumerate(reversed(G)):
            O[u + s1 * w] += f * number
    return O, s1 * s2


@wrong("compose_strided", shows="it must return the 2 values (O, stride)", loses=STRIDED)
def returns_only_the_kernel(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for w in range(len(G)):
        O[s1 * w : s1 * w + len(F)] += G[w] * F
    return O


@right("compose_strided")
def as_a_sum_of_shifted_kernels(F, G, s1, s2):
    size = len(F) + s1 * (len(G) - 1)
    rows = [torch.cat([F.new_zeros(s1 * w), F, F.new_zeros(size - s1 * w - len(F))]) for w in range(len(G))]
    return G @ torch.stack(rows), s1 * s2


@right("compose_strided")
def by_the_condition_on_the_indices(F, G, s1, s2):
    p, r = len(F), len(G)
    O = [
        sum(
            float(F[u - 1] * G[w - 1])
            for u in range(1, p + 1)
            for w in range(1, r + 1)
            if u - 1 + s1 * (w - 1) == t
        )
        for t in range(p + s1 * (r - 1))
    ]
    return torch.tensor(O, dtype=F.dtype), s1 * s2


# ------------------------------------------- fold_listing(weight, bias, gamma, beta, mean, var, eps) -> (O, o)

LISTING = ("fold-listing-values", "fold-listing-without-bias")


@wrong(
    "fold_listing",
    says="the slip is still there: the bias is added as it is, but it goes through batch norm too.",
    loses=["fold-listing-values"],
)
def leaves_the_slip(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    root = torch.sqrt(var + eps)
    scale = gamma / root
    O = weight * scale.reshape(-1, 1, 1, 1)
    o = beta - mean * scale
    o = o + bias
    return O, o


@wrong(
    "fold_listing", says="the bias is gone: it must be there, times the scale.", loses=["fold-listing-values"]
)
def drops_the_line(weight, bias, gamma, beta, mean, var, eps):
    root = torch.sqrt(var + eps)
    O = weight * (gamma / root).reshape(-1, 1, 1, 1)
    return O, beta - mean * (gamma / root)


@wrong("fold_listing", shows="stopped with TypeError", loses=["fold-listing-without-bias"])
def forgets_that_there_may_be_no_bias(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale.reshape(-1, 1, 1, 1), beta + (bias - mean) * scale


@wrong("fold_listing", says="β is scaled as well: it is added after the scaling.", loses=LISTING)
def scales_everything_that_is_added(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    scale = gamma / torch.sqrt(var + eps)
    o = (bias + beta - mean) * scale
    return weight * scale.reshape(-1, 1, 1, 1), o


@wrong("fold_listing", says="the bias is scaled twice.", loses=["fold-listing-values"])
def scales_the_bias_twice(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / torch.sqrt(var + eps)
    o = beta - mean * scale
    if bias is not None:
        o = o + scale * (scale * bias)
    return weight * scale.reshape(-1, 1, 1, 1), o


@wrong(
    "fold_listing",
    says="the bias is subtracted: it stands beside −μ, with the other sign.",
    loses=["fold-listing-values"],
)
def subtracts_the_bias(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale.reshape(-1, 1, 1, 1), beta - (mean + bias) * scale


@wrong("fold_listing", shows="calls torch.nn.utils.fusion", loses=LISTING)
def asks_the_frameworks_fusion(weight, bias, gamma, beta, mean, var, eps):
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    return fuse_conv_bn_weights(weight, bias, mean, var, eps, gamma, beta)


@right("fold_listing")
def scales_the_bias_where_it_is_added(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    root = torch.sqrt(var + eps)
    scale = gamma / root
    O = weight * scale.reshape(-1, 1, 1, 1)
    o = beta - mean * scale
    o = o + scale * bias
    return O, o


@right("fold_listing")
def subtracts_the_mean_from_the_bias(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma * (var + eps) ** -0.5
    start = -mean if bias is None else bias - mean
    return torch.einsum("kmuv,k->kmuv", weight, scale), beta + start * scale


# --------------------------------------------------------------------------------- breaks_additivity() -> (x, y)

ADDITIVITY = ["max-pooling-counterexample"]


@wrong("breaks_additivity", shows="adding 0 never shows anything", loses=ADDITIVITY)
def adds_zero():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])[None, None]
    return x, torch.zeros_like(x)


@wrong("breaks_additivity", shows="Put the maxima at different places", loses=ADDITIVITY)
def adds_it_to_itself():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])[None, None]
    return x, x


@wrong("breaks_additivity", shows="Put the maxima at different places", loses=ADDITIVITY)
def adds_a_constant():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    return x, torch.full_like(x, 5.0)


@wrong("breaks_additivity", shows="must have shape (N, M, H, W) with H and W at least 2", loses=ADDITIVITY)
def forgets_batch_and_maps():
    return torch.tensor([[1.0, 0.0], [0.0, 0.0]]), torch.tensor([[0.0, 1.0], [0.0, 0.0]])


@wrong("breaks_additivity", shows="x and y must be two tensors of one shape", loses=ADDITIVITY)
def returns_lists():
    return [[1, 0], [0, 0]], [[0, 1], [0, 0]]


@wrong("breaks_additivity", shows="return two tensors x and y", loses=ADDITIVITY)
def returns_one_input():
    return torch.rand(1, 1, 4, 4)


@wrong("breaks_additivity", shows="all numbers must be finite", loses=ADDITIVITY)
def uses_infinity():
    x = torch.eye(2)[None, None] / 0
    return x, x.flip(3)


@right("breaks_additivity")
def with_one_and_minus_one():
    x = torch.eye(2).reshape(1, 1, 2, 2)
    return x, -x


@right("breaks_additivity")
def at_random():
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.randn(2, 2, 3, 6, 6, generator=generator))


# ------------------------------------------------------------------------------- average_kernel(M, p, q) -> weight

AVERAGE = ("average-kernel-values", "average-kernel-global")


@wrong(
    "average_kernel",
    says="this is the sum over the window: an average divides by its pq numbers.",
    loses=AVERAGE,
)
def sums_the_window(M, p, q):
    return torch.ones(M, 1, p, q)


@wrong("average_kernel", says="you divide by the rows only: a window has p times q numbers.", loses=AVERAGE)
def divides_by_the_rows(M, p, q):
    return torch.ones(M, 1, p, q) / p


@wrong(
    "average_kernel",
    says="you divide by the number of maps as well: each map is averaged alone.",
    loses=AVERAGE,
)
def divides_by_the_maps_too(M, p, q):
    return torch.full((M, 1, p, q), 1.0) / (M * p * q)


@wrong("average_kernel", shows="expected shape (2, 1, 2, 2), got (2, 2, 2, 2)", loses=AVERAGE)
def averages_over_the_maps(M, p, q):
    return torch.ones(M, M, p, q) / (p * q)


@wrong("average_kernel", shows="expected shape (2, 1, 2, 2), got (1, 1, 2, 2)", loses=AVERAGE)
def makes_one_kernel_for_all(M, p, q):
    return torch.ones(1, 1, p, q).div(p * q)


@wrong("average_kernel", shows="expected shape (2, 1, 2, 2), got (2, 2, 2)", loses=AVERAGE)
def forgets_the_axis_of_length_one(M, p, q):
    return torch.ones(M, p, q) / p / q


@wrong(
    "average_kernel",
    says="the kernel is square: it has p rows and q columns.",
    loses=AVERAGE,
)
def makes_it_square(M, p, q):
    return torch.ones(M, 1, p, p) / p**2


@right("average_kernel")
def repeats_one_kernel(M, p, q):
    return (torch.ones(1, 1, p, q) / (p * q)).repeat(M, 1, 1, 1)


@right("average_kernel")
def fills_a_tensor(M, p, q):
    kernel = torch.empty(M, 1, p, q, dtype=torch.float64)
    return kernel.fill_(1 / p / q)


# -------------------------------------------------------------------------- separate(F) -> (column, row) or None

SEPARATE = ("separate-filters", "separate-more")


@wrong("separate", shows="column times row is not F", loses=SEPARATE)
def takes_the_middle_row_and_column(F):
    return F[:, F.shape[1] // 2], F[F.shape[0] // 2]


@wrong("separate", shows="Return None for it", loses=SEPARATE)
def never_says_none(F):
    U, S, V = torch.linalg.svd(F)
    return U[:, 0] * S[0], V[0]


@wrong("separate", shows="but you returned None", loses=SEPARATE)
def always_says_none(F):
    return None


@wrong("separate", shows="expected shapes (3,) and (3,), got (3, 1) and (1, 3)", loses=SEPARATE)
def returns_matrices(F):
    if torch.linalg.matrix_rank(F) > 1:
        return None
    U, S, V = torch.linalg.svd(F)
    return U[:, :1] * S[0], V[:1]


@wrong("separate", shows="column times row is not F", loses=SEPARATE)
def sums_rows_and_columns(F):
    if torch.linalg.matrix_rank(F) > 1:
        return None
    return F.sum(1), F.sum(0)


@wrong("separate", shows="column times row is not F", loses=SEPARATE)
def swaps_column_and_row(F):
    if torch.linalg.matrix_rank(F) > 1:
        return None
    U, S, V = torch.linalg.svd(F.T)
    return U[:, 0] * S[0], V[0]


@wrong("separate", shows="return the pair (column, row), or None", loses=SEPARATE)
def returns_the_rank(F):
    return torch.linalg.matrix_rank(F) <= 1


@wrong("separate", shows="column times row is not F", loses=["separate-more"])
def scales_by_the_first_row(F):
    row = F[0]
    j = int(row.abs().argmax())
    column = F[:, j] / (row[j] if row[j] != 0 else 1)
    if row.any() and not torch.allclose(torch.outer(column, row), F):
        return None
    return column, row


@right("separate")
def by_the_largest_entry(F):
    i, j = divmod(int(F.abs().argmax()), F.shape[1])
    if F[i, j] == 0:
        return F[:, 0], F[0]
    column, row = F[:, j] / F[i, j], F[i]
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None


@right("separate")
def by_singular_values(F):
    U, S, V = torch.linalg.svd(F)
    if len(S) > 1 and S[1] > 1e-9 * max(S[0], 1):
        return None
    return U[:, 0] * S[0].sqrt(), V[0] * S[0].sqrt()


# ----------------------------------- as_convolution(f, shape, kernel, stride, padding) -> (weight, bias) or None

DECISION = ("as-convolution-decides", "as-convolution-border")


@wrong(
    "as_convolution", shows="the right answer is None, but it returned a tuple of 2 values", loses=DECISION
)
def never_replays(f, shape, kernel, stride, padding):
    M, H, W = shape
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    weight = torch.zeros(start.shape[1], M, kernel, kernel, dtype=torch.float64)
    i = -(-padding // stride)
    for m in range(M):
        for u in range(kernel):
            for v in range(kernel):
                x = zero.clone()
                x[0, m, stride * i + u - padding, stride * i + v - padding] = 1
                weight[:, m, u, v] = (f(x) - start)[0, :, i, i]
    return weight, start[0, :, 0, 0]


@wrong(
    "as_convolution",
    shows="the right answer is a pair (weight, bias), but it returned None",
    loses=DECISION,
)
def always_says_no(f, shape, kernel, stride, padding):
    return None


@wrong(
    "as_convolution",
    shows="the right answer is a pair (weight, bias), but it returned None",
    loses=DECISION,
)
def forgets_to_subtract_the_bias(f, shape, kernel, stride, padding):
    M, H, W = shape
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    bias = f(zero)[0, :, 0, 0]
    weight = torch.zeros(len(bias), M, kernel, kernel, dtype=torch.float64)
    i = -(-padding // stride)
    for m in range(M):
        for u in range(kernel):
            for v in range(kernel):
                x = zero.clone()
                x[0, m, stride * i + u - padding, stride * i + v - padding] = 1
                weight[:, m, u, v] = f(x)[0, :, i, i]
    x = torch.randn(1, M, H, W, dtype=torch.float64)
    replayed = F.conv2d(x, weight, bias, stride, padding)
    return (weight, bias) if replayed.shape == f(x).shape and torch.allclose(replayed, f(x)) else None


@wrong(
    "as_convolution", shows="the right answer is None, but it returned a tuple of 2 values", loses=DECISION
)
def replays_on_one_impulse_only(f, shape, kernel, stride, padding):
    M, H, W = shape
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    weight = torch.zeros(start.shape[1], M, kernel, kernel, dtype=torch.float64)
    i = -(-padding // stride)
    for m in range(M):
        for u in range(kernel):
            for v in range(kernel):
                x = zero.clone()
                x[0, m, stride * i + u - padding, stride * i + v - padding] = 1
                weight[:, m, u, v] = (f(x) - start)[0, :, i, i]
    answer = F.conv2d(x, weight, start[0, :, 0, 0], stride, padding)
    return (weight, start[0, :, 0, 0]) if torch.allclose(answer, f(x)) else None


@wrong(
    "as_convolution",
    shows="the right answer is a pair (weight, bias), but it returned None",
    loses=DECISION,
)
def lets_an_index_wrap_around(f, shape, kernel, stride, padding):
    M, H, W = shape
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    weight = torch.zeros(start.shape[1], M, kernel, kernel, dtype=torch.float64)
    for m in range(M):
        for u in range(kernel):
            for v in range(kernel):
                x = zero.clone()
                x[0, m, u - padding, v - padding] = 1
                weight[:, m, u, v] = (f(x) - start)[0, :, 0, 0]
    x = torch.randn(2, M, H, W, dtype=torch.float64)
    replayed = F.conv2d(x, weight, start[0, :, 0, 0], stride, padding)
    return (
        (weight, start[0, :, 0, 0])
        if replayed.shape == f(x).shape and torch.allclose(replayed, f(x))
        else None
    )


@wrong(
    "as_convolution",
    shows="stopped with RuntimeError",
    loses=DECISION,
)
def replays_without_stride_and_border(f, shape, kernel, stride, padding):
    M, H, W = shape
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    weight = torch.zeros(start.shape[1], M, kernel, kernel, dtype=torch.float64)
    i = -(-padding // stride)
    for m in range(M):
        for u in range(kernel):
            for v in range(kernel):
                x = zero.clone()
                x[0, m, stride * i + u - padding, stride * i + v - padding] = 1
                weight[:, m, u, v] = (f(x) - start)[0, :, i, i]
    x = torch.randn(1, M, H, W, dtype=torch.float64)
    gap = F.conv2d(x, weight, start[0, :, 0, 0]) - f(x)
    return (weight, start[0, :, 0, 0]) if gap.abs().max() < 1e-9 else None


@wrong("as_convolution", shows="calls nonconv.reduction", loses=DECISION)
def asks_the_librarys_decision(f, shape, kernel, stride, padding):
    return nonconv.reduction.as_convolution(f, shape, kernel, stride, padding)


@right("as_convolution")
def solves_for_the_kernel(f, shape, kernel, stride, padding):
    M, H, W = shape
    x = torch.randn(40, M, H, W, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    Y = torch.cat([f(image[None]) for image in x])
    patches = F.unfold(x, kernel, padding=padding, stride=stride)  # (40, M·p·q, positions)
    if patches.shape[-1] != Y[0, 0].numel():
        return None
    rows = torch.cat([patches, torch.ones_like(patches[:, :1])], dim=1).movedim(1, 2).flatten(0, 1)
    answers = Y.flatten(2).movedim(1, 2).flatten(0, 1)
    found = torch.linalg.lstsq(rows, answers).solution  # (M·p·q + 1, K)
    if not torch.allclose(rows @ found, answers, atol=1e-8):
        return None
    return found[:-1].T.reshape(-1, M, kernel, kernel), found[-1]


@right("as_convolution")
def reads_it_off_and_replays(f, shape, kernel, stride, padding):
    M, H, W = shape
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    bias, i = start[0, :, 0, 0], -(-padding // stride)
    weight = torch.zeros(len(bias), M, kernel, kernel, dtype=torch.float64)
    for m, u, v in torch.cartesian_prod(*map(torch.arange, (M, kernel, kernel))).reshape(-1, 3).tolist():
        x = zero.clone()
        x[0, m, stride * i + u - padding, stride * i + v - padding] = 1
        weight[:, m, u, v] = (f(x) - start)[0, :, i, i]
    for size in (1, -5):
        x = size * torch.randn(2, M, H, W, dtype=torch.float64)
        replayed = F.conv2d(x, weight, bias, stride=stride, padding=padding)
        if replayed.shape != f(x).shape or not torch.allclose(replayed, f(x), atol=1e-9):
            return None
    return weight, bias


# -------------------------------------------------------------------- same_after_same() -> (F, G, n, i, j)

SAME = ["same-after-same"]


@wrong("same_after_same", shows="are both 3, as they are for a convolution", loses=SAME)
def looks_at_the_middle():
    F = G = [1, 1, 1]
    n = 9
    return F, G, n, n // 2, n // 2


@wrong("same_after_same", shows="as they are for a convolution", loses=SAME)
def takes_1x1_kernels():
    return [2], [3], 4, 0, 0


@wrong("same_after_same", shows="only an odd kernel has a middle", loses=SAME)
def takes_even_kernels():
    even = [1, 1]
    return even, even, 3, 0, 0


@wrong("same_after_same", shows="i and j count from 0", loses=SAME)
def counts_to_n():
    n = 3
    return [1, 1, 1], [1, 1, 1], n, n - 1, n - 1


@wrong("same_after_same", shows="all of them whole", loses=SAME)
def takes_averages():
    F = [1 / 3] * 3
    return F, F, 3, 0, 0


@wrong("same_after_same", shows="return (F, G, n, i, j)", loses=SAME)
def forgets_the_position():
    return [1, 1, 1], [1, 1, 1]


@wrong("same_after_same", shows="as they are for a convolution", loses=SAME)
def lets_only_one_kernel_reach_over_the_border():
    shift, identity = [1, 0, 0], [0, 1, 0]
    return shift, identity, 4, 0, 0


@right("same_after_same")
def with_three_ones_twice():
    return [1, 1, 1], [1, 1, 1], 3, 0, 0


@right("same_after_same")
def by_looking_for_one():
    F, G, n = torch.tensor([1, 0, 2]), (3, 0, -1), 6
    return F.tolist(), G, n, n - 2, n - 2


# ----------------------------------------------------------------- training_depends() -> (batch, other batch)

DEPENDS = ["training-counterexample"]


@wrong("training_depends", shows="make first[0] and second[0] equal", loses=DEPENDS)
def changes_the_first_image():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    return first, first + 1


@wrong("training_depends", shows="the two batches are equal", loses=DEPENDS)
def changes_nothing():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    return first, first.clone()


@wrong("training_depends", shows="Which other images would move μ or σ²?", loses=DEPENDS)
def turns_the_second_image_over():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    second = torch.stack([first[0], first[1].flip(1)])
    return first, second


@wrong("training_depends", shows="both must have shape (N, K, H, W)", loses=DEPENDS)
def forgets_the_maps():
    return torch.rand(2, 3, 3), torch.rand(2, 3, 3)


@wrong("training_depends", shows="their images must have one shape", loses=DEPENDS)
def adds_a_map():
    return torch.zeros(2, 1, 3, 3), torch.zeros(2, 2, 3, 3)


@wrong("training_depends", shows="return two batches", loses=DEPENDS)
def returns_one_batch():
    return torch.rand(3, 1, 2, 2)


@wrong("training_depends", shows="has no variance; take more", loses=DEPENDS)
def takes_single_numbers():
    x = torch.ones(1, 1, 1, 1)
    return x, torch.cat([x, x + 1])


@right("training_depends")
def adds_a_bright_image():
    image = torch.eye(2)[None, None]
    return torch.cat([image, image]), torch.cat([image, 100 * image])


@right("training_depends")
def drops_an_image():
    batch = torch.randn(3, 2, 4, 4, generator=torch.Generator().manual_seed(0))
    return batch, batch[:2]


# ------------------------------------------------------------------------------- reduce_network(model) -> model

NETWORK = ("reduce-network-with-biases", "reduce-network-without-biases", "reduce-network-grouped")


@wrong("reduce_network", shows="labels differ", loses=NETWORK)
def only_takes_the_batch_norms_out(model):
    return torch.nn.Sequential(*(layer for layer in model if not isinstance(layer, torch.nn.BatchNorm2d)))


@wrong("reduce_network", shows="there is still a batch norm in it", loses=NETWORK)
def folds_only_behind_a_relu(model):
    layers = []
    for layer in map(copy.deepcopy, model):
        before = layers[-2] if len(layers) > 1 else None
        if isinstance(layer, torch.nn.BatchNorm2d) and isinstance(before, torch.nn.ReLU):
            G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            conv = layers[-1]
            old = torch.zeros_like(G) if conv.bias is None else conv.bias
            conv.weight.data = conv.weight * G[:, None, None, None]
            conv.bias = torch.nn.Parameter(layer.bias + G * (old - layer.running_mean))
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong(
    "reduce_network", shows="labels differ", loses=("reduce-network-with-biases", "reduce-network-grouped")
)
def folds_with_the_slides_bias(model):
    layers = []
    for layer in map(copy.deepcopy, model):
        if isinstance(layer, torch.nn.BatchNorm2d):
            G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            g = layer.bias - G * layer.running_mean
            conv = layers[-1]
            conv.weight.data = conv.weight * G[:, None, None, None]
            conv.bias = torch.nn.Parameter(g if conv.bias is None else conv.bias + g)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="the given network was changed", loses=NETWORK)
def folds_into_the_given_network(model):
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            conv = layers[-1]
            before = torch.zeros_like(G) if conv.bias is None else conv.bias
            conv.weight.data = conv.weight * G[:, None, None, None]
            conv.bias = torch.nn.Parameter(layer.bias + G * (before - layer.running_mean))
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="stopped with", loses=["reduce-network-without-biases"])
def forgets_convolutions_without_bias(model):
    layers = []
    for layer in map(copy.deepcopy, model):
        if isinstance(layer, torch.nn.BatchNorm2d):
            G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            conv = layers[-1]
            conv.weight.data = conv.weight * G[:, None, None, None]
            conv.bias.data = layer.bias + G * (conv.bias - layer.running_mean)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="stopped with", loses=NETWORK)
def forgets_stride_and_padding(model):
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            conv = layers.pop()
            new = torch.nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size).double()
            new.weight = torch.nn.Parameter(conv.weight * G[:, None, None, None])
            old = torch.zeros_like(G) if conv.bias is None else conv.bias
            new.bias = torch.nn.Parameter(layer.bias + G * (old - layer.running_mean))
            layers.append(new)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="labels differ", loses=["reduce-network-grouped"])
def believes_in_the_usual_epsilon(model):
    layers = []
    for layer in map(copy.deepcopy, model):
        if isinstance(layer, torch.nn.BatchNorm2d):
            root = torch.sqrt(layer.running_var + 1e-5)
            conv = layers[-1]
            shift = layer.bias - layer.weight * layer.running_mean / root
            if conv.bias is not None:
                shift = shift + layer.weight * conv.bias / root
            conv.weight.data = conv.weight * (layer.weight / root)[:, None, None, None]
            conv.bias = torch.nn.Parameter(shift)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="calls nonconv.reduction", loses=NETWORK)
def calls_the_librarys_fold(model):
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers[-1] = nonconv.reduction.fold(layers[-1], layer)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="calls torch.nn.utils.fusion", loses=NETWORK)
def calls_the_frameworks_fold(model):
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers[-1] = torch.nn.utils.fusion.fuse_conv_bn_eval(layers[-1], layer)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@right("reduce_network")
def fold_every_pair(model):
    layers = []
    for layer in map(copy.deepcopy, model):
        if isinstance(layer, torch.nn.BatchNorm2d):
            G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            conv = layers[-1]
            before = torch.zeros_like(G) if conv.bias is None else conv.bias
            conv.weight.data = conv.weight * G[:, None, None, None]
            conv.bias = torch.nn.Parameter(layer.bias + G * (before - layer.running_mean))
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@right("reduce_network")
def puts_identities_in_their_place(model):
    reduced = copy.deepcopy(model)
    with torch.no_grad():
        for n in range(1, len(reduced)):
            conv, norm = reduced[n - 1], reduced[n]
            if isinstance(norm, torch.nn.BatchNorm2d):
                scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
                bias = (0 if conv.bias is None else conv.bias) - norm.running_mean
                conv.weight.mul_(scale.reshape(-1, 1, 1, 1))
                conv.bias = torch.nn.Parameter(bias * scale + norm.bias)
                reduced[n] = torch.nn.Identity()
    return reduced
