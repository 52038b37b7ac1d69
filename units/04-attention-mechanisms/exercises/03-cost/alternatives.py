"""Right answers that go other ways."""

import fractions
import math

import sympy
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("excitation_parameters")
def one_matrix_after_the_other(C, r):
    hidden = C / r
    return C * hidden + hidden * C


@right("excitation_parameters")
def with_half_powers(C, r):
    return (C + C) * C * r**-1


@right("excitation_parameters")
def with_a_loop_over_the_matrices(C, r):
    numbers = 0
    for rows, columns in ((C / r, C), (C, C / r)):
        numbers += rows * columns
    return numbers


@right("excitation_parameters")
def with_decimal_numbers(C, r=16):
    return C**2.0 / (0.5 * r)


@right("excitation_parameters")
def with_a_product_of_sizes(C, r):
    return math.prod([C, 2, C]) / r


@right("excitation_parameters")
def with_a_root_of_sympy(C, r):
    return sympy.sqrt(4 * C**4 / r**2)


@right("share_of_a_convolution")
def as_a_quotient_of_counts(C, r, p):
    perceptron = 2 * C * (C / r)
    depthwise, pointwise = C * p * p, C * C
    return perceptron / (depthwise + pointwise)


@right("share_of_a_convolution")
def with_negative_powers(C, r, p):
    return 2 * r**-1 * (1 + p**2 / C) ** -1


@right("share_of_a_convolution")
def counts_by_recursion(C, r, p):
    def count(*sizes):
        return sizes[0] * count(*sizes[1:]) if sizes else 1

    return (count(C, C / r) + count(C / r, C)) / (count(C, p, p) + count(C, C))


@right("share_of_a_convolution")
def halves_below(C, r, p):
    return 1 / (0.5 * r + 0.5 * r * p * p / C)


@right("share_of_a_convolution")
def with_a_fraction(C, r, p):
    return fractions.Fraction(2, 1) * C / r / (C + p**2)


@right("share_of_a_convolution")
def for_one_map(C, r, p):
    weights, kernels = 2 * C / r, C + sympy.Pow(p, 2)
    return sympy.expand(weights) / kernels
