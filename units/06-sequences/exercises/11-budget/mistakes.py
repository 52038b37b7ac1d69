"""What students answer: the wrong ways, and what each is told and loses."""

import copy
import itertools

from nonconv.authoring import wrong

BUDGET = ("budget-three", "budget-others")


@wrong("search", shows="this is what greedy search writes", loses=BUDGET)
def searches_greedily(log_p, length, budget):
    sequence = []
    while len(sequence) < length and 0 not in sequence:
        sequence.append(log_p(sequence).argmax().item())
    return sequence


@wrong("search", shows="the budget of 12 questions is used up", loses=BUDGET)
def looks_through_everything(log_p, length, budget):
    def total(sequence):
        return sum(log_p(list(sequence[:t]))[symbol].item() for t, symbol in enumerate(sequence))

    return list(max(itertools.product((1, 2, 3), repeat=length), key=total))


@wrong("search", shows="the budget of 12 questions is used up", loses=BUDGET)
def asks_for_each_symbol(log_p, length, budget):
    beam = [([], 0.0)]
    for _ in range(length):
        grown = [([*one, k], total + log_p(one)[k].item()) for one, total in beam for k in range(4)]
        beam = sorted(grown, key=lambda one: -one[1])[:2]
    return beam[0][0]


@wrong("search", shows="each symbol must be one number, not a list of", loses=BUDGET)
def returns_the_pair(log_p, length, budget):
    steps = log_p([])
    return [[steps.topk(2).indices[1].item()], steps.max().item()]


@wrong("search", shows="there is something behind symbol 0", loses=BUDGET)
def goes_on_behind_the_end(log_p, length, budget):
    sequence = [0]
    while len(sequence) < length:
        sequence.append(log_p(sequence).argmax().item())
    return sequence


@wrong("search", shows="it is not finished", loses=BUDGET)
def stops_too_early(log_p, length, budget):
    return [1 + log_p([])[1:].argmax().item()]


@wrong("search", shows="but greedy search finds", loses=BUDGET)
def takes_the_unlikeliest(log_p, length, budget):
    sequence = []
    while len(sequence) < length and 0 not in sequence:
        sequence.append(log_p(sequence).argmin().item())
    return sequence


@wrong("search", shows="the list is empty", loses=BUDGET)
def returns_an_empty_list(log_p, length, budget):
    return []


@wrong("search", shows="is no symbol: they are the whole numbers from 0 to 3", loses=BUDGET)
def counts_from_one(log_p, length, budget):
    return [int(log_p([]).argmax()) + 4] * length


@wrong("search", shows="symbols, but at most", loses=BUDGET)
def writes_too_much(log_p, length, budget):
    return [1] * (length + 1)


@wrong("search", shows="the budget of 12 questions is used up", loses=BUDGET)
def takes_a_beam_of_three(log_p, length, budget):
    beam = [([], 0.0)]
    while not all(s and (s[-1] == 0 or len(s) == length) for s, _ in beam):
        longer = []
        for s, total in beam:
            if s and s[-1] == 0:
                longer.append((s, total))
            else:
                longer += [([*s, k], total + p) for k, p in enumerate(log_p(s).tolist())]
        beam = sorted(longer, key=lambda one: one[1], reverse=True)[:3]
    return beam[0][0]


@wrong("search", shows="the budget of 12 questions is used up", loses=BUDGET)
def asks_copies_of_the_model(log_p, length, budget):
    beam = [([], 0.0)]
    for _ in range(length):
        grown = [
            ([*one, k], total + copy.deepcopy(log_p)(one)[k].item()) for one, total in beam for k in range(4)
        ]
        beam = sorted(grown, key=lambda one: -one[1])[:2]
    return beam[0][0]
