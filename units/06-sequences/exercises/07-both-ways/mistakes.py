"""What students answer: the wrong ways, and what each is told and loses; and right ways."""

import torch

from nonconv.authoring import right, wrong

WAYS = ("ways-values", "ways-other")


@wrong(
    "both_ways",
    says="the states of back stand in the order in which it read: turn them round, so that row t is step t.",
    loses=WAYS,
)
def does_not_turn_back(there, back, x):
    return torch.cat([there(x), back(x.flip(0))], 1)


@wrong("both_ways", says="back reads forwards, too: give it x from the last row to the first.", loses=WAYS)
def reads_forwards_twice(there, back, x):
    return torch.cat([there(x), back(x)], 1)


@wrong(
    "both_ways",
    says="back reads forwards and its states are turned round: turn its input as well.",
    loses=WAYS,
)
def turns_the_states_only(there, back, x):
    return torch.cat([there(x), back(x).flip(0)], 1)


@wrong("both_ways", says="both directions go through the same RNN: the second is back.", loses=WAYS)
def takes_one_rnn_twice(there, back, x):
    return torch.cat([there(x), there(x.flip(0)).flip(0)], 1)


@wrong("both_ways", says="the two halves are swapped: there stands first, then back.", loses=WAYS)
def swaps_the_halves(there, back, x):
    return torch.cat([back(x.flip(0)).flip(0), there(x)], 1)


@wrong(
    "both_ways",
    says="x.flip(1) turns each input vector round, not the sequence: the steps are axis 0.",
    loses=WAYS,
)
def flips_the_other_axis(there, back, x):
    return torch.cat([there(x), back(x.flip(1)).flip(1)], 1)


@wrong("both_ways", shows="expected shape (2, 4), got (4, 2)", loses=WAYS)
def puts_one_below_the_other(there, back, x):
    return torch.cat([there(x), back(x.flip(0)).flip(0)])


@wrong("both_ways", shows="expected shape (2, 4), got (2, 2)", loses=WAYS)
def adds_them(there, back, x):
    return there(x) + back(x.flip(0)).flip(0)


@wrong(
    "both_ways",
    says="back reads the states of there: it reads x itself; that would be a second layer.",
    loses=WAYS,
)
def reads_the_states(there, back, x):
    first = there(x)
    wide = torch.cat([first, torch.zeros_like(first[:, :1])], 1)
    return torch.cat([first, back(wide.flip(0)).flip(0)], 1)


@wrong("both_ways", shows="stopped with ValueError", loses=WAYS)
def gives_a_python_slice(there, back, x):
    return torch.cat([there(x), back(x[::-1])], 1)


@right("both_ways")
def step_by_step(there, back, x):
    T = len(x)
    turned = back(x[torch.arange(T - 1, -1, -1)])
    return torch.stack([torch.cat([there(x)[t], turned[T - 1 - t]]) for t in range(T)])


@right("both_ways")
def with_indices(there, back, x):
    order = list(range(len(x)))[::-1]
    return torch.hstack((there(x), back(x[order])[order]))


@right("both_ways")
def into_an_empty_tensor(there, back, x):
    out = torch.empty(len(x), 4, dtype=x.dtype)
    out[:, :2] = there(x)
    out[:, 2:] = torch.flipud(back(torch.flipud(x)))
    return out


@right("both_ways")
def anew_for_each_row(there, back, x):
    rows = [torch.cat([there(x[: t + 1])[-1], back(x[t:].flip(0))[-1]]) for t in range(len(x))]
    return torch.stack(rows)


@right("both_ways")
def with_a_matrix(there, back, x):
    J = torch.eye(len(x), dtype=x.dtype).flip(0)
    return torch.cat((there(x), J @ back(J @ x)), dim=-1)
