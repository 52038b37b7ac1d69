"""`torch.compile` of each layer, and `compiled=True`: the same results and gradients as the formula."""

from inspect import signature
from math import prod
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import torch._inductor.config
import torch._inductor.cpp_builder
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from helpers.layers.cases import CASES, Case, Make, replaced, tensors
from nonconv import layers
from nonconv.layers import _taps

IMAGES = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
IMAGES_KERNEL = torch.randn(6, 4, 3, 3, generator=torch.Generator().manual_seed(1))
COMPILABLE = [case for case in CASES if "compiled" in signature(case.function).parameters]
ONE_OF_EACH = list({case.name: case for case in reversed(COMPILABLE)}.values())  # all of them weekly


def with_gradients(case: Case, function: Any, **options: Any) -> list[Tensor]:
    """The results, and the gradients of the sum of their squares."""
    arguments = case.inputs(Make())
    given = [t.detach().requires_grad_(t.requires_grad) for t in tensors(arguments)]
    results = tensors(function(*replaced(arguments, iter(given)), **case.options, **options))
    wanted = [t for t in given if t.requires_grad]
    if not case.gradient or not wanted:
        return results
    total = sum((t * t).sum() for t in results if t.requires_grad)
    return [*results, *torch.autograd.grad(total, wanted)]  # type: ignore[arg-type]


def same(found: list[Tensor], expected: list[Tensor]) -> None:
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_a_compiler_reads_the_whole_formula_and_its_gradient(case: Case) -> None:
    """In one graph, and without a C++ compiler: what a compiler is given is what is to be held equal."""
    torch.compiler.reset()
    read = torch.compile(case.function, backend="aot_eager", fullgraph=True)
    same(with_gradients(case, read), with_gradients(case, case.function))


def compiler() -> str:
    """The C++ compiler that PyTorch would call, or nothing."""
    try:
        return torch._inductor.cpp_builder.get_cpp_compiler()
    except Exception:
        return ""


needs_a_compiler = pytest.mark.skipif(not compiler(), reason="no C++ compiler here")


@needs_a_compiler
@pytest.mark.parametrize("case", [c for c in COMPILABLE if str(c) == "sigmoid"], ids=str)
def test_compiled_is_the_formula(case: Case) -> None:
    same(with_gradients(case, case.function, compiled=True), with_gradients(case, case.function))


@needs_a_compiler
@pytest.mark.weekly
@pytest.mark.parametrize("case", COMPILABLE, ids=str)
def test_each_layer_compiled_is_its_formula(case: Case) -> None:
    same(with_gradients(case, case.function, compiled=True), with_gradients(case, case.function))


def test_each_kind_of_argument_is_compiled_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dynamo gives up after eight variants of a function: the ninth would run uncompiled, or fail."""
    compile, made = torch.compile, []

    def noted(function: Any, **options: Any) -> Any:
        made.append(options)
        return compile(function, backend="eager", **options)

    monkeypatch.setattr(torch, "compile", noted)
    for _ in range(2):
        for n in range(3, 15):
            x = torch.randn(n, n)
            torch.testing.assert_close(layers.tanh(x, compiled=True), layers.tanh(x))
    assert len(made) == 12


def test_what_does_not_fit_is_told_as_without_a_compiler() -> None:
    x, W = torch.randn(1, 4, 8, 8), torch.randn(6, 4, 3, 3)
    with pytest.raises(ValueError, match="groups = 3 must divide both the 4 input maps"):
        layers.conv2d(x, W, groups=3, compiled=True)
    with pytest.raises(ValueError, match="fast=True, the framework's kernel, or compiled=True"):
        layers.conv2d(x, W, fast=True, compiled=True)


def test_without_a_compiler_it_says_what_is_needed() -> None:
    config = torch._inductor.config
    with (
        config.patch(force_disable_caches=True),
        config.patch("cpp.cxx", ("no-such-compiler",)),
        pytest.raises(RuntimeError, match=r"needs a C\+\+ compiler.*fast=True"),
    ):
        layers.sigmoid(torch.randn(3, 5, 7), compiled=True)


@pytest.mark.parametrize("case", [c for c in CASES if "conv" in c.name and c.gradient], ids=str)
def test_all_taps_in_one_product(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a GPU runs: a dense convolution is one product, and so is each of its gradients."""
    expected = with_gradients(case, case.function)
    monkeypatch.setattr(_taps, "_together", lambda G, m, taps: taps)
    same(with_gradients(case, case.function), expected)


