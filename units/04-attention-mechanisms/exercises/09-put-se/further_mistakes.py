"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

COST = ("se-cost-values", "se-cost-grouped")


def _extra(C, r):
    return 2 * C * (C // r) + C // r + C


def _convolutions(model):
    return [layer for layer in model if isinstance(layer, torch.nn.Conv2d)]


def _before(model):
    return sum(one.numel() for one in model.parameters())


@wrong(
    "se_cost",
    says="a block weighs the maps that the convolution puts out, out_channels, not those that it reads.",
    loses=COST,
)
def counts_the_maps_that_go_in(model, r):
    extra = sum(_extra(layer.in_channels, r) for layer in _convolutions(model))
    return extra, extra / _before(model)


@wrong(
    "se_cost",
    says="the share is of all parameters of the model: biases and batch norms have some as well.",
    loses=COST,
)
def compares_with_the_kernels_only(model, r):
    extra = sum(_extra(layer.out_channels, r) for layer in _convolutions(model))
    return extra, extra / sum(layer.weight.numel() for layer in _convolutions(model))


@wrong("se_cost", says="only the first convolution is counted: each of them gets a block.", loses=COST)
def counts_one_block(model, r):
    extra = _extra(_convolutions(model)[0].out_channels, r)
    return extra, extra / _before(model)


@wrong(
    "se_cost",
    says="only weights are counted in the network: the biases, those of the batch norms too, are trained as well.",
    loses=COST,
)
def leaves_out_biases_of_the_network(model, r):
    extra = sum(_extra(layer.out_channels, r) for layer in _convolutions(model))
    return extra, extra / sum(layer.weight.numel() for layer in model if hasattr(layer, "weight"))
