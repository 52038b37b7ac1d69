"""Time of a network before and after `reduce`, beside what the framework's own tools make of it.

    python bench/reduce.py                      all networks; writes bench/reduce-<device>.md
    python bench/reduce.py --only resnet50      one of them; written only with --out
    python bench/reduce.py --no-inductor        without the compiler (a minute or two for each network)
    python bench/reduce.py --libraries          networks of timm, torchvision, pytorchcv, transformers, MONAI,
                                                installed for it; writes bench/reduce-libraries.md (Linux)

One process. The networks run in turns, so that what disturbs the machine disturbs all. The ratios are
medians. Statistics and biases are random, as after a training, and the error stands beside each time. On a
CPU with one thread, the process's own time counts. All tools get the same network, built of the framework's
own modules.
"""

import argparse
import copy
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx.experimental.optimization import fuse

import library_rows
from against_torch import NotHere, frozen, trained
from nonconv import layers, networks
from nonconv.reduction import reduce
from nonconv.reduction.merge_rules import AFTER

HERE = Path(__file__).parent
NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "ResNet-18": networks.resnet18,
    "ResNet-50": networks.resnet50,
    "VGG-16-BN": lambda: networks.vgg16(batch_norm=True),
    "GoogLeNet": networks.googlenet,
    "DenseNet-121": networks.densenet121,
    "MobileNetV2": networks.mobilenet_v2,
    "RepVGG-A0": networks.repvgg_a0,
}


def in_framework(net: nn.Module) -> nn.Module:
    """The same network, each layer of the course replaced by the framework's with the same numbers."""
    for name, child in list(net.named_children()):
        made: nn.Module | None = None
        c: Any = child
        if isinstance(child, layers.Conv2d):
            made = nn.Conv2d(
                c.in_channels,
                c.out_channels,
                c.kernel_size,
                c.stride,
                c.padding,
                c.dilation,
                c.groups,
                c.bias is not None,
                c.padding_mode,
            )
        elif isinstance(child, layers.BatchNorm2d):
            made = nn.BatchNorm2d(c.num_features, c.eps, c.momentum)
        elif isinstance(child, layers.Linear):
            made = nn.Linear(c.weight.shape[1], c.weight.shape[0], c.bias is not None)
        if made is None:
            in_framework(child)
        else:
            made.load_state_dict(child.state_dict(), strict=False)
            setattr(net, name, made)
    return net


def seconds(call: Callable[[Tensor], Any], x: Tensor) -> float:
    if x.is_cuda:
        torch.cuda.synchronize()
        start = time.perf_counter()
        call(x)
        torch.cuda.synchronize()
        return time.perf_counter() - start
    start = time.process_time()
    call(x)
    return time.process_time() - start


def norms(net: Any) -> int:
    return sum(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in net.modules())


def rows(name: str, device: str, budget: float, with_inductor: bool) -> list[tuple[str, ...]]:
    """Each tool on one network: time beside the original's, error, batch norms left."""
    torch.manual_seed(0)
    net = in_framework(trained(NETWORKS[name]())).eval().to(device)
    x = torch.randn(1, 3, 224, 224, device=device)
    started = time.process_time()
    result = reduce(net, x)
    took = time.process_time() - started
    calls: dict[str, Any] = {"as it is": net, "reduce": result.model, "torch.fx fuse": fuse(net)}
    said: dict[str, str] = {}
    if with_inductor:
        try:
            calls["inductor, freezing"] = frozen(copy.deepcopy(net))
        except NotHere as error:
            said["inductor, freezing"] = str(error)
    with torch.no_grad():
        expected = net(x)
        errors: dict[str, float] = {}
        for tool, call in list(calls.items()):
            try:
                errors[tool] = ((call(x) - expected).abs().max() / expected.abs().max()).item()
                seconds(call, x)
            except Exception as error:  # a compiler may fail in many ways
                said[tool] = f"{type(error).__name__}: {str(error).splitlines()[0][:60]}"
                del calls[tool]
        once = sum(seconds(call, x) for call in calls.values())
        turns = [
            {tool: seconds(call, x) for tool, call in calls.items()}
            for _ in range(max(7, int(budget / once)))
        ]
    found = []
    for tool in ["as it is", "reduce", "torch.fx fuse", "inductor, freezing"]:
        if tool in said:
            found.append((name, tool, "–", "–", "–", f"not run: {said[tool]}"))
        elif tool in calls:
            ratio = statistics.median(turn[tool] / turn["as it is"] for turn in turns)
            left = "" if tool.startswith("inductor") else str(norms(calls[tool]))
            milliseconds = statistics.median(turn[tool] for turn in turns) * 1e3
            found.append((name, tool, f"{milliseconds:.1f}", f"{ratio:.2f}", f"{errors[tool]:.0e}", left))
    merged = sum(row.rule == AFTER for row in result.report.applied)
    against = statistics.median(turn["reduce"] / turn["torch.fx fuse"] for turn in turns)
    print(
        f"{name}: {merged} batch norms merged, {len(result.report.applied)} steps in {took:.1f} s;"
        f" the result takes {against:.2f} of the time of fuse's"
    )
    for row in found:
        print(
            "  " + "  ".join(cell.rjust(9) if i > 1 else cell.ljust(20) for i, cell in enumerate(row)),
            flush=True,
        )
    return found


