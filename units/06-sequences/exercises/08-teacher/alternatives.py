"""Right answers that go other ways."""

import math

import torch

from nonconv.authoring import right


@right("forced_loss")
def with_a_cross_entropy(step, state, target):
    rows = []
    for token in [0, *target[:-1]]:
        scores, state = step(token, state)
        rows.append(scores)
    return torch.nn.functional.cross_entropy(torch.stack(rows), torch.tensor(target))


@right("forced_loss")
def with_exponentials(step, state, target):
    total = 0.0
    for t in range(len(target)):
        scores, state = step(0 if t == 0 else target[t - 1], state)
        powers = [math.exp(score) for score in scores.tolist()]
        total -= math.log(powers[target[t]] / sum(powers))
    return total / len(target)


@right("forced_loss")
def with_logsumexp(step, state, target):
    total = torch.zeros((), dtype=torch.float64)
    for before, now in zip([0, *target], target, strict=False):
        scores, state = step(before, state)
        total = total + scores.logsumexp(0) - scores[now]
    return total / len(target)


@right("forced_loss")
def as_a_product(step, state, target):
    p = 1.0
    for before, now in zip([0, *target], target, strict=False):
        scores, state = step(before, state)
        p = p * scores.softmax(0)[now]
    return -p.log() / len(target)


@right("forced_loss")
def with_tokens_as_tensors(step, state, target):
    y = torch.tensor([0, *target])
    losses = []
    for t in range(len(target)):
        scores, state = step(y[t], state)
        losses.append(torch.nn.functional.nll_loss(scores.log_softmax(-1)[None], y[t + 1 : t + 2]))
    return sum(losses) / len(losses)


@right("free_run")
def as_a_tensor(step, state, length):
    y = torch.zeros(length + 1, dtype=torch.int64)
    for t in range(length):
        scores, state = step(y[t], state)
        y[t + 1] = scores.argmax()
    return y[1:]


@right("free_run")
def with_probabilities(step, state, length):
    written = []
    while len(written) < length:
        scores, state = step(written[-1] if written else 0, state)
        p = scores.softmax(0).tolist()
        written.append(p.index(max(p)))
    return written


@right("free_run")
def with_a_stable_sort(step, state, length):
    token, written = torch.tensor(0), []
    for _ in range(length):
        scores, state = step(token, state)
        token = scores.sort(descending=True, stable=True).indices[0]
        written.append(token.item())
    return tuple(written)


@right("free_run")
def by_recursion(step, state, length):
    def go_on(token, state, left):
        if left == 0:
            return []
        scores, state = step(token, state)
        likeliest = scores.argmax().item()
        return [likeliest, *go_on(likeliest, state, left - 1)]

    return go_on(0, state, length)


@right("free_run")
def with_max_over_a_list(step, state, length):
    out, token = [], 0
    for _ in range(length):
        scores, state = step(token, state)
        token = max(range(5), key=lambda k: scores[k])
        out += [token]
    return out
