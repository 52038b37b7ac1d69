"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import copy
from functools import partial

import torch

import nonconv.reduction
from nonconv.authoring import edited, given, right, solution, wrong

NETWORK = ("reduce-network-with-biases", "reduce-network-without-biases", "reduce-network-grouped")

network = partial(edited, "reduce_network", solution(__file__, "network"), given(__file__), loses=NETWORK)

NEW = "torch.nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size).double()"


@wrong("reduce_network", shows="labels differ", loses=NETWORK)
def only_takes_the_batch_norms_out(model):
    return torch.nn.Sequential(*(layer for layer in model if not isinstance(layer, torch.nn.BatchNorm2d)))


WRONG = [
    network(
        "folds_only_behind_a_relu",
        ("BatchNorm2d)", "BatchNorm2d) and len(layers) > 1 and isinstance(layers[-2], torch.nn.ReLU)"),
        shows="there is still a batch norm in it",
    ),
    network(
        "folds_with_the_slides_bias",
        ("G * (b - layer.running_mean) + layer.bias", "b + layer.bias - G * layer.running_mean"),
        shows="labels differ",
        loses=["reduce-network-with-biases", "reduce-network-grouped"],
    ),
    network(
        "folds_into_the_given_network",
        ("copy.deepcopy(layer)", "layer"),
        shows="the given network was changed",
    ),
    network(
        "forgets_convolutions_without_bias",
        ("torch.zeros_like(G) if conv.bias is None else conv.bias", "conv.bias"),
        shows="stopped with",
        loses=["reduce-network-without-biases"],
    ),
    network(
        "forgets_stride_and_padding",
        ("conv = layers[-1]", "conv = layers.pop()"),
        ("conv.weight =", f"layers.append({NEW})\n            layers[-1].weight ="),
        ("conv.bias = ", "layers[-1].bias = "),
        shows="stopped with",
    ),
    network(
        "believes_in_the_usual_epsilon",
        ("layer.eps", "1e-5"),
        shows="labels differ",
        loses=["reduce-network-grouped"],
    ),
]


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
