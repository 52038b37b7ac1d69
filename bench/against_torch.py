"""Networks that other tools reduce to something else, silently or not, beside what `reduce` makes of them.

python bench/against_torch.py          measures each case and writes bench/reduce-against-torch.md
"""

import copy
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx.experimental.optimization import fuse
from torch.nn.utils.fusion import fuse_conv_bn_eval

from nonconv.reduction import affine_form, merge, merge_as_on_the_slides, reduce

HERE = Path(__file__).parent


def trained(net: nn.Module) -> nn.Module:
    """The network in evaluation mode, with statistics and biases as a training leaves them.

    With those of a fresh network, wrong formulas look right.
    """
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5, generator=generator)
                module.bias.uniform_(-1, 1, generator=generator)
                if module.running_mean is not None and module.running_var is not None:
                    module.running_mean.uniform_(-1, 1, generator=generator)
                    module.running_var.uniform_(0.3, 2, generator=generator)
            elif isinstance(getattr(module, "bias", None), Tensor):
                module.bias.uniform_(-1, 1, generator=generator)  # type: ignore[union-attr, operator]
    return net.eval()


class Shared(nn.Module):
    """One convolution at two places, a batch norm behind each."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.one, self.two = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.BatchNorm2d(4)

    def forward(self, x: Tensor) -> Tensor:
        return self.two(self.conv(torch.relu(self.one(self.conv(x)))))


class Branches(nn.Module):
    """3×3 and 1×1, each with a bias and a batch norm, and the batch norm of x itself."""

    def __init__(self) -> None:
        super().__init__()
        self.conv3, self.conv1 = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 1)
        self.norm3, self.norm1, self.norm = (nn.BatchNorm2d(4) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        return self.norm3(self.conv3(x)) + self.norm1(self.conv1(x)) + self.norm(x)


def hooked() -> nn.Module:
    net = trained(nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)))
    net[0].register_forward_hook(lambda module, args, y: 3 * y)  # type: ignore[index]
    return net


def pair(net: Any) -> tuple[Any, tuple[Tensor, Tensor]]:
    """(convolution, (G, g)) of a convolution and its batch norm."""
    norm = net[1]
    return net[0], affine_form(norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps)


def refilled(conv: Any, O: Tensor, o: Tensor) -> nn.Module:
    made = copy.deepcopy(conv)
    made.weight, made.bias = nn.Parameter(O), nn.Parameter(o)
    return made


def without_bias(net: Any) -> nn.Module:
    """The published merge of RepVGG and of Diverse Branch Block, whose convolutions have no bias: o = g."""
    conv, (G, g) = pair(net)
    return refilled(conv, *merge(conv.weight, None, G, g))


def slides(net: Any) -> nn.Module:
    conv, norm = net[0], net[1]
    how = (norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps)
    return refilled(conv, *merge_as_on_the_slides(conv.weight, conv.bias, *how))


def merged_unasked(net: Any) -> nn.Module:
    """A merge that does not ask whether the network trains."""
    conv, (G, g) = pair(net)
    return refilled(conv, *merge(conv.weight, conv.bias, G, g))


def fused_transposed(net: Any) -> nn.Module:
    return fuse_conv_bn_eval(net[0], net[1], transpose=True)


def frozen(net: nn.Module) -> Callable[[Tensor], Tensor]:
    """inductor with freezing, which folds batch norm into the convolution before it."""
    if not any(map(shutil.which, ("g++", "clang++", "c++"))):
        raise NotHere("no C++ compiler here")
    import torch._inductor.config as config

    torch._dynamo.reset()
    compiled: Any = torch.compile(net)

    def call(x: Tensor) -> Tensor:
        with config.patch(freezing=True), torch.no_grad():
            return compiled(x)

    return call


class NotHere(Exception):
    """The tool does not run on this machine."""


@dataclass
class Case:
    name: str
    tool: str
    network: Callable[[], nn.Module]
    input: tuple[int, ...]
    theirs: Callable[[Any], Any]
    refused: str = ""  # what `reduce` must say of it; empty: it must reduce it
    dtype: torch.dtype = torch.float64


def seq(*layers: nn.Module) -> Callable[[], nn.Module]:
    return lambda: trained(nn.Sequential(*copy.deepcopy(layers)))


def training() -> nn.Module:
    return seq(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))().train()


torch.manual_seed(0)
CONV = (nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4))
CASES = [
    Case("one convolution at two places", "`torch.fx` fuse", lambda: trained(Shared()), (2, 4, 6, 6), fuse),
    Case(
        "linear, then batch norm on (N, L, C), L = C",
        "`torch.fx` fuse",
        seq(nn.Linear(5, 5), nn.BatchNorm1d(5)),
        (2, 5, 5),
        fuse,
        "dimension 1",
    ),
    Case(
        "a forward hook on the convolution", "`torch.fx` fuse", hooked, (2, 3, 6, 6), fuse, "a forward hook"
    ),
    Case(
        "transposed convolution with 2 groups, K = M",
        "`fuse_conv_bn_eval(transpose=True)`",
        seq(nn.ConvTranspose2d(4, 4, 3, 2, groups=2), nn.BatchNorm2d(4)),
        (2, 4, 5, 5),
        fused_transposed,
    ),
    Case(
        "transposed convolution with 2 groups, K ≠ M",
        "`fuse_conv_bn_eval(transpose=True)`",
        seq(nn.ConvTranspose2d(4, 6, 3, 2, groups=2), nn.BatchNorm2d(6)),
        (2, 4, 5, 5),
        fused_transposed,
    ),
    Case(
        "transposed convolution, K = M",
        "inductor, freezing (float32)",
        seq(nn.ConvTranspose2d(4, 4, 3, 2), nn.BatchNorm2d(4)),
        (2, 4, 5, 5),
        frozen,
        dtype=torch.float32,
    ),
    Case(
        "batch norm in training mode",
        "a merge that does not ask for evaluation mode",
        training,
        (2, 3, 6, 6),
        merged_unasked,
        "training mode",
    ),
    Case(
        "convolution with a bias",
        "o = g (as published for RepVGG and DBB, without biases)",
        seq(*CONV),
        (2, 3, 6, 6),
        without_bias,
    ),
    Case("convolution with a bias", "the seminar's slides", seq(*CONV), (2, 3, 6, 6), slides),
    Case(
        "sum of branches with biases",
        "`torch.fx` fuse (leaves three layers)",
        lambda: trained(Branches()),
        (2, 4, 6, 6),
        fuse,
    ),
]


@dataclass
class Outcome:
    """Largest errors, or words where there is no error to measure."""

    theirs: float | str
    ours: float | str


def largest(net: nn.Module, other: Any, x: Tensor) -> float:
    with torch.no_grad():
        expected = copy.deepcopy(net)(x)
        got = other(x)
        if got.shape != expected.shape:
            raise ValueError(f"a result of shape {tuple(got.shape)} instead of {tuple(expected.shape)}")
        return (got - expected).abs().max().item()


def measure(case: Case) -> Outcome:
    """Both tools on one network."""
    net = case.network().to(case.dtype)
    x = torch.randn(case.input, dtype=torch.float64, generator=torch.Generator().manual_seed(1)).to(
        case.dtype
    )
    theirs: float | str
    try:
        theirs = largest(net, case.theirs(copy.deepcopy(net)), x)
    except NotHere as error:
        theirs = f"not run: {error}"
    except Exception as error:  # whatever the other tool raises is its answer
        theirs = f"{type(error).__name__}: {str(error).splitlines()[0][:90]}"
    result = reduce(net, x)
    reasons = [result.report.refused, *(row.reason for row in result.report.left)]
    if case.refused:
        ours: float | str = next((f"refused: {r}" for r in reasons if case.refused in r), "not refused")
    else:
        ours = largest(net, result.model, x)
    return Outcome(theirs, ours)


def gradients() -> tuple[bool, bool]:
    """Does the merged bias learn, where γ and β do and the convolution has none: (theirs, ours)?"""
    net = seq(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4))()
    mine: Any = reduce(net, torch.zeros(1, 3, 6, 6)).model
    biases = [p for name, p in mine.named_parameters() if name.endswith("bias")]
    return bool(getattr(fuse(net), "0").bias.requires_grad), all(p.requires_grad for p in biases)


def said(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.2g}"


def table() -> str:
    lines = [
        "# Networks that other tools reduce to something else",
        "",
        f"Largest error in float64, statistics and biases random; torch {torch.__version__}. Written by"
        " `python bench/against_torch.py`.",
        "",
        "| network | other tool | its error | error of `reduce` |",
        "|---|---|---|---|",
    ]
    for case in CASES:
        outcome = measure(case)
        lines.append(f"| {case.name} | {case.tool} | {said(outcome.theirs)} | {said(outcome.ours)} |")
    theirs, ours = gradients()
    lines.append(
        f"| does the merged bias learn? | `torch.fx` fuse | requires_grad={theirs} | requires_grad={ours} |"
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    torch.set_num_threads(1)
    text = table()
    print(text)
    (HERE / "reduce-against-torch.md").write_text(text, encoding="utf-8")
