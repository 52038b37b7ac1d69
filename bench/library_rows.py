"""Networks of other libraries for `python bench/reduce.py --libraries`, and what is measured of each.

Nothing is downloaded: kernels are random, γ and β too, and the running averages are those of random images,
moved at random.
"""

import contextlib
import copy
import ctypes
import gc
import importlib
import importlib.metadata
import multiprocessing
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx.experimental.optimization import fuse

from nonconv.reduction import Reduction, reduce

TORCHVISION = """resnet18 resnet50 densenet121 googlenet inception_v3:299 mobilenet_v2 mobilenet_v3_large
mnasnet1_0 shufflenet_v2_x1_0 squeezenet1_1 vgg11_bn efficientnet_b0 regnet_y_400mf convnext_tiny
segmentation.lraspp_mobilenet_v3_large video.r3d_18"""
TIMM = """efficientnet_b4 repvgg_a0 mobileone_s0 hrnet_w18 ghostnet_100 res2net50_26w_4s
resnest14d skresnet18 seresnet50 dla34 cspresnet50 ese_vovnet19b_dw mixnet_s tinynet_a lcnet_100 rexnet_100
levit_128 mobilevit_s edgenext_small efficientformer_l1 fastvit_t8 coatnet_0_rw_224 repghostnet_100"""
PYTORCHCV = """preresnet18 bninception peleenet sqnxt23_w1 shufflenet_g1_w1 igcv3_w1 resnet20_cifar10:32
densenet40_k12_cifar10:32"""
LAST = "nfnet_f0 regnety_320"  # of timm: large, and slow
TRANSFORMERS = "ResNet RegNet MobileNetV1 MobileNetV2 Levit Cvt Segformer PoolFormer"
MONAI: dict[str, dict[str, Any]] = {
    "UNet": {
        "channels": (8, 16, 32),
        "strides": (2, 2),
        "norm": "batch",
        "num_res_units": 2,
        "out_channels": 2,
    },
    "BasicUNet": {"features": (8, 8, 16, 32, 32, 8), "norm": "batch", "out_channels": 2},
    "DynUNet": {
        "kernel_size": (3, 3, 3),
        "strides": (1, 2, 2),
        "upsample_kernel_size": (2, 2),
        "norm_name": "batch",
        "out_channels": 2,
    },
    "SegResNet": {"norm": "batch", "out_channels": 2},
    "AttentionUnet": {"channels": (8, 16, 32), "strides": (2, 2), "out_channels": 2},
    "VNet": {"out_channels": 2},
    "DenseNet121": {"out_channels": 2},
    "HighResNet": {"out_channels": 2},
}


@dataclass
class Case:
    library: str
    name: str
    size: tuple[int, ...] = (1, 3, 224, 224)

    def build(self) -> nn.Module:
        module: Any = importlib.import_module(
            {"MONAI": "monai.networks.nets"}.get(self.library, self.library)
        )
        if self.library == "torchvision":
            models: Any = importlib.import_module("torchvision.models")
            more = {"init_weights": True, "aux_logits": False} if "ception" in self.name else {}
            more = {"init_weights": False} if self.name == "googlenet" else more
            more = more | ({"weights_backbone": None} if "segmentation" in self.name else {})
            *folders, name = self.name.split(".")
            for folder in folders:
                models = getattr(models, folder)
            return getattr(models, name)(weights=None, **more)
        if self.library == "timm":
            return module.create_model(self.name, pretrained=False)
        if self.library == "pytorchcv":
            return importlib.import_module("pytorchcv.model_provider").get_model(self.name, pretrained=False)
        if self.library == "transformers":
            task = "SemanticSegmentation" if self.name == "Segformer" else "ImageClassification"
            return getattr(module, f"{self.name}For{task}")(getattr(module, f"{self.name}Config")())
        kind = getattr(module, self.name)
        return kind(spatial_dims=3, in_channels=1, **MONAI[self.name])


def cases() -> list[Case]:
    def sized(library: str, names: str) -> list[Case]:
        pairs = [(*name.split(":"), "224")[:2] for name in names.split()]
        return [Case(library, name, (1, 3, int(size), int(size))) for name, size in pairs]

    found = sized("torchvision", TORCHVISION)
    for case in found:
        if case.name.startswith("video."):
            case.size = (1, 3, 8, 112, 112)
    found += sized("timm", TIMM) + sized("pytorchcv", PYTORCHCV) + sized("transformers", TRANSFORMERS)
    found += [Case("MONAI", name, (1, 1, 32, 32, 32)) for name in MONAI]
    return found + sized("timm", LAST)


def is_norm(module: nn.Module) -> bool:
    return isinstance(module, nn.modules.batchnorm._BatchNorm) or type(module).__name__.startswith(
        ("BatchNorm", "FrozenBatchNorm")
    )


def as_trained(net: nn.Module, size: tuple[int, ...]) -> nn.Module:
    """In evaluation mode, with numbers as a training leaves them: not those under which all formulas look
    right, nor such as let the rounding grow.
    """
    with torch.no_grad():
        for module in net.modules():
            if is_norm(module) and isinstance(getattr(module, "weight", None), Tensor):
                module.weight.uniform_(0.5, 1.5)  # type: ignore[union-attr, operator]
                module.bias.uniform_(-0.5, 0.5)  # type: ignore[union-attr, operator]
        momenta = {m: m.momentum for m in net.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)}
        for module in momenta:
            module.momentum = 1.0
        with contextlib.suppress(Exception):  # not all take two images; then the averages are what they were
            net.train()(torch.randn(2, *size[1:]))
        for module, momentum in momenta.items():
            module.momentum = momentum
            if module.running_mean is not None and module.running_var is not None:
                deviation = module.running_var.sqrt()
                module.running_mean.add_(0.3 * deviation * torch.randn_like(deviation))
                module.running_var.mul_(torch.empty_like(deviation).uniform_(0.7, 1.4))
    return net.eval()


