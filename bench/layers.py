"""Time and memory of each reference layer as a ratio to the framework's own operator, on realistic shapes.

    python bench/layers.py                 all of it: a table, bench/layers-<device>.csv and bench/layers-<device>.png
    python bench/layers.py --only conv2d   rows whose name holds the word; nothing is written
    python bench/layers.py --device cuda   with CUDA events

One process; the two run in turns, so that what disturbs the machine disturbs both; medians of many. `fast=False` on our
side throughout. Where the framework has no such operator, `theirs` is the formula from its operators ("composed").
Memory is what a call needs at its peak, its arguments included; on a CPU it is read in a process of its own, in which freed
memory goes back to the system at once.
"""

import argparse
import csv
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv import layers

HERE = Path(__file__).parent


@dataclass
class Row:
    name: str
    shape: str
    arguments: Callable[[], tuple]
    ours: Callable
    theirs: Callable
    kind: str  # what the speed target speaks of
    target: tuple[float, float] | None = None  # forward, forward + backward
    composed: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.shape}"


def r(*shape: int) -> Tensor:
    return torch.randn(*shape)


def options(function: Callable, **kwargs: Any) -> Callable:
    return lambda *arguments: function(*arguments, **kwargs)


def conv(shape: str, x: tuple, w: tuple, kind: str = "dense", target: Any = (2.0, 2.0), **kwargs: Any) -> Row:
    def arguments() -> tuple:
        return r(*x), r(*w) / math.sqrt(math.prod(w[1:])), r(w[0])

    return Row(
        "conv2d",
        shape,
        arguments,
        options(layers.conv2d, **kwargs),
        options(F.conv2d, **kwargs),
        kind,
        target,
    )


def same(name: str, shape: str, arguments: Callable, kind: str, target: Any = None, **kwargs: Any) -> Row:
    theirs = getattr(F, name) if hasattr(F, name) else getattr(torch, name)
    return Row(
        name,
        shape,
        arguments,
        options(getattr(layers, name), **kwargs),
        options(theirs, **kwargs),
        kind,
        target,
    )


def se(x: Tensor, W0: Tensor, W1: Tensor) -> Tensor:
    pooled = F.adaptive_avg_pool2d(x, 1)
    return x * torch.sigmoid(F.conv2d(F.relu(F.conv2d(pooled, W0[..., None, None])), W1[..., None, None]))


def block(x: Tensor, W0: Tensor, W1: Tensor, weight: Tensor) -> Tensor:
    pools = (F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, 1))
    two = [F.conv2d(F.relu(F.conv2d(p, W0[..., None, None])), W1[..., None, None]) for p in pools]
    x = x * torch.sigmoid(two[0] + two[1])
    both = torch.stack([x.mean(1), x.amax(1)], 1)
    return x * torch.sigmoid(F.conv2d(both, weight, padding=3))


def unfolded(x: Tensor, weight: Tensor) -> Tensor:
    rows, columns, K, M, p, q = weight.shape
    patches = F.unfold(x, (p, q)).reshape(len(x), M * p * q, rows * columns)
    return torch.einsum("ncl,lkc->nkl", patches, weight.reshape(rows * columns, K, -1)).unflatten(
        2, (rows, columns)
    )


def heads(x: Tensor, W_in: Tensor, W_out: Tensor) -> Tensor:
    t = x.transpose(0, 1)
    return F.multi_head_attention_forward(
        t, t, t, x.shape[-1], 8, W_in, None, None, None, False, 0.0, W_out, None, need_weights=False
    )[0].transpose(0, 1)


def lstm_weights(D: int, H: int) -> tuple:
    k = 1 / math.sqrt(H)
    return r(4 * H, D) * k, r(4 * H, H) * k, r(4 * H) * k, r(4 * H) * k


def deform_arguments(maps: int = 64, size: int = 28) -> tuple:
    return r(2, maps, size, size), r(2, 18, size, size), r(maps, maps, 3, 3) / 24


