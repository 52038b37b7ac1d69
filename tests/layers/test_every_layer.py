"""What holds for every layer alike: it equals its oracle, its gradients are right,
dtype and device follow the input.
"""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from inspect import getdoc, getmodule, signature
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from helpers.layers.cases import CASES, MODULES, Case, Make, ModuleCase, replaced, tensors
from nonconv import layers

HERE = Path(layers.__file__).parent


def values(result) -> list[Tensor]:
    return tensors(result) or [torch.as_tensor(result)]


def compared(result, expected, rtol: float, atol: float) -> None:
    ours, theirs = values(result), values(expected)
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=rtol, atol=atol)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_it_equals_its_oracle(case: Case, dtype: torch.dtype, device: str) -> None:
    if device == "mps" and dtype == torch.float64:
        pytest.skip("MPS has no float64")
    arguments = case.inputs(Make(dtype, device))
    result, expected = case.function(*arguments, **case.options), case.oracle(*arguments, **case.options)
    tight = dtype == torch.float64
    compared(result, expected, rtol=1e-9 if tight else 1e-4, atol=1e-11 if tight else 2e-5)
    if case.low:
        assert all((t.dtype, t.device.type) == (dtype, device) for t in values(result))
        spread = torch.cat([t.detach().flatten() for t in values(result)]).unique()
        assert len(spread) > 1, "an oracle compared on one repeated number says little"


@pytest.mark.parametrize("case", [case for case in CASES if case.low], ids=str)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_sixteen_bits_err_little_more_than_the_framework(case: Case, dtype: torch.dtype, device: str) -> None:
    """Both against float64 on the rounded inputs:
    at most 4 times the oracle's own error, or 8 last places.
    """
    arguments = case.inputs(Make(dtype, device))
    rounded = replaced(arguments, (wide(t) for t in tensors(arguments)))
    exact = [t.detach().cpu().double() for t in values(case.oracle(*rounded, **case.options))]
    result = values(case.function(*arguments, **case.options))
    try:
        theirs = values(case.oracle(*arguments, **case.options))
    except RuntimeError:  # the framework has no kernel for this dtype
        theirs = [t.to(dtype) for t in exact]
    for a, b, c in zip(result, theirs, exact, strict=True):
        assert (a.dtype, a.device.type) == (dtype, device)
        allowed = max(4 * (b.cpu().double() - c).abs().max(), 8 * torch.finfo(dtype).eps * c.abs().max())
        assert (a.cpu().double() - c).abs().max() <= allowed


def wide(tensor: Tensor) -> Tensor:
    """The same numbers in float64 (on MPS in float32, which holds every 16-bit number too)."""
    return (
        tensor.detach().to(torch.float32 if tensor.device.type == "mps" else torch.float64)
        if (tensor.is_floating_point())
        else tensor
    )


@pytest.mark.parametrize("case", [case for case in CASES if case.gradient], ids=str)
def test_gradients_once_and_twice(case: Case, device: str) -> None:
    if device == "mps":
        pytest.skip("MPS has no float64")
    arguments = case.inputs(Make(device=device))
    given = tensors(arguments)
    free = [t.detach().requires_grad_() for t in given if t.requires_grad]

    def function(*inputs: Tensor):
        new = iter(inputs)
        merged = iter([next(new) if t.requires_grad else t for t in given])
        return tuple(values(case.function(*replaced(arguments, merged), **case.options)))

    assert free
    # in the fast mode one random direction stands for all: exact to the same tolerance, and ten times as fast
    assert torch.autograd.gradcheck(function, free, fast_mode=sum(t.numel() for t in free) > 60)
    assert torch.autograd.gradgradcheck(function, free, fast_mode=True)


@pytest.mark.parametrize("case", MODULES, ids=str)
def test_a_module_is_its_oracle_with_the_same_numbers(case: ModuleCase) -> None:
    ours = case.build().double()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in ours.parameters():  # nothing stays at 0 or 1, where wrong formulas pass
            if "at first" not in case.label:
                parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    inputs = case.inputs(Make())
    for training in (True, False):
        ours.train(training)
        expected = case.oracle(ours, *inputs)
        compared(ours(*inputs), expected, rtol=1e-9, atol=1e-11)
    if hasattr(ours, "fast"):
        fast = ours(*inputs)
        ours.fast = False  # type: ignore[assignment]
        compared(ours(*inputs), fast, rtol=1e-9, atol=1e-11)


def test_no_layer_is_without_a_case() -> None:
    """A new name in `layers.__all__` must come with inputs and an oracle."""
    covered = {case.name for case in CASES} | {case.name for case in MODULES}
    assert sorted(set(layers.__all__) - covered) == []
    assert sorted(covered - set(layers.__all__)) == []


