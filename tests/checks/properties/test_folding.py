"""A network with its batch norms folded: other ways are taken, batch norm under another name is not."""

import copy
import math
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from helpers.checks.properties import properties_of, says
from nonconv.checks import Case, Check, failure
from nonconv.checks.given.digits import digits
from nonconv.checks.given.networks import NETWORKS, network
from nonconv.checks.properties import folding
from nonconv.reduction import affine_form, depthwise_1x1, fold, merge_as_on_the_slides

NAN = math.nan


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    assert properties_of(folding) == {LEFT}
    assert "returned None" in str(says(LEFT, None, model=network(SMALL)))


LEFT = "has_no_batch_norm_left"
SMALL = "two-convolutions-with-bias"


def folded(model: nn.Sequential, with_fold=fold) -> list[nn.Module]:
    """Copies of the layers, each convolution with the batch norm that follows it."""
    modules: list[nn.Module] = []
    for module in model:
        if isinstance(module, nn.BatchNorm2d):
            modules[-1] = with_fold(modules[-1], module)
        else:
            modules.append(copy.deepcopy(module))
    return modules


def without_batch_norm(model: nn.Sequential) -> nn.Sequential:
    return nn.Sequential(*folded(model))


def with_identities(model: nn.Sequential) -> nn.Sequential:
    fast = copy.deepcopy(model)
    for n, module in enumerate(model):
        if isinstance(module, nn.BatchNorm2d):
            fast[n - 1], fast[n] = fold(model[n - 1], module), nn.Identity()
    return fast


class Functional(nn.Module):
    """A convolution by its function, which adds its bias by itself."""

    def __init__(self, conv: Any) -> None:
        super().__init__()
        self.conv = conv

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        c = self.conv
        x = F.conv2d(x, c.weight, None, c.stride, c.padding, groups=c.groups)
        return x if c.bias is None else x + c.bias[:, None, None]


def with_functions(model: nn.Sequential) -> nn.Sequential:
    """Folded, with the functions of the framework in the place of its modules."""
    return nn.Sequential(*(Functional(one) if isinstance(one, nn.Conv2d) else one for one in folded(model)))


def with_depthwise(model: nn.Sequential) -> nn.Sequential:
    """Not merged at all: each batch norm as its own 1×1 convolution."""
    fast = copy.deepcopy(model)
    for n, norm in enumerate(model):
        if isinstance(norm, nn.BatchNorm2d):
            assert norm.running_mean is not None
            assert norm.running_var is not None
            K = norm.num_features
            layer = nn.Conv2d(K, K, 1, groups=K).double()
            G, g = affine_form(norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps)
            weight, bias = depthwise_1x1(G, g)
            layer.weight, layer.bias = nn.Parameter(weight.detach()), nn.Parameter(bias.detach())
            fast[n] = layer
    return fast


class Renamed(nn.Module):
    """Batch norm by its formula."""

    def __init__(self, norm: Any) -> None:
        super().__init__()
        self.kept = [one.detach() for one in (norm.weight, norm.bias, norm.running_mean, norm.running_var)]
        self.eps = norm.eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        gamma, beta, mu, var = (one[:, None, None] for one in self.kept)
        return gamma * (x - mu) / torch.sqrt(var + self.eps) + beta


def with_renamed_batch_norms(model: nn.Sequential) -> nn.Sequential:
    return nn.Sequential(
        *(Renamed(one) if isinstance(one, nn.BatchNorm2d) else one for one in copy.deepcopy(model))
    )


class OfMyOwn(nn.Module):
    def __init__(self, model: nn.Sequential) -> None:
        super().__init__()
        self.layers = nn.ModuleList(folded(model))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


def in_training_mode(model: nn.Sequential) -> nn.Sequential:
    return without_batch_norm(model).train()


def a_hair_off(model: nn.Sequential, by: float = 1e-13) -> nn.Sequential:
    fast = without_batch_norm(model)
    fast[-1].bias.data += by  # type: ignore[operator]
    return fast


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(
    "reduce",
    [without_batch_norm, with_identities, with_functions, OfMyOwn, in_training_mode, a_hair_off],
    ids=lambda reduce: reduce.__name__,
)
def test_a_network_without_batch_norm(name: str, reduce) -> None:
    model = network(name)
    assert says(LEFT, reduce(model), model=model) is None


