"""Right answers that go other ways."""

import numpy as np
import torch
import torch.nn.functional as F

from nonconv.authoring import right


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


@right("batch_norm_training")
def with_numpy(Y, gamma, beta, running_mean, running_var, momentum, eps):
    y = Y.numpy()
    mu, biased, unbiased = y.mean((0, 2, 3)), y.var((0, 2, 3)), y.var((0, 2, 3), ddof=1)
    scale = gamma.numpy() / np.sqrt(biased + eps)
    Z = np.einsum("nkij,k->nkij", y - mu[:, None, None], scale) + beta.numpy()[:, None, None]
    mean = (1 - momentum) * running_mean.numpy() + momentum * mu
    var = (1 - momentum) * running_var.numpy() + momentum * unbiased
    return [torch.from_numpy(one) for one in (Z, mean, var)]


@right("batch_norm_training")
def one_number_after_another(Y, gamma, beta, running_mean, running_var, momentum, eps):
    Z, mean, var = torch.zeros(Y.shape), [], []
    for k in range(Y.shape[1]):
        n, mu, squares = 0, 0.0, 0.0
        for number in Y[:, k].flatten().tolist():
            n += 1
            step = number - mu
            mu += step / n
            squares += step * (number - mu)
        Z[:, k] = (Y[:, k] - mu) * float(gamma[k]) / (squares / n + eps) ** 0.5 + float(beta[k])
        mean.append(float(running_mean[k]) * (1 - momentum) + mu * momentum)
        var.append(float(running_var[k]) * (1 - momentum) + squares / (n - 1) * momentum)
    return Z, torch.tensor(mean), torch.tensor(var)


@right("batch_norm_training")
def with_the_centring_matrix(Y, gamma, beta, running_mean, running_var, momentum, eps):
    N, K, H, W = Y.shape
    n = N * H * W
    rows = Y.permute(1, 0, 2, 3).reshape(K, n)
    centred = rows @ (torch.eye(n, dtype=Y.dtype) - 1 / n)
    covariance = centred @ centred.T / n
    sigma2 = torch.diagonal(covariance)
    Z = torch.diag(gamma / torch.sqrt(sigma2 + eps)) @ centred + beta[:, None]
    mean = running_mean + momentum * ((rows - centred)[:, 0] - running_mean)
    var = running_var + momentum * (sigma2 * n / (n - 1) - running_var)
    return Z.reshape(K, N, H, W).transpose(0, 1), mean, var


@right("batch_norm_training")
def averages_by_pooling(Y, gamma, beta, running_mean, running_var, momentum, eps):
    def average(x):
        return F.adaptive_avg_pool2d(x, 1).mean(0, keepdim=True)

    n, mu = Y[:, 0].numel(), average(Y)
    sigma2 = average((Y - mu) ** 2)
    Z = (Y - mu) * (sigma2 + eps).rsqrt() * gamma.reshape(1, -1, 1, 1) + beta.reshape(1, -1, 1, 1)
    mean = torch.lerp(running_mean, mu.flatten(), momentum)
    return Z, mean, torch.lerp(running_var, sigma2.flatten() * n / (n - 1), momentum)
