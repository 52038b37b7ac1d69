"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

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


@wrong("separate", shows="expected shapes (3,) and (3,), got (3, 1) and (1, 3)", loses=SEPARATE)
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


@wrong("separate", shows="column times row is not F", loses=SEPARATE)
def swaps_column_and_row(F):
    if torch.linalg.matrix_rank(F) > 1:
        return None
    U, S, V = torch.linalg.svd(F.T)
    return U[:, 0] * S[0], V[0]


@wrong("separate", shows="return the pair (column, row), or None", loses=SEPARATE)
def returns_the_rank(F):
    return torch.linalg.matrix_rank(F) <= 1


@wrong("separate", shows="column times row is not F", loses=["separate-more"])
def scales_by_the_first_row(F):
    row = F[0]
    j = int(row.abs().argmax())
    column = F[:, j] / (row[j] if row[j] != 0 else 1)
    if row.any() and not torch.allclose(torch.outer(column, row), F):
        return None
    return column, row


@right("separate")
def by_the_largest_entry(F):
    i, j = divmod(int(F.abs().argmax()), F.shape[1])
    if F[i, j] == 0:
        return F[:, 0], F[0]
    column, row = F[:, j] / F[i, j], F[i]
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None


@right("separate")
def by_singular_values(F):
    U, S, V = torch.linalg.svd(F)
    if len(S) > 1 and S[1] > 1e-9 * max(S[0], 1):
        return None
    return U[:, 0] * S[0].sqrt(), V[0] * S[0].sqrt()
