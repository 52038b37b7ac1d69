"""What students answer: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

SEPARATE = ("separate-filters", "separate-more")


@wrong("separate", shows="column times row is not F", loses=SEPARATE)
def takes_the_middle_row_and_column(F):
    return F[:, F.shape[1] // 2], F[F.shape[0] // 2]


@wrong("separate", shows="Return None for it", loses=SEPARATE)
def never_says_none(F):
    U, S, V = torch.linalg.svd(F)
    return U[:, 0] * S[0], V[0]


@wrong("separate", shows="but you returned None", loses=SEPARATE)
def always_says_none(F):
    return None


@wrong("separate", shows="expected shapes (1,) and (3,), got (1, 1) and (1, 3)", loses=SEPARATE)
def returns_matrices(F):
    if torch.linalg.matrix_rank(F) > 1:
        return None
    U, S, V = torch.linalg.svd(F)
    return U[:, :1] * S[0], V[:1]


@wrong("separate", shows="column times row is not F", loses=SEPARATE)
def sums_rows_and_columns(F):
    if torch.linalg.matrix_rank(F) > 1:
        return None
    return F.sum(1), F.sum(0)


@wrong("separate", shows="expected shapes (1,) and (3,), got (3,) and (1,)", loses=SEPARATE)
def swaps_column_and_row(F):
    if torch.linalg.matrix_rank(F) > 1:
        return None
    U, S, V = torch.linalg.svd(F.T)
    return U[:, 0] * S[0], V[0]


@wrong("separate", shows="return the pair (column, row), or None", loses=SEPARATE)
def returns_the_rank(F):
    return torch.linalg.matrix_rank(F) <= 1


@wrong(
    "separate",
    shows="where there is no such pair, return None itself, not a tuple of 2 values",
    loses=SEPARATE,
)
def returns_two_nones(F):
    U, S, V = torch.linalg.svd(F)
    return (U[:, 0] * S[0], V[0]) if torch.linalg.matrix_rank(F) <= 1 else (None, None)


@wrong("separate", shows="did you divide by an entry of F that is 0?", loses=SEPARATE)
def divides_by_the_first_column(F):
    i = int(F.abs().sum(1).argmax())
    row, column = F[i], F[:, 0] / F[i, 0]
    if torch.linalg.matrix_rank(F) > 1:
        return None
    return column, row


@wrong("separate", shows="Return None for it", loses=SEPARATE)
def looks_at_the_first_corner_only(F):
    U, S, V = torch.linalg.svd(F)
    corner = F[:2, :2]
    single = min(corner.shape) == 1 or abs(corner.det()) < 1e-9
    return (U[:, 0] * S[0], V[0]) if single else None


@wrong("separate", shows="Return None for it", loses=SEPARATE)
def takes_the_determinant_for_the_rank(F):
    if F.shape[0] == F.shape[1] and abs(torch.linalg.det(F)) > 1e-9:
        return None
    U, S, V = torch.linalg.svd(F)
    return U[:, 0] * S[0], V[0]


@wrong("separate", shows="but you returned None", loses=["separate-more"])
def allows_no_rounding(F):
    if not F.any():
        return F[:, 0], F[0]
    i, j = F.nonzero()[0].tolist()
    column, row = F[:, j] / F[i, j], F[i]
    return (column, row) if torch.equal(torch.outer(column, row), F) else None  # exact: that is the mistake


@wrong(
    "separate",
    shows="stopped with IndexError",
    loses=["separate-filters"],
    earns={"separate-more": "It stops where there is no number but 0, or one row; all else is right."},
)
def wants_a_number_that_is_not_zero(F):
    i, j = F.nonzero()[0].tolist()
    column, row = F[:, j] / F[i, j], F[i]
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None


@wrong(
    "separate",
    shows="stopped with IndexError",
    loses=["separate-filters"],
    earns={"separate-more": "It stops where there is one row; all else is right."},
)
def wants_two_singular_values(F):
    U, S, V = torch.linalg.svd(F)
    return None if S[1] > 1e-9 else (U[:, 0] * S[0], V[0])


@wrong("separate", shows="but you returned None", loses=SEPARATE)
def looks_for_the_largest_number_without_abs(F):
    i, j = divmod(int(F.argmax()), F.shape[1])
    if F[i, j] == 0:
        return (F[:, 0], F[0]) if not F.any() else None
    column, row = F[:, j] / F[i, j], F[i]
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None


@wrong("separate", shows="column times row is not F", loses=SEPARATE)
def scales_by_the_first_row(F):
    row = F[0]
    j = int(row.abs().argmax())
    column = F[:, j] / (row[j] if row[j] != 0 else 1)
    if row.any() and not torch.allclose(torch.outer(column, row), F):
        return None
    return column, row


@wrong("separate", shows="but you returned None", loses=SEPARATE)
def divides_by_the_sum_of_all(F):
    column, row = F.mean(1) / F.mean(), F.mean(0)
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None
