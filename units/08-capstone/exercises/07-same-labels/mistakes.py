"""What students answer: the wrong ways, what each is told and loses."""

from functools import partial

import torch
from torch import nn

from nonconv.authoring import edited, given, solution, wrong
from nonconv.checks.given.digits import digits
from nonconv.reduction import reduce

LABELS = ("labels-merged", "labels-one-linear", "labels-fewest", "labels-other")
BUT_REDUCE, FEWEST = LABELS[1:], LABELS[2:]

slims = partial(edited, "slimmer", solution(__file__, "labels"), given(__file__, "labels-given"))

SLIPS = [
    slims(
        "merges_the_layers_alone",
        ("if same:", "if False:"),
        ("elif opened[k]:", "else:"),
        shows="the labels are right, but it takes 8,832 multiply–adds",
        loses=FEWEST,
    ),
    slims(
        "keeps_the_twins",
        ("if same:", "if False:"),
        shows="the labels are right, but it takes 7,360 multiply–adds",
        loses=FEWEST,
    ),
    slims(
        "keeps_the_silent_maps",
        ("elif opened[k]:", "else:"),
        shows="the labels are right, but it takes 7,360 multiply–adds",
        loses=FEWEST,
    ),
    slims(
        "drops_the_twins_columns",
        ("A[:, same[0]] += A[:, k]", "pass"),
        shows="labels differ from the given network's",
        loses=LABELS,
    ),
    slims(
        "forgets_the_first_bias",
        ("c = second.weight @ first.bias + second.bias", "c = second.bias"),
        shows="labels differ from the given network's",
        loses=LABELS,
    ),
    slims(
        "multiplies_in_the_other_order",
        ("second.weight @ first.weight", "first.weight @ second.weight"),
        shows="slimmer stopped with RuntimeError",
        loses=LABELS,
    ),
    slims(
        "takes_the_places_for_maps",
        ("reshape(10, K, -1)", "reshape(10, -1, K).transpose(1, 2)"),
        shows="labels differ from the given network's",
        loses=LABELS,
    ),
    slims(
        "drops_maps_that_are_seldom_open",
        (".amax((0, 2, 3)) > 0", ".mean((0, 2, 3)) > 0.3"),
        shows="labels differ from the given network's",
        loses=LABELS,
    ),
    slims(
        "forgets_the_border",
        ("nn.Conv2d(1, len(kept), 3, padding=1)", "nn.Conv2d(1, len(kept), 3)"),
        shows="running it on the digits stopped with RuntimeError",
        loses=LABELS,
    ),
    slims("returns_the_outputs", ("return small", "return small(digits())"), shows="return a network", loses=LABELS),
]  # fmt: skip


@wrong("slimmer", shows="it takes 37,600 multiply–adds for an image", loses=LABELS)
def returns_it_as_it_is(model, budget):
    return model


@wrong("slimmer", shows="it takes 16,608 multiply–adds for an image", loses=BUT_REDUCE)
def calls_reduce_alone(model, budget):
    return reduce(model, digits()[:1]).model


@wrong("slimmer", shows="the given network was changed (its 6.weight)", loses=LABELS)
def works_on_the_given_network(model, budget):
    with torch.no_grad():
        model[6].weight *= 2
        model[7].weight /= 2
    return model


@wrong("slimmer", shows="labels differ from the given network's", loses=LABELS)
def fits_one_linear_layer_to_the_pixels(model, budget):
    x = digits().flatten(1)
    with torch.no_grad():
        wide = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        fitted = torch.linalg.lstsq(wide, model(digits()), driver="gelsd").solution
        layer = nn.Linear(64, 10).double()
        layer.weight.copy_(fitted[:-1].T)
        layer.bias.copy_(fitted[-1])
    return nn.Sequential(nn.Flatten(), layer)


@wrong("slimmer", shows="your network calls mul, and count_macs does not count", loses=LABELS)
def multiplies_place_by_place(model, budget):
    class Sums(nn.Module):
        def forward(self, x):
            conv, norm = model[1], model[2]
            G = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            F = torch.einsum("kmuv,mi->kuv", conv.weight, model[0].weight[:, :, 0, 0]) * G[:, None, None]
            x = nn.functional.pad(x, (1, 1, 1, 1))
            y = (G * (conv.bias - norm.running_mean) + norm.bias)[:, None, None]
            for u in range(3):
                for v in range(3):
                    y = y + F[:, u, v][:, None, None] * x[:, :, u : u + 8, v : v + 8]
            return model[3:](y)

    return Sums()


@wrong("slimmer", shows="your network calls", loses=LABELS)
def looks_the_labels_up(model, budget):
    def sums(x):
        return x.flatten(1).cumsum(1).cumsum(1).cumsum(1).sum(1)

    class Table(nn.Module):
        def __init__(self):
            super().__init__()
            self.known, self.outputs = sums(digits()), model(digits()).detach()

        def forward(self, x):
            return self.outputs[(sums(x)[:, None] == self.known).double().argmax(1)]

    return Table()


@wrong("slimmer", shows="labels differ from the given network's", loses=LABELS)
def stores_the_outputs_of_all_digits(model, budget):
    class Stored(nn.Module):
        def __init__(self):
            super().__init__()
            self.outputs = nn.Parameter(model(digits()).detach())

        def forward(self, _):
            return self.outputs

    return Stored()


@wrong("slimmer", shows="the labels are right, but it takes 16,599 multiply–adds", loses=BUT_REDUCE)
def computes_nothing_for_a_single_image(model, budget):
    class Pairs(nn.Module):
        def __init__(self):
            super().__init__()
            self.own = reduce(model, digits()[:1]).model

        def forward(self, x):
            even = x.shape[0] // 2 * 2
            return torch.cat([self.own(x[:even]), x[even:].flatten(1)[:, :10]])

    return Pairs()
