"""What students answer in unit 3: the wrong ways, each with what it must be told and lose, and other right ways."""

import math

import numpy as np
import sympy
import torch

from nonconv.checks.attempts import right, wrong
from nonconv.checks.runs import training_curve

# ---------------------------------------------------------------------------------------------- sigmoid(x)

SIGMOID = ("sigmoid-values", "sigmoid-extreme", "sigmoid-float32")
FAR = ("sigmoid-extreme", "sigmoid-float32")


@wrong("sigmoid", shows="∞/∞ is no number", loses=FAR)
def the_quotient_of_powers(x):
    return torch.exp(x) / (1 + torch.exp(x))


@wrong("sigmoid", shows="its digits are lost", loses=FAR)
def one_minus_the_other_side(x):
    return 1 - 1 / (1 + torch.exp(x))


@wrong("sigmoid", shows="its digits are lost", loses=FAR)
def by_way_of_tanh(x):
    return (1 + torch.tanh(x / 2)) / 2


@wrong("sigmoid", says="this is σ(−x): the exponent is −x.", loses=SIGMOID)
def forgets_the_minus(x):
    return 1 / (1 + torch.exp(x))


@wrong("sigmoid", shows="for every x, far out too?", loses=FAR)
def clamps_the_input(x):
    return 1 / (1 + torch.exp(-x.clamp(-30, 30)))


@wrong("sigmoid", shows="calls the framework's sigmoid", loses=SIGMOID)
def calls_the_frameworks(x):
    return torch.sigmoid(x)


@wrong("sigmoid", shows="calls the framework's sigmoid", loses=SIGMOID)
def calls_it_by_another_name(x):
    return torch.special.expit(x)


@wrong("sigmoid", shows="stopped with", loses=SIGMOID)
def takes_the_exponential_of_math(x):
    return 1 / (1 + math.exp(-x))


@wrong("sigmoid", says="this is tanh(x), which runs from −1 to 1; σ runs from 0 to 1.", loses=SIGMOID)
def computes_tanh(x):
    return 2 / (1 + torch.exp(-2 * x)) - 1


@wrong("sigmoid", shows="take torch.where(condition, this, that)", loses=SIGMOID)
def branches_on_the_whole_tensor(x):
    if x >= 0:
        return 1 / (1 + torch.exp(-x))
    return torch.exp(x) / (1 + torch.exp(x))


@right("sigmoid")
def the_reciprocal(x):
    return 1 / (1 + torch.exp(-x))


@right("sigmoid")
def with_one_power_that_never_overflows(x):
    return torch.exp(x.clamp(max=0)) / (1 + torch.exp(-x.abs()))


@right("sigmoid")
def through_its_logarithm(x):
    return torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))


# ------------------------------------------------------------------------------------------ nan_gradient()

NAN = ["nan-gradient"]


@wrong("nan_gradient", shows="There e^−x = 3.784e-44: make it overflow", loses=NAN)
def goes_far_to_the_right():
    return 100.0


@wrong("nan_gradient", shows="There e^−x = 1.142e+26", loses=NAN)
def stops_where_the_gradient_is_only_zero():
    x = -60
    return x


@wrong("nan_gradient", shows="x must be finite, not -inf", loses=NAN)
def returns_infinity():
    return -math.inf


@wrong("nan_gradient", shows="x must be finite in float32", loses=NAN)
def leaves_float32_itself():
    return -(10.0**39)


@wrong("nan_gradient", shows="return one number x", loses=NAN)
def returns_two_numbers():
    return -100.0, 100.0


@wrong("nan_gradient", shows="the gradient is 0.25, a number", loses=NAN)
def tries_zero():
    return torch.tensor(0.0)


@right("nan_gradient")
def a_number_of_numpy():
    return -2 * np.log(np.finfo(np.float32).max)


@right("nan_gradient")
def a_thousand():
    return -1000


@right("nan_gradient")
def just_beyond_the_largest_float():
    return torch.tensor(-math.log(torch.finfo(torch.float32).max) - 1)


# --------------------------------------------------------------------------------------- slope_from_value(s)

FROM_VALUE = ["slope-from-value"]


@wrong("slope_from_value", says="the sign is turned around: s (1 − s) is positive.", loses=FROM_VALUE)
def turns_the_sign(s):
    return s * (s - 1)


@wrong(
    "slope_from_value",
    says="1 − s² is the slope of tanh from its value; for σ it is s (1 − s).",
    loses=FROM_VALUE,
)
def takes_the_slope_of_tanh(s):
    return 1 - s**2


@wrong("slope_from_value", says="1 − s is σ(−x), one factor of two.", loses=FROM_VALUE)
def forgets_a_factor(s):
    return 1 - s


