"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import numpy as np
import torch

from nonconv.authoring import edited, given, solution, wrong

PLACES = ("places-values", "places-sizes")
slip = partial(edited, "convolve_all", solution(__file__, "places"), given(__file__), loses=PLACES)

MISTAKES = [
    slip(
        "flips_the_kernel",
        ("F[:, :, u, v]", "F[:, :, p - 1 - u, q - 1 - v]"),
        says="the kernel is turned around: tap (u, v) sees the image moved by (u, v).",
    ),
    slip(
        "keeps_the_last_tap",
        ("Y += ", "Y = "),
        says="only the last tap is left: the taps are added up, so is there an = where += belongs?",
    ),
    slip(
        "does_not_move_the_image",
        ("X[:, u:u + rows, v:v + columns]", "X[:, :rows, :columns]"),
        says="every tap sees the same corner of the image: tap (u, v) sees it u rows and v columns further on.",
    ),
    slip(
        "moves_the_other_way",
        ("X[:, u:u + rows, v:v + columns]", "X.roll((u, v), (1, 2))[:, :rows, :columns]"),
        says="the image moves the wrong way, round its border: tap (u, v) sees what stands u rows *below*.",
    ),
    slip("works_in_float32", (", dtype=X.dtype", ""), shows="float"),
]


@wrong("convolve_all", shows="A loop over the places is still in it", loses=PLACES)
def loops_over_the_places(X, F):
    K, _, p, q = F.shape
    Y = torch.zeros(K, X.shape[1] - p + 1, X.shape[2] - q + 1, dtype=X.dtype)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[2]):
            Y[:, i, j] = (X[:, i : i + p, j : j + q] * F).sum((1, 2, 3))
    return Y


@wrong("convolve_all", shows="A loop over the places is still in it", loses=PLACES)
def loops_over_the_places_in_numpy(X, F):
    (K, _, p, q), x, f = F.shape, X.numpy(), F.numpy()
    rows, columns = range(x.shape[1] - p + 1), range(x.shape[2] - q + 1)
    Y = [[[(x[:, i : i + p, j : j + q] * f[k]).sum() for j in columns] for i in rows] for k in range(K)]
    return torch.from_numpy(np.array(Y))


@wrong("convolve_all", shows="A loop over the places is still in it", loses=PLACES)
def loops_over_the_places_of_lists(X, F):
    (K, M, p, q), x, f = F.shape, X.tolist(), F.tolist()
    Y = torch.zeros(K, X.shape[1] - p + 1, X.shape[2] - q + 1, dtype=X.dtype)
    numbers = Y.tolist()
    for k in range(K):
        for i in range(len(numbers[k])):
            for j in range(len(numbers[k][i])):
                for m in range(M):
                    for u in range(p):
                        for v in range(q):
                            numbers[k][i][j] += x[m][i + u][j + v] * f[k][m][u][v]
    return torch.tensor(numbers, dtype=X.dtype)


@wrong("convolve_all", shows="calls the framework's convolution", loses=PLACES)
def calls_the_framework(X, F):
    return torch.conv2d(X[None], F)[0]


@wrong(
    "convolve_all",
    says="rows and columns of the windows are swapped: unfold(1, …) gives the rows of a window, unfold(2, …) its columns.",
    loses=["places-values", "places-sizes"],
)
def swaps_the_axes_of_the_windows(X, F):
    windows = X.unfold(1, F.shape[2], 1).unfold(2, F.shape[3], 1)
    turned = F.mT.reshape(F.shape)  # the numbers in another order
    return torch.einsum("mijuv,kmuv->kij", windows, turned)


@wrong("convolve_all", says="this is the mean over the taps: they are added.", loses=PLACES)
def takes_the_mean_of_the_taps(X, F):
    windows = X.unfold(1, F.shape[2], 1).unfold(2, F.shape[3], 1)
    return torch.einsum("mijuv,kmuv->kij", windows, F) / F[0, 0].numel()


@wrong(
    "convolve_all",
    says="the maps are added before they are multiplied: each has its own sheet of the kernel.",
    loses=PLACES,
)
def adds_the_maps_first(X, F):
    windows = X.sum(0).unfold(0, F.shape[2], 1).unfold(1, F.shape[3], 1)
    return torch.einsum("ijuv,kuv->kij", windows, F.sum(1)) / len(X)


@wrong("convolve_all", shows="expected shape", loses=PLACES)
def keeps_the_maps_apart(X, F):
    windows = X.unfold(1, F.shape[2], 1).unfold(2, F.shape[3], 1)
    return torch.einsum("mijuv,kmuv->kmij", windows, F)


@wrong("convolve_all", shows="expected shape", loses=PLACES)
def closes_to_a_circle(X, F):
    rolled = [
        torch.einsum("km,mij->kij", F[:, :, u, v], X.roll((-u, -v), (1, 2)))
        for u in range(F.shape[2])
        for v in range(F.shape[3])
    ]
    return sum(rolled)


@wrong(
    "convolve_all",
    says="only the first map of the image is looked at: the sum goes over all M maps.",
    loses=PLACES,
)
def looks_at_one_map(X, F):
    windows = np.lib.stride_tricks.sliding_window_view(X[0].numpy(), F.shape[2:])
    return torch.from_numpy(np.einsum("ijuv,kuv->kij", windows, F[:, 0].numpy()))


@wrong("convolve_all", shows="A loop over the places is still in it", loses=PLACES)
def lets_map_go_through_the_places(X, F):
    K, M, p, q = F.shape
    windows = X.unfold(1, p, 1).unfold(2, q, 1)
    rows, columns = windows.shape[1:3]
    windows = windows.permute(1, 2, 0, 3, 4).reshape(-1, M, p, q).numpy()
    numbers = list(map(np.tensordot, len(windows) * [F.numpy()], windows, len(windows) * [3]))
    return torch.from_numpy(np.stack(numbers, 1).reshape(K, rows, columns))
