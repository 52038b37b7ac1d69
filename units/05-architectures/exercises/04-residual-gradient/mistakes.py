"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import wrong

RESIDUAL = ("residual-backward-values", "residual-backward-sizes")


@wrong("residual_backward", says="the matrices are not transposed on the way back.", loses=RESIDUAL)
def forgets_to_transpose(x, W1, W2, g):
    through = W1 @ ((W1 @ x > 0) * (W2 @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="ReLU is passed over: where W1 x is negative, it stops the gradient.",
    loses=RESIDUAL,
)
def passes_over_the_relu(x, W1, W2, g):
    through = W1.T @ W2.T @ g
    return through + g, through


@wrong("residual_backward", says="the two results are swapped: first the one with the skip.", loses=RESIDUAL)
def returns_them_swapped(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through, through + g


@wrong(
    "residual_backward",
    says="the skip adds x to the gradient: the derivative of x is 1, so it adds g.",
    loses=RESIDUAL,
)
def adds_x(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through + x, through


@wrong("residual_backward", says="the skip adds 1: it adds 1 times what arrives, g.", loses=RESIDUAL)
def adds_one(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through + 1, through


@wrong(
    "residual_backward",
    says="the gate looks at the gradient: ReLU is open where its input W1 x was positive on the way there.",
    loses=RESIDUAL,
)
def gates_by_the_gradient(x, W1, W2, g):
    through = W1.T @ torch.relu(W2.T @ g)
    return through + g, through


@wrong(
    "residual_backward",
    says="the gradient is multiplied by ReLU's value: it is multiplied by its slope, 0 or 1.",
    loses=RESIDUAL,
)
def multiplies_by_the_value(x, W1, W2, g):
    through = W1.T @ (torch.relu(W1 @ x) * (W2.T @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="the gradient g from above is left out: f'ᵀ is applied to g, not to 1.",
    loses=RESIDUAL,
)
def forgets_what_arrives(x, W1, W2, g):
    ones = torch.ones_like(g)
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ ones))
    return through + ones, through


@wrong("residual_backward", shows="it must return the 2 values", loses=RESIDUAL)
def returns_one(x, W1, W2, g):
    return W1.T @ ((W1 @ x > 0) * (W2.T @ g)) + g


@wrong(
    "residual_backward",
    shows="stopped with RuntimeError",
    loses=RESIDUAL,
)
def multiplies_where_shapes_happen_to_fit(x, W1, W2, g):
    J = (W2 * (W1 @ x > 0)) @ W1
    gate = torch.zeros_like(x) + (W1 @ x > 0)
    return J.T @ g + g + 0 * gate, J.T @ g


@wrong(
    "residual_backward",
    says="where W1 x is exactly 0 the gate is open: ReLU's slope at 0 counts as 0, so ask for > 0.",
    loses=["residual-backward-sizes"],
)
def opens_the_gate_at_zero(x, W1, W2, g):
    through = W1.T @ ((W1 @ x >= 0) * (W2.T @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="the gate looks at x: ReLU is open where its own input was positive, which is W1 x.",
    loses=RESIDUAL,
)
def gates_by_x(x, W1, W2, g):
    through = (x > 0) * (W1.T @ (W2.T @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="the gate opens at 1: ReLU's slope is 1 for every positive input, however small.",
    loses=RESIDUAL,
)
def opens_the_gate_at_one(x, W1, W2, g):
    through = W1.T @ ((W1 @ x >= 1) * (W2.T @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="the branch's gradient is multiplied by g once more: g has passed through it already.",
    loses=RESIDUAL,
)
def multiplies_by_g_again(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through * g + g, through


@wrong("residual_backward", shows="expected shape (1,), got (1, 1)", loses=RESIDUAL)
def returns_columns(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0)[:, None] * (W2.T @ g[:, None]))
    return through + g[:, None], through


@wrong("residual_backward", shows="its dtype is torch.float32, but torch.float64 is expected", loses=RESIDUAL)
def computes_in_float32(x, W1, W2, g):
    x, W1, W2, g = (value.float() for value in (x, W1, W2, g))
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="where W1 x is exactly 0 half of the gradient passes: ReLU's slope at 0 counts as 0 here.",
    loses=["residual-backward-sizes"],
)
def lets_half_through_at_zero(x, W1, W2, g):
    slope = torch.heaviside(W1 @ x, torch.full((1,), 0.5, dtype=x.dtype))
    through = W1.T @ (slope * (W2.T @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="the gate stands behind W2: ReLU acts on W1 x, before W2 is applied.",
    loses=RESIDUAL,
)
def gates_behind_the_second_matrix(x, W1, W2, g):
    through = W1.T @ (W2.T @ ((W2 @ torch.relu(W1 @ x) > 0) * g))
    return through + g, through


@wrong("residual_backward", says="g is added twice: without the skip nothing is added.", loses=RESIDUAL)
def adds_the_skip_twice(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through + 2 * g, through + g


@wrong(
    "residual_backward", says="these are the values y on the way there: asked are gradients.", loses=RESIDUAL
)
def goes_forwards(x, W1, W2, g):
    f = W2 @ torch.relu(W1 @ x)
    return f + x, f
