"""Properties of unit 5: a residual block through which no gradient comes back."""

from typing import Any

import torch
from torch import Tensor

from nonconv.checks.properties._base import Unfit, parts, registered, tensors

NAMES = ("x", "W1", "W2", "g")
# what may be left of g, as a share: in float32 the numbers themselves are rounded
LEFT, LEFT_IN_FLOAT64 = 1e-6, 1e-10


def _block(answer: Any) -> tuple[tuple[Tensor, ...], float]:
    """(x, W1, W2, g) in float64, if they are a residual block and the gradient above it; what may be left."""
    values = parts(answer, len(NAMES), f"four tensors, in this order: {', '.join(NAMES)}", of_tensors=True)
    for name, value in zip(NAMES, values, strict=True):
        kind = "a tensor" if name in ("x", "g") else "a matrix, a tensor of two dimensions"
        advice = ", as torch.tensor([5.0]) is" if name in ("x", "g") else ", as torch.tensor([[5.0]]) is"
        tensors((value,), f"{name} must be {kind}{advice}")
        if not bool(torch.isfinite(value.detach()).all()):
            raise Unfit(f"all numbers of {name} must be finite")
    dtypes = [str(value.dtype).removeprefix("torch.") for value in values]
    if len(set(dtypes)) > 1:
        each = ", ".join(f"{name} {dtype}" for name, dtype in zip(NAMES, dtypes, strict=True))
        raise Unfit(
            f"the four must have one dtype, or they cannot be multiplied; yours are {each}: write 5.0 for 5,"
            " and give all the same dtype=…"
        )
    exact = values[0].dtype == torch.float64
    x, W1, W2, g = (value.detach().double() for value in values)
    if x.dim() != 1 or not len(x) or g.shape != x.shape:
        raise Unfit(
            f"x and g must have one shape (n,), n at least 1, not {tuple(x.shape)} and {tuple(g.shape)};"
            " torch.tensor([5.0]) has the shape (1,)"
        )
    if W1.dim() != 2 or W1.shape[1] != len(x) or W2.shape != (len(x), len(W1)):
        raise Unfit(
            f"W1 must have shape (h, {len(x)}) and W2 ({len(x)}, h) with the same h, not"
            f" {tuple(W1.shape)} and {tuple(W2.shape)}"
        )
    return (x, W1, W2, g), LEFT_IN_FLOAT64 if exact else LEFT


@registered()
def loses_the_gradient_in_spite_of_the_skip(_: dict[str, Any], answer: Any) -> str | None:
    """(x, W₁, W₂, g) with g ≠ 0 and f'(x)ᵀ g + g = 0, where f(x) = W₂ ReLU(W₁ x)."""
    (x, W1, W2, g), allowed = _block(answer)
    if not bool(g.any()):
        return "g is 0, so there was nothing to lose. Take a g that is not 0."
    g = g / g.abs().max()  # the gradient is linear in g, whose square may be too large or small for a float
    opened = W1 @ x > 0  # at 0 ReLU's slope counts as 0
    through = W1.T @ torch.where(opened, W2.T @ g, 0)
    left = (through + g).norm() / g.norm()
    if left <= allowed:
        return None
    if not bool(opened.any()):
        return (
            "no unit of the block is open (W1 x is nowhere positive), so f' = 0 and g passes"
            " through the skip as it is. Choose x and W1 so that W1 x > 0."
        )
    size = f"with the skip {left.item():.4g} of ‖g‖ is left. "
    if through.norm() <= 1e-6 * g.norm():
        return size + "The branch gives back 0, so g is all there is: f' must bring −g to cancel it."
    if torch.allclose(through, g, rtol=1e-6, atol=0):
        return size + "The branch gives back g itself, where −g is needed: turn one sign."
    if left < 1e-2:
        return size + "That is little, but not 0: what comes back through the branch must be exactly −g."
    return size + "What comes back through the branch must be exactly −g. Which slope must f have?"
