"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

from nonconv.authoring import edited, given, solution, wrong

LEARNS = ("kernel-values", "kernel-sizes")
slip = partial(edited, "kernel_gradient", solution(__file__, "kernel"), given(__file__), loses=LEARNS)
SEEN = "X[:, u:u + s * (rows - 1) + 1:s, v:v + s * (columns - 1) + 1:s]"

MISTAKES = [
    slip(
        "forgets_the_stride",
        (SEEN, "X[:, u:u + rows, v:v + columns]"),
        says="the numbers of G meet neighbours here: the windows stand s apart.",
    ),
    slip(
        "turns_the_kernel_around",
        ("dF[:, :, u, v]", "dF[:, :, p - 1 - u, q - 1 - v]"),
        says="dF is turned around: tap (u, v) was multiplied by what stands u rows and v columns into the window.",
    ),
    slip(
        "takes_the_mean_over_the_places",
        ("torch.einsum('kij,mij->km', G, seen)", "torch.einsum('kij,mij->km', G, seen) / (rows * columns)"),
        says="this is the mean over the places: the chain rule adds them up.",
    ),
    slip(
        "takes_the_mean_for_the_bias",
        ("G.sum((1, 2))", "G.mean((1, 2))"),
        says="db is the mean over the places: the bias takes part in every output, so they add up.",
    ),
    slip(
        "gives_one_bias_to_all",
        ("G.sum((1, 2))", "G.sum().expand(K)"),
        says="db is the sum over all maps: b[k] takes part in the outputs of map k only.",
    ),
    slip("works_in_float32", (", dtype=X.dtype", ""), shows="its dtype is torch.float32"),
    slip("sums_over_the_batch_too", ("G.sum((1, 2))", "G.sum()"), shows="db:"),
    slip(
        "counts_the_outputs",
        ("G.sum((1, 2))", "torch.full((K,), rows * columns, dtype=X.dtype)"),
        says="db counts the outputs: each of them comes with its own gradient, so add up G.",
    ),
    slip(
        "looks_at_the_first_window",
        (SEEN, "X[:, u:u + 1, v:v + 1].expand(-1, rows, columns)"),
        says="every place is taken for the first one: output (i, j) saw what stands s·i rows and s·j columns further.",
    ),
    slip(
        "adds_the_input_maps",
        ("'kij,mij->km', G, seen", "'kij,mij->km', G, seen.sum(0, keepdim=True).expand_as(seen)"),
        says="all input maps are added up: F[k, m] was multiplied by map m only.",
        loses=["kernel-values", "kernel-sizes"],
    ),
    slip(
        "returns_the_bias_first",
        ("return (dF, G.sum((1, 2)))", "return (G.sum((1, 2)), dF)"),
        shows="in another order: return (dF, db)",
    ),
]


@wrong("kernel_gradient", shows="Autograd is not allowed here", loses=LEARNS)
def asks_autograd(X, G, p, q, s):
    F = torch.zeros(len(G), len(X), p, q, dtype=X.dtype, requires_grad=True)
    windows = X.unfold(1, p, s).unfold(2, q, s)
    (dF,) = torch.autograd.grad(torch.einsum("mijuv,kmuv->kij", windows, F), F, G)
    return dF, G.sum((1, 2))


@wrong("kernel_gradient", shows="calls the framework's convolution", loses=LEARNS)
def calls_a_convolution(X, G, p, q, s):
    dF = torch.nn.functional.conv2d(X[:, None], G[:, None], dilation=s)[:, :, :p, :q].transpose(0, 1)
    return dF, G.sum((1, 2))


@wrong("kernel_gradient", shows="dF: expected shape", loses=LEARNS)
def puts_the_input_maps_first(X, G, p, q, s):
    windows = X.unfold(1, p, s).unfold(2, q, s)
    dF = torch.einsum("mijuv,kij->mkuv", windows, G)
    return dF.reshape(len(X), len(G), p, q)[None], G.sum((1, 2))