class Products(TorchDispatchMode):
    """How many products are called."""

    count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += func.overloadpacket.__name__ in {"bmm", "mm", "baddbmm_", "baddbmm", "addmm"}
        return func(*args, **(kwargs or {}))


def test_a_dense_convolution_on_a_gpu_is_one_product_and_its_gradients_are_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_taps, "_together", lambda G, m, taps: taps)
    x, W = torch.randn(2, 4, 9, 9, requires_grad=True), torch.randn(6, 4, 3, 3, requires_grad=True)
    with Products() as forward:
        Y = layers.conv2d(x, W, padding=1)
    with Products() as backward:
        Y.sum().backward()
    assert (forward.count, backward.count) == (1, 2)


def test_on_a_gpu_all_taps_go_together_while_their_copy_is_small() -> None:
    def of(shape: tuple[int, ...], m: int, cuda: bool) -> int:
        holder: Any = SimpleNamespace(is_cuda=cuda, shape=shape, numel=lambda: prod(shape))
        return _taps._together(holder, m, 9)

    assert of((8, 1, 64, 3136), 64, cuda=True) == 9
    assert of((128, 1, 64, 3136), 64, cuda=True) == 9
    assert of((512, 1, 64, 3136), 64, cuda=True) == 2
    assert of((8, 1, 64, 3136), 64, cuda=False) == 1


class Called(nn.Module):
    def __init__(self, name: str, *more: Any, **options: Any) -> None:
        super().__init__()
        self.name, self.more, self.options = name, more, options

    def forward(self, x: Tensor) -> Tensor:
        return getattr(layers, self.name)(x, *self.more, **self.options)


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (Called("conv2d", IMAGES_KERNEL, stride=2, padding=1), IMAGES),
        (Called("conv2d", IMAGES_KERNEL[:4, :1], padding=1, groups=4), IMAGES),
        (Called("conv2d", IMAGES_KERNEL, padding=1, padding_mode="reflect"), IMAGES),
        (Called("conv_transpose2d", IMAGES_KERNEL.transpose(0, 1), stride=2), IMAGES),
        (Called("separable_conv2d", IMAGES_KERNEL[:4, :1], IMAGES_KERNEL[..., :1, :1]), IMAGES),
        (Called("batch_norm", torch.zeros(4), torch.ones(4)), IMAGES),
        (Called("max_pool2d", 3, 2, 1), IMAGES),
        (Called("avg_pool2d", 3, 2, 1, count_include_pad=False), IMAGES),
        (Called("adaptive_avg_pool2d", 3), IMAGES),
        (Called("global_avg_pool2d"), IMAGES),
        *((Called(name), IMAGES) for name in ("relu", "leaky_relu", "sigmoid", "tanh")),
        (Called("linear", torch.randn(5, 8)), IMAGES),
        (Called("masked_softmax"), IMAGES),
        (layers.SqueezeExcitation(4, 2), IMAGES),
        (layers.CBAM(4, 2, 3), IMAGES),
        (layers.SelfAttention2d(8), torch.randn(2, 8, 3, 3)),
        (layers.DeformConv2d(4, 5, 3, fast=False), IMAGES),
        (layers.LocallyConnected2d(4, 5, (8, 8), 3), IMAGES),
    ],
    ids=lambda part: getattr(part, "name", type(part).__name__),
)
def test_it_can_be_exported_for_any_batch(layer: nn.Module, x: Tensor) -> None:
    batch = torch.export.Dim("batch", min=2, max=64)
    program = torch.export.export(layer.eval(), (x,), dynamic_shapes=({0: batch},))
    more = torch.randn(7, *x.shape[1:])
    torch.testing.assert_close(program.module()(more), layer(more))