def scored(tool: library_rows.Measured) -> tuple[str, ...]:
    """Batch norms left, error, seconds, memory."""
    if tool.failed:
        return ("–",) * 4
    left = "refused" if tool.refused else str(tool.left)
    return left, f"{tool.error:.0e}", f"{tool.seconds:.2f}", f"{tool.memory:.1f}"


def of_libraries(only: str | None) -> None:
    """The table of networks that others have written."""
    head = ("network", "parameters", "batch norms", "fuse: left", "error", "s", "memory")
    head = (*head, "reduce: left", "error", "s", "memory", "of fuse's time", "without the proof")
    lines, ratios, bare, memory = [head, ("---",) * len(head)], [], [], []
    library_rows.versions()
    why, faults, before, after = Counter[str](), list[str](), 0, [0, 0]
    for case in library_rows.cases():
        if only and only.lower() not in case.name.lower():
            continue
        found = library_rows.isolated(case)
        name = f"{case.library} {case.name}"
        if isinstance(found, str):
            faults.append(f"{name}: {found}")
            print(faults[-1], flush=True)
            continue
        size, norms, theirs, ours = found
        if ours.failed:
            faults.append(f"{name}: reduce fails: {ours.failed}")
        elif ours.error > max(1e-4, ours.own):
            faults.append(f"{name}: reduce errs by {ours.error:.1e}")
        why.update(ours.reasons)
        if ours.refused:
            why[f"the whole: {library_rows.kind(ours.refused)}"] += norms
        before, after[1] = before + norms, after[1] + (norms if ours.refused else ours.left)
        after[0] += norms if theirs.failed else theirs.left
        times = ("–", "–")
        memory.append(ours.memory)
        if not theirs.failed:
            ratios.append(ours.seconds / theirs.seconds)
            bare.append(ratios[-1] * (1 - ours.proof))
            times = (f"{ratios[-1]:.1f}", f"{bare[-1]:.1f}")
        lines.append((name, f"{size / 1e6:.1f} M", str(norms), *scored(theirs), *scored(ours), *times))
        print("  ".join(lines[-1]), theirs.failed, ours.failed, ours.refused, flush=True)
        if not only:
            text = f"{opening(ratios, bare, memory, before, after, faults)}\n{table(lines)}\n{reasons(why)}"
            (HERE / "reduce-libraries.md").write_text(text, encoding="utf-8")


def table(lines: list[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def opening(
    ratios: list[float],
    bare: list[float],
    memory: list[float],
    before: int,
    after: list[int],
    faults: list[str],
) -> str:
    """What stands above the table."""
    median = statistics.median
    return f"""# Networks of other libraries

{len(memory)} networks in one run; one thread, float32, torch {torch.__version__},
{", ".join(library_rows.versions())}. Images of 224×224 unless the name says otherwise,
volumes of 32³ (MONAI), a clip of 8×112×112. Kernels, γ and β are random, the averages those of random images,
moved at random. Written by `python bench/reduce.py --libraries`.

- **Batch norms**: {before} before, {after[1]} after `reduce`, {after[0]} after `torch.fx` fuse, which does
  not run where there is a "–".
- **Error**: in float64, on another image, of the largest value; the kernels are float32.
- **s**: seconds of the processor, in the median of up to three runs. In the median over {len(ratios)}
  networks `reduce` takes {median(ratios or [0]):.1f} times fuse's time, {median(bare or [0]):.1f} times
  without the proof; fuse proves nothing.
- **Memory**: at most, beside the network and what a forward pass takes, in sizes of the parameters; in the
  median {median(memory):.1f}.
- **Silently wrong, or a traceback**: {"; ".join(faults) or "none"}.
"""


def reasons(why: Counter[str]) -> str:
    head = [("places", "why a batch norm stays"), ("---", "---")]
    rows = [(str(count), reason.replace("|", "\\|")) for reason, count in why.most_common()]
    return table([*head, *rows])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--budget", type=float, default=20, help="seconds for each network")
    parser.add_argument("--only")
    parser.add_argument("--no-inductor", action="store_true")
    parser.add_argument("--out", type=Path, help="the folder for the table")
    parser.add_argument("--libraries", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    if asked.libraries:
        of_libraries(asked.only)
        return
    head = ("network", "tool", "ms", "of the original's time", "error", "batch norms left")
    found = [
        row
        for name in NETWORKS
        if not asked.only or asked.only.lower() in name.lower()
        for row in rows(name, asked.device, asked.budget, not asked.no_inductor)
    ]
    if asked.only and not asked.out:
        return
    lines = [head, ("---",) * len(head), *found]
    where = f"{asked.device}, {asked.threads} thread(s), float32, torch {torch.__version__}"
    table = "\n".join(f"| {' | '.join(row)} |" for row in lines)
    text = f"# Time after `reduce`\n\nOne image of 224×224, {where}.\n\n{table}\n"
    ((asked.out or HERE) / f"reduce-{asked.device}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
