"""The discriminator of a self-attention GAN, small: convolutions see near, one attention block sees far.

Source: H. Zhang, I. Goodfellow, D. Metaxas, A. Odena, "Self-Attention Generative Adversarial Networks"
(2019), section 3 and table 1: attention on the 32×32 maps was best. Spectral normalisation and the generator
are left out.
"""

from torch import Tensor, nn

from nonconv.layers import Conv2d, Linear, SelfAttention2d
from nonconv.networks.parts import images_of


class SaganDiscriminator(nn.Module):
    """64×64 image -> one score: five convolutions that halve the size, attention behind the first (32×32).

    With M maps behind the first: 16·3M + M, 16·2M² + 2M, 16·8M² + 4M, 16·32M² + 8M for four 4×4 kernels of
    stride 2, 4·M·M/8 + 1 for the attention (γ is the 1), (8M·16 + 1) for the last. The block adds
    0.07 % to the parameters, and n² (M/8 + M/8) + 4n M M/8 multiply–adds for its n = 32² places.

    Shape: x (N, 3, 64, 64) -> (N, 1). With `attention=False` the block is left out; at the start, where
    γ = 0, the two are one function.

    Raises ValueError for maps that 8 does not divide, and images of another shape.
    """

    def __init__(self, maps: int = 64, attention: bool = True) -> None:
        super().__init__()
        if maps < 8 or maps % 8:
            raise ValueError(f"maps must be a multiple of 8, not {maps}")
        block: list[nn.Module] = [SelfAttention2d(maps)] if attention else []
        layers: list[nn.Module] = [Conv2d(3, maps, 4, 2, 1), nn.LeakyReLU(0.1), *block]
        for k in (1, 2, 4):
            layers += [Conv2d(k * maps, 2 * k * maps, 4, 2, 1), nn.LeakyReLU(0.1)]
        self.features = nn.Sequential(*layers)
        self.score = nn.Sequential(nn.Flatten(), Linear(8 * maps * 16, 1))

    def forward(self, x: Tensor) -> Tensor:
        images_of(x, "discriminator", 3, 64)
        return self.score(self.features(x))
