"""What students answer: the wrong ways, what each is told and loses."""

import copy
from functools import partial

import torch

import nonconv.reduction
from nonconv.authoring import edited, given, solution, wrong

NETWORK = ("reduce-network-with-biases", "reduce-network-without-biases", "reduce-network-grouped")

network = partial(edited, "reduce_network", solution(__file__, "network"), given(__file__), loses=NETWORK)

UNPADDED = (
    "torch.nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, groups=conv.groups)"
)
NEW = "torch.nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size).double()"


@wrong("reduce_network", shows="behind it. Its kernel is not the merged one", loses=NETWORK)
def only_takes_the_batch_norms_out(model):
    return torch.nn.Sequential(*(layer for layer in model if not isinstance(layer, torch.nn.BatchNorm2d)))


WRONG = [
    network(
        "folds_only_behind_a_relu",
        ("BatchNorm2d)", "BatchNorm2d) and len(layers) > 1 and isinstance(layers[-2], torch.nn.ReLU)"),
        shows="there is still a batch norm in it",
    ),
    network(
        "folds_with_the_slides_bias",
        ("G * (b - layer.running_mean) + layer.bias", "b + layer.bias - G * layer.running_mean"),
        shows="The first layer that differs: the Conv2d at place 0 of the given network, with the batch norm behind it."
        " Its kernel is right, its bias is not",
        loses=["reduce-network-with-biases", "reduce-network-grouped"],
    ),
    network(
        "folds_into_the_given_network",
        ("copy.deepcopy(layer)", "layer"),
        shows="the given network was changed",
    ),
    network(
        "forgets_convolutions_without_bias",
        ("torch.zeros_like(G) if conv.bias is None else conv.bias", "conv.bias"),
        shows="One of the values is None: a bias that a layer does not have",
        loses=["reduce-network-without-biases"],
    ),
    network(
        "forgets_stride_and_padding",
        ("conv = layers[-1]", "conv = layers.pop()"),
        ("conv.weight =", f"layers.append({NEW})\n            layers[-1].weight ="),
        ("conv.bias = ", "layers[-1].bias = "),
        shows="stopped with",
    ),
    network(
        "forgets_the_padding",
        ("conv = layers[-1]", "conv = layers.pop()"),
        ("conv.weight =", f"layers.append({UNPADDED})\n            layers[-1].weight ="),
        ("conv.bias = ", "layers[-1].bias = "),
        shows="Its padding is (0, 0), and that of the given one is (1, 1): copy.deepcopy(layer) keeps all",
        loses=NETWORK[:2],
        earns={NETWORK[2]: "No convolution there has a border; all else is right."},
    ),
    network(
        "believes_in_the_usual_epsilon",
        ("layer.eps", "1e-5"),
        shows="labels differ",
        loses=["reduce-network-grouped"],
    ),
]


@wrong("reduce_network", shows="batch norm is still there, under another name", loses=NETWORK)
def gives_batch_norm_another_name(model):
    class Norm(torch.nn.Module):
        def __init__(self, layer):
            super().__init__()
            self.G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            self.g = layer.bias - self.G * layer.running_mean

        def forward(self, x):
            return self.G[:, None, None] * x + self.g[:, None, None]

    kept = (Norm(one) if isinstance(one, torch.nn.BatchNorm2d) else one for one in copy.deepcopy(model))
    return torch.nn.Sequential(*kept)


@wrong("reduce_network", shows="Fold it once: G into the kernel", loses=NETWORK)
def folds_each_time_it_runs(model):
    class Folding(torch.nn.Module):
        def __init__(self, conv, norm):
            super().__init__()
            self.conv, self.state = (
                conv,
                (norm.weight, norm.bias, norm.running_mean, norm.running_var + norm.eps),
            )

        def forward(self, x):
            conv, (gamma, beta, mu, var) = self.conv, self.state
            G = gamma / var.sqrt()
            b = -mu if conv.bias is None else conv.bias - mu
            form = conv.stride, conv.padding, conv.dilation, conv.groups
            return torch.conv2d(x, conv.weight * G[:, None, None, None], G * b + beta, *form)

    layers = []
    for layer in copy.deepcopy(model):
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers[-1] = Folding(layers[-1], layer)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="that is batch norm as a layer of its own", loses=NETWORK)
def puts_a_depthwise_convolution_in_its_place(model):
    layers = list(copy.deepcopy(model))
    for n, norm in enumerate(layers):
        if isinstance(norm, torch.nn.BatchNorm2d):
            K = norm.num_features
            layers[n] = torch.nn.Conv2d(K, K, 1, groups=K).double()
            G = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            layers[n].weight.data = G[:, None, None, None]
            layers[n].bias.data = norm.bias - G * norm.running_mean
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="calls nonconv.reduction", loses=NETWORK)
def calls_the_whole_reduction_by_another_name(model):
    def helper(model):
        from nonconv.reduction import reduce as ready

        return ready(model, torch.zeros(1, 1, 8, 8).double())

    return helper(model).network


@wrong("reduce_network", shows="calls nonconv.reduction", loses=NETWORK)
def calls_the_librarys_fold(model):
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers[-1] = nonconv.reduction.fold(layers[-1], layer)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("reduce_network", shows="calls torch.nn.utils.fusion", loses=NETWORK)
def calls_the_frameworks_fold(model):
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers[-1] = torch.nn.utils.fusion.fuse_conv_bn_eval(layers[-1], layer)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers)
