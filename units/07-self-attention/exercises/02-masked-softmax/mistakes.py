"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import scipy.special
import torch

from nonconv.authoring import edited, given, solution, wrong

VALUES, EDGES, HIDDEN = "masked-values", "masked-edges", "masked-hidden"
ALL = (VALUES, EDGES, HIDDEN)

shares = partial(edited, "masked_softmax", solution(__file__, "masked"), given(__file__), loses=ALL)

WRONG = [
    shares(
        "turns_the_mask_over",
        ("~mask", "mask"),
        says="the mask is turned over: True says that a position may be looked at.",
    ),
    shares(
        "sums_down_the_columns",
        ("dim=1", "dim=0"),
        says="each column shares a sum of 1: each row must.",
    ),
    shares(
        "shares_out_over_the_whole_matrix",
        ("powers.sum(dim=1, keepdim=True)", "powers.sum()"),
        shows="expected",
    ),
    shares(
        "forbids_by_zero",
        ("-torch.inf", "0"),
        says="a forbidden score is set to 0, whose exponential is 1: set it to −∞.",
    ),
    shares(
        "forbids_by_zero_before_the_maximum",
        ("e.masked_fill(~mask, -torch.inf)", "e * mask"),
        ("torch.exp(allowed - top)", "torch.exp(allowed - top) * mask"),
        says="a forbidden score counts as 0 in the maximum: where all allowed ones are far below, their exponentials"
        " become 0.",
        loses=(EDGES, HIDDEN),
    ),
    shares(
        "subtracts_nothing",
        ("allowed - top", "allowed"),
        shows="nan",
        loses=(EDGES, HIDDEN),
    ),
    shares(
        "subtracts_the_largest_of_all",
        ("allowed.max(dim=1, keepdim=True)", "e.max(dim=1, keepdim=True)"),
        says="the largest score of the row is subtracted, the forbidden ones included: where a forbidden one is far"
        " above the others, all exponentials become 0.",
        loses=(EDGES, HIDDEN),
    ),
    shares(
        "subtracts_the_largest_of_the_matrix",
        ("allowed.max(dim=1, keepdim=True).values", "allowed.max()"),
        says="one maximum is subtracted from all rows: a row far below it becomes 0 throughout. Take each row's own.",
        loses=(EDGES, HIDDEN),
    ),
    shares(
        "forgets_the_empty_row",
        ("    top = torch.where(torch.isinf(top), 0, top)\n", ""),
        ("torch.where(total > 0, total, 1)", "total"),
        shows="nan",
        loses=(EDGES, HIDDEN),
    ),
    shares(
        "spreads_the_empty_row",
        ("-torch.inf", "-10000000.0"),
        says="a row that allows nothing is shared out over all: its weights must be 0.",
        loses=(EDGES, HIDDEN),
    ),
]


@wrong(
    "masked_softmax",
    says="the weights are masked behind the softmax, so a row no longer sums to 1.",
    loses=ALL,
)
def masks_afterwards(e, mask):
    powers = torch.exp(e - e.max(1, keepdim=True).values)
    return powers / powers.sum(1, keepdim=True) * mask


@wrong("masked_softmax", shows="softmax", loses=ALL)
def calls_softmax(e, mask):
    return torch.softmax(e.masked_fill(~mask, -torch.inf), 1).nan_to_num(0)


@wrong("masked_softmax", shows="softmax", loses=ALL)
def calls_scipy(e, mask):
    return torch.from_numpy(scipy.special.softmax(e.masked_fill(~mask, -1e9).numpy(), axis=1)) * mask


@wrong("masked_softmax", says="a square mask is transposed: its rows are those of e.", loses=(VALUES, HIDDEN))
def transposes_a_square_mask(e, mask):
    low = torch.where(mask.T if mask.shape == mask.T.shape else mask, e, -torch.inf)
    return (low - low.logsumexp(1, True)).exp().nan_to_num(0)


@wrong("masked_softmax", shows="their dtype is torch.float64, and torch.float32 is", loses=[EDGES])
def works_in_float64_always(e, mask):
    low = torch.where(mask, e.double(), -torch.inf)
    return (low - low.logsumexp(1, True)).exp().nan_to_num(0)


@wrong("masked_softmax", says="the mask is not looked at.", loses=ALL)
def ignores_the_mask(e, mask):
    powers = torch.exp(e - e.max(1, keepdim=True).values)
    return powers / powers.sum(1, keepdim=True)
