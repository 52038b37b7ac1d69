"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

KERNEL = ("kernel-values", "kernel-other")


@wrong(
    "rnn_kernel",
    says="the taps stand in the order of the formula, the present first; the framework does not flip, so the present comes last.",
    loses=KERNEL,
)
def does_not_turn_it_round(W_hh, W_hx, W_yh, T):
    return torch.stack([W_yh @ torch.linalg.matrix_power(W_hh, k) @ W_hx for k in range(T)], -1)


@wrong(
    "rnn_kernel",
    says="each tap has one W_hh too many: the present x_t goes through W_hx and W_yh only.",
    loses=KERNEL,
)
def begins_one_step_late(W_hh, W_hx, W_yh, T):
    taps = [W_yh @ torch.linalg.matrix_power(W_hh, k + 1) @ W_hx for k in range(T)]
    return torch.stack(taps[::-1], -1)


@wrong(
    "rnn_kernel",
    says="W_hh ** k takes the power of each number: a matrix power is a product of matrices.",
    loses=KERNEL,
)
def takes_powers_of_the_numbers(W_hh, W_hx, W_yh, T):
    taps = [W_yh @ (W_hh**k if k else torch.eye(len(W_hh)).double()) @ W_hx for k in range(T)]
    return torch.stack(taps[::-1], -1)


@wrong(
    "rnn_kernel",
    says="W_hh is transposed: with h_t = W_hh h, powers of W_hh itself stand in the kernel.",
    loses=KERNEL,
)
def transposes_the_matrix(W_hh, W_hx, W_yh, T):
    taps = [W_yh @ torch.linalg.matrix_power(W_hh.T, k) @ W_hx for k in range(T)]
    return torch.stack(taps[::-1], -1)


@wrong(
    "rnn_kernel",
    says="only the present is there: what came k steps before goes k times through W_hh.",
    loses=["kernel-values", "kernel-other"],
)
def forgets_the_past(W_hh, W_hx, W_yh, T):
    weight = W_hh.new_zeros(len(W_yh), W_hx.shape[1], T)
    weight[..., -1] = W_yh @ W_hx
    return weight


@wrong("rnn_kernel", says="each tap is multiplied by W_hh once: k steps back are k times.", loses=KERNEL)
def multiplies_once(W_hh, W_hx, W_yh, T):
    taps = [W_yh @ W_hx] + [W_yh @ W_hh @ W_hx] * (T - 1)
    return torch.stack(taps[::-1], -1)


@wrong("rnn_kernel", shows="expected shape (1, 3, 3), got (2, 3, 3)", loses=KERNEL)
def forgets_the_output(W_hh, W_hx, W_yh, T):
    taps = [torch.linalg.matrix_power(W_hh, k) @ W_hx for k in range(T)]
    return torch.stack(taps[::-1], -1)


@wrong("rnn_kernel", shows="expected shape (1, 3, 3), got (3, 1, 3)", loses=KERNEL)
def puts_the_taps_first(W_hh, W_hx, W_yh, T):
    taps = [W_yh @ torch.linalg.matrix_power(W_hh, k) @ W_hx for k in range(T)]
    return torch.stack(taps[::-1], 0)


@wrong("rnn_kernel", says="tanh stands between the steps: this RNN is linear.", loses=KERNEL)
def keeps_the_nonlinearity(W_hh, W_hx, W_yh, T):
    column, taps = torch.tanh(W_hx), []
    for _ in range(T):
        taps.append(W_yh @ column)
        column = torch.tanh(W_hh @ column)
    return torch.stack(taps[::-1], -1)


@wrong(
    "rnn_kernel",
    says="the answers are added up from tap to tap: the kernel is the answer to an impulse, not to a step.",
    loses=["kernel-values", "kernel-other"],
)
def adds_the_taps_up(W_hh, W_hx, W_yh, T):
    taps = [W_yh @ torch.linalg.matrix_power(W_hh, k) @ W_hx for k in range(T)]
    return torch.stack(taps, -1).cumsum(-1).flip(-1)
