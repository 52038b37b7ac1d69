"""What people do with modules: made on a device, drawn again, saved, copied, parametrized, swapped for the
framework's.
"""

import copy
import io
import itertools
import pickle
import re
from inspect import signature
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize, prune, skip_init

from nonconv import layers

X = torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(0))
SEQUENCE = torch.randn(5, 2, 6, generator=torch.Generator().manual_seed(1))

# our module, its arguments, what it is called with
MODULES: dict[str, tuple[tuple[Any, ...], tuple[Tensor, ...]]] = {
    "AdditiveAttention": ((6, 4, 5), (SEQUENCE[0], X[:, 0, :, :4])),
    "BatchNorm2d": ((4,), (X,)),
    "CBAM": ((4, 2, 3), (X,)),
    "Conv2d": ((4, 6, 3), (X,)),
    "ConvTranspose2d": ((4, 6, 3), (X,)),
    "DeformConv2d": ((4, 6, 3), (X,)),
    "LSTM": ((6, 3, 2), (SEQUENCE,)),
    "Linear": ((6, 5), (X,)),
    "LocallyConnected2d": ((4, 6, (6, 6), 3), (X,)),
    "MultiHeadAttention": ((6, 2), (SEQUENCE,) * 3),
    "RNN": ((6, 3, 2), (SEQUENCE,)),
    "SelfAttention2d": ((4, 2), (X,)),
    "SeparableConv2d": ((4, 6, 3), (X,)),
    "SqueezeExcitation": ((4, 2), (X,)),
}
THEIRS = ["BatchNorm2d", "Conv2d", "ConvTranspose2d", "LSTM", "Linear", "RNN"]
each = pytest.mark.parametrize("name", sorted(MODULES))
each_of_theirs = pytest.mark.parametrize("name", THEIRS)


def built(name: str, **how: Any) -> nn.Module:
    return getattr(layers, name)(*MODULES[name][0], **how)


def tensors(result: Any) -> list[Tensor]:
    return [result] if isinstance(result, Tensor) else [t for part in result for t in tensors(part)]


def same(ours: nn.Module, other: nn.Module, given: tuple[Any, ...], *more: Any) -> None:
    for a, b in zip(tensors(ours(*given, *more)), tensors(other(*given, *more)), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


@each
def test_numpys_integers_are_integers(name: str) -> None:
    """`num_heads` was asked to be an int of Python's own."""
    arguments, given = MODULES[name]
    module = getattr(layers, name)(*(np.int64(n) if isinstance(n, int) else n for n in arguments))
    module.load_state_dict(built(name).state_dict())
    assert tensors(module(*given))[0].dtype == torch.float32


def test_no_module_is_left_out() -> None:
    public = {name for name in layers.__all__ if isinstance(getattr(layers, name), type)}
    assert public == set(MODULES)


@each
def test_device_and_dtype_are_arguments(name: str) -> None:
    module = built(name, device="meta", dtype=torch.float64)
    floating = [t for t in module.state_dict().values() if t.is_floating_point()]
    assert {(t.device.type, t.dtype) for t in floating} == {("meta", torch.float64)}


@each
def test_drawn_again_it_is_as_drawn_first(name: str) -> None:
    """So what is made on the meta device, or by `skip_init`, can be filled afterwards."""
    torch.manual_seed(3)
    first = built(name)
    late: Any = skip_init(getattr(layers, name), *MODULES[name][0])
    with torch.device("meta"):
        later: Any = built(name)
    later = later.to_empty(device="cpu")
    for module in (late, later, copy.deepcopy(first)):
        torch.manual_seed(3)
        module.reset_parameters()  # type: ignore[operator]
        for key, value in first.state_dict().items():
            if "offset" not in key:  # drawn, then set to 0
                assert torch.equal(module.state_dict()[key], value), key  # exact: the same draws


@each
def test_it_is_copied_pickled_and_saved(name: str) -> None:
    module, given = built(name), MODULES[name][1]
    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    copies = copy.deepcopy(module), pickle.loads(pickle.dumps(module)), torch.load(file, weights_only=False)
    for other in copies:
        same(other, module, given)
    called = torch.func.functional_call(module, dict(module.named_parameters()), given)
    for a, b in zip(tensors(called), tensors(module(*given)), strict=True):
        torch.testing.assert_close(a, b)
    assert re.search(rf"{name}\(\s*\d+", repr(module)), "a module shows its sizes"


class Twice(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return 2 * x


@each
def test_a_parametrized_or_pruned_weight_is_the_one_that_counts(name: str) -> None:
    """Of a parametrized weight, RNN and LSTM found none."""
    module, given = built(name), MODULES[name][1]
    with torch.no_grad():  # γ = 0 would hide everything
        for parameter in module.parameters():
            parameter.copy_(torch.linspace(-0.5, 1, parameter.numel()).view(parameter.shape))
    weight = next(key for key, _ in module.named_parameters() if "." not in key and "gamma" not in key)
    other = copy.deepcopy(module)
    parametrize.register_parametrization(other, weight, Twice(), unsafe=True)
    by_hand = copy.deepcopy(module)
    with torch.no_grad():
        getattr(by_hand, weight).mul_(2)
    same(other, by_hand, given)
    for change in (
        lambda m: prune.l1_unstructured(m, weight, 0.5),
        lambda m: parametrizations.weight_norm(m, weight),
    ):
        changed = copy.deepcopy(module)
        change(changed)
        changed(*given)


@each_of_theirs
def test_options_stand_where_the_frameworks_stand(name: str) -> None:
    """LSTM(6, 3, 1, True, True) was bidirectional here, and is batch_first there."""
    kind = getattr(nn, name)
    theirs = [p for p in signature(kind).parameters if p not in ("args", "kwargs")]
    if not theirs:  # the recurrent ones hide them
        theirs = [p for p in signature(nn.RNNBase).parameters if p != "mode"]
        theirs[3:3] = ["nonlinearity"] if name == "RNN" else []
    ours = [p for p in signature(getattr(layers, name)).parameters if p != "fast"]
    if name == "BatchNorm2d" and "bias" not in theirs:  # as in older versions
        ours.remove("bias")
    assert ours == theirs


@each_of_theirs
def test_states_go_both_ways_and_draws_are_the_frameworks(name: str) -> None:
    arguments, given = MODULES[name]
    torch.manual_seed(5)
    ours = built(name)
    torch.manual_seed(5)
    framework = getattr(nn, name)(*arguments)
    assert list(ours.state_dict()) == list(framework.state_dict())
    for key, value in framework.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[key], value)
    other = getattr(nn, name)(*arguments)
    other.load_state_dict(ours.state_dict())
    same(other, framework, given)
    fresh = built(name)
    fresh.load_state_dict(framework.state_dict())
    same(fresh, framework, given)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize(
    ("affine", "track", "bias", "momentum"),
    [(*how, m) for how in itertools.product((True, False), repeat=3) for m in (0.1, None)],
)
def test_a_batch_norm_with_the_frameworks_options(
    affine: bool, track: bool, bias: bool, momentum: float | None, fast: bool
) -> None:
    how: dict[str, Any] = {"affine": affine, "track_running_stats": track, "momentum": momentum}
    if "bias" in signature(nn.BatchNorm2d).parameters:  # older versions have none
        how["bias"] = bias
    framework, ours = nn.BatchNorm2d(4, **how), layers.BatchNorm2d(4, **how, fast=fast)
    for training in (True, False, True, False):
        framework.train(training)
        same(ours.train(training), framework, (X + 1,))
    ours.track_running_stats = framework.track_running_stats = False  # as some switch it off afterwards
    for training in (True, False):
        framework.train(training)
        same(ours.train(training), framework, (X,))
    for key, value in framework.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[key], value)
    ours.reset_running_stats()
    assert {key: float(v.sum()) for key, v in ours.named_buffers()} == (
        {"running_mean": 0, "running_var": 4, "num_batches_tracked": 0} if track else {}
    )


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_transposed_convolution_is_told_its_size(stride: int, fast: bool) -> None:
    framework = nn.ConvTranspose2d(4, 6, 3, stride, 1)
    ours = layers.ConvTranspose2d(4, 6, 3, stride, 1, fast=fast)
    ours.load_state_dict(framework.state_dict())
    *_, H, W = framework(X).shape
    for size in ((H, W), [H + stride - 1, W], (2, 6, H, W + stride - 1)):
        same(ours, framework, (X,), size)
    for size in ((H - 1, W), (H, W + stride), (H,)):
        for module in (framework, ours):
            with pytest.raises(ValueError, match=r"output_size|output size"):
                module(X, size)


