"""What students answer about the running averages, and what else is read past: what each is told and loses."""

import torch

from nonconv.authoring import wrong

TRAINING = ("batch-norm-training-values", "batch-norm-training-shapes")


@wrong(
    "batch_norm_training",
    says="these are the mean and the variance of this batch: the new running averages are asked for, which remember"
    " the old ones.",
    loses=TRAINING,
)
def returns_those_of_the_batch(Y, gamma, beta, running_mean, running_var, momentum, eps):
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + eps) * gamma + beta).movedim(-1, 1)
    return Z, mu, var


@wrong(
    "batch_norm_training",
    says="the running variance takes the factor the other way round: it is n / (n − 1), not (n − 1) / n.",
    loses=TRAINING,
)
def turns_the_factor_around(Y, gamma, beta, running_mean, running_var, momentum, eps):
    n = Y[:, 0].numel()
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + eps) * gamma + beta).movedim(-1, 1)
    return Z, torch.lerp(running_mean, mu, momentum), torch.lerp(running_var, var * (n - 1) / n, momentum)


@wrong(
    "batch_norm_training",
    says="the running variance takes the deviation, the root of the variance: it takes the variance itself.",
    loses=TRAINING,
)
def averages_the_deviation(Y, gamma, beta, running_mean, running_var, momentum, eps):
    var, mu = torch.var_mean(Y, (0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + eps) * gamma + beta).movedim(-1, 1)
    return Z, torch.lerp(running_mean, mu, momentum), torch.lerp(running_var, Y.std((0, 2, 3)), momentum)


@wrong(
    "batch_norm_training",
    says="momentum is 0.1, the framework's default: take the one that is handed in.",
    loses=TRAINING,
)
def believes_in_the_usual_momentum(Y, gamma, beta, running_mean, running_var, momentum, eps):
    own, mu = torch.var_mean(Y, (0, 2, 3))
    var = Y.var((0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + eps) * gamma + beta).movedim(-1, 1)
    return Z, torch.lerp(running_mean, mu, 0.1), torch.lerp(running_var, own, 0.1)


@wrong(
    "batch_norm_training",
    says="ε is 1e-5, the framework's default: take the one that is handed in.",
    loses=TRAINING,
)
def believes_in_the_usual_epsilon(Y, gamma, beta, running_mean, running_var, momentum, eps):
    own, mu = torch.var_mean(Y, (0, 2, 3))
    var = Y.var((0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + 1e-5) * gamma + beta).movedim(-1, 1)
    return Z, torch.lerp(running_mean, mu, momentum), torch.lerp(running_var, own, momentum)


@wrong(
    "batch_norm_training",
    says="γ and β are swapped: Z is multiplied by γ, and then β is added.",
    loses=TRAINING,
)
def swaps_gamma_and_beta(Y, gamma, beta, running_mean, running_var, momentum, eps):
    own, mu = torch.var_mean(Y, (0, 2, 3))
    var = Y.var((0, 2, 3), correction=0)
    Z = ((Y.movedim(1, -1) - mu) / torch.sqrt(var + eps) * beta + gamma).movedim(-1, 1)
    return Z, torch.lerp(running_mean, mu, momentum), torch.lerp(running_var, own, momentum)
