"""What students answer: the wrong ways, and what each is told and loses; and right ways."""

from functools import partial

import torch

from nonconv.authoring import edited, given, right, solution, wrong

BOTH = ("switch-short", "switch-long")
switch = partial(edited, "switch", solution(__file__, "switch"), given(__file__))
B = "[-30.0, 30.0, 30.0, 30.0]"

forgets = switch("forgets", (B, "[-30.0, 0.0, 30.0, 30.0]"), shows="f = 0.5", loses=BOTH)
fades = switch("fades", (B, "[-30.0, 4.0, 30.0, 30.0]"), shows="steps behind a set, h is", loses=BOTH)
fades_slowly = switch(
    "fades_slowly", (B, "[-30.0, 6.0, 30.0, 30.0]"), shows="f = 0.998", loses=["switch-long"]
)
lets_everything_in = switch(
    "lets_everything_in", (B, "[30.0, 30.0, 30.0, 30.0]"), shows="behind the start, h is", loses=BOTH
)
drifts = switch(
    "drifts", (B, "[-7.0, 30.0, 30.0, 30.0]"), shows="behind a reset, h is", loses=["switch-long"]
)
swaps_the_inputs = switch(
    "swaps_the_inputs",
    ("[0.0, 60.0, 0.0]", "[0.0, 0.0, 60.0]"),
    ("[0.0, 0.0, -60.0]", "[0.0, -60.0, 0.0]"),
    shows="in the step of a set",
    loses=BOTH,
)
never_resets = switch(
    "never_resets", ("[0.0, 0.0, -60.0]", "[0.0, 0.0, 0.0]"), shows="in the step of a reset", loses=BOTH
)
papers_order = switch(
    "papers_order",
    ("[0.0, 60.0, 0.0], [0.0, 0.0, -60.0]", "[0.0, 0.0, -60.0], [0.0, 60.0, 0.0]"),
    (B, "[30.0, -30.0, 30.0, 30.0]"),
    shows="behind the start, h is",
    loses=BOTH,
)
shows_nothing = switch("shows_nothing", (B, "[-30.0, 30.0, 30.0, -30.0]"), shows="o = ", loses=BOTH)
no_candidate = switch("no_candidate", (B, "[-30.0, 30.0, 0.0, 30.0]"), shows="C̃ = 0", loses=BOTH)
only_the_weights = switch(
    "only_the_weights", (", torch.tensor(" + B + ")", ", 0"), shows="W and b must be tensors", loses=BOTH
)


@wrong("switch", shows="W must have shape (4, 3), not (3, 4)", loses=BOTH)
def lies_on_its_side(T):
    return torch.zeros(3, 4), torch.zeros(4)


@wrong("switch", shows="in the step of a reset", loses=BOTH)
def takes_away_what_came_in(T):
    W = torch.tensor([[0.0, 60.0, 60.0], [0.0, 0.0, 0.0], [0.0, 30.0, -30.0], [0.0, 0.0, 0.0]])
    return W, torch.tensor([-30.0, 30.0, 0.0, 30.0])


@wrong("switch", shows="all numbers must be finite", loses=BOTH)
def takes_infinity(T):
    W = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]) * float("inf")
    return W, torch.tensor([-30.0, 30.0, 30.0, 30.0])


@right("switch")
def whole_numbers_and_smaller_ones(T):
    return torch.tensor([[0, 40, 0], [0, 0, -40], [0, 40, 0], [0, 0, 0]]), torch.tensor([-20, 20, 0, 20])


@right("switch")
def a_set_overwrites(T):
    W = torch.tensor([[0.0, 50, 50], [0, -50, -50], [0, 30, 0], [0, 0, 0]], dtype=torch.float64)
    return [W, torch.tensor([-25.0, 25, 0, 25]).double()]


@right("switch")
def shuts_the_output_as_well(T):
    W = torch.tensor([[0.0, 60, 0], [0, 0, -60], [0, 0, 0], [0, 0, -60]])
    return W, torch.tensor([-30.0, 30, 30, 30])


@right("switch")
def holds_itself(T):
    """f is shut; i is open at a set, and where h says so: h is written anew at each step."""
    W = torch.tensor([[200.0, 200, -400], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    return W, torch.tensor([-80.0, -60, 60, 60])


@right("switch")
def as_large_as_T_asks(T):
    import math

    z = math.log(1000 * T)
    W = torch.zeros(4, 3)
    W[0, 1], W[1, 2] = 2 * z, -2 * z
    return W, torch.tensor([-z, z, z, z])
