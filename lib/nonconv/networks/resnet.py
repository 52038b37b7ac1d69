"""Residual networks: y = ReLU(f(x) + x), so that ∂L/∂x = f'ᵀ g + g has a path on which nothing is lost, g = ∂L/∂(f(x) + x).

Sources: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition" (2016), table 1; with weights for
maps, J. Hu, L. Shen, G. Sun, "Squeeze-and-Excitation Networks" (2018), table 1; for maps and places, S. Woo et al., "CBAM"
(2018), figure 3.
"""

from collections.abc import Callable

from torch import Tensor, nn

from nonconv.layers import CBAM, SqueezeExcitation
from nonconv.networks.parts import Classifier, conv_bn, he_normal, one_of

# Table 1: how many blocks at 56², 28², 14² and 7², and whether they are bottlenecks.
DEPTHS = {18: ((2, 2, 2, 2), False), 34: ((3, 4, 6, 3), False), 50: ((3, 4, 6, 3), True)}
MAPS = (64, 128, 256, 512)  # inside the blocks of a stage; a bottleneck gives out four times as many


class Residual(nn.Module):
    """y = ReLU(f(x) + x): the branch f beside a shortcut, which is a 1×1 convolution where the shapes differ.

    Without `skip` it is y = ReLU(f(x)), the plain network that He et al. compare with.

    Shape: x (N, M, H, W) -> (N, K, ⌈H/s⌉, ⌈W/s⌉).
    """

    def __init__(
        self, branch: nn.Module, in_channels: int, out_channels: int, stride: int = 1, skip: bool = True
    ):
        super().__init__()
        same = in_channels == out_channels and stride == 1
        self.branch, self.relu = branch, nn.ReLU()
        self.skip = skip
        self.shortcut = nn.Identity()
        if skip and not same:
            self.shortcut = conv_bn(in_channels, out_channels, 1, stride, activation=None)

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.branch(x) + self.shortcut(x)) if self.skip else self.relu(self.branch(x))


def basic(in_channels: int, maps: int, stride: int) -> list[nn.Module]:
    """3×3, 3×3."""
    return [conv_bn(in_channels, maps, 3, stride), conv_bn(maps, maps, 3, activation=None)]


def bottleneck(in_channels: int, maps: int, stride: int) -> list[nn.Module]:
    """1×1 down, 3×3, 1×1 up to four times as many maps.

    The stride is the 3×3's, as in common code (ResNet "v1.5"); the paper gives it to the first 1×1, which costs 3.86
    instead of 4.09 GMAC in ResNet-50.
    """
    return [
        conv_bn(in_channels, maps, 1),
        conv_bn(maps, maps, 3, stride),
        conv_bn(maps, 4 * maps, 1, activation=None),
    ]


class ResNet(nn.Module):
    """7×7, max pooling, four stages of residual blocks, global average, one fully connected layer.

    `attention(K)` makes a layer that is put behind each branch, before the sum.

    Shape: x (N, 3, H, W), H and W about 224 in the paper -> (N, num_classes).

    Raises ValueError for another depth than 18, 34 or 50.
    """

    def __init__(
        self,
        depth: int,
        num_classes: int = 1000,
        attention: Callable[[int], nn.Module] | None = None,
        skip: bool = True,
    ) -> None:
        super().__init__()
        one_of("depth", depth, list(DEPTHS))
        blocks, narrow = DEPTHS[depth]
        self.stem = nn.Sequential(conv_bn(3, 64, 7, stride=2), nn.MaxPool2d(3, stride=2, padding=1))
        stages, M = [], 64
        for stage, (number, maps) in enumerate(zip(blocks, MAPS, strict=True)):
            K = 4 * maps if narrow else maps
            stage_blocks = []
            for index in range(number):
                stride = 2 if stage > 0 and index == 0 else 1
                branch = bottleneck(M, maps, stride) if narrow else basic(M, maps, stride)
                if attention is not None:
                    branch.append(attention(K))
                stage_blocks.append(Residual(nn.Sequential(*branch), M, K, stride, skip))
                M = K
            stages.append(nn.Sequential(*stage_blocks))
        self.stages = nn.Sequential(*stages)
        self.classifier = Classifier(M, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.stages(self.stem(x)))


def resnet18(num_classes: int = 1000, skip: bool = True) -> ResNet:
    """ResNet-18 for (N, 3, 224, 224): 11,689,512 parameters, 1.814 GMAC. He et al. (2016), table 1."""
    return ResNet(18, num_classes, skip=skip)


def resnet34(num_classes: int = 1000, skip: bool = True) -> ResNet:
    """ResNet-34 for (N, 3, 224, 224): 21,797,672 parameters, 3.664 GMAC. He et al. (2016), table 1."""
    return ResNet(34, num_classes, skip=skip)


def resnet50(num_classes: int = 1000, skip: bool = True) -> ResNet:
    """ResNet-50 for (N, 3, 224, 224): 25,557,032 parameters, 4.089 GMAC. He et al. (2016), table 1."""
    return ResNet(50, num_classes, skip=skip)


def se_resnet50(num_classes: int = 1000) -> ResNet:
    """SE-ResNet-50 for (N, 3, 224, 224), r = 16: 28,088,024 parameters. Hu et al. (2018), table 1."""
    return ResNet(50, num_classes, SqueezeExcitation)


def cbam_resnet50(num_classes: int = 1000, batch_norm: bool = True) -> ResNet:
    """CBAM-ResNet-50 for (N, 3, 224, 224), r = 16, k = 7: 28,089,624 parameters.

    With batch_norm the 7×7 is followed by one, as in the authors' code; by the paper's formula, without it, there are
    28,089,592. Woo et al. (2018), figure 3.
    """
    return ResNet(50, num_classes, lambda channels: CBAM(channels, batch_norm=batch_norm))
