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

    mixed = nn.Conv2d(1, MIXED, 1, bias=False)
    conv, norm = nn.Conv2d(MIXED, MAPS, 3, padding=1), nn.BatchNorm2d(MAPS)
    first, second = nn.Linear(MAPS * 16, HIDDEN), nn.Linear(HIDDEN, 10)
    before = nn.Sequential(mixed, conv, norm, nn.ReLU(), nn.AvgPool2d(2), nn.Flatten())
    model = nn.Sequential(*before, first, second).double()
    order = torch.randperm(MAPS, generator=random).tolist()
    pairs = list(zip(order[: 2 * TWINS : 2], order[1 : 2 * TWINS : 2], strict=True))
    mixing, F, b = normal(MIXED, 1, 1, 1), normal(MAPS, MIXED, 3, 3) / MIXED**0.5, 0.1 * normal(MAPS)
    F -= 0.7 * F.mean((2, 3), keepdim=True)
    gamma, beta = normal(MAPS).abs() + 0.5, 0.3 * normal(MAPS)
    for one, other in pairs:  # the same map once more, at another scale, which batch norm takes away
        F[other], b[other], gamma[other], beta[other] = 2 * F[one], 2 * b[one], gamma[one], beta[one]
    beta[order[-SILENT:]] = -20
    with torch.no_grad():
        _set(mixed, weight=mixing)
        _set(conv, weight=F, bias=b)
        Y = conv(mixed(labelled_digits()[0]))
        mean, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3))
        for one, other in pairs:  # ε is not scaled: without this, twins would differ in the fifth digit
            var[other] = 4 * (var[one] + norm.eps) - norm.eps
        _set(norm, weight=gamma, bias=beta, running_mean=mean, running_var=var)
        model.eval()
        _fit(before.eval(), first, second, normal(HIDDEN, 10))
    return model


def _set(layer: nn.Module, **numbers: Tensor) -> None:
    for name, values in numbers.items():
        getattr(layer, name).copy_(values)


def _fit(before: nn.Sequential, first: nn.Linear, second: nn.Linear, random: Tensor) -> None:
    """Two linear layers in a row that are the ridge regression of the labels on what comes before."""
    images, labels = labelled_digits()
    inputs = before(images[:TRAINED])
    wide = torch.cat([inputs, inputs.new_ones(len(inputs), 1)], 1)
    wanted = nn.functional.one_hot(labels[:TRAINED], 10).to(wide)
    square = wide.T @ wide + RIDGE * torch.eye(wide.shape[1], dtype=wide.dtype)
    solution = torch.linalg.solve(square, wide.T @ wanted).T  # (10, inputs + 1)
    back = torch.linalg.pinv(random)  # (10, HIDDEN); back @ random is the identity
    _set(first, weight=random @ solution[:, :-1], bias=random @ solution[:, -1])
    _set(second, weight=back, bias=torch.zeros(10))


for _letter, _seed in (("first", 1), ("second", 2), ("third", 3)):
    registered(
        f"wasteful-{_letter}",
        f"the {_letter} wasteful network for digits",
        seed=_seed,
        finished=True,
    )(lambda seed=_seed: copy.deepcopy(_wasteful(seed)))
