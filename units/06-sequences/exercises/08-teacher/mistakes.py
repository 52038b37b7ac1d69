"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

FORCED = ("forced-values", "forced-longer")
FREE = ("free-values", "free-longer")


@wrong(
    "forced_loss",
    says="the right token itself is fed in at its own step: the step sees the answer. Feed the one before it.",
    loses=FORCED,
)
def feeds_the_answer(step, state, target):
    losses = []
    for right in target:
        scores, state = step(right, state)
        losses.append(-torch.log_softmax(scores, 0)[right])
    return torch.stack(losses).mean()


@wrong(
    "forced_loss",
    says="your decoder is fed with what it writes itself: with teacher forcing the right token goes in.",
    loses=FORCED,
)
def runs_freely(step, state, target):
    token, losses = 0, []
    for right in target:
        scores, state = step(token, state)
        losses.append(-torch.log_softmax(scores, 0)[right])
        token = int(scores.argmax())
    return torch.stack(losses).mean()


@wrong("forced_loss", says="this is the sum over all steps: the loss is their mean.", loses=FORCED)
def takes_the_sum(step, state, target):
    token, total = 0, 0.0
    for right in target:
        scores, state = step(token, state)
        total = total - torch.log_softmax(scores, 0)[right]
        token = right
    return total


@wrong(
    "forced_loss",
    says="the scores are taken as they are: a softmax makes probabilities of them, then comes −log.",
    loses=FORCED,
)
def forgets_the_softmax(step, state, target):
    token, losses = 0, []
    for right in target:
        scores, state = step(token, state)
        losses.append(-scores[right])
        token = right
    return torch.stack(losses).mean()


@wrong(
    "forced_loss",
    says="each step begins with the encoder's state: it needs the one that the step before returned.",
    loses=FORCED,
)
def forgets_the_state(step, state, target):
    token, losses = 0, []
    for right in target:
        scores, _ = step(token, state)
        losses.append(-torch.log_softmax(scores, 0)[right])
        token = right
    return torch.stack(losses).mean()


@wrong(
    "forced_loss",
    says="the start goes in at each step: after the first one the right token before goes in.",
    loses=FORCED,
)
def always_feeds_the_start(step, state, target):
    losses = []
    for right in target:
        scores, state = step(0, state)
        losses.append(-torch.log_softmax(scores, 0)[right])
    return torch.stack(losses).mean()


@wrong("forced_loss", says="this is the mean probability, without −log.", loses=FORCED)
def returns_the_probability(step, state, target):
    token, found = 0, []
    for right in target:
        scores, state = step(token, state)
        found.append(torch.softmax(scores, 0)[right])
        token = right
    return torch.stack(found).mean()


@wrong("forced_loss", says="the sign is missing: −log p.", loses=FORCED)
def forgets_the_sign(step, state, target):
    token, losses = 0, []
    for right in target:
        scores, state = step(token, state)
        losses.append(torch.log_softmax(scores, 0)[right])
        token = right
    return torch.stack(losses).mean()


@wrong("free_run", says="the start goes in at each step: what was written last goes in.", loses=FREE)
def only_feeds_the_start(step, state, length):
    written = []
    for _ in range(length):
        scores, state = step(0, state)
        written.append(int(scores.argmax()))
    return written


@wrong(
    "free_run",
    says="each step begins with the encoder's state: it needs the one that the step before returned.",
    loses=FREE,
)
def keeps_the_first_state(step, state, length):
    token, written = 0, []
    for _ in range(length):
        scores, _ = step(token, state)
        token = int(scores.argmax())
        written.append(token)
    return written


@wrong(
    "free_run",
    shows="5 values, but it returned [",
    loses=FREE,
)
def returns_the_start_too(step, state, length):
    written = [0]
    for _ in range(length):
        scores, state = step(written[-1], state)
        written.append(int(scores.argmax()))
    return written


@wrong("free_run", says="these are the tokens that went in: the start is none that was written.", loses=FREE)
def returns_what_went_in(step, state, length):
    token, written = 0, []
    for _ in range(length):
        written.append(token)
        scores, state = step(token, state)
        token = int(scores.argmax())
    return written


@wrong("free_run", says="this is the unlikeliest token of each step: argmax, not argmin.", loses=FREE)
def takes_the_smallest(step, state, length):
    token, written = 0, []
    for _ in range(length):
        scores, state = step(token, state)
        token = int(scores.argmin())
        written.append(token)
    return written


@wrong(
    "free_run",
    says="you stop where token 0 is written: here 0 is a token like the others, go on to the end.",
    loses=["free-values", "free-longer"],
)
def stops_at_the_start(step, state, length):
    token, written = 0, []
    for _ in range(length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        written.append(token)
        if token == 0:
            break
    return written


@wrong("free_run", shows="value 1: expected", loses=FREE)
def returns_the_scores(step, state, length):
    token, written = 0, []
    for _ in range(length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        written.append(scores.max().item())
    return written


@wrong("free_run", says="of equal scores the last is taken here: take the first, as argmax does.", loses=FREE)
def takes_the_last_of_equal_scores(step, state, length):
    token, written = 0, []
    for _ in range(length):
        scores, state = step(token, state)
        token = max(range(5), key=lambda k: (scores[k].item(), k))
        written.append(token)
    return written


@wrong(
    "free_run",
    says="of nearly equal scores the first is taken: only equal ones count as equal, so round nothing.",
    loses=["free-values"],
    earns={"free-longer": "Few runs hold a near miss; to look for one takes seconds for each student."},
)
def rounds_the_probabilities(step, state, length):
    token, written = 0, []
    for _ in range(length):
        scores, state = step(token, state)
        token = int(scores.softmax(0).round(decimals=2).argmax())
        written.append(token)
    return written
