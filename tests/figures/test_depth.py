"""Gradients by depth: what is drawn is what autograd says, stays below its bound, and moves."""

import json
import math
import re

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
import torch

from nonconv import figures
from nonconv.figures.depth import ACTIVATIONS, BATCH, DEPTH, INITIALISATIONS, _all_norms


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("initialisation", INITIALISATIONS)
def test_the_norms_are_those_of_autograd_and_stay_below_the_bound(
    activation: str, initialisation: str
) -> None:
    depth, width = 6, 12
    norms, bounds = figures.gradient_norms(activation, initialisation, depth, width, seed=3)
    random = torch.Generator().manual_seed(3)
    x, top = (torch.randn(BATCH, width, generator=random, dtype=torch.float64) for _ in range(2))
    weights = torch.randn(depth, width, width, generator=random, dtype=torch.float64)
    weights *= INITIALISATIONS[initialisation](width)
    values = [x.requires_grad_()]
    for W in weights:
        values.append(ACTIVATIONS[activation][0](values[-1] @ W.T))
    for L in range(1, depth + 1):
        gradients = torch.autograd.grad(values[L], values[: L + 1], top, retain_graph=True)
        measured = torch.stack([gradient.norm() / top.norm() for gradient in gradients])
        torch.testing.assert_close(norms[L, : L + 1], measured, rtol=1e-10, atol=0)
        assert bool(norms[L, L + 1 :].isnan().all())
    known = ~norms.isnan()
    assert bool((norms[known] <= bounds[known] * (1 + 1e-12)).all())
    by_hand = math.prod(ACTIVATIONS[activation][2] * torch.linalg.matrix_norm(W, 2).item() for W in weights)
    assert bounds[depth, 0].item() == pytest.approx(by_hand)


def test_the_largest_slopes_are_the_largest() -> None:
    x = torch.linspace(-5, 5, 1001, dtype=torch.float64)
    for _, slope, largest in ACTIVATIONS.values():
        assert slope(x).max().item() == pytest.approx(largest, abs=1e-12)


def test_the_script_holds_the_measured_numbers_and_two_runs_give_the_same_bytes() -> None:
    first, second = figures.gradient_flow(), figures.gradient_flow()
    plt.close("all")
    assert first.html == second.html
    assert first.html is not None
    data = json.loads(re.search(r"all = (\{.*?\}), NS", first.html).group(1))  # type: ignore[union-attr]
    assert list(data) == list(ACTIVATIONS)
    for activation, cases in _all_norms().items():
        for initialisation, (norms, bounds) in cases.items():
            shipped = data[activation][initialisation]
            for L in (1, 7, DEPTH):
                start = L * (L + 1) // 2
                for layer in (0, L // 2, L):
                    assert shipped["norms"][start + layer] == pytest.approx(
                        10 * norms[L, layer].log10().item(), abs=0.51
                    )
                    bound = shipped["bound"][L] - shipped["bound"][layer]
                    assert bound == pytest.approx(10 * bounds[L, layer].log10().item(), abs=1.01)
    assert len(first.html) < 80_000


def test_it_has_a_labelled_slider_and_escapes_what_it_embeds() -> None:
    html = figures.gradient_flow(12).html or ""
    plt.close("all")
    assert '<label>depth L <input type="range" min="1" max="50" value="12"></label>' in html
    assert html.count("<label>activation <select>") == html.count("<label>initialisation <select>") == 1
    assert "<option>PyTorch&#x27;s default</option>" in html
    assert "@" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    script = html.split("<script>")[1]
    assert script.count("</script>") == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.gradient_flow(0), r"depth must lie in \[1, 50\], not 0"),
        (lambda: figures.gradient_flow(51), r"not 51"),
        (lambda: figures.gradient_norms("relu", "He"), r"one of σ, tanh, ReLU .* not 'relu' and 'He'"),
        (lambda: figures.gradient_norms("ReLU", "he"), r"He, Xavier, .* not 'ReLU' and 'he'"),
        (lambda: figures.gradient_norms("ReLU", "He", 0), r"at least 1, not 0 and 128"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
