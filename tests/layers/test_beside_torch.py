"""Each layer and the framework's side by side, for kinds of arguments, not single ones: special numbers,
strange memory, each argument alone, the transforms of torch.func, traced and exported graphs.

A row of OPERATIONS is one layer with its tensors; every test takes every row that it fits.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.func import grad, jvp, vmap
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from nonconv import layers

Call = Callable[..., Any]


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


X, V = drawn(2, 4, 7, 6), drawn(4, seed=1)
TIES = X.round()
W, T, B = drawn(6, 4, 3, 2, seed=2), drawn(4, 6, 3, 2, seed=3), drawn(6, seed=4)
Q, K, A = drawn(2, 2, 4, 3), drawn(2, 2, 5, 3, seed=5), drawn(2, 2, 5, 2, seed=6)
MASK = drawn(4, 5, seed=7) > -0.5
CELL = (drawn(2, 3), drawn(2, 4), drawn(4, 3), drawn(4, 4), drawn(4), drawn(4))

# what is called, its tensors, and how: `f` is the function, ours or the framework's
OPERATIONS: dict[str, tuple[str, tuple[Tensor, ...], Call]] = {
    "conv2d": ("conv2d", (X, W, B), lambda f, x, w, b: f(x, w, b, (2, 1), (0, 1), (1, 2))),
    "conv2d in groups": ("conv2d", (X, W[:, :2], B), lambda f, x, w, b: f(x, w, b, 2, 1, groups=2)),
    "conv2d depthwise": ("conv2d", (X, W[:4, :1], V), lambda f, x, w, b: f(x, w, b, 1, 2, 2, 4)),
    "conv2d alone": ("conv2d", (X[0], W), lambda f, x, w: f(x, w, None, 1, "same")),
    "conv1d": ("conv1d", (X[..., 0], W[..., 0], B), lambda f, x, w, b: f(x, w, b, 2, 1)),
    "conv3d": ("conv3d", (X[:, :2, None], W[:, :2, None]), lambda f, x, w: f(x, w, None, 1, (0, 1, 1))),
    "transposed": ("conv_transpose2d", (X, T, B), lambda f, x, w, b: f(x, w, b, 2, 1, 1)),
    "transposed depthwise": ("conv_transpose2d", (X, T[:, :1], V), lambda f, x, w, b: f(x, w, b, 1, 1, 0, 4)),
    "max": ("max_pool2d", (X,), lambda f, x: f(x, 3, 2, 1)),
    "max with ties": ("max_pool2d", (TIES,), lambda f, x: f(x, 2, (1, 2), 1, 2, True, return_indices=True)),
    "average": ("avg_pool2d", (X,), lambda f, x: f(x, 3, 2, 1, True, False)),
    "adaptive": ("adaptive_avg_pool2d", (X,), lambda f, x: f(x, (3, 4))),
    "relu": ("relu", (TIES,), lambda f, x: f(x)),
    "sigmoid": ("sigmoid", (TIES,), lambda f, x: f(x)),
    "tanh": ("tanh", (TIES,), lambda f, x: f(x)),
    "leaky": ("leaky_relu", (TIES,), lambda f, x: f(x, -0.5)),
    "norm": ("batch_norm", (X, V, V * 2), lambda f, x, w, b: f(x, V * 2, V**2 + 1, w, b)),
    "norm in training": ("batch_norm", (X, V, V * 2), lambda f, x, w, b: f(x, None, None, w, b, True)),
    "linear": ("linear", (drawn(2, 3, 5), drawn(4, 5), drawn(4)), lambda f, *given: f(*given)),
    "attention": ("scaled_dot_product_attention", (Q, K, A), lambda f, q, k, v: f(q, k, v)),
    "attention, bias": ("scaled_dot_product_attention", (Q, K, A, drawn(4, 5)), lambda f, *given: f(*given)),
    "attention, mask": ("scaled_dot_product_attention", (Q, K, A), lambda f, q, k, v: f(q, k, v, MASK)),
    "attention, causal": (
        "scaled_dot_product_attention",
        (Q, K, A),
        lambda f, q, k, v: f(q, k, v, is_causal=True),
    ),
    "cell": ("rnn_cell", CELL, lambda f, *given: f(*given)),
}
FRAMEWORK: dict[str, Call] = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "rnn_cell": torch.rnn_tanh_cell,
}
ROWS = sorted(OPERATIONS)
CONVOLUTIONS = {"conv2d", "conv1d", "conv3d", "conv_transpose2d"}
every = pytest.mark.parametrize("row", ROWS)


@pytest.fixture(autouse=True)
def _plain_attention() -> Iterator[None]:
    """The framework's kernels of attention differ at NaN: its plain one is taken, as the formula."""
    with sdpa_kernel([SDPBackend.MATH]):
        yield


