"""What students answer: the wrong ways, what each is told and loses."""

import torch
import torch.nn.functional as F

from nonconv.authoring import wrong

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


@wrong(
    "batch_norm_training",
    says="the variance is that of torch.var's default, which divides by n − 1 already: with correction=0 it divides by"
    " n, as in the formula for σ², and n / (n − 1) makes the running one of it.",
    loses=TRAINING,
)
def corrects_what_is_corrected(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = Y[:, 0].numel()
    var, mu = torch.var_mean(Y, (0, 2, 3))
    Z = gamma[:, None, None] * (Y - mu[:, None, None]) / torch.sqrt(var + eps)[:, None, None]
    mean = (1 - momentum) * running_mean + momentum * mu
    return Z + beta[:, None, None], mean, (1 - momentum) * running_var + momentum * var * n / (n - 1)


@wrong(
    "batch_norm_training",
    says="n counts the images: it counts all numbers of a map, n = N H W.",
    loses=TRAINING,
)
def counts_the_images(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = len(Y)
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = gamma[:, None, None] * (Y - mu[:, None, None]) / torch.sqrt(var + eps)[:, None, None]
    mean = (1 - momentum) * running_mean + momentum * mu
    return Z + beta[:, None, None], mean, (1 - momentum) * running_var + momentum * var * n / (n - 1)


@wrong(
    "batch_norm_training",
    says="ε stands outside the root: it belongs inside, √(σ² + ε).",
    loses=TRAINING,
)
def eps_outside_the_root(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = Y[:, 0].numel()
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = gamma[:, None, None] * (Y - mu[:, None, None]) / (torch.sqrt(var) + eps)[:, None, None]
    mean = (1 - momentum) * running_mean + momentum * mu
    return Z + beta[:, None, None], mean, (1 - momentum) * running_var + momentum * var * n / (n - 1)


@wrong(
    "batch_norm_training",
    shows="Shapes line up from the last axis on: one number for each map, of shape (K,), meets the maps of"
    " (N, K, H, W) as x[:, None, None].",
    loses=TRAINING,
)
def lines_up_with_the_columns(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = Y[:, 0].numel()
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = gamma * (Y - mu) / torch.sqrt(var + eps) + beta
    mean = (1 - momentum) * running_mean + momentum * mu
    return Z, mean, (1 - momentum) * running_var + momentum * var * n / (n - 1)


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


@wrong("batch_norm_training", shows="calls the framework's", loses=TRAINING)
def takes_each_map_for_an_image(Y, gamma, beta, running_mean, running_var, momentum, eps):
    K = Y.shape[1]
    ready = torch.instance_norm
    flat = Y.transpose(0, 1).reshape(1, K, -1)
    Z = ready(flat, gamma, beta, None, None, True, 0.1, eps, False).reshape(Y.transpose(0, 1).shape)
    var, mean = torch.var_mean(Y, (0, 2, 3))
    return Z.transpose(0, 1), running_mean.lerp(mean, momentum), running_var.lerp(var, momentum)


@wrong("batch_norm_training", shows="calls nonconv.layers", loses=TRAINING)
def asks_the_course_in_a_helper(Y, gamma, beta, running_mean, running_var, momentum, eps):
    def helper(mean, var):
        from nonconv.layers import batch_norm as ready

        return ready(Y, mean, var, gamma, beta, True, momentum, eps), mean, var

    return helper(running_mean.clone(), running_var.clone())


@wrong(
    "batch_norm_training",
    says="Z is normalised by the new running averages: in training it is by the batch's own μ and σ².",
    loses=TRAINING,
)
def normalises_by_the_new_running_averages(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mean = torch.lerp(running_mean, Y.mean((0, 2, 3)), momentum)
    var = torch.lerp(running_var, Y.var((0, 2, 3)), momentum)
    return ((Y.movedim(1, -1) - mean) / torch.sqrt(var + eps) * gamma + beta).movedim(-1, 1), mean, var


@wrong(
    "batch_norm_training",
    says="n counts the numbers of all maps: it counts those of one map, n = N H W.",
    loses=TRAINING,
)
def counts_all_maps(Y, gamma, beta, running_mean, running_var, momentum, eps):
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + eps) * gamma + beta).movedim(-1, 1)
    unbiased = var * Y.numel() / (Y.numel() - 1)
    return Z, torch.lerp(running_mean, mu, momentum), torch.lerp(running_var, unbiased, momentum)


@wrong(
    "batch_norm_training",
    says="n counts the positions of one image: it counts all numbers of a map, n = N H W.",
    loses=TRAINING,
)
def counts_the_positions(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = Y.shape[2] * Y.shape[3]
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + eps) * gamma + beta).movedim(-1, 1)
    return (
        Z,
        torch.lerp(running_mean, mu, momentum),
        (1 - momentum) * running_var + momentum * (n / (n - 1)) * var,
    )


@wrong(
    "batch_norm_training",
    says="Z is normalised over all maps of an image, axes 1, 2 and 3: it is over all images of a map, axes 0, 2 and 3.",
    loses=TRAINING,
)
def normalises_over_the_maps(Y, gamma, beta, running_mean, running_var, momentum, eps):
    var, mu = torch.var_mean(Y, (1, 2, 3), correction=0, keepdim=True)
    Z = gamma[:, None, None] * (Y - mu) / torch.sqrt(var + eps) + beta[:, None, None]
    own, mean = torch.var_mean(Y, (0, 2, 3))
    return Z, torch.lerp(running_mean, mean, momentum), torch.lerp(running_var, own, momentum)
