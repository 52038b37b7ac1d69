"""Which of the framework's kernels each layer may call:
a reference layer that calls the operator it explains explains nothing.

A spy sees every kernel of a call and of its backward pass. Moving numbers, elementary arithmetic and sums are
free to all; anything else is listed here by layer, and the list is exact: a kernel too many fails, and so
does one that is no longer called. While a spy looks on, each product is `@` (test_products.py has the other).
"""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from helpers.layers.cases import CASES, Case, Make, tensors
from nonconv import layers

# reading, placing and making tensors
PLACING = """
    _local_scalar_dense _to_copy _unsafe_view alias arange as_strided cat clone constant_pad_nd copy_ detach
    expand flip gather index index_add index_put index_put_ index_select masked_fill new_empty
    new_empty_strided new_full new_ones new_zeros ones ones_like permute scalar_tensor scatter scatter_add
    select select_backward slice slice_backward split squeeze stack t take transpose tril unbind unfold
    unfold_backward unsqueeze view where zeros zeros_like
"""
# + − × ÷, powers, e^x, sin, cos, comparisons and rounding, and sums of them
ARITHMETIC = """
    abs add add_ addcmul addcmul_ amax bitwise_and bitwise_not bitwise_or bitwise_or_ clamp clamp_ cos
    div div_ eq exp exp_ floor floor_divide ge gt isinf isnan le lt max maximum mean min minimum mul mul_
    nan_to_num neg pow pow_ reciprocal reciprocal_ rsub sgn sign sign_ sin sqrt sub sum
"""
COMMON = set((PLACING + ARITHMETIC).split())

TAPS = {"baddbmm_", "bmm"}  # one matrix product for each tap
PRODUCT = {"mm", "bmm", "mv"}
SIGMOID = {"sigmoid", "sigmoid_backward"}
TANH = {"tanh", "tanh_backward"}
RELU = {"relu", "threshold_backward"}
SOFTMAX = {"_softmax", "_softmax_backward_data"}
CONVOLUTION = {"convolution", "convolution_backward"}

CONVOLUTIONS = """
    conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d conv_transpose2d_by_definition
    depthwise_conv2d separable_conv2d linear_as_conv2d
"""
# What a layer may call beyond COMMON. A layer that is not listed calls nothing else.
MAY_CALL: dict[str, set[str]] = {name: TAPS for name in CONVOLUTIONS.split()} | {
    "additive_attention": PRODUCT | TANH,
    "avg_pool2d": CONVOLUTION,  # the one place: that it is a depthwise convolution is its claim
    "bidirectional": {"mm"} | SIGMOID | TANH,
    "cbam": {"mm"} | TAPS | RELU | SIGMOID,
    "channel_attention": {"mm"} | RELU | SIGMOID,
    "deform_conv2d": {"mm"},
    "linear": {"mm"},
    "locally_connected2d": {"bmm"},
    "lstm": {"mm"} | SIGMOID | TANH,
    "lstm_cell": {"mm"} | SIGMOID | TANH,
    "multi_head_attention": {"mm", "bmm"} | SOFTMAX,
    "relu": {"threshold_backward"},  # where(y <= 0, 0, g); by a mask it took eight times as long
    "rnn": {"mm"} | TANH,
    "rnn_cell": {"mm"} | TANH | RELU,
    "scaled_dot_product_attention": {"bmm"} | SOFTMAX,
    "self_attention2d": {"mm", "bmm"} | SOFTMAX,
    "soft_attention": PRODUCT | TANH,
    "spatial_attention": TAPS | SIGMOID,
    "squeeze_excitation": {"mm"} | RELU | SIGMOID,
}


class Spy(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen.add(func.overloadpacket.__name__)
        return func(*args, **(kwargs or {}))


def kernels(case: Case) -> set[str]:
    arguments = case.inputs(Make())
    with Spy() as spy:
        result = tensors(case.function(*arguments, **case.options))
        if case.gradient:
            total = sum((t * t).sum() for t in result if t.requires_grad)
            wanted = [t for t in tensors(arguments) if t.requires_grad]
            torch.autograd.grad(total, wanted)  # type: ignore[arg-type]
    return spy.seen - COMMON


@pytest.mark.parametrize("name", sorted({case.name for case in CASES}))
def test_a_layer_calls_the_kernels_on_its_list_and_no_other(name: str) -> None:
    called = set().union(*(kernels(case) for case in CASES if case.name == name))
    assert called == MAY_CALL.get(name, set())


@pytest.mark.parametrize("name", ["leaky_relu", "relu", "sigmoid", "tanh"])
def test_an_activation_compares_nothing(name: str) -> None:
    """A mask that a compiler keeps for the gradient is not vectorised: leaky ReLU took ten times as long."""
    x = torch.randn(9, requires_grad=True)
    with Spy() as spy:
        getattr(layers, name)(x).sum().backward()
    assert not spy.seen & {"eq", "ge", "gt", "le", "lt", "where", "masked_fill"}


def test_the_lists_name_layers_that_are_there() -> None:
    assert set(MAY_CALL) <= {case.name for case in CASES}


def test_the_spy_sees_through_a_fast_layer() -> None:
    with Spy() as spy:
        layers.conv2d(torch.randn(1, 2, 4, 4), torch.randn(3, 2, 3, 3), fast=True)
    assert "convolution" in spy.seen