def both(row: str) -> tuple[tuple[Tensor, ...], Call, Call]:
    """The row's tensors, our call and the framework's."""
    name, given, call = OPERATIONS[row]
    return given, partial(call, getattr(layers, name)), partial(call, FRAMEWORK.get(name) or getattr(F, name))


def first(result: Any) -> Tensor:
    return result[0] if isinstance(result, tuple) else result


def with_gradients(call: Call, given: Any, wanted: Any, incoming: float | None = None) -> list[Tensor]:
    """The results, and the gradients of those arguments alone that are wanted."""
    leaves = [t.detach().requires_grad_(i in wanted) for i, t in enumerate(given)]
    result = call(*leaves)
    Y = first(result)
    along = torch.linspace(1, 2, Y.numel(), dtype=Y.dtype).reshape(Y.shape)
    if incoming is not None:
        along.view(-1)[::3] = incoming
    grads = torch.autograd.grad(Y, [leaves[i] for i in wanted], along)
    return [*(t.detach() for t in (result if isinstance(result, tuple) else (result,))), *grads]


def same(ours: Any, theirs: Any) -> None:
    torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-9, equal_nan=True)


def each_argument(call: Call, given: tuple[Tensor, ...], n: int) -> Call:
    """The call as a function of its n-th argument."""
    return lambda t: first(call(*given[:n], t, *given[n + 1 :]))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e30, -1e30, 1e-40, -0.0])