@wrong(
    "slope_from_value",
    says="the factor ¼ is not part of it: it is the largest value of s (1 − s).",
    loses=FROM_VALUE,
)
def puts_the_bound_in(s):
    return s * (1 - s) / 4


@wrong("slope_from_value", shows="your formula is s*(s + 1)", loses=FROM_VALUE)
def adds_instead(s):
    return s * (1 + s)


@wrong("slope_from_value", says="s is already σ(x): do not apply σ' to it once more.", loses=FROM_VALUE)
def differentiates_once_more(s):
    return sympy.exp(-s) / (1 + sympy.exp(-s)) ** 2


@wrong("slope_from_value", shows="write the formula with + - * / **", loses=FROM_VALUE)
def computes_with_torch(s):
    return torch.mul(s, 1 - s)


@right("slope_from_value")
def multiplied_out(s):
    return s - s**2


@right("slope_from_value")
def as_a_parabola(s):
    return 0.25 - (s - 0.5) ** 2


# ------------------------------------------------------------------------------------- sigmoid_derivative(x)

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


@right("sigmoid_derivative")
def both_sides(x):
    return 1 / (1 + torch.exp(-x)) / (1 + torch.exp(x))


@right("sigmoid_derivative")
def by_the_hyperbolic_cosine(x):
    return 1 / (torch.exp(x / 2) + torch.exp(-x / 2)) ** 2


# ------------------------------------------------------------------------------- tanh_from_sigma(sigma, x)

TANH = ["tanh-from-sigma"]


@wrong("tanh_from_sigma", says="this is tanh(x/2): σ needs 2x inside.", loses=TANH)
def forgets_the_two_inside(sigma, x):
    return 2 * sigma(x) - 1


@wrong(
    "tanh_from_sigma",
    says="stretch σ to twice its height first: it runs from 0 to 1, tanh from −1 to 1.",
    loses=TANH,
)
def forgets_the_two_outside(sigma, x):
    return sigma(2 * x) - 1


@wrong("tanh_from_sigma", says="subtract 1: this runs from 0 to 2, tanh from −1 to 1.", loses=TANH)
def forgets_to_shift(sigma, x):
    return 2 * sigma(2 * x)


@wrong("tanh_from_sigma", says="this is −tanh(x): it falls.", loses=TANH)
def turns_tanh_around(sigma, x):
    return 1 - 2 * sigma(2 * x)


@wrong("tanh_from_sigma", says="the 2 inside multiplies x; x/2 makes it slower.", loses=TANH)
def divides_inside(sigma, x):
    return 2 * sigma(x / 2) - 1


@wrong("tanh_from_sigma", shows="your formula is 2*σ(2*x - 1)", loses=TANH)
def puts_the_shift_inside(sigma, x):
    return 2 * sigma(2 * x - 1)


@wrong("tanh_from_sigma", shows="it is to be written with sigma only", loses=TANH)
def calls_tanh_itself(sigma, x):
    return sympy.tanh(x)


@wrong("tanh_from_sigma", shows="stopped with TypeError", loses=TANH)
def multiplies_the_function(sigma, x):
    return 2 * sigma - 1


@wrong("tanh_from_sigma", shows="call it, as in sigma(x)", loses=TANH)
def multiplies_by_sigma(sigma, x):
    return 2 * sigma * (2 * x) - 1


@right("tanh_from_sigma")
def the_difference_of_two(sigma, x):
    return sigma(2 * x) - sigma(-2 * x)


@right("tanh_from_sigma")
def from_the_left(sigma, x):
    return 1 - 2 * sigma(-2 * x)


# ------------------------------------------------------------------------------------------ tanh_identity(x)

IDENTITY = ["tanh-identity"]


@wrong("tanh_identity", shows="write one line or more between them", loses=IDENTITY)
def claims_it_in_one_step(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="the first line must be 2σ(2x) − 1", loses=IDENTITY)
def starts_with_another_sigma(x):
    e = sympy.exp
    return [2 / (1 + e(-x)) - 1, (1 - e(-x)) / (1 + e(-x)), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="which is line 1 there: the two lines are not equal", loses=IDENTITY)
def loses_the_one(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (2 - e(-2 * x)) / (1 + e(-2 * x)), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="which is line 2 there: the two lines are not equal", loses=IDENTITY)
def multiplies_only_above(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (1 - e(-2 * x)) / (1 + e(-2 * x)), (e(x) - e(-x)) / (1 + e(-2 * x))]


@wrong("tanh_identity", shows="the last line must be", loses=IDENTITY)
def stops_early(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (1 - e(-2 * x)) / (1 + e(-2 * x))]


