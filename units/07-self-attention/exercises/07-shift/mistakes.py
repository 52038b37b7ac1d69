"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

from nonconv.authoring import edited, given, solution, wrong

BOTH = ("shift-values", "shift-hidden")

moves = partial(edited, "shift_matrix", solution(__file__, "shift"), given(__file__), loses=BOTH)

WRONG = [
    moves("goes_backwards", ("10000 ** (-2", "-10000 ** (-2"), says="this goes k places back: the signs of the two sines are swapped."),
    moves("forgets_the_minus", ("= (-s, c)", "= (s, c)"), says="the second row has the wrong sign: cos(a + b) = cos a cos b − sin a sin b."),
    moves("takes_one_frequency", ("-2 * i / d", "0 * i"), says="every wave moves by the angle k: wave i moves by k ω_i."),
    moves("forgets_the_two", ("-2 * i / d", "-i / d"), says="the frequencies are 10000^(−i/d): the exponent is −2i/d."),
    moves("turns_the_exponent_over", ("-2 * i / d", "2 * i / d"), says="the frequencies grow: the exponent is −2i/d, not 2i/d."),
    moves("swaps_sine_and_cosine", ("(torch.cos(angle), torch.sin(angle))", "(torch.sin(angle), torch.cos(angle))"), says="sine and cosine are swapped: for k = 0 the matrix must be the identity."),
    moves("works_in_float32", ("torch.zeros(d, d, dtype=torch.float64)", "torch.zeros(d, d)"), shows="its dtype is torch.float32, but torch.float64 is expected"),
    moves(
        "moves_an_encoding_of_halves",
        ("2 * i + 1", "i + d // 2"),
        ("2 * i,", "i,"),
        (", 2 * i]", ", i]"),
        says="this is for encodings with all sines first: here sine and cosine of a wave stand side by side.",
    ),
]  # fmt: skip


@wrong(
    "shift_matrix",
    says="this moves the coordinates, not the positions: a block rotates each pair.",
    loses=BOTH,
)
def shifts_the_coordinates(k, d):
    return torch.eye(d, dtype=torch.float64).roll(k, 0)


@wrong(
    "shift_matrix",
    says="for k < 0 the matrix is the identity: a range of negative length is empty. The way back is the transpose.",
    loses=BOTH,
)
def goes_step_by_step_forwards(k, d):
    angle = 10000.0 ** (-torch.arange(0, d, 2).double() / d)
    one = torch.block_diag(
        *torch.stack([angle.cos(), angle.sin(), -angle.sin(), angle.cos()], 1).reshape(-1, 2, 2)
    )
    M = torch.eye(d, dtype=torch.float64)
    for _ in range(k):
        M = one @ M
    return M


@wrong("shift_matrix", shows="shape", loses=BOTH)
def returns_the_encoding(k, d):
    angle = k * 10000.0 ** (-torch.arange(0, d, 2).double() / d)
    return torch.stack([angle.sin(), angle.cos()], 1).flatten()