def by_the_slides(conv: Any, norm: Any) -> nn.Module:
    fast = fold(conv, norm)
    bias = torch.zeros_like(norm.bias) if conv.bias is None else conv.bias
    _, o = merge_as_on_the_slides(
        conv.weight, bias, norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps
    )
    fast.bias = nn.Parameter(o.detach())
    return fast


def without_padding(conv: Any, norm: Any) -> nn.Module:
    fast = fold(conv, norm)
    fast.padding = (0, 0)
    return fast


def in_float32(conv: Any, norm: Any) -> nn.Module:
    return fold(copy.deepcopy(conv).float(), copy.deepcopy(norm).float()).double()


def with_a_nan(model: nn.Sequential) -> nn.Sequential:
    return a_hair_off(model, NAN)


class Twice(nn.Module):
    """A network that returns a pair."""

    def __init__(self, model: nn.Sequential) -> None:
        super().__init__()
        self.inner = without_batch_norm(model)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.inner(x), x


class Stored(nn.Module):
    """The outputs of all digits, in their order: no image is read."""

    def __init__(self, model: nn.Sequential) -> None:
        super().__init__()
        self.outputs = nn.Parameter(model(digits()).detach())

    def forward(self, _: torch.Tensor) -> torch.Tensor:
        return self.outputs


class OfDigitsOnly(nn.Module):
    """No digit has a pixel above 1."""

    def __init__(self, model: nn.Sequential) -> None:
        super().__init__()
        self.layers = without_batch_norm(model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x.clamp(0, 1))


def with_a_bare_layer(model: nn.Sequential) -> nn.Sequential:
    fast = without_batch_norm(model)
    del fast[0].groups
    return fast


def in_complex_numbers(model: nn.Sequential) -> nn.Sequential:
    return nn.Sequential(without_batch_norm(model), Complex())


