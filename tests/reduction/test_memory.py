"""What `reduce` holds at each moment, in sizes of the network's own numbers; nothing is left to the collector
of cycles.
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.reduction import network, reduce
from nonconv.reduction.rewriter import Rewriter

X = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))


class Functional(nn.Module):
    """Its kernels stand in the graph by themselves, as torch.export writes them."""

    def __init__(self) -> None:
        super().__init__()
        sizes = [(160, 4, 3, 3), *[(160, 160, 3, 3)] * 4]
        self.kernels = nn.ParameterList(torch.randn(size) / 20 for size in sizes)
        self.norms = nn.ModuleList(nn.BatchNorm2d(160) for _ in sizes)

    def forward(self, x: Tensor) -> Tensor:
        for kernel, norm in zip(self.kernels, self.norms, strict=True):
            x = norm(F.conv2d(x, kernel, padding=1)).relu()
        return x


class Branches(nn.Module):
    """Blocks of which one kernel of two stays."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(4, 160, 1)
        self.three = nn.ModuleList(self.part(3) for _ in range(4))
        self.two = nn.ModuleList(self.part(3) for _ in range(4))

    @staticmethod
    def part(size: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(160, 160, size, padding=size // 2, bias=False), nn.BatchNorm2d(160))

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        for three, two in zip(self.three, self.two, strict=True):
            x = (three(x) + two(x)).relu()
        return x


def plain() -> nn.Module:
    layers: list[nn.Module] = [nn.Conv2d(4, 160, 3, padding=1), nn.BatchNorm2d(160), nn.ReLU()]
    for _ in range(4):
        layers += [nn.Conv2d(160, 160, 3, padding=1), nn.BatchNorm2d(160), nn.ReLU()]
    return nn.Sequential(*layers)


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def tensors() -> dict[int, int]:
    """The bytes of all tensors of this process, by their places."""
    found: dict[int, int] = {}
    for one in gc.get_objects():
        if type(one) in (Tensor, nn.Parameter) and one.device.type == "cpu" and one.layout == torch.strided:
            found[one.untyped_storage().data_ptr()] = one.untyped_storage().nbytes()
    return found


def held(before: set[int], size: int) -> float:
    """Bytes of tensors that were not there before, in sizes of the network."""
    return sum(n for place, n in tensors().items() if place not in before) / size


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("make", [plain, Functional, Branches])
def test_the_float64_copy_goes_and_what_is_replaced_goes(monkeypatch: pytest.MonkeyPatch, make: Any) -> None:
    net = make().eval()
    own = [*net.parameters(), *net.buffers()]
    before, size = set(tensors()), sum(t.numel() * t.element_size() for t in own)  # also of earlier tests
    seen: dict[str, float] = {}
    run, repeat, compared = Rewriter.run, Rewriter.repeat, network.compared

    def noted_run(work: Rewriter, generator: torch.Generator) -> None:
        run(work, generator)
        seen["proof"] = held(before, size)

    def noted_repeat(mine: Rewriter, work: Rewriter) -> None:
        repeat(mine, work)
        seen["rewriting"] = held(before, size)

    def noted_compared(*args: Any) -> Any:
        seen["compared"] = held(before, size)
        return compared(*args)

    monkeypatch.setattr(Rewriter, "run", noted_run)
    monkeypatch.setattr(Rewriter, "repeat", noted_repeat)
    monkeypatch.setattr(network, "compared", noted_compared)
    assert not reduce(net, X).report.refused
    # in float64 once, whatever was merged; its own copy lies in the network's memory meanwhile
    assert 0.9 < seen["proof"] < 2.2
    assert seen["rewriting"] < 1.3
    assert seen["compared"] < 1.2


def test_tied_kernels_are_not_written_over() -> None:
    """What is merged takes the place of what went, unless somebody else reads that."""

    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.Conv2d(80, 80, 1), nn.Conv2d(80, 80, 1)
            self.two.weight = self.one.weight
            self.norm = nn.BatchNorm2d(80)

        def forward(self, x: Tensor) -> Tensor:
            return self.two(self.norm(self.one(x)).relu())

    net = Tied()
    with torch.no_grad():
        net(torch.randn(4, 80, 8, 8))  # moves the averages
    result = reduce(net.eval(), torch.randn(1, 80, 8, 8))
    assert not result.report.refused
    x = torch.randn(2, 80, 8, 8)
    with torch.no_grad():
        assert torch.allclose(result.model(x), net(x), atol=1e-5)
        # exact: nobody has touched it
        assert torch.equal(result.model.two.weight, net.two.weight)  # type: ignore[union-attr, arg-type]


class Listed(nn.Module):
    """Stays whole, by its hook, and reads a kernel that is merged elsewhere."""

    def __init__(self, kernel: Tensor) -> None:
        super().__init__()
        self.kernels = [kernel]
        self.register_forward_hook(lambda *_: None)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.kernels[0].sum()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("goal", ["fewest MACs", "literally"])
def test_the_result_lies_in_memory_of_its_own(dtype: torch.dtype, goal: str) -> None:
    conv = nn.Conv2d(4, 4, 1)
    layers = [conv, nn.BatchNorm2d(4), Listed(conv.weight), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 64, 3)]
    net = nn.Sequential(*layers).to(dtype).eval()
    result = reduce(net, X.to(dtype), goal)
    assert result.report.applied
    own = [*result.model.parameters(), *result.model.buffers()]
    own += [kernel for part in result.model.modules() if isinstance(part, Listed) for kernel in part.kernels]
    theirs = {t.untyped_storage().data_ptr() for t in (*net.parameters(), *net.buffers())}
    assert not theirs & {t.untyped_storage().data_ptr() for t in own}
