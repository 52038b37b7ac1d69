"""Autograd in the place of the chain rule, through one door after the other."""

import torch

from nonconv.authoring import wrong

RESIDUAL = ("residual-backward-values", "residual-backward-sizes")
BANNED = "Autograd is not allowed here: write the derivative out"


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def asks_autograd(x, W1, W2, g):
    x = x.clone().requires_grad_()
    f = W2 @ torch.relu(W1 @ x)
    (through,) = torch.autograd.grad(f, x, g)
    return through + g, through


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def asks_autograd_with_a_relu_of_its_own(x, W1, W2, g):
    from torch.autograd import grad as way_back

    x = x.clone().requires_grad_()
    at = W1 @ x
    (through,) = way_back(W2 @ torch.where(at > 0, at, 0), x, g)
    return through + g, through


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def calls_backward(x, W1, W2, g):
    x = x.clone().requires_grad_()
    (W2 @ (W1 @ x).relu()).backward(g)
    return x.grad + g, x.grad


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def asks_in_a_helper(x, W1, W2, g):
    def gradient(f):
        start = x.clone().requires_grad_()
        (f(start) @ g).backward()
        return start.grad

    return gradient(lambda x: W2 @ (W1 @ x).relu() + x), gradient(lambda x: W2 @ (W1 @ x).relu())


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def asks_for_the_jacobian(x, W1, W2, g):
    J = torch.autograd.functional.jacobian(lambda x: W2 @ torch.relu(W1 @ x), x)
    return J.T @ g + g, J.T @ g


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def asks_functions_of_functions(x, W1, W2, g):
    from torch.func import vjp

    (through,) = vjp(lambda x: W2 @ torch.relu(W1 @ x), x)[1](g)
    return through + g, through


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def goes_forwards_in_every_direction(x, W1, W2, g):
    steps = torch.eye(len(x), dtype=x.dtype)
    through = torch.stack([torch.func.jvp(lambda x: W2 @ (W1 @ x).relu(), (x,), (e,))[1] @ g for e in steps])
    return through + g, through


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def takes_dual_numbers(x, W1, W2, g):
    from torch.autograd import forward_ad

    through = torch.zeros_like(x)
    for n, e in enumerate(torch.eye(len(x), dtype=x.dtype)):
        with forward_ad.dual_level():
            y = W2 @ torch.relu(W1 @ forward_ad.make_dual(x, e))
            through[n] = forward_ad.unpack_dual(y).tangent @ g
    return through + g, through


@wrong("residual_backward", shows=BANNED, loses=RESIDUAL)
def hides_the_error(x, W1, W2, g):
    try:
        start = x.clone().requires_grad_()
        (through,) = torch.autograd.grad(W2 @ torch.relu(W1 @ start), start, g)
    except Exception:
        through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through + g, through
