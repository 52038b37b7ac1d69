"""What a forward writes outside its network is as it was before `reduce`: no stand-in for a tensor is there,
and no tensor of a trial run.
"""

from collections import defaultdict, deque
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor, nn

from nonconv.reduction import reduce

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
SEEN: list[Any] = ["first"]
BY_NAME: dict[str, Any] = {"last": None, "all": []}
GROUPED: defaultdict[str, list] = defaultdict(list)
RECENT: deque = deque([1, 2], maxlen=2)
CALLS = 0


class Recorder:
    """Not the network's: a copy of the network has the same one."""

    def __init__(self) -> None:
        self.lines: list[Any] = []
        self.last: Any = None


RECORDER = Recorder()


def noted(y: Tensor) -> None:
    global CALLS, LAST
    CALLS += 1
    LAST = y  # type: ignore[name-defined]
    SEEN.append(("value", y))
    BY_NAME["last"] = y
    BY_NAME["all"].append(y)
    GROUPED["new"].append(y)
    RECENT.append(y)
    RECORDER.lines.append(y)
    RECORDER.last = y


class Net(nn.Module):
    on_class: ClassVar[list[Any]] = []
    latest: ClassVar[Any] = None

    def __init__(self) -> None:
        super().__init__()
        self.p = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4))

    def forward(self, x: Tensor) -> Tensor:
        y = self.p(x)
        noted(y)
        self.on_class.append(y)
        Net.latest = y
        return y.relu()


def outside() -> list[Any]:
    return [
        list(SEEN),
        {**BY_NAME, "all": list(BY_NAME["all"])},
        dict(GROUPED),
        list(RECENT),
        CALLS,
        "LAST" in globals(),
        list(RECORDER.lines),
        RECORDER.last,
        list(Net.on_class),
        Net.latest,
    ]


@pytest.mark.parametrize("tracer", [None, "torch.export"])
def test_a_forward_that_writes_to_variables_of_its_module_leaves_no_trace(tracer: str | None) -> None:
    before = outside()
    done = reduce(Net().eval(), X, tracer=tracer)
    assert [row.applied for row in done.report.rows] == [True]
    assert outside() == before


def test_variables_of_the_function_around_it_too() -> None:
    seen, last = [0], None

    class Inner(Net):
        def forward(self, x: Tensor) -> Tensor:
            nonlocal last
            last = self.p(x)
            seen.append(last)
            return last

    assert not reduce(Inner().eval(), X).report.refused
    assert seen == [0]
    assert last is None


def test_what_the_given_network_holds_itself_stays_too() -> None:
    net = Net().eval()
    net.record = SimpleNamespace(last=None)  # type: ignore[assignment]
    reduce(net, X)
    assert net.record.last is None  # type: ignore[union-attr]


def test_a_network_that_remembers_outside_is_refused() -> None:
    """Its second call gives another result; that was taken for rounding, since it was as large as itself."""
    last: dict[str, Tensor] = {}

    class Remembers(Net):
        def forward(self, x: Tensor) -> Tensor:
            y = self.p(x)
            z = y + last["y"] if "y" in last else y
            last["y"] = y.detach()
            return z

    assert reduce(Remembers().eval(), X).report.refused


def test_a_network_that_decides_by_whether_gradients_are_recorded_is_refused() -> None:
    class Decides(Net):
        def forward(self, x: Tensor) -> Tensor:
            return self.p(x) * (1 if torch.is_grad_enabled() else 2)

    assert reduce(Decides().eval(), X).report.refused
