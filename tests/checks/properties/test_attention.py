"""Unit 4's properties: each kind of right answer is taken, each kind of wrong one told what is missing."""

import math
from typing import Any

import pytest
import torch
from torch import nn

from helpers.checks.properties import properties_of
from helpers.checks.properties import says as says_of
from nonconv.checks import Case, Check, failure
from nonconv.checks.given.layers import Layer
from nonconv.checks.given.networks import id_of, network
from nonconv.checks.properties import attention

GIVEN: dict[str, dict[str, Any]] = {
    "shows_that_the_order_matters": {
        "channel": Layer("channel-gate"),
        "spatial": Layer("spatial-gate"),
    },
    "breaks_additivity_of_squeeze_and_excitation": {"se": Layer("squeeze-excitation-four-channels")},
    "has_squeeze_and_excitation_behind_each_convolution": {
        "model": network("two-convolutions-with-bias"),
        "se": Layer("se-block"),
    },
}
ORDER, ADDITIVE, BLOCKS = GIVEN


def says(holds: str, answer: Any) -> str | None:
    """What the property says of an answer, or of what a function of the given layers and network returns."""
    given = {
        name: value if isinstance(value, Layer) else network(id_of(value))
        for name, value in GIVEN[holds].items()
    }
    made = callable(answer) and not isinstance(answer, nn.Module)
    return says_of(holds, answer(**given) if made else answer, **given)


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    assert set(GIVEN) == properties_of(attention)
    for name in GIVEN:
        assert "is there a `return`?" in (says(name, None) or "")


def one_number(value: float, *, k: int = 3, size: tuple[int, int] = (2, 2)) -> torch.Tensor:
    X = torch.zeros(4, *size, dtype=torch.float64)
    X[k, 0, 0] = value
    return X


def in_one_map(k: int, values: torch.Tensor) -> torch.Tensor:
    x = torch.zeros(4, *values.shape, dtype=values.dtype)
    x[k] = values
    return x


def test_a_student_may_call_a_gate_but_not_the_kernel_inside_it() -> None:
    check = Check("order", "order_matters", 1, (Case(GIVEN[ORDER]),), holds=ORDER)
    X = one_number(2)
    assert failure(check, lambda channel, spatial: spatial(X) * 0 + X) is None
    said = failure(check, lambda channel, spatial: torch.nn.functional.conv2d(X[None], X[None, :, :1, :1]))
    assert "calls the framework's convolution" in (said or "")


@pytest.mark.parametrize(
    "X", [one_number(5), one_number(-3, k=1, size=(1, 7)), one_number(2).int(), one_number(2).half()]
)
def test_inputs_on_which_the_order_matters(X) -> None:
    assert says(ORDER, X) is None


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (torch.zeros(4, 2, 2), "0 times any weight is 0"),
        (torch.ones(4, 2, 2), "16 numbers of X are not 0, but a single one may be"),
        (one_number(2) + one_number(1, k=0), "2 numbers of X are not 0"),
        (torch.ones(3, 2, 2), "must have shape (4, H, W), not (3, 2, 2)"),
        (torch.ones(4, 0, 2), "must have shape (4, H, W), not (4, 0, 2)"),
        (torch.full((4, 2, 2), math.nan), "must be finite"),
        (torch.ones(4, 2, 2, dtype=torch.complex64), "X must be a tensor, of real numbers"),
        (one_number(1e-6), "stand near σ(0) = 1/2"),
        (one_number(50, k=0), "a gate that is wide open or shut hardly moves"),
        ("X", "X must be a tensor, not str"),
    ],
)
def test_inputs_on_which_it_does_not(X, words: str) -> None:
    assert words in (says(ORDER, X) or "")


@pytest.mark.parametrize(
    "pair",
    [
        (in_one_map(0, torch.ones(1, 1)), in_one_map(1, torch.ones(1, 1))),
        [in_one_map(2, torch.ones(2, 3).int()), in_one_map(3, torch.eye(2, 3))],
    ],
)
def test_pairs_that_break_additivity(pair) -> None:
    assert says(ADDITIVE, pair) is None


