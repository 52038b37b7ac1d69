"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

import nonconv.layers
from nonconv.authoring import edited, given, solution, wrong

VALUES, START, HIDDEN = "sagan-values", "sagan-start", "sagan-hidden"
ALL = (VALUES, START, HIDDEN)

blocks = partial(edited, "sagan_block", solution(__file__, "sagan"), given(__file__), loses=ALL)

WRONG = [
    blocks("swaps_queries_and_keys", ("g.T @ f", "f.T @ g"), says="f and g are swapped: place j asks with W_g x_j, and i answers with W_f x_i."),
    blocks("shares_out_over_j", ("dim=1)", "dim=0)"), says="the softmax goes over j: each place j shares a sum of 1 among the places i."),
    blocks("weighs_by_the_columns", ("beta.T", "beta"), says="β is turned over in the sum: place j takes row j of β."),
    blocks("divides_by_a_root", ("g.T @ f", "g.T @ f / len(f) ** 0.5"), says="the scores are divided by a root: this block has none."),
    blocks("forgets_the_values", ("Wv @ h @ beta.T", "places @ beta.T"), says="the places are weighed themselves: W_v and W_h are missing."),
    blocks("forgets_the_input", ("Y = gamma * o + X", "Y = gamma * o"), says="X is not added: y_j = γ o_j + x_j."),
    blocks("forgets_gamma", ("Y = gamma * o + X", "Y = o + X"), says="γ is missing: y_j = γ o_j + x_j."),
    blocks("weighs_the_input", ("Y = gamma * o + X", "Y = o + gamma * X"), says="γ stands at the input: it weighs the attention, y_j = γ o_j + x_j."),
    blocks("takes_the_slope_of_the_output", ("(Y * o).sum()", "o.sum()"), says="this is the slope of the sum of Y: L is half the sum of squares, so each o is multiplied by its Y."),
    blocks("multiplies_by_gamma_again", ("(Y * o).sum()", "(Y * o).sum() * gamma"), says="the slope is multiplied by γ: ∂Y/∂γ = o, without γ.", loses=ALL),
    blocks("doubles_the_slope", ("(Y * o).sum()", "2 * (Y * o).sum()"), says="the slope is twice as large: L has a half in front."),
    blocks("takes_the_mean", ("(Y * o).sum()", "(Y * o).mean()"), says="the slope is that of a mean: L is half the sum of all squares.",),
    blocks("takes_the_slope_at_the_input", ("(Y * o).sum()", "(X * o).sum()"), says="the slope is that at γ = 0: at another γ, Y stands in the place of X.", loses=(VALUES, HIDDEN)),
    blocks("returns_only_the_output", ("return (Y, (Y * o).sum())", "return Y"), shows="(Y, slope)"),
]  # fmt: skip


@wrong("sagan_block", shows="autograd", loses=ALL)
def asks_autograd(X, Wf, Wg, Wh, Wv, gamma):
    gamma = torch.tensor(gamma, dtype=X.dtype, requires_grad=True)
    P = X.flatten(1)
    beta = torch.softmax((Wg @ P).T @ (Wf @ P), 1)
    Y = gamma * (Wv @ Wh @ P @ beta.T).reshape(X.shape) + X
    (Y.square().sum() / 2).backward()
    return Y.detach(), gamma.grad


@wrong("sagan_block", shows="calls nonconv.layers.attention", loses=ALL)
def asks_the_library(X, Wf, Wg, Wh, Wv, gamma):
    one = torch.ones((), dtype=X.dtype)
    o = nonconv.layers.self_attention2d(X[None], Wf, Wg, Wh, Wv, one)[0] - X
    Y = gamma * o + X
    return Y, (Y * o).sum()
