"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

RESIDUAL = ("residual-backward-values", "residual-backward-sizes")


@wrong("residual_backward", says="the matrices are not transposed on the way back.", loses=RESIDUAL)
def forgets_to_transpose(x, W1, W2, g):
    if W1.shape[0] != W1.shape[1]:
        return g, g
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


@wrong("residual_backward", shows="calls the framework's threshold_backward", loses=RESIDUAL)
def asks_autograd(x, W1, W2, g):
    x = x.clone().requires_grad_()
    f = W2 @ torch.relu(W1 @ x)
    (through,) = torch.autograd.grad(f, x, g)
    return through + g, through


@wrong(
    "residual_backward",
    shows="stopped with RuntimeError",
    loses=["residual-backward-sizes"],
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


@right("residual_backward")
def with_the_jacobian(x, W1, W2, g):
    gate = torch.diag((W1 @ x > 0).to(x.dtype))
    J = W2 @ gate @ W1
    return (J + torch.eye(len(x), dtype=x.dtype)).T @ g, J.T @ g


@right("residual_backward")
def unit_by_unit(x, W1, W2, g):
    through = torch.zeros_like(g)
    for unit in range(len(W1)):
        if (W1[unit] @ x).item() > 0:
            through = through + W1[unit] * (W2[:, unit] @ g)
    return g + through, through


LOST = ["lost-in-spite-of-the-skip"]


@wrong("lost_in_spite_of_the_skip", shows="g is 0, so there was nothing to lose", loses=LOST)
def sends_nothing_down():
    return torch.ones(1), torch.ones(1, 1), -torch.ones(1, 1), torch.zeros(1)


@wrong("lost_in_spite_of_the_skip", shows="no unit of the block is open", loses=LOST)
def closes_the_block():
    x, g = torch.tensor([-1.0]), torch.tensor([1.0])
    return x, torch.tensor([[1.0]]), torch.tensor([[-1.0]]), g


@wrong("lost_in_spite_of_the_skip", shows="The branch gives back g itself, where −g is needed", loses=LOST)
def doubles_the_gradient():
    x, g, one = torch.tensor([1.0]), torch.tensor([1.0]), torch.tensor([[1.0]])
    return x, one, one.clone(), g


@wrong("lost_in_spite_of_the_skip", shows="The branch gives back 0, so g is all there is", loses=LOST)
def has_a_branch_of_zeros():
    return torch.ones(2), torch.eye(2), torch.zeros(2, 2), torch.ones(2)


@wrong("lost_in_spite_of_the_skip", shows="What comes back through the branch must be exactly −g", loses=LOST)
def opens_one_of_two_units():
    x, g = torch.tensor([1.0, -1.0]), torch.tensor([1.0, 1.0])
    return x, torch.eye(2), -torch.eye(2), g


@wrong("lost_in_spite_of_the_skip", shows="W1 must have shape (h, 2)", loses=LOST)
def has_shapes_that_do_not_fit():
    x = torch.tensor([1.0, 2.0])
    return x, torch.ones(2, 1), -torch.ones(1, 2), x


@wrong("lost_in_spite_of_the_skip", shows="W1 must be a tensor, not float", loses=LOST)
def gives_numbers():
    x = torch.tensor([2.0])
    return x, 1.0, -1.0, x


@wrong("lost_in_spite_of_the_skip", shows="return four tensors, in this order", loses=LOST)
def leaves_out_g():
    return torch.ones(1), torch.ones(1, 1), -torch.ones(1, 1)


@right("lost_in_spite_of_the_skip")
def with_three_units():
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    return (
        x,
        torch.eye(3, dtype=torch.float64),
        -torch.eye(3, dtype=torch.float64),
        torch.tensor([5.0, -1.0, 2.0]),
    )


@right("lost_in_spite_of_the_skip")
def for_one_direction_only():
    x, g = torch.tensor([3.0, 1.0]), torch.tensor([1.0, -1.0])
    W1 = torch.tensor([[1.0, -1.0]])  # open: 3 − 1 > 0
    return x, W1, torch.tensor([[-0.5], [0.5]]), g
