"""What students answer: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

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


@wrong(
    "gradient_norms",
    says="ReLU stands on the skip too: what is added is x_{l−1} itself.",
    loses=NORMS,
)
def puts_relu_on_the_skip(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        passed = values[-1].relu()
        values.append(W_l @ passed + (passed if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong(
    "gradient_norms",
    says="g from above is left out: the gradient begins with g at the top, not with 1.",
    loses=NORMS,
)
def forgets_what_arrives(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ values[-1].relu() + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1].sum(), values)])


@wrong(
    "gradient_norms",
    says="the blocks are run from the last to the first: W[0] is that of the first block.",
    loses=NORMS,
)
def runs_the_blocks_backwards(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W.flip(0):
        values.append(W_l @ values[-1].relu() + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong(
    "gradient_norms",
    says="the norms are divided by ‖g‖: the last one is ‖g‖ itself, not 1.",
    loses=NORMS,
)
def divides_by_the_last(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ values[-1].relu() + (values[-1] if skip else 0))
    norms = torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])
    return norms / norms[-1]


@wrong(
    "gradient_norms",
    says="this is the largest component: ‖·‖ is the root of the sum of squares.",
    loses=NORMS,
)
def takes_the_largest_component(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ values[-1].relu() + (values[-1] if skip else 0))
    return torch.stack([one.abs().max() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", shows="its dtype is torch.float32, but torch.float64 is expected", loses=NORMS)
def makes_a_tensor_of_floats(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ values[-1].relu() + (values[-1] if skip else 0))
    return torch.tensor([one.norm().item() for one in torch.autograd.grad(values[-1], values, g)])


@wrong(
    "gradient_norms", says="the skip adds x_0 in each block: it adds x_{l−1}, what goes into it.", loses=NORMS
)
def skips_from_the_input(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ values[-1].relu() + (values[0] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", says="the skip is left out on the way back: it passes g on.", loses=NORMS)
def cuts_the_skip_on_the_way_back(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ values[-1].relu() + (values[-1].detach() if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])
