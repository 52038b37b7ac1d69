"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

import nonconv.layers
from nonconv.authoring import edited, given, solution, wrong

VALUES, NOTHING, HIDDEN = "attention-values", "attention-nothing", "attention-hidden"
ALL = (VALUES, NOTHING, HIDDEN)

attends = partial(edited, "attention", solution(__file__, "attention"), given(__file__), loses=ALL)

WRONG = [
    attends("forgets_the_root", (" / K.shape[1] ** 0.5", ""), says="the scores are not divided by √d_k."),
    attends("divides_by_d", (" ** 0.5", ""), says="the scores are divided by d_k, not by its root."),
    attends(
        "divides_by_the_number_of_keys",
        ("K.shape[1]", "K.shape[0]"),
        says="you divide by the root of the number of keys: d_k is the width of a key.",
    ),
    attends(
        "divides_by_the_width_of_the_values",
        ("K.shape[1]", "V.shape[1]"),
        says="you divide by the root of the width of the values: d_k is the width of a key.",
    ),
    attends(
        "normalises_the_columns",
        ("dim=1", "dim=0"),
        says="the softmax goes down the columns: each query, a row, shares out a sum of 1.",
    ),
    attends(
        "turns_the_mask_over",
        ("~mask", "mask"),
        ("torch.where(mask, alpha, 0)", "torch.where(mask, 0, alpha)"),
        says="the mask is turned over: True says that a query may look at a key.",
    ),
    attends(
        "masks_behind_the_softmax",
        ("scores.masked_fill(~mask, -torch.inf)", "scores"),
        says="the mask comes behind the softmax, so the rows no longer sum to 1.",
    ),
    attends(
        "forbids_by_zero",
        ("-torch.inf), dim=1)\n    alpha = torch.where(mask, alpha, 0)", "0), dim=1)"),
        says="a forbidden score is set to 0, whose exponential is 1: set it to −∞.",
    ),
    attends(
        "forgets_the_query_without_a_key",
        ("\n    alpha = torch.where(mask, alpha, 0)", ""),
        says="softmax makes nan of a row without a key, and nan times 0 is nan, too: torch.where puts 0 there.",
        loses=(NOTHING, HIDDEN),
    ),
    attends(
        "multiplies_by_the_mask",
        ("torch.where(mask, alpha, 0)", "alpha * mask"),
        shows="nan",
        loses=(NOTHING, HIDDEN),
    ),
    attends(
        "spreads_the_query_without_a_key",
        ("-torch.inf), dim=1)\n    alpha = torch.where(mask, alpha, 0)", "-1e9), dim=1)"),
        says="a query that may look at nothing gets the mean of all values: it gets 0.",
        loses=(NOTHING, HIDDEN),
    ),
    attends("returns_the_weights_too", ("return alpha @ V", "return (alpha @ V, alpha)"), shows="return Y alone"),
    attends("adds_the_mask", ("scores.masked_fill(~mask, -torch.inf)", "scores + mask"), says="the mask is added as 0 and 1, which raises allowed scores by 1: a forbidden score must become −∞."),
    attends("returns_the_weights", ("alpha @ V", "alpha"), shows="shape"),
]  # fmt: skip


@wrong("attention", says="the mask is not looked at.", loses=ALL)
def ignores_the_mask(Q, K, V, mask):
    return torch.softmax(Q @ K.T / Q.shape[1] ** 0.5, 1) @ V


@wrong("attention", shows="calls the framework's", loses=ALL)
def asks_the_framework(Q, K, V, mask):
    return torch.nn.functional.scaled_dot_product_attention(Q, K, V, attn_mask=mask)


@wrong("attention", shows="calls nonconv.layers.attention", loses=ALL)
def asks_the_library(Q, K, V, mask):
    return nonconv.layers.scaled_dot_product_attention(Q, K, V, mask)
