"""Networks of a few layers around a forward that is written as a function, and what is asked of them."""

import copy
import io
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.reduction.comparison import difference

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))


class Net(nn.Module):
    """A convolution c, a batch norm b, and a forward that is a function of them and x."""

    def __init__(self, forward: Callable[..., Any] | None = None, maps: int = 4, **more: Any) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.c = nn.Conv2d(4, maps, 3, padding=1)
        self.b = nn.BatchNorm2d(maps)
        self.call = forward
        for name, value in more.items():
            setattr(self, name, value)

    def forward(self, x: Tensor) -> Any:
        assert self.call is not None
        return self.call(self, x)


class By(nn.Module):
    """What the function makes of a convolution with its batch norm, p, and x."""

    def __init__(self, call: Callable[..., Any]) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.call = call
        self.p = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)).eval()
        norm: Any = self.p[1]
        norm.running_var.uniform_(0.5, 2)
        norm.running_mean.uniform_(-1, 1)

    def forward(self, x: Tensor) -> Any:
        return self.call(self, x)


def trained(net: Any) -> Any:
    """In evaluation mode, with statistics as after a training."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for m in net.modules():
            if getattr(m, "running_var", None) is not None:
                m.running_mean.uniform_(-1, 1, generator=generator)
                m.running_var.uniform_(0.5, 2, generator=generator)
                if getattr(m, "weight", None) is not None:
                    m.weight.uniform_(0.5, 1.5, generator=generator)
                    m.bias.uniform_(-1, 1, generator=generator)
    return net.eval()


def same(model: Any, net: Any, *inputs: Any) -> None:
    with torch.no_grad():
        assert difference(model(*copy.deepcopy(inputs)), net(*copy.deepcopy(inputs))) < 1e-5


def calls(model: Any) -> list[str]:
    """What the graph calls, but for reads of shapes and checks."""
    names = []
    for node in model.graph.nodes:
        if node.op == "call_module":
            names.append(type(model.get_submodule(node.target)).__name__)
        elif node.op.startswith("call"):
            names.append(str(getattr(node.target, "__name__", node.target)))
    return names


def norms(model: Any) -> int:
    return sum("norm" in name.lower() for name in calls(model))


def gradient(net: Any) -> Tensor | None:
    x = X.clone().requires_grad_()
    y = net(x)
    return torch.autograd.grad(y.square().sum(), x, allow_unused=True)[0] if y.requires_grad else None


def loaded(model: nn.Module) -> nn.Module:
    file = io.BytesIO()
    torch.save(model, file)
    file.seek(0)
    return torch.load(file, weights_only=False)
