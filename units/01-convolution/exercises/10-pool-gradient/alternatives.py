"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("pool_gradient")
def looks_for_the_first_by_hand(X, G, p, s):
    back = X * 0
    M, rows, columns = G.shape
    for m in range(M):
        for i in range(rows):
            for j in range(columns):
                best = None
                for a in range(i * s, i * s + p):
                    for b in range(j * s, j * s + p):
                        if best is None or X[m, a, b] > X[m, best[0], best[1]]:
                            best = (a, b)
                back[m, best[0], best[1]] += G[m, i, j]
    return back


@right("pool_gradient")
def all_windows_at_once(X, G, p, s):
    M, H, W = X.shape
    places = torch.arange(H * W).reshape(H, W).unfold(0, p, s).unfold(1, p, s).flatten(2)  # (H', W', p²)
    first = X.unfold(1, p, s).unfold(2, p, s).flatten(3).argmax(3)  # (M, H', W')
    where = places.expand(M, -1, -1, -1).gather(3, first[..., None])[..., 0]
    return (
        torch.zeros(M, H * W, dtype=X.dtype).scatter_add(1, where.flatten(1), G.flatten(1)).reshape(M, H, W)
    )


@right("pool_gradient")
def tap_by_tap(X, G, p, s):
    _, rows, columns = G.shape
    back, most = torch.zeros_like(X), torch.full_like(G, -torch.inf)
    taps = [(u, v) for u in range(p) for v in range(p)]

    def seen(t, u, v):
        return t[:, u : u + s * (rows - 1) + 1 : s, v : v + s * (columns - 1) + 1 : s]

    for u, v in taps:
        most = torch.maximum(most, seen(X, u, v))
    free = torch.ones_like(G, dtype=torch.bool)
    for u, v in taps:
        here = free & (seen(X, u, v) == most)
        seen(back, u, v).add_(here * G)
        free = free & ~here
    return back


@right("pool_gradient")
def by_way_of_numpy(X, G, p, s):
    x, g = X.numpy(), G.numpy()
    back = np.zeros_like(x)
    for m, i, j in np.ndindex(*g.shape):
        window = x[m, i * s : i * s + p, j * s : j * s + p]
        u, v = np.unravel_index(window.argmax(), window.shape)
        back[m, i * s + u, j * s + v] += g[m, i, j]
    return torch.from_numpy(back)


@right("pool_gradient")
def from_the_last_tap_backwards(X, G, p, s):
    back = torch.zeros_like(X)
    for i in reversed(range(G.shape[1])):
        for j in reversed(range(G.shape[2])):
            window = X[:, i * s : i * s + p, j * s : j * s + p].flatten(1)
            one_hot = torch.nn.functional.one_hot(window.argmax(1), p * p).reshape(-1, p, p)
            back[:, i * s : i * s + p, j * s : j * s + p] += one_hot * G[:, i, j].reshape(-1, 1, 1)
    return back
