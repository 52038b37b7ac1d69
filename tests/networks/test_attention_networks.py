"""Networks with attention: what their classes say of sizes and costs, and what each step computes."""

import pytest
import torch
from torch import nn

from nonconv.layers.cost import count_macs, count_parameters
from nonconv.networks import AttentionSeq2Seq, Captioner, EncoderBlock, SaganDiscriminator

S, T, w, H, E = 7, 9, 5, 6, 4


def seq2seq(attention: bool = True) -> AttentionSeq2Seq:
    torch.manual_seed(0)
    return AttentionSeq2Seq(S, T, w, H, E, attention=attention)


def test_the_parameters_of_seq2seq_follow_its_formula() -> None:
    by_formula = (S + T) * w + 8 * H * (w + H + 2) + H * (H + 1) + E * (3 * H + 1)
    by_formula += 4 * H * (w + 3 * H + 2) + (3 * H + 1) * T
    assert count_parameters(seq2seq()) == by_formula
    assert count_parameters(seq2seq()) - count_parameters(seq2seq(attention=False)) == E * (3 * H + 1)


def test_a_step_is_bahdanaus_and_the_rest_of_the_target_changes_nothing() -> None:
    model, source, target = seq2seq(), torch.arange(8).reshape(4, 2) % S, torch.arange(6).reshape(3, 2)
    scores, alpha = model.aligned(source, target)
    assert scores.shape == (3, 2, T)
    assert alpha.shape == (2, 3, 4)
    torch.testing.assert_close(alpha.sum(2), torch.ones(2, 3))
    annotations, (ends, _) = model.encoder(model.source(source))
    s = torch.tanh(model.first(ends[1]))
    assert model.attention is not None
    context, first = model.attention(s, annotations.transpose(0, 1))
    torch.testing.assert_close(alpha[:, 0], first)
    x = torch.cat([model.target(target[:1]), context[None]], 2)
    s, _ = model.decoder(x, (s[None], torch.zeros(1, 2, H)))
    torch.testing.assert_close(scores[0], model.output(torch.cat([s[0], context], 1)))
    changed = target.clone()
    changed[2] = 8
    torch.testing.assert_close(model(source, changed)[:2], scores[:2])


def test_what_is_masked_is_not_seen() -> None:
    model, source = seq2seq(), torch.tensor([[1], [2], [3], [0]])
    mask = torch.tensor([[True, True, True, False]])
    _, alpha = model.aligned(source, torch.zeros(2, 1, dtype=torch.int64), mask)
    assert not alpha[..., 3].any()
    torch.testing.assert_close(alpha.sum(2), torch.ones(1, 2))


@pytest.mark.parametrize("attention", [True, False])
def test_what_is_generated_is_what_teacher_forcing_finds_likeliest(attention: bool) -> None:
    model, source = seq2seq(attention), torch.tensor([[1, 4], [2, 0], [3, 6]])
    tokens, alpha = model.generate(source, start=8, length=4)
    scores, again = model.aligned(source, torch.cat([torch.full((1, 2), 8), tokens[:-1]]))
    assert torch.equal(scores.argmax(-1), tokens)
    torch.testing.assert_close(alpha, again)


def test_the_parameters_of_the_captioner_follow_its_formula() -> None:
    M, words, C, wide, hidden, inside = 3, 7, 5, 4, 6, 8
    model = Captioner(M, words, C, wide, hidden, inside)
    by_formula = 9 * M * C + C + 9 * C * C + C + (words + 1) * wide + 2 * hidden * (C + 1)
    by_formula += inside * (hidden + C + 1) + 4 * hidden * (wide + C + hidden + 2) + (hidden + C + 1) * words
    assert count_parameters(model) == by_formula


def test_a_cell_of_the_captioner_sees_the_rows_that_its_class_names() -> None:
    model = Captioner(1, 3, maps=2).double()
    for kernel in model.features.parameters():
        nn.init.ones_(kernel)
    x = torch.ones(1, 1, 24, 24, dtype=torch.float64, requires_grad=True)
    i, j = 5, 6
    # the sum over each pooled window instead of its largest: a maximum sees one of four
    model.features[2] = nn.AvgPool2d(2)
    model.features(x)[0, :, i, j].sum().backward()
    assert x.grad is not None
    rows, columns = x.grad[0, 0].nonzero().unbind(1)
    # exact: numbers of rows and columns
    assert (rows.min().item(), rows.max().item()) == (2 * i - 3, 2 * i + 4)
    assert (columns.min().item(), columns.max().item()) == (2 * j - 3, 2 * j + 4)


