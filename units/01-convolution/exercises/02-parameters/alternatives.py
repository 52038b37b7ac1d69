"""Right answers that go other ways."""

import torch
from torch import nn

from nonconv.authoring import right


@right("parameters")
def kind_by_kind(kind, M, K, p, q, H, W, g, bias):
    out = K * (H - p + 1) * (W - q + 1)
    if kind == "fully connected":
        return (M * H * W + bool(bias)) * out
    if kind == "locally connected":
        return (M * p * q + bool(bias)) * out
    if kind == "separable":
        return M * p * q + (M + bool(bias)) * K
    seen = {"grouped": M // g, "depthwise": 1}.get(kind, M)
    return K * (seen * p * q + bool(bias))


@right("parameters")
def from_layers_of_the_framework(kind, M, K, p, q, H, W, g, bias):
    out = (H - p + 1, W - q + 1)
    if kind == "locally connected":
        shapes = [(*out, K, M, p, q), (K, *out)] if bias else [(*out, K, M, p, q)]
        return sum(torch.Size(shape).numel() for shape in shapes)
    net = {
        "convolution": lambda: nn.Conv2d(M, K, (p, q), bias=bias),
        "grouped": lambda: nn.Conv2d(M, K, (p, q), groups=g, bias=bias),
        "depthwise": lambda: nn.Conv2d(M, K, (p, q), groups=M, bias=bias),
        "separable": lambda: nn.Sequential(
            nn.Conv2d(M, M, (p, q), groups=M, bias=False), nn.Conv2d(M, K, 1, bias=bias)
        ),
        "transposed": lambda: nn.ConvTranspose2d(M, K, (p, q), bias=bias),
        "fully connected": lambda: nn.Linear(M * H * W, K * out[0] * out[1], bias=bias, device="meta"),
    }[kind]()
    return sum(one.numel() for one in net.parameters())


@right("parameters")
def as_a_tensor_of_one_number(kind, M, K, p, q, H, W, g, bias):
    places = (H - p + 1) * (W - q + 1) if "connected" in kind else 1
    reach = {"grouped": M * p * q // g, "depthwise": p * q, "separable": M, "fully connected": M * H * W}
    once = M * p * q if kind == "separable" else 0
    return torch.tensor(K * places * (reach.get(kind, M * p * q) + int(bias)) + once)


@right("parameters")
def counts_with_sets(kind, M, K, p, q, H, W, g, bias):
    taps = {(u, v) for u in range(p) for v in range(q)}
    maps = {(m, k) for m in range(M) for k in range(K)}
    if kind == "grouped":
        maps = {(m, k) for m, k in maps if m // (M // g) == k // (K // g)}
    if kind == "depthwise":
        maps = {(m, k) for m, k in maps if m == k // (K // M)}
    if kind == "separable":
        return M * len(taps) + len(maps) + K * bias
    where = (H - p + 1) * (W - q + 1) if kind.endswith("connected") else 1
    each = H * W if kind.startswith("fully") else len(taps)
    return len(maps) * each * where + K * where * bias


@right("parameters")
def output_number_by_output_number(kind, M, K, p, q, H, W, g, bias):
    """Each number of the output has an edge to what it sees; what is shared counts once."""
    seen = {"grouped": M // g * p * q, "depthwise": p * q, "fully connected": M * H * W}.get(kind, M * p * q)
    if kind == "separable":
        return sum([p * q] * M) + sum([M + int(bias)] * K)
    alone = "connected" in kind
    outputs = [(k, i, j) for k in range(K) for i in range(H - p + 1) for j in range(W - q + 1)]
    different = outputs if alone else {k for k, _, _ in outputs}
    return sum(seen + int(bias) for _ in different)
