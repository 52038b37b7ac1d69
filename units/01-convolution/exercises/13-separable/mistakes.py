"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

BOTH = ("separable-kernels", "separable-edges")


@wrong("separate", shows="this kernel is not separable", loses=BOTH)
def never_says_none(F):
    sheets = F.transpose(0, 1).flatten(2)
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    return V[:, 0].reshape(F.shape[1:]), (U[:, :, 0] * S[:, :1]).T


@wrong("separate", shows="this kernel is separable, but you returned None", loses=BOTH)
def always_says_none(F):
    return None


@wrong("separate", shows="did you divide by a number of F that is 0?", loses=BOTH)
def divides_by_the_first_number(F):
    D = F[0]
    P = F[:, :, 0, 0] / F[0, :, 0, 0]
    product = P[:, :, None, None] * D
    return (D, P) if not ((product - F).abs() > 1e-9).any() else None


@wrong("separate", shows="They are in the other order", loses=BOTH)
def returns_P_first(F):
    sheets = F.transpose(0, 1).flatten(2)
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    D, P = V[:, 0], U[:, :, 0] * S[:, :1]
    if not torch.allclose(P[:, :, None] * D[:, None], sheets, atol=1e-6 * F.abs().max().item()):
        return None
    return P.T, D.reshape(F.shape[1:])


@wrong("separate", shows="this kernel is separable, but you returned None", loses=BOTH)
def compares_exactly(F):
    sheets = F.transpose(0, 1).flatten(2)
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    D, P = V[:, 0], U[:, :, 0] * S[:, :1]
    # exact: the mistake is to compare so
    if not torch.equal(P[:, :, None] * D[:, None], sheets):
        return None
    return D.reshape(F.shape[1:]), P.T


@wrong("separate", shows="P times D is not F", loses=BOTH)
def forgets_the_singular_values(F):
    sheets = F.transpose(0, 1).flatten(2)
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    if S.shape[1] > 1 and (S[:, 1] > 1e-6 * S[:, 0]).any():
        return None
    return V[:, 0].reshape(F.shape[1:]), U[:, :, 0].T


@wrong("separate", shows="this kernel is separable, but you returned None", loses=BOTH)
def asks_for_one_kernel_in_all(F):
    sheets = F.flatten(2).flatten(0, 1)  # all inputs and outputs: too much is asked
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    if len(S) > 1 and S[1] > 1e-6 * S[0]:
        return None
    P = (U[:, 0] * S[0]).reshape(F.shape[:2])
    return V[0].reshape(1, *F.shape[2:]).repeat(F.shape[1], 1, 1), P


@wrong("separate", shows="expected shapes", loses=BOTH)
def keeps_the_shapes_of_layers(F):
    sheets = F.transpose(0, 1).flatten(2)
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    if S.shape[1] > 1 and (S[:, 1] > 1e-6 * S[:, 0]).any():
        return None
    return V[:, 0].reshape(F.shape[1:])[:, None], (U[:, :, 0] * S[:, :1]).T[:, :, None, None]


@wrong("separate", shows="this kernel is not separable", loses=BOTH)
def one_tolerance_for_all_maps(F):
    sheets = F.transpose(0, 1).flatten(2)
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    D, P = V[:, 0], U[:, :, 0] * S[:, :1]
    if not torch.allclose(P[:, :, None] * D[:, None], sheets, atol=1e-6 * F.abs().max().item()):
        return None
    return D.reshape(F.shape[1:]), P.T


@wrong("separate", shows="this kernel is separable, but you returned None", loses=BOTH)
def takes_the_mean_of_the_sheets(F):
    D = F.mean(0)
    P = (F * D).sum((2, 3)) / (D * D).sum((1, 2)).clamp(min=1e-300)
    error, largest = (P[:, :, None, None] * D - F).abs().amax((0, 2, 3)), F.abs().amax((0, 2, 3))
    return (D, P) if (error <= 1e-5 * largest).all() else None


@wrong("separate", shows="this kernel is separable, but you returned None", loses=BOTH)
def compares_exactly_with_the_largest_sheet(F):
    K, M, p, q = F.shape
    D, P = F.new_zeros(M, p, q), F.new_zeros(K, M)
    for m in range(M):
        k, place = divmod(int(F[:, m].abs().argmax()), p * q)
        D[m], sheets = F[k, m], F[:, m].flatten(1)
        P[:, m] = sheets[:, place] / sheets[k, place] if sheets[k, place] else 0
    # exact: the mistake is to compare so
    return (D, P) if torch.equal(P[:, :, None, None] * D, F) else None


@wrong("separate", shows="this kernel is not separable", loses=BOTH)
def calls_small_singular_values_zero(F):
    U, S, V = torch.linalg.svd(F.transpose(0, 1).flatten(2), full_matrices=False)
    if (S[:, 1:] > 1e-3).any():
        return None
    return V[:, 0].reshape(F.shape[1:]), (U[:, :, 0] * S[:, :1]).T
