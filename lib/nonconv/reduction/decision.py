"""Is a given function a convolution? Ask it for its answer to each impulse, read the kernel off, and replay.

On a finite input the test is the matrix: f is affine, f(x) = A x + c, and A has the pattern that one kernel
with the declared size, stride and padding gives it.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from nonconv.layers._arguments import pair

Function = Callable[[Tensor], Tensor]


def matrix_of(
    f: Function, shape: tuple[int, int, int], dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor]:
    """(A, c) with f(x) = A x + c on vectors, if f is affine: column n is f's answer to impulse n, less f(0).

    Shape: f takes (1, M, H, W); A (K·H'·W', M·H·W), c (K·H'·W',).
    It says nothing of a function that is not affine.
    """
    size = shape[0] * shape[1] * shape[2]
    with torch.no_grad():
        c = f(torch.zeros(1, *shape, dtype=dtype)).reshape(-1)
        columns = [f(impulse.reshape(1, *shape)).reshape(-1) - c for impulse in torch.eye(size, dtype=dtype)]
    return torch.stack(columns, dim=1), c


def as_convolution(
    f: Function,
    shape: tuple[int, int, int],
    kernel: int | tuple[int, ...],
    stride: int | tuple[int, ...] = 1,
    padding: int | tuple[int, ...] = 0,
    tolerance: float = 1e-9,
) -> tuple[Tensor, Tensor] | None:
    """(weight, bias) of the convolution that f is on inputs (M, H, W), or None if it is none of that form.

    The kernel is read off the answers to impulses; then the answer is replayed, on every impulse, on random
    inputs of several scales and on two images at once,
    and must agree within `tolerance` relative to the largest value.

    Shape: f takes (N, M, H, W), gives (N, K, H', W'); weight (K, M, p, q), bias (K,).

    Raises ValueError if the kernel with that stride and padding does not fit into the input.
    """
    M, H, W = shape
    p, q = pair(kernel, "kernel", least=1)
    s, P = pair(stride, "stride", least=1), pair(padding, "padding", least=0)
    rows, columns = (H + 2 * P[0] - p) // s[0] + 1, (W + 2 * P[1] - q) // s[1] + 1
    if H + 2 * P[0] < p or W + 2 * P[1] < q:
        raise ValueError(f"a kernel of {(p, q)} does not fit into {(H, W)} with padding {P}")
    with torch.no_grad():
        start = f(torch.zeros(1, M, H, W, dtype=torch.float64))
        if start.dim() != 4 or start.shape[2:] != (rows, columns) or not bool(torch.isfinite(start).all()):
            return None
        K = start.shape[1]
        bias = start[0, :, 0, 0].clone()
        weight = torch.zeros(K, M, p, q, dtype=torch.float64)
        for m in range(M):
            for u in range(p):
                for v in range(q):
                    # an output (i, j) for which tap (u, v) lies on the input, not on the border
                    i, j = -(-max(P[0] - u, 0) // s[0]), -(-max(P[1] - v, 0) // s[1])
                    row, column = s[0] * i + u - P[0], s[1] * j + v - P[1]
                    if i < rows and j < columns and row < H and column < W:
                        impulse = torch.zeros(1, M, H, W, dtype=torch.float64)
                        impulse[0, m, row, column] = 1
                        weight[:, m, u, v] = f(impulse)[0, :, i, j] - start[0, :, i, j]

        def replayed(x: Tensor) -> bool:
            given, expected = f(x.clone()), functional.conv2d(x, weight, bias, s, P)
            scale = max(1.0, expected.abs().max().item())
            return given.shape == expected.shape and bool(
                ((given - expected).abs() <= tolerance * scale).all()
            )

        generator = torch.Generator().manual_seed(0)
        impulses = torch.eye(M * H * W, dtype=torch.float64).reshape(-1, 1, M, H, W)
        images = [
            torch.randn(1, M, H, W, generator=generator, dtype=torch.float64) * size for size in (0.1, 1, 10)
        ]
        batch = torch.randn(2, M, H, W, generator=generator, dtype=torch.float64)
        if all(replayed(x) for x in (*impulses, *images, batch)):
            return weight, bias
    return None
