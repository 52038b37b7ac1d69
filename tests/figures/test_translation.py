"""Errors by place: a line for each way, one share for each place."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest

from nonconv import figures


def test_a_line_is_the_mean_and_its_band_the_spread() -> None:
    picture = figures.errors_by_place([[0.0, 0.1], [0.0, 0.3]], [[0.0, 0.4], [0.2, 0.6]], "mm")
    lines = picture.figure.axes[0].get_lines()
    assert [list(line.get_ydata()) for line in lines] == [pytest.approx([0, 0.2]), pytest.approx([0.1, 0.5])]
    assert "right beginning" in picture.alt
    plt.close("all")


def test_each_place_needs_a_share() -> None:
    with pytest.raises(ValueError, match="each network needs 3 shares, one for each place of 'y-m'"):
        figures.errors_by_place([[0.0, 0.1]], [[0.0, 0.1]], "y-m")
    plt.close("all")
