"""From one sequence to another: an encoder reads, its last state starts a decoder that writes.

    p(y | x) = Π_t p(y_t | y_1 … y_{t−1}, state)

All that the decoder knows of the source is one state: the bottleneck that attention removes (unit 7).

Sources: I. Sutskever, O. Vinyals, Q. Le, "Sequence to Sequence Learning with Neural Networks" (2014),
sections 2 and 3.4; teacher forcing: R. Williams, D. Zipser, "A Learning Algorithm for Continually Running
Fully Recurrent Neural Networks" (1989), section 2.2.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from nonconv.layers import LSTM

State = tuple[Tensor, Tensor]  # (h, C), each (layers, N, H)


def tokens(**sequences: Tensor) -> None:
    """Refuse what is no table of token numbers. ValueError names it and says what would fit."""
    for name, numbers in sequences.items():
        if numbers.dim() != 2 or len(numbers) == 0 or numbers.dtype != torch.int64:
            raise ValueError(
                f"{name} must be int64 token numbers (T, N) with T >= 1, not {numbers.dtype} of shape"
                f" {tuple(numbers.shape)}"
            )


class Seq2Seq(nn.Module):
    """An encoder LSTM and a decoder LSTM, with parameters of their own, and a score for each next token.

    (V_x + V_y)·E + 2·L(E, H) + (H + 1)·V_y parameters for vocabularies V_x and V_y, embeddings of width E and
    H hidden units, where L(E, H) = 4H(E + H + 2) is one LSTM layer with the framework's two biases.

    `fast` takes the framework's LSTM in place of the course's: the same function, names and parameters.
    `forget_bias` is where the first of the forget gates' two biases starts; else it is small and random.

    Source: Sutskever, Vinyals, Le (2014), section 2.

    Raises ValueError for sizes below 1.
    """

    def __init__(
        self,
        source_size: int,
        target_size: int,
        width: int,
        hidden_size: int,
        num_layers: int = 1,
        fast: bool = False,
        forget_bias: float | None = None,
    ) -> None:
        super().__init__()
        if min(source_size, target_size, width) < 1:
            raise ValueError(f"all sizes must be at least 1, not {source_size}, {target_size} and {width}")
        layer = nn.LSTM if fast else LSTM
        self.source, self.target = nn.Embedding(source_size, width), nn.Embedding(target_size, width)
        self.encoder = layer(width, hidden_size, num_layers)
        self.decoder = layer(width, hidden_size, num_layers)
        self.output = nn.Linear(hidden_size, target_size)
        if forget_bias is not None:
            for name, bias in self.named_parameters():
                if ".bias_ih_l" in name:  # blocks i, f, g, o
                    nn.init.constant_(bias[hidden_size : 2 * hidden_size], forget_bias)

    def encode(self, source: Tensor) -> State:
        """The state after the last token, all that the decoder gets: (S, N) -> a pair (layers, N, H).

        Raises ValueError for a source that is no table of token numbers.
        """
        tokens(source=source)
        return self.encoder(self.source(source))[1]

    def decode(self, target: Tensor, state: State) -> tuple[Tensor, State]:
        """Scores for each next token, and the state after the last: (T, N) -> (T, N, V_y) and a pair.

        Raises ValueError for a target that is no table of token numbers.
        """
        tokens(target=target)
        Y, state = self.decoder(self.target(target), state)
        return self.output(Y), state

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Scores for each next token, the right ones being given (teacher forcing).

        Shape: source (S, N) and target (T, N) of token numbers -> (T, N, V_y).
        """
        return self.decode(target, self.encode(source))[0]

    def free_running(self, source: Tensor, start: int, length: int) -> Tensor:
        """Scores of `length` steps, in which each step's likeliest token is the next one's input.

        Shape: source (S, N) -> (length, N, V_y).

        Raises ValueError for a length below 1.
        """
        if length < 1:
            raise ValueError(f"length must be at least 1, not {length}")
        state, token, written = self.encode(source), torch.full_like(source[:1], start), []
        for _ in range(length):
            scores, state = self.decode(token, state)
            token = scores.argmax(-1)
            written.append(scores)
        return torch.cat(written)

    @torch.no_grad()
    def generate(self, source: Tensor, start: int, length: int) -> Tensor:
        """The likeliest token at each step, fed back as the next input (greedy).

        Shape: source (S, N) -> (length, N), without the start token.
        """
        return self.free_running(source, start, length).argmax(-1)

    @torch.no_grad()
    def beam(self, source: Tensor, start: int, length: int, width: int) -> tuple[Tensor, Tensor]:
        """Beam search for targets of one length: at each step the `width` likeliest beginnings are kept.

        Shape: source (S, N) -> tokens (length, N) and their log-probabilities (N,).

        Source: Sutskever, Vinyals, Le (2014), section 3.2, without an end of the sequence.

        Raises ValueError for a length or a width below 1.
        """
        if min(length, width) < 1:
            raise ValueError(f"length and width must be at least 1, not {length} and {width}")
        N = source.shape[1]
        h, C = (part.repeat_interleave(width, 1) for part in self.encode(source))  # (L, N·width, H)
        token = torch.full((1, N * width), start, device=source.device)
        log_p = torch.full((N, width), -torch.inf, device=source.device)
        log_p[:, 0] = 0.0  # at the start all beams are one
        written = token.new_empty(0, N * width)
        for _ in range(length):
            scores, (h, C) = self.decode(token, (h, C))
            V = scores.shape[-1]
            longer = log_p[..., None] + scores[0].log_softmax(-1).reshape(N, width, V)
            log_p, chosen = longer.flatten(1).topk(width)  # (N, width), out of width·V
            rows = (chosen // V + width * torch.arange(N, device=source.device)[:, None]).flatten()
            token = (chosen % V).reshape(1, -1)
            h, C, written = h[:, rows], C[:, rows], torch.cat([written[:, rows], token])
        return written.reshape(length, N, width)[..., 0], log_p[:, 0]


@dataclass(frozen=True)
class SequenceNetwork:
    """How to build a network of sequences, and how many parameters it has; `source` derives the number."""

    build: Callable[[], nn.Module]
    parameters: int
    source: str


def seq2seq_2014() -> Seq2Seq:
    """The slides' translator: 4 layers of 1000 units, 160,000 source words and 80,000 target words."""
    return Seq2Seq(160_000, 80_000, 1000, 1000, num_layers=4, fast=True)


def seq2seq_dates() -> Seq2Seq:
    """The translator of dates of unit 6: 45 characters in, 15 out, one layer of 64 units, forget bias 1."""
    return Seq2Seq(45, 15, 32, 64, fast=True, forget_bias=1.0)


SEQUENCE_NETWORKS: dict[str, SequenceNetwork] = {
    "seq2seq_2014": SequenceNetwork(
        seq2seq_2014,
        384_144_000,
        "Sutskever et al. (2014), section 3.4: 384 million, 64 of them recurrent; plus 144,000 biases",
    ),
    "seq2seq_dates": SequenceNetwork(
        seq2seq_dates,
        (45 + 15) * 32 + 2 * 4 * 64 * (32 + 64 + 2) + (64 + 1) * 15,
        "embeddings (V_x + V_y)·E, two LSTMs of 4H(E + H + 2), scores (H + 1)·V_y",
    ),
}
