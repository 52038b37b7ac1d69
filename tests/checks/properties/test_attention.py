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


def test_a_student_may_call_a_gate_but_not_the_kernel_inside_it() -> None:
    check = Check("order", "order_matters", 1, (Case(GIVEN[ORDER]),), holds=ORDER)
    X = 5 * torch.eye(4, dtype=torch.float64).reshape(4, 2, 2)
    assert failure(check, lambda channel, spatial: spatial(X) * 0 + X) is None
    said = failure(check, lambda channel, spatial: torch.nn.functional.conv2d(X[None], X[None, :, :1, :1]))
    assert "calls the framework's convolution" in (said or "")


@pytest.mark.parametrize("X", [5 * torch.eye(4).reshape(4, 2, 2), torch.arange(4.0).reshape(4, 1, 1) - 5])
def test_inputs_on_which_the_order_matters(X) -> None:
    assert says(ORDER, X) is None


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (torch.zeros(4, 2, 2), "0 times any weight is 0"),
        (torch.ones(3, 2, 2), "must have shape (4, H, W), not (3, 2, 2)"),
        (torch.ones(4, 0, 2), "must have shape (4, H, W), not (4, 0, 2)"),
        (torch.full((4, 2, 2), math.nan), "must be finite"),
        (torch.ones(4, 2, 2, dtype=torch.complex64), "must hold real numbers"),
        (1e-6 * torch.ones(4, 2, 2), "make X larger"),
        ("X", "must be a tensor, not str"),
    ],
)
def test_inputs_on_which_it_does_not(X, words: str) -> None:
    assert words in (says(ORDER, X) or "")


@pytest.mark.parametrize(
    "pair",
    [(torch.ones(4, 1, 1), torch.ones(4, 1, 1)), [torch.arange(4).reshape(4, 1, 1), torch.ones(4, 1, 1)]],
)
def test_pairs_that_break_additivity(pair) -> None:
    assert says(ADDITIVE, pair) is None


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (torch.ones(4, 1, 1), "return two tensors (x, y)"),
        ((torch.ones(4, 1, 1), torch.zeros(4, 1, 1)), "adding 0 never shows anything"),
        ((torch.ones(4, 1, 1), torch.ones(4, 2, 1)), "one shape, not (4, 1, 1) and (4, 2, 1)"),
        ((torch.ones(4, 1, 1), 3), "y must be a tensor, not int"),
        ((1e-9 * torch.ones(4, 1, 1),) * 2, "rounding could explain"),
        ((torch.tensor([1.0, -1]).expand(4, 1, 2),) * 2, "The weights are the same"),
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
