"""The sizes of a convolution: which arguments fit, how wide the border is, how many results there are.

Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016), sections 2 and
5.1.
"""

from math import ceil

from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import SIDES, numbers, numeric, per_map, same_kind, whole

Size = int | tuple[int, ...]
Padding = Size | str

# The framework's own names for the border rules, as `torch.nn.functional.pad` takes them.
BORDERS = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Border (before, after) with which a convolution returns ceil(size / stride) positions.

    With stride 1 that is d(p−1) rows in all; an odd number puts the extra one *after* (bottom, right).

    Raises ValueError if one of the numbers is below 1.
    """
    if min(size, kernel, stride, dilation) < 1:
        raise ValueError(
            f"size, kernel, stride and dilation must be at least 1, not {size}, {kernel}, {stride},"
            f" {dilation}"
        )
    total = max((ceil(size / stride) - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """H' = ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1.

    Raises ValueError if a number is out of its range or the kernel is longer than the padded input.
    """
    if min(size, kernel, stride, dilation) < 1 or padding < 0:
        raise ValueError(
            f"size, kernel, stride and dilation must be at least 1 and padding at least 0, not {size},"
            f" {kernel}, {stride}, {dilation} and {padding}"
        )
    return places(size + 2 * padding, kernel, stride, dilation, "H")


def transposed_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """s(h − 1) + d(p − 1) + 1 − 2P: places of a transposed convolution, without output_padding."""
    return (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1


def places(padded: int, kernel: int, stride: int, dilation: int, name: str) -> int:
    """Results along one side of a padded input.
    Raises ValueError, naming the side, if the kernel is longer.
    """
    reach = dilation * (kernel - 1) + 1
    if padded < reach:
        raise ValueError(
            f"the kernel spans {reach} places along {name} (size {kernel}, dilation {dilation}),"
            f" but the padded input has only {padded}"
        )
    return (padded - reach) // stride + 1


def check_shapes(
    x: Tensor, weight: Tensor, bias: Tensor | None, groups: int, sides: int, transposed: bool
) -> None:
    """Refuse an x, kernel and bias that do not fit each other. A transposed kernel is (M, K/groups, …)."""
    same_kind(x=x, weight=weight, bias=bias)
    numeric(x=x)
    dims = ", ".join(SIDES[sides])
    if x.dim() not in (sides + 1, sides + 2):
        raise ValueError(
            f"x must have the dimensions (N, M, {dims}) or (M, {dims}), not shape {tuple(x.shape)}"
        )
    order = ("M", "K/groups") if transposed else ("K", "M/groups")
    if weight.dim() != sides + 2 or 0 in weight.shape:
        raise ValueError(
            f"weight must have {sides + 2} dimensions ({', '.join(order)}, and the sizes of the kernel),"
            f" none of them empty, not shape {tuple(weight.shape)}"
        )
    groups = whole(groups, "groups", 1)
    M = x.shape[-sides - 1]
    if transposed:
        if M % groups or weight.shape[0] != M:
            raise ValueError(
                f"x has {M} maps, so weight needs {M} in its first dimension, and groups = {groups} must"
                f" divide them, but weight has shape {tuple(weight.shape)}"
            )
        per_map(weight.shape[1] * groups, bias=bias)
        return
    K = weight.shape[0]
    if M % groups or K % groups:
        raise ValueError(f"groups = {groups} must divide both the {M} input maps and the {K} output maps")
    if weight.shape[1] * groups != M:
        raise ValueError(
            f"x has {M} maps, so with groups = {groups} weight needs {M // groups} in its second dimension,"
            f" not {weight.shape[1]} (weight has shape {tuple(weight.shape)})"
        )
    per_map(K, bias=bias)


def check_groups(groups: int, in_channels: int, out_channels: int) -> None:
    """Refuse a number of groups that does not divide both numbers of channels."""
    groups = whole(groups, "groups", 1)
    in_channels, out_channels = whole(in_channels, "in_channels", 1), whole(out_channels, "out_channels", 1)
    if in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups = {groups} must divide both in_channels = {in_channels} and out_channels ="
            f" {out_channels}"
        )


def borders(
    padding: Padding,
    size: tuple[int, ...],
    kernel: tuple[int, ...],
    s: tuple[int, ...],
    d: tuple[int, ...],
    padding_mode: str,
) -> list[tuple[int, int]]:
    """(before, after) for each side."""
    if padding_mode not in BORDERS:
        raise ValueError(f"padding_mode must be one of {', '.join(BORDERS)}, not {padding_mode!r}")
    if padding == "valid":
        return [(0, 0)] * len(size)
    if padding == "same":
        if any(step != 1 for step in s):
            raise ValueError(
                f'padding="same" keeps the size of the input, which stride {s} cannot;'
                " use stride 1 or give the padding as numbers (see same_padding)"
            )
        border = [same_padding(H, p, dilation=step) for H, p, step in zip(size, kernel, d, strict=True)]
    elif isinstance(padding, str):
        raise ValueError(f'padding must be "valid", "same" or integers, not {padding!r}')
    else:
        border = [(P, P) for P in numbers(padding, "padding", 0, len(size))]
    for name, H, reach in zip(SIDES[len(size)], size, map(max, border), strict=True):
        limit = {"reflect": H - 1, "circular": H}.get(padding_mode, reach)
        if reach > limit:
            raise ValueError(
                f"a {padding_mode} border of {reach} along {name} needs more than the {H} places of x;"
                f" at most {limit} fit"
            )
    return border


def pad(x: Tensor, border: list[tuple[int, int]], mode: str = "constant") -> Tensor:
    """x with (before, after) added to each side; a negative number cuts."""
    if all(both == (0, 0) for both in border):
        return x
    return F.pad(x, [n for both in reversed(border) for n in both], mode=mode)


def laid_out_as(Y: Tensor, *given: Tensor) -> Tensor:
    """Y, its maps last in memory where x or the kernel has them so (`torch.channels_last`), as the framework
    leaves it; else in order.
    """
    return Y.movedim(1, -1).contiguous().movedim(-1, 1) if any(map(_maps_last, given)) else Y.contiguous()


def _maps_last(x: Tensor) -> bool:
    return x.dim() > 3 and not x.is_contiguous() and x.movedim(1, -1).is_contiguous()
