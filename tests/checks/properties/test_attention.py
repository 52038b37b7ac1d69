"""Unit 4's answers that are right in many ways, and the gates that its exercises hand over."""

import copy
import json
import math
from typing import Any

import pytest
import torch
from torch import nn

from nonconv.checks import Case, Check, failure
from nonconv.checks.data import decode, encode
from nonconv.checks.given.digits import digits
from nonconv.checks.given.gates import GATES, KERNEL, W0, W1, SqueezeExcitation
from nonconv.checks.given.layers import Layer, network
from nonconv.checks.properties.attention import PROPERTIES
from nonconv.layers import channel_attention, spatial_attention, squeeze_excitation

GIVEN: dict[str, dict[str, Any]] = {
    "shows that the order matters": {
        "channel": Layer("a channel gate for four maps"),
        "spatial": Layer("a spatial gate"),
    },
    "breaks additivity of squeeze and excitation": {"se": Layer("squeeze and excitation of four maps")},
    "has squeeze and excitation behind each convolution": {
        "model": network("two convolutions with batch norm"),
        "se": Layer("SE blocks"),
    },
}
ORDER, ADDITIVE, BLOCKS = GIVEN


def says(holds: str, answer: Any) -> str | None:
    given = {
        name: value if isinstance(value, Layer) else network(value.called)
        for name, value in GIVEN[holds].items()
    }
    return PROPERTIES[holds](
        given, answer(**given) if callable(answer) and not isinstance(answer, nn.Module) else answer
    )


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    assert set(GIVEN) == set(PROPERTIES)
    for name in GIVEN:
        assert "is there a `return`?" in (says(name, None) or "")


def test_the_gates_are_the_layers() -> None:
    X = torch.randn(4, 5, 3, dtype=torch.float64)
    assert torch.allclose(Layer("a channel gate for four maps")(X), channel_attention(X[None], W0, W1)[0])
    assert torch.allclose(Layer("a spatial gate")(X), spatial_attention(X[None], KERNEL[None])[0])
    assert torch.allclose(
        Layer("squeeze and excitation of four maps")(X), squeeze_excitation(X[None], W0, W1)[0]
    )
    block = Layer("SE blocks")(6)
    assert torch.allclose(
        block(X.new_ones(2, 6, 3, 3)),
        squeeze_excitation(X.new_ones(2, 6, 3, 3), block.W0, block.W1, block.b0, block.b1),
    )


def test_two_blocks_of_as_many_maps_are_the_same() -> None:
    one, other = SqueezeExcitation(4).state_dict(), SqueezeExcitation(4).state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", GATES)
def test_a_gate_survives_json_and_a_copy(name: str) -> None:
    back = decode(json.loads(json.dumps(encode(copy.deepcopy(Layer(name))))))
    assert isinstance(back, Layer)
    assert back.name == name


def test_the_trained_gate_closes_more_on_negatives_and_no_weight_is_near_the_threshold() -> None:
    gate = Layer("a gate trained on digits")
    closed = [(gate(images) < 0.1).all(0).nonzero().flatten().tolist() for images in (digits(), 1 - digits())]
    assert closed == [[0], [0, 2, 4, 5, 7]]  # what the model answer of the question says
    for images in (digits(), 1 - digits()):
        weights = gate(images)
        assert weights.sum(1).min() > 1.7
        assert weights.sum(1).max() < 2.55
        assert (weights.amax(0) - 0.1).abs().min() > 1e-3  # no verdict hangs on rounding
    assert [round(gate(images)[:, 2].mean().item(), 2) for images in (digits(), 1 - digits())] == [0.23, 0.01]
    assert [round(value, 1) for value in gate(1 - digits()).mean(0)[[1, 3]].tolist()] == [0.8, 0.8]


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
    [("BatchNorm2d", None), ("Conv2d", "put it behind the batch norm"), ("ReLU", "before the activation"),
     ("nothing", "there is no SE block in its way")],
)  # fmt: skip
def test_the_place_of_the_blocks_is_named(at: str, words: str | None) -> None:
    said = says(BLOCKS, lambda model, se: rebuilt(model, se, at=at))
    assert said is None if words is None else words in (said or "")


def test_a_network_that_was_changed_is_named() -> None:
    def zeroed(model: nn.Sequential, se: Any) -> nn.Sequential:
        with torch.no_grad():
            model[0].weight.zero_()  # type: ignore[union-attr, operator]
        return rebuilt(model, se, at="BatchNorm2d")

    assert "the given network was changed (its 0.weight)" in (says(BLOCKS, zeroed) or "")
