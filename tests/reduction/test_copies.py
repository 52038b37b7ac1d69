"""A copy of a network is what `deepcopy` makes of it, and so is one in float64."""

import copy
from collections import OrderedDict
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from nonconv.reduction.copies import copied, in_float64


class Kept(nn.Module):
    """Two layers that keep one list, which is empty, a value of a computation, and hooks."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 4, 3), nn.Conv2d(3, 4, 3)
        self.second.weight = self.first.weight
        self.norm = nn.BatchNorm2d(4)
        self.first.seen = self.second.seen = []  # type: ignore[assignment]
        self.computed = self.first.weight * 2
        self.above = [self.norm]
        self.first.register_forward_hook(noted)


def noted(module: nn.Module, args: Any, result: Any) -> None:
    pass


class Own(nn.Linear):
    def __deepcopy__(self, memo: dict[int, Any]) -> str:
        return "its own way"


@pytest.mark.parametrize("copies", [copied, in_float64])
def test_what_is_shared_stays_shared(copies: Any) -> None:
    net = Kept()
    twin = copies(net)
    assert twin.first.weight is twin.second.weight
    assert twin.first.weight is not net.first.weight
    assert twin.first.seen is twin.second.seen
    assert twin.first.seen is not net.first.seen
    assert twin.above[0] is twin.norm
    assert twin.norm.running_mean is not net.norm.running_mean
    assert list(twin.first._forward_hooks.values()) == [noted]
    assert twin.second._forward_hooks is not net.second._forward_hooks


@pytest.mark.parametrize(
    "net", [nn.LSTM(3, 4), nn.MultiheadAttention(8, 2), nn.Sequential(nn.Conv1d(2, 2, 1), nn.Softmax(1))]
)
def test_a_copy_holds_what_a_deep_copy_holds(net: nn.Module) -> None:
    expected, got = copy.deepcopy(net), copied(net)
    for one, other in zip(expected.modules(), got.modules(), strict=True):
        assert type(one) is type(other)
        assert list(vars(one)) == list(vars(other))
        for name, value in vars(one).items():
            if isinstance(value, int | float | str | tuple | OrderedDict | dict | set):
                assert type(value) is type(vars(other)[name])
                assert len(str(value)) == len(str(vars(other)[name]))
    for a, b in zip(expected.state_dict().values(), got.state_dict().values(), strict=True):
        assert torch.equal(a, b)  # exact: copied


def test_a_module_that_says_how_it_is_copied_is_copied_so() -> None:
    net = nn.Module()
    net.held = [Own(2, 2)]  # type: ignore[assignment]
    assert copied(net).held == ["its own way"]


def test_a_result_of_a_computation_is_copied_without_its_history() -> None:
    twin: Any = copied(Kept())
    assert isinstance(twin.computed, Tensor)
    assert not twin.computed.requires_grad
