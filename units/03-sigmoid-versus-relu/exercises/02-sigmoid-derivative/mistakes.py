"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import sympy
import torch

from nonconv.authoring import wrong

FROM_VALUE = ["slope-from-value"]


@wrong(
    "slope_from_value",
    says="the sign is turned around: tanh rises, so the slope is positive.",
    loses=FROM_VALUE,
)
def turns_the_sign(y, A, k):
    return k * (y**2 / A - A)


@wrong(
    "slope_from_value",
    says="1 − y² is the slope of tanh itself: here y is A times as high, and x is squeezed by k.",
    loses=FROM_VALUE,
)
def takes_the_slope_of_tanh(y, A, k):
    return 1 - y**2


@wrong("slope_from_value", says="the inner derivative k is missing.", loses=FROM_VALUE)
def forgets_the_inner_derivative(y, A, k):
    return A - y**2 / A


@wrong(
    "slope_from_value",
    says="tanh(kx) is y/A, not y: divide before you square.",
    loses=FROM_VALUE,
)
def forgets_to_divide_the_value(y, A, k):
    return A * k * (1 - y**2)


@wrong(
    "slope_from_value", says="A is missing in front: the whole curve is A times as high.", loses=FROM_VALUE
)
def forgets_the_height(y, A, k):
    return k * (1 - (y / A) ** 2)


@wrong("slope_from_value", shows="your formula is k*(A + y^2/A)", loses=FROM_VALUE)
def adds_instead(y, A, k):
    return k * (A + y**2 / A)


@wrong(
    "slope_from_value",
    says="y (1 − y) is for σ; tanh' is 1 − tanh².",
    loses=FROM_VALUE,
)
def takes_the_slope_of_sigma(y, A, k):
    return A * k * (y / A) * (1 - y / A)


@wrong(
    "slope_from_value", says="y is already A tanh(kx): do not apply tanh to it once more.", loses=FROM_VALUE
)
def applies_tanh_once_more(y, A, k):
    return A * k * (1 - sympy.tanh(k * y) ** 2)


@wrong("slope_from_value", says="the square is missing: tanh' is 1 − tanh².", loses=FROM_VALUE)
def forgets_the_square(y, A, k):
    return k * (A - y)


@wrong("slope_from_value", shows="write the formula with + - * / **", loses=FROM_VALUE)
def computes_with_torch(y, A, k):
    return torch.mul(k, A - y**2 / A)


DERIVATIVE = ("sigmoid-derivative-values", "sigmoid-derivative-float32", "sigmoid-derivative-large")


@wrong("sigmoid_derivative", shows="1 − σ subtracts two nearly equal numbers", loses=DERIVATIVE[1:])
def from_the_value(x):
    s = 1 / (1 + torch.exp(-x))
    return s * (1 - s)


@wrong("sigmoid_derivative", shows="are no numbers", loses=DERIVATIVE[2:])
def the_quotient_rule(x):
    return torch.exp(-x) / (1 + torch.exp(-x)) ** 2


@wrong("sigmoid_derivative", says="this is σ(x) itself, one factor of two.", loses=DERIVATIVE)
def forgets_the_other_factor(x):
    return 1 / (1 + torch.exp(-x))


@wrong("sigmoid_derivative", says="this is σ(x)², but the second factor is σ(−x).", loses=DERIVATIVE)
def squares_the_value(x):
    return (1 / (1 + torch.exp(-x))) ** 2


@wrong("sigmoid_derivative", says="this is 4 σ'(x): with tanh it is (1 − tanh²(x/2))/4.", loses=DERIVATIVE)
def forgets_the_quarter(x):
    return 1 - torch.tanh(x / 2) ** 2


@wrong(
    "sigmoid_derivative",
    says="the sign is turned around: σ rises everywhere, so σ' is positive.",
    loses=DERIVATIVE,
)
def differentiates_the_exponent_wrongly(x):
    s = 1 / (1 + torch.exp(-x))
    return -s / (1 + torch.exp(x))


@wrong("sigmoid_derivative", shows="expected 2.06115e-09, got 0", loses=DERIVATIVE[1:])
def by_differences(x):
    h = 1e-4

    def s(x):
        return 1 / (1 + torch.exp(-x))

    return (s(x + h) - s(x - h)) / (2 * h)


@wrong("sigmoid_derivative", shows="calls the framework's sigmoid", loses=DERIVATIVE)
def from_the_frameworks_sigmoid(x):
    return torch.sigmoid(x) * torch.sigmoid(-x)


@wrong("sigmoid_derivative", shows="a difference quotient is not", loses=DERIVATIVE[1:])
def takes_a_difference_quotient(x):
    h = 1e-5
    return (1 / (1 + torch.exp(-x - h)) - 1 / (1 + torch.exp(-x + h))) / (2 * h)


@wrong(
    "sigmoid_derivative",
    says="at x = 0 autograd takes |x| to have the slope 0, and so gives 0: write σ without |x| there.",
    loses=DERIVATIVE[:1],
)
def by_autograd_through_the_absolute_value(x):
    x = x.clone().requires_grad_()
    small = torch.exp(-x.abs())
    value = torch.where(x >= 0, 1.0, small) / (1 + small)
    return torch.autograd.grad(value.sum(), x)[0]


@wrong("sigmoid_derivative", shows="are no numbers", loses=DERIVATIVE[2:])
def by_autograd_through_the_reciprocal(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad((1 / (1 + torch.exp(-x))).sum(), x)[0]


@wrong("sigmoid_derivative", shows="calls scipy.logistic_gen._pdf", loses=DERIVATIVE)
def calls_a_density(x):
    from scipy.stats import logistic

    return torch.from_numpy(logistic.pdf(x.numpy()))


@wrong(
    "sigmoid_derivative", shows="its dtype is torch.float64, but it follows the input", loses=DERIVATIVE[1:2]
)
def computes_in_float64(x):
    small = torch.exp(-x.double().abs())
    return small / (1 + small) ** 2
