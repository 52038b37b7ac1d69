"""Right answers that go other ways."""

import heapq

import torch

from nonconv.authoring import right


@right("search")
def a_beam_of_two(log_p, length, budget):
    beam = [([], 0.0)]
    while not all(one and (one[-1] == 0 or len(one) == length) for one, _ in beam):
        grown = []
        for one, total in beam:
            if one and one[-1] == 0:
                grown.append((one, total))
            else:
                grown += [([*one, k], total + p) for k, p in enumerate(log_p(one).tolist())]
        beam = sorted(grown, key=lambda pair: -pair[1])[:2]
    return beam[0][0]


@right("search")
def turns_off_at_the_closest_step(log_p, length, budget):
    def go_on(sequence):
        gaps = []
        while len(sequence) < length and sequence[-1:] != [0]:
            top = log_p(sequence).topk(2)
            gaps.append((float(top.values[0] - top.values[1]), len(sequence), int(top.indices[1])))
            sequence = [*sequence, int(top.indices[0])]
        return sequence, gaps

    easy, gaps = go_on([])
    _, t, second = min(gaps)
    return go_on([*easy[:t], second])[0]


@right("search")
def a_beam_in_tensors(log_p, length, budget):
    sequences, totals = [[]], torch.zeros(1, dtype=torch.float64)
    for _ in range(length):
        longer, sums = [], []
        for one, total in zip(sequences, totals.tolist(), strict=True):
            if one[-1:] == [0]:
                longer.append(one)
                sums.append(total)
            else:
                longer += [[*one, k] for k in range(4)]
                sums += (total + log_p(one)).tolist()
        totals, places = torch.tensor(sums, dtype=torch.float64).topk(2)
        sequences = [longer[k] for k in places.tolist()]
    return tuple(sequences[0])


@right("search")
def a_beam_on_a_heap(log_p, length, budget):
    beam = [(0.0, ())]
    for _ in range(length):
        grown = []
        for total, one in beam:
            if 0 in one:
                grown.append((total, one))
                continue
            grown.extend((total + p, (*one, k)) for k, p in enumerate(log_p(one).tolist()))
        beam = heapq.nlargest(2, grown)
    return list(beam[0][1])


@right("search")
def the_second_start_compared_with_the_first(log_p, length, budget):
    first = log_p([])
    best, best_total = None, float("-inf")
    for start in first.argsort(descending=True)[:2]:
        sequence, total = [int(start)], float(first[start])
        while sequence[-1] and len(sequence) < length:
            steps = log_p(sequence)
            sequence.append(int(steps.argmax()))
            total += float(steps.max())
        if total > best_total:
            best, best_total = sequence, total
    return torch.tensor(best)
