"""PyTorch's own samples and error inputs as an outside suite: inputs that nobody here has chosen."""

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from nonconv import layers

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_methods_invocations import op_db

# name in PyTorch's list -> (ours, how many samples there are at least in float64:
# a list that shrinks is # noticed)
COVERED: dict[str, tuple[Callable, int]] = {
    "nn.functional.conv1d": (layers.conv1d, 10),
    "nn.functional.conv2d": (layers.conv2d, 30),
    "nn.functional.conv3d": (layers.conv3d, 20),
    "nn.functional.conv_transpose1d": (layers.conv_transpose1d, 10),
    "nn.functional.conv_transpose2d": (layers.conv_transpose2d, 12),
    "nn.functional.conv_transpose3d": (layers.conv_transpose3d, 10),
    "nn.functional.linear": (layers.linear, 18),
    "nn.functional.scaled_dot_product_attention": (layers.scaled_dot_product_attention, 25),
    "sigmoid": (layers.sigmoid, 3),
    "tanh": (layers.tanh, 1),
    "nn.functional.relu": (layers.relu, 4),
    "nn.functional.leaky_relu": (layers.leaky_relu, 9),
    "softmax": (lambda e, dim: layers.masked_softmax(e, dim=dim), 7),
    "nn.functional.batch_norm": (layers.batch_norm, 12),
    "nn.functional.max_pool2d": (layers.max_pool2d, 1440),
    "nn.functional.max_unpool2d": (layers.max_unpool2d, 30),
    "nn.functional.avg_pool2d": (layers.avg_pool2d, 7),
    "nn.functional.adaptive_avg_pool2d": (layers.adaptive_avg_pool2d, 10),
}
OPS = {op.name: op for op in op_db if op.name in COVERED and not op.variant_test_name}


def copies(tree: Any) -> Any:
    """The same arguments, with their own tensors: batch norm changes its running averages in place."""
    if isinstance(tree, Tensor):
        return tree.detach().clone()
    if isinstance(tree, (tuple, list)) and type(tree) in (tuple, list):
        return type(tree)(map(copies, tree))
    return {key: copies(value) for key, value in tree.items()} if isinstance(tree, dict) else tree


def tensors(tree: Any) -> list[Tensor]:
    if isinstance(tree, Tensor):
        return [tree]
    if isinstance(tree, dict):
        tree = list(tree.values())
    return [t for part in tree for t in tensors(part)] if isinstance(tree, (tuple, list)) else []


