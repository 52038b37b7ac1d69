"""Residual networks: y = ReLU(f(x) + x), ∂L/∂x = f'ᵀ g + g with g the sum's gradient: one path loses nothing.

Sources: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition" (2016), table 1; with
weights for maps, J. Hu, L. Shen, G. Sun, "Squeeze-and-Excitation Networks" (2018), table 1; for maps and
places, S. Woo et al., "CBAM" (2018), figure 3.
"""

from collections.abc import Callable
from functools import partial

from torch import Tensor, nn

from nonconv.layers import CBAM, SqueezeExcitation
from nonconv.networks.parts import conv_bn, he_normal, one_of, pooled_classifier

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
    ) -> None:
        super().__init__()
        self.branch, self.relu = branch, nn.ReLU()
        if not skip:
            self.shortcut = None
        elif in_channels == out_channels and stride == 1:
            self.shortcut = nn.Identity()
        else:
            self.shortcut = conv_bn(in_channels, out_channels, 1, stride, activation=None)

    def forward(self, x: Tensor) -> Tensor:
        y = self.branch(x)
        return self.relu(y if self.shortcut is None else y + self.shortcut(x))


def basic(in_channels: int, maps: int, stride: int) -> list[nn.Module]:
    """3×3, 3×3."""
    return [conv_bn(in_channels, maps, 3, stride), conv_bn(maps, maps, 3, activation=None)]


def bottleneck(in_channels: int, maps: int, stride: int, stride_first: bool) -> list[nn.Module]:
    """1×1 down, 3×3, 1×1 up to four times as many maps. The stride is the 3×3's, or the first 1×1's."""
    first, second = (stride, 1) if stride_first else (1, stride)
    return [
        conv_bn(in_channels, maps, 1, first),
        conv_bn(maps, maps, 3, second),
        conv_bn(maps, 4 * maps, 1, activation=None),
    ]


class ResNet(nn.Module):
    """7×7, max pooling, four stages of residual blocks, global average, one fully connected layer.

    `attention(K)` makes a layer that is put behind each branch, before the sum. Without `skip` it is the
    plain network. `stride_first` gives a bottleneck's stride to its first 1×1, as the paper says; most code
    gives it to the 3×3, and that costs 4.089 instead of 3.858 GMAC in ResNet-50.

    Shape: x (N, 3, H, W), 224×224 in the paper, any size from 1×1 on will do -> scores (N, num_classes).

    Raises ValueError for another depth than 18, 34 or 50, and for stride_first where there are no
    bottlenecks.
    """

    def __init__(
        self,
        depth: int,
        num_classes: int = 1000,
        attention: Callable[[int], nn.Module] | None = None,
        skip: bool = True,
        stride_first: bool = False,
    ) -> None:
        super().__init__()
        one_of("depth", depth, DEPTHS)
        blocks, narrow = DEPTHS[depth]
        if stride_first and not narrow:
            raise ValueError(f"stride_first is about bottlenecks, and ResNet-{depth} has none; ResNet-50 has")
        self.stem = nn.Sequential(conv_bn(3, 64, 7, stride=2), nn.MaxPool2d(3, stride=2, padding=1))
        stages, M = [], 64
        for stage, (number, maps) in enumerate(zip(blocks, MAPS, strict=True)):
            K = 4 * maps if narrow else maps
            residuals = []
            for index in range(number):
                stride = 2 if stage > 0 and index == 0 else 1
                branch = bottleneck(M, maps, stride, stride_first) if narrow else basic(M, maps, stride)
                if attention is not None:
                    branch.append(attention(K))
                residuals.append(Residual(nn.Sequential(*branch), M, K, stride, skip))
                M = K
            stages.append(nn.Sequential(*residuals))
        self.stages = nn.Sequential(*stages)
        self.classifier = pooled_classifier(M, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.stages(self.stem(x)))


def resnet18(num_classes: int = 1000, skip: bool = True) -> ResNet:
    """ResNet-18 for (N, 3, 224, 224): 11,689,512 parameters, 1.814 GMAC. He et al. (2016), table 1."""
    return ResNet(18, num_classes, skip=skip)


def resnet34(num_classes: int = 1000, skip: bool = True) -> ResNet:
    """ResNet-34 for (N, 3, 224, 224): 21,797,672 parameters, 3.664 GMAC. He et al. (2016), table 1."""
    return ResNet(34, num_classes, skip=skip)


def resnet50(num_classes: int = 1000, skip: bool = True, stride_first: bool = False) -> ResNet:
    """ResNet-50 for (N, 3, 224, 224): 25,557,032 parameters, 4.089 GMAC. He et al. (2016), table 1."""
    return ResNet(50, num_classes, skip=skip, stride_first=stride_first)


def se_resnet50(num_classes: int = 1000, stride_first: bool = False) -> ResNet:
    """SE-ResNet-50 for (N, 3, 224, 224): 28,088,024 parameters, 4.092 GMAC. Hu et al. (2018)."""
    return ResNet(50, num_classes, SqueezeExcitation, stride_first=stride_first)


def cbam_resnet50(num_classes: int = 1000, batch_norm: bool = True, stride_first: bool = False) -> ResNet:
    """CBAM-ResNet-50 for (N, 3, 224, 224), r = 16, k = 7: 28,089,624 parameters, 4.096 GMAC.

    With batch_norm the 7×7 is followed by one, as in the authors' code; by the paper's formula, without it,
    there are 28,089,592 parameters. Woo et al. (2018), figure 3.
    """
    return ResNet(50, num_classes, partial(CBAM, batch_norm=batch_norm), stride_first=stride_first)
