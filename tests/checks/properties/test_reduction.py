"""Unit 2's properties: each kind of right answer is taken, each kind of wrong one told what is missing."""

import copy
import json
import math
from typing import Any

import pytest
import torch
from torch import nn

from helpers.checks.properties import properties_of, says
from nonconv.checks import Case, Check, failure
from nonconv.checks.encoding import decode, encode
from nonconv.checks.given.networks import NETWORKS, network
from nonconv.checks.properties import reduction
from nonconv.reduction import affine_form, depthwise_1x1, fold, merge_as_on_the_slides

NAN, INF = math.nan, math.inf
T = torch.tensor


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    inputs = {
        "breaks_the_slides_bias": {},
        "breaks_additivity_of_max_pooling": {},
        "is_column_times_row": {"F": torch.ones(2, 2)},
        "shows_that_same_after_same_is_no_convolution": {},
        "shows_that_training_depends_on_the_batch": {},
        "has_no_batch_norm_left": {"model": network(next(iter(NETWORKS)))},
    }
    assert set(inputs) == properties_of(reduction)
    for name, given in inputs.items():
        message = says(name, None, **given)
        assert message is not None
        assert "returned None" in message or "you returned None" in message


SLIDES = "breaks_the_slides_bias"


@pytest.mark.parametrize(
    "answer",
    [
        (1.0, 2.0, 0.0, 0.0, 1.0, 1e-5),
        [1, 0, 0, 0, 1, 0.5],  # γ = 0: batch norm throws b away
        (T(2.0), T([3.0]), T([[1.0]]), T(0.5), T(4), 1e-3),
        (-5, -1, 2, 3, 0, 1e-5),  # σ² = 0 is allowed
        (1e-3, 100, 0, 0, 1, 1e-5),
        (1e6, 1.001, 1e3, 0, 1, 1e-9),
    ],
)
def test_numbers_for_which_the_slides_are_wrong(answer) -> None:
    assert says(SLIDES, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (3.0, "return six numbers, in this order: b, gamma, beta, mu, var, eps"),
        ((1, 2, 3, 4, 5), "return six numbers"),
        ("abcdef", "return six numbers"),
        ((1, 2, 3, 4, 5, "ε"), "must be one number"),
        ((1, 2, 3, None, 5, 6), "must be one number"),
        ((1, 2, T([1.0, 2.0]), 0, 1, 1e-5), "must be one number"),
        ((1, 2, 0, 0, 0, 0), "no statistics of a batch norm: eps must be positive, not 0.0"),
        ((1, 1, 0, 0, 1, 0), "Your G is 1"),
        ((1, 2, 0, 0, -1, 1e-5), "no statistics of a batch norm: a variance is never negative"),
        ((NAN, 2, 0, 0, 1, 1e-5), "all numbers must be finite"),
        ((1, 2, 0, 0, NAN, 1e-5), "all numbers must be finite"),
        ((1, INF, 0, 0, 1, 1e-5), "all numbers must be finite"),
        ((INF, 2, 0, 0, 1, 1e-5), "all numbers must be finite"),
        ((1, 2, 0, 0, INF, 1e-5), "all numbers must be finite"),
        ((1, 2, 0, 0, 1, INF), "all numbers must be finite"),
        ((0, 2, 3, 0, 1, 1e-5), "Your convolution has b = 0: nothing is there for batch norm to scale"),
        ((5, 1, 3, 2, 0.75, 0.25), "Your G is 1: batch norm leaves b as it is"),
        ((5, 1, 3, 2, 1, 1e-7), "batch norm leaves b as it is"),
        ((1e-9, 3, 1, 0, 1, 1e-5), "which rounding could explain; make it larger"),
        ((1, 1.001, 1e6, 0, 1, 1e-9), "which rounding could explain; make it larger"),
    ],
)
def test_numbers_that_show_nothing_about_the_slides(answer, sentence: str) -> None:
    message = says(SLIDES, answer)
    assert message is not None
    assert sentence in message


MAX = "breaks_additivity_of_max_pooling"


def image(*rows: list[float]) -> torch.Tensor:
    return torch.tensor([[list(rows)]])


APART = image([1.0, 0.0], [0.0, 0.0]), image([0.0, 1.0], [0.0, 0.0])