def run(function: Callable, sample: Any, gradients: bool) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Results, the arguments after the call, and the gradients of a fixed combination of the results."""
    x, args, kwargs = copies(sample.input), copies(sample.args), copies(sample.kwargs)
    running = "batch_norm" in getattr(function, "__name__", "")  # its first two arguments take no gradient
    wanted = [x, *tensors(args[2:] if running else args)]
    wanted = [t for t in wanted if gradients and t.is_floating_point()]
    for tensor in wanted:
        tensor.requires_grad_()
    torch.manual_seed(42)  # the seed that the suite itself sets before dropout
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = tensors(function(x, *args, **kwargs))
    first = results[0]
    if not wanted or not first.requires_grad:
        return results, [x, *tensors(args)], []
    weights = torch.linspace(-1, 1, max(first.numel(), 1), dtype=first.dtype)[: first.numel()].view_as(first)
    grads = torch.autograd.grad(first, wanted, weights, allow_unused=True)
    return results, [x, *tensors(args)], [g if g is not None else torch.zeros(()) for g in grads]


def described(what: str, sample: Any) -> Callable[[str], str]:
    shapes = [tuple(t.shape) for t in tensors([sample.input, sample.args])]
    return lambda message: f"{what}: {message}\nshapes {shapes}, {sample.kwargs}"


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("name", COVERED)
def test_all_samples_agree(name: str, dtype: torch.dtype) -> None:
    ours, least = COVERED[name]
    op, count = OPS[name], 0
    rtol, atol = (1e-9, 1e-10) if dtype == torch.float64 else (1e-4, 1e-4)
    for sample in op.sample_inputs("cpu", dtype, requires_grad=False):
        count += 1
        gradients = (
            count % 20 == 0 if least > 1000 else True
        )  # 1440 samples: each twentieth one backwards too
        mine, theirs = (run(function, sample, gradients) for function in (ours, op.op))
        for what, a, b in zip(("result", "argument", "gradient"), mine, theirs, strict=True):
            assert len(a) == len(b), (count, what)
            for left, right in zip(a, b, strict=True):
                assert left.dtype == right.dtype, (count, what)
                torch.testing.assert_close(
                    left, right, rtol=rtol, atol=atol, equal_nan=True, msg=described(what, sample)
                )
    assert count >= least


DTYPE, DIVIDE = "all tensors must have one dtype", "groups = 3 must divide both"
CHANNELS = (
    "groups = 1 weight needs 1 in its second dimension, not 2"  # found before the stride or the padding
)
EMPTY = "x must have at least one map, row and column, not shape "
# what our message says about each of the list's error inputs, in its order
SAYS: dict[str, list[str]] = {
    "nn.functional.conv1d": [
        *(DTYPE, DTYPE, CHANNELS, CHANNELS, "dilation must be one integer >= 1, not (-1,)"),
        *("weight must have 3 dimensions", DIVIDE, DIVIDE),
        *("groups must be an integer >= 1, not -1", "groups must be an integer >= 1, not 0"),
    ],
    "nn.functional.conv2d": [
        *(DTYPE, DTYPE, CHANNELS, CHANNELS, "dilation must be one or two integers >= 1, not (-1,)"),
        *("weight must have 4 dimensions", DIVIDE, DIVIDE),
        *("groups must be an integer >= 1, not -1", "groups must be an integer >= 1, not 0"),
    ],
    "nn.functional.conv3d": [
        *(DTYPE, DTYPE, "stride must be one or three integers >= 1, not (-1,)"),
        "padding must be one or three integers >= 0, not (-1,)",
        "dilation must be one or three integers >= 1, not (-1,)",
        *("weight must have 5 dimensions", DIVIDE, DIVIDE, "groups must be an integer >= 1, not 0"),
        'padding="same" keeps the size of the input, which stride (2, 2, 2) cannot',
    ],
    "nn.functional.max_pool2d": [
        *[EMPTY + "(0, 1, 49)"] * 4,
        *(EMPTY + "(1, 0, 10)", EMPTY + "(2, 1, 10, 0)", "the window spans 2 rows"),
    ],
    "nn.functional.max_unpool2d": [
        *["indices must be int64 and of x's shape (1, 1, 4, 4)"] * 2,
        "x must have the dimensions (N, K, H, W) or (K, H, W), not shape (4, 4)",
    ],
    "nn.functional.avg_pool2d": [*[EMPTY + "(0, 1, 49)"] * 4, "divisor_override must not be 0"],
    "nn.functional.adaptive_avg_pool2d": [
        "x must have the dimensions (N, K, H, W) or (K, H, W), not shape (2, 2)",
        "output_size must be one or two integers >= 1 or None, not ()",
        "output_size must be one or two integers >= 1, not [-1, 0]",
    ],
}


LISTED = [name for name in COVERED if OPS[name].error_inputs_func]  # in older versions fewer of them


def test_each_list_of_error_inputs_is_covered() -> None:
    assert set(LISTED) <= set(SAYS)


@pytest.mark.parametrize("name", LISTED)
def test_each_error_input_raises_and_says_why(name: str) -> None:
    ours, _ = COVERED[name]
    messages = iter(SAYS[name])
    for error in OPS[name].error_inputs("cpu"):
        sample = error.sample_input
        with pytest.raises(ValueError) as said:  # noqa: PT011, the message is looked at below
            ours(sample.input, *sample.args, **sample.kwargs)
        # in the list's order; an older version leaves some out
        assert any(message in str(said.value) for message in messages), str(said.value)
