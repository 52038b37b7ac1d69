"""VGG: 3×3 convolutions only, two to four of them between poolings, and three fully connected layers.

Source: K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition"
(2015), table 1.
"""

from torch import Tensor, nn

from nonconv.layers import Conv2d, Linear
from nonconv.networks.parts import conv_bn, he_normal, images_of, one_of

# Table 1, columns A, D and E: how many convolutions before each pooling.
DEPTHS = {11: (1, 1, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
MAPS = (64, 128, 256, 512, 512)


class VGG(nn.Module):
    """VGG with 11, 16 or 19 layers that have weights.

    VGG-11: 132,863,336 parameters, 7.609 GMAC; VGG-16: 138,357,544 and 15.470; VGG-19: 143,667,240 and
    19.632. Batch norm adds 2 for each map: 5,504, 8,448 and 11,008.

    Shape: x (N, 3, size, size) -> scores (N, num_classes).

    Raises ValueError for another depth, images of another size, or a size that five poolings do not halve
    evenly.
    """

    def __init__(
        self, depth: int, num_classes: int = 1000, batch_norm: bool = False, size: int = 224
    ) -> None:
        super().__init__()
        one_of("depth", depth, DEPTHS)
        if size < 32 or size % 32:
            raise ValueError(f"size must be a multiple of 32, since five poolings halve it, not {size}")
        self.size = size
        layers: list[nn.Module] = []
        M = 3
        for number, maps in zip(DEPTHS[depth], MAPS, strict=True):
            for _ in range(number):
                layers += (
                    conv_bn(M, maps, 3, bias=True)
                    if batch_norm
                    else [Conv2d(M, maps, 3, padding=1), nn.ReLU()]
                )
                M = maps
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Flatten(),
            Linear(M * (size // 32) ** 2, 4096),
            nn.ReLU(),
            nn.Dropout(),
            Linear(4096, 4096),
            nn.ReLU(),
            nn.Dropout(),
            Linear(4096, num_classes),
        )
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        images_of(x, "VGG", 3, self.size)
        return self.classifier(self.features(x))


def vgg11(num_classes: int = 1000, batch_norm: bool = False, size: int = 224) -> VGG:
    """Column A of table 1, see `VGG`."""
    return VGG(11, num_classes, batch_norm, size)


def vgg16(num_classes: int = 1000, batch_norm: bool = False, size: int = 224) -> VGG:
    """Column D of table 1, see `VGG`."""
    return VGG(16, num_classes, batch_norm, size)


def vgg19(num_classes: int = 1000, batch_norm: bool = False, size: int = 224) -> VGG:
    """Column E of table 1, see `VGG`."""
    return VGG(19, num_classes, batch_norm, size)