@pytest.mark.parametrize(
    "answer",
    [
        APART,
        list(APART),
        (APART[0], -APART[0]),
        (image([1, 0], [0, 0]), image([0, 0], [0, 3])),  # whole numbers
        (torch.arange(32.0).reshape(1, 2, 4, 4), -torch.arange(32.0).reshape(1, 2, 4, 4)),
        (1e-4 * APART[0].requires_grad_(), 1e-4 * APART[1]),
        (torch.arange(15.0).reshape(1, 1, 3, 5), torch.arange(15.0).reshape(1, 1, 3, 5).flip(3)),
    ],
)
def test_images_for_which_max_pooling_is_not_additive(answer) -> None:
    assert says(MAX, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (APART[0], "return two tensors x and y"),
        ((*APART, APART[0]), "return two tensors x and y"),
        ((APART[0], 1.0), "x and y must be two tensors of one shape"),
        (([[1.0]], [[2.0]]), "x and y must be two tensors of one shape"),
        ((APART[0], torch.zeros(1, 1, 2, 3)), "x and y must be two tensors of one shape"),
        ((APART[0][0], APART[1][0]), "must have shape (N, M, H, W) with H and W at least 2, not (1, 2, 2)"),
        ((torch.zeros(1, 1, 1, 4), torch.ones(1, 1, 1, 4)), "not (1, 1, 1, 4)"),
        ((torch.zeros(0, 1, 2, 2), torch.zeros(0, 1, 2, 2)), "not (0, 1, 2, 2)"),
        ((APART[0], APART[1] * NAN), "all numbers must be finite"),
        ((APART[0] - INF, APART[1]), "all numbers must be finite"),
        ((APART[0], 0 * APART[0]), "One of them is 0 everywhere"),
        ((0 * APART[0], APART[0]), "One of them is 0 everywhere"),
        ((APART[0], 3 * APART[0]), "Put the maxima of one window at different places"),
        ((APART[0], torch.ones(1, 1, 2, 2)), "so this is no counterexample"),
    ],
)
def test_images_that_show_nothing_about_max_pooling(answer, sentence: str) -> None:
    message = says(MAX, answer)
    assert message is not None
    assert sentence in message


@pytest.mark.parametrize(
    "answer",
    [
        (1e-8 * APART[0], 1e-8 * APART[1]),
        (
            image([1e7, 0, 1, 0], [0, 0, 0, 0]).double(),
            image([1e7, 0, 0, 1], [0, 0, 0, 0]).double(),
        ),
    ],
    ids=["all small", "small beside large"],
)
def test_a_difference_taken_for_rounding_is_not_called_one_place(answer) -> None:
    message = says(MAX, answer)
    assert message is None or "same place" not in message


COLUMN = "is_column_times_row"
SOBEL = T([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]], dtype=torch.float64)
OUTLINE = T([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]], dtype=torch.float64)
PAIR = T([1.0, 2, 1]), T([1.0, 0, -1])


@pytest.mark.parametrize(
    ("kernel", "answer"),
    [
        (SOBEL, PAIR),
        (SOBEL, [PAIR[0].double(), PAIR[1].double()]),
        (SOBEL, (-4 * PAIR[0], PAIR[1] / -4)),
        (SOBEL, (T([1, 2, 1]), T([1, 0, -1]))),
        (SOBEL, (PAIR[0].clone().requires_grad_(), PAIR[1])),
        (SOBEL[:2], (T([1.0, 2]), PAIR[1])),
        (SOBEL.float(), PAIR),
        (torch.zeros(2, 3), (torch.zeros(2), torch.ones(3))),
        (torch.zeros(2, 3), (torch.ones(2), torch.zeros(3))),
        (OUTLINE, None),
        (torch.eye(2), None),
    ],
)
def test_a_column_and_a_row_or_none_where_there_is_no_such_pair(kernel, answer) -> None:
    assert says(COLUMN, answer, F=kernel) is None


@pytest.mark.parametrize(
    ("kernel", "answer", "sentence"),
    [
        (SOBEL, None, "this kernel is a column times a row, but you returned None"),
        (torch.zeros(2, 2), None, "this kernel is a column times a row, but you returned None"),
        (SOBEL, PAIR[0], "return the pair (column, row), or None if there is no such pair"),
        (SOBEL, (*PAIR, 1), "return the pair (column, row)"),
        (SOBEL, (PAIR[0], None), "column and row must be tensors"),
        (SOBEL, ([1, 2, 1], [1, 0, -1]), "column and row must be tensors"),
        (SOBEL, (PAIR[0][:, None], PAIR[1]), "expected shapes (3,) and (3,), got (3, 1) and (3,)"),
        (SOBEL[:2], PAIR, "expected shapes (2,) and (3,), got (3,) and (3,)"),
        (SOBEL, PAIR[::-1], "column times row is not F: at [0, 1] the product is 2, F has 0"),
        (SOBEL, (PAIR[0], T([1.0, 0, -1.001])), "at [1, 2] the product is -2.002, F has -2"),
        (SOBEL, (PAIR[0] * 0, PAIR[1]), "at [1, 0] the product is 0, F has 2"),
        (SOBEL, (PAIR[0] * NAN, PAIR[1]), "nan"),
        (SOBEL, (T([1.0, NAN, 1]), PAIR[1]), "nan"),
        (SOBEL, (T([INF, 2, 1]), PAIR[1]), "a nan or an infinity"),
        (torch.ones(2, 2), (T([INF, 1]), torch.ones(2)), "a nan or an infinity"),
        (OUTLINE, PAIR, "its rows are no multiples of one row. Return None for it."),
        (OUTLINE, (PAIR[0] * NAN, PAIR[1]), "Return None for it."),
    ],
)
def test_no_column_times_row(kernel, answer, sentence: str) -> None:
    message = says(COLUMN, answer, F=kernel)
    assert message is not None
    assert sentence in message


