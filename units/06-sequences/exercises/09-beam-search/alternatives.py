"""Right answers that go other ways."""

import heapq

import torch

from nonconv.authoring import right


@right("beam_search")
def with_a_heap(log_p, width, length):
    beam = [(0.0, ())]
    while any(len(s) < length and (not s or s[-1] != 0) for _, s in beam):
        candidates = []
        for total, s in beam:
            if s and (s[-1] == 0 or len(s) == length):
                candidates.append((total, s))
                continue
            for symbol, step in enumerate(log_p(s)):
                candidates.append((total + step.item(), (*s, symbol)))
        beam = heapq.nlargest(width, candidates)
    return list(max(beam)[1])


@right("beam_search")
def with_topk(log_p, width, length):
    sequences, totals = [[]], torch.zeros(1, dtype=torch.float64)
    for _ in range(length):
        candidates, sums = [], []
        for s, total in zip(sequences, totals, strict=True):
            if s and s[-1] == 0:
                candidates.append(s)
                sums.append(total)
            else:
                candidates += [[*s, k] for k in range(4)]
                sums += list(total + log_p(s))
        totals, chosen = torch.stack(sums).topk(min(width, len(sums)))
        sequences = [candidates[k] for k in chosen]
    return sequences[0]


@right("beam_search")
def finished_ones_in_a_list_of_their_own(log_p, width, length):
    going, done = [([], 0.0)], []
    for _t in range(length):
        grown = [([*s, k], total + float(step)) for s, total in going for k, step in enumerate(log_p(s))]
        best = sorted(grown + done, key=lambda one: -one[1])[:width]
        done = [one for one in best if one[0][-1] == 0]
        going = [one for one in best if one[0][-1] != 0]
    return max(going + done, key=lambda one: one[1])[0]


@right("beam_search")
def as_one_table(log_p, width, length):
    table = {(): 0.0}
    for _ in range(length):
        new = {}
        for s, total in table.items():
            if 0 in s:
                new[s] = total
            else:
                new |= {(*s, k): total + p for k, p in enumerate(log_p(list(s)).tolist())}
        keep = sorted(new, key=new.get)[-width:]
        table = {s: new[s] for s in keep}
    return max(table, key=table.get)


@right("beam_search")
def by_recursion(log_p, width, length):
    def round_of(beam):
        if all(s and (s[-1] == 0 or len(s) >= length) for s, _ in beam):
            return beam[0][0]
        wide = []
        for s, total in beam:
            over = bool(s) and (s[-1] == 0 or len(s) >= length)
            wide.extend([(s, total)] if over else [([*s, k], total + log_p(s)[k].item()) for k in range(4)])
        wide.sort(key=lambda one: one[1])
        return round_of(wide[::-1][:width])

    return round_of([([], 0.0)])


@right("beam_search")
def until_the_best_is_finished(log_p, width, length):
    """The others only lose on their way."""
    beam = [([], 0.0)]
    while not (beam[0][0] and (beam[0][0][-1] == 0 or len(beam[0][0]) == length)):
        longer = []
        for s, total in beam:
            if s and s[-1] == 0:
                longer.append((s, total))
            else:
                longer += [([*s, k], total + p) for k, p in enumerate(log_p(s).tolist())]
        beam = sorted(longer, key=lambda one: one[1], reverse=True)[:width]
    return beam[0][0]
