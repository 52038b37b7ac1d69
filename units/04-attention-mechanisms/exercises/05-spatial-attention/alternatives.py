"""Right answers that go other ways."""

import math

import scipy.signal
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("spatial_attention")
def convolves_map_by_map(X, W):
    average, maximum = X.sum(0) / len(X), X.max(0).values
    Y1 = sum(F.conv2d(one[None, None], W[:, m : m + 1], padding="same")
             for m, one in enumerate((average, maximum)))  # fmt: skip
    return torch.sigmoid(Y1)[0]


@right("spatial_attention")
def shifts_and_adds(X, W):
    k, (_, H, columns) = W.shape[-1], X.shape
    both = F.pad(torch.stack([X.mean(0), X.amax(0)]), [k // 2] * 4)
    Y1 = torch.zeros(H, columns, dtype=X.dtype)
    for m in range(2):
        for u in range(k):
            for v in range(k):
                Y1 += W[0, m, u, v] * both[m, u : u + H, v : v + columns]
    return torch.sigmoid(Y1)[None]


@right("spatial_attention")
def multiplies_the_windows_by_a_row(X, W):
    k = W.shape[-1]
    both = torch.stack([X.mean(0), X.amax(0)])
    windows = F.unfold(both[None], k, padding=k // 2)[0]  # (2k², HW)
    return torch.sigmoid(W.reshape(1, -1) @ windows).reshape(1, *X.shape[1:])


@right("spatial_attention")
def by_way_of_fourier(X, W):
    k, (_, H, columns) = W.shape[-1], X.shape
    size = (H + k - 1, columns + k - 1)
    both = torch.fft.rfft2(torch.stack([X.mean(0), X.amax(0)]), s=size)
    Y1 = torch.fft.irfft2(both * torch.fft.rfft2(W[0].flip(1, 2), s=size), s=size).sum(0)
    return torch.sigmoid(Y1[None, k // 2 : k // 2 + H, k // 2 : k // 2 + columns])


@right("spatial_attention")
def asks_scipy_for_the_correlation(X, W):
    halves = zip((X.mean(0), X.amax(0)), W[0], strict=True)
    Y1 = sum(scipy.signal.correlate2d(one.numpy(), w.numpy(), mode="same") for one, w in halves)
    return torch.sigmoid(torch.from_numpy(Y1))[None]


@right("spatial_attention")
def pools_over_the_maps(X, W):
    C, H, columns = X.shape
    places = X.permute(1, 2, 0).reshape(1, H * columns, C)
    both = torch.cat([F.avg_pool1d(places, C), F.max_pool1d(places, C)], 2)[0].T.reshape(1, 2, H, columns)
    return torch.sigmoid(F.conv2d(both, W, padding="same"))[0]


@right("spatial_attention")
def by_a_layer_with_these_weights(X, W):
    layer = torch.nn.Conv2d(2, 1, W.shape[-1], padding="same", bias=False, dtype=X.dtype)
    layer.weight = torch.nn.Parameter(W)
    return layer(torch.cat([X.mean(0, keepdim=True), X.max(0, keepdim=True).values])[None]).sigmoid()[0]


@right("spatial_attention")
def turned_over_and_transposed(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])[None]
    return torch.sigmoid(F.conv_transpose2d(both, W.flip(2, 3).transpose(0, 1), padding=W.shape[-1] // 2))[0]
