"""The kernel composer: what its picture claims."""

import pytest
import torch

from nonconv import figures
from nonconv.figures.composer import BORDERS, PRESETS

F, G = (torch.tensor(kernel) for kernel in PRESETS["left Sobel, then blur"])


def test_only_a_border_that_is_not_a_circle_makes_an_error() -> None:
    for border in BORDERS:
        twice, once = figures.border_error(F, G, border)
        gap = (twice - once).abs()
        assert bool(gap.max() > 1) == (border in ("zeros", "mirror")), border
        assert gap[2:-2, 2:-2].sum() < 1e-9


def test_unknown_names_are_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no border 'wrap'; there is none, zeros, mirror, circle"):
        figures.border_error(F, G, "wrap")
    with pytest.raises(ValueError, match="no preset 'sharpen'; there is left Sobel"):
        figures.kernel_composer("sharpen")


def test_the_alt_text_says_how_large_the_difference_is() -> None:
    picture = figures.kernel_composer()
    twice, once = figures.border_error(F, G, "zeros")
    assert f"{(twice - once).abs().max().item():.0f} at most, at the border, and 0 inside" in picture.alt
    figures.png(picture.figure)