IMAGE = (8, 64, 56, 56)
ROWS = [
    conv("3×3, 64 maps, 56²", IMAGE, (64, 64, 3, 3), padding=1),
    conv("3×3, 128 maps, 28²", (8, 128, 28, 28), (128, 128, 3, 3), padding=1),
    conv("3×3, 256 maps, 14²", (8, 256, 14, 14), (256, 256, 3, 3), padding=1),
    conv("3×3, stride 2, 64 → 128, 56²", IMAGE, (128, 64, 3, 3), padding=1, stride=2),
    conv("3×3, dilation 2, 128 maps, 28²", (8, 128, 28, 28), (128, 128, 3, 3), padding=2, dilation=2),
    conv("5×5, 32 → 64, 28²", (8, 32, 28, 28), (64, 32, 5, 5), padding=2),
    conv("7×7, stride 2, 3 → 64, 224²", (2, 3, 224, 224), (64, 3, 7, 7), padding=3, stride=2),
    conv("1×1, 256 → 64, 56²", (8, 256, 56, 56), (64, 256, 1, 1)),
    conv("3×3, 32 groups, 128 maps, 28²", (8, 128, 28, 28), (128, 4, 3, 3), "grouped", None, padding=1, groups=32),
    conv("depthwise, 128 maps, 56²", (8, 128, 56, 56), (128, 1, 3, 3), "depthwise", (4.0, 4.0), padding=1, groups=128),
    conv("depthwise, 512 maps, 14²", (8, 512, 14, 14), (512, 1, 3, 3), "depthwise", (4.0, 4.0), padding=1, groups=512),
    same("conv1d", "k 9, 64 maps, 1000", lambda: (r(8, 64, 1000), r(64, 64, 9) / 24), "dense", (2.0, 2.0), padding=4),
    same("conv3d", "3×3×3, 16 maps, 16×28²", lambda: (r(2, 16, 16, 28, 28), r(16, 16, 3, 3, 3) / 20), "dense", (2.0, 2.0), padding=1),
    same("conv_transpose2d", "4×4, stride 2, 128 → 64, 28²", lambda: (r(4, 128, 28, 28), r(128, 64, 4, 4) / 45), "transposed", None, stride=2, padding=1),
    same("conv_transpose2d", "2×2, stride 2, 128 → 64, 28²", lambda: (r(4, 128, 28, 28), r(128, 64, 2, 2) / 22), "transposed", None, stride=2),
    Row("deform_conv2d", "3×3, 64 maps, 28²", deform_arguments, options(layers.deform_conv2d, padding=1), options(layers.deform_conv2d, padding=1, fast=True), "deformable", None, True),
    # torchvision's kernel cannot be imported beside the CPU build of torch, so on a CPU the definition stands in for it
    Row("deform_conv2d", "by definition, 4 maps, 8²", lambda: deform_arguments(4, 8), options(layers.deform_conv2d, padding=1), options(layers.deform_conv2d_by_definition, padding=1), "definition", (1.0, 1.0), True),
    Row("locally_connected2d", "3×3, 16 maps, 14²", lambda: (r(16, 16, 14, 14), r(12, 12, 16, 16, 3, 3) / 12), layers.locally_connected2d, unfolded, "connected", None, True),
    same("linear", "512 → 1000, 128 rows", lambda: (r(128, 512), r(1000, 512) / 22, r(1000)), "connected"),
    same("batch_norm", "in use, 64 maps, 56²", lambda: (r(*IMAGE), r(64), torch.rand(64) + 0.1, r(64), r(64)), "batch norm", (1.5, 1.5)),
    same("batch_norm", "in training, 64 maps, 56²", lambda: (r(*IMAGE), None, None, r(64), r(64)), "batch norm", (1.5, 1.5), training=True),
    same("batch_norm", "in training, 256 maps, 14²", lambda: (r(8, 256, 14, 14), None, None, r(256), r(256)), "batch norm", (1.5, 1.5), training=True),
    same("max_pool2d", "3×3, stride 2, 64 maps, 112²", lambda: (r(8, 64, 112, 112),), "max pooling", (1.2, 1.8), kernel_size=3, stride=2, padding=1),
    same("max_pool2d", "2×2, 64 maps, 56²", lambda: (r(*IMAGE),), "max pooling", (1.2, 1.8), kernel_size=2),
    same("max_unpool2d", "2×2, 64 maps, 28²", lambda: F.max_pool2d(r(*IMAGE), 2, return_indices=True), "max pooling", None, kernel_size=[2, 2]),
    same("avg_pool2d", "2×2, 64 maps, 56²", lambda: (r(*IMAGE),), "average pooling", (1.0, 1.0), kernel_size=2),
    same("avg_pool2d", "3×3, stride 1, 64 maps, 56²", lambda: (r(*IMAGE),), "average pooling", (1.0, 1.0), kernel_size=3, stride=1, padding=1),
    same("adaptive_avg_pool2d", "14² → 7², 256 maps", lambda: (r(8, 256, 14, 14),), "average pooling", None, output_size=7),
    Row("global_avg_pool2d", "512 maps, 7²", lambda: (r(32, 512, 7, 7),), layers.global_avg_pool2d, options(F.adaptive_avg_pool2d, output_size=1), "average pooling"),
    same("sigmoid", "64 maps, 56²", lambda: (r(*IMAGE),), "activation"),
    same("tanh", "64 maps, 56²", lambda: (r(*IMAGE),), "activation"),
    same("relu", "64 maps, 56²", lambda: (r(*IMAGE),), "activation"),
    same("leaky_relu", "64 maps, 56²", lambda: (r(*IMAGE),), "activation"),
    Row("squeeze_excitation", "r = 16, 256 maps, 28²", lambda: (r(8, 256, 28, 28), r(16, 256) / 16, r(256, 16) / 4), layers.squeeze_excitation, se, "gates", None, True),
    Row("cbam", "r = 16, 256 maps, 28²", lambda: (r(8, 256, 28, 28), r(16, 256) / 16, r(256, 16) / 4, r(1, 2, 7, 7) / 10), layers.cbam, block, "gates", None, True),
    same("scaled_dot_product_attention", "n = 64, 8 heads of 64", lambda: tuple(r(8, 8, 64, 64) for _ in range(3)), "attention", (1.3, 1.3)),
    same("scaled_dot_product_attention", "n = 128, 8 heads of 64", lambda: tuple(r(8, 8, 128, 64) for _ in range(3)), "attention", (1.3, 1.3)),
    same("scaled_dot_product_attention", "n = 256, 8 heads of 64", lambda: tuple(r(4, 8, 256, 64) for _ in range(3)), "attention", (1.3, 1.3)),
    same("scaled_dot_product_attention", "n = 2048, 8 heads of 64", lambda: tuple(r(1, 8, 2048, 64) for _ in range(3)), "long attention"),
    Row("multi_head_attention", "n = 128, d = 512, 8 heads", lambda: (r(8, 128, 512), r(1536, 512) / 22, r(512, 512) / 22), lambda x, a, b: layers.multi_head_attention(x, x, x, 8, a, b), heads, "attention", (1.3, 1.3)),
    Row("rnn", "32 steps of 128, 16 rows", lambda: (r(32, 16, 128), r(16, 128), r(128, 128) / 11, r(128, 128) / 11, r(128), r(128)), lambda *a: layers.rnn(*a)[0], lambda x, h, *w: torch.rnn_tanh(x, h[None], w, True, 1, 0.0, False, False, False)[0], "recurrent"),
    Row("lstm", "32 steps of 128, 16 rows", lambda: (r(32, 16, 128), r(16, 128), r(16, 128), *lstm_weights(128, 128)), lambda x, h, c, *w: layers.lstm(x, (h, c), *w)[0], lambda x, h, c, *w: torch.lstm(x, (h[None], c[None]), w, True, 1, 0.0, False, False, False)[0], "recurrent"),
]  # fmt: skip


