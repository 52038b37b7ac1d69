"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

import nonconv.layers
from nonconv.authoring import edited, given, solution, wrong

BOTH = ("regions-values", "regions-hidden")

looks = partial(edited, "look", solution(__file__, "regions"), given(__file__), loses=BOTH)

WRONG = [
    looks(
        "reshapes_without_transposing",
        ("a.reshape(C, height * width).T", "a.reshape(height * width, C)"),
        says="a is reshaped to (H·W, C) without a transpose: the rows are then no cells.",
    ),
    looks(
        "goes_down_the_columns",
        ("a.reshape(C, height * width).T", "a.permute(2, 1, 0).reshape(-1, C)"),
        says="the cells are taken column by column: row by row of the image, as reshape does.",
    ),
    looks(
        "shares_out_over_the_words",
        ("dim=1)", "dim=0)"),
        says="the softmax goes over the words: each word shares a sum of 1 among the cells.",
    ),
    looks("forgets_the_tanh", ("torch.tanh((states @ W.T)[:, None, :] + (cells @ U.T)[None, :, :])", "(states @ W.T)[:, None, :] + (cells @ U.T)[None, :, :]"), says="tanh is missing: e = vᵀ tanh(W s + U a)."),
    looks("forgets_the_states", ("(states @ W.T)[:, None, :]", "0 * (states @ W.T)[:, None, :]"), says="the states are not looked at: every word looks at the same cells."),
    looks("sums_the_penalty_over_the_cells", ("alpha.sum(dim=0)", "alpha.sum(dim=1)"), shows="penalty"),
    looks("forgets_the_least_value", (" - (1 - share) ** 2)", ")"), says="the penalty is the whole one: its least value, L (1 − T/L)², is to be taken off."),
    looks("takes_the_least_value_off_once", ("(1 - alpha.sum(dim=0)) ** 2 - (1 - share) ** 2).sum()", "(1 - alpha.sum(dim=0)) ** 2).sum() - (1 - share) ** 2"), says="the least value is taken off for one cell: there are L."),
    looks("forgets_the_square", ("(1 - alpha.sum(dim=0)) ** 2 - (1 - share) ** 2", "(1 - alpha.sum(dim=0)).abs() - abs(1 - share)"), says="the penalty's difference is not squared."),
    looks("squares_each_weight", ("(1 - alpha.sum(dim=0)) ** 2", "((1 - alpha) ** 2).sum(dim=0)"), says="each weight is taken from 1: the sum over the words is."),
    looks("takes_the_mean_of_the_cells", (" - (1 - share) ** 2).sum()", " - (1 - share) ** 2).mean()"), says="the penalty is a mean over the cells: it is their sum."),
    looks("turns_the_share_over", ("len(states) / len(cells)", "len(cells) / len(states)"), says="T/L is turned over."),
    looks("stops_at_the_map", ("share = len(states) / len(cells)", "share = min(len(states) / len(cells), 1)"), says="for a caption longer than the map, the least value is L (1 − T/L)² all the same: Σ α is T, not L."),
    looks("leaves_the_weights_in_rows", ("alpha.reshape(len(states), height, width)", "alpha"), shows="alpha"),
    looks("returns_two", (", penalty)", ")"), shows="(z, alpha, penalty)"),
]  # fmt: skip


@wrong("look", says="z is the plain mean of the map: weigh the cells by alpha.", loses=BOTH)
def takes_the_mean_of_the_map(states, a, W, U, v):
    cells = a.flatten(1).T
    alpha = torch.softmax(torch.tanh((states @ W.T)[:, None] + cells @ U.T) @ v, 1)
    penalty = (alpha.sum(0) - len(states) / len(cells)).square().sum()
    return a.mean((1, 2)).expand(len(states), -1), alpha.unflatten(1, tuple(a.shape[1:])), penalty


@wrong("look", shows="calls nonconv.layers.attention", loses=BOTH)
def asks_the_library(states, a, W, U, v):
    T = len(states)
    z, alpha = nonconv.layers.soft_attention(states, a.expand(T, *a.shape), W, U, v)
    return z, alpha, (alpha.sum(0) - T / alpha[0].numel()).square().sum()
