"""The network of the capstone's last task: fitted to the digits at once, and larger than it has to be.

Its kernels are random, its last layer is the solution of a least-squares problem: half a second, and no
training that would come out otherwise on another machine.
"""

import copy
from functools import cache

import torch
from torch import Tensor, nn

from nonconv.checks.given.digits import labelled_digits
from nonconv.checks.given.networks import registered
from nonconv.checks.guard import trusted

MIXED, MAPS, HIDDEN = 4, 12, 48
SILENT, TWINS = 2, 2  # of the maps: those that ReLU never opens, those that repeat another one
TRAINED = 1200  # digits; the others have not been seen
RIDGE = 3.0


@cache  # copies of it are handed out
def _wasteful(seed: int) -> nn.Sequential:
    """A network for 8×8 images with the labels of the digits, 37,600 multiply–adds, and much to save."""
    random = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=random, dtype=torch.float64)

    model = nn.Sequential(
        nn.Conv2d(1, MIXED, 1, bias=False),
        nn.Conv2d(MIXED, MAPS, 3, padding=1),
        nn.BatchNorm2d(MAPS),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(MAPS * 16, HIDDEN),
        nn.Linear(HIDDEN, 10),
    ).double()
    mixed, conv, norm, *_, first, second = model
    order = torch.randperm(MAPS, generator=random).tolist()
    with trusted(), torch.no_grad():
        mixed.weight.copy_(normal(MIXED, 1, 1, 1))
        F = normal(MAPS, MIXED, 3, 3) / MIXED**0.5
        conv.weight.copy_(F - 0.7 * F.mean((2, 3), keepdim=True))
        conv.bias.copy_(0.1 * normal(MAPS))
        norm.weight.copy_(normal(MAPS).abs() + 0.5)
        norm.bias.copy_(0.3 * normal(MAPS))
        for n in range(TWINS):  # the same map once more, at another scale that batch norm takes away
            one, other = order[2 * n], order[2 * n + 1]
            conv.weight[other], conv.bias[other] = 2 * conv.weight[one], 2 * conv.bias[one]
            norm.weight[other], norm.bias[other] = norm.weight[one], norm.bias[one]
        Y = conv(mixed(labelled_digits()[0]))
        norm.running_mean.copy_(Y.mean((0, 2, 3)))
        norm.running_var.copy_(Y.var((0, 2, 3)))
        for n in range(TWINS):  # ε is not scaled, so without it twins would differ in the fifth digit
            one, other = order[2 * n], order[2 * n + 1]
            norm.running_var[other] = 4 * (norm.running_var[one] + norm.eps) - norm.eps
        norm.bias[order[-SILENT:]] = -20
        model.eval()
        _fit(model[:6], first, second, normal(HIDDEN, 10))
    return model


def _fit(before: nn.Sequential, first: nn.Linear, second: nn.Linear, random: Tensor) -> None:
    """Two linear layers in a row that are the ridge regression of the labels on what comes before."""
    images, labels = labelled_digits()
    inputs = before(images[:TRAINED])
    wide = torch.cat([inputs, inputs.new_ones(len(inputs), 1)], 1)
    wanted = nn.functional.one_hot(labels[:TRAINED], 10).to(wide)
    square = wide.T @ wide + RIDGE * torch.eye(wide.shape[1], dtype=wide.dtype)
    solution = torch.linalg.solve(square, wide.T @ wanted).T  # (10, inputs + 1)
    back = torch.linalg.pinv(random)  # (10, HIDDEN); back @ random is the identity
    first.weight.copy_(random @ solution[:, :-1])
    first.bias.copy_(random @ solution[:, -1])
    second.weight.copy_(back)
    second.bias.zero_()


for _letter, _seed in (("first", 1), ("second", 2), ("third", 3)):
    registered(
        f"wasteful-{_letter}",
        f"the {_letter} wasteful network for digits",
        seed=_seed,
        finished=True,
    )(lambda seed=_seed: copy.deepcopy(_wasteful(seed)))