def test_captions_are_generated_word_by_word() -> None:
    torch.manual_seed(1)
    model, x = Captioner(3, 6), torch.rand(2, 3, 10, 12)
    words, looked = model.generate(x, 4)
    scores, again = model(x, words)
    assert looked.shape == (2, 4, 5, 6)
    assert torch.equal(scores.argmax(-1), words)
    torch.testing.assert_close(looked, again)
    torch.testing.assert_close(looked.sum((2, 3)), torch.ones(2, 4))


def test_an_encoder_block_is_the_frameworks() -> None:
    torch.manual_seed(2)
    ours = EncoderBlock(12, 3, 20)
    theirs = nn.TransformerEncoderLayer(12, 3, 20, dropout=0, batch_first=True)
    theirs.self_attn.load_state_dict(ours.heads.state_dict())
    theirs.norm1, theirs.norm2 = ours.norm1, ours.norm2
    theirs.linear1.load_state_dict(ours.feedforward[0].state_dict())
    theirs.linear2.load_state_dict(ours.feedforward[2].state_dict())
    x = torch.randn(2, 5, 12)
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-5)


@pytest.mark.parametrize("heads", [1, 4, 8])
def test_an_encoder_block_costs_what_its_class_says(heads: int) -> None:
    d, n = 16, 7
    model = EncoderBlock(d, heads)
    assert count_parameters(model) == 12 * d * d + 13 * d
    assert count_macs(model, torch.empty(1, n, d)) == n * (12 * d * d + 2 * n * d)


def test_sagans_block_changes_nothing_at_the_start_and_costs_what_its_class_says() -> None:
    M, n = 16, 32**2
    model, plain = SaganDiscriminator(M), SaganDiscriminator(M, attention=False)
    here = {name: value for name, value in model.state_dict().items() if not name.startswith("features.2.")}
    plain.load_state_dict(dict(zip(plain.state_dict(), here.values(), strict=True)))
    x = torch.rand(2, 3, 64, 64)
    torch.testing.assert_close(model(x), plain(x), rtol=0, atol=1e-5)
    assert count_parameters(model) - count_parameters(plain) == 4 * M * M // 8 + 1
    extra = count_macs(model, x[:1]) - count_macs(plain, x[:1])
    assert extra == 2 * n * n * M // 8 + 4 * n * M * M // 8
    share = (4 * 64 * 64 // 8 + 1) / count_parameters(SaganDiscriminator())
    assert round(100 * share, 2) == 0.07


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: AttentionSeq2Seq(0, 1, 1, 1), "at least 1, not 0, 1, 1, 1 and 1"),
        (
            lambda: seq2seq()(torch.zeros(3, 1), torch.zeros(3, 1)),
            "source must be int64 .* not torch.float32",
        ),
        (lambda: seq2seq().generate(torch.ones(3, 1).long(), 0, 0), "length must be at least 1, not 0"),
        (
            lambda: seq2seq()(torch.ones(3, 1).long(), torch.ones(3, 1).long(), torch.ones(1, 3)),
            r"mask must be boolean, of shape \(1, 3\), not torch.float32",
        ),
        (lambda: Captioner(1, 0), "at least 1, not 1, 0, 16, 8, 32 and 16"),
        (lambda: Captioner(1, 3)(torch.zeros(2, 1, 8, 8), torch.zeros(4, 1).long()), r"\(T, 2\), not"),
        (lambda: Captioner(3, 3).generate(torch.zeros(2, 1, 8, 8), 2), r"takes images \(N, 3, H, W\)"),
        (lambda: EncoderBlock(10, 3), "num_heads = 3 must divide embed_dim = 10"),
        (lambda: EncoderBlock(8, 2, 0), "inside must be at least 1, not 0"),
        (lambda: SaganDiscriminator(12), "multiple of 8, not 12"),
        (lambda: SaganDiscriminator(8)(torch.zeros(1, 3, 32, 32)), r"takes images \(N, 3, 64, 64\)"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
