"""Two convolutions, one after the other, as one:
against the two of the framework, by the formula, on the decks' filters.
"""

import re
from math import gcd

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from helpers.reduction.numbers import whole
from nonconv.reduction import Kernel, affine_form, compose, depthwise_1x1, identity, merge, with_groups

Weights = tuple[torch.Tensor, torch.Tensor | None, torch.Tensor, torch.Tensor | None]


def layers(maps: tuple[int, int, int], first, second, groups=(1, 1), biases=(True, True), seed=0) -> Weights:
    (M, K, L), (g1, g2) = maps, groups
    F, G = whole(K, M // g1, *first, seed=seed), whole(L, K // g2, *second, seed=seed + 1)
    b, g = whole(K, seed=seed + 2), whole(L, seed=seed + 3)
    return F, b if biases[0] else None, G, g if biases[1] else None


def two(x: torch.Tensor, of: Weights, *, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=(1, 1)):
    """The oracle: the framework's convolution, twice."""
    F, b, G, g = of
    y = functional.conv2d(x, F, b, stride[0], padding[0], dilation[0], groups[0])
    return functional.conv2d(y, G, g, stride[1], padding[1], dilation[1], groups[1])


def pairs(least: int, most: int):
    return st.tuples(st.integers(least, most), st.integers(least, most))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    first=pairs(1, 3),
    second=pairs(1, 3),
    strides=st.tuples(pairs(1, 3), pairs(1, 2)),
    dilations=st.tuples(pairs(1, 2), pairs(1, 2)),
    border=pairs(0, 2),
    groups=st.tuples(st.sampled_from([1, 2, 4]), st.sampled_from([1, 2, 4])),
    biases=st.tuples(st.booleans(), st.booleans()),
    size=pairs(23, 26),
    seed=st.integers(0, 10**6),
)
def test_one_convolution_is_exactly_the_two(
    first, second, strides, dilations, border, groups, biases, size, seed
) -> None:
    of = layers((4, 8, 12), first, second, groups, biases, seed)
    how = {"stride": strides, "padding": (border, 0), "dilation": dilations, "groups": groups}
    x = whole(2, 4, *size, seed=seed + 4)
    kernel = compose(*of, **how)
    assert torch.equal(functional.conv2d(x, *kernel), two(x, of, **how))  # exact: whole numbers
    assert kernel.groups == gcd(*groups)
    assert kernel.dilation == (1, 1)
    assert kernel.padding == border
    assert kernel.stride == tuple(a * b for a, b in zip(*strides, strict=True))
    assert tuple(kernel.weight.shape[2:]) == tuple(
        d1 * (p - 1) + s1 * d2 * (r - 1) + 1
        for p, r, s1, d1, d2 in zip(first, second, strides[0], *dilations, strict=True)
    )
    assert (kernel.bias is None) == (biases == (False, False))