@pytest.mark.parametrize(
    "how",
    [lambda F: F, lambda F: F.float(), lambda F: decode(encode(F))],
    ids=["float64", "float32", "through JSON"],
)
def test_rounding_does_not_make_a_separable_kernel_inseparable(how) -> None:
    gauss = torch.exp(-(torch.linspace(-2, 2, 5).double() ** 2) / 3)
    kernel = how(torch.outer(gauss, gauss / 7))
    assert says(COLUMN, (gauss, gauss / 7), F=kernel) is None
    assert says(COLUMN, None, F=kernel) == "this kernel is a column times a row, but you returned None"


SAME = "shows_that_same_after_same_is_no_convolution"
ONES = [1, 1, 1]


@pytest.mark.parametrize(
    "answer",
    [
        (ONES, ONES, 5, 0, 0),
        [ONES, ONES, 5, 3, 3],
        ((1.0, 2.0, 3.0), T([1, 1, 1]), 4, 0, 0),
        (ONES, [0, 0, 1, 0, 2], 6, 3, 4),
        ([0, 0, 1], [1, 0, 0], 3, 0, 0),
        ([1] * 9, [2] * 9, 50, 48, 48),
    ],
)
def test_entries_of_a_matrix_that_is_not_toeplitz(answer) -> None:
    assert says(SAME, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (7, "return (F, G, n, i, j)"),
        ((ONES, ONES, 5, 0), "return (F, G, n, i, j)"),
        ((1, 1, 5, 0, 0), "F must be a list of whole numbers, not int 1"),
        ((None, ONES, 5, 0, 0), "F must be a list of whole numbers, not None"),
        ((["a"], ONES, 5, 0, 0), "each entry of F must be one number, not str 'a'"),
        ((torch.ones(1, 3, 3), ONES, 5, 0, 0), "F must be a list of whole numbers, not a tensor of shape"),
        (([1, NAN, 1], ONES, 5, 0, 0), "each entry of F must be a whole number, not float nan"),
        ((ONES, [1, INF, 1], 5, 0, 0), "each entry of G must be a whole number, not float inf"),
        (([1, 0.5, 1], ONES, 5, 0, 0), "each entry of F must be a whole number, not float 0.5"),
        (([1, 1], ONES, 5, 0, 0), "only an odd kernel has a middle"),
        ((ONES, [], 5, 0, 0), "must have 1, 3, 5, 7 or 9 numbers"),
        ((ONES, [1] * 11, 5, 0, 0), "must have 1, 3, 5, 7 or 9 numbers"),
        ((ONES, ONES, 5.5, 0, 0), "n must be a whole number, not float 5.5"),
        ((ONES, ONES, True, 0, 0), "n must be one number, not bool True"),
        ((ONES, ONES, 5, 0, False), "j must be one number, not bool False"),
        ((ONES, ONES, 1, 0, 0), "n must be from 2 to 50, not 1"),
        ((ONES, ONES, 51, 0, 0), "n must be from 2 to 50, not 51"),
        ((ONES, ONES, 5, 4, 4), "must still be below n = 5; they are 4 and 4"),
        ((ONES, ONES, 5, -1, 0), "they are -1 and 0"),
        ((ONES, ONES, 5, 0, 4), "they are 0 and 4"),
        ((ONES, ONES, 5, 1, 1), "A[1][1] and A[2][2] are both 3, as they are for a convolution"),
        ((ONES, ONES, 5, 0, 1), "A[0][1] and A[1][2] are both 2, as they are for a convolution"),
        ((ONES, [1], 5, 0, 0), "only where G reads beyond the border"),
        (([0, 0, 0], ONES, 5, 0, 0), "are both 0"),
    ],
)
def test_entries_that_show_nothing_about_same_after_same(answer, sentence: str) -> None:
    message = says(SAME, answer)
    assert message is not None
    assert sentence in message


BATCH = "shows_that_training_depends_on_the_batch"
FIRST = torch.arange(4.0).reshape(1, 1, 2, 2)


