"""Data and training of the lectures: what the labels say, and that side by side is one by one."""

import pytest
import torch

from nonconv.experiments import digits, marked_digits, side_by_side, stacked


def test_the_bar_stands_above_the_digit_of_the_label() -> None:
    data = digits()
    pictures, labels, places = marked_digits(20, data, data.test, seed=3)
    assert pictures.shape == (20, 1, 10, 26)
    table = {
        tuple(image.flatten().tolist()): label for image, label in zip(data.images, data.labels, strict=True)
    }
    for picture, label, place in zip(pictures[:, 0], labels, places, strict=True):
        left = 9 * int(place)
        assert picture[0].nonzero().flatten().tolist() == list(range(left, left + 8))
        assert table[tuple(picture[2:, left : left + 8].flatten().tolist())] == label


def test_networks_side_by_side_are_those_trained_alone() -> None:
    data = digits()
    x, y = data.images[:60].flatten(1), data.labels[:60]
    starts = [{"V": torch.randn(10, 64, generator=torch.Generator().manual_seed(seed))} for seed in range(3)]
    both = side_by_side(lambda p, x: x @ p["V"].T, starts, x, y, epochs=2, batch=20)
    for n, start in enumerate(starts):
        alone = side_by_side(lambda p, x: x @ p["V"].T, [start], x, y, epochs=2, batch=20)
        assert torch.allclose(both["V"][n], alone["V"][0], atol=1e-4)
        assert not torch.allclose(both["V"][n], start["V"], atol=1e-2)


def test_bad_numbers_are_named() -> None:
    data = digits()
    with pytest.raises(ValueError, match="between 0 and 1797, not 1797"):
        digits(1797)
    with pytest.raises(ValueError, match="at least 1, not 0"):
        marked_digits(0, data, data.test, seed=0)
    with pytest.raises(ValueError, match="same parameters"):
        stacked([{"a": torch.zeros(1)}, {"a": torch.zeros(2)}])
    with pytest.raises(ValueError, match="number of images, not 3"):
        side_by_side(lambda p, x: x, [{"a": torch.zeros(1)}], torch.zeros(2, 1), torch.zeros(2), batch=3)