@pytest.mark.parametrize("case", [*CASES, *MODULES], ids=str)
def test_no_oracle_runs_a_line_of_ours(case: Case | ModuleCase) -> None:
    inputs = case.inputs(Make())
    if isinstance(case, ModuleCase):
        module = case.build().double()
        inputs = (module, *inputs)
    seen: set[str] = set()

    def note(frame, event: str, _) -> None:
        if event == "call" and Path(frame.f_code.co_filename).parent == HERE:
            seen.add(frame.f_code.co_qualname)

    sys.setprofile(note)
    try:
        case.oracle(*inputs, **getattr(case, "options", {}))
    finally:
        sys.setprofile(None)
    assert seen == set()


@pytest.mark.parametrize(
    "case", [case for case in CASES if "conv" in case.name or "pool" in case.name], ids=str
)
def test_results_can_be_viewed(case: Case) -> None:
    """A result lies in memory in its own order, as the framework's does: `view` works on it."""
    assert all(t.is_contiguous() for t in values(case.function(*case.inputs(Make()), **case.options)))


@pytest.mark.parametrize("case", [case for case in CASES if case.low], ids=str)
def test_memory_format_and_strides_change_nothing(case: Case) -> None:
    """Inputs whose numbers lie in another order in memory give the same result."""
    arguments = case.inputs(Make())

    def scattered(t: Tensor) -> Tensor:
        if t.dim() < 2:
            return torch.stack([t.detach(), t.detach()], -1)[..., 0]
        return t.detach().transpose(0, -1).contiguous().transpose(0, -1)

    moved = replaced(arguments, map(scattered, tensors(arguments)))
    compared(
        case.function(*moved, **case.options),
        case.function(*arguments, **case.options),
        rtol=1e-9,
        atol=1e-11,
    )


@pytest.mark.parametrize("name", layers.__all__)
def test_a_docstring_says_shapes_errors_and_source(name: str) -> None:
    """A module's may leave the errors to its function; a file whose layers share one source names it once."""
    public = getattr(layers, name)
    text = getdoc(public) or ""
    assert "Source" in text + (getdoc(getmodule(public)) or "")
    numbers_only = name in ("output_size", "same_padding")
    assert numbers_only or "Shape: " in text or "Shape:\n" in text
    assert isinstance(public, type) or "Raises ValueError" in text


WITH_TENSORS = [case for case in CASES if tensors(case.inputs(Make()))]


@pytest.mark.parametrize("case", WITH_TENSORS, ids=str)
def test_shapes_are_found_without_numbers(case: Case) -> None:
    """On the meta device, and with a compiler's fake tensors: max_unpool2d looked at its indices there."""
    arguments = case.inputs(Make())

    def found(place: Callable[[Tensor], Tensor], mode: Any) -> list[tuple[torch.Size, torch.dtype]]:
        moved = replaced(arguments, iter([place(t.detach()) for t in tensors(arguments)]))
        with mode:
            return [(t.shape, t.dtype) for t in tensors(case.function(*moved, **case.options))]

    expected = found(lambda t: t, nullcontext())
    assert found(lambda t: t.to("meta"), nullcontext()) == expected
    fake = FakeTensorMode()
    assert found(fake.from_tensor, fake) == expected


@pytest.mark.parametrize("case", WITH_TENSORS, ids=str)
def test_the_default_device_and_dtype_have_no_say(case: Case) -> None:
    """Where the arguments lie, the results lie."""
    arguments = case.inputs(Make())
    expected = case.function(*arguments, **case.options)
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device("meta"):
            found = case.function(*arguments, **case.options)
    finally:
        torch.set_default_dtype(torch.float32)
    compared(found, expected, rtol=0, atol=0)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", WITH_TENSORS, ids=str)
def test_a_trace_gives_the_same(case: Case) -> None:
    """To torch.jit.trace each size is a tensor: groups and borders that are made of sizes were refused."""
    arguments = case.inputs(Make())

    def call(*given: Tensor) -> Any:
        found = tensors(case.function(*replaced(arguments, iter(given)), **case.options))
        return tuple(found)

    given = tuple(t.detach() for t in tensors(arguments))
    traced: Any = torch.jit.trace(call, given, check_trace=False)
    compared(traced(*given), call(*given), rtol=1e-9, atol=1e-11)


FAST = [case for case in CASES if "fast" in signature(case.function).parameters]


@pytest.mark.parametrize("case", FAST, ids=str)
def test_fast_is_the_same(case: Case) -> None:
    arguments = case.inputs(Make())
    compared(
        case.function(*arguments, **case.options, fast=True),
        case.function(*arguments, **case.options),
        rtol=1e-9,
        atol=1e-11,
    )
