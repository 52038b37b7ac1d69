"""What students answer for se_cost: the wrong ways, what each is told and loses, and other right ways."""

import math

import torch

from nonconv.authoring import right, wrong

COST = ("se-cost-values", "se-cost-grouped")


@wrong("se_cost", says="the biases are missing: C/r behind W₀ and C behind W₁.", loses=COST)
def leaves_out_the_biases(model, r):
    extra = sum(2 * layer.out_channels**2 // r for layer in model if isinstance(layer, torch.nn.Conv2d))
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong("se_cost", says="one matrix is missing: there are W₀ and W₁.", loses=COST)
def counts_a_single_matrix(model, r):
    C = [layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)]
    extra = sum(c * c // r + c // r + c for c in C)
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="the maps that go in are counted: SE stands behind the convolution and has as many maps as come out.",
    loses=COST,
)
def takes_the_maps_that_go_in(model, r):
    extra = 0
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.in_channels
            extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="the share is of the network with its blocks: divide by what it had before.",
    loses=COST,
)
def divides_by_the_new_total(model, r):
    extra = 0
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
            extra = extra + 2 * C * (C // r) + C // r + C
    before = sum(parameter.numel() for parameter in model.parameters())
    return extra, extra / (before + extra)


@wrong(
    "se_cost",
    says="this is the new total: the exercise asks for what is added.",
    loses=COST,
)
def returns_the_new_total(model, r):
    before = sum(parameter.numel() for parameter in model.parameters())
    extra = sum(2 * C * C // r + C // r + C for C in
                (layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)))  # fmt: skip
    return before + extra, extra / before


@wrong("se_cost", shows="it must return the 2 values (the extra parameters, their share)", loses=COST)
def forgets_the_share(model, r):
    return sum(2 * C * C // r + C // r + C for C in
               (layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)))  # fmt: skip


@wrong(
    "se_cost",
    says="the share is in percent: a share lies between 0 and 1.",
    loses=COST,
)
def writes_percent(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, 100 * extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="tensors are counted, not the numbers in them: numel() of each.",
    loses=COST,
)
def counts_tensors(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, extra / len(list(model.parameters()))


@wrong(
    "se_cost",
    says="blocks are counted behind batch norms only: a convolution without one gets a block as well.",
    loses=["se-cost-grouped"],
)
def counts_behind_batch_norms(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "num_features", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong("se_cost", says="the C/r biases behind W₀ are missing.", loses=COST)
def leaves_out_the_biases_of_the_squeeze(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="the two are in the other order: first the parameters that are added, then their share.",
    loses=COST,
)
def gives_the_share_first(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra / sum(parameter.numel() for parameter in model.parameters()), extra


@wrong(
    "se_cost",
    says="the running statistics are counted as parameters: they are not trained, so model.parameters() leaves them out.",
    loses=COST,
)
def counts_running_statistics(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(tensor.numel() for tensor in model.state_dict().values())


@wrong(
    "se_cost",
    says="the fully connected layer gets a block as well: only a convolution has one.",
    loses=COST,
)
def gives_the_last_layer_a_block(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", getattr(layer, "out_features", 0))
        extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


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
