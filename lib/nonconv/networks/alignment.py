"""Sequence to sequence with attention: the decoder looks back at every state of the encoder.

    encoder   h_j = [h→_j ; h←_j]                                       a bidirectional LSTM
    weights   e_ij = vᵀ tanh(W s_{i−1} + U h_j), α_i = softmax(e_i)     which states help next
    context   c_i = Σ_j α_ij h_j
    decoder   s_i = LSTM([y_{i−1} ; c_i], s_{i−1}), scores V [s_i ; c_i] + b

Source: D. Bahdanau, K. Cho, Y. Bengio, "Neural Machine Translation by Jointly Learning to Align and
Translate" (2015), section 3 and appendix A.1.2. Theirs has gated recurrent units and a maxout layer before
the scores.
"""

import torch
from torch import Tensor, nn

from nonconv.layers import LSTM, AdditiveAttention, Linear
from nonconv.layers.recurrent import lstm_cell
from nonconv.networks.seq2seq import tokens


class AttentionSeq2Seq(nn.Module):
    """p(y | x) = Π_i p(y_i | y_1 … y_{i−1}, c_i): a context of its own for each step, in place of one state.

    With w = width, H = hidden_size on each side of the encoder and in the decoder, E = attention_size:
    (S + T) w for the two embeddings, 2·4H(w + H + 2) for the encoder, H(H + 1) for the decoder's first state,
    E(3H + 1) for the attention, 4H(w + 3H + 2) for the decoder, (3H + 1) T for the scores.

    With `attention=False` the context of each step is the same: the two last states of the encoder side by
    side. All else stays as it is, and so do the sizes; v, W and U are not there.

    Raises ValueError for sizes below 1.
    """

    def __init__(
        self,
        source_size: int,
        target_size: int,
        width: int,
        hidden_size: int,
        attention_size: int | None = None,
        *,
        attention: bool = True,
    ) -> None:
        super().__init__()
        attention_size = hidden_size if attention_size is None else attention_size
        if min(source_size, target_size, width, hidden_size, attention_size) < 1:
            raise ValueError(
                f"all sizes must be at least 1, not {source_size}, {target_size}, {width}, {hidden_size} and"
                f" {attention_size}"
            )
        self.source, self.target = nn.Embedding(source_size, width), nn.Embedding(target_size, width)
        self.encoder = LSTM(width, hidden_size, bidirectional=True)
        self.first = Linear(hidden_size, hidden_size)
        self.attention = (
            AdditiveAttention(hidden_size, 2 * hidden_size, attention_size) if attention else None
        )
        self.decoder = LSTM(width + 2 * hidden_size, hidden_size)
        self.output = Linear(3 * hidden_size, target_size)

    def forward(self, source: Tensor, target: Tensor, mask: Tensor | None = None) -> Tensor:
        """Scores for each next token, the right ones being given (teacher forcing).

        Shape: source (S, N) and target (T, N) of token numbers, mask (N, S) boolean, True where the source
        has a token -> (T, N, target_size).
        """
        return self.aligned(source, target, mask)[0]

    def aligned(self, source: Tensor, target: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The scores, and which states of the encoder each step looked at.

        Shape: as `forward` -> (T, N, target_size) and weights α (N, T, S), each row with a sum of 1.
        """
        tokens(source=source, target=target)
        annotations, last, state = self._read(source, mask)
        scores, looked = [], []
        for token in self.target(target).unbind(0):
            written, alpha, state = self._step(token, state, annotations, last, mask)
            scores.append(written)
            looked.append(alpha)
        return torch.stack(scores), torch.stack(looked, 1)

    @torch.no_grad()
    def generate(
        self, source: Tensor, start: int, length: int, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """The likeliest token at each step, fed back as the next input (free running), and the weights.

        Shape: source (S, N) -> (length, N) without the start token, and α (N, length, S).

        Raises ValueError for a length below 1, and as `forward`.
        """
        tokens(source=source)
        if length < 1:
            raise ValueError(f"length must be at least 1, not {length}")
        annotations, last, state = self._read(source, mask)
        token, chosen, looked = torch.full_like(source[0], start), [], []
        for _ in range(length):
            written, alpha, state = self._step(self.target(token), state, annotations, last, mask)
            token = written.argmax(-1)
            chosen.append(token)
            looked.append(alpha)
        return torch.stack(chosen), torch.stack(looked, 1)

    def _read(self, source: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        """Annotations (N, S, 2H), the last states of both directions (N, 2H), the decoder's first state."""
        if mask is not None and (mask.dtype != torch.bool or mask.shape != source.T.shape):
            raise ValueError(
                f"mask must be boolean, of shape {tuple(source.T.shape)}, not {mask.dtype} of shape"
                f" {tuple(mask.shape)}"
            )
        h, (ends, _) = self.encoder(self.source(source))
        s = torch.tanh(self.first(ends[1]))  # behind the first token: what the backward half has read
        return h.transpose(0, 1), torch.cat([ends[0], ends[1]], 1), (s, torch.zeros_like(s))

    def _step(
        self,
        token: Tensor,
        state: tuple[Tensor, Tensor],
        annotations: Tensor,
        last: Tensor,
        mask: Tensor | None,
    ) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        if self.attention is None:
            context, alpha = last, annotations.new_full(annotations.shape[:2], 1 / annotations.shape[1])
        else:
            context, alpha = self.attention(state[0], annotations, mask)
        state = lstm_cell(torch.cat([token, context], 1), state, *self.decoder.weights("_l0"))
        return self.output(torch.cat([state[0], context], 1)), alpha, state
