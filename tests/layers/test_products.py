"""The product by the framework's other library is `@`: values, gradients to the second order, tangents, maps.

It is for large matrices in float32. Here it is taken for small ones, too; they are compared with float64.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.func import grad, hessian, jvp, vmap
from torch.utils.flop_counter import FlopCounterMode

from nonconv import layers
from nonconv.layers import _places, _product, _taps, attention
from nonconv.layers._product import product

pytestmark = pytest.mark.skipif(_product._linear is None, reason="MKL or oneDNN is not there: only @ is")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Small products take the other library, too; and each call of it is noted."""
    made: list[int] = []
    linear = _product._linear
    assert linear is not None

    def noted(*args: Any) -> Tensor:
        made.append(1)
        return linear(*args)

    monkeypatch.setattr(_product, "LEAST", 1)
    monkeypatch.setattr(_product, "COPIED", 1)
    monkeypatch.setattr(_places, "COPIED", 1)
    monkeypatch.setattr(_product, "_linear", noted)
    return made


def r(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def close(found: Any, expected: Any) -> None:
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4, check_dtype=False)


PAIRS: dict[str, tuple[Tensor, Tensor]] = {
    "matrices": (r(5, 7), r(7, 3)),
    "one row": (r(1, 7), r(7, 3)),
    "one column": (r(5, 7), r(7, 1)),
    "one term": (r(5, 1), r(1, 3)),
    "transposed": (r(7, 5).T, r(3, 7).T),
    "with gaps": (r(10, 14)[::2, ::2], r(7, 6)[:, ::2]),
    "a number for all": (r(1, 1).expand(5, 7), r(1, 3).expand(7, 3)),
    "a stack and a matrix": (r(2, 4, 5, 7), r(7, 3)),
    "two stacks": (r(2, 4, 5, 7), r(2, 4, 7, 3)),
    "stacks, permuted": (r(5, 4, 2, 7).transpose(0, 2), r(2, 4, 3, 7).mT),
}
OTHERS: dict[str, tuple[Tensor, Tensor]] = {
    "broadcast": (r(2, 1, 5, 7), r(4, 7, 3)),
    "a matrix and a stack": (r(5, 7), r(2, 7, 3)),
    "a vector": (r(7), r(7, 3)),
    "by a vector": (r(5, 7), r(7)),
    "no rows": (r(0, 7), r(7, 3)),
    "no columns": (r(5, 7), r(7, 0)),
    "no terms": (r(5, 0), r(0, 3)),
    "no matrices": (r(0, 5, 7), r(0, 7, 3)),
    "float64": (r(5, 7).double(), r(7, 3).double()),
    "bfloat16": (r(5, 7).bfloat16(), r(7, 3).bfloat16()),
    "complex": (r(5, 7) * 1j, r(7, 3) + 1j),
    "whole numbers": (r(5, 7).long(), r(7, 3).long()),
    "on meta": (r(5, 7).to("meta"), r(7, 3).to("meta")),
}


@pytest.mark.parametrize("name", PAIRS)
def test_values_and_two_gradients(name: str, calls: list[int]) -> None:
    def all_of(function: Callable, A: Tensor, B: Tensor) -> list[Tensor]:
        A, B = A.detach().requires_grad_(), B.detach().requires_grad_()
        Y = function(A, B)
        first = torch.autograd.grad(Y.tanh().sum(), (A, B), create_graph=True)
        second = torch.autograd.grad(sum(g.square().sum() for g in first), (A, B))  # type: ignore[arg-type]
        return [Y, *first, *second]

    A, B = PAIRS[name]
    close(all_of(product, A, B), all_of(torch.matmul, A.double(), B.double()))
    assert calls


