"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch
import torch.nn.functional

from nonconv.authoring import edited, given, solution, wrong

LOOPS = ("loops-values", "loops-sizes")
slip = partial(edited, "convolve", solution(__file__, "loops"), given(__file__), loses=LOOPS)

MISTAKES = [
    slip(
        "forgets_the_bias",
        (" + b[k]", ""),
        says="the bias is missing: b[k] is added to every number of map k.",
    ),
    slip(
        "flips_the_kernel",
        ("window * F[k]", "window * F[k].flip(1, 2)"),
        says="the kernel is turned around: here, as in the frameworks, it slides as it is.",
    ),
    slip(
        "forgets_the_stride",
        ("i * s:i * s + p, j * s:j * s + q", "i:i + p, j:j + q"),
        says="the window moves by 1 only: that of output (i, j), counted from 0, begins in row i·s and column j·s.",
    ),
    slip(
        "strides_downwards_only",
        ("j * s:j * s + q", "j:j + q"),
        says="the stride is used for the rows only: columns move by s too.",
    ),
    slip(
        "looks_at_the_first_map",
        ("(window * F[k]).sum()", "(window[0] * F[k, 0]).sum()"),
        says="only the first map is looked at: the scalar product goes over all M maps.",
    ),
    slip(
        "keeps_the_last_map",
        ("(window * F[k]).sum()", "(window[-1] * F[k, -1]).sum()"),
        says="only the last map is left: is there an = where += belongs?",
    ),
    slip(
        "adds_the_bias_for_each_map",
        (" + b[k]", " + M * b[k]"),
        says="the bias is added once for each input map: it is added once.",
    ),
    slip(
        "takes_the_first_kernel_always",
        ("window * F[k]", "window * F[0]"),
        says="every output map uses the first kernel: map k has its own, F[k].",
    ),
    slip(
        "takes_the_mean",
        (".sum() + b[k]", ".mean() + b[k]"),
        says="this is the mean of the products: a scalar product is their sum.",
    ),
    slip(
        "one_row_too_few",
        ("(H - p) // s + 1, (W - q) // s + 1", "max((H - p) // s, 1), max((W - q) // s, 1)"),
        shows="expected shape",
    ),
    slip("works_in_float32", (", dtype=X.dtype", ""), shows="its dtype is torch.float32"),
    slip(
        "one_bias_for_all",
        (" + b[k]", " + b.sum()"),
        says="the sum of all biases is added: map k has its own, b[k].",
    ),
]


@wrong(
    "convolve",
    says="the formula counts from 1, code from 0: the first tap, u = 0, stands in row i·s itself, without a − 1.",
    loses=LOOPS,
)
def subtracts_one_as_in_the_formula(X, F, b, s):
    (M, H, W), (K, _, p, q) = X.shape, F.shape
    Y = b[:, None, None].repeat(1, (H - p) // s + 1, (W - q) // s + 1)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[2]):
            for u in range(p):
                for v in range(q):
                    Y[:, i, j] += F[:, :, u, v] @ X[:, i * s + u - 1, j * s + v - 1]
    return Y


@wrong(
    "convolve",
    says="rows are left out *inside* the windows: with a stride the windows stand s apart, their taps do not.",
    loses=LOOPS,
)
def thins_the_image_out_first(X, F, b, s):
    windows = X[:, ::s, ::s].unfold(1, F.shape[2], 1).unfold(2, F.shape[3], 1)
    return torch.einsum("mijuv,kmuv->kij", windows, F) + b[:, None, None]


@wrong("convolve", shows="calls the framework's convolution", loses=LOOPS)
def calls_the_framework(X, F, b, s):
    return torch.nn.functional.conv2d(X[None], F, b, stride=s)[0]


@wrong("convolve", shows="expected shape", loses=LOOPS)
def frames_the_image(X, F, b, s):
    X = torch.nn.functional.pad(X, (1, 1, 1, 1))
    windows = X.unfold(1, F.shape[2], s).unfold(2, F.shape[3], s)
    return torch.einsum("mijuv,kmuv->kij", windows, F) + b[:, None, None]


@wrong("convolve", shows="expected shape", loses=LOOPS)
def divides_the_places_by_the_stride(X, F, b, s):
    (K, M, p, q), (_, H, W) = F.shape, X.shape
    Y = torch.zeros(K, (H - p + 1) // s, (W - q + 1) // s, dtype=X.dtype)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[2]):
            Y[:, i, j] = (X[:, i * s : i * s + p, j * s : j * s + q] * F).sum((1, 2, 3)) + b
    return Y


@wrong("convolve", shows="expected shape", loses=LOOPS)
def takes_windows_that_are_cut_off(X, F, b, s):
    (K, M, p, q), (_, H, W) = F.shape, X.shape
    wide = torch.nn.functional.pad(X, (0, q, 0, p))
    Y = torch.zeros(K, -(-(H - p) // s) + 1, -(-(W - q) // s) + 1, dtype=X.dtype)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[2]):
            Y[:, i, j] = (wide[:, i * s : i * s + p, j * s : j * s + q] * F).sum((1, 2, 3)) + b
    return Y
