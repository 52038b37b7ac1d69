"""A captioner: words written one by one, each looking at places of a feature map ("Show, Attend and Tell").

    map       a_i, one vector for each cell of a convolutional map      each sees one region of the image
    weights   α_t = softmax_i(vᵀ tanh(W h_{t−1} + U a_i))               which cells the next word looks at
    context   z_t = Σ_i α_ti a_i
    word      h_t = LSTM([y_{t−1} ; z_t], h_{t−1}), scores V [h_t ; z_t] + b

Source: K. Xu et al., "Show, Attend and Tell" (2015), section 3.1: the map there is VGG's, 14×14 cells of 512
maps; equations (4) to (6), (13) and (14).
"""

import torch
from torch import Tensor, nn

from nonconv.layers import AdditiveAttention, Conv2d, Linear
from nonconv.layers.recurrent import lstm_cell
from nonconv.layers.recurrent_modules import LSTM
from nonconv.networks.parts import images_of


class Captioner(nn.Module):
    """Two 3×3 convolutions with pooling behind the first, then a decoder with attention over their cells.

    With C = maps, w = width, H = hidden_size, E = attention_size, T words: 9·M·C + C and 9C² + C for the
    convolutions, (T + 1) w for the words and the start, 2H(C + 1) for the first state and cell from the mean
    of the map, E(H + C + 1) for the attention, 4H(w + C + H + 2) for the decoder, (H + C + 1) T for the
    scores.

    `forward` and `generate` give the weights too, (N, T, H', W') with H' = ⌊H/2⌋, W' = ⌊W/2⌋ for images
    (N, M, H, W). Cell (i, j) looks at the rows 2i − 3 to 2i + 4 of the image, from 0, and columns likewise.

    Raises ValueError for sizes below 1.
    """

    def __init__(
        self,
        channels: int,
        words: int,
        maps: int = 16,
        width: int = 8,
        hidden_size: int = 32,
        attention_size: int = 16,
    ) -> None:
        super().__init__()
        if min(channels, words, maps, width, hidden_size, attention_size) < 1:
            raise ValueError(
                f"all sizes must be at least 1, not {channels}, {words}, {maps}, {width}, {hidden_size} and"
                f" {attention_size}"
            )
        self.channels, self.words = channels, words
        self.features = nn.Sequential(
            Conv2d(channels, maps, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            Conv2d(maps, maps, 3, padding=1),
            nn.ReLU(),
        )
        self.word = nn.Embedding(words + 1, width)  # the last one is the start
        self.first_h, self.first_c = Linear(maps, hidden_size), Linear(maps, hidden_size)
        self.attention = AdditiveAttention(hidden_size, maps, attention_size)
        self.decoder = LSTM(width + maps, hidden_size)
        self.output = Linear(hidden_size + maps, words)

    def forward(self, x: Tensor, caption: Tensor) -> tuple[Tensor, Tensor]:
        """Scores for each word, the words before it being given, and where each looked.

        Shape: x (N, M, H, W), caption (T, N) of word numbers -> (T, N, words), weights (N, T, H', W').

        Raises ValueError for images of other channels, captions that are no word numbers.
        """
        images_of(x, "captioner", self.channels, least=2)
        if (
            caption.dim() != 2
            or caption.dtype != torch.int64
            or caption.shape[1] != len(x)
            or not len(caption)
        ):
            raise ValueError(
                f"caption must be int64 word numbers (T, {len(x)}), not {caption.dtype} of shape"
                f" {tuple(caption.shape)}"
            )
        before = torch.cat([torch.full_like(caption[:1], self.words), caption[:-1]])
        cells, size, state = self._look(x)
        scores, looked = [], []
        for token in self.word(before).unbind(0):
            written, alpha, state = self._step(token, state, cells)
            scores.append(written)
            looked.append(alpha)
        return torch.stack(scores), torch.stack(looked, 1).unflatten(2, size)

    @torch.no_grad()
    def generate(self, x: Tensor, length: int) -> tuple[Tensor, Tensor]:
        """The likeliest word at each step, fed back, and where each looked.

        Shape: x (N, M, H, W) -> (length, N), weights (N, length, H', W').

        Raises ValueError for a length below 1 and images of other channels.
        """
        images_of(x, "captioner", self.channels, least=2)
        if length < 1:
            raise ValueError(f"length must be at least 1, not {length}")
        cells, size, state = self._look(x)
        token = torch.full((len(x),), self.words, device=x.device)
        words, looked = [], []
        for _ in range(length):
            written, alpha, state = self._step(self.word(token), state, cells)
            token = written.argmax(-1)
            words.append(token)
            looked.append(alpha)
        return torch.stack(words), torch.stack(looked, 1).unflatten(2, size)

    def _look(self, x: Tensor) -> tuple[Tensor, tuple[int, int], tuple[Tensor, Tensor]]:
        """The cells (N, H'·W', C), the map's size, the first state: of the mean over the cells."""
        a = self.features(x)
        cells = a.flatten(2).transpose(1, 2)
        mean = cells.mean(1)
        state = torch.tanh(self.first_h(mean)), torch.tanh(self.first_c(mean))
        return cells, (a.shape[2], a.shape[3]), state

    def _step(
        self, token: Tensor, state: tuple[Tensor, Tensor], cells: Tensor
    ) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        z, alpha = self.attention(state[0], cells)
        state = lstm_cell(torch.cat([token, z], 1), state, *self.decoder.weights("_l0"))
        return self.output(torch.cat([state[0], z], 1)), alpha, state
