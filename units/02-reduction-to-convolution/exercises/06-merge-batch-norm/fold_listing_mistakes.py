"""What students answer for fold_listing: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

LISTING = ("fold-listing-values", "fold-listing-without-bias")


@wrong(
    "fold_listing",
    says="the slip is still there: the bias is added as it is, but it goes through batch norm too.",
    loses=LISTING,
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


@wrong("fold_listing", says="the bias is gone: it must be there, times the scale.", loses=LISTING)
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


@wrong(
    "fold_listing",
    says="the bias is multiplied by γ alone: like all of Y it is divided by √(σ² + ε), too.",
    loses=LISTING,
)
def multiplies_the_bias_by_gamma(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    root = torch.sqrt(var + eps)
    scale = gamma / root
    O = weight * scale.reshape(-1, 1, 1, 1)
    o = beta - mean * scale
    o = o + bias * gamma
    return O, o


@wrong("fold_listing", shows="calls nonconv.reduction", loses=LISTING)
def calls_the_librarys_merge(weight, bias, gamma, beta, mean, var, eps):
    def helper():
        from nonconv import reduction as ready

        return ready.merge(weight, bias, *ready.affine_form(gamma, beta, mean, var, eps))

    return helper()


@wrong("fold_listing", says="the bias is scaled twice.", loses=LISTING)
def scales_the_bias_twice(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / torch.sqrt(var + eps)
    o = beta - mean * scale
    if bias is not None:
        o = o + scale * (scale * bias)
    return weight * scale.reshape(-1, 1, 1, 1), o


@wrong(
    "fold_listing",
    says="the bias is subtracted: it stands beside −μ, with the other sign.",
    loses=LISTING,
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


@wrong(
    "fold_listing",
    says="the whole of o is scaled at the end, β and μ once more: only the bias still needs it.",
    loses=LISTING,
)
def scales_all_of_o(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    scale = gamma / torch.sqrt(var + eps)
    o = beta - mean * scale
    return weight * scale.reshape(-1, 1, 1, 1), (o + bias) * scale


@wrong("fold_listing", says="the bias is divided by the scale: it is multiplied by it.", loses=LISTING)
def divides_the_bias_by_the_scale(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    scale = gamma / torch.sqrt(var + eps)
    o = beta - mean * scale
    return weight * scale.reshape(-1, 1, 1, 1), o + bias / scale


@wrong(
    "fold_listing",
    says="the bias is divided by the root, and γ is missing: like all of Y it is multiplied by γ, too.",
    loses=LISTING,
)
def divides_the_bias_by_the_root(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    root = torch.sqrt(var + eps)
    o = beta - mean * (gamma / root)
    return weight * (gamma / root).reshape(-1, 1, 1, 1), o + bias / root


@wrong("fold_listing", says="ε stands outside the root: that line was right.", loses=LISTING)
def repairs_a_line_that_was_right(weight, bias, gamma, beta, mean, var, eps):
    if bias is None:
        bias = torch.zeros_like(mean)
    scale = gamma / (torch.sqrt(var) + eps)
    return weight * scale.reshape(-1, 1, 1, 1), beta + (bias - mean) * scale
