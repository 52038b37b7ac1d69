"""Calling the answer instead of building it is noticed, under whatever name; what a check allows is not."""

import sys
from typing import cast

import numpy
import pytest
import torch
from torch.nn import functional as F

from helpers.checks.doubling import DOUBLE, FOUR, doubled, squared
from nonconv import layers
from nonconv.checks import Check, failure
from nonconv.checks.given.layers import Layer

KERNEL = torch.ones(1, 1, 1, 1)


def by_its_kernel(x: torch.Tensor) -> torch.Tensor:
    return torch.ops.aten.convolution(x[None, None], KERNEL[0], None, [1], [0], [1], False, [0], 1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: F.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], "the framework's convolution"),
        (lambda x: torch.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], "the framework's convolution"),
        (lambda x: torch.nn.Conv1d(1, 1, 1)(x[None, None])[0, 0], "the framework's convolution"),
        (by_its_kernel, "convolution"),
        (lambda x: torch.nn.functional.batch_norm(x[None], x, x), "the framework's"),
        (lambda x: torch.nn.functional.max_pool1d(x[None], 1)[0], "the framework's max_pool"),
        (lambda x: torch.nn.RNN(1, 1)(x[:, None])[0], "torch.RNN.forward"),
        (lambda x: torch.nn.LSTM(1, 1)(x[:, None])[0], "torch.LSTM.forward"),
        (lambda x: torch.nn.LSTMCell(1, 1)(x[:, None])[0], "torch.LSTMCell.forward"),
        (lambda x: torch.nn.GRUCell(1, 1)(x[:, None]), "torch.GRUCell.forward"),
        (
            lambda x: torch.rnn_tanh_cell(x[:, None], x[:, None], KERNEL[0, 0], KERNEL[0, 0]),
            "torch.rnn_tanh_cell",
        ),
        (lambda x: __import__("nonconv.layers").layers.conv2d(x, x), "nonconv.layers"),
        (lambda x: __import__("nonconv.reduction").reduction.merge(x, x, x, x), "nonconv.reduction"),
    ],
)
def test_calling_the_answer_instead_of_building_it_is_noticed(answer, says: str) -> None:
    message = failure(DOUBLE, answer)
    assert message is not None
    assert says in " ".join(message.split())
    assert "build it here" in " ".join(message.split())


def test_a_kernel_that_the_check_allows_may_be_called() -> None:
    allowed = Check.of(doubled, [{"x": FOUR}], name="d", answer="d", points=1, may_call=("pool",))
    assert failure(allowed, lambda x: 2 * torch.nn.functional.max_pool1d(x[None], 1)[0]) is None


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: x.sum()[None] * 2, "calls the framework's sum. This exercise is about doing without it"),
        (
            lambda x: torch.outer(x, x) @ x,
            "torch.outer(x, x) @ x,). This exercise is about doing without it",
        ),
        (lambda x: 2 * x.sigmoid(), "calls the framework's sigmoid. That is the answer itself"),
        (lambda x: torch.nn.functional.avg_pool1d(x[None], 1)[0], "That is the answer itself"),
    ],
    ids=("a sum", "a product with a matrix", "a whole answer", "a layer"),
)
def test_a_step_that_an_exercise_bans_is_not_called_the_answer(answer, says: str) -> None:
    banned = Check.of(
        doubled, [{"x": FOUR}], name="d", answer="d", points=1, may_not_call=("sum", "mv", "sigmoid")
    )
    message = " ".join((failure(banned, answer) or "").split())
    assert says in message
    assert ("the answer itself" in message) == ("the answer itself" in says)


def asked(answer, **rest) -> str:
    """What a check that allows or bans by `rest` says, in one line."""
    return " ".join(
        (
            failure(Check.of(doubled, [{"x": FOUR}], name="d", answer="d", points=1, **rest), answer) or ""
        ).split()
    )


def by_scipy(x: torch.Tensor) -> torch.Tensor:
    from scipy.special import expit

    return torch.from_numpy(expit(x.numpy()))


def by_a_distribution(x: torch.Tensor) -> torch.Tensor:
    from scipy.stats import logistic

    return torch.from_numpy(logistic.cdf(x.numpy()))


def by_the_slope_of_a_transform(x: torch.Tensor) -> torch.Tensor:
    return torch.distributions.SigmoidTransform().log_abs_det_jacobian(x, x).exp()


def by_dual_numbers(x: torch.Tensor) -> torch.Tensor:
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(x, torch.ones_like(x))
        return cast("torch.Tensor", torch.autograd.forward_ad.unpack_dual(dual * dual).tangent)


