"""Which slips in the solution are no mistakes: another block that loses its gradient."""

import torch


def loses_the_gradient(answer) -> bool:
    if len({value.dtype for value in answer()}) > 1:
        return False
    x, W1, W2, g = (value.double() for value in answer())
    x = x.requires_grad_()
    (gradient,) = torch.autograd.grad(W2 @ torch.relu(W1 @ x) + x, x, g)
    return bool(g.any()) and not bool(gradient.any())


RIGHT = {"lost_in_spite_of_the_skip": loses_the_gradient}
