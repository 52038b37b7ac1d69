"""Sequence to sequence: its size, the framework's numbers, teacher forcing and free running, bad input."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from nonconv.layers.cost import count_parameters
from nonconv.networks import SEQUENCE_NETWORKS, Seq2Seq

SOURCE = torch.tensor([[1, 2], [3, 4], [6, 5]])
TARGET = torch.tensor([[0, 1], [4, 2]])


@pytest.mark.parametrize("name", SEQUENCE_NETWORKS)
def test_it_has_as_many_parameters_as_derived(name: str) -> None:
    with torch.device("meta"):
        model = SEQUENCE_NETWORKS[name].build()
    assert count_parameters(model) == SEQUENCE_NETWORKS[name].parameters


def test_the_paper_counts_without_biases() -> None:
    embeddings, scores, recurrent = (160_000 + 80_000) * 1000, 80_000 * 1000, 2 * 4 * 4 * 2 * 1000**2
    assert embeddings + scores + recurrent == 384_000_000
    assert recurrent == 64_000_000
    biases = 2 * 4 * 2 * 4000 + 80_000
    assert SEQUENCE_NETWORKS["seq2seq_2014"].parameters == 384_000_000 + biases


@pytest.mark.parametrize(("E", "H", "V"), [(3, 4, (7, 5)), (8, 2, (3, 9))])
def test_parameters_by_the_formula_of_its_docstring(E: int, H: int, V: tuple[int, int]) -> None:
    model = Seq2Seq(*V, E, H)
    assert count_parameters(model) == sum(V) * E + 2 * 4 * H * (E + H + 2) + (H + 1) * V[1]


@pytest.mark.parametrize("layers", [1, 2])
def test_it_is_two_of_the_frameworks_lstms(layers: int) -> None:
    model = Seq2Seq(7, 5, 3, 4, layers).double()
    fast = Seq2Seq(7, 5, 3, 4, layers, fast=True).double()
    fast.load_state_dict(model.state_dict())
    assert isinstance(fast.encoder, nn.LSTM)
    _, state = fast.encoder(F.embedding(SOURCE, model.source.weight))
    Y, _ = fast.decoder(F.embedding(TARGET, model.target.weight), state)
    by_hand = F.linear(Y, model.output.weight, model.output.bias)
    torch.testing.assert_close(model(SOURCE, TARGET), by_hand)
    torch.testing.assert_close(fast(SOURCE, TARGET), by_hand)


def test_free_running_feeds_back_its_own_token() -> None:
    model = Seq2Seq(6, 5, 4, 8).double()
    source = torch.tensor([[1, 2, 3], [4, 5, 0]])
    written = model.generate(source, start=0, length=4)
    assert written.shape == (4, 3)
    given_back = torch.cat([torch.zeros(1, 3, dtype=torch.int64), written[:-1]])
    assert torch.equal(model(source, given_back).argmax(-1), written)  # exact: token numbers
    torch.testing.assert_close(model(source, given_back), model.free_running(source, 0, 4))


def test_step_by_step_is_all_at_once() -> None:
    model = Seq2Seq(7, 5, 3, 4).double()
    state, steps = model.encode(SOURCE), []
    for token in TARGET:
        scores, state = model.decode(token[None], state)
        steps.append(scores)
    torch.testing.assert_close(torch.cat(steps), model(SOURCE, TARGET))


def test_a_beam_as_wide_as_everything_finds_the_likeliest_of_all() -> None:
    torch.manual_seed(3)
    model = Seq2Seq(7, 4, 3, 5).double()
    with torch.no_grad():
        model.output.weight *= 8  # scores that differ
    every = torch.cartesian_prod(*[torch.arange(4)] * 3).T.contiguous()  # (3, 64)
    for n in range(2):
        source = SOURCE[:, n : n + 1]
        given = torch.cat([torch.zeros(1, 64, dtype=torch.int64), every[:-1]])
        p = model(source.expand(-1, 64).contiguous(), given).log_softmax(-1)
        log_p = p.gather(2, every[..., None]).sum((0, 2))
        tokens, found = model.beam(SOURCE, 0, 3, width=16)
        assert torch.equal(tokens[:, n], every[:, log_p.argmax()])  # exact: token numbers
        torch.testing.assert_close(found[n], log_p.max())
    greedy, _ = model.beam(SOURCE, 0, 3, width=1)
    assert torch.equal(greedy, model.generate(SOURCE, 0, 3))  # exact: token numbers


def test_the_forget_bias_starts_where_it_is_told() -> None:
    model = Seq2Seq(7, 5, 3, 4, 2, forget_bias=1.5)
    biases = [bias for name, bias in model.named_parameters() if "bias_ih" in name]
    assert len(biases) == 4
    for bias in biases:
        assert bias[4:8].tolist() == [1.5] * 4  # exact: what was written there
        assert bias[:4].abs().max() <= 0.5
        assert bias[8:].abs().max() <= 0.5


def test_every_parameter_gets_a_gradient() -> None:
    model = Seq2Seq(7, 5, 3, 4, 2)
    F.cross_entropy(model(SOURCE, TARGET).flatten(0, 1), TARGET.flatten()).backward()
    assert all(p.grad is not None and p.grad.any() for p in model.parameters())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Seq2Seq(0, 5, 3, 4), r"at least 1, not 0, 5 and 3"),
        (lambda: Seq2Seq(7, 5, 3, 4)(SOURCE.float(), TARGET), r"source must be int64 .* not torch.float32"),
        (lambda: Seq2Seq(7, 5, 3, 4)(SOURCE, TARGET[0]), r"target must be int64 .* of shape \(2,\)"),
        (lambda: Seq2Seq(7, 5, 3, 4).generate(SOURCE, 0, 0), r"length must be at least 1, not 0"),
        (lambda: Seq2Seq(7, 5, 3, 4).beam(SOURCE, 0, 2, 0), r"at least 1, not 2 and 0"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