@pytest.mark.parametrize(
    "answer",
    [
        (torch.cat([FIRST, FIRST]), torch.cat([FIRST, FIRST + 3])),
        [FIRST, torch.cat([FIRST, 5 * FIRST])],  # batches of different sizes
        (torch.cat([FIRST, FIRST + 3]).long(), torch.cat([FIRST, FIRST - 3]).long()),
        (torch.zeros(2, 1, 1, 1), T([0.0, 1]).reshape(2, 1, 1, 1)),
        (torch.cat([FIRST, FIRST + 1]).requires_grad_(), torch.cat([FIRST, FIRST - 1])),
    ],
)
def test_two_batches_that_move_the_first_image(answer) -> None:
    assert says(BATCH, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (FIRST, "return two batches"),
        ((FIRST,), "return two batches"),
        ((FIRST, [1.0]), "both batches must be tensors"),
        (
            (FIRST[0], FIRST[0]),
            "both must have shape (N, K, H, W), none of it 0, not (1, 2, 2) and (1, 2, 2)",
        ),
        (
            (FIRST, FIRST[:0]),
            "both must have shape (N, K, H, W), none of it 0, not (1, 1, 2, 2) and (0, 1, 2, 2)",
        ),
        ((FIRST, FIRST[..., :1]), "their images must have one shape, not (1, 2, 2) and (1, 2, 1)"),
        ((torch.zeros(1, 1, 1, 1), torch.zeros(2, 1, 1, 1)), "with a single number in each map"),
        ((torch.zeros(2, 0, 1, 1), torch.zeros(2, 0, 1, 1)), "(2, 0, 1, 1)"),
        ((FIRST, FIRST + 1), "their first images differ, so it is no wonder"),
        ((torch.cat([FIRST, FIRST * NAN]), torch.cat([FIRST, FIRST])), "all numbers must be finite"),
        ((torch.cat([FIRST, FIRST + INF]), torch.cat([FIRST, FIRST])), "all numbers must be finite"),
        ((FIRST + INF, torch.cat([FIRST + INF, FIRST])), "all numbers must be finite"),
        ((FIRST * NAN, torch.cat([FIRST * NAN, FIRST])), "all numbers must be finite"),
        ((FIRST, FIRST.clone()), "the two batches are equal"),
        ((torch.cat([FIRST, FIRST]), FIRST), "Which other images would move μ or σ²?"),
        ((torch.cat([FIRST, FIRST]), torch.cat([FIRST, FIRST + 1e-6])), "rounding could explain"),
        ((torch.cat([FIRST, FIRST + 1, FIRST]), torch.cat([FIRST, FIRST, FIRST + 1])), "is the same"),
    ],
)
def test_two_batches_that_show_nothing(answer, sentence: str) -> None:
    message = says(BATCH, answer)
    assert message is not None
    assert sentence in message


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
    [without_batch_norm, with_identities, with_depthwise, OfMyOwn, in_training_mode, a_hair_off],
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


def with_a_nan(model: nn.Sequential) -> nn.Sequential:
    return a_hair_off(model, NAN)


class Twice(nn.Module):
    """A network that returns a pair."""

    def __init__(self, model: nn.Sequential) -> None:
        super().__init__()
        self.inner = without_batch_norm(model)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.inner(x), x


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
        (dropped, "of 1797 labels differ"),
        (lambda model: nn.Sequential(*folded(model, by_the_slides)), "of 1797 labels differ"),
        (lambda model: a_hair_off(model, 1e-8), "0 of 1797 labels differ, and an output by 1e-08 (at most"),
        (with_a_nan, "an output by nan"),
        (Twice, "tuple"),
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


def test_judging_changes_neither_network() -> None:
    model = network(SMALL)
    answer = in_training_mode(model)
    before = copy.deepcopy(model.state_dict())
    assert says(LEFT, answer, model=model) is None
    assert answer.training
    # exact: untouched
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_a_property_is_reached_through_a_check_with_its_case() -> None:
    check = Check("c", "separate", 1, (Case({"F": SOBEL}), Case({"F": OUTLINE})), holds=COLUMN)
    check = Check.from_json("c", json.loads(json.dumps(check.to_json())))
    assert failure(check, lambda F: PAIR if F[0, 0] == 1 else None) is None
    message = failure(check, lambda F: PAIR)
    assert message is not None
    assert "wrong in 1 of 2 cases" in message
    assert "Return None for it" in " ".join(message.split())
    cases = tuple(Case({"model": network(id)}) for id in NETWORKS)
    model = Check("m", "reduce", 1, cases, holds=LEFT, in_kernel=True)
    message = failure(model, lambda model: copy.deepcopy(model))
    assert message is not None
    assert "wrong in 3 of 3 cases" in message
    assert "still a batch norm" in message
