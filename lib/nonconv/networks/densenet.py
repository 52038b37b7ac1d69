"""DenseNet: each layer sees the maps of all before it, and adds k. Batch norm comes *before* kernels.

Source: G. Huang, Z. Liu, L. van der Maaten, K. Weinberger, "Densely Connected Convolutional Networks" (2017),
section 3, table 1 (DenseNet-BC: bottlenecks, and half of the maps between the blocks).
"""

import torch
from torch import Tensor, nn

from nonconv.layers import BatchNorm2d, Conv2d
from nonconv.networks.parts import conv_bn, he_normal, images_of, pooled_classifier

BLOCKS_121 = (6, 12, 24, 16)


def bn_conv(in_channels: int, out_channels: int, kernel_size: int) -> nn.Sequential:
    """Batch norm, ReLU, convolution."""
    return nn.Sequential(
        BatchNorm2d(in_channels),
        nn.ReLU(),
        Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2, bias=False),
    )


class DenseLayer(nn.Module):
    """y = [x, f(x)]: f makes k maps of all that came in, by way of 4k.

    Shape: x (N, M, H, W) -> (N, M + k, H, W).
    """

    def __init__(self, in_channels: int, growth: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(bn_conv(in_channels, 4 * growth, 1), bn_conv(4 * growth, growth, 3))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.branch(x)], 1)


class DenseNet(nn.Module):
    """7×7, max pooling, dense blocks, global average, one fully connected layer.

    Between two blocks stands a transition: 1×1 to half of the maps, then a 2×2 average.

    Shape: x (N, 3, H, W), H and W at least 29 -> scores (N, num_classes).

    Raises ValueError for images of another shape.
    """

    def __init__(
        self, blocks: tuple[int, ...] = BLOCKS_121, growth: int = 32, num_classes: int = 1000
    ) -> None:
        super().__init__()
        M = 2 * growth
        layers: list[nn.Module] = [conv_bn(3, M, 7, stride=2), nn.MaxPool2d(3, stride=2, padding=1)]
        for index, number in enumerate(blocks):
            if index > 0:
                layers += [bn_conv(M, M // 2, 1), nn.AvgPool2d(2)]
                M //= 2
            layers += [DenseLayer(M + growth * before, growth) for before in range(number)]
            M += growth * number
        self.features = nn.Sequential(*layers, BatchNorm2d(M), nn.ReLU())
        self.classifier = pooled_classifier(M, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        images_of(x, "DenseNet", 3, least=29)
        return self.classifier(self.features(x))


def densenet121(num_classes: int = 1000) -> DenseNet:
    """DenseNet-121 for (N, 3, 224, 224): 7,978,856 parameters, 2.834 GMAC. Table 1."""
    return DenseNet(BLOCKS_121, 32, num_classes)
