"""Right answers that go other ways."""

import collections
import copy
import fractions
import math

import numpy as np
import torch
import torch.nn.functional as F

import nonconv.layers
from nonconv.authoring import right


@right("put_se")
def looks_back_from_what_follows(model, se):
    layers, C = [], None
    for layer in model:
        if C is not None and not isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
            C = None
        layers.append(copy.deepcopy(layer))
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
    return torch.nn.Sequential(*layers, *([se(C)] if C is not None else []))


@right("put_se")
def inserts_into_a_copy(model, se):
    new = copy.deepcopy(model)
    for n in reversed(range(len(new))):
        if isinstance(new[n], torch.nn.Conv2d):
            ends = n + any(isinstance(layer, torch.nn.BatchNorm2d) for layer in new[n + 1 : n + 2])
            new.insert(ends + 1, se(new[n].weight.shape[0]))
    return new


@right("se_cost")
def by_shapes(model, r):
    widths = [len(layer.weight) for layer in model if type(layer) is torch.nn.Conv2d]
    extra = 0
    for C in widths:
        for shape in ((C // r, C), (C // r,), (C, C // r), (C,)):
            extra += math.prod(shape)
    return extra, extra / sum(math.prod(parameter.shape) for parameter in model.parameters())


@right("se_cost")
def by_building_the_blocks(model, r):
    blocks = [torch.nn.Sequential(torch.nn.Linear(layer.out_channels, layer.out_channels // r),
                                  torch.nn.Linear(layer.out_channels // r, layer.out_channels))
              for layer in model if isinstance(layer, torch.nn.Conv2d)]  # fmt: skip
    extra = sum(parameter.numel() for block in blocks for parameter in block.parameters())
    before = sum(tensor.numel() for tensor in model.parameters())
    return torch.tensor(extra), torch.tensor(extra / before, dtype=torch.float64)


@right("put_se")
def each_convolution_with_what_belongs_to_it(model, se):
    groups = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            groups[-1].insert(1, layer)
        elif isinstance(layer, torch.nn.Conv2d):
            groups.append([layer, se(layer.out_channels)])
        else:
            groups.append([layer])
    return torch.nn.Sequential(*(torch.nn.Sequential(*group) for group in groups))


@right("put_se")
def by_recursion(model, se):
    def of(layers):
        if not layers:
            return []
        if isinstance(layers[0], torch.nn.Conv2d):
            n = 2 if any(isinstance(layer, torch.nn.BatchNorm2d) for layer in layers[1:2]) else 1
            return [*layers[:n], se(layers[0].out_channels), *of(layers[n:])]
        return [layers[0], *of(layers[1:])]

    return torch.nn.Sequential(*of(list(model)))


@right("put_se")
def with_names(model, se):
    named, C = {}, 0
    for name, layer in model.named_children():
        if C and type(layer).__name__ != "BatchNorm2d":
            named[f"se{name}"], C = se(C), 0
        named[name] = layer
        C = getattr(layer, "out_channels", C)
    return torch.nn.Sequential(collections.OrderedDict(named | ({"se": se(C)} if C else {})))


@right("put_se")
def cuts_it_into_slices(model, se):
    parts, start = [], 0
    for n, layer in enumerate(model):
        if isinstance(layer, torch.nn.Conv2d):
            end = n + 1 + (n + 1 < len(model) and isinstance(model[n + 1], torch.nn.BatchNorm2d))
            parts += [*model[start:end], se(len(layer.weight))]
            start = end
    return torch.nn.Sequential(*parts, *model[start:])


@right("se_cost")
def with_arrays_of_numpy(model, r):
    C = np.array([layer.out_channels for layer in model.modules() if hasattr(layer, "out_channels")])
    extra = (2 * C * (C // r) + C // r + C).sum()
    return extra, extra / np.sum([np.prod(parameter.shape) for parameter in model.parameters()])


@right("se_cost")
def by_recursion_and_fractions(model, r):
    def of(widths):
        return (2 * widths[0] + 1) * widths[0] // r + widths[0] + of(widths[1:]) if widths else 0

    extra = of([layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)])
    return extra, fractions.Fraction(extra, sum(map(torch.numel, model.parameters())))


@right("se_cost")
def by_the_blocks_of_the_course(model, r):
    layers = [
        nonconv.layers.SqueezeExcitation(one.out_channels, r) for one in model if type(one) is torch.nn.Conv2d
    ]
    extra = sum(parameter.numel() for layer in layers for parameter in layer.parameters())
    return [extra, extra / sum(parameter.numel() for parameter in model.parameters())]


@right("se_cost")
def by_one_by_one_convolutions(model, r):
    def count(layer):
        return sum(parameter.numel() for parameter in layer.parameters())

    widths = [layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)]
    extra = sum(count(torch.nn.Conv2d(C, C // r, 1)) + count(torch.nn.Conv2d(C // r, C, 1)) for C in widths)
    return float(extra), extra / count(model)