ONE = torch.ones(1, 1)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (torch.ones(4, 1, 1), "return two tensors (x, y)"),
        (
            (torch.ones(4, 1, 1),) * 2,
            "x is not 0 in 4 maps, 0, 1, 2, 3, but it must be 0 in all maps but one",
        ),
        ((in_one_map(1, ONE),) * 2, "x and y are both in map 1 (counted from 0)"),
        ((in_one_map(1, ONE), torch.zeros(4, 1, 1)), "y is 0 everywhere, and adding 0 never shows anything"),
        ((torch.ones(4, 1, 1), torch.ones(4, 2, 1)), "one shape, not (4, 1, 1) and (4, 2, 1)"),
        ((torch.ones(4, 1, 1), 3), "y must be a tensor, not int"),
        ((in_one_map(0, 1e-9 * ONE), in_one_map(1, 1e-9 * ONE)), "rounding could explain"),
        ((in_one_map(0, -ONE), in_one_map(3, -ONE)), "The weights are the same for x, for y and for x + y"),
    ],
)
def test_pairs_that_do_not(pair, words: str) -> None:
    assert words in (says(ADDITIVE, pair) or "")


def rebuilt(model: nn.Sequential, se: Any, *, at: str) -> nn.Sequential:
    layers: list[nn.Module] = []
    for layer in model:
        layers.append(layer)
        if type(layer).__name__ == at:
            layers.append(
                se(next(one for one in reversed(layers) if isinstance(one, nn.Conv2d)).out_channels)
            )
    return nn.Sequential(*layers)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("BatchNorm2d", None),
        ("Conv2d", "put it behind the batch norm"),
        ("ReLU", "before the activation"),
        ("nothing", "there is no SE block in its way"),
    ],
)
def test_the_place_of_the_blocks_is_named(at: str, words: str | None) -> None:
    said = says(BLOCKS, lambda model, se: rebuilt(model, se, at=at))
    assert said is None if words is None else words in (said or "")


def test_a_network_that_was_changed_is_named() -> None:
    def zeroed(model: nn.Sequential, se: Any) -> nn.Sequential:
        with torch.no_grad():
            model[0].weight.zero_()  # type: ignore[union-attr, operator]
        return rebuilt(model, se, at="BatchNorm2d")

    assert "the given network was changed (its 0.weight)" in (says(BLOCKS, zeroed) or "")


def behind_each(model: nn.Sequential, se: Any) -> list[nn.Module]:
    """The layers of the right answer, by looking back from what follows."""
    layers: list[nn.Module] = []
    waiting = 0
    for layer in [*model, nn.Identity()]:
        if waiting and not isinstance(layer, nn.BatchNorm2d):
            layers.append(se(waiting))
            waiting = 0
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            waiting = layer.out_channels
    return layers


def in_the_middle(model: nn.Sequential, se: Any) -> nn.Sequential:
    """The block of the first convolution stands behind the second one, too."""
    layers = behind_each(model, se)
    blocks = [n for n, layer in enumerate(layers) if type(layer) is type(se(2))]
    for n in blocks[1:]:
        layers[n] = layers[blocks[0]]
    return nn.Sequential(*layers)


@pytest.mark.parametrize("id", ["convolution-at-the-end", "batch-norm-at-the-end", "grouped-convolutions"])
def test_a_network_may_end_in_the_middle_of_a_convolution_and_its_batch_norm(id: str) -> None:
    se = Layer("se-block")
    given = network(id)
    assert says_of(BLOCKS, nn.Sequential(*behind_each(given, se)), model=given, se=se) is None
    for wrong in (rebuilt(given, se, at="Conv2d"), rebuilt(given, se, at="BatchNorm2d")):
        assert says_of(BLOCKS, wrong, model=given, se=se)


def test_one_block_in_two_places_is_named() -> None:
    given, se = network("convolution-at-the-end"), Layer("se-block")
    said = says_of(BLOCKS, in_the_middle(given, se), model=given, se=se)
    assert "one SE block stands in two places" in (said or "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda model, se: nn.Sequential(*model.modules()), "model.modules() begins with the model"),
        (lambda model, se: nn.ModuleList(model), "a ModuleList holds them and runs none"),
        (lambda model, se: nn.Sequential(*model, se(10)), "stands where there are no maps any more"),
        (lambda model, se: nn.Sequential(model[0], se(2), *model[1:]), "an SE block for 2 maps gets 4"),
        (lambda model, se: nn.Sequential(model[0], *model), "stopped with RuntimeError"),
    ],
    ids=("all modules", "a list", "behind the last layer", "other maps", "does not run"),
)
def test_a_network_that_cannot_run_is_told_why(answer, words: str) -> None:
    assert words in " ".join((says(BLOCKS, answer) or "").split())
