"""`count_macs` against counts by hand, for the framework's layers and the course's,
fast and by their own taps.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from nonconv import layers
from nonconv.layers.cost import count_macs, count_parameters, macs_by_module

x = torch.randn(2, 4, 9, 7)
positions = torch.randn(2, 5, 8)  # (N, L, d)

# a name, a model, its inputs, and N · (places) · (what each place multiplies)
CONVOLUTIONS: list[tuple[str, dict[str, Any], int]] = [
    ("plain", {}, 2 * (7 * 5) * (4 * 6 * 9)),
    ("stride", {"stride": (2, 3)}, 2 * (4 * 2) * (4 * 6 * 9)),
    ("border", {"padding": (2, 1)}, 2 * (11 * 7) * (4 * 6 * 9)),
    ("dilation", {"dilation": (3, 2)}, 2 * (3 * 3) * (4 * 6 * 9)),
    ("groups", {"groups": 2}, 2 * (7 * 5) * (2 * 6 * 9)),
    ("no bias", {"bias": False}, 2 * (7 * 5) * (4 * 6 * 9)),
]


@pytest.mark.parametrize("kind", [nn.Conv2d, layers.Conv2d])
@pytest.mark.parametrize(("name", "options", "expected"), CONVOLUTIONS)
def test_convolutions(
    kind: Callable[..., nn.Module], name: str, options: dict[str, Any], expected: int
) -> None:
    assert count_macs(kind(4, 6, 3, **options), x) == expected


@pytest.mark.parametrize("options", [row[1] for row in CONVOLUTIONS])
def test_own_taps_cost_what_the_kernel_costs(options: dict[str, Any]) -> None:
    fast, own = (layers.Conv2d(4, 6, 3, **options, fast=fast) for fast in (True, False))
    assert count_macs(fast, x) == count_macs(own, x)


@pytest.mark.parametrize(
    ("name", "model", "inputs", "expected"),
    [
        ("transposed", nn.ConvTranspose2d(4, 6, 3, stride=2), [x], 2 * (9 * 7) * (4 * 6 * 9)),
        ("transposed, ours", layers.ConvTranspose2d(4, 6, 3, 2, groups=2), [x], 2 * (9 * 7) * (4 * 3 * 9)),
        ("transposed, taps", layers.ConvTranspose2d(4, 6, 3, 2, fast=False), [x], 2 * (9 * 7) * (4 * 6 * 9)),
        ("depthwise", nn.Conv2d(4, 8, 3, groups=4), [x], 2 * (7 * 5) * (8 * 9)),
        ("separable", layers.SeparableConv2d(4, 6, 3, padding=1), [x], 2 * (9 * 7) * (4 * 9 + 4 * 6)),
        ("1d", nn.Conv1d(4, 6, 3), [x[:, :, 0]], 2 * 5 * (4 * 6 * 3)),
        ("3d", nn.Conv3d(1, 6, (1, 2, 3)), [x[:, None]], 2 * (4 * 8 * 5) * (6 * 6)),
        ("deformable", layers.DeformConv2d(4, 6, 3), [x], 2 * (7 * 5) * (9 * 4 * 6 + 9 * 4 * 18)),
        ("locally connected", layers.LocallyConnected2d(4, 6, (9, 7), 3), [x], 2 * (7 * 5) * (4 * 6 * 9)),
        ("linear", nn.Linear(8, 3), [positions[0, 0]], 8 * 3),
        ("linear on positions", nn.Linear(8, 3), [positions], 2 * 5 * 8 * 3),
        ("linear, ours", layers.Linear(8, 3, fast=False), [positions], 2 * 5 * 8 * 3),
        ("RNN", layers.RNN(8, 3), [positions], 2 * 5 * (8 * 3 + 3 * 3)),
        ("LSTM", nn.LSTM(8, 3), [positions], 2 * 5 * 4 * (8 * 3 + 3 * 3)),
        ("LSTM, ours", layers.LSTM(8, 3), [positions], 2 * 5 * 4 * (8 * 3 + 3 * 3)),
        ("heads", layers.MultiHeadAttention(8, 2), [positions] * 3, 2 * (4 * 5 * 8 * 8 + 2 * 5 * 5 * 8)),
        (
            "the framework's encoder layer, which has a kernel of its own in evaluation mode",
            nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval(),
            [positions],
            2 * (4 * 5 * 8 * 8 + 2 * 5 * 5 * 8 + 2 * 5 * 8 * 16),
        ),
        (
            "additive",  # W s, U h, v·tanh(…), Σ α h
            layers.AdditiveAttention(4, 8, 7),
            [torch.randn(2, 4), positions],
            2 * (4 * 7 + 5 * 8 * 7 + 5 * 7 + 5 * 8),
        ),
        ("SE", layers.SqueezeExcitation(4, 2), [x], 2 * (2 * 4 * 2)),
        ("CBAM", layers.CBAM(4, 2), [x], 2 * (2 * 2 * 4 * 2 + 9 * 7 * 2 * 49)),
        (
            "CBAM with batch norm",
            layers.CBAM(4, 2, batch_norm=True),
            [x],
            2 * (2 * 2 * 4 * 2 + 9 * 7 * 2 * 49),
        ),
        ("nothing", nn.Sequential(nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.AvgPool2d(2)), [x], 0),
    ],
)
def test_by_hand(name: str, model: nn.Module, inputs: list[Tensor], expected: int) -> None:
    assert count_macs(model, *inputs) == expected


@pytest.mark.parametrize("fast", [True, False])
def test_functions_take_all_tensors_as_inputs(fast: bool) -> None:
    q, k, v = torch.randn(3, 5, 8), torch.randn(3, 7, 8), torch.randn(3, 7, 4)

    def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return layers.scaled_dot_product_attention(q, k, v, fast=fast)

    assert count_macs(attention, q, k, v) == 3 * (5 * 8 * 7 + 5 * 7 * 4)  # QKᵀ, then the mean of V
    weight = torch.randn(6, 4, 3, 3)
    assert count_macs(lambda x, w: layers.conv2d(x, w, fast=fast), x, weight) == 2 * (7 * 5) * (4 * 6 * 9)
    assert count_macs(lambda x: layers.avg_pool2d(x, 3, fast=fast), x) == 0
    assert count_macs(lambda x: layers.adaptive_avg_pool2d(x, 3, fast=fast), x) == 0


def test_the_meta_device_only_reads_shapes() -> None:
    """Own taps leave the sum to the framework's kernel there, and the shape is the same."""
    for fast in (True, False):
        for layer in (layers.Conv2d(4, 6, 3, 2, fast=fast), layers.ConvTranspose2d(4, 6, 3, 2, fast=fast)):
            expected = layer(x).shape
            assert layer.to("meta")(x.to("meta")).shape == expected
    Y, indices = layers.max_pool2d(x.to("meta"), 2, return_indices=True)
    assert layers.max_unpool2d(Y, indices, 2).shape == (2, 4, 8, 6)


