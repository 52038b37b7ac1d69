"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import copy

import torch

import nonconv.reduction
from nonconv.authoring import right, wrong

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