def norms(net: Any) -> int:
    """Batch norms that the network, or its graph, runs."""
    if not isinstance(net, torch.fx.GraphModule):
        return sum(map(is_norm, net.modules()))
    called = {str(node.target) for node in net.graph.nodes if node.op == "call_module"}
    inside = {part for name in called for part in net.get_submodule(name).modules()}
    functions = (node for node in net.graph.nodes if node.op == "call_function")
    return sum(map(is_norm, inside)) + sum("batch_norm" in str(node.target) for node in functions)


def tensors(result: Any) -> list[Tensor]:
    if isinstance(result, Tensor):
        return [result]
    values = (
        result.values() if hasattr(result, "values") else result if isinstance(result, list | tuple) else []
    )
    return [tensor for value in values for tensor in tensors(value)]


def apart(results: Any, expected: Any) -> float:
    """The largest error, relative to the largest value of the same tensor."""
    pairs = list(zip(tensors(results), tensors(expected), strict=True))
    return max(((a - b).abs().max() / b.abs().max()).item() for a, b in pairs)


def another_image(net: Any, x: Tensor) -> tuple[Tensor, Any]:
    """(another image, what the network gives for it), in float64 if it runs so."""
    image = torch.randn(x.shape, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        try:
            return image.double(), copy.deepcopy(net).double()(image.double())
        except Exception:  # a dtype that stands in the code
            return image, net(image)


def peak() -> tuple[int, Callable[[], int]]:
    """(bytes now, bytes at most since then) of this process, on Linux."""

    def held(name: str) -> int:
        text = Path("/proc/self/status").read_text(encoding="ascii")
        found = re.search(rf"{name}:\s*(\d+) kB", text)
        assert found is not None
        return int(found[1]) * 1024

    gc.collect()  # what an earlier tool left in cycles would go while this one runs, and hide what it takes
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # what is free counts as free
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return held("VmRSS"), lambda: held("VmHWM")


@dataclass
class Measured:
    """Of one tool on one network."""

    seconds: float = 0.0
    memory: float = 0.0  # at most, beside the network and a forward pass; in sizes of its parameters
    left: int = 0
    error: float = 0.0  # in float64, on another image
    own: float = 0.0  # of the network itself, by rounding to float32
    failed: str = ""
    refused: str = ""
    proof: float = 0.0  # share of the time
    reasons: Counter[str] = field(default_factory=Counter)


def measured(
    tool: Callable[[nn.Module], Any], net: nn.Module, x: Tensor, other: tuple[Tensor, Any]
) -> tuple[Measured, Any]:
    found, times, made = Measured(), [], None
    before, most = peak()
    with torch.no_grad():
        net(x)
    pass_alone = most() - before
    size = sum(p.numel() * p.element_size() for p in net.parameters())
    for _ in range(3):
        before, most = peak()
        start = time.process_time()
        try:
            made = tool(net)
        except Exception as error:
            found.failed = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:70]}"
            return found, None
        times.append(time.process_time() - start)
        found.memory = found.memory or max(most() - before - pass_alone, 0) / size
        if sum(times) > 1:
            break
    found.seconds = statistics.median(times)
    model: Any = made.model if isinstance(made, Reduction) else made
    found.left = norms(model)
    image, expected = other
    with torch.no_grad():
        try:
            got = copy.deepcopy(model).to(dtype=image.dtype)(image)
        except RuntimeError:  # a dtype that stands in its graph
            try:
                got, expected = model(x), net(x)
            except RuntimeError as error:
                found.failed = f"its result does not run: {str(error).splitlines()[0][:70]}"
                return found, None
        found.error = apart(got, expected)
        found.own = apart(net(image.to(x.dtype)), other[1])
    return found, made


def row(case: Case) -> tuple[int, int, Measured, Measured]:
    """(parameters, batch norms, fuse, reduce)."""
    torch.manual_seed(0)
    net = as_trained(case.build(), case.size)
    x = torch.randn(case.size)
    other = another_image(net, x)
    theirs, _ = measured(fuse, net, x, other)
    ours, result = measured(lambda net: reduce(net, x, progress=False), net, x, other)
    if result is not None:
        report = result.report
        ours.refused = report.refused
        ours.proof = report.seconds.get("proof", 0) / sum(report.seconds.values())
        ours.reasons = Counter(kind(r.reason) for r in report.left if "norm" in r.rule)
    return sum(p.numel() for p in net.parameters()), norms(net), theirs, ours


def kind(reason: str) -> str:
    """The reason without names and numbers, which differ from place to place."""
    reason = re.sub(r"\([^()]*\)", "(…)", reason.split(";")[0])
    return re.sub(r"\b[\w.]*\d[\w.]*\b", "…", reason)[:110]


def versions() -> list[str]:
    """The libraries that are here, each loaded once, before processes are forked."""
    names = sorted({case.library for case in cases()})
    for name in names:
        importlib.import_module(name.lower())
    return [f"{name} {importlib.metadata.version(name.lower())}" for name in names]


def _send(pipe: Any, case: Case) -> None:
    try:
        pipe.send(row(case))
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {str(error)[:200]}")


def isolated(case: Case, timeout: float = 400) -> Any:
    """What `row` gives, in a process of its own; or a string that says what went wrong."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_send, args=(theirs, case))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(timeout) else "takes over 400 s"
    except EOFError:
        return "died"
    finally:
        process.kill()
        process.join()