def helped(x: torch.Tensor) -> torch.Tensor:
    return by_scipy(x)


def by_numpy(x: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(numpy.convolve(x.numpy(), [2.0]))


def by_autograd(x: torch.Tensor) -> torch.Tensor:
    x = x.clone().requires_grad_()
    return torch.autograd.grad((x * x).sum(), x)[0]


def by_backward(x: torch.Tensor) -> torch.Tensor:
    x = x.clone().requires_grad_()
    (x * x).sum().backward()
    return cast("torch.Tensor", x.grad)


def by_functions_of_functions(x: torch.Tensor) -> torch.Tensor:
    return torch.func.grad(lambda x: (x * x).sum())(x)


def swallows(x: torch.Tensor) -> torch.Tensor:
    try:
        F.conv2d(x[None, None, None], KERNEL)
    except Exception:
        return 2 * x
    raise AssertionError("the guard did not stand")


@pytest.mark.parametrize(
    ("answer", "word", "says"),
    [
        (by_scipy, "sigmoid", "calls scipy.special.expit"),
        (helped, "sigmoid", "calls scipy.special.expit"),
        (by_a_distribution, "sigmoid", "calls scipy.logistic_gen._cdf"),
        (by_the_slope_of_a_transform, "sigmoid", "calls torch.SigmoidTransform.log_abs_det_jacobian"),
        (by_numpy, "convolution", "calls numpy.convolve (line"),
        (by_autograd, "autograd", "Autograd is not allowed here: write the derivative out"),
        (by_backward, "autograd", "Autograd is not allowed here"),
        (by_functions_of_functions, "autograd", "Autograd is not allowed here"),
        (by_dual_numbers, "autograd", "Autograd is not allowed here"),
        (swallows, "convolution", "calls the framework's convolution (line"),
    ],
)
def test_what_is_banned_is_banned_through_every_door(answer, word: str, says: str) -> None:
    assert says in asked(answer, may_not_call=(word,))


def importing(x: torch.Tensor) -> torch.Tensor:
    for name in [name for name in sys.modules if name.startswith(("scipy.signal", "nonconv.reduction"))]:
        del sys.modules[name]
    import scipy.signal  # noqa: F401

    import nonconv.reduction  # noqa: F401

    return 2 * x


def test_importing_a_module_calls_nothing_of_it() -> None:
    before = {name: module for name, module in sys.modules.items() if name.startswith("nonconv.reduction")}
    try:
        assert asked(importing) == ""
    finally:
        sys.modules.update(before)


def pooled(x: torch.Tensor) -> torch.Tensor:
    """Right, by the derivative of a function that the exercise hands over."""
    given = Layer("average-pooling-2x2")
    jacobian = torch.autograd.functional.jacobian(lambda x: given(x), torch.zeros(1, 2, 2, 2).double())
    return 2 * x + 0 * jacobian.sum()


def test_autograd_may_go_back_through_what_the_exercise_hands_over() -> None:
    assert asked(pooled) == ""


def test_a_layer_of_the_course_is_allowed_where_the_frameworks_is() -> None:
    def convolved(x: torch.Tensor) -> torch.Tensor:
        return layers.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0]

    def by_a_module(x: torch.Tensor) -> torch.Tensor:
        layer = layers.Conv2d(1, 1, 1, bias=False)
        return layer(x[None, None, None])[0, 0, 0] * 2 / layer.weight.item()

    assert "nonconv.layers" in asked(convolved)
    assert "nonconv.layers.convolution.Conv2d (line" in asked(by_a_module)
    assert asked(convolved, may_call=("conv",)) == ""
    assert asked(by_a_module, may_call=("conv",)) == ""


def test_a_module_is_allowed_by_its_name_and_no_other_with_it() -> None:
    def convolved(x: torch.Tensor) -> torch.Tensor:
        import scipy.signal

        return torch.from_numpy(scipy.signal.convolve(x.numpy(), numpy.array([2.0])))

    def merged(x: torch.Tensor) -> torch.Tensor:
        import nonconv.reduction

        return nonconv.reduction.affine_form(x, x, x, x.abs(), 1.0)[0]

    assert "calls scipy.signal" in asked(convolved, may_call=("conv",))
    assert asked(convolved, may_call=("scipy.signal", "conv")) == ""
    assert "calls nonconv.reduction" in asked(merged, may_call=("scipy.signal", "conv"))


def test_an_exercise_about_convolutions_asks_for_convolutions() -> None:
    rules = {"may_call": ("conv",), "must_call": {"conv": 1}}
    assert "calls the framework's conv no times" in asked(lambda x: 2 * x, **rules)
    assert asked(lambda x: F.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], **rules) == ""
    assert asked(lambda x: layers.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], **rules) == ""


