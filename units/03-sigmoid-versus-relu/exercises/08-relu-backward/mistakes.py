"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import wrong

BACKWARD = ("relu-backward-values", "relu-backward-batch")


@wrong(
    "relu_backward",
    says="at x = 0 the slope is to be 0: pass the gradient where x > 0, not x ≥ 0.",
    loses=BACKWARD,
)
def lets_zero_pass(x, grad, c):
    return grad * ((x >= 0) & (x < c))


@wrong(
    "relu_backward",
    says="at x = c the slope is to be 0: pass the gradient where x < c, not x ≤ c.",
    loses=BACKWARD,
)
def lets_the_ceiling_pass(x, grad, c):
    return grad * ((x > 0) & (x <= c))


@wrong(
    "relu_backward",
    says="the ceiling is missing: above c the output does not move, so no gradient passes.",
    loses=BACKWARD,
)
def forgets_the_ceiling(x, grad, c):
    return grad * (x > 0)


@wrong(
    "relu_backward",
    says="the floor is missing: below 0 the output does not move, so no gradient passes.",
    loses=BACKWARD,
)
def forgets_the_floor(x, grad, c):
    return grad * (x < c)


@wrong(
    "relu_backward",
    says="this is the slope alone; the chain rule multiplies it by the gradient that comes in.",
    loses=BACKWARD,
)
def returns_the_slope(x, grad, c):
    return ((x > 0) & (x < c)).to(grad.dtype)


@wrong(
    "relu_backward",
    says="this multiplies by the output; the way back multiplies by its slope, 0 or 1.",
    loses=BACKWARD,
)
def multiplies_by_the_output(x, grad, c):
    return grad * x.clamp(0, c)


@wrong(
    "relu_backward",
    says="this clips the gradient; whether it passes depends on x, not on its own size.",
    loses=BACKWARD,
)
def clips_the_gradient(x, grad, c):
    return grad.clamp(0, c)


@wrong(
    "relu_backward",
    says="negative gradients are lost: where 0 < x < c they pass as well.",
    loses=BACKWARD,
)
def lets_positive_gradients_pass_only(x, grad, c):
    return grad.clamp(min=0) * ((x > 0) & (x < c))


@wrong(
    "relu_backward",
    says="the mask is turned around: the gradient passes where x is between 0 and c.",
    loses=BACKWARD,
)
def turns_the_mask_around(x, grad, c):
    return grad * ((x <= 0) | (x >= c))


@wrong("relu_backward", says="this leaks: below 0 and above c nothing passes here.", loses=BACKWARD)
def leaks(x, grad, c):
    return torch.where((x > 0) & (x < c), grad, 0.01 * grad)


@wrong("relu_backward", shows="calls the framework's", loses=BACKWARD)
def asks_autograd(x, grad, c):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.relu(x) - torch.relu(x - c), x, grad)[0]


@wrong("relu_backward", shows="calls the framework's hardtanh", loses=BACKWARD)
def calls_the_kernel_itself(x, grad, c):
    return torch.ops.aten.hardtanh_backward(grad, x, 0, c)


@wrong("relu_backward", shows="Autograd is not allowed here", loses=BACKWARD)
def asks_autograd_in_another_way(x, grad, c):
    def slope(x):
        return torch.func.grad(lambda x: x.clamp(0, c).sum())(x)

    return grad * slope(x)


@wrong("relu_backward", shows="its dtype is torch.float32, but torch.float64 is expected", loses=BACKWARD)
def leaves_float64(x, grad, c):
    return grad.float() * ((x > 0) & (x < c))


@wrong("relu_backward", shows="it changes its input grad in place", loses=BACKWARD)
def overwrites_the_gradient(x, grad, c):
    grad[(x <= 0) | (x >= c)] = 0
    return grad


DEAD = ("count-dead-values", "count-dead-others")


@wrong("count_dead", says="at exactly 0 no gradient passes either: dead means ≤ 0 or ≥ c.", loses=DEAD)
def demands_negative_numbers(z, c):
    return int(((z < 0) | (z >= c)).all(0).sum())


@wrong("count_dead", says="at exactly c no gradient passes either: dead means ≤ 0 or ≥ c.", loses=DEAD)
def demands_numbers_beyond_the_ceiling(z, c):
    return int(((z <= 0) | (z > c)).all(0).sum())


@wrong(
    "count_dead",
    says="the ceiling is missing: a unit that is always at c passes no gradient, too.",
    loses=DEAD,
)
def forgets_the_ceiling_of_units(z, c):
    return int((z <= 0).all(0).sum())


@wrong(
    "count_dead",
    says="a unit may lie at the floor for some examples and at the ceiling for the rest: it is dead, too.",
    loses=DEAD,
)
def asks_for_one_end_only(z, c):
    return int(((z <= 0).all(0) | (z >= c).all(0)).sum())


@wrong("count_dead", says="this counts examples (rows); units are columns.", loses=DEAD)
def counts_the_examples(z, c):
    return int(((z <= 0) | (z >= c)).all(1).sum())


@wrong(
    "count_dead",
    says="this counts units that are off for some example; dead is off for all of them.",
    loses=DEAD,
)
def counts_units_that_are_off_once(z, c):
    return int(((z <= 0) | (z >= c)).any(0).sum())


@wrong("count_dead", says="this counts single numbers; asked are whole columns.", loses=DEAD)
def counts_numbers(z, c):
    return int(((z <= 0) | (z >= c)).sum())


@wrong("count_dead", says="this is the number of all units; asked is how many of them are dead.", loses=DEAD)
def counts_the_units(z, c):
    return z.shape[1]


@wrong("count_dead", says="these are the units that live.", loses=DEAD)
def counts_the_living(z, c):
    return int(((z > 0) & (z < c)).any(0).sum())


@wrong("count_dead", shows="the number of dead units: expected", loses=DEAD)
def looks_at_the_mean(z, c):
    middle = z.mean(0)
    return int(((middle <= 0) | (middle >= c)).sum())


@wrong("count_dead", says="this is their share; asked is their number.", loses=DEAD)
def returns_the_share(z, c):
    return ((z <= 0) | (z >= c)).all(0).double().mean().item()


@wrong("count_dead", shows="expected a number", loses=DEAD)
def returns_the_mask(z, c):
    return ((z <= 0) | (z >= c)).all(0)