@pytest.mark.parametrize(
    ("groups", "common"), [((4, 6), 2), ((6, 4), 2), ((2, 3), 1), ((12, 12), 12), ((1, 12), 1), ((12, 3), 3)]
)
def test_the_result_has_the_greatest_common_divisor_of_groups(groups, common: int) -> None:
    of = layers((12, 12, 12), (3, 2), (2, 3), groups)
    kernel, x = compose(*of, groups=groups), whole(2, 12, 7, 8, seed=9)
    assert kernel.groups == common
    assert kernel.weight.shape == (12, 12 // common, 4, 4)
    assert torch.equal(functional.conv2d(x, *kernel), two(x, of, groups=groups))  # exact: whole numbers


def test_whole_numbers_stay_whole_numbers_and_nothing_is_changed() -> None:
    F, b, G, g = (t.long() for t in layers((2, 3, 2), (3, 1), (2, 2)) if t is not None)
    before = [tensor.clone() for tensor in (F, b, G, g)]
    kernel, x = compose(F, b, G, g, stride=(2, 1)), whole(1, 2, 9, 9, seed=5).long()
    assert kernel.weight.dtype == torch.int64
    # exact: whole numbers, int64
    assert torch.equal(functional.conv2d(x, *kernel), two(x, (F, b, G, g), stride=(2, 1)))
    assert all(map(torch.equal, before, (F, b, G, g)))
    only_second = compose(F, None, G, g)
    assert only_second.bias is not None
    only_second.bias.add_(1)
    assert torch.equal(before[3], g), "the result must not share memory with g"


def test_the_formula_index_by_index_in_one_dimension() -> None:
    """O^{ml}_t = Σ_k Σ_u F^{mk}_u G^{kl}_{t−u+1}, all indices from 1; o^l = Σ_k Σ_w b^k G^{kl}_w + g^l."""
    M, K, L, p, r = 2, 3, 2, 4, 3
    F, b, G, g = layers((M, K, L), (1, p), (1, r))
    assert b is not None
    assert g is not None
    kernel = compose(F, b, G, g)
    assert kernel.weight.shape == (L, M, 1, p + r - 1)
    assert kernel.bias is not None
    for l in range(L):
        for m in range(M):
            for t in range(1, p + r):
                total = 0.0
                for k in range(K):
                    for u in range(1, p + 1):
                        if 1 <= t - u + 1 <= r:
                            total += F[k, m, 0, u - 1].item() * G[l, k, 0, t - u].item()
                assert kernel.weight[l, m, 0, t - 1].item() == total  # exact: whole numbers
        constant = g[l].item()
        for k in range(K):
            for w in range(r):
                constant += b[k].item() * G[l, k, 0, w].item()
        assert kernel.bias[l].item() == constant


def test_a_stride_of_the_first_dilates_the_second() -> None:
    F, G = torch.tensor([1.0, 10.0]).reshape(1, 1, 1, 2), torch.tensor([2.0, 3.0, 5.0]).reshape(1, 1, 1, 3)
    far = compose(F, None, G, None, stride=((1, 3), 1))
    assert far.weight.flatten().tolist() == [2, 20, 0, 3, 30, 0, 5, 50]  # exact: whole numbers
    assert far.stride == (1, 3)
    overlapping = compose(F, None, G, None, stride=(1, 4), dilation=((1, 2), 1))
    assert overlapping.weight.flatten().tolist() == [2, 3, 5 + 20, 30, 50]
    assert overlapping.stride == (4, 4)


@pytest.mark.parametrize("grouped", [1, 2])
@pytest.mark.parametrize("biased", [True, False])
def test_batch_norm_as_second_convolution_gives_merge(biased: bool, grouped: int) -> None:
    F, b = torch.randn(6, 4 // grouped, 3, 2).double(), torch.randn(6).double() if biased else None
    gamma, beta, mean = torch.randn(3, 6).double()
    G, g = affine_form(gamma, beta, mean, torch.rand(6).double() + 0.1, 1e-3)
    O, o = merge(F, b, G, g)
    diagonal = torch.diag(G)[:, :, None, None]  # δ^{kl} G^k
    for second, groups in ((diagonal, 1), (depthwise_1x1(G, g)[0], 6)):
        kernel = compose(F, b, second, g, padding=(1, 0), groups=(grouped, groups))
        common = gcd(grouped, groups)
        assert torch.allclose(kernel.weight, with_groups(O, grouped, common), rtol=0, atol=1e-14)
        assert kernel.bias is not None
        assert torch.allclose(kernel.bias, o, rtol=0, atol=1e-14)
        assert (kernel.groups, kernel.padding) == (common, (1, 1))


@pytest.mark.parametrize("groups", [(1, 1), (2, 4)])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("outer", [0, (2, 1)])
def test_a_1x1_first_without_bias_lets_the_second_have_a_border(groups, stride: int, outer) -> None:
    of = layers((4, 4, 8), (1, 1), (3, 2), groups, (False, True))
    how = {"stride": (1, stride), "padding": (outer, (1, 2)), "dilation": (3, 2), "groups": groups}
    kernel, x = compose(*of, **how), whole(2, 4, 7, 6, seed=9)
    assert kernel.padding == ((1, 2) if outer == 0 else (3, 3))
    assert torch.equal(functional.conv2d(x, *kernel), two(x, of, **how))  # exact: whole numbers


def test_where_a_border_is_refused_the_two_really_are_no_one_convolution() -> None:
    """Not only refused: the answer that one would guess, all the border outside, is wrong there,
    and only there.
    """
    x, of = whole(1, 1, 6, 6, seed=9).abs() + 1, tuple(torch.ones(1, 1, 3, 3).double() for _ in range(2))
    guess = compose(of[0], None, of[1], None)._replace(padding=(2, 2))
    wrong = functional.conv2d(x, *guess) != two(x, (of[0], None, of[1], None), padding=(1, 1))
    expected = torch.ones(6, 6, dtype=torch.bool)
    expected[1:-1, 1:-1] = False
    assert torch.equal(wrong[0, 0], expected)  # exact: truth values
    one = torch.ones(1, 1, 1, 1).double(), torch.ones(1).double()  # 1×1 first, but with a bias
    guess = compose(*one, of[1], None)._replace(padding=(1, 1))
    assert not torch.equal(functional.conv2d(x, *guess), two(x, (*one, of[1], None), padding=(0, 1)))


@pytest.mark.parametrize(("first", "second"), [((3, 3), (3, 3)), ((5, 3), (1, 5)), ((1, 1), (3, 1))])
def test_circular_borders_compose_everywhere(first, second) -> None:
    def circular(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        rows, columns = (n // 2 for n in weight.shape[2:])
        return functional.conv2d(
            functional.pad(x, (columns, columns, rows, rows), mode="circular"), weight, bias
        )

    F, b, G, g = layers((2, 3, 2), first, second)
    x, kernel = whole(2, 2, 7, 8, seed=9), compose(F, b, G, g)
    # exact: whole numbers
    assert torch.equal(circular(x, kernel.weight, kernel.bias), circular(circular(x, F, b), G, g))


def test_composition_is_associative_and_the_identity_changes_nothing() -> None:
    F, b, G, g = layers((2, 3, 2), (3, 2), (2, 3))
    H, h = whole(4, 2, 2, 2, seed=8), whole(4, seed=9)
    left, right = compose(F, b, G, g), compose(G, g, H, h)
    one, other = compose(left.weight, left.bias, H, h), compose(F, b, right.weight, right.bias)
    assert torch.equal(one.weight, other.weight)  # exact: whole numbers
    assert one.bias is not None
    assert other.bias is not None
    assert torch.equal(one.bias, other.bias)
    same = compose(F, b, identity(3, dtype=torch.float64), None)
    assert torch.equal(same.weight, F)
    assert same.bias is not None
    assert b is not None
    assert torch.equal(same.bias, b)


def test_gradients_reach_both_layers() -> None:
    of = [tensor.requires_grad_() for tensor in layers((2, 2, 2), (2, 1), (1, 2)) if tensor is not None]

    def composed(F, b, G, g):
        kernel = compose(F, b, G, g, stride=(2, 1))
        assert kernel.bias is not None
        return kernel.weight, kernel.bias

    assert torch.autograd.gradcheck(composed, of)


def filter_of(rows) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)[None, None]


def test_the_decks_blur_is_two_averages() -> None:
    mean = torch.full((1, 1, 2, 2), 1 / 4, dtype=torch.float64)
    blur = filter_of([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    assert torch.equal(compose(mean, None, mean, None).weight, blur)  # exact: sixteenths


def test_the_decks_sobel_is_a_column_and_a_row() -> None:
    column, row = filter_of([[1], [2], [1]]), filter_of([[1, 0, -1]])
    sobel = filter_of([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    for first, second in ((column, row), (row, column)):
        kernel = compose(first, None, second, None)
        assert torch.equal(kernel.weight, sobel)  # exact: whole numbers
        assert kernel.bias is None


def test_the_decks_outline_is_nine_times_identity_less_mean() -> None:
    mean = torch.full((1, 1, 3, 3), 1 / 9, dtype=torch.float64)
    outline = filter_of([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    middle = identity(1, 3, dtype=torch.float64)
    assert torch.allclose(9 * (middle - mean), outline, rtol=0, atol=1e-14)
    # and through compose: x -> (x, mean of x) -> 9·(first − second)
    difference = torch.tensor([9.0, -9.0]).double().reshape(1, 2, 1, 1)
    kernel = compose(torch.cat([middle, mean]), None, difference, None, padding=(1, 0))
    assert torch.allclose(kernel.weight, outline, rtol=0, atol=1e-14)
    assert kernel.padding == (1, 1)


@pytest.mark.parametrize(("groups", "fewer"), [(4, 1), (4, 2), (4, 4), (12, 3), (6, 2)])
def test_fewer_groups_do_the_same_with_zeros_between(groups: int, fewer: int) -> None:
    weight, x = whole(24, 12 // groups, 3, 2, seed=1), whole(2, 12, 5, 5, seed=2)
    wide = with_groups(weight, groups, fewer)
    assert wide.shape == (24, 12 // fewer, 3, 2)
    # exact: whole numbers
    assert torch.equal(functional.conv2d(x, wide, groups=fewer), functional.conv2d(x, weight, groups=groups))
    assert wide.count_nonzero() == weight.count_nonzero()


def test_with_groups_literally() -> None:
    weight = torch.arange(1.0, 9).reshape(4, 2, 1, 1)
    # exact: whole numbers
    assert with_groups(weight, 2, 1)[..., 0, 0].tolist() == [
        [1, 2, 0, 0],
        [3, 4, 0, 0],
        [0, 0, 5, 6],
        [0, 0, 7, 8],
    ]


def test_macs_count_the_multiplications_of_the_output() -> None:
    kernel = Kernel(torch.zeros(8, 2, 3, 5), None, (2, 2), (1, 1), (1, 1), 4)
    x = torch.zeros(1, 8, 12, 13)
    with FlopCounterMode(display=False) as counter:
        y = functional.conv2d(x, *kernel)
    assert kernel.macs(*y.shape[2:]) == counter.get_total_flops() // 2 == 6 * 6 * 8 * 2 * 3 * 5
    assert Kernel(torch.zeros(3, 2, 1, 1), torch.zeros(3)).macs(5, 7) == 5 * 7 * 6


def test_the_price_of_composing_3x3_with_3x3() -> None:
    F = torch.zeros(64, 64, 3, 3)
    one, kernel = Kernel(F, None), compose(F, None, F, None)
    assert kernel.macs(10, 10) / (2 * one.macs(10, 10)) == pytest.approx(25 / 18)


F3, G3, ONES = torch.ones(4, 2, 3, 3), torch.ones(6, 4, 3, 3), torch.ones(4)
POINT = torch.ones(4, 2, 1, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: compose(F3[0], None, G3, None),
            "F must be a kernel (K, M/groups, p, q), not of shape (2, 3, 3)",
        ),
        (
            lambda: compose(F3, None, G3[..., 0], None),
            "G must be a kernel (K, M/groups, p, q), not of shape (6, 4, 3)",
        ),
        (lambda: compose(F3, None, G3.double(), None), "F is torch.float32, G is torch.float64"),
        (lambda: compose(F3, ONES.double(), G3, None), "b is torch.float64"),
        (
            lambda: compose(F3, None, G3[:, :3], None),
            "F has 4 output maps, so with 1 groups G needs 4 in its second dimension, not 3",
        ),
        (
            lambda: compose(F3, None, G3, None, groups=(1, 2)),
            "so with 2 groups G needs 2 in its second dimension, not 4",
        ),
        (
            lambda: compose(F3, torch.ones(3), G3, None),
            "b must have shape (4,), one number for each map, not (3,)",
        ),
        (lambda: compose(F3, None, G3, ONES), "g must have shape (6,), one number for each map, not (4,)"),
        (
            lambda: compose(F3, None, G3, None, groups=(3, 1)),
            "groups = (3, 1) do not fit: the first must divide 4 maps",
        ),
        (lambda: compose(F3, None, G3, None, groups=(1, 3)), "groups = (1, 3) do not fit"),
        (lambda: compose(F3, None, G3[:, :1], None, groups=(1, 4)), "the second 4 and 6 maps"),
        (lambda: compose(F3, None, G3, None, groups=(0, 1)), "groups = (0, 1) do not fit"),
        (
            lambda: compose(F3, None, G3, None, stride=(0, 1)),
            "stride must be one or two integers >= 1, not 0",
        ),
        (
            lambda: compose(F3, None, G3, None, stride=(1, (2, 0))),
            "stride must be one or two integers >= 1, not (2, 0)",
        ),
        (
            lambda: compose(F3, None, G3, None, padding=(-1, 0)),
            "padding must be one or two integers >= 0, not -1",
        ),
        (
            lambda: compose(F3, None, G3, None, dilation=(1, (1, -1))),
            "dilation must be one or two integers >= 1, not (1, -1)",
        ),
        (
            lambda: compose(F3, None, G3, None, padding=(0, 1)),
            "the second layer has a border, padding (1, 1)",
        ),
        (lambda: compose(POINT, ONES, G3, None, padding=(0, (0, 1))), "padding (0, 1): it puts zeros where"),
        (
            lambda: compose(POINT, None, G3, None, padding=(0, 1), stride=((1, 2), 1)),
            "if the first is 1×1 with stride 1",
        ),
        (lambda: with_groups(F3, 4, 3), "3 groups must divide 4 groups, and they the 4 output maps"),
        (lambda: with_groups(F3, 4, 0), "0 groups must divide 4 groups"),
        (lambda: with_groups(F3, 3, 1), "1 groups must divide 3 groups, and they the 4 output maps"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
