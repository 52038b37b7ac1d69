"""One block of a transformer's encoder: positions talk to each other, then each thinks by itself.

    X' = norm(X + heads(X)),   Y = norm(X' + W_2 ReLU(W_1 X' + b_1) + b_2)

Source: A. Vaswani et al., "Attention Is All You Need" (2017), sections 3.1 to 3.3; d = 512, four times as
wide inside, 8 heads.
"""

from torch import Tensor, nn

from nonconv.layers import Linear, MultiHeadAttention


class EncoderBlock(nn.Module):
    """Heads with a skip, two layers at each position with a skip, layer norm behind each (post-norm).

    12d² + 13d parameters where the inside is 4d wide: 4d² + 4d for the heads, whatever their number, 8d² + 5d
    for the two layers, 4d for the norms. n(12d² + 2nd) multiply–adds for n positions.

    Shape: x (N, n, d), mask (N, 1, n, n) or what fits, True may be looked at -> (N, n, d).

    Source: Vaswani et al. (2017), equations (1), (2) and section 3.2.2.

    Raises ValueError for sizes below 1 or a number of heads that does not divide d.
    """

    def __init__(self, width: int, num_heads: int, inside: int | None = None) -> None:
        super().__init__()
        inside = 4 * width if inside is None else inside
        if inside < 1:
            raise ValueError(f"inside must be at least 1, not {inside}")
        self.heads = MultiHeadAttention(width, num_heads)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.feedforward = nn.Sequential(Linear(width, inside), nn.ReLU(), Linear(inside, width))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.norm1(x + self.heads(x, x, x, mask))
        return self.norm2(x + self.feedforward(x))