def test_the_model_stays_as_it_is() -> None:
    model = nn.Sequential(layers.Conv2d(4, 6, 3), layers.BatchNorm2d(6)).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    count_macs(model, x)
    after = model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)  # exact: untouched
    assert all(parameter.device.type == "cpu" and parameter.grad is None for parameter in model.parameters())
    assert model.training


def test_a_module_that_is_used_twice_gets_its_numbers_back() -> None:
    conv, norm = nn.Conv2d(2, 2, 3, padding=1), nn.BatchNorm2d(2)
    tied = nn.Linear(8, 8, bias=False)
    tied.weight = nn.Parameter(torch.ones(8, 8))
    other = nn.Linear(8, 8, bias=False)
    other.weight = tied.weight
    model = nn.Sequential(conv, norm, nn.ReLU(), conv, norm, tied, other, tied).eval()
    x = torch.randn(1, 2, 8, 8)
    before = model(x)
    assert count_macs(model, x) == 2 * (2 * 2 * 9 * 64) + 3 * (2 * 8 * 8 * 8)
    assert torch.equal(model(x), before)  # exact: the same weights, called again


def test_parameters_that_are_used_twice_count_once_and_statistics_do_not() -> None:
    layer = nn.Linear(3, 3)
    model = nn.Sequential(layer, nn.ReLU(), layer, nn.BatchNorm1d(3))
    assert count_parameters(model) == 3 * 3 + 3 + 2 * 3
    assert count_macs(model, torch.randn(5, 3)) == 2 * 5 * 9


def test_submodules_add_up_to_the_whole() -> None:
    model = nn.Sequential(
        layers.Conv2d(4, 6, 3), nn.ReLU(), nn.Sequential(nn.Flatten(), layers.Linear(210, 5))
    )
    counts = macs_by_module(model, x)
    assert counts == {"": 15120 + 2100, "0": 15120, "2": 2100, "2.1": 2100}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: count_macs(nn.Linear(2, 2)), "at least one tensor"),
        (lambda: count_macs(lambda x: -x if x.sum() > 0 else x, x), "shapes alone, without numbers: .*item"),
        (lambda: count_macs(layers.Conv2d(3, 6, 3), x), "x has 4 maps"),
        (
            lambda: count_macs(nn.Conv2d(3, 6, 3), x),
            "shapes alone, without numbers: Invalid channel dimensions",
        ),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