def test_a_layer_of_the_course_counts_once_and_its_own_steps_are_no_calls() -> None:
    rules = {"may_call": ("conv",), "may_not_call": ("mm",)}
    for fast in (False, True):

        def convolved(x: torch.Tensor, fast: bool = fast) -> torch.Tensor:
            return layers.conv2d(x[None, None, None], 2 * KERNEL, fast=fast)[0, 0, 0]

        assert asked(convolved, **rules, must_call={"conv": 1}) == ""
        assert "calls the framework's conv 1 time" in asked(convolved, **rules, must_call={"conv": 2})
    assert "calls the framework's mm" in asked(lambda x: (x[:, None] @ x[None, :1])[:, 0], **rules)


def test_a_loop_over_the_places_makes_too_many_calls() -> None:
    rules = {"steps_at_most": 3}
    assert asked(lambda x: 2 * x, **rules) == ""
    looped = asked(lambda x: torch.stack([2 * one for one in x]), **rules)
    assert "A loop over the places is still in it" in looped
    assert "expected" in asked(lambda x: torch.stack([3 * one for one in x]), **rules)


def test_a_loop_is_counted_whatever_it_works_with() -> None:
    def in_numbers(x: torch.Tensor) -> torch.Tensor:
        return torch.tensor([2 * one for one in x.tolist()], dtype=x.dtype)

    def in_a_helper(x: torch.Tensor) -> torch.Tensor:
        def twice(one: float) -> float:
            return 2 * one

        return torch.tensor(list(map(twice, x.tolist())), dtype=x.dtype)

    def in_numpy(x: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(numpy.stack(list(map(numpy.atleast_1d, x.numpy() + x.numpy())))[:, 0])

    for answer in (in_numbers, in_a_helper, in_numpy):
        assert asked(answer) == ""
        assert "A loop over the places is still in it" in asked(answer, steps_at_most=4)


def test_the_steps_are_counted_in_the_largest_case_only() -> None:
    inputs = [{"x": torch.ones(n)} for n in (2, 9)]
    check = Check.of(lambda x: 2 * x, inputs, name="n", answer="n", points=1, steps_at_most=6)

    def small_ones_in_a_loop(x: torch.Tensor) -> torch.Tensor:
        return torch.stack([2 * one for one in 4 * [*x] if one > 0][:2]) if len(x) < 9 else 2 * x

    assert failure(check, small_ones_in_a_loop) is None
    assert "A loop over the places" in (failure(check, lambda x: torch.stack([2 * one for one in x])) or "")


def test_what_is_wrong_with_an_output_goes_before_how_it_was_made() -> None:
    rules = {"may_call": ("conv",), "must_call": {"conv": 1}}
    assert "expected" in asked(lambda x: 3 * x, **rules)
    assert "is there a `return`?" in asked(lambda x: None, **rules)


def test_attention_of_many_heads_is_known_by_its_name() -> None:
    def attended(x: torch.Tensor) -> torch.Tensor:
        one = torch.eye(1)
        head = torch.nn.MultiheadAttention(1, 1, bias=False)
        head.load_state_dict({"in_proj_weight": torch.ones(3, 1), "out_proj.weight": one})
        return head.train()(*[2 * x[:1, None]] * 3)[0][:, 0].expand(len(x))

    assert "calls torch.multi_head_attention_forward" in asked(attended, may_not_call=("attention",))


def test_autograd_is_let_be_but_for_kernels_of_its_way_back_that_are_banned() -> None:
    def slope(x: torch.Tensor) -> torch.Tensor:
        x = x.clone().requires_grad_()
        return torch.autograd.grad(F.softplus(x).sum(), x)[0]

    assert "the framework's" not in asked(slope, may_not_call=("softplus_back_and_forth",))
    assert "calls the framework's softplus_backward" in asked(slope, may_not_call=("softplus_backward",))


def test_flexible_attention_is_known_by_its_name() -> None:
    def attended(x: torch.Tensor) -> torch.Tensor:
        from torch.nn.attention.flex_attention import flex_attention

        q = x[None, None, None]
        return cast("torch.Tensor", flex_attention(q, q, q))

    assert "calls torch.flex_attention" in asked(attended, may_not_call=("attention",))


def test_a_profiler_that_was_running_runs_on() -> None:
    def mine(*_: object) -> None: ...

    sys.setprofile(mine)
    try:
        failure(DOUBLE, squared)
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)
