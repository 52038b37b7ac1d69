"""The gates that exercises hand over are the layers of this course; one was trained on digits."""

import re

import pytest
import torch

from nonconv.checks.given.digits import digits
from nonconv.checks.given.gates import KERNEL, W0, W1, SqueezeExcitation
from nonconv.checks.given.layers import Layer
from nonconv.layers import channel_attention, spatial_attention, squeeze_excitation


def test_the_gates_are_the_layers() -> None:
    X = torch.randn(4, 5, 3, dtype=torch.float64)
    assert torch.allclose(Layer("channel-gate")(X), channel_attention(X[None], W0, W1)[0])
    assert torch.allclose(Layer("spatial-gate")(X), spatial_attention(X[None], KERNEL[None])[0])
    assert torch.allclose(
        Layer("squeeze-excitation-four-channels")(X), squeeze_excitation(X[None], W0, W1)[0]
    )
    block = Layer("se-block")(6)
    assert torch.allclose(
        block(X.new_ones(2, 6, 3, 3)),
        squeeze_excitation(X.new_ones(2, 6, 3, 3), block.W0, block.W1, block.b0, block.b1),
    )


@pytest.mark.parametrize(
    ("gate", "shape", "wanted"),
    [
        ("channel-gate", (2, 4, 3, 3), "(4, H, W), not (2, 4, 3, 3)"),
        ("channel-gate", (3, 2, 2), "(4, H, W), not (3, 2, 2)"),
        ("spatial-gate", (2, 4, 3, 3), "(C, H, W), not (2, 4, 3, 3)"),
        ("squeeze-excitation-four-channels", (4, 1), "(4, H, W), not (4, 1)"),
        ("trained-gate", (1, 8, 8), "(N, 1, 8, 8), not (1, 8, 8)"),
    ],
)
def test_another_shape_is_named_with_the_one_that_fits(
    gate: str, shape: tuple[int, ...], wanted: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(wanted)):
        Layer(gate)(torch.zeros(shape))


def test_two_blocks_of_as_many_channels_are_the_same() -> None:
    one, other = SqueezeExcitation(4).state_dict(), SqueezeExcitation(4).state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)  # exact: one seed, drawn twice


def test_the_trained_gate_closes_more_on_negatives_and_no_weight_is_near_the_threshold() -> None:
    gate = Layer("trained-gate")
    closed = [(gate(images) < 0.1).all(0).nonzero().flatten().tolist() for images in (digits(), 1 - digits())]
    assert closed == [[0], [0, 2, 4, 5, 7]]  # what the model answer of the question says
    for images in (digits(), 1 - digits()):
        weights = gate(images)
        assert weights.sum(1).min() > 1.7
        assert weights.sum(1).max() < 2.55
        assert (weights.amax(0) - 0.1).abs().min() > 1e-3  # no verdict hangs on rounding
    assert [round(gate(images)[:, 2].mean().item(), 2) for images in (digits(), 1 - digits())] == [0.23, 0.01]
    assert [round(value, 1) for value in gate(1 - digits()).mean(0)[[1, 3]].tolist()] == [0.8, 0.8]