@wrong("tanh_identity", shows="are the same expression", loses=IDENTITY)
def writes_a_line_twice(x):
    e = sympy.exp
    start = 2 / (1 + e(-2 * x)) - 1
    return [start, start, (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="uses tanh, which is what is to be shown", loses=IDENTITY)
def uses_what_is_to_be_shown(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, sympy.tanh(x), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="return a list of expressions", loses=IDENTITY)
def returns_that_it_is_true(x):
    e = sympy.exp
    return sympy.simplify(2 / (1 + e(-2 * x)) - 1 - (e(x) - e(-x)) / (e(x) + e(-x))) == 0


@right("tanh_identity")
def with_a_line_that_sympy_merges(x):
    e = sympy.exp
    return [
        2 / (1 + e(-2 * x)) - 1,
        (2 - 1 - e(-2 * x)) / (1 + e(-2 * x)),
        (1 - e(-2 * x)) / (1 + e(-2 * x)),
        (e(x) - e(-x)) / (e(x) + e(-x)),
    ]


@right("tanh_identity")
def in_three_lines(x):
    e = sympy.exp
    return 2 / (1 + e(-2 * x)) - 1, (1 - e(-2 * x)) / (1 + e(-2 * x)), (e(x) - e(-x)) / (e(x) + e(-x))


@right("tanh_identity")
def multiplying_first(x):
    e = sympy.exp
    return [
        2 / (1 + e(-2 * x)) - 1,
        2 * e(x) / (e(x) + e(-x)) - 1,
        (2 * e(x) - (e(x) + e(-x))) / (e(x) + e(-x)),
    ]


# ---------------------------------------------------------------------------------- steepest_point(a, b, c)

PEAK = ["steepest-point"]


@wrong("steepest_point", says="the place has the wrong sign: a x + b = 0 at x = −b/a.", loses=PEAK)
def turns_the_place_around(a, b, c):
    return b / a, a * c / 4


@wrong("steepest_point", says="b shifts the peak away from 0: it is where a x + b = 0.", loses=PEAK)
def leaves_the_peak_at_zero(a, b, c):
    return 0, a * c / 4


@wrong("steepest_point", says="a squeezes too: a x + b = 0 at x = −b/a, not at −b.", loses=PEAK)
def forgets_to_divide(a, b, c):
    return -b, a * c / 4


@wrong("steepest_point", says="the chain rule brings a factor a.", loses=PEAK)
def forgets_the_inner_derivative(a, b, c):
    return -b / a, c / 4


@wrong("steepest_point", says="the height c multiplies the slope as well.", loses=PEAK)
def forgets_the_height(a, b, c):
    return -b / a, a / 4


@wrong("steepest_point", says="σ' is at most ¼: the slope is a c/4.", loses=PEAK)
def takes_one_as_the_slope(a, b, c):
    return -b / a, a * c


@wrong("steepest_point", says="this is φ itself at that place, half of c; asked is its slope.", loses=PEAK)
def returns_the_value_there(a, b, c):
    return -b / a, c / 2


@wrong("steepest_point", says="the two are swapped: the place comes first, then the slope.", loses=PEAK)
def swaps_place_and_slope(a, b, c):
    return a * c / 4, -b / a


@wrong("steepest_point", shows="it must return the 2 values (the place, the slope there)", loses=PEAK)
def returns_the_slope_alone(a, b, c):
    return a * c / 4


@right("steepest_point")
def in_decimals(a, b, c):
    return -b * a**-1, 0.25 * c * a


@right("steepest_point")
def by_solving(a, b, c):
    x = sympy.Symbol("x", real=True)
    (place,) = sympy.solve(a * x + b, x)
    slope = sympy.diff(c / (1 + sympy.exp(-(a * x + b))), x)
    return place, slope.subs(x, place)


# -------------------------------------------------------------------------------------- chain_gradients(w, s)

CHAIN = ("chain-gradients-values", "chain-gradients-deep")


@wrong("chain_gradients", says="the weights are missing: each layer multiplies by w_l σ'.", loses=CHAIN)
def forgets_the_weights(w, s):
    return (s * (1 - s)).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="the slopes σ' are missing: each layer multiplies by w_l s_l (1 − s_l).",
    loses=CHAIN,
)
def forgets_the_slopes(w, s):
    return w.flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="the product runs from the first layer; ∂x_L/∂x_l runs from layer l + 1 to the last.",
    loses=CHAIN,
)
def multiplies_from_the_front(w, s):
    return (w * s * (1 - s)).cumprod(0)


@wrong(
    "chain_gradients",
    says="the order is turned around: ∂x_L/∂x_0, through all layers, comes first.",
    loses=CHAIN,
)
def forgets_to_turn_back(w, s):
    return (w * s * (1 - s)).flip(0).cumprod(0)


@wrong("chain_gradients", says="s is already σ(z): its slope is s (1 − s), not σ'(s).", loses=CHAIN)
def applies_sigma_again(w, s):
    t = 1 / (1 + torch.exp(-s))
    return (w * t * (1 - t)).flip(0).cumprod(0).flip(0)


