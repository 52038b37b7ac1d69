"""A composition of convolutions is a convolution: X –(F, b)→ Y –(G, g)→ Z is X –(O, o)→ Z.

    O^{ml}_t = Σ_k Σ_{u+w−1=t} F^{mk}_u G^{kl}_w,    o^l = Σ_k Σ_w b^k G^{kl}_w + g^l

The kernel is the full *true* convolution of the two kernels. With stride s₁ and dilations d₁, d₂ the sum runs over
d₁(u−1) + s₁d₂(w−1) = t − 1: the second kernel is dilated by the stride of the first.
"""

from math import gcd

import torch
from torch import Tensor

from nonconv.layers._arguments import pair, per_map, same_kind
from nonconv.reduction.kernel import Kernel

Size = int | tuple[int, int]


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
    """The one convolution that does what (F, b) and then (G, g) do; each pair is (of the first, of the second).

    Its stride is s₁s₂, its size d₁(p−1) + s₁d₂(r−1) + 1, it has gcd(g₁, g₂) groups and the padding of the first.

    Shape: F (K, M/g₁, p, q), b (K,), G (L, K/g₂, r, s), g (L,) -> a Kernel with weight (L, M/gcd(g₁, g₂), …).

    Raises ValueError where the two are no one convolution: a second layer with a border (it puts zeros where the
    first layer's own values would have to be), unless the first is 1×1 with stride 1 and without bias; and for
    maps, groups or dtypes that do not fit.
    """
    same_kind(F=F, b=b, G=G, g=g)
    for name, weight in (("F", F), ("G", G)):
        if weight.dim() != 4:
            raise ValueError(
                f"{name} must be a kernel (K, M/groups, p, q), not of shape {tuple(weight.shape)}"
            )
    (K, L), (g1, g2) = (F.shape[0], G.shape[0]), groups
    if min(g1, g2) < 1 or K % g1 or L % g2 or K % g2:
        raise ValueError(
            f"groups = {groups} do not fit: the first must divide {K} maps, the second {K} and {L} maps"
        )
    if G.shape[1] * g2 != K:
        raise ValueError(
            f"F has {K} output maps, so with {g2} groups G needs {K // g2} in its second dimension, not {G.shape[1]}"
        )
    per_map(K, b=b)
    per_map(L, g=g)
    s1, s2 = (pair(value, "stride", least=1) for value in stride)
    P1, P2 = (pair(value, "padding", least=0) for value in padding)
    d1, d2 = (pair(value, "dilation", least=1) for value in dilation)
    if P2 != (0, 0):
        if F.shape[2:] != (1, 1) or s1 != (1, 1) or b is not None:
            raise ValueError(
                f"the second layer has a border, padding {P2}: it puts zeros where one big kernel would see values"
                " of the first layer, so the two are no one convolution (they are if the first is 1×1 with"
                " stride 1 and without bias)"
            )
        P1 = (P1[0] + P2[0], P1[1] + P2[1])

    common = gcd(g1, g2)
    F, G = with_groups(F, g1, common), with_groups(G, g2, common)
    M, p, q = F.shape[1:]  # M input maps in each of the common groups
    k, r, s = G.shape[1:]
    step = (s1[0] * d2[0], s1[1] * d2[1])  # one step of the second kernel, seen on the input
    rows, columns = d1[0] * (p - 1) + step[0] * (r - 1) + 1, d1[1] * (q - 1) + step[1] * (s - 1) + 1
    first = F.reshape(common, k, M, p, q)
    second = G.reshape(common, L // common, k, r, s)
    O = F.new_zeros(common, L // common, M, rows, columns)
    for w in range(r):
        for z in range(s):
            top, left = step[0] * w, step[1] * z
            O[..., top : top + d1[0] * (p - 1) + 1 : d1[0], left : left + d1[1] * (q - 1) + 1 : d1[1]] += (
                torch.einsum("clk,ckmuv->clmuv", second[..., w, z], first)
            )
    o = None
    if b is not None or g is not None:
        o = F.new_zeros(L) if g is None else g.clone()
        if b is not None:
            o = o + torch.einsum("clkwz,ck->cl", second, b.reshape(common, k)).reshape(L)
    return Kernel(O.reshape(L, M, rows, columns), o, (s1[0] * s2[0], s1[1] * s2[1]), P1, (1, 1), common)


def with_groups(weight: Tensor, groups: int, fewer: int) -> Tensor:
    """The same grouped convolution written with fewer groups: the blocks that it lacks are zeros.

    Shape: (K, M/groups, p, q) -> (K, M/fewer, p, q). Raises ValueError if `fewer` does not divide `groups`.
    """
    K, per_group, p, q = weight.shape
    if fewer < 1 or groups % fewer or K % groups:
        raise ValueError(f"{fewer} groups must divide {groups} groups, and they the {K} output maps")
    blocks = groups // fewer
    wide = weight.new_zeros(fewer, blocks, K // groups, blocks, per_group, p, q)
    for block in range(blocks):
        wide[:, block, :, block] = weight.reshape(fewer, blocks, K // groups, per_group, p, q)[:, block]
    return wide.reshape(K, blocks * per_group, p, q)