class Complex(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.to(torch.complex128)


def dropped(model: nn.Sequential) -> nn.Sequential:
    """Each batch norm left out, not merged."""
    return nn.Sequential(*(copy.deepcopy(one) for one in model if not isinstance(one, nn.BatchNorm2d)))


@pytest.mark.parametrize(
    ("reduce", "sentence"),
    [
        (lambda model: None, "it returned None: is there a `return`?"),
        (lambda model: folded(model), "return a network (an nn.Module), not list"),
        (lambda model: lambda x: x, "return a network (an nn.Module), not function"),
        (copy.deepcopy, "there is still a batch norm in it"),
        (lambda model: nn.Sequential(nn.Sequential(copy.deepcopy(model))), "still a batch norm"),
        (lambda model: nn.Sequential(nn.BatchNorm2d(1).double(), *folded(model)), "still a batch norm"),
        (lambda model: without_batch_norm(model)[:-1], "outputs of shape (1797, 96), not (1797, 10)"),
        (lambda model: nn.Sequential(), "it gives outputs of shape (1797, 1, 8, 8), not (1797, 10)"),
        (lambda model: without_batch_norm(model)[1:], "running it on the digits stopped with RuntimeError"),
        (lambda model: without_batch_norm(model).float(), "on the digits stopped with RuntimeError"),
        (with_depthwise, "with 2 convolutions more than the given network has"),
        (with_renamed_batch_norms, "it computes div, mul each time it runs: batch norm is still there"),
        (
            dropped,
            "The first layer that differs: the Conv2d at place 0 of the given network, with the batch norm",
        ),
        (dropped, "behind it. Its kernel is not the merged one"),
        (lambda model: nn.Sequential(*folded(model, by_the_slides)), "Its kernel is right, its bias is not"),
        (lambda model: nn.Sequential(*folded(model, without_padding)), "Its padding is (0, 0), and that of"),
        (lambda model: nn.Sequential(*folded(model)).float(), "torch.float32, and that of the given one is"),
        (lambda model: nn.Sequential(*folded(model, in_float32)), "right to some digits only"),
        (
            lambda model: nn.Sequential(*folded(model), nn.ReLU()),
            "It has 7 layers; folded, the given network has 6",
        ),
        (lambda model: OfMyOwn(network("two-convolutions-without-bias")), "(at most 1e-10 is rounding)"),
        (lambda model: a_hair_off(model, 1e-8), "0 of 1797 labels differ, and an output by 1e-08 (at most"),
        (with_a_nan, "an output by nan"),
        (Twice, "tuple"),
        (with_a_bare_layer, "running it on the digits stopped with AttributeError"),
        (in_complex_numbers, "it gives outputs of dtype torch.complex128, not torch.float64"),
        (Stored, "labels differ, and an output by"),
        (OfDigitsOnly, "on the digits it is right; on differences of two an output is off by"),
    ],
)
def test_a_network_that_is_not_the_given_one_without_batch_norm(reduce, sentence: str) -> None:
    model = network(SMALL)
    message = says(LEFT, reduce(model), model=model)
    assert message is not None
    assert sentence in message


def test_the_slides_bias_is_right_for_convolutions_without_one() -> None:
    """So that network alone would let the slip pass; the check needs the one with biases."""
    model = network("two-convolutions-without-bias")
    assert says(LEFT, nn.Sequential(*folded(model, by_the_slides)), model=model) is None


def scales_the_weights(model: nn.Sequential) -> None:
    model[0].weight.data.mul_(1 + 1e-9)  # type: ignore[operator]


def runs_it_in_training(model: nn.Sequential) -> None:
    model.train()(torch.randn(4, 1, 8, 8).double())


def drops_a_layer(model: nn.Sequential) -> None:
    del model[1]


def drops_a_bias(model: nn.Sequential) -> None:
    model[0].bias = None  # type: ignore[assignment]


def puts_in_an_identity(model: nn.Sequential) -> None:
    model[1] = nn.Identity()


def puts_in_the_folded_layer(model: nn.Sequential) -> None:
    model[0] = fold(model[0], model[1])


def adds_a_layer(model: nn.Sequential) -> None:
    model.append(nn.ReLU())


@pytest.mark.parametrize(
    "change",
    [
        scales_the_weights,
        runs_it_in_training,
        drops_a_layer,
        drops_a_bias,
        puts_in_an_identity,
        puts_in_the_folded_layer,
        adds_a_layer,
    ],
    ids=lambda change: change.__name__,
)
def test_a_change_of_the_given_network_is_noticed_though_the_answer_is_right(change) -> None:
    model = network(SMALL)
    answer = without_batch_norm(model)
    assert says(LEFT, answer, model=model) is None
    change(model)
    message = says(LEFT, answer, model=model)
    assert message is not None
    assert "the given network was changed" in message
    assert "copy.deepcopy" in message


def test_the_given_network_emptied_in_place_and_returned_is_noticed() -> None:
    model = network(SMALL)
    for n, module in enumerate(model):
        if isinstance(module, nn.BatchNorm2d):
            model[n - 1], model[n] = fold(model[n - 1], module), nn.Identity()
    message = says(LEFT, model, model=model)
    assert message is not None
    assert "the given network was changed" in message


def test_the_given_network_returned_as_it_is_was_not_changed() -> None:
    model = network(SMALL)
    message = says(LEFT, model, model=model)
    assert message is not None
    assert "was changed" not in message


def test_a_layer_that_keeps_a_tensor_with_its_graph_is_judged() -> None:
    """Such a network cannot be copied."""
    model = network(SMALL)
    answer = with_functions(model)
    answer[0].scaled = 2 * answer[0].conv.weight  # type: ignore[union-attr]
    assert says(LEFT, answer, model=model) is None


def test_judging_changes_neither_network() -> None:
    model = network(SMALL)
    answer = in_training_mode(model)
    before = copy.deepcopy(model.state_dict())
    assert says(LEFT, answer, model=model) is None
    assert answer.training
    # exact: untouched
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_it_is_reached_through_a_check_with_its_case() -> None:
    drawn = [id for id, entry in NETWORKS.items() if not entry.finished]
    cases = tuple(Case({"model": network(id)}) for id in drawn)
    model = Check("m", "reduce", 1, cases, holds=LEFT)
    message = failure(model, lambda model: copy.deepcopy(model))
    assert message is not None
    assert "wrong in 5 of 5 cases" in message
    assert "still a batch norm" in message
