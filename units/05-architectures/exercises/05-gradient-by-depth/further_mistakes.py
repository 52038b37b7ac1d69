"""Further wrong ways: those of a reader who had not seen the others."""

import sympy
import torch

from nonconv.authoring import wrong

NORMS = ("gradient-norms-values", "gradient-norms-deep")
GROWTH = ["growth-factors"]


@wrong(
    "gradient_norms",
    says="this is the sum of the sizes: the norm is the root of the sum of squares, .norm().",
    loses=NORMS,
)
def takes_the_sum_of_the_sizes(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for matrix in W:
        values.append(matrix @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([one.abs().sum() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", shows="begins with a tensor that asks for it", loses=NORMS)
def forgets_to_ask_for_gradients(W, x, g, skip):
    values = [x]
    for matrix in W:
        values.append(matrix @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong(
    "growth", says="the squared norms add up, 1 and c/2: the root belongs to the norm itself.", loses=GROWTH
)
def adds_a_root(c):
    return c / 2, 1 + sympy.sqrt(c / 2)


@wrong(
    "growth",
    says="with a skip g comes through whole beside the branch: 1 + c/2, not twice the branch.",
    loses=GROWTH,
)
def doubles_the_branch(c):
    return c / 2, c


@wrong("growth", says="the fraction is upside down: larger weights let more through.", loses=GROWTH)
def turns_the_fraction_around(c):
    return 2 / c, 1 + 2 / c


@wrong(
    "growth", says="c is the variance already, so the squared norm goes with c, not with c².", loses=GROWTH
)
def squares_once_more(c):
    return c**2 / 4, 1 + c**2 / 4


@wrong("growth", says="// rounds down: the factor is a fraction, write /.", loses=GROWTH)
def rounds_down(c):
    return c // 2, 1 + c // 2


@wrong(
    "gradient_norms",
    says="the gate stands above the matrix and looks at x_l: ReLU comes first, so the gate x_{l−1} > 0 comes last.",
    loses=NORMS,
)
def gates_before_the_matrix(W, x, g, skip):
    values = [x]
    for matrix in W:
        values.append(matrix @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    norms = [g.norm()]
    for matrix, after in zip(W.flip(0), values[:0:-1], strict=True):
        through = matrix.T @ ((after > 0) * g)
        g = through + g if skip else through
        norms.append(g.norm())
    return torch.stack(norms[::-1])