@pytest.mark.parametrize(
    ("name", "call", "message"),
    [
        ("Conv2d", lambda f: f(2.0, 3, 1), r"in_channels must be an integer >= 1, not 2.0"),
        ("ConvTranspose2d", lambda f: f(2, 0, 1), r"out_channels must be an integer >= 1, not 0"),
        (
            "ConvTranspose2d",
            lambda f: f(2, 2, 1, padding_mode="reflect"),
            r'must be "zeros", .* not \'reflect',
        ),
        ("SeparableConv2d", lambda f: f(0, 3, 1), r"in_channels must be an integer >= 1, not 0"),
        ("LocallyConnected2d", lambda f: f(2, None, 3, 1), r"out_channels must be an integer >= 1, not None"),
        ("Linear", lambda f: f(2.5, 3), r"integers of at least 1, not 2.5, 3"),
        ("BatchNorm2d", lambda f: f("4"), r"num_features must be at least 1, not '4'"),
        ("SqueezeExcitation", lambda f: f(4.0, 2), r"ratio 2 must divide the 4.0 channels"),
        ("MultiHeadAttention", lambda f: f(8, 2, 0.1), r"bias must be True or False, not 0.1; .* no dropout"),
        ("LSTM", lambda f: f(4, 2.0), r"integers of at least 1, not 4, 2.0 and 1"),
        ("LSTM", lambda f: f(6, 3)(SEQUENCE, SEQUENCE), r"hx must be a pair \(h, c\) of tensors, not Tensor"),
        ("LSTM", lambda f: f(6, 3)(SEQUENCE[0], (SEQUENCE, None)), r"hx must be a pair .* not tuple"),
        ("RNN", lambda f: f(6, 3)(SEQUENCE, (SEQUENCE,)), r"hx must be one tensor, not tuple"),
        ("relu", lambda f: f(X, True), r"inplace must be False: .* write x = relu\(x\)"),
        ("leaky_relu", lambda f: f(X, 0.1, inplace=True), r"inplace must be False"),
        ("linear", lambda f: f(X > 0, X[0, 0] > 0), r"x must have a dtype of numbers, not torch.bool"),
        ("conv1d", lambda f: f(X[0] > 0, X[0] > 0), r"x must have a dtype of numbers, not torch.bool"),
        (
            "max_unpool2d",
            lambda f: f(X[..., :1, :], X[..., :1, :].long(), (1, 2), padding=(1, 0)),
            r"padding \(1, 0\) leaves nothing of the result: its size would be \(-1, 12\)",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(getattr(layers, name))
