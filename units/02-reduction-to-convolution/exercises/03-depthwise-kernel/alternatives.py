"""Right answers that go other ways."""

import torch

from nonconv.authoring import right


@right("depthwise_kernel")
def with_reshape(G, g):
    return G.reshape(-1, 1, 1, 1), g


@right("depthwise_kernel")
def number_by_number(G, g):
    kernel = torch.zeros(len(G), 1, 1, 1, dtype=G.dtype)
    for k, value in enumerate(G):
        kernel[k, 0, 0, 0] = value
    return kernel, g + 0


@right("depthwise_kernel")
def out_of_the_full_diagonal(G, g):
    return torch.diag(G).sum(1, keepdim=True)[..., None, None], g.clone()


@right("depthwise_kernel")
def of_a_layer(G, g):
    layer = torch.nn.Conv2d(len(G), len(G), 1, groups=len(G), dtype=G.dtype)
    with torch.no_grad():
        layer.weight.copy_(G.reshape(layer.weight.shape))
        layer.bias.copy_(g)
    return layer.weight, layer.bias


@right("depthwise_kernel")
def nested_lists(G, g):
    return torch.tensor([[[[number]]] for number in G.tolist()]), torch.tensor(g.tolist())
