"""Right answers in other costumes."""

from collections import OrderedDict

import torch
from torch import nn

from nonconv import layers
from nonconv.authoring import right


@right("bring")
def a_residual_block_with_its_batch_norm_behind_the_sum(M, size):
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(M, M, 3, padding=1, bias=False)
            self.norm1 = nn.BatchNorm2d(M)
            self.second = nn.Conv2d(M, M, 3, padding=1, bias=False)
            self.norm2 = nn.BatchNorm2d(M)
            self.last = nn.BatchNorm2d(M)

        def forward(self, x):
            branch = self.norm2(self.second(torch.relu(self.norm1(self.first(x)))))
            return torch.relu(self.last(torch.relu(branch + x)))

    return Block(), ("last",)


@right("bring")
def a_pre_activation_block(M, size):
    class PreActivation(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.Conv2d(M, 4, 3, padding=1)
            self.norm1, self.conv1 = nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3, padding=1)
            self.norm2, self.conv2 = nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3, padding=1)
            self.norm3 = nn.BatchNorm2d(4)

        def forward(self, x):
            x = self.stem(x)
            x = x + self.conv2(self.norm2(self.conv1(self.norm1(x).relu())).relu())
            return self.norm3(x.relu())

    return PreActivation(), ["norm1", "norm3"]


@right("bring")
def a_dense_layer_of_named_parts(M, size):
    parts = OrderedDict(
        norm0=nn.BatchNorm2d(M),
        relu0=nn.ReLU(),
        squeeze=nn.Conv2d(M, 8, 1, bias=False),
        norm1=nn.BatchNorm2d(8),
        relu1=nn.ReLU(),
        grow=nn.Conv2d(8, 4, 3, padding=1, bias=False),
        pool=nn.MaxPool2d(2),
        norm2=nn.BatchNorm2d(4),
    )
    return nn.Sequential(parts), ["norm2", "norm0"]


@right("bring")
def with_layers_of_the_course(M, size):
    model = nn.Sequential(
        layers.Conv2d(M, 4, 3),
        layers.BatchNorm2d(4),
        nn.ReLU(),
        layers.BatchNorm2d(4),
        layers.Conv2d(4, 4, 1),
        nn.MaxPool2d(2),
        layers.BatchNorm2d(4),
    )
    return model, ["6"]


@right("bring")
def with_a_gate_between(M, size):
    class Gated(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.inner = nn.Conv2d(M, 4, 3, padding=1), nn.BatchNorm2d(4)
            self.gate = nn.Sequential(
                nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4), nn.Sigmoid()
            )
            self.outer = nn.BatchNorm2d(4)

        def forward(self, x):
            x = self.inner(self.conv(x))
            return self.outer(x * self.gate(x))

    return Gated().double(), ["outer"]


@right("bring")
def with_linear_layers_and_a_transposed_convolution(M, size):
    model = nn.Sequential(
        nn.ConvTranspose2d(M, 3, 2, stride=2),
        nn.BatchNorm2d(3),
        nn.Sigmoid(),
        nn.BatchNorm2d(3),
        nn.AdaptiveMaxPool2d(2),
        nn.Flatten(),
        nn.Linear(12, 5),
        nn.BatchNorm1d(5),
    )
    return model, ["3"]


@right("bring")
def with_noise_that_is_drawn_for_each_image(M, size):
    class Noisy(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(M, 2, 1)
            self.a, self.b, self.c = nn.BatchNorm2d(2), nn.BatchNorm2d(2), nn.BatchNorm2d(2)

        def forward(self, x):
            y = self.a(self.conv(x)).relu()
            return self.c(self.b(y + y.new_empty(y.shape).normal_()).relu())

    return Noisy(), ["b", "c"]
