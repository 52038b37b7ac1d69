"""What students answer: the wrong ways, and what each is told and loses; and right ways."""

import torch

from nonconv.authoring import right, wrong

BOTH = ("vectors-values", "vectors-filled")


@wrong(
    "two_vectors",
    says="the last state is that of the batch, states[-1]: a shorter sequence ended before.",
    loses=BOTH,
)
def takes_the_batchs_last_state(states, lengths):
    own = torch.arange(len(states))[:, None] < lengths
    return states[-1], torch.where(own[..., None], states, 0).sum(0) / lengths[:, None]


@wrong("two_vectors", says="the mean is over all T steps: those behind the end are filled in.", loses=BOTH)
def averages_what_is_filled_in(states, lengths):
    return states[lengths - 1, torch.arange(len(lengths))], states.mean(0)


@wrong("two_vectors", says="the sum is divided by T: divide it by the sequence's own length.", loses=BOTH)
def divides_by_all_steps(states, lengths):
    own = torch.arange(len(states))[:, None] < lengths
    mean = torch.where(own[..., None], states, 0).sum(0) / len(states)
    return states[lengths - 1, torch.arange(len(lengths))], mean


@wrong("two_vectors", says="the first state stands where the last belongs.", loses=BOTH)
def takes_the_first_state(states, lengths):
    own = torch.arange(len(states))[:, None] < lengths
    return states[0], torch.where(own[..., None], states, 0).sum(0) / lengths[:, None]


@wrong(
    "two_vectors",
    says="the mean leaves its last step out: `< lengths` has all of them, `< lengths - 1` does not.",
    loses=BOTH,
)
def leaves_the_last_step_out_of_the_mean(states, lengths):
    own = torch.arange(len(states))[:, None] < lengths - 1
    mean = torch.where(own[..., None], states, 0).sum(0) / (lengths - 1).clamp(min=1)[:, None]
    return states[lengths - 1, torch.arange(len(lengths))], mean


@wrong(
    "two_vectors",
    says="0 · nan is nan: choose the own steps (torch.where, or a slice), do not multiply the others by 0.",
    loses=BOTH,
)
def multiplies_by_zero(states, lengths):
    own = (torch.arange(len(states))[:, None] < lengths).double()
    mean = (own[..., None] * states).sum(0) / lengths[:, None]
    return states[lengths - 1, torch.arange(len(lengths))], mean


@wrong("two_vectors", shows="stopped with IndexError", loses=BOTH)
def counts_from_one(states, lengths):
    last = torch.stack([states[length, n] for n, length in enumerate(lengths.tolist())])
    return last, last


@wrong("two_vectors", shows="in another order: return (last, mean)", loses=BOTH)
def swaps_the_two(states, lengths):
    own = [states[:length, n] for n, length in enumerate(lengths.tolist())]
    return torch.stack([one.mean(0) for one in own]), torch.stack([one[-1] for one in own])


@wrong("two_vectors", says="you give the sum, not the mean: divide by the sequence's own length.", loses=BOTH)
def forgets_to_divide(states, lengths):
    own = torch.arange(len(states))[:, None] < lengths
    return states[lengths - 1, torch.arange(len(lengths))], torch.where(own[..., None], states, 0).sum(0)


@wrong("two_vectors", shows="it must return the 2 values (last, mean)", loses=BOTH)
def puts_them_side_by_side(states, lengths):
    own = [states[:length, n] for n, length in enumerate(lengths.tolist())]
    return torch.cat([torch.stack([one[-1] for one in own]), torch.stack([one.mean(0) for one in own])], 1)


@right("two_vectors")
def sequence_by_sequence(states, lengths):
    last, mean = [], []
    for n in range(states.shape[1]):
        own = states[: lengths[n], n]
        last.append(own[-1])
        mean.append(own.sum(0) / len(own))
    return torch.stack(last), torch.stack(mean)


@right("two_vectors")
def with_gather_and_masked_fill(states, lengths):
    index = (lengths - 1).view(1, -1, 1).expand(1, -1, states.shape[2])
    behind = torch.arange(states.shape[0]).unsqueeze(1) >= lengths
    return states.gather(0, index)[0], states.masked_fill(behind[..., None], 0.0).sum(0) / lengths.unsqueeze(
        1
    )


@right("two_vectors")
def step_by_step(states, lengths):
    total, last = torch.zeros_like(states[0]), states[0].clone()
    for t, h in enumerate(states):
        goes_on = t < lengths
        total[goes_on] += h[goes_on]
        last[goes_on] = h[goes_on]
    return last, total / lengths[:, None]


@right("two_vectors")
def with_nanmean(states, lengths):
    N = len(lengths)
    clean = states.clone()
    for n in range(N):
        clean[lengths[n] :, n] = float("nan")
    return states[lengths - 1, range(N)], clean.nanmean(0)


@right("two_vectors")
def by_way_of_numpy(states, lengths):
    import numpy as np

    a = states.numpy()
    last = np.stack([a[k - 1, n] for n, k in enumerate(lengths.numpy())])
    mean = np.stack([a[:k, n].mean(axis=0) for n, k in enumerate(lengths.numpy())])
    return torch.from_numpy(last), torch.from_numpy(mean)


@right("two_vectors")
def with_numbers_in_the_place_of_nan(states, lengths):
    own = torch.arange(len(states))[:, None] < lengths
    sums = (states.nan_to_num(0.0, 0.0, 0.0) * own[..., None].to(states.dtype)).sum(0)
    return states[lengths - 1, torch.arange(len(lengths))], sums / lengths[:, None]