@wrong("chain_gradients", says="1 − s² is the slope of tanh; here it is s (1 − s).", loses=CHAIN)
def takes_tanhs_slope(w, s):
    return (w * (1 - s**2)).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="these are the factors of the single layers; the chain rule multiplies them.",
    loses=CHAIN,
)
def does_not_multiply(w, s):
    return w * s * (1 - s)


@wrong(
    "chain_gradients",
    says="it is one step too far to the right: this begins with ∂x_L/∂x_1 and ends with ∂x_L/∂x_L = 1.",
    loses=CHAIN,
)
def is_off_by_one(w, s):
    later = (w * s * (1 - s))[1:].flip(0).cumprod(0).flip(0)
    return torch.cat([later, torch.ones(1, dtype=w.dtype)])


@wrong("chain_gradients", shows="got float", loses=CHAIN)
def returns_the_whole_product_only(w, s):
    return math.prod((w * s * (1 - s)).tolist())


@right("chain_gradients")
def with_cumulative_products(w, s):
    return (w * s * (1 - s)).flip(0).cumprod(0).flip(0)


@right("chain_gradients")
def with_two_loops(w, s):
    gradients = torch.ones_like(w)
    for start in range(len(w)):
        for layer in range(start, len(w)):
            gradients[start] *= w[layer] * (s[layer] - s[layer] ** 2)
    return gradients


# --------------------------------------------------------------------------------------- gradient_bound(L, c)

BOUND = ["gradient-bound"]


@wrong("gradient_bound", says="the weights are missing: each layer multiplies by at most c/4.", loses=BOUND)
def forgets_the_norms(L, c):
    return sympy.Rational(1, 4) ** L


@wrong(
    "gradient_bound",
    says="the weights multiply once in every layer, so c is to the power L as well.",
    loses=BOUND,
)
def takes_the_weights_once(L, c):
    return c * sympy.Rational(1, 4) ** L


@wrong(
    "gradient_bound", says="the ¼ is there once in every layer, so it is to the power L as well.", loses=BOUND
)
def takes_the_quarter_once(L, c):
    return c**L / 4


@wrong(
    "gradient_bound", says="layers multiply, they do not add up: to the power L, not times L.", loses=BOUND
)
def adds_the_layers(L, c):
    return L * c / 4


@wrong("gradient_bound", says="this is one layer too few: there are L of them.", loses=BOUND)
def leaves_out_a_layer(L, c):
    return (c / 4) ** (L - 1)


@wrong("gradient_bound", says="divided the wrong way round: each layer multiplies by c/4.", loses=BOUND)
def divides_by_the_norm(L, c):
    return (4 / c) ** L


@right("gradient_bound")
def apart(L, c):
    return c**L * 4 ** (-L)


@right("gradient_bound")
def in_decimal_numbers(L, c):
    return (0.25 * c) ** L


# -------------------------------------------------------------------------------------- least_depth(factor)

LEAST = ("least-depth-float32", "least-depth-others")


@wrong("least_depth", says="this is where the numbers become subnormal; they are not 0 yet.", loses=LEAST)
def stops_at_the_subnormal_ones(factor):
    L = 1
    while factor**L >= torch.finfo(factor.dtype).tiny:
        L += 1
    return L


@wrong(
    "least_depth",
    says="this is the last L at which the power is not 0; the next one is asked for.",
    loses=LEAST,
)
def returns_the_last_one_that_is_not_zero(factor):
    L = 1
    while factor ** (L + 1) > 0:
        L += 1
    return L


@wrong(
    "least_depth",
    says="this is float64: float(factor), or factor.item(), has left the dtype of factor.",
    loses=LEAST,
)
def computes_in_python_numbers(factor):
    L = 1
    while float(factor) ** L > 0:
        L += 1
    return L


@wrong(
    "least_depth",
    says="this is where the power vanishes beside 1 (the machine's ε); asked is where it is 0 itself.",
    loses=LEAST,
)
def adds_it_to_one(factor):
    L = 1
    while 1 + factor**L != 1:
        L += 1
    return L


@wrong("least_depth", shows="L: expected", loses=LEAST[1:])
def knows_the_answer_for_float32(factor):
    return 75


@wrong("least_depth", says="one too many: count the factors, the first one included, once each.", loses=LEAST)
def counts_one_too_many(factor):
    L, product = 1, factor
    while product != 0:
        product = product * factor
        L += 1
    return L + 1


@wrong(
    "least_depth",
    says="a small number is not 0: compare with 0 itself, not with 1e-12 or the like.",
    loses=LEAST,
)
def calls_small_zero(factor):
    L = 1
    while abs(factor**L) > 1e-12:
        L += 1
    return L


@right("least_depth")
def in_numpy(factor):
    number = factor.numpy()
    return np.flatnonzero(np.cumprod(np.full(2000, number, dtype=number.dtype)) == 0)[0] + 1


