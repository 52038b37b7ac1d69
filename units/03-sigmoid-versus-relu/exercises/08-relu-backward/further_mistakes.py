"""Further wrong ways: those of a reader who had not seen the others."""

import sympy
import torch

from nonconv.authoring import wrong

BACKWARD = ("relu-backward-values", "relu-backward-batch")
DEAD = ("count-dead-values", "count-dead-others")
DEVIATION = ["weight-deviation"]


@wrong("relu_backward", says="this is the way forward, y itself; grad is not used.", loses=BACKWARD)
def goes_forward(x, grad, c):
    return x.clamp(0, c)


@wrong("relu_backward", says="below 0 the curve is flat: its slope is 0 there, not −1.", loses=BACKWARD)
def takes_the_sign_for_the_slope(x, grad, c):
    return grad * torch.sign(x) * (x < c)


@wrong(
    "count_dead",
    says="a sum or a mean below 0 can hide a positive number: look at each number by itself.",
    loses=DEAD,
)
def looks_at_the_sum(z, c):
    return int((z.sum(0) <= 0).sum())


@wrong(
    "count_dead",
    says="this looks at the first example only; dead means: between 0 and c for none of them.",
    loses=DEAD,
)
def looks_at_the_first_example(z, c):
    return int(((z[0] <= 0) | (z[0] >= c)).sum())


@wrong(
    "count_dead",
    says="a unit is dead where its inputs are beyond the ends, too: ask for ≤ 0 and ≥ c, not for =.",
    loses=DEAD,
)
def asks_for_the_ends_themselves(z, c):
    return int(((z == 0) | (z == c)).all(0).sum())


@wrong(
    "weight_deviation",
    says="1 + a² belongs below the fraction line, with n: put brackets, 2 / (n * (1 + a**2)).",
    loses=DEVIATION,
)
def forgets_the_brackets(n, a):
    return sympy.sqrt(2 / n * (1 + a**2))


@wrong(
    "weight_deviation", says="the root is of the whole fraction, of 2 and of 1 + a² as well.", loses=DEVIATION
)
def takes_the_root_of_n_only(n, a):
    return 2 / (sympy.sqrt(n) * (1 + a**2))


@wrong("weight_deviation", says="of the two roots a standard deviation is the positive one.", loses=DEVIATION)
def takes_the_negative_root(n, a):
    return -sympy.sqrt(2 / (n * (1 + a**2)))


@wrong(
    "weight_deviation",
    says="(1 + a)² has a middle term 2a; the two halves of the square are 1 and a².",
    loses=DEVIATION,
)
def squares_the_sum(n, a):
    return sympy.sqrt(2 / (n * (1 + a) ** 2))


@wrong("relu_backward", says="the ceiling is c, whatever it is, not 6.", loses=BACKWARD)
def takes_six_for_the_ceiling(x, grad, c):
    return grad * ((x > 0) & (x < 6))


@wrong(
    "relu_backward",
    says="below 0 the slope is 0, too: |x| < c lets the numbers from −c to 0 pass.",
    loses=BACKWARD,
)
def takes_the_absolute_value(x, grad, c):
    return grad * (x.abs() < c)


@wrong(
    "relu_backward",
    says="at both kinks the slope is to be 0: half of the gradient passes there.",
    loses=BACKWARD,
)
def lets_half_pass_at_the_kinks(x, grad, c):
    return grad * (torch.sign(x) - torch.sign(x - c)) / 2


@wrong(
    "relu_backward",
    says="the gradient is clipped: it passes whole or not at all, and x decides.",
    loses=BACKWARD,
)
def clips_the_gradient(x, grad, c):
    return grad.clamp(0, c) * (x > 0)


@wrong("count_dead", says="at exactly 0 and at exactly c no gradient passes either: ≤ 0 or ≥ c.", loses=DEAD)
def leaves_both_ends_alive(z, c):
    return int(((z < 0) | (z > c)).all(0).sum())
