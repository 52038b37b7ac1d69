"""Rows of pictures, kernels, curves with their spread: what they refuse, and that they draw."""

import pytest
import torch

from nonconv import figures

X = torch.zeros(4, 4)


def test_each_draws() -> None:
    runs = torch.rand(3, 5, generator=torch.Generator().manual_seed(0))
    for figure in (
        figures.pictures([X, X[None, None]], ["a", ""], across=1, row_names=["b", "c"], bar="d"),
        figures.numbered_kernels([X[:3, :3], X], ["F", "G"]),
        figures.spread([1, 2, 3], {"a": runs}, xlabel="x", ylabel="y", log="xy"),
        figures.dots({"a": {"b, c": runs[0]}}, ylabel="y"),
        figures.bars({"a": 1.0, "b": 3.0}, ylabel="y", line=2, log=True),
    ):
        assert figures.png(figure)[:4] == b"\x89PNG"


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match="1 images and 2 titles"):
        figures.pictures([X], ["a", "b"])
    with pytest.raises(ValueError, match="1 rows and 2 names"):
        figures.pictures([X], ["a"], row_names=["b", "c"])
    with pytest.raises(ValueError, match="1 kernels and 0 titles"):
        figures.numbered_kernels([X], [])
    with pytest.raises(ValueError, match=r"a must have the shape \(2, runs\)"):
        figures.spread([1, 2], {"a": torch.zeros(3, 5)}, xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match="no block"):
        figures.block_diagrams({}, "nothing to be seen here at all")
