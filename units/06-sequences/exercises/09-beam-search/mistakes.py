"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

WIDE = ("beam-values", "beam-other")
ALL = ("beam-greedy", "beam-values", "beam-other")
beam = partial(edited, "beam_search", solution(__file__, "beam"), given(__file__))

greedy = beam(
    "greedy",
    ("[:width]", "[:1]"),
    says="this is greedy search: a beam keeps `width` sequences, not one.",
    loses=WIDE,
)
keeps_everything = beam(
    "keeps_everything",
    ("[:width]", ""),
    says="nothing is cut: this looks through all sequences. Keep the `width` likeliest of each round.",
    loses=ALL,
)
keeps_the_unlikeliest = beam(
    "keeps_the_unlikeliest",
    (", reverse=True", ""),
    says="the unlikeliest are kept: sort from the largest log p down (reverse=True).",
    loses=ALL,
)
forgets_the_sum = beam(
    "forgets_the_sum",
    ("total + step", "step"),
    says="only the last symbol's log p counts for you: add it to that of the sequence before.",
    loses=WIDE,
)
adds_the_total_twice = beam(
    "adds_the_total_twice",
    ("total + step", "2 * total + step"),
    says="the sum of the sequence before counts twice: each step's log p is added once.",
    loses=WIDE,
)
prefers_what_has_ended = beam(
    "prefers_what_has_ended",
    ("return beam[0][0]", "return next((s for s, _ in beam if s[-1] == 0), beam[0][0])"),
    says="a sequence that has its end symbol is preferred: one of full length without it competes as well.",
    loses=WIDE,
)
multiplies_logarithms = beam(
    "multiplies_logarithms",
    ("beam = [([], 0.0)]", "beam = [([], -1.0)]"),
    ("total + step", "-total * step"),
    says="logarithms are multiplied: the logarithm of a product is the sum of the logarithms.",
    loses=WIDE,
)
throws_finished_ones_out = beam(
    "throws_finished_ones_out",
    ("longer.append((sequence, total))", "continue"),
    says="a finished sequence is thrown away: put it into the new list as it is, it competes with the others.",
    loses=WIDE,
)
ignores_the_end = beam(
    "ignores_the_end",
    (" or sequence[-1:] == [0]", ""),
    says="you go on behind a 0: a sequence with the end in it is finished.",
    loses=ALL,
)
by_the_mean = beam(
    "by_the_mean",
    ("key=lambda one: one[1]", "key=lambda one: one[1] / max(len(one[0]), 1)"),
    says="you rank by the mean log p: here it is the sum, without a division by the length.",
    loses=WIDE,
)
stops_at_the_first_finished = beam(
    "stops_at_the_first_finished",
    ("while not all(", "while not any("),
    says="you stop as soon as one sequence is finished: the others may still be likelier, go on until all are.",
    loses=WIDE,
)
one_round_too_few = beam(
    "one_round_too_few",
    ("len(sequence) == length", "len(sequence) == length - 1"),
    says="the sequences are one symbol short: they may have `length` symbols.",
    loses=ALL,
)
leaves_the_end_out = beam(
    "leaves_the_end_out",
    ("return beam[0][0]", "return [symbol for symbol in beam[0][0] if symbol]"),
    shows="it must return [",
    loses=ALL,
)
returns_the_pair = beam(
    "returns_the_pair",
    ("return beam[0][0]", "return beam[0]"),
    shows="but it returned a tuple of 2 values",
    loses=ALL,
)


@wrong(
    "beam_search",
    says="finished sequences are put aside: they stay in the beam, take a place of the `width`, and can be"
    " thrown out.",
    loses=WIDE,
)
def puts_finished_ones_aside(log_p, width, length):
    beam, done = [([], 0.0)], []
    while beam:
        longer = [([*s, k], total + p) for s, total in beam for k, p in enumerate(log_p(s).tolist())]
        longer = sorted(longer, key=lambda one: one[1], reverse=True)[:width]
        done += [one for one in longer if one[0][-1] == 0 or len(one[0]) == length]
        beam = [one for one in longer if one not in done]
    return max(done, key=lambda one: one[1])[0]


@wrong(
    "beam_search",
    says="each sequence keeps `width` continuations of its own, and the beam grows: `width` sequences are kept"
    " in all.",
    loses=WIDE,
)
def cuts_each_sequence_by_itself(log_p, width, length):
    beam = [([], 0.0)]
    while not all(s and (s[-1] == 0 or len(s) == length) for s, _ in beam):
        longer = []
        for s, total in beam:
            if s and s[-1] == 0:
                longer.append((s, total))
                continue
            own = [([*s, k], total + p) for k, p in enumerate(log_p(s).tolist())]
            longer += sorted(own, key=lambda one: one[1], reverse=True)[:width]
        beam = longer
    return max(beam, key=lambda one: one[1])[0]


@wrong(
    "beam_search",
    says="finished sequences are lengthened as well, and what stands behind their end counts: one with a 0"
    " stays as it is.",
    loses=WIDE,
)
def cuts_behind_the_end_at_last(log_p, width, length):
    beam = [([], 0.0)]
    for _ in range(length):
        longer = [([*s, k], total + p) for s, total in beam for k, p in enumerate(log_p(s).tolist())]
        beam = sorted(longer, key=lambda one: one[1], reverse=True)[:width]
    best = beam[0][0]
    return best[: best.index(0) + 1] if 0 in best else best
