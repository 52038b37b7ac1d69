"""Right answers for parameter_table in other costumes."""

import numpy
import torch

from nonconv import layers
from nonconv.authoring import right


@right("parameter_table")
def with_modules_of_the_framework(M, size, rows):
    counts, numbers = [], None
    for row in rows:
        if row[0] == "pool":
            size = size // row[1]
            continue
        if row[0] == "conv":
            module = torch.nn.Conv2d(M, row[1], row[2])
            M, size = row[1], size - row[2] + 1
        else:
            module = torch.nn.Linear(numbers or M * size**2, row[1])
            numbers = row[1]
        counts.append(sum(parameter.numel() for parameter in module.parameters()))
    return tuple(counts)


@right("parameter_table")
def fc_as_a_convolution_of_full_size(M, size, rows):
    counts = []
    for row in rows:
        if row[0] == "pool":
            size //= row[1]
        else:
            p = row[2] if row[0] == "conv" else size
            counts.append(M * p * p * row[1] + row[1])
            M, size = row[1], size - p + 1
    return tuple(counts)


@right("parameter_table")
def with_a_network_that_sizes_itself(M, size, rows):
    modules = []
    for kind, *arguments in rows:
        if kind == "conv":
            modules.append(torch.nn.LazyConv2d(*arguments))
        elif kind == "pool":
            modules.append(torch.nn.MaxPool2d(arguments[0]))
        else:
            modules += [torch.nn.Flatten(), torch.nn.LazyLinear(arguments[0])]
    net = torch.nn.Sequential(*modules)
    net(torch.zeros(1, M, size, size))
    counts = [sum(parameter.numel() for parameter in module.parameters()) for module in net]
    return [count for count in counts if count]


@right("parameter_table")
def with_layers_of_the_course(M, size, rows):
    x, counts = torch.zeros(1, M, size, size), []
    for row in rows:
        if row[0] == "pool":
            x = layers.max_pool2d(x, row[1])
        else:
            x = x if row[0] == "conv" else x.flatten(1)
            layer = (layers.Conv2d if row[0] == "conv" else layers.Linear)(x.shape[1], *row[1:])
            counts.append(layer.weight.numel() + layer.bias.numel())
            x = layer(x)
    return counts


@right("parameter_table")
def by_recursion(M, size, rows):
    def counted(M, size, rows):
        if not rows:
            return []
        (kind, k, *p), rest = rows[0], rows[1:]
        if kind == "pool":
            return counted(M, size // k, rest)
        q = p[0] if p else size
        return [k * (M * q * q + 1), *counted(k, size - q + 1, rest)]

    return counted(M, size, rows)


@right("parameter_table")
def as_an_array(M, size, rows):
    maps, n, counts = numpy.int64(M), numpy.int64(size), []
    for row in rows:
        if row[0] == "pool":
            n = n // row[1]
        else:
            q = row[2] if row[0] == "conv" else n
            counts.append((maps * q**2 + 1) * row[1])
            maps, n = numpy.int64(row[1]), n - q + 1
    return numpy.array(counts)


@right("parameter_table")
def by_the_shapes_of_windows(M, size, rows):
    x, counts = torch.empty(M, size, size, device="meta"), torch.zeros(0, dtype=torch.int64)
    for row in rows:
        if row[0] == "pool":
            x = x.unfold(1, row[1], row[1]).unfold(2, row[1], row[1]).amax((-2, -1))
            continue
        p = row[2] if row[0] == "conv" else x.shape[-1]
        windows = x.unfold(1, p, 1).unfold(2, p, 1)  # (M, H', W', p, p)
        weights = torch.empty(row[1], len(x), p, p, device="meta")
        counts = torch.cat([counts, torch.tensor([weights.numel() + len(weights)])])
        x = torch.einsum("mhwpq,kmpq->khw", windows, weights)
    return counts