@every
def test_a_special_number_in_any_argument(row: str, value: float) -> None:
    """Not NaN and infinities in a convolution, where the framework's kernels differ; nor where it says ∞ − ∞
    for γ = ∞, nor infinite queries and values, whose scores are 0·∞."""
    given, ours, theirs = both(row)
    finite = math.isfinite(value)
    if not finite and OPERATIONS[row][0] in CONVOLUTIONS:
        pytest.skip("the framework's own kernels differ")
    for n, t in enumerate(given):
        excluded = {"norm": (1,), "norm in training": (1,), "attention": (0,), "attention, mask": (2,)}
        if math.isinf(value) and n in excluded.get(row, ()):
            continue
        own = [x.clone() for x in given]
        own[n].view(-1)[t.numel() // 2] = value
        wanted = range(len(given))
        same(with_gradients(ours, own, wanted), with_gradients(theirs, own, wanted))


@pytest.mark.parametrize("incoming", [math.nan, math.inf, -math.inf, 0.0])
@pytest.mark.parametrize(
    "row", ["relu", "sigmoid", "tanh", "leaky", "max", "max with ties", "adaptive", "linear", "norm"]
)
def test_an_incoming_gradient_that_is_no_number(row: str, incoming: float) -> None:
    """ReLU made NaN of an infinite gradient where it is dead, and tanh everywhere."""
    given, ours, theirs = both(row)
    wanted = range(len(given))
    same(with_gradients(ours, given, wanted, incoming), with_gradients(theirs, given, wanted, incoming))


@every
def test_the_gradient_of_one_argument_alone(row: str) -> None:
    given, ours, theirs = both(row)
    for n in range(len(given)):
        same(with_gradients(ours, given, [n]), with_gradients(theirs, given, [n]))


def views(t: Tensor) -> Iterator[Tensor]:
    """The same numbers, other strides."""
    yield t.flip(-1).clone().flip(-1)
    yield t.transpose(0, -1).contiguous().transpose(0, -1)
    yield torch.cat([t.new_zeros(1), t.flatten()])[1:].view(t.shape)
    yield torch._neg_view(-t)  # type: ignore[attr-defined]
    wide = t.new_zeros([2 * n for n in t.shape])
    some = tuple(slice(None, None, 2) for _ in t.shape)
    wide[some] = t
    yield wide[some]


@every
def test_any_argument_may_be_a_view(row: str) -> None:
    given, ours, theirs = both(row)
    wanted = range(len(given))
    expected = with_gradients(theirs, given, wanted)
    for n, t in enumerate(given):
        for view in views(t):
            same(with_gradients(ours, [*given[:n], view, *given[n + 1 :]], wanted), expected)
        one = t[:1].expand(t.shape)  # each number many times
        own = [*given[:n], one, *given[n + 1 :]]
        same(with_gradients(ours, own, wanted), with_gradients(theirs, own, wanted))


@pytest.mark.parametrize("row", [row for row in ROWS if OPERATIONS[row][1][0].dim() == 4])
def test_channels_last_stay_last(row: str) -> None:
    (x, *rest), ours, theirs = both(row)
    last = x.contiguous(memory_format=torch.channels_last)
    Y = first(ours(last, *rest))
    assert Y.stride() == first(theirs(last, *rest)).stride()
    same(Y, first(theirs(x, *rest)))


@every
def test_the_kernel_alone_may_have_its_maps_last(row: str) -> None:
    given, ours, theirs = both(row)
    if OPERATIONS[row][0] not in CONVOLUTIONS or given[1].dim() != 4 or given[1].shape[1] == 1:
        pytest.skip("no kernel, or one map only: both orders are one")
    own = (given[0], given[1].contiguous(memory_format=torch.channels_last), *given[2:])
    assert ours(*own).stride() == theirs(*own).stride()


@every
def test_tangents_of_each_argument_also_of_gradients(row: str) -> None:
    """Forward mode, forward over reverse and reverse over forward: the last two are the Hessian's product.

    (The framework's own batch norm in training is wrong in the last.)
    """
    given, ours, theirs = both(row)
    for n, t in enumerate(given):
        along = drawn(*t.shape, seed=9)
        mine, its = (each_argument(call, given, n) for call in (ours, theirs))
        same(jvp(mine, (t,), (along,)), jvp(its, (t,), (along,)))
        same(hessian_product(mine, t, along), hessian_product(its, t, along))
        same(hessian_product(mine, t, along, reverse_last=True), hessian_product(mine, t, along))


def hessian_product(f: Call, t: Tensor, along: Tensor, reverse_last: bool = False) -> Tensor:
    def total(t: Tensor) -> Tensor:
        return f(t).pow(3).sum()

    if reverse_last:
        return grad(lambda t: jvp(total, (t,), (along,))[1])(t)
    return jvp(grad(total), (t,), (along,))[1]


@every
def test_vmap_over_any_arguments_and_any_dimension(row: str) -> None:
    given, ours, theirs = both(row)
    numbers = range(len(given))
    for some in [c for size in (1, 2, 3) for c in combinations(numbers, size)][:7]:
        for where in (0, 1, -1):
            dims = tuple((where % (given[n].dim() + 1) if n in some else None) for n in numbers)
            stacked = [
                t if dim is None else torch.stack([t, t / 2], dim) for t, dim in zip(given, dims, strict=True)
            ]
            halves = [
                [t if dim is None else t / (k + 1) for t, dim in zip(given, dims, strict=True)]
                for k in (0, 1)
            ]
            got = vmap(lambda *ts: first(ours(*ts)), dims)(*stacked)
            same(got, torch.stack([first(theirs(*own)) for own in halves]))


class Alone(nn.Module):
    def __init__(self, call: Call) -> None:
        super().__init__()
        self.call = call

    def forward(self, *given: Tensor) -> Any:
        return self.call(*given)


FREE = [row for row in ROWS if OPERATIONS[row][1][0].dim() == 4 and "attention" not in row]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("row", FREE)
def test_a_traced_layer_takes_other_numbers_of_images(row: str) -> None:
    """torch.jit.trace stopped at convolutions and max pooling with `unordered_map::at`."""
    (x, *rest), ours, theirs = both(row)
    traced: Any = torch.jit.trace(Alone(ours), (x, *rest), check_trace=False)
    more = torch.cat([x, x / 2])
    same(traced(more, *rest), theirs(more, *rest))


@pytest.mark.parametrize("row", ["transposed depthwise", "conv2d depthwise", "transposed"])
def test_an_exported_layer_takes_other_numbers_of_images(row: str) -> None:
    (x, *rest), ours, theirs = both(row)
    free = {"given": ({0: torch.export.Dim("images", min=2, max=64)}, *[None] * len(rest))}
    exported = torch.export.export(Alone(ours), (x, *rest), dynamic_shapes=free).module()
    more = torch.cat([x, x / 2, x])
    same(exported(more, *rest), theirs(more, *rest))


@pytest.mark.parametrize(
    "call",
    [
        lambda x, number: layers.leaky_relu(x, number),
        lambda x, number: layers.batch_norm(x, V, V**2, eps=number),
        lambda x, number: layers.batch_norm(x, training=True, momentum=number, eps=number),
    ],
)
def test_a_compiler_may_leave_numbers_free(call: Call) -> None:
    """With dynamic=True slopes, momenta and ε are free: asking whether they are finite ended the graph."""
    torch.compiler.reset()
    read = torch.compile(call, backend="aot_eager", dynamic=True, fullgraph=True)
    for number in (0.3, 0.6):
        same(read(X, number), call(X, number))


@pytest.mark.parametrize("incoming", [1.0, math.inf, math.nan])
def test_a_compiler_reads_the_gradient_of_relu_that_the_framework_has(incoming: float) -> None:
    """A compiler gets another form of it, which stores no mask."""
    x = torch.tensor([-1.0, 0.0, -0.0, 1e-40, 2.0, math.inf, -math.inf, math.nan], requires_grad=True)
    torch.compiler.reset()
    read = torch.compile(layers.relu, backend="aot_eager", fullgraph=True)
    along = torch.full_like(x, incoming)
    expected = torch.autograd.grad(torch.relu(x), x, along)
    same(torch.autograd.grad(read(x), x, along), expected)
    same(torch.autograd.grad(layers.relu(x), x, along), expected)