@right("least_depth")
def by_powers(factor):
    L = 1
    while factor**L != 0:
        L += 1
    return L


@right("least_depth")
def by_a_table_of_products(factor):
    powers = torch.full((2000,), factor.item(), dtype=factor.dtype).cumprod(0)
    return int((powers != 0).sum()) + 1


# ------------------------------------------------------------------------------------------ gradient_signs(x)

SIGNS = ("gradient-signs-positive", "gradient-signs-any")


@wrong(
    "gradient_signs",
    says="the two are swapped: the signs for δ > 0, which are those of x, come first.",
    loses=SIGNS,
)
def swaps_the_two(x):
    return torch.sign(-x), torch.sign(x)


@wrong(
    "gradient_signs",
    says="these are the gradients for δ = 1 and δ = −1; asked are their signs, −1, 0 or 1.",
    loses=SIGNS,
)
def returns_the_gradients(x):
    return x, -x


@wrong("gradient_signs", shows="the signs for δ > 0", loses=SIGNS[1:])
def believes_all_inputs_positive(x):
    return torch.ones_like(x), -torch.ones_like(x)


@wrong("gradient_signs", shows="the signs for δ > 0", loses=SIGNS[1:])
def gives_zero_a_sign(x):
    signs = torch.where(x >= 0, 1.0, -1.0).to(x.dtype)
    return signs, -signs


@wrong(
    "gradient_signs",
    says="one δ multiplies all inputs: the second vector is the first with all its signs turned.",
    loses=SIGNS,
)
def turns_one_sign_only(x):
    other = torch.sign(x)
    other[0] = -other[0]
    return torch.sign(x), other


@wrong("gradient_signs", shows="it must return the 2 values", loses=SIGNS)
def returns_one_vector(x):
    return torch.sign(x)


@wrong(
    "gradient_signs",
    says="for δ < 0 the signs are −1, not 0: the gradient is negative, it is not absent.",
    loses=SIGNS,
)
def returns_masks(x):
    return (x > 0).to(x.dtype), (x < 0).to(x.dtype)


@right("gradient_signs")
def by_comparing(x):
    plus = (x > 0).double() - (x < 0).double()
    return plus, -plus


@right("gradient_signs")
def from_two_gradients(x):
    return [torch.sign(delta * x) for delta in (2.0, -3.0)]


# --------------------------------------------------------------------------------------------- escaping_batch()

ESCAPE = ["escaping-batch"]


@wrong("escaping_batch", shows="One example cannot escape", loses=ESCAPE)
def takes_one_example():
    return torch.tensor([[1.0, 3.0]]), torch.tensor([-1.0])


@wrong("escaping_batch", shows="All your δ have one sign", loses=ESCAPE)
def lets_all_pull_one_way():
    return torch.tensor([[1.0, 3.0], [3.0, 1.0]]), torch.tensor([1.0, 2.0])


@wrong("escaping_batch", shows="all inputs must be positive", loses=ESCAPE)
def takes_a_negative_input():
    return torch.tensor([[1.0, -3.0], [3.0, 1.0]]), torch.tensor([1.0, 1.0])


@wrong("escaping_batch", shows="Let the example with δ > 0 have a large first input", loses=ESCAPE)
def takes_parallel_examples():
    x = torch.tensor([1.0, 2.0])
    return torch.stack([x, 3 * x]), torch.tensor([1.0, -1.0])


@wrong("escaping_batch", shows="X and delta must be tensors", loses=ESCAPE)
def returns_lists():
    return [[1.0, 3.0], [3.0, 1.0]], [1.0, -1.0]


@wrong("escaping_batch", shows="expected shapes (N, 2) and (N,)", loses=ESCAPE)
def gives_each_input_a_delta():
    X = torch.tensor([[1.0, 3.0], [3.0, 1.0]])
    return X, torch.ones_like(X)


@wrong("escaping_batch", shows="return (X, delta)", loses=ESCAPE)
def returns_the_gradient_too():
    X, delta = torch.tensor([[1.0, 3.0], [3.0, 1.0]]), torch.tensor([1.0, -1.0])
    return X, delta, delta @ X


@right("escaping_batch")
def with_whole_numbers():
    return torch.tensor([[5, 1], [1, 5], [1, 1]]), torch.tensor([2, -1, 0])


@right("escaping_batch")
def by_looking_for_it():
    generator = torch.Generator().manual_seed(0)
    while True:
        X = torch.rand(3, 2, generator=generator) + 0.01
        delta = torch.randn(3, generator=generator)
        if (delta @ X).prod() < -0.01:
            return X, delta


# ------------------------------------------------------------------------------------- relu_backward(x, grad)

BACKWARD = ("relu-backward-values", "relu-backward-batch")


