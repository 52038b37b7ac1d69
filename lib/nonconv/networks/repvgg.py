"""RepVGG: 3×3 convolutions only, trained as three branches each, which are one convolution after all.

Source: X. Ding et al., "RepVGG: Making VGG-style ConvNets Great Again" (2021), section 3.3, figure 4 and
table 2.
"""

from torch import Tensor, nn

from nonconv.layers import BatchNorm2d
from nonconv.networks.parts import conv_bn, he_normal, pooled_classifier

# Table 2, A0: blocks and maps of each stage; each stage halves the size.
A0 = ((1, 48), (2, 48), (4, 96), (14, 192), (1, 1280))


class RepVGGBlock(nn.Module):
    """y = ReLU(BN(F₃ * x) + BN(F₁ * x) + BN(x)), the last branch where the shapes agree.

    With `bias` the two convolutions have biases, which the paper's do not: then merging must not forget them.

    Shape: x (N, M, H, W) -> (N, K, ⌈H/s⌉, ⌈W/s⌉).
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1, bias: bool = False) -> None:
        super().__init__()
        self.three = conv_bn(in_channels, out_channels, 3, stride, activation=None, bias=bias)
        self.one = conv_bn(in_channels, out_channels, 1, stride, activation=None, bias=bias)
        self.identity = BatchNorm2d(out_channels) if in_channels == out_channels and stride == 1 else None
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = self.three(x) + self.one(x)
        return self.relu(y if self.identity is None else y + self.identity(x))


class RepVGG(nn.Module):
    """Stages of blocks, global average, one fully connected layer.

    Shape: x (N, 3, H, W) -> scores (N, num_classes).
    """

    def __init__(
        self, stages: tuple[tuple[int, int], ...] = A0, num_classes: int = 1000, bias: bool = False
    ) -> None:
        super().__init__()
        blocks, M = [], 3
        for number, maps in stages:
            for index in range(number):
                blocks.append(RepVGGBlock(M, maps, stride=2 if index == 0 else 1, bias=bias))
                M = maps
        self.blocks = nn.Sequential(*blocks)
        self.classifier = pooled_classifier(M, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.blocks(x))


def repvgg_a0(num_classes: int = 1000, bias: bool = False) -> RepVGG:
    """RepVGG-A0 as it is trained, for (N, 3, 224, 224): 9,108,968 parameters, 1.513 GMAC.

    Merged, each block being one 3×3 with a bias: 8.30 million and 1.36 GMAC, 1.4 in the paper's table 4.
    """
    return RepVGG(A0, num_classes, bias)
