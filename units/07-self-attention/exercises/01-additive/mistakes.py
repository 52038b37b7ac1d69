"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

import nonconv.layers
from nonconv.authoring import edited, given, solution, wrong

BOTH = ("additive-values", "additive-long")

attends = partial(edited, "additive_context", solution(__file__, "additive"), given(__file__), loses=BOTH)

WRONG = [
    attends("forgets_the_tanh", ("torch.tanh(W @ s + h @ U.T)", "W @ s + h @ U.T"), says="tanh is missing: e_j = vᵀ tanh(W s + U h_j)."),
    attends("forgets_the_state", ("W @ s + h @ U.T", "h @ U.T"), says="the state s changes nothing: add W s inside the tanh. Behind it, it moves all scores alike."),
    attends(
        "adds_the_state_behind_the_tanh",
        ("torch.tanh(W @ s + h @ U.T)", "torch.tanh(h @ U.T) + W @ s"),
        shows="the state s changes nothing",
    ),
    attends(
        "takes_gates",
        ("torch.softmax(e, dim=0)", "torch.sigmoid(e)"),
        says="σ makes independent gates: here a softmax shares a sum of 1.",
    ),
    attends("returns_the_scores", ("alpha = torch.softmax(e, dim=0)", "alpha = e"), says="these are the scores: their softmax is missing."),
    attends(
        "divides_by_the_sum",
        ("torch.softmax(e, dim=0)", "e / e.sum()"),
        says="the scores are divided by their sum: take their exponentials first, as softmax does.",
    ),
    attends(
        "scales_the_scores",
        ("hidden @ v", "hidden @ v / len(v) ** 0.5"),
        says="the scores are divided by a root: that belongs to scalar products, not to the additive score.",
    ),
    attends(
        "weighs_the_hidden_layer",
        ("alpha @ h", "alpha @ hidden"),
        shows="c",
    ),
    attends(
        "takes_the_mean",
        ("alpha @ h", "h.mean(0)"),
        says="c is the plain mean of the annotations: weigh them by alpha.",
    ),
    attends(
        "takes_the_likeliest",
        ("alpha @ h", "h[alpha.argmax()]"),
        says="c is the annotation with the largest weight: take the weighted sum of all.",
    ),
    attends("returns_only_the_context", ("return (alpha, ", "return ("), shows="it must return the 2 values (alpha, c)"),
    attends("returns_the_context_first", ("return (alpha, alpha @ h)", "return (alpha @ h, alpha)"), shows="(alpha, c)"),
    attends(
        "overflows",
        ("torch.softmax(e, dim=0)", "torch.exp(e) / torch.exp(e).sum()"),
        says="exp overflows: scores may be in the thousands. Take the largest score off first, or call softmax.",
    ),
    attends(
        "holds_the_scores_down",
        ("torch.softmax(e, dim=0)", "torch.exp(e.clamp(-50, 50)) / torch.exp(e.clamp(-50, 50)).sum()"),
        says="large scores are cut off, so they become equal: take the largest score off from all instead.",
    ),
    attends(
        "squeezes_every_axis",
        ("return (alpha, alpha @ h)", "return (alpha.squeeze(), (alpha @ h).squeeze())"),
        says="squeeze() takes off every axis of size 1, also those that belong there: alpha has shape (T,), c has (A,).",
    ),
]  # fmt: skip


@wrong("additive_context", shows="calls nonconv.layers.attention", loses=BOTH)
def asks_the_library(s, h, W, U, v):
    c, alpha = nonconv.layers.additive_attention(s[None], h[None], W, U, v)
    return alpha[0], c[0]


@wrong("additive_context", shows="its dtype is torch.float32, but torch.float64 is expected", loses=BOTH)
def works_in_float32(s, h, W, U, v):
    e = torch.tanh(W @ s + h @ U.T).float() @ v.float()
    alpha = torch.softmax(e, 0)
    return alpha, alpha @ h.float()
