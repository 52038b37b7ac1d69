"""What every layer asks of its arguments: one place that turns a bad value into a sentence."""

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import torch
from torch import Tensor

SIDES = {1: ("W",), 2: ("H", "W"), 3: ("D", "H", "W")}


def numbers(value: int | Iterable[int], name: str, least: int, sides: int) -> tuple[int, ...]:
    """One integer for each side, from one for all or a tuple.
    ValueError if one is below `least` or no integer.
    """
    if type(value) is int and value >= least:  # nearly always
        return (value,) * sides
    value = _plain(value)
    given = tuple(map(_plain, value)) if isinstance(value, Iterable) else (value,)
    bad = [n for n in given if not is_whole(n) or n < least]
    if len(given) not in (1, sides) or bad:
        many = {1: "one integer", 2: "one or two integers", 3: "one or three integers"}[sides]
        raise ValueError(f"{name} must be {many} >= {least}, not {value!r}")
    plain: Any = tuple(n if isinstance(n, torch.SymInt) else int(n) for n in given)
    return plain * sides if len(plain) == 1 else plain


def _plain(value: Any) -> Any:
    """The numbers of a tensor, which the framework takes, too; in `torch.jit.trace` each size is one."""
    return value.tolist() if isinstance(value, Tensor) else value


def is_whole(n: object) -> bool:
    """An int, NumPy's too; True and False are none, and neither is 2.0."""
    return isinstance(n, (Integral, torch.SymInt)) and not isinstance(n, bool)


def whole(value: object, name: str, least: int) -> int:
    """One integer, NumPy's too. ValueError if it is below `least` or none."""
    value = _plain(value)
    if not is_whole(value) or value < least:  # type: ignore[operator]
        raise ValueError(f"{name} must be an integer >= {least}, not {value!r}")
    return value if isinstance(value, torch.SymInt) else int(value)  # type: ignore[arg-type, call-overload]


def are_counts(*values: object) -> bool:
    """Are all of them integers of at least 1, NumPy's too?"""
    return all(is_whole(n) and n >= 1 for n in values)  # type: ignore[operator]


def real(**tensors: Tensor) -> None:
    """Refuse complex numbers and truth values: neither has a largest."""
    for name, tensor in tensors.items():
        if tensor.is_complex() or tensor.dtype == torch.bool:
            raise ValueError(f"{name} must have a dtype of real numbers, not {tensor.dtype}")


def numeric(**tensors: Tensor) -> None:
    """Refuse truth values: they have no sum."""
    for name, tensor in tensors.items():
        if tensor.dtype == torch.bool:
            raise ValueError(f"{name} must have a dtype of numbers, not torch.bool; convert it with .to(…)")


def pair(value: int | Iterable[int], name: str, least: int) -> tuple[int, int]:
    """(rows, columns) from one number or two. ValueError if one of them is below `least` or no integer."""
    rows, columns = numbers(value, name, least, 2)
    return rows, columns


def same_kind(**tensors: Tensor | None) -> None:
    """Refuse tensors of different dtype or device: nothing is converted behind the caller's back."""
    given = {name: tensor for name, tensor in tensors.items() if tensor is not None}
    all_given = list(given.values())
    if all(isinstance(tensor, Tensor) for tensor in all_given) and all(
        tensor.dtype == all_given[0].dtype and tensor.device == all_given[0].device for tensor in all_given
    ):
        return
    for name, tensor in given.items():
        if not isinstance(tensor, Tensor):
            raise ValueError(f"{name} must be a torch.Tensor, not {type(tensor).__name__}")
    for attribute in ("dtype", "device"):
        kinds = {name: str(getattr(tensor, attribute)) for name, tensor in given.items()}
        if len(set(kinds.values())) > 1:
            listed = ", ".join(f"{name} is {kind}" for name, kind in kinds.items())
            raise ValueError(f"all tensors must have one {attribute}, but {listed}; convert them with .to(…)")


def per_map(maps: int, **vectors: Tensor | None) -> None:
    """Refuse a per-map vector whose shape is not (maps,)."""
    for name, vector in vectors.items():
        if vector is not None and vector.shape != (maps,):
            raise ValueError(
                f"{name} must have shape ({maps},), one number for each map, not {tuple(vector.shape)}"
            )


def shaped(**tensors: tuple[Tensor | None, tuple[int, ...]]) -> None:
    """Refuse a tensor whose shape is not the one named beside it."""
    for name, (tensor, shape) in tensors.items():
        if tensor is not None and tensor.shape != shape:
            raise ValueError(f"{name} must have shape {shape}, not {tuple(tensor.shape)}")


def floating(**tensors: Tensor) -> None:
    """Refuse integer tensors: a mean or a square root of them is no integer."""
    for name, tensor in tensors.items():
        if not tensor.dtype.is_floating_point:
            raise ValueError(f"{name} must have a floating-point dtype, not {tensor.dtype}")


def maps(x: Tensor) -> None:
    """Refuse an x that is not one or several images of maps with at least one map and one position."""
    if x.dim() not in (3, 4):
        raise ValueError(f"x must have the dimensions (N, K, H, W) or (K, H, W), not shape {tuple(x.shape)}")
    if 0 in x.shape[-3:]:
        raise ValueError(f"x must have at least one map, row and column, not shape {tuple(x.shape)}")


def floating_images(x: Tensor) -> None:
    """Refuse an x that is not (N, C, H, W) of a floating-point dtype, none of it empty but N."""
    same_kind(x=x)
    floating(x=x)
    maps(x)
    if x.dim() != 4:
        raise ValueError(f"x must have the four dimensions (N, C, H, W), not shape {tuple(x.shape)}")


def accumulating(*tensors: Tensor) -> tuple[Tensor, ...]:
    """The tensors in the dtype that long sums are made in:
    float32 for the 16-bit ones, as the framework's kernels do.
    """
    low = tensors[0].dtype in (torch.bfloat16, torch.float16)
    return tuple(tensor.float() if low else tensor for tensor in tensors)