def placed(arguments: tuple, device: str) -> tuple:
    return tuple(t.to(device) if isinstance(t, Tensor) else t for t in arguments)


def seconds(call: Callable, device: str) -> float:
    if device == "cuda":
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()  # type: ignore[no-untyped-call]
        call()
        end.record()  # type: ignore[no-untyped-call]
        torch.cuda.synchronize()
        return begin.elapsed_time(end) / 1000
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def calls(row: Row, which: str, arguments: tuple, backward: bool) -> Callable:
    """The call to be measured: forward alone, or with the gradients of all floating-point arguments."""
    function = row.ours if which == "ours" else row.theirs
    if not backward:

        def forward() -> Any:
            with torch.no_grad():
                return function(*arguments)

        return forward
    running = row.name == "batch_norm"  # its running averages take no gradient
    free = [
        isinstance(t, Tensor) and t.is_floating_point() and not (running and i in (1, 2))
        for i, t in enumerate(arguments)
    ]
    leaves = [t.detach().requires_grad_() if wanted else t for t, wanted in zip(arguments, free, strict=True)]
    wanted = [t for t, take in zip(leaves, free, strict=True) if take]
    gradient = torch.randn_like(function(*leaves))
    return lambda: torch.autograd.grad(function(*leaves), wanted, gradient)


