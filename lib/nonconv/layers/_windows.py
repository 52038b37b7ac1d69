"""Where the windows of a pooling layer lie: how many, how far they reach, and the border around x."""

from typing import Any

from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import pair

Pair = int | tuple[int, int]


def windows(
    x: Tensor, p: Any, s: Any, P: Any = (0, 0), d: Any = (1, 1), ceil_mode: bool = False
) -> tuple[int, int]:
    """(H', W'): windows along the rows and the columns of x. Raises ValueError where not one fits."""
    rows, columns = (
        _windows(*side, ceil_mode, name)
        for side, name in zip(zip(x.shape[-2:], p, s, P, d, strict=True), ("rows", "columns"), strict=True)
    )
    return rows, columns


def _windows(size: int, p: int, s: int, P: int, d: int, ceil_mode: bool, name: str) -> int:
    """Windows along a side: ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1, or ⌈…⌉ + 1 less one that starts in the border.

    Raises ValueError where not one fits.
    """
    free = size + 2 * P - d * (p - 1) - 1
    if free < 0 and not (ceil_mode and -free < s):
        raise ValueError(
            f"the window spans {d * (p - 1) + 1} {name} (size {p}, dilation {d}), but x with its border has"
            f" only {size + 2 * P}"
        )
    if not ceil_mode:
        return free // s + 1
    number = -(-free // s) + 1
    return number - 1 if (number - 1) * s >= size + P else number


def default_stride(stride: Any, p: tuple[int, int]) -> tuple[int, int]:
    """As far as the window is large, where it is not given."""
    return (
        p
        if stride is None or (isinstance(stride, (tuple, list)) and not stride)
        else pair(stride, "stride", 1)
    )


def check_border(p: tuple[int, int], P: tuple[int, int], d: tuple[int, int]) -> None:
    """Refuse a border of more than half a window."""
    for padding, size, step, name in zip(P, p, d, ("rows", "columns"), strict=True):
        if 2 * padding > step * (size - 1) + 1:
            raise ValueError(
                f"padding of {padding} {name} is more than half the window's {step * (size - 1) + 1} {name}:"
                " a window could lie in the border alone"
            )


def padded(x: Tensor, to: tuple[int, int], P: tuple[int, int], value: float) -> Tensor:
    """x with a border of `value`: P before, and behind as much as makes the size `to`
    (less than nothing cuts).
    """
    H, W = x.shape[2:]
    border = (P[1], to[1] - W - P[1], P[0], to[0] - H - P[0])
    return F.pad(x, border, value=value) if any(border) else x  # without a border it would copy


def every(start: int, number: int, step: int) -> slice:
    """`number` places from `start` on, `step` apart."""
    return slice(start, start + step * (number - 1) + 1, step)


def reached(p: Any, s: Any, d: Any, out: Any) -> tuple[int, int]:
    """How many rows and columns all windows together span."""
    rows, columns = (
        step * (n - 1) + gap * (size - 1) + 1 for size, step, gap, n in zip(p, s, d, out, strict=True)
    )
    return rows, columns
