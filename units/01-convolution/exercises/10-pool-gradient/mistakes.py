"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

from nonconv.authoring import edited, given, solution, wrong

POOL = ("pool-values", "pool-ties")
slip = partial(edited, "pool_gradient", solution(__file__, "pool"), given(__file__), loses=POOL)
PLACE = "divmod(int(window.argmax()), window.shape[1])"

MISTAKES = [
    slip(
        "overwrites_where_windows_overlap",
        ("+= G[m, i, j]", "= G[m, i, j]"),
        says="a number that is the maximum of several windows keeps one of their gradients only: they add up.",
    ),
    slip(
        "takes_the_last_maximum",
        (PLACE, "divmod(window.numel() - 1 - int(window.flip(0, 1).argmax()), window.shape[1])"),
        says="of equal maxima the last one takes the gradient: it is the first, row by row.",
    ),
    slip(
        "counts_column_by_column",
        (PLACE, "divmod(int(window.T.argmax()), window.shape[0])[::-1]"),
        says="of equal maxima the first one column by column takes the gradient: it is the first row by row.",
    ),
    slip(
        "takes_the_largest_in_size",
        ("window.argmax()", "window.abs().argmax()"),
        says="this is the largest absolute value: of −4 and −1 the maximum is −1.",
    ),
    slip(
        "forgets_the_stride",
        ("i * s:i * s + p, j * s:j * s + p", "i:i + p, j:j + p"),
        ("i * s + u, j * s + v", "i + u, j + v"),
        says="the windows move by 1: that of output (i, j) begins in row i·s and column j·s.",
    ),
    slip(
        "puts_it_where_the_window_begins",
        ("i * s + u, j * s + v", "i * s, j * s"),
        says="the gradient goes to the corner of each window: it goes to the place of its maximum.",
    ),
    slip(
        "forgets_where_the_window_begins",
        ("i * s + u, j * s + v", "u, v"),
        says="row and column of the maximum are those in the window: add where the window begins.",
    ),
]


@wrong("pool_gradient", says="all equal maxima get the whole gradient: only the first one does.", loses=POOL)
def gives_it_to_all_maxima(X, G, p, s):
    back = torch.zeros_like(X)
    for m in range(len(G)):
        for i in range(G.shape[1]):
            for j in range(G.shape[2]):
                window = X[m, i * s : i * s + p, j * s : j * s + p]
                most = window == window.max()  # exact: a maximum is one of the numbers
                back[m, i * s : i * s + p, j * s : j * s + p] += most * G[m, i, j]
    return back


@wrong(
    "pool_gradient",
    says="the gradient is shared out among equal maxima: the first one takes all.",
    loses=POOL,
)
def shares_it_among_the_maxima(X, G, p, s):
    back = torch.zeros_like(X)
    for m in range(len(G)):
        for i in range(G.shape[1]):
            for j in range(G.shape[2]):
                window = X[m, i * s : i * s + p, j * s : j * s + p]
                most = window == window.max()  # exact: a maximum is one of the numbers
                back[m, i * s : i * s + p, j * s : j * s + p] += most * G[m, i, j] / most.sum()
    return back


@wrong(
    "pool_gradient",
    says="this is the gradient of the *mean*: each number of a window gets its share.",
    loses=POOL,
)
def goes_back_through_the_mean(X, G, p, s):
    back = torch.zeros_like(X)
    for i in range(G.shape[1]):
        for j in range(G.shape[2]):
            back[:, i * s : i * s + p, j * s : j * s + p] += G[:, i, j, None, None] / p**2
    return back


@wrong("pool_gradient", says="one maximum is taken over all maps: each map is pooled by itself.", loses=POOL)
def takes_one_maximum_for_all_maps(X, G, p, s):
    back = torch.zeros_like(X)
    for i in range(G.shape[1]):
        for j in range(G.shape[2]):
            window = X[:, i * s : i * s + p, j * s : j * s + p]
            m, place = divmod(int(window.argmax()), p * p)
            back[m, i * s + place // p, j * s + place % p] += G[:, i, j].sum()
    return back


@wrong("pool_gradient", shows="Autograd is not allowed here", loses=POOL)
def asks_autograd(X, G, p, s):
    x = X.clone().requires_grad_()
    most = x.unfold(1, p, s).unfold(2, p, s).flatten(3).max(3).values
    return torch.autograd.grad(most, x, G)[0]


@wrong("pool_gradient", shows="calls the framework's max_pool2d", loses=POOL)
def calls_the_pooling(X, G, p, s):
    _, places = torch.nn.functional.max_pool2d(X[None], p, s, return_indices=True)
    back = torch.zeros_like(X).flatten(1)
    return back.scatter_add(1, places[0].flatten(1), G.flatten(1)).reshape(X.shape)


@wrong("pool_gradient", says="G is multiplied by the maxima: the slope of a maximum is 1.", loses=POOL)
def multiplies_by_the_maximum(X, G, p, s):
    back = torch.zeros_like(X)
    for m in range(len(G)):
        for i in range(G.shape[1]):
            for j in range(G.shape[2]):
                window = X[m, i * s : i * s + p, j * s : j * s + p]
                u, v = divmod(int(window.argmax()), p)
                back[m, i * s + u, j * s + v] += G[m, i, j] * window.max()
    return back


@wrong(
    "pool_gradient",
    says="the search for the maximum begins with 0, and where all numbers are negative it finds none: begin"
    " with the first number of the window.",
    loses=POOL,
)
def begins_with_zero(X, G, p, s):
    back = torch.zeros_like(X)
    for m, i, j in ((m, i, j) for m in range(len(G)) for i in range(G.shape[1]) for j in range(G.shape[2])):
        best, row, column = 0, i * s, j * s
        for u in range(i * s, i * s + p):
            for v in range(j * s, j * s + p):
                if X[m, u, v] > best:
                    best, row, column = X[m, u, v], u, v
        back[m, row, column] += G[m, i, j]
    return back