def timed(row: Row, device: str, backward: bool, budget: float) -> tuple[float, float, float]:
    """Median seconds of ours and of theirs, and the median of their ratios, call by call in turns."""
    torch.manual_seed(0)
    arguments = placed(row.arguments(), device)
    ours, theirs = (calls(row, which, arguments, backward) for which in ("ours", "theirs"))
    for _ in range(3):
        ours(), theirs()
    once = seconds(ours, device) + seconds(theirs, device)
    turns = max(9, min(201, int(budget / max(once, 1e-6))))
    pairs = [(seconds(ours, device), seconds(theirs, device)) for _ in range(turns)]
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    return a, b, statistics.median(x / y for x, y in pairs)


def errors(row: Row, device: str) -> tuple[float, float]:
    """Largest error of ours and of theirs in float32 against float64, on the same numbers."""
    torch.manual_seed(0)
    arguments = placed(row.arguments(), device)
    exact = row.theirs(
        *(t.double() if isinstance(t, Tensor) and t.is_floating_point() else t for t in arguments)
    )
    with torch.no_grad():
        return tuple((f(*arguments).double() - exact).abs().max().item() for f in (row.ours, row.theirs))  # type: ignore[return-value]


# ---------------------------------------------------------------------------------------------------------------
# memory


def status(field: str) -> int:
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(field)) * 1024


def size(arguments: tuple) -> int:
    return sum(t.nbytes for t in arguments if isinstance(t, Tensor))


def peak_here(row: Row, which: str, backward: bool) -> int:
    """Bytes at the peak of a call, its arguments included, from the system's own count of this process's pages."""
    torch.manual_seed(0)
    arguments = row.arguments()
    call = calls(row, which, arguments, backward)
    for _ in range(2):
        call()
    before = status("VmRSS")
    with open("/proc/self/clear_refs", "w") as reset:
        reset.write("5")  # the peak starts anew
    call()
    return status("VmHWM") - before + size(arguments)


def peaks(row: Row, device: str, backward: bool) -> tuple[int, int] | None:
    if device == "cuda":
        torch.manual_seed(0)
        arguments, found = placed(row.arguments(), device), []
        for which in ("ours", "theirs"):
            call = calls(row, which, arguments, backward)
            call()
            torch.cuda.synchronize()
            before = torch.cuda.memory_allocated()
            torch.cuda.reset_peak_memory_stats()
            call()
            torch.cuda.synchronize()
            found.append(torch.cuda.max_memory_allocated() - before + size(arguments))
        return found[0], found[1]
    if sys.platform != "linux":
        return None
    quiet = dict(os.environ, MALLOC_MMAP_THRESHOLD_="16384", MALLOC_TRIM_THRESHOLD_="0", MALLOC_ARENA_MAX="1")
    command = [sys.executable, __file__, "--peaks", str(row), "--threads", "1"] + ["--backward"] * backward
    lines = subprocess.run(command, env=quiet, capture_output=True, text=True, check=True).stdout.split()
    return int(lines[0]), int(lines[1])


# ---------------------------------------------------------------------------------------------------------------
# report


def machine(device: str, threads: int) -> str:
    name = platform.processor() or platform.machine()
    if device == "cuda":
        name = f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}"
    elif Path("/proc/cpuinfo").exists():
        with open("/proc/cpuinfo") as lines:
            name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), name)
        name += f", {threads} thread{'s' * (threads > 1)}"
    return f"{name}; torch {torch.__version__}, Python {platform.python_version()}"


