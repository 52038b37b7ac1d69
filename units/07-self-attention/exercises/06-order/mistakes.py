"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

BOTH = ("order-decides", "order-hidden")


@wrong(
    "knows_no_order",
    says="you turn the whole circle only: a layer with neighbours on a circle passes that. Swap two positions as well.",
    loses=BOTH,
)
def turns_the_circle(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    return all(torch.allclose(f(X.roll(k, 0)), f(X).roll(k, 0)) for k in range(n))


@wrong(
    "knows_no_order",
    says="you swap the first two only: a layer that treats another position in its own way passes that.",
    loses=BOTH,
)
def swaps_the_first_two(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    p = [1, 0, *range(2, n)]
    return torch.allclose(f(X[p]), f(X)[p])


@wrong(
    "knows_no_order",
    says="you turn the order round only: a layer that does the same passes that.",
    loses=BOTH,
)
def turns_the_order_round(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    return torch.allclose(f(X.flip(0)), f(X).flip(0))


@wrong(
    "knows_no_order",
    says="you ask whether the output stays the same: that is invariance. Equivariant: f(X[p]) equals f(X)[p].",
    loses=BOTH,
)
def asks_for_invariance(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    return all(torch.allclose(f(X[p]), f(X)) for p in (torch.randperm(n) for _ in range(20)))


@wrong(
    "knows_no_order",
    says="you try it on an input whose positions are all alike: no permutation can be seen there.",
    loses=BOTH,
)
def tries_it_on_ones(f, n, d):
    X = torch.ones(n, d, dtype=torch.float64)
    return all(torch.allclose(f(X[p]), f(X)[p]) for p in (torch.randperm(n) for _ in range(20)))


@wrong(
    "knows_no_order",
    says="you turn the circle, and turn it over: attention to both neighbours passes that. Swap two positions as well.",
    loses=BOTH,
)
def turns_and_reverses_the_circle(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    return torch.allclose(f(X.roll(1, 0)), f(X).roll(1, 0)) and torch.allclose(f(X.flip(0)), f(X).flip(0))


@wrong(
    "knows_no_order",
    says="you try even permutations only, those of an even number of swaps, such as three positions in a circle:"
    " add one swap.",
    loses=BOTH,
)
def takes_three_in_a_circle(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    circles = [[*range(i), i + 1, i + 2, i, *range(i + 3, n)] for i in range(n - 2)]
    return all(torch.allclose(f(X[p]), f(X)[p]) for p in circles)


@wrong(
    "knows_no_order",
    says="you leave the first position where it is: a layer that treats it in its own way passes that.",
    loses=BOTH,
)
def leaves_the_first_one(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    swaps = [[*range(i), i + 1, i, *range(i + 2, n)] for i in range(1, n - 1)]
    return all(torch.allclose(f(X[p]), f(X)[p]) for p in swaps)


@wrong(
    "knows_no_order",
    says="you move the first two and the last position only: a layer may treat another in its own way.",
    loses=BOTH,
)
def moves_the_ends_only(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    swaps = [1, 0, *range(2, n)], [n - 1, *range(1, n - 1), 0]
    return all(torch.allclose(f(X[p]), f(X)[p]) for p in swaps)


@wrong("knows_no_order", shows="expected True, got int 1; bool(…) makes True or False of it", loses=BOTH)
def counts_instead(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    swaps = [[*range(i), i + 1, i, *range(i + 2, n)] for i in range(n - 1)]
    return int(all(torch.allclose(f(X[p]), f(X)[p]) for p in swaps))


@wrong(
    "knows_no_order",
    says="your numbers are so large that what a layer adds to them drowns: take some around 1.",
    loses=BOTH,
)
def tries_it_on_large_numbers(f, n, d):
    X = 1e8 * torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    swaps = [[*range(i), i + 1, i, *range(i + 2, n)] for i in range(n - 1)]
    return all(torch.allclose(f(X[p]), f(X)[p], rtol=1e-4) for p in swaps)


@wrong("knows_no_order", says="this says True for every layer.", loses=BOTH)
def says_true(f, n, d):
    return True


@wrong(
    "knows_no_order",
    says="this says False for every layer: compare with a tolerance, f(X[p]) with f(X)[p], by the same p on both sides.",
    loses=BOTH,
)
def says_false(f, n, d):
    return False


@wrong("knows_no_order", says="the answer is turned over: True where f knows no order.", loses=BOTH)
def turns_the_answer_over(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    swaps = [[*range(i), i + 1, i, *range(i + 2, n)] for i in range(n - 1)]
    return not all(torch.allclose(f(X[p]), f(X)[p]) for p in swaps)


@wrong(
    "knows_no_order",
    says="you leave the last position where it is: a layer that treats it in its own way passes that.",
    loses=BOTH,
)
def leaves_the_last_one(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0)).double()
    swaps = [[*range(i), i + 1, i, *range(i + 2, n)] for i in range(n - 2)]
    return all(torch.allclose(f(X[p]), f(X)[p]) for p in swaps)