@pytest.mark.parametrize("name", PAIRS)
def test_tangents_and_maps(name: str, calls: list[int]) -> None:
    A, B = (t.clone() for t in PAIRS[name])  # an expanded tensor has no tangent in the framework
    dA, dB = r(*A.shape, 2)[..., 0], r(*B.shape, 2)[..., 1]
    moved = jvp(product, (A, B), (dA, dB))[1]
    close(moved, dA.double() @ B.double() + A.double() @ dB.double())
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(A, dA)
        tangent = torch.autograd.forward_ad.unpack_dual(product(dual, B)).tangent
    close(tangent, dA.double() @ B.double())
    many, others = torch.stack([A, dA, -A]), torch.stack([B, dB, -B])
    close(vmap(product)(many, others), torch.stack([a @ b for a, b in zip(many, others, strict=True)]))
    close(vmap(product, (0, None))(many, B), torch.stack([a @ B for a in many]))
    close(vmap(product, (None, 0), 1)(A, others), torch.stack([A @ b for b in others], 1))
    loss = vmap(grad(lambda a, b: product(a, b).square().sum()), (0, None))
    close(loss(many, B), torch.stack([2 * (a @ B) @ B.mT for a in many]))


def test_a_hessian(calls: list[int]) -> None:
    A, B = PAIRS["matrices"]
    found = hessian(lambda a: product(a, B).pow(3).sum())(A)
    close(found, hessian(lambda a: (a @ B.double()).pow(3).sum())(A.double()))


@pytest.mark.parametrize("name", OTHERS)
def test_whatever_else_is_the_plain_product(name: str, calls: list[int]) -> None:
    A, B = OTHERS[name]
    found, expected = product(A, B), A @ B
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    if found.device.type != "meta":
        assert torch.equal(found, expected)  # exact: it is the same call
    assert not calls


def test_shapes_that_do_not_fit_are_refused_as_by_the_plain_product(calls: list[int]) -> None:
    for A, B in ((r(5, 7), r(6, 3)), (r(2, 5, 7), r(3, 7, 3))):
        with pytest.raises(RuntimeError):
            product(A, B)


def test_where_somebody_looks_on_it_is_the_plain_product(calls: list[int]) -> None:
    A, B = PAIRS["matrices"]

    class Net(nn.Module):
        def forward(self, A: Tensor, B: Tensor) -> Tensor:
            return product(A, B)

    with FlopCounterMode(display=False) as counter:
        product(A, B)
    assert counter.get_total_flops() == 2 * 5 * 7 * 3
    exported = torch.export.export(Net(), (A, B))
    assert "mkldnn" not in str(exported.graph)
    traced: Any = torch.jit.trace(Net(), (A, B), check_trace=False)
    assert "mkldnn" not in str(traced.graph)
    with torch.backends.mkldnn.flags(enabled=False):
        close(product(A, B), A @ B)
    own = torch.compile(product, backend="aot_eager", fullgraph=True)
    close(own(A, B), A @ B)
    assert not calls


def test_the_same_numbers_each_time() -> None:
    A, B = r(300, 200), r(200, 100)
    assert A.shape[0] * B.numel() >= _product.LEAST
    first = product(A, B)
    assert all(torch.equal(product(A, B), first) for _ in range(5))  # exact: sizes alone choose the way


