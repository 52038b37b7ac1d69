"""AlexNet: five convolutions, three fully connected layers; ReLU, overlapping max pooling, dropout.

Sources: A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet Classification with Deep Convolutional Neural
Networks" (2012), section 3 and figure 2; on one device, A. Krizhevsky, "One Weird Trick for Parallelizing
Convolutional Neural Networks" (2014).
"""

from typing import NamedTuple

from torch import Tensor, nn

from nonconv.layers import Conv2d, Linear, output_size
from nonconv.networks.parts import he_normal, images_of


class Row(NamedTuple):
    """One convolution, and whether 3×3 max pooling with stride 2 follows."""

    maps: int
    kernel: int
    stride: int
    padding: int
    groups: int
    pool: bool


# 2012: two devices with half of the maps each, hence the groups; the third convolution sees all maps.
ROWS_2012 = (
    Row(96, 11, 4, 2, 1, True),
    Row(256, 5, 1, 2, 2, True),
    Row(384, 3, 1, 1, 1, False),
    Row(384, 3, 1, 1, 2, False),
    Row(256, 3, 1, 1, 2, True),
)
ROWS_2014 = (
    Row(64, 11, 4, 2, 1, True),
    Row(192, 5, 1, 2, 1, True),
    Row(384, 3, 1, 1, 1, False),
    Row(256, 3, 1, 1, 1, False),
    Row(256, 3, 1, 1, 1, True),
)


class AlexNet(nn.Module):
    """Convolutions by rows of a table, then three fully connected layers, the first two with dropout.

    With local_norm a local response norm follows the first two convolutions, as in 2012.

    Shape: x (N, 3, size, size) -> scores (N, num_classes).

    Raises ValueError for images of another size, or a size at which nothing is left to pool (least: 63).
    """

    def __init__(
        self, rows: tuple[Row, ...], num_classes: int = 1000, size: int = 224, local_norm: bool = False
    ) -> None:
        super().__init__()
        self.size = size
        layers: list[nn.Module] = []
        M, H = 3, size
        for index, row in enumerate(rows):
            layers += [Conv2d(M, *row[:4], groups=row.groups), nn.ReLU()]
            H = output_size(H, row.kernel, row.stride, row.padding)
            if local_norm and index < 2:
                layers.append(nn.LocalResponseNorm(5, alpha=5e-4, k=2))  # the framework divides α by 5
            if row.pool:
                layers.append(nn.MaxPool2d(3, stride=2))
                H = output_size(H, 3, 2)
            M = row.maps
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(),
            Linear(M * H * H, 4096),
            nn.ReLU(),
            nn.Dropout(),
            Linear(4096, 4096),
            nn.ReLU(),
            Linear(4096, num_classes),
        )
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        images_of(x, "AlexNet", 3, self.size)
        return self.classifier(self.features(x))


def alexnet(num_classes: int = 1000, size: int = 224) -> AlexNet:
    """AlexNet without groups for (N, 3, 224, 224): 61,100,840 parameters, 0.714 GMAC. Krizhevsky (2014)."""
    return AlexNet(ROWS_2014, num_classes, size)


def alexnet_2012(num_classes: int = 1000, size: int = 224) -> AlexNet:
    """AlexNet of 2012, with groups, for (N, 3, 224, 224): 60,965,224 parameters, 0.724 GMAC, 659,272 neurons.

    The paper says 60 million and 650,000. Its list of neurons by layer has 253,440 for the first one, where
    the 55·55·96 of its figure 2 are 290,400.
    """
    return AlexNet(ROWS_2012, num_classes, size, local_norm=True)
