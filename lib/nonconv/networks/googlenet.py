"""GoogLeNet: nine Inception modules of four branches each, global average, one fully connected layer.

Source: C. Szegedy et al., "Going Deeper with Convolutions" (2015), table 1, figures 2 and 3, section 5.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers import Conv2d, Linear
from nonconv.networks.parts import conv_bn, he_normal, images_of, pooled_classifier


class Row(NamedTuple):
    """Maps of one Inception module, in the order of table 1."""

    one: int
    reduce_three: int
    three: int
    reduce_five: int
    five: int
    pool: int


TABLE_1 = {
    "3a": Row(64, 96, 128, 16, 32, 32),
    "3b": Row(128, 128, 192, 32, 96, 64),
    "4a": Row(192, 96, 208, 16, 48, 64),
    "4b": Row(160, 112, 224, 24, 64, 64),
    "4c": Row(128, 128, 256, 24, 64, 64),
    "4d": Row(112, 144, 288, 32, 64, 64),
    "4e": Row(256, 160, 320, 32, 128, 128),
    "5a": Row(256, 160, 320, 32, 128, 128),
    "5b": Row(384, 192, 384, 48, 128, 128),
}

Convolve = Callable[
    ..., nn.Module
]  # (in_channels, out_channels, kernel_size, stride) -> a layer with its ReLU


def plain(in_channels: int, out_channels: int, kernel_size: int, stride: int = 1) -> nn.Sequential:
    """Convolution with a bias, and ReLU: the paper's, from before batch norm."""
    return nn.Sequential(Conv2d(in_channels, out_channels, kernel_size, stride, kernel_size // 2), nn.ReLU())


class Inception(nn.Module):
    """1×1, 3×3, 5×5 and pooling side by side: their maps one after the other.

    1×1 convolutions make few maps of many before the costly kernels, and behind the pooling. Without
    `bottlenecks` they are left out (figure 2a), and the pooling branch passes on all the maps that came in.

    Shape: x (N, M, H, W) -> (N, row.one + row.three + row.five + row.pool, H, W), with M in place of row.pool
    if there are no bottlenecks.
    """

    def __init__(
        self,
        in_channels: int,
        row: Row,
        convolve: Convolve = conv_bn,
        five: int = 5,
        bottlenecks: bool = True,
    ) -> None:
        super().__init__()
        pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.one = convolve(in_channels, row.one, 1)
        if bottlenecks:
            M3, M5 = row.reduce_three, row.reduce_five
            self.three = nn.Sequential(convolve(in_channels, M3, 1), convolve(M3, row.three, 3))
            self.five = nn.Sequential(convolve(in_channels, M5, 1), convolve(M5, row.five, five))
            self.pool = nn.Sequential(pool, convolve(in_channels, row.pool, 1))
        else:
            self.three = convolve(in_channels, row.three, 3)
            self.five = convolve(in_channels, row.five, five)
            self.pool = pool
        self.out_channels = row.one + row.three + row.five + (row.pool if bottlenecks else in_channels)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], 1)


class AuxiliaryHead(nn.Sequential):
    """Scores from the middle of the net, for maps of 14×14.

    5×5 average with stride 3, 1×1, two fully connected layers.
    """

    def __init__(self, in_channels: int, num_classes: int, convolve: Convolve) -> None:
        super().__init__(
            nn.AvgPool2d(5, stride=3),
            convolve(in_channels, 128, 1),
            nn.Flatten(),  # 14 -> 4
            Linear(128 * 4 * 4, 1024),
            nn.ReLU(),
            nn.Dropout(0.7),
            Linear(1024, num_classes),
        )


class GoogLeNet(nn.Module):
    """GoogLeNet for (N, 3, 224, 224).

    As most code has it: batch norm without biases, 3×3 where the paper has 5×5; 6,624,904 parameters, 1.498
    GMAC. With `paper=True` as in table 1: biases, 5×5, and figure 3's local response norm; 6,998,552
    parameters, 1.583 GMAC. The table's own sum, 1.5, has 34 million for the first convolution, where 7·7·3·64
    numbers at 112² places make 118.

    With `auxiliary` two more heads read the modules 4a and 4d *in training* (see `loss_with_auxiliary`); they
    need the 14×14 maps that 224×224 images give. Without them any H and W from 31 up will do.

    Shape: x (N, 3, H, W) -> scores (N, num_classes); in training with auxiliary heads three such tensors, the
    main one first.

    Raises ValueError for images of another shape.
    """

    def __init__(self, num_classes: int = 1000, paper: bool = False, auxiliary: bool = False) -> None:
        super().__init__()
        convolve: Convolve = plain if paper else partial(conv_bn, eps=1e-3)
        pool = partial(nn.MaxPool2d, 3, stride=2, ceil_mode=True)
        norm = [nn.LocalResponseNorm(5)] if paper else []
        self.stem = nn.Sequential(
            convolve(3, 64, 7, 2), pool(), *norm, convolve(64, 64, 1), convolve(64, 192, 3), *norm, pool()
        )
        M, modules = 192, {}
        for name, row in TABLE_1.items():
            modules[name] = Inception(M, row, convolve, five=5 if paper else 3)
            M = modules[name].out_channels
        self.three = nn.Sequential(modules["3a"], modules["3b"], pool())
        self.four_a = modules["4a"]
        self.four_bcd = nn.Sequential(modules["4b"], modules["4c"], modules["4d"])
        self.four_e = nn.Sequential(modules["4e"], pool())
        self.five = nn.Sequential(modules["5a"], modules["5b"])
        self.classifier = pooled_classifier(M, num_classes, dropout=0.4)
        self.heads = None
        if auxiliary:
            maps = (self.four_a.out_channels, modules["4d"].out_channels)
            self.heads = nn.ModuleList(AuxiliaryHead(K, num_classes, convolve) for K in maps)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor, Tensor]:
        heads = self.heads if self.training else None
        if heads is None:
            images_of(x, "GoogLeNet", 3, least=31)
        else:
            images_of(x, "GoogLeNet with auxiliary heads", 3, size=224)
        a = self.four_a(self.three(self.stem(x)))
        d = self.four_bcd(a)
        scores = self.classifier(self.five(self.four_e(d)))
        return scores if heads is None else (scores, heads[0](a), heads[1](d))


def loss_with_auxiliary(scores: tuple[Tensor, ...], target: Tensor, weight: float = 0.3) -> Tensor:
    """Cross-entropy of the main scores, plus 0.3 times that of each auxiliary head. Section 5."""
    main, *others = (F.cross_entropy(each, target) for each in scores)
    return main + weight * sum(others)


def googlenet(num_classes: int = 1000, paper: bool = False, auxiliary: bool = False) -> GoogLeNet:
    """See `GoogLeNet`."""
    return GoogLeNet(num_classes, paper, auxiliary)
