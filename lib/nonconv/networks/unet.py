"""U-Net: an encoder that halves, a decoder that doubles, at each size the maps of both side by side.

Source: O. Ronneberger, P. Fischer, T. Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation"
(2015), section 2 and figure 1.
"""

import torch
from torch import Tensor, nn

from nonconv.layers import Conv2d, ConvTranspose2d
from nonconv.networks.parts import conv_bn, he_normal, images_of, one_of

PADDINGS = ("valid", "same")


def unet_sizes(size: int, depth: int = 4, padding: str = "valid") -> list[int]:
    """Rows of the maps behind each layer of a U-Net, from the image to the scores.

    572 -> 570, 568, 284, …, 28, 56, 54, 52, …, 390, 388 in the paper; with "same" the scores are as large as
    the image.

    Raises ValueError for a size at which some pooling would see an odd number of rows, or a convolution too
    few.
    """
    one_of("padding", padding, PADDINGS)
    cut = 2 if padding == "valid" else 0  # rows that one 3×3 takes away
    way_down = _encoder(size, depth, cut)
    way_up: list[int] = []
    for _ in range(depth):
        up = 2 * (way_up or way_down)[-1]
        way_up += [up, up - cut, up - 2 * cut]
    if min(way_down + way_up) < 1:  # 14 rows at depth 1 survive the way down, not the way up
        raise ValueError(f"images of {size} rows or columns are too small for this U-Net of depth {depth}")
    if odd := _odd(way_down):
        fits = next(n for n in range(size, size + 2**depth) if not _odd(_encoder(n, depth, cut)))
        raise ValueError(
            f"with {size} rows or columns a pooling would see an odd number, {odd[0]}; {fits} would fit"
        )
    return way_down + way_up


def _encoder(size: int, depth: int, cut: int) -> list[int]:
    """Two convolutions and pooling, depth times, and two convolutions more."""
    sizes = [size]
    for _ in range(depth):
        at = sizes[-1]
        sizes += [at - cut, at - 2 * cut, (at - 2 * cut) // 2]
    return [*sizes, sizes[-1] - cut, sizes[-1] - 2 * cut]


def _odd(sizes: list[int]) -> list[int]:
    """What the poolings cannot halve."""
    return [n for n in sizes[2:-2:3] if n % 2]


def two_convolutions(in_channels: int, maps: int, padding: str, batch_norm: bool) -> nn.Sequential:
    """3×3 with ReLU, twice."""
    if batch_norm:
        return nn.Sequential(*conv_bn(in_channels, maps, 3), *conv_bn(maps, maps, 3))
    return nn.Sequential(
        Conv2d(in_channels, maps, 3, padding=padding),
        nn.ReLU(),
        Conv2d(maps, maps, 3, padding=padding),
        nn.ReLU(),
    )


def crop(x: Tensor, like: Tensor) -> Tensor:
    """The middle of x, as large as `like`."""
    H, W = like.shape[-2], like.shape[-1]
    top, left = (x.shape[-2] - H) // 2, (x.shape[-1] - W) // 2
    return x[..., top : top + H, left : left + W]


class UNet(nn.Module):
    """U-Net as in figure 1: `depth` times two convolutions and pooling, two more, and all the way up again.

    The paper's convolutions have no border ("valid"), so that the scores are for the middle of the image: 572
    in, 388 out, 31,030,658 parameters, 150.4 GMAC. With "same" the scores are as large as the image; batch
    norm needs "same". The paper's dropout at the bottom is left out.

    Shape: x (N, in_channels, H, W) -> scores for each pixel (N, num_classes, H', W'), see `unet_sizes`.

    Raises ValueError for another padding, images of another shape or a size that `unet_sizes` refuses, and
    batch norm with "valid".
    """

    def __init__(
        self,
        in_channels: int = 1,
        num_classes: int = 2,
        maps: int = 64,
        depth: int = 4,
        padding: str = "valid",
        batch_norm: bool = False,
    ) -> None:
        super().__init__()
        one_of("padding", padding, PADDINGS)
        if batch_norm and padding == "valid":
            raise ValueError('batch_norm=True comes with padding="same" here, not "valid"')
        self.in_channels, self.depth, self.padding = in_channels, depth, padding
        widths = [maps * 2**level for level in range(depth + 1)]
        pairs = list(zip([in_channels, *widths], widths, strict=False))
        self.down = nn.ModuleList(two_convolutions(M, K, padding, batch_norm) for M, K in pairs)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ModuleList(ConvTranspose2d(2 * K, K, 2, stride=2) for K in widths[-2::-1])
        self.merge = nn.ModuleList(two_convolutions(2 * K, K, padding, batch_norm) for K in widths[-2::-1])
        self.head = Conv2d(maps, num_classes, 1)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        images_of(x, "U-Net", self.in_channels)
        if isinstance(x, Tensor):  # while torch.fx traces, x has no shape yet
            for size in x.shape[2:]:
                unet_sizes(size, self.depth, self.padding)
        x = self.down[0](x)
        skips = []
        for block in self.down[1:]:
            skips.append(x)
            x = block(self.pool(x))
        for up, merge, skip in zip(self.up, self.merge, reversed(skips), strict=True):
            x = up(x)
            x = merge(torch.cat([crop(skip, x) if self.padding == "valid" else skip, x], 1))
        return self.head(x)


def unet(in_channels: int = 1, num_classes: int = 2, maps: int = 64, padding: str = "valid") -> UNet:
    """See `UNet`."""
    return UNet(in_channels, num_classes, maps, padding=padding)
