"""Properties of unit 7: heads that look by position alone, and heads as narrow as they can be."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.checks.properties._base import Unfit, finite, parts, registered, tensors

SIDE = 3  # places of the interior along each axis, on which heads are tried
MARGIN = 8.0  # in a score, of the right key over every other: among 20 keys it has a weight above 0.99


def _offsets(H: int, W: int) -> Tensor:
    """The way from place i to place j, row by row: (HW, HW, 2)."""
    places = torch.cartesian_prod(torch.arange(H), torch.arange(W)).double()
    return places[None] - places[:, None]


@registered()
def performs_the_convolution(inputs: dict[str, Any], answer: Any) -> str | None:
    """(w, V): pq heads whose scores are w_h·(δ₁² + δ₂², δ₁, δ₂), and whose sum is the convolution inside."""
    kernel = inputs["F"].double()
    K, M, p, q = kernel.shape
    w, V = finite(*tensors(parts(answer, 2, "the pair (w, V)"), "w and V must be tensors"))
    if w.shape != (p * q, 3) or V.shape != (p * q, M, K):
        return (
            f"w must have shape ({p * q}, 3) and V ({p * q}, {M}, {K}) for this kernel of shape"
            f" {tuple(kernel.shape)}, not {tuple(w.shape)} and {tuple(V.shape)}"
        )
    H, W = 2 * (p // 2) + SIDE, 2 * (q // 2) + SIDE
    delta = _offsets(H, W)
    encoding = torch.cat([delta.square().sum(2, keepdim=True), delta], 2)
    A = torch.softmax((encoding @ w.T).permute(2, 0, 1), 2)  # (heads, places, places)
    middle = H // 2 * W + W // 2
    looked = [tuple(int(t) for t in delta[middle, int(A[h, middle].argmax())]) for h in range(p * q)]
    if (problem := _outside(looked, A[:, middle].amax(1).tolist(), p, q)) is not None:
        return problem
    for h in range(p * q):
        if float(A[h, middle].max()) < 0.999:
            i, j = looked[h]
            return (
                f"head {h} (counted from 0) looks most at the offset ({i}, {j}), but with weight"
                f" {A[h, middle].max().item():.3g} only: make it sharper, or does it look at two places"
                " alike?"
            )
    if (problem := _twice(looked, p, q)) is not None:
        return problem
    x = torch.randn(1, M, H, W, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    P = x[0].flatten(1).T

    def inside(values: Tensor) -> Tensor:
        Y = sum(A[h] @ P @ values[h] for h in range(p * q))
        assert isinstance(Y, Tensor)
        return Y.T.reshape(K, H, W)[:, p // 2 : H - p // 2, q // 2 : W - q // 2]

    def performs(other: Tensor) -> bool:
        right = F.conv2d(x, other)[0]
        return bool(((inside(V) - right).abs() <= 1e-6 * right.abs().max()).all())

    if performs(kernel):
        return None
    if performs(kernel.flip(2, 3)):
        return "the heads perform the kernel turned round: a convolution here does not flip it"
    if p == q and performs(kernel.mT):
        return "the heads perform the transposed kernel: δ₁ counts rows, δ₂ columns"
    for h, (i, j) in enumerate(looked):
        tap = kernel[:, :, i + p // 2, j + q // 2].T
        if not torch.allclose(V[h], tap, rtol=1e-6, atol=1e-9):
            k = int((V[h] - tap).abs().argmax())
            m, n = divmod(k, K)
            right, got = tap[m, n].item(), V[h, m, n].item()
            return (
                f"head {h} looks at the offset ({i}, {j}); there V[{h}][{m}, {n}] must be {right:.4g}, the"
                f" kernel's number from map {m} to map {n}, not {got:.4g}"
            )
    gap = (inside(V) - F.conv2d(x, kernel)[0]).abs().max().item()
    return f"inside, the heads' sum is off by up to {gap:.2g}: make the heads sharper"


def _taps(p: int, q: int) -> list[tuple[int, ...]]:
    return [(u - p // 2, v - q // 2) for u in range(p) for v in range(q)]


def _outside(looked: list[tuple[int, ...]], weights: list[float], p: int, q: int) -> str | None:
    for h, (i, j) in enumerate(looked):
        if (i, j) not in _taps(p, q):
            if weights[h] < 0.3:
                return (
                    f"head {h} (counted from 0) looks at many places alike, at none with a weight above"
                    f" {weights[h]:.2g}: does its score fall off in every direction?"
                )
            farthest = abs(i) == p // 2 + SIDE // 2 and abs(j) == q // 2 + SIDE // 2
            hint = ": is a sign turned over, so that it looks as far away as it can?" if farthest else ""
            return f"head {h} looks at the offset ({i}, {j}), which no tap of a {p}×{q} kernel has{hint}"
    return None


def _twice(looked: list[tuple[int, ...]], p: int, q: int) -> str | None:
    wanted = _taps(p, q)
    if sorted(looked) == sorted(wanted):
        return None
    twice = next(one for one in looked if looked.count(one) > 1)
    missing = next(one for one in wanted if one not in looked)
    many = looked.count(twice)
    return f"{many} heads look at the offset {twice}, and none at {missing}: one head for each tap"


def _tables(answer: Any, queries: int, keys: int) -> tuple[Tensor, Tensor]:
    Q, K = finite(*tensors(parts(answer, 2, "the pair (Q, K)"), "Q and K must be tensors"))
    if Q.dim() != 2 or K.dim() != 2 or Q.shape[1] != K.shape[1] or Q.shape[1] == 0:
        raise Unfit(
            f"Q and K must be matrices of one width, not of shapes {tuple(Q.shape)} and {tuple(K.shape)}"
        )
    if (len(Q), len(K)) != (queries, keys):
        raise Unfit(f"Q must have {queries} rows and K {keys}, not {len(Q)} and {len(K)}")
    return Q, K


def _reads(answer: Any, n: int, place: Any, most: int | None) -> str | None:
    """Does step t find position place(t), with the margin, in at most that width?"""
    Q, K = _tables(answer, n, n)
    scores = Q @ K.T
    for t in range(n):
        found = int(scores[t].argmax())
        if found != place(t):
            return f"n = {n}: step {t} (counted from 0) looks most at position {found}, not at {place(t)}"
        others = scores[t].clone()
        others[found] = -torch.inf
        gap = float(scores[t, found] - others.max())
        if n > 1 and gap == 0:
            return (
                f"n = {n}: at step {t} the positions {found} and {int(others.argmax())} have the same score:"
                " longer queries do not change that. Their keys must differ where the query looks"
            )
        if n > 1 and gap <= MARGIN:
            return (
                f"n = {n}: step {t} looks at the right position, {found}, but its score is only"
                f" {gap:.2g} above the next; more than {MARGIN:g} are wanted. Make the queries longer"
            )
    return _narrow(Q.shape[1], most)


def _narrow(width: int, most: int | None) -> str | None:
    if most is not None and width > most:
        return f"it works, with width {width}; here it must do with {most}"
    return None


@registered()
def copies(inputs: dict[str, Any], answer: Any) -> str | None:
    """(Q, K): at step t the query Q[t] finds position t among n."""
    return _reads(answer, inputs["n"], lambda t: t, None)


@registered()
def copies_in_the_plane(inputs: dict[str, Any], answer: Any) -> str | None:
    """`copies`, with a width of at most 2."""
    return _reads(answer, inputs["n"], lambda t: t, 2)


@registered()
def reverses(inputs: dict[str, Any], answer: Any) -> str | None:
    """(Q, K): at step t the query Q[t] finds position n − 1 − t among n."""
    return _reads(answer, inputs["n"], lambda t: inputs["n"] - 1 - t, None)


@registered()
def reverses_in_the_plane(inputs: dict[str, Any], answer: Any) -> str | None:
    """`reverses`, with a width of at most 2."""
    return _reads(answer, inputs["n"], lambda t: inputs["n"] - 1 - t, 2)


@registered()
def sorts(inputs: dict[str, Any], answer: Any) -> str | None:
    """(Q, K): behind token y, or at the start, Q finds the smallest token above, whichever are present."""
    return _sorts(answer, inputs["size"], None)


@registered()
def sorts_in_the_plane(inputs: dict[str, Any], answer: Any) -> str | None:
    """`sorts`, with a width of at most 2."""
    return _sorts(answer, inputs["size"], 2)


def _sorts(answer: Any, size: int, most: int | None) -> str | None:
    Q, K = _tables(answer, size + 1, size)
    scores = Q @ K.T
    for row in range(size + 1):
        last = row - 1  # the token written before; −1 at the start
        who = "at the start" if row == 0 else f"behind token {last}"
        for k in range(last + 1, size):
            for other in [*range(k + 1, size), *range(last + 1)]:
                gap = float(scores[row, k] - scores[row, other])
                if gap > MARGIN:
                    continue
                if gap == 0:
                    return (
                        f"{who}, and with {k} and {other} both present, the two have the same score:"
                        f" {k} must be above by more than {MARGIN:g}"
                    )
                if gap > 0:
                    return (
                        f"{who}, token {k} comes before {other} by a score of {gap:.2g} only; more than"
                        f" {MARGIN:g} are wanted: make the queries longer"
                    )
                why = "it has been written already" if other <= last else f"{k} is smaller"
                return f"{who}, and with {k} and {other} both present, it takes {other} before {k}, but {why}"
    return _narrow(Q.shape[1], most)
