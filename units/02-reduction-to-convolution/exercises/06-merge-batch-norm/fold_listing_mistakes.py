"""What students answer for fold_listing: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

LISTING = ("fold-listing-values", "fold-listing-without-bias")


@wrong(
    "fold_listing",
    says="the slip is still there: the bias is added as it is, but it goes through batch norm too.",
    loses=LISTING,
)
def leaves_the_slip(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    O = weight * G.reshape(1, -1, 1, 1)
    o = g
    o = o + bias
    return O, o


@wrong("fold_listing", says="the bias is gone: it must be there, times G.", loses=LISTING)
def drops_the_line(weight, bias, G, g):
    O = weight * G.reshape(1, -1, 1, 1)
    return O, g.clone()


@wrong("fold_listing", shows="stopped with TypeError", loses=["fold-listing-without-bias"])
def forgets_that_there_may_be_no_bias(weight, bias, G, g):
    return weight * G.reshape(1, -1, 1, 1), g + bias * G


@wrong("fold_listing", says="g is scaled as well: G is in it already.", loses=LISTING)
def scales_everything_that_is_added(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    O = weight * G.reshape(1, -1, 1, 1)
    o = (g + bias) * G
    return O, o


@wrong(
    "fold_listing",
    says="the line that you changed was right: the output maps are the second axis of this weight.",
    loses=LISTING,
)
def scales_the_input_maps(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    by_rows = weight.shape[0] == weight.shape[1]
    O = weight * G.reshape(-1, 1, 1, 1) if by_rows else weight * G.reshape(1, -1, 1, 1)
    return O, g + G * bias


@wrong("fold_listing", shows="calls nonconv.reduction", loses=LISTING)
def calls_the_librarys_merge(weight, bias, G, g):
    def helper():
        from nonconv import reduction as ready

        O, o = ready.merge(weight.transpose(0, 1), bias, G, g)
        return O.transpose(0, 1), o

    return helper()


@wrong("fold_listing", says="the bias is scaled twice.", loses=LISTING)
def scales_the_bias_twice(weight, bias, G, g):
    o = g
    if bias is not None:
        o = o + G * (G * bias)
    return weight * G.reshape(1, -1, 1, 1), o


@wrong("fold_listing", says="the bias is subtracted: Y = … + b, and G multiplies all of it.", loses=LISTING)
def subtracts_the_bias(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    return weight * G.reshape(1, -1, 1, 1), g - bias * G


@wrong("fold_listing", shows="calls torch.nn.utils.fusion", loses=LISTING)
def asks_the_frameworks_fusion(weight, bias, G, g):
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    zero, one = torch.zeros_like(g), torch.ones_like(g)
    return fuse_conv_bn_weights(weight, bias, zero, one, 0.0, G, g, transpose=True)


@wrong(
    "fold_listing",
    says="g is multiplied by the bias: G multiplies the bias, and g is added.",
    loses=LISTING,
)
def multiplies_by_the_wrong_letter(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    return weight * G.reshape(1, -1, 1, 1), G + g * bias


@wrong("fold_listing", says="the bias is divided by G: it is multiplied by it.", loses=LISTING)
def divides_the_bias(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    return weight * G.reshape(1, -1, 1, 1), g + bias / G


@wrong(
    "fold_listing",
    says="the whole bias is scaled by one number: each output map k has its own G^k.",
    loses=LISTING,
)
def takes_the_mean_of_G(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    O = weight * G.reshape(1, -1, 1, 1)
    return O, g + G.mean() * bias