def plot(results: list[dict], title: str, path: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 0.24 * len(results) + 1.3), constrained_layout=True)
    for place, row in enumerate(reversed(results)):
        forward, both = float(row["forward"]), float(row["forward+backward"])
        axes.plot([forward, both], [place, place], color="#BBBBBB", zorder=1)
        axes.scatter(
            forward, place, color="#0072B2", marker="o", s=26, label="forward" if place == 0 else None
        )
        axes.scatter(
            both, place, color="#D55E00", marker="s", s=26, label="forward + backward" if place == 0 else None
        )
    names = [f"{row['layer']}, {row['shape']}{' *' if row['composed'] else ''}" for row in reversed(results)]
    axes.set_yticks(range(len(results)), names, fontsize=7)
    axes.set_ylim(-1, len(results))
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log", base=2)
    ticks = [0.25, 0.5, 1, 2, 4, 8]
    axes.set_xticks(ticks, [f"{t:g}×" for t in ticks])
    axes.set_xlabel(
        "time of the reference layer ÷ time of the framework's operator (left of 1: ours is faster)"
    )
    axes.set_title(
        f"{title}\n* no such operator in the framework: its formula from the framework's operators",
        fontsize=8,
    )
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    figure.savefig(path, dpi=110)


def report(device: str, threads: int, budget: float, only: str | None) -> None:
    results, title = [], machine(device, threads)
    print(title)
    print(f"{'layer':46} {'forward':>9} {'fw+bw':>7} {'memory':>15} {'error':>6}  target")
    for row in ROWS:
        if only and only not in str(row):
            continue
        forward, both = timed(row, device, False, budget), timed(row, device, True, budget)
        memory = [peaks(row, device, backward) for backward in (False, True)]
        share = [a / b for a, b in memory] if all(memory) else []  # type: ignore[misc]
        mine, others = errors(row, device)
        error = mine / others if others else float(mine > 0)
        goal = "" if row.target is None else f"{row.target[0]:g} / {row.target[1]:g}"
        met = row.target is None or (forward[2] <= row.target[0] and both[2] <= row.target[1])
        label = str(row) + (" *" if row.composed else "")
        used = " / ".join(f"{s:.1f}" for s in share) or "not known"
        print(
            f"{label:46} {forward[2]:9.2f} {both[2]:7.2f} {used:>15} {error:6.2f}  {goal}{'' if met else '  missed'}",
            flush=True,
        )
        results.append(
            {
                "layer": row.name, "shape": row.shape, "kind": row.kind, "composed": int(row.composed),
                "forward": f"{forward[2]:.3f}", "forward+backward": f"{both[2]:.3f}",
                "ours_ms": f"{forward[0] * 1e3:.3f}", "theirs_ms": f"{forward[1] * 1e3:.3f}",
                "ours_both_ms": f"{both[0] * 1e3:.3f}", "theirs_both_ms": f"{both[1] * 1e3:.3f}",
                "memory": f"{share[0]:.2f}" if share else "", "memory_both": f"{share[1]:.2f}" if share else "",
                "error": f"{error:.2f}", "target": goal, "met": int(met),
            }
        )  # fmt: skip
    own = [row for row in results if not row["composed"]]
    for column in ("forward", "forward+backward") if own else ():
        mean = math.exp(statistics.fmean(math.log(float(row[column])) for row in own))
        print(f"geometric mean over {len(own)} rows with an operator of the framework, {column}: {mean:.2f}")
    if only:
        return
    target = HERE / f"layers-{device}.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        file.write(f"# {title}\n")
        writer = csv.DictWriter(file, results[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(results)
    plot(results, title, target.with_suffix(".png"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument(
        "--threads", type=int, default=1, help="one: what else the machine does then disturbs least"
    )
    parser.add_argument("--budget", type=float, default=1.5, help="seconds for each measurement")
    parser.add_argument("--only")
    parser.add_argument("--peaks", help=argparse.SUPPRESS)
    parser.add_argument("--backward", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    if asked.peaks:
        row = next(row for row in ROWS if str(row) == asked.peaks)
        print(peak_here(row, "ours", asked.backward), peak_here(row, "theirs", asked.backward))
    else:
        report(asked.device, asked.threads, asked.budget, asked.only)


if __name__ == "__main__":
    main()
