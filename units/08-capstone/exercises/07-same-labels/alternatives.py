"""Right answers in other costumes."""

import copy

import torch
from torch import nn
from torch.nn import functional as F

from nonconv.authoring import right
from nonconv.checks.given.digits import digits


def folded(model):
    """(kernel, bias) of the first three layers as one convolution."""
    mixed, conv, norm = model[:3]
    G = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    kernel = torch.einsum("kmuv,mi->kiuv", conv.weight, mixed.weight[:, :, 0, 0]) * G[:, None, None, None]
    return kernel, G * (conv.bias - norm.running_mean) + norm.bias


@right("slimmer")
def by_hand_on_copies(model, budget):
    with torch.no_grad():
        kernel, bias = folded(model)
        first, second = copy.deepcopy(model[6]), copy.deepcopy(model[7])
        second.weight.data = (model[7].weight @ model[6].weight).view(10, 12, 16)
        second.bias.data = model[7](first.bias)
        maps = model[:4](digits()).transpose(0, 1).flatten(1)
        kept = []
        for k in maps.abs().sum(1).nonzero()[:, 0].tolist():
            for j in kept:
                if torch.allclose(maps[j], maps[k]):
                    second.weight.data[:, j] += second.weight.data[:, k]
                    break
            else:
                kept.append(k)
        second.weight.data = second.weight.data[:, kept].flatten(1)
        conv = nn.Conv2d(1, len(kept), 3, padding=1, dtype=torch.float64)
        conv.weight.data, conv.bias.data = kernel[kept], bias[kept]
    return nn.Sequential(conv, *copy.deepcopy(model[3:6]), second)


@right("slimmer")
def with_a_last_layer_fitted_anew(model, budget):
    with torch.no_grad():
        kernel, bias = folded(model)
        alive = [k for k in range(12) if bias[k] > -15]
        distances = (
            torch.cdist(kernel[alive].flatten(1), kernel[alive].flatten(1)) + torch.eye(len(alive)) * 9
        )
        kept = [k for n, k in enumerate(alive) if not bool((distances[n, :n] < 1e-6).any())]
        body = nn.Sequential(
            nn.Conv2d(1, len(kept), 3, padding=1), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten()
        ).double()
        body[0].weight.copy_(kernel[kept])
        body[0].bias.copy_(bias[kept])
        inputs = F.pad(body(digits()), (0, 1), value=1.0)
        fitted = torch.linalg.lstsq(inputs, model(digits()), driver="gelsd").solution
        last = nn.Linear(len(inputs[0]) - 1, 10).double()
        last.weight.copy_(fitted[:-1].T)
        last.bias.copy_(fitted[-1])
    return body.append(last)


@right("slimmer")
def as_functions_in_a_module(model, budget):
    class Slim(nn.Module):
        def __init__(self):
            super().__init__()
            self.kernel, self.bias = folded(model)
            self.matrix = (model[7].weight @ model[6].weight).view(10, 12, 16)
            self.shift = model[7].weight @ model[6].bias + model[7].bias
            maps = F.relu(F.conv2d(digits(), self.kernel, self.bias, padding=1)).amax((0, 2, 3))
            rows = torch.cat([self.kernel.flatten(1), self.bias[:, None]], 1).round(decimals=6)
            groups = {}
            for k in range(12):
                if maps[k] > 0:
                    groups.setdefault(tuple(rows[k].tolist()), []).append(k)
            self.matrix = torch.stack([self.matrix[:, g].sum(1) for g in groups.values()], 1).flatten(1)
            first = [g[0] for g in groups.values()]
            self.kernel, self.bias = self.kernel[first], self.bias[first]

        def forward(self, x):
            x = F.avg_pool2d(F.conv2d(x, self.kernel, self.bias, padding=1).relu(), 2)
            return F.linear(x.flatten(1), self.matrix, self.shift)

    with torch.no_grad():
        return Slim()


@right("slimmer")
def with_the_linear_layer_as_a_convolution(model, budget):
    with torch.no_grad():
        kernel, bias = folded(model)
        one = (model[7].weight @ model[6].weight).reshape(10, 12, 4, 4)
        twins = (kernel[:, None] - kernel).abs().amax((2, 3, 4)) + (bias[:, None] - bias).abs() < 1e-9
        leader = twins.double().argmax(1)
        one = torch.stack([one[:, leader == k].sum(1) for k in range(12)], 1)
        silent = model[:4](digits()).amax((0, 2, 3)) == 0  # exact: ReLU gives 0 there
        kept = [k for k in range(12) if leader[k] == k and not silent[k]]
        conv, last = nn.Conv2d(1, len(kept), 3, padding=1), nn.Conv2d(len(kept), 10, 4)
        layers = nn.Sequential(conv, nn.ReLU(), nn.AvgPool2d(2), last, nn.Flatten()).double()
        for parameter, values in zip(
            layers.parameters(),
            (kernel[kept], bias[kept], one[:, kept], model[7](model[6].bias)),
            strict=True,
        ):
            parameter.copy_(values)
    return layers


@right("slimmer")
def dropping_what_matters_least(model, budget):
    with torch.no_grad():
        kernel, bias = folded(model)
        wanted = model(digits())
        inputs = model[:6](digits()).reshape(-1, 12, 16)

        def fit(maps):
            wide = F.pad(inputs[:, maps].flatten(1), (0, 1), value=1.0)
            fitted = torch.linalg.lstsq(wide, wanted, driver="gelsd").solution
            return fitted, (wide @ fitted - wanted).square().sum().item()

        kept = list(range(12))
        while len(kept) * (64 * 9 + 160) > min(budget, 6000):
            kept.remove(min(kept, key=lambda k: fit([one for one in kept if one != k])[1]))
        fitted, _ = fit(kept)
        small = nn.Sequential(
            nn.Conv2d(1, len(kept), 3, padding=1),
            nn.ReLU(),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * len(kept), 10),
        ).double()
        for parameter, values in zip(
            small.parameters(), (kernel[kept], bias[kept], fitted[:-1].T, fitted[-1]), strict=True
        ):
            parameter.copy_(values)
    return small
