"""What students answer for fold_listing: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

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
