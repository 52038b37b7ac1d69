"""What students answer for deck_parameters: the wrong ways, what each is told and loses, and other right ways."""

from fractions import Fraction

import numpy
import sympy

from nonconv.authoring import right, wrong

DECK = ["deck-parameters"]


@wrong("deck_parameters", says="the biases are missing, 2n + 60 of them.", loses=DECK)
def deck_without_biases(n):
    return 25 * n + 25 * n * n + 16 * n * 50 + 500


@wrong(
    "deck_parameters",
    says="the second convolution reads n maps, so each of its n kernels has 25n weights.",
    loses=DECK,
)
def deck_with_one_map_into_conv2(n):
    return 26 * n + 26 * n + (16 * n + 1) * 50 + 51 * 10


@wrong(
    "deck_parameters", says="fc1 sees n maps of 4×4, 16n numbers: both poolings come before it.", loses=DECK
)
def deck_with_one_pooling(n):
    return 26 * n + (25 * n + 1) * n + (n * 8 * 8 + 1) * 50 + 51 * 10


@wrong(
    "deck_parameters",
    says="fc1 sees n maps of 4×4: without a border a 5×5 kernel takes 4 rows away.",
    loses=DECK,
)
def deck_with_borders(n):
    return 26 * n + (25 * n + 1) * n + (n * 7 * 7 + 1) * 50 + 51 * 10


@wrong("deck_parameters", says="the last layer is missing, 50 numbers to 10.", loses=DECK)
def deck_without_the_last_layer(n):
    return 26 * n + (25 * n + 1) * n + (16 * n + 1) * 50


@wrong(
    "deck_parameters", says="this is the number for n = 6; the answer is a formula for every n.", loses=DECK
)
def deck_for_six(n):
    return 6422


@wrong(
    "deck_parameters",
    says="fc1 sees n numbers, one for each map: it sees n maps of 4×4, 16n numbers.",
    loses=DECK,
)
def deck_with_one_number_a_map(n):
    return 26 * n + (25 * n + 1) * n + (n + 1) * 50 + 51 * 10


@wrong("deck_parameters", shows="expected a formula in n, got str", loses=DECK)
def deck_as_text(n):
    return "25 * n**2 + 827 * n + 560"


@wrong("deck_parameters", says="these are the parts, layer by layer: add them up.", loses=DECK)
def deck_layer_by_layer(n):
    return [26 * n, (25 * n + 1) * n, (16 * n + 1) * 50, 51 * 10]


@right("deck_parameters")
def deck_with_a_symbol_of_its_own(n):
    n = sympy.Symbol("n")
    return 25 * n**2 + 827 * n + 560


@wrong("deck_parameters", shows="got a function", loses=DECK)
def deck_as_a_function(n):
    return lambda k: 25 * k**2 + 827 * k + 560


@right("deck_parameters")
def deck_collected(n):
    return n * (25 * n + 827) + 560


@right("deck_parameters")
def deck_weights_then_biases(n):
    weights = 25 * n + 25 * n**2 + 800 * n + 500
    biases = n + n + 50 + 10
    return weights + biases


@right("deck_parameters")
def deck_as_a_sum_over_layers(n):
    layers = [(25, n), (25 * n, n), (n * 4**2, 50), (50, 10)]
    return sum(K * (numbers + 1) for numbers, K in layers)


@right("deck_parameters")
def deck_by_a_product_of_vectors(n):
    return numpy.dot([25, 827, 560], [n * n, n, 1])


@right("deck_parameters")
def deck_through_three_points(n):
    def count(k):
        return 26 * k + (25 * k + 1) * k + (16 * k + 1) * 50 + 510

    square = Fraction(count(2) - 2 * count(1) + count(0), 2)
    return square * n**2 + (count(1) - count(0) - square) * n + count(0)


@right("deck_parameters")
def deck_as_a_polynomial(n):
    return sympy.Poly([25, 827, 560], n)


@right("deck_parameters")
def deck_with_a_helper(n):
    def conv(M, K, p):
        return sympy.Mul(K, M * p**2 + 1)

    return sympy.expand(conv(1, n, 5) + conv(n, n, 5) + conv(n, 50, 4) + conv(50, 10, 1))