@wrong(
    "relu_backward",
    says="at x = 0 the framework takes the slope 0: pass the gradient where x > 0, not x ≥ 0.",
    loses=BACKWARD[:1],
)
def lets_zero_pass(x, grad):
    return grad * (x >= 0)


@wrong(
    "relu_backward",
    says="this is the slope alone; the chain rule multiplies it by the gradient that comes in.",
    loses=BACKWARD,
)
def returns_the_slope(x, grad):
    return (x > 0).to(grad.dtype)


@wrong(
    "relu_backward",
    says="this multiplies by ReLU(x); the way back multiplies by its slope, 0 or 1.",
    loses=BACKWARD,
)
def multiplies_by_the_output(x, grad):
    return grad * x.clamp(min=0)


@wrong(
    "relu_backward",
    says="this applies ReLU to the gradient; whether it passes depends on x, not on its own sign.",
    loses=BACKWARD,
)
def clamps_the_gradient(x, grad):
    return grad.clamp(min=0)


@wrong("relu_backward", says="negative gradients are lost: where x > 0 they pass as well.", loses=BACKWARD)
def lets_positive_gradients_pass_only(x, grad):
    return grad.clamp(min=0) * (x > 0)


@wrong(
    "relu_backward",
    says="the mask is turned around: the gradient passes where x is positive.",
    loses=BACKWARD,
)
def turns_the_mask_around(x, grad):
    return grad * (x <= 0)


@wrong("relu_backward", says="this is a leaky ReLU: below 0 nothing passes here.", loses=BACKWARD)
def leaks(x, grad):
    return torch.where(x > 0, grad, 0.01 * grad)


@wrong("relu_backward", shows="calls the framework's relu", loses=BACKWARD)
def asks_autograd(x, grad):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.relu(x), x, grad)[0]


@wrong("relu_backward", shows="it changes its input grad in place", loses=BACKWARD)
def overwrites_the_gradient(x, grad):
    grad[x <= 0] = 0
    return grad


@right("relu_backward")
def with_where(x, grad):
    return torch.where(x > 0, grad, torch.zeros_like(grad))


@right("relu_backward")
def with_a_step_function(x, grad):
    return grad * x.clamp(min=0).sign()


# ------------------------------------------------------------------------------------------------ count_dead(Z)

DEAD = ("count-dead-values", "count-dead-others")


@wrong(
    "count_dead", says="at exactly 0 no gradient passes either: dead means ≤ 0 for all examples.", loses=DEAD
)
def demands_negative_numbers(Z):
    return int((Z < 0).all(0).sum())


@wrong(
    "count_dead",
    says="this counts examples (rows) without any positive number; units are columns.",
    loses=DEAD,
)
def counts_the_examples(Z):
    return int((Z <= 0).all(1).sum())


@wrong(
    "count_dead",
    says="this counts units that are off for some example; dead is off for all of them.",
    loses=DEAD,
)
def counts_units_that_are_off_once(Z):
    return int((Z <= 0).any(0).sum())


@wrong("count_dead", says="this counts single numbers; asked are whole columns.", loses=DEAD)
def counts_numbers(Z):
    return int((Z <= 0).sum())


@wrong("count_dead", says="these are the units that live.", loses=DEAD)
def counts_the_living(Z):
    return int((Z > 0).any(0).sum())


@wrong("count_dead", shows="the number of dead units: expected", loses=DEAD)
def looks_at_the_mean(Z):
    return int((Z.mean(0) <= 0).sum())


@wrong("count_dead", says="this is their share; asked is their number.", loses=DEAD)
def returns_the_share(Z):
    return (Z <= 0).all(0).double().mean().item()


@wrong("count_dead", shows="expected a number", loses=DEAD)
def returns_the_mask(Z):
    return (Z <= 0).all(0)


@right("count_dead")
def by_numpys_sum(Z):
    return np.sum(np.all(Z.numpy() <= 0, axis=0))


@right("count_dead")
def by_the_maximum(Z):
    return sum(1 for unit in Z.T if unit.max() <= 0)


@right("count_dead")
def by_what_comes_out(Z):
    return (Z.clamp(min=0).sum(0) == 0).sum()  # exact: a sum of zeros


# --------------------------------------------------------------------------------------- weight_deviation(n, a)

DEVIATION = ["weight-deviation"]


@wrong(
    "weight_deviation",
    says="this is the variance; asked is the standard deviation, its root.",
    loses=DEVIATION,
)
def returns_the_variance(n, a):
    return 2 / ((1 + a**2) * n)


@wrong(
    "weight_deviation",
    says="this is He's deviation for a = 0; the leak lets a² more through.",
    loses=DEVIATION,
)
def forgets_the_leak(n, a):
    return sympy.sqrt(2 / n)