@pytest.mark.parametrize("heads", [(), (2,), (2, 3), (0,)])
def test_attention_by_queries_is_attention(heads: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """For long sequences some queries are taken at a time; here 3 of 10."""
    q, k, v = (r(*heads, *sizes).double().requires_grad_() for sizes in ((10, 4), (7, 4), (7, 5)))

    def with_gradients() -> list[Tensor]:
        Y = layers.scaled_dot_product_attention(q, k, v)
        return [Y, *torch.autograd.grad(Y.tanh().sum(), (q, k, v))]

    whole = with_gradients()
    monkeypatch.setattr(attention, "_LONG", 1)
    monkeypatch.setattr(attention, "_AT_A_TIME", 3 * 7)
    close(with_gradients(), whole)
    if heads == (2,):
        mapped = vmap(layers.scaled_dot_product_attention)(q, k, v)
        close(mapped, whole[0])


# N, groups, k, m, shifts, L, T: in order and not, with runs and without, as far apart as the image is long
TAPS: list[tuple[int, int, int, int, tuple[int, ...], int, int]] = [
    (2, 1, 16, 16, (0,), 9, 9),
    (2, 1, 17, 16, (0, 1, 2, 6, 7, 8), 20, 30),
    (1, 2, 16, 18, (0, 40, 1, 41, 20, 21), 15, 80),
    (2, 2, 16, 16, (5, 0, 9), 30, 40),
    (1, 1, 16, 300, (0, 1, 3), 11, 20),
    (3, 1, 20, 3, tuple(range(7)), 30, 40),
]


@pytest.mark.parametrize(("N", "g", "k", "m", "shifts", "L", "T"), TAPS)
@pytest.mark.parametrize("windows", [2**20, 600])
def test_places_are_taps(
    N: int, g: int, k: int, m: int, shifts: tuple[int, ...], L: int, T: int, windows: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(_places, "WINDOWS", windows)
    X, F, G = r(N, g, m, T), r(len(shifts), g, k, m), r(N, g, k, L)
    wide = (t.double() for t in (X, F, G))  # `_taps` takes float64 itself
    x, f, y = wide
    close(_places.sum_of_taps(X, F, shifts, L), _taps._Sum.forward(x, f, shifts, L))
    close(_places.spread_taps(G, F, shifts, T), _taps._Spread.forward(y, f, shifts, T))
    close(_places.correlate_taps(G, X, shifts), _taps._Correlate.forward(y, x, shifts))


LAYERS: dict[str, tuple[Callable[..., Any], tuple[Tensor, ...]]] = {
    "conv1d": (layers.conv1d, (r(2, 16, 30), r(18, 16, 5), r(18))),
    "conv2d": (lambda *a: layers.conv2d(*a, stride=2, padding=1), (r(2, 3, 9, 8), r(16, 3, 3, 3), r(16))),
    "conv3d": (lambda *a: layers.conv3d(*a, padding=1), (r(1, 16, 4, 5, 4), r(16, 16, 2, 3, 3))),
    "transposed": (
        lambda *a: layers.conv_transpose2d(*a, stride=2, padding=1, output_padding=1),
        (r(2, 16, 5, 4), r(16, 17, 3, 3), r(17)),
    ),
    "linear": (layers.linear, (r(4, 3, 7), r(5, 7), r(5))),
    "attention": (layers.scaled_dot_product_attention, (r(2, 6, 4), r(2, 5, 4), r(2, 5, 3))),
    "heads": (
        lambda x, a, b: layers.multi_head_attention(x, x, x, 2, a, b),
        (r(2, 5, 8), r(24, 8), r(8, 8)),
    ),
    "deformable": (
        lambda *a: layers.deform_conv2d(*a, padding=1),
        (r(1, 4, 5, 5), r(1, 18, 5, 5) / 10, r(3, 4, 3, 3)),
    ),
    "rnn": (lambda *a: layers.rnn(*a)[0], (r(3, 2, 4), r(2, 5), r(5, 4), r(5, 5), r(5), r(5))),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_the_same_by_either_library(name: str, calls: list[int]) -> None:
    layer, arguments = LAYERS[name]

    def all_of(given: list[Tensor]) -> list[Tensor]:
        given = [t.detach().requires_grad_() for t in given]
        Y = layer(*given)
        first = torch.autograd.grad(Y.tanh().sum(), given, create_graph=True)
        second = torch.autograd.grad(sum(t.square().sum() for t in first), given)  # type: ignore[arg-type]
        return [Y, *first, *second]

    found = all_of(list(arguments))
    assert calls
    expected = all_of([t.double() for t in arguments])
    for a, b in zip(found, expected, strict=True):
        scale = max(1.0, b.abs().max().item())
        torch.testing.assert_close(a / scale, (b / scale).float(), rtol=1e-4, atol=2e-5)
