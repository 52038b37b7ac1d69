"""Right answers that go other ways."""

import copy
import itertools

import torch

from nonconv.authoring import right


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


@right("reduce_network")
def takes_the_batch_norms_out_backwards(model):
    reduced = copy.deepcopy(model)
    for n in reversed(range(1, len(reduced))):
        if isinstance(reduced[n], torch.nn.BatchNorm2d):
            conv, norm = reduced[n - 1], reduced[n]
            scale = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()
            b = 0 if conv.bias is None else conv.bias.detach()
            conv.weight.data *= scale[:, None, None, None]
            conv.bias = torch.nn.Parameter(scale * (b - norm.running_mean) + norm.bias.detach())
            del reduced[n]
    return reduced


@right("reduce_network")
def asks_batch_norm_at_0_and_1(model):
    @torch.no_grad()
    def folded(layers):
        if len(layers) < 2:
            return layers
        conv, norm, *rest = layers
        if not isinstance(norm, torch.nn.BatchNorm2d):
            return [conv, *folded([norm, *rest])]
        at = torch.arange(2.0, dtype=torch.float64).reshape(2, 1, 1, 1).expand(2, norm.num_features, 1, 1)
        g, G = norm(at)[:, :, 0, 0]
        G = G - g
        new = torch.nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding,
                              groups=conv.groups, dtype=torch.float64)  # fmt: skip
        new.weight.copy_(torch.einsum("kmuv,k->kmuv", conv.weight, G))
        new.bias.copy_(g if conv.bias is None else G * conv.bias + g)
        return [new, *folded(rest)]

    return torch.nn.Sequential(*folded([copy.deepcopy(layer) for layer in model]))


@right("reduce_network")
def a_network_of_functions(model):
    def step(conv, norm):
        G, b = torch.ones(len(conv.weight)).double(), torch.zeros(len(conv.weight)).double()
        if conv.bias is not None:
            b = conv.bias.detach()
        if norm is not None:
            G = (norm.weight / (norm.running_var + norm.eps) ** 0.5).detach()
            b = G * (b - norm.running_mean) + norm.bias.detach()
        O, form = G[:, None, None, None] * conv.weight.detach(), (conv.stride, conv.padding, 1, conv.groups)
        return lambda x: torch.conv2d(x, O, b, *form)

    class Network(torch.nn.Module):
        def forward(self, x):
            for one in steps:
                x = one(x)
            return x

    steps, layers = [], [*copy.deepcopy(model), None]
    for layer, after in itertools.pairwise(layers):
        if isinstance(layer, torch.nn.Conv2d):
            steps.append(step(layer, after if isinstance(after, torch.nn.BatchNorm2d) else None))
        elif not isinstance(layer, torch.nn.BatchNorm2d):
            steps.append(layer)
    return Network()