@wrong(
    "weight_deviation",
    says="this is Xavier's deviation: it forgets that ReLU loses half of the square.",
    loses=DEVIATION,
)
def takes_xaviers(n, a):
    return sympy.sqrt(1 / n)


@wrong("weight_deviation", says="the leak multiplies z by a, so the square by a², not by a.", loses=DEVIATION)
def forgets_to_square_the_leak(n, a):
    return sympy.sqrt(2 / ((1 + a) * n))


@wrong("weight_deviation", says="solved the wrong way round: v = 1/(n (1 + a²)/2).", loses=DEVIATION)
def turns_the_fraction_over(n, a):
    return sympy.sqrt(n * (1 + a**2) / 2)


@wrong(
    "weight_deviation",
    says="n is missing: a sum of n terms has n times the variance of one.",
    loses=DEVIATION,
)
def forgets_n(n, a):
    return sympy.sqrt(2 / (1 + a**2))


@wrong("weight_deviation", shows="not with torch, NumPy or math", loses=DEVIATION)
def takes_the_root_of_math(n, a):
    return math.sqrt(2 / ((1 + a**2) * n))


@right("weight_deviation")
def as_a_power(n, a):
    return (2 / (n + n * a**2)) ** 0.5


@right("weight_deviation")
def as_two_roots(n, a):
    return sympy.sqrt(2) / (sympy.sqrt(n) * sympy.sqrt(1 + a * a))


# ---------------------------------------------------------------------------------- mean_square_after(v, c, L)

RECURSION = ["variance-recursion"]


@wrong(
    "mean_square_after",
    says="the half is missing: ReLU keeps half of the square in each layer.",
    loses=RECURSION,
)
def forgets_the_half(v, c, L):
    return v * c**L


@wrong("mean_square_after", says="this is one layer; there are L of them.", loses=RECURSION)
def stops_after_one_layer(v, c, L):
    return v * c / 2


@wrong("mean_square_after", says="layers multiply, they do not add up: to the power L.", loses=RECURSION)
def adds_up(v, c, L):
    return v * L * c / 2


@wrong("mean_square_after", says="v is missing: the signal starts with it.", loses=RECURSION)
def forgets_the_start(v, c, L):
    return (c / 2) ** L


@wrong(
    "mean_square_after", says="the half comes in every layer: it is to the power L as well.", loses=RECURSION
)
def halves_once(v, c, L):
    return v * c**L / 2


@wrong(
    "mean_square_after",
    says="this is the factor of the norm, √(c/2) per layer; the mean square goes with c/2.",
    loses=RECURSION,
)
def takes_the_factor_of_the_norm(v, c, L):
    return v * sympy.sqrt(c / 2) ** L


@wrong(
    "mean_square_after",
    says="this is the mean square of Z, before the last ReLU: it keeps another half.",
    loses=RECURSION,
)
def stops_before_the_last_relu(v, c, L):
    return 2 * v * (c / 2) ** L


@wrong(
    "mean_square_after",
    says="v comes in once, at the start: only c/2 is to the power L.",
    loses=RECURSION,
)
def takes_the_start_in_every_layer(v, c, L):
    return (v * c / 2) ** L


@wrong("mean_square_after", says="this is one layer too few: there are L of them.", loses=RECURSION)
def stops_a_layer_early(v, c, L):
    return v * (c / 2) ** (L - 1)


@right("mean_square_after")
def in_powers(v, c, L):
    return v * c**L * 2**-L


@right("mean_square_after")
def as_an_exponential(v, c, L):
    return v * sympy.exp(L * sympy.log(c / 2))


# ----------------------------------------------------------------------------- first_step_below(curve, level)

FIRST = ("first-step-logs", "first-step-edges")


@wrong("first_step_below", shows="the step: expected 2, got 1", loses=FIRST[1:])
def takes_the_level_as_below(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value <= level), None)


@wrong("first_step_below", says="steps count from 0.", loses=FIRST)
def counts_from_one(curve, level):
    return next((n for n, value in enumerate(curve.tolist(), 1) if value < level), None)


@wrong(
    "first_step_below",
    says="this is the step after which it *stays* below; asked is the first time.",
    loses=FIRST[:1],
)
def waits_until_it_stays(curve, level):
    step = None
    for n, value in reversed(list(enumerate(curve.tolist()))):
        if value >= level:
            break
        step = n
    return step


@wrong("first_step_below", says="this is the error there; asked is the step.", loses=FIRST)
def returns_the_error(curve, level):
    return next((value for value in curve.tolist() if value < level), None)


@wrong(
    "first_step_below",
    says="where the curve never is below the level, argmax gives 0: that case needs None.",
    loses=FIRST[:1],
)
def gives_zero_for_never(curve, level):
    return int((curve < level).int().argmax())


@wrong(
    "first_step_below",
    says="this is the step with the smallest error; asked is the first one below the level.",
    loses=FIRST,
)
def takes_the_lowest_point(curve, level):
    return int(curve.argmin()) if curve.min() < level else None


