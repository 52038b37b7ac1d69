"""Whether two results are the same: of one type and structure, and how far their numbers are apart."""

import dataclasses
from collections import deque
from collections.abc import Mapping
from enum import Enum
from typing import Any

import torch
from torch import Tensor
from torch._subclasses import FakeTensor

APART = float("inf")
_WIDE_RANGE = {torch.float32, torch.bfloat16, torch.float64, torch.complex64, torch.complex128}


def difference(got: Any, expected: Any) -> float:
    """The largest error of a tensor, relative to the largest value of that same tensor; ∞ where the two are
    not of one kind. Infinities and NaN agree with their like at the same place.
    """
    if isinstance(expected, Tensor):
        return _apart(got, expected) if isinstance(got, Tensor) else APART
    if type(got) is not type(expected):
        return APART
    if isinstance(expected, Mapping):
        if list(got) != list(expected):
            return APART
        return max((difference(got[key], expected[key]) for key in expected), default=0.0)
    if isinstance(expected, tuple | list | deque):
        if len(got) != len(expected):
            return APART
        return max((difference(a, b) for a, b in zip(got, expected, strict=True)), default=0.0)
    if dataclasses.is_dataclass(expected):
        names = [field.name for field in dataclasses.fields(expected)]
        return max((difference(getattr(got, n), getattr(expected, n)) for n in names), default=0.0)
    if got is expected:
        return 0.0
    held = getattr(expected, "__dict__", None)
    if held and (type(expected).__eq__ is object.__eq__ or floating(dict(held))):
        return difference(dict(vars(got)), dict(vars(expected)))
    try:
        return 0.0 if bool(got == expected) else APART
    except Exception:  # an object of the user's that says nothing of its equality
        return APART


def _apart(got: Tensor, expected: Tensor) -> float:
    if got.shape != expected.shape or got.dtype != expected.dtype or got.layout != expected.layout:
        return APART
    if got.is_meta or any(isinstance(x, FakeTensor) for x in (got, expected)):
        # a shape only, which an export has left behind
        return APART
    if not expected.numel():
        return 0.0
    if expected.layout is not torch.strided:
        got, expected = got.to_dense(), expected.to_dense()
    # below its smallest normal number float32 has hardly a digit
    floor = 0.0 if expected.dtype not in _WIDE_RANGE else torch.finfo(expected.dtype).tiny
    wide = torch.complex128 if expected.is_complex() else torch.float64
    got, expected = got.detach().to("cpu", wide), expected.detach().to("cpu", wide)
    finite = expected.isfinite()
    if not torch.equal(got[~finite].nan_to_num(), expected[~finite].nan_to_num()) or not torch.equal(
        got.isfinite(), finite
    ):
        return APART
    if not bool(finite.any()):
        return 0.0
    error = (got[finite] - expected[finite]).abs().max().item()
    return error / (max(expected[finite].abs().max().item(), floor) or 1.0)


def floating(value: Any) -> list[Tensor]:
    """The tensors of a result, of any structure, that a gradient may lead to."""
    if isinstance(value, Tensor):
        return [value] if value.is_floating_point() or value.is_complex() else []
    if isinstance(value, Mapping):
        held: list[Any] = list(value.values())
    elif isinstance(value, tuple | list | deque):
        held = list(value)
    elif isinstance(value, type | Enum) or callable(value):  # which lead back to themselves
        return []
    else:
        held = list(getattr(value, "__dict__", {}).values())
    return [tensor for part in held for tensor in floating(part)]
