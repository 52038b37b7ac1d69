"""MobileNetV2: 1×1 up, depthwise 3×3, 1×1 down without an activation; a skip joins the narrow ends.

Source: M. Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), section 3, table
2.
"""

from torch import Tensor, nn

from nonconv.networks.parts import conv_bn, he_normal, pooled_classifier

# Table 2: expansion t, maps c, repetitions n, stride s of the first.
TABLE_2 = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


class InvertedResidual(nn.Module):
    """y = f(x), or x + f(x) where the shapes agree; f widens t times, and is depthwise where it is wide.

    Shape: x (N, M, H, W) -> (N, K, ⌈H/s⌉, ⌈W/s⌉).
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = expansion * in_channels
        widen = [conv_bn(in_channels, wide, 1, activation=nn.ReLU6)] if expansion > 1 else []
        self.branch = nn.Sequential(
            *widen,
            conv_bn(wide, wide, 3, stride, groups=wide, activation=nn.ReLU6),
            conv_bn(wide, out_channels, 1, activation=None),
        )
        self.skip = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        return x + self.branch(x) if self.skip else self.branch(x)


class MobileNetV2(nn.Module):
    """3×3 with stride 2, the blocks of table 2, 1×1 to 1280 maps, global average, one fully connected layer.

    Shape: x (N, 3, H, W) -> scores (N, num_classes).
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        M = 32
        layers: list[nn.Module] = [conv_bn(3, M, 3, stride=2, activation=nn.ReLU6)]
        for expansion, maps, number, stride in TABLE_2:
            for index in range(number):
                layers.append(InvertedResidual(M, maps, stride if index == 0 else 1, expansion))
                M = maps
        self.features = nn.Sequential(*layers, conv_bn(M, 1280, 1, activation=nn.ReLU6))
        self.classifier = pooled_classifier(1280, num_classes, dropout=0.2)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))


def mobilenet_v2(num_classes: int = 1000) -> MobileNetV2:
    """MobileNetV2 for (N, 3, 224, 224): 3,504,872 parameters, 0.301 GMAC. Table 2."""
    return MobileNetV2(num_classes)
