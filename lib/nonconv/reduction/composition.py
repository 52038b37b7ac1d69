"""A composition of convolutions is a convolution: X –(F, b)→ Y –(G, g)→ Z is X –(O, o)→ Z.

    O^{ml}_t = Σ_k Σ_{u+w−1=t} F^{mk}_u G^{kl}_w,    o^l = Σ_k Σ_w b^k G^{kl}_w + g^l

The kernel is the full *true* convolution of the two kernels. With stride s₁ and dilations d₁, d₂ the sum runs
over d₁(u−1) + s₁d₂(w−1) = t − 1: the second kernel is dilated by the stride of the first.
"""

from itertools import product
from math import gcd
from operator import add, mul

import torch
from torch import Tensor

from nonconv.layers._arguments import numbers, per_map, same_kind
from nonconv.reduction.kernel import Kernel

Size = int | tuple[int, ...]


def compose(
    F: Tensor,
    b: Tensor | None,
    G: Tensor,
    g: Tensor | None,
    *,
    stride: tuple[Size, Size] = (1, 1),
    padding: tuple[Size, Size] = (0, 0),
    dilation: tuple[Size, Size] = (1, 1),
    groups: tuple[int, int] = (1, 1),
) -> Kernel:
    """The one convolution that does what (F, b) and then (G, g) do; each pair is
    (of the first, of the second).

    Its stride is s₁s₂, its size d₁(p−1) + s₁d₂(r−1) + 1,
    it has gcd(g₁, g₂) groups and the padding of the first.

    Shape: F (K, M/g₁, p, q), b (K,), G (L, K/g₂, r, s), g (L,) -> a Kernel with weight (L, M/gcd(g₁, g₂), …).
    Both may have one or three sizes instead of two.

    Raises ValueError where the two are no one convolution: a second layer with a border (it puts zeros where
    the first layer's own values would have to be), unless the first is 1×1 with stride 1 and without bias;
    and for maps, groups or dtypes that do not fit.
    """
    same_kind(F=F, b=b, G=G, g=g)
    for name, weight in (("F", F), ("G", G)):
        if weight.dim() not in (3, 4, 5) or weight.dim() < max(F.dim(), G.dim()):
            raise ValueError(
                f"{name} must be a kernel (K, M/groups, p, q), not of shape {tuple(weight.shape)}"
            )
    sides = F.dim() - 2
    (K, L), (g1, g2) = (F.shape[0], G.shape[0]), groups
    if min(g1, g2) < 1 or K % g1 or L % g2 or K % g2:
        raise ValueError(
            f"groups = {groups} do not fit: the first must divide {K} maps, the second {K} and {L} maps"
        )
    if G.shape[1] * g2 != K:
        raise ValueError(
            f"F has {K} output maps, so with {g2} groups G needs {K // g2} in its second dimension, not"
            f" {G.shape[1]}"
        )
    per_map(K, b=b)
    per_map(L, g=g)
    s1, s2 = (numbers(value, "stride", 1, sides) for value in stride)
    P1, P2 = (numbers(value, "padding", 0, sides) for value in padding)
    d1, d2 = (numbers(value, "dilation", 1, sides) for value in dilation)
    if any(P2):
        if F.shape[2:].numel() != 1 or any(s != 1 for s in s1) or b is not None:
            raise ValueError(
                f"the second layer has a border, padding {P2}: it puts zeros where one big kernel would see"
                f" values"
                " of the first layer, so the two are no one convolution (they are if the first is 1×1 with"
                " stride 1 and without bias)"
            )
        P1 = tuple(map(add, P1, P2))

    size, common = composed(F.shape, G.shape, stride=(s1, s2), dilation=(d1, d2), groups=groups)
    F = with_groups(F, g1, common)
    M, n = F.shape[1], g2 // common  # M input maps in each of the common groups, n groups of the second
    step = tuple(map(mul, s1, d2))  # one step of the second kernel, seen on the input
    reach = [d * (p - 1) + 1 for d, p in zip(d1, F.shape[2:], strict=True)]
    first = F.reshape(common, n, K // g2, M, *F.shape[2:])
    second = G.reshape(common, n, L // g2, K // g2, *G.shape[2:])
    O = F.new_zeros(common, n, L // g2, M, *size[2:])
    for w in product(*map(range, G.shape[2:])):
        begin = list(map(mul, step, w))
        where = tuple(slice(a, a + n, d) for a, n, d in zip(begin, reach, d1, strict=True))
        O[(..., *where)] += torch.einsum("cnlk,cnkm...->cnlm...", second[(..., *w)], first)
    o = None
    if b is not None or g is not None:
        o = F.new_zeros(L) if g is None else g.clone()
        if b is not None:
            o = o + torch.einsum("cnlkw,cnk->cnl", second.flatten(4), b.reshape(common, n, -1)).reshape(L)
    return Kernel(O.reshape(size), o, tuple(map(mul, s1, s2)), P1, (1,) * sides, common)


def composed(
    F: tuple[int, ...],
    G: tuple[int, ...],
    *,
    stride: tuple[tuple[int, ...], tuple[int, ...]],
    dilation: tuple[tuple[int, ...], tuple[int, ...]],
    groups: tuple[int, int],
) -> tuple[tuple[int, ...], int]:
    """(shape of the composed kernel, its groups), from the shapes of both kernels alone."""
    common = gcd(*groups)
    M = F[1] * groups[0] // common
    size = [
        d1 * (p - 1) + s1 * d2 * (r - 1) + 1
        for p, r, s1, d1, d2 in zip(F[2:], G[2:], stride[0], *dilation, strict=True)
    ]
    return (G[0], M, *size), common


def with_groups(weight: Tensor, groups: int, fewer: int) -> Tensor:
    """The same grouped convolution written with fewer groups: the blocks that it lacks are zeros.

    Shape: (K, M/groups, p, q) -> (K, M/fewer, p, q). Raises ValueError if `fewer` does not divide `groups`.
    """
    K, per_group = weight.shape[:2]
    if fewer < 1 or groups % fewer or K % groups:
        raise ValueError(f"{fewer} groups must divide {groups} groups, and they the {K} output maps")
    if fewer == groups:
        return weight
    wide = weight.new_zeros(K, groups // fewer * per_group, *weight.shape[2:])
    blocks(wide, groups, fewer).copy_(as_blocks(weight, groups, fewer))
    return wide


def blocks(wide: Tensor, groups: int, fewer: int) -> Tensor:
    """The blocks of a kernel with `fewer` groups that one with `groups` groups fills: a view.

    Shape: (K, M/fewer, p, q) -> (fewer, K/groups, M/groups, p, q, groups/fewer).
    """
    n = groups // fewer
    split = wide.unflatten(1, (n, -1)).unflatten(0, (fewer, n, -1))
    return split.diagonal(dim1=1, dim2=3)


def as_blocks(weight: Tensor, groups: int, fewer: int) -> Tensor:
    """A kernel with `groups` groups as the blocks of one with fewer; a view.

    Shape: (K, M/groups, p, q) -> (fewer, K/groups, M/groups, p, q, groups/fewer).
    """
    return weight.unflatten(0, (fewer, groups // fewer, -1)).movedim(1, -1)