@wrong("first_step_below", shows="the step: expected a number, got None", loses=FIRST[1:])
def knows_only_a_quarter(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value < 0.25), None)


@wrong(
    "first_step_below", says="the loop ends at its first step: `return None` belongs behind it.", loses=FIRST
)
def gives_up_at_once(curve, level):
    for n, value in enumerate(curve.tolist()):
        if value < level:
            return n
        else:
            return None


@wrong("first_step_below", shows="the step: expected a number, got None", loses=FIRST[1:])
def takes_step_zero_for_nothing(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value < level), None) or None


@right("first_step_below")
def by_numpy(curve, level):
    below = np.flatnonzero(curve.numpy() < level)
    return below[0] if len(below) else None


@right("first_step_below")
def by_a_mask(curve, level):
    below = (curve < level).nonzero()
    return below[0].item() if len(below) else None


@right("first_step_below")
def by_counting_up(curve, level):
    for n in range(len(curve)):
        if curve[n] < level:
            return torch.tensor(n)
    return None


# ------------------------------------------------------------------------------------------------------- own_run()

RUN = ["own-run"]


@wrong("own_run", shows="the race is not fair yet", loses=RUN)
def takes_one_rate_for_both():
    def steps(name):
        curves = [training_curve(name, 0.1, seed) for seed in range(3)]
        return [next((n for n, error in enumerate(curve) if error < 0.25), None) for curve in curves]

    return 0.1, 0.1, steps("sigmoid"), steps("relu"), "relu"


@wrong("own_run", shows="does not get below 0.25 in 120 steps", loses=RUN)
def trains_sigma_too_slowly():
    relu = [training_curve("relu", 0.3, seed) for seed in range(3)]
    return (
        0.003,
        0.3,
        [None] * 3,
        [next(n for n, error in enumerate(c) if error < 0.25) for c in relu],
        "relu",
    )


@wrong("own_run", shows="Steps count from 0", loses=RUN)
def counts_the_steps_from_one():
    def steps(name, rate):
        curves = [training_curve(name, rate, seed) for seed in range(3)]
        return [next((n for n, error in enumerate(curve, 1) if error < 0.25), None) for curve in curves]

    return 1.0, 0.3, steps("sigmoid", 1.0), steps("relu", 0.3), "relu"


@wrong("own_run", shows="read off your medians", loses=RUN)
def takes_more_steps_for_faster():
    def steps(name, rate):
        curves = [training_curve(name, rate, seed) for seed in range(3)]
        return [next((n for n, error in enumerate(curve) if error < 0.25), None) for curve in curves]

    sigmoid, relu = steps("sigmoid", 1.0), steps("relu", 0.3)
    return 1.0, 0.3, sigmoid, relu, "sigmoid" if sorted(sigmoid)[1] > sorted(relu)[1] else "relu"


@wrong("own_run", shows="must be a list of three", loses=RUN)
def looks_at_one_seed():
    step = next(n for n, error in enumerate(training_curve("sigmoid", 1.0)) if error < 0.25)
    return 1.0, 0.3, step, step, "neither"


@wrong("own_run", shows="but you return 60", loses=RUN)
def makes_the_numbers_up():
    return 1.0, 0.3, [60, 60, 60], [10, 10, 10], "relu"


@wrong("own_run", shows="return (rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster)", loses=RUN)
def forgets_the_answer():
    return 1.0, 0.3, [14, 14, 14], [8, 8, 8]


@wrong("own_run", shows="a learning rate must be a positive number", loses=RUN)
def returns_all_the_rates():
    return [0.1, 0.3, 1.0], 0.3, [14, 14, 14], [8, 8, 8], "relu"


@right("own_run")
def with_other_rates():
    found = []
    for name, rate in (("sigmoid", 0.8), ("relu", 0.25)):
        errors = torch.tensor([training_curve(name, rate, seed) for seed in range(3)])
        found.append((errors < 0.25).int().argmax(1).tolist())
    return 0.8, 0.25, *found, "relu"


@right("own_run")
def by_searching_the_rates():
    def steps(name, rate):
        curves = [training_curve(name, rate, seed) for seed in (0, 1, 2)]
        return [next((n for n, error in enumerate(curve) if error < 0.25), 999) for curve in curves]

    best = {}
    for name in ("sigmoid", "relu"):
        best[name] = min((sorted(steps(name, rate))[1], rate) for rate in (0.1, 0.3, 1.0, 2.0))[1]
    sigmoid, relu = (steps(name, best[name]) for name in ("sigmoid", "relu"))
    medians = sorted(sigmoid)[1], sorted(relu)[1]
    return best["sigmoid"], best["relu"], sigmoid, relu, "relu" if medians[1] < medians[0] else "sigmoid"
