"""Properties of unit 1: kernels taken apart, and stacks that see so many rows."""

from typing import Any

import torch
from torch import Tensor

from nonconv.checks.compare import describe
from nonconv.checks.properties._base import Unfit, parts, registered, row, tensors, whole

CLOSE = 1e-6  # relative to the largest number of the kernel; its numbers may be rounded to float32
LAYER = "four whole numbers (maps, p, d, g)"
MAX_LAYERS, MAX_MAPS = 1000, 1000


@registered(none_fits=True)
def is_a_separable_kernel(inputs: dict[str, Any], answer: Any) -> str | None:
    """(D, P) with F^{mk}_{uv} = D^m_{uv} P^{mk}, or None if there is no such pair."""
    F = inputs["F"].double()
    K, M, p, q = F.shape
    # for each input map: outputs by taps, a matrix that must be a column times a row
    possible = all(torch.linalg.matrix_rank(F[:, m].flatten(1), rtol=CLOSE).item() <= 1 for m in range(M))
    if answer is None:
        return (
            None if not possible else "this kernel is separable, but you returned None: too strict somewhere?"
        )
    if answer is False or (isinstance(answer, tuple | list) and all(part is None for part in answer)):
        return f"where there is no such pair, return None itself, not {describe(answer)}"
    pair = parts(answer, 2, "the pair (D, P), or None if there is no such pair")
    D, P = tensors(pair, "D and P must be tensors")
    if D.shape != (M, p, q) or P.shape != (K, M):
        turned = " They are in the other order." if P.shape == (M, p, q) and D.shape == (K, M) else ""
        return f"expected shapes {(M, p, q)} and {(K, M)}, got {tuple(D.shape)} and {tuple(P.shape)}.{turned}"
    product = P.detach().double()[:, :, None, None] * D.detach().double()
    if possible and not bool(torch.isfinite(product).all()):
        return "there is a nan or an infinity in D or P: did you divide by a number of F that is 0?"
    scale = F.abs().amax((0, 2, 3))[None, :, None, None]  # each input map by its own
    wrong = ~((product - F).abs() <= CLOSE * scale)
    if not bool(wrong.any()):
        return None
    if not possible:
        return (
            "this kernel is not separable: for one input map, the sheets of two outputs are no multiples"
            " of one another. Return None for it."
        )
    k, m, u, v = wrong.nonzero()[0].tolist()
    return (
        f"P times D is not F: at [{k}, {m}, {u}, {v}] the product is {product[k, m, u, v].item():.4g},"
        f" F has {F[k, m, u, v].item():.4g}"
    )


def _layers(answer: Any, M: int, K: int) -> list[tuple[int, int, int, int]]:
    """(maps, p, d, g) of each layer, if they fit each other."""
    found = []
    maps = M
    for n, layer in enumerate(row(answer, "the stack", f"a list of layers, each {LAYER}"), 1):
        values = parts(layer, 4, f"for layer {n} {LAYER}")
        names = ("maps", "p", "d", "g")
        now, p, d, g = (
            whole(value, f"{name} of layer {n}") for name, value in zip(names, values, strict=True)
        )
        if min(now, p, d, g) < 1:
            raise Unfit(f"layer {n} is {(now, p, d, g)}: all four must be at least 1")
        if max(now, p, d) > MAX_MAPS or n > MAX_LAYERS:
            raise Unfit(f"at most {MAX_LAYERS} layers, and no number above {MAX_MAPS}")
        if maps % g or now % g:
            raise Unfit(
                f"layer {n} has {g} groups: both its {maps} input and its {now} output maps must be"
                " multiples of it"
            )
        found.append((now, p, d, g))
        maps = now
    if not found:
        raise Unfit(f"the stack is empty: return a list of layers, each {LAYER}")
    if maps != K:
        raise Unfit(f"the last layer gives {maps} maps; {K} are wanted")
    return found


def _seen(stack: list[tuple[int, int, int, int]]) -> set[int]:
    """The input rows on which one output row depends, counted from the first."""
    seen = {0}
    for _, p, d, _ in stack:
        seen = {one + d * u for one in seen for u in range(p)}
    return seen


def _blind(stack: list[tuple[int, int, int, int]], M: int) -> tuple[int, int] | None:
    """An output map and an input map that it does not see, if there is such a pair."""
    sees = torch.eye(M, dtype=torch.float64)
    for maps, _, _, g in stack:
        join: Tensor = torch.block_diag(*[torch.ones(maps // g, len(sees) // g, dtype=torch.float64)] * g)
        sees = ((join @ sees) > 0).double()
    blind = (sees == 0).nonzero()
    return (int(blind[0, 0]), int(blind[0, 1])) if len(blind) else None


@registered()
def sees_so_many_rows(inputs: dict[str, Any], answer: Any) -> str | None:
    """A stack from M to K maps that sees `field` rows, each of them, with fewer than `budget` parameters."""
    M, K, field, budget = (inputs[name] for name in ("M", "K", "field", "budget"))
    stack = _layers(answer, M, K)
    reach = 1 + sum(d * (p - 1) for _, p, d, _ in stack)
    if reach != field:
        return f"one output sees {reach} rows from the first to the last; it must be {field}"
    holes = sorted(set(range(field)) - _seen(stack))
    if holes:
        return (
            f"it reaches over {field} rows, but leaves {len(holes)} out, the first of them row"
            f" {holes[0] + 1}: the dilated kernels look past it. Let a layer below fill the gaps."
        )
    if (pair := _blind(stack, M)) is not None:
        k, m = pair
        return (
            f"output map {k} does not see input map {m} (counted from 0): the groups keep them apart."
            " One layer must mix all maps."
        )
    inside = [M, *(maps for maps, *_ in stack)]
    count = sum(
        (before // g * p * p + 1) * maps for before, (maps, p, _, g) in zip(inside, stack, strict=False)
    )
    if count >= budget:
        return f"it has {count:,} parameters with the biases; fewer than {budget:,} are wanted"
    return None
