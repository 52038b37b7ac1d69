"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import torch

from nonconv.authoring import right, wrong

NORMS = ("gradient-norms-values", "gradient-norms-deep")


@wrong("gradient_norms", says="`skip` is not looked at: with a skip, x is added to each block.", loses=NORMS)
def never_skips(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", says="`skip` is not looked at: without a skip nothing is added.", loses=NORMS)
def always_skips(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(values[-1] + W_l @ torch.relu(values[-1]))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", says="the norms are in the order of the way back: begin with l = 0.", loses=NORMS)
def lists_them_from_the_top(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    norms = [one.norm() for one in torch.autograd.grad(values[-1], values, g)]
    return torch.stack(norms[::-1])


@wrong(
    "gradient_norms", says="these are squared norms: the norm is the root of the sum of squares.", loses=NORMS
)
def squares_them(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([(one**2).sum() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", says="the matrices are not transposed on the way back.", loses=NORMS)
def goes_back_without_transposing(W, x, g, skip):
    values = [x]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    norms = [g.norm()]
    for W_l, before in zip(W.flip(0), values[-2::-1], strict=True):
        through = (before > 0) * (W_l @ g)
        g = through + g if skip else through
        norms.append(g.norm())
    return torch.stack(norms[::-1])


@wrong(
    "gradient_norms",
    says="the gate looks at what came out of the block: ReLU was open where its input x_{l−1} was positive.",
    loses=NORMS,
)
def gates_by_what_came_out(W, x, g, skip):
    values = [x]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    norms = [g.norm()]
    for W_l, after in zip(W.flip(0), values[:0:-1], strict=True):
        through = (after > 0) * (W_l.T @ g)
        g = through + g if skip else through
        norms.append(g.norm())
    return torch.stack(norms[::-1])


@wrong(
    "gradient_norms",
    says="each gradient is that of one block alone: they pass through all blocks above.",
    loses=NORMS,
)
def starts_anew_in_each_block(W, x, g, skip):
    norms, value = [], x
    for W_l in W:
        through = (value > 0) * (W_l.T @ g)
        norms.append((through + g if skip else through).norm())
        value = W_l @ torch.relu(value) + (value if skip else 0)
    return torch.stack([*norms, g.norm()])


@wrong("gradient_norms", says="these are the norms of x_l: the exercise asks for the gradients.", loses=NORMS)
def measures_the_values(W, x, g, skip):
    values = [x]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([value.norm() for value in values])


@wrong("gradient_norms", shows="expected shape (2,), got (1,)", loses=NORMS)
def leaves_out_the_last(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values[:-1], g)])


@wrong("gradient_norms", shows="expected a tensor of shape (2,), got a list of 2 values", loses=NORMS)
def returns_a_list(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return [one.norm().item() for one in torch.autograd.grad(values[-1], values, g)]


@wrong(
    "gradient_norms",
    says="ReLU stands behind the matrix: here a block is W_l ReLU(x_{l−1}), first ReLU, then the matrix.",
    loses=NORMS,
)
def applies_relu_behind_the_matrix(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(torch.relu(W_l @ values[-1]) + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@right("gradient_norms")
def with_autograd(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([torch.linalg.vector_norm(one) for one in torch.autograd.grad(values[-1], values, g)])


@right("gradient_norms")
def with_jacobians(W, x, g, skip):
    same = torch.eye(len(x), dtype=x.dtype) * skip
    jacobians = []
    for W_l in W:
        jacobians.append(W_l * (x > 0) + same)
        x = W_l @ x.relu() + (x if skip else 0)
    norms = [g.norm()]
    for J in jacobians[::-1]:
        g = J.T @ g
        norms.insert(0, g.norm())
    return torch.tensor(norms, dtype=x.dtype)


GROWTH = ["growth-factors"]


@wrong(
    "growth", says="half of the ReLUs are closed: c alone would be the factor if all were open.", loses=GROWTH
)
def opens_every_gate(c):
    return c, 1 + c


@wrong(
    "growth", says="these are the factors of the norm: the exercise asks for the squared norm.", loses=GROWTH
)
def takes_roots(c):
    return (c / 2) ** 0.5, (1 + c / 2) ** 0.5


@wrong("growth", says="the factors are swapped: first the one without a skip.", loses=GROWTH)
def swaps_the_factors(c):
    return 1 + c / 2, c / 2


@wrong(
    "growth", says="the skip adds g, of the squared norm 1, not 1/2: no gate stands in its way.", loses=GROWTH
)
def gates_the_skip(c):
    return c / 2, (1 + c) / 2


@wrong(
    "growth",
    says="you add the norms: the squared norm of a sum has a middle term, and its mean is 0, so the squares add up.",
    loses=GROWTH,
)
def adds_norms_and_squares(c):
    return c / 2, 1 + 2 * (c / 2) ** (c / c / 2) + c / 2


@wrong(
    "growth",
    says="a skip changes the factor: g itself is added to what comes through the block.",
    loses=GROWTH,
)
def sees_no_skip(c):
    return c / 2, c / 2


@wrong(
    "growth", says="with a skip nothing is lost, but something is added: the factor is not 1.", loses=GROWTH
)
def believes_the_skip_keeps_it(c):
    return c / 2, 1 + 0 * c


@wrong("growth", shows="it must return the 2 values", loses=GROWTH)
def gives_one_factor(c):
    return 1 + c / 2


@wrong("growth", shows="The inputs are symbols, not numbers", loses=GROWTH)
def takes_a_root_with_math(c):
    return math.sqrt(c / 2), math.sqrt(1 + c / 2)


@right("growth")
def over_a_common_denominator(c):
    return 0.5 * c, (c + 2) / 2


@right("growth")
def from_the_terms(c):
    own, skipped, mixed = c / 2, 1, 0
    return own, own + mixed + skipped
