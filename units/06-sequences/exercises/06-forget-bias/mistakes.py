"""What students answer: the wrong ways, and what each is told and loses; and right ways."""

import math

import torch

from nonconv.authoring import right, wrong

BIAS = ("bias-values", "bias-other")


@wrong(
    "forget_bias",
    says="this is the bias for one step: over T steps the gate is a factor T times.",
    loses=BIAS,
)
def thinks_of_one_step(s, T):
    return math.log(s / (1 - s))


@wrong("forget_bias", says="this is the gate f itself: the bias is what σ makes f of.", loses=BIAS)
def returns_the_gate(s, T):
    return s ** (1 / T)


@wrong(
    "forget_bias", says="s/T would be right if gates were added: they are multiplied, f^T = s.", loses=BIAS
)
def divides_the_share(s, T):
    f = s / T
    return math.log(f / (1 - f))


@wrong(
    "forget_bias",
    says="s^T is what is left of s after T more steps: the gate is the T-th root of s.",
    loses=BIAS,
)
def takes_the_power(s, T):
    f = s**T
    return math.log(f) - math.log1p(-f)


@wrong(
    "forget_bias", says="the logarithm is taken of f alone, but σ(b) = f gives b = ln(f/(1 − f)).", loses=BIAS
)
def takes_the_logarithm_only(s, T):
    return math.log(s) / T


@wrong("forget_bias", says="the sign is turned over: an open gate needs a positive bias.", loses=BIAS)
def turns_the_sign_over(s, T):
    f = s ** (1 / T)
    return math.log((1 - f) / f)


@wrong(
    "forget_bias",
    says="the bias of one step is multiplied by T: the gate's T-th root comes first, then the bias.",
    loses=BIAS,
)
def multiplies_the_bias(s, T):
    return T * math.log(s / (1 - s))


@wrong(
    "forget_bias",
    says="the bias of one step is divided by T: the gate's T-th root comes first, then the bias.",
    loses=BIAS,
)
def divides_the_bias(s, T):
    return math.log(s / (1 - s)) / T


@wrong("forget_bias", says="s is what is forgotten for you: it is the share that is left.", loses=BIAS)
def takes_what_is_forgotten(s, T):
    f = (1 - s) ** (1 / T)
    return math.log(f / (1 - f))


@wrong(
    "forget_bias", says="logarithms in base 10 do not undo σ, which is made of e: take math.log.", loses=BIAS
)
def takes_base_ten(s, T):
    f = s ** (1 / T)
    return math.log10(f / (1 - f))


@right("forget_bias")
def with_logit(s, T):
    return torch.logit(torch.tensor(s, dtype=torch.float64) ** (1 / T))


@right("forget_bias")
def stably(s, T):
    x = -math.log(s) / T
    return -math.log(math.expm1(x))


@right("forget_bias")
def by_halving(s, T):
    low, high = -50.0, 50.0
    while high - low > 1e-12:
        b = (low + high) / 2
        low, high = (b, high) if (1 / (1 + math.exp(-b))) ** T < s else (low, b)
    return low


@right("forget_bias")
def by_newton(s, T):
    b = 0.0
    for _ in range(200):
        f = 1 / (1 + math.exp(-b))
        b -= (T * math.log(f) - math.log(s)) / (T * (1 - f))
    return b


@right("forget_bias")
def with_two_exponentials(s, T):
    f = math.exp(math.log(s) / T)
    return -math.log(1 / f - 1)


@right("forget_bias")
def by_twice_artanh(s, T):
    return 2 * math.atanh(2 * s ** (1 / T) - 1)
