"""Time and memory of each reference layer as a ratio to the framework's own operator, on realistic shapes.

    python bench/layers.py                 all rows: a table, and bench/layers-<device>.csv and .png
    python bench/layers.py --only conv2d   rows whose name holds the word; nothing is written
    python bench/layers.py --device cuda   with CUDA events

One process. The two run in turns, so that what disturbs the machine disturbs both. Times are medians of many.
`fast=False` on our side throughout. Where the framework has no such operator, `theirs` is the formula from
its operators ("composed"). Memory is what a call needs at its peak, its arguments included. On a CPU it is
read in a process of its own, in which freed memory goes back to the system at once. The rows stand in
layer_rows.py.
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
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from layer_rows import ROWS, Row

HERE = Path(__file__).parent


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
        ours, theirs = (f(*arguments).double() - exact for f in (row.ours, row.theirs))
    return ours.abs().max().item(), theirs.abs().max().item()


# ------------------------------------------------------------------------------------------------------------
# memory


def status(field: str) -> int:
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(field)) * 1024


def size(arguments: tuple) -> int:
    return sum(t.nbytes for t in arguments if isinstance(t, Tensor))


def peak_here(row: Row, which: str, backward: bool) -> int:
    """Bytes at the peak of a call, its arguments included, as the system counts this process's pages."""
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


# ------------------------------------------------------------------------------------------------------------
# report


def machine(device: str, threads: int) -> str:
    name = platform.processor() or platform.machine()
    if device == "cuda":
        versions = f"CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}"
        name = f"{torch.cuda.get_device_name()}, {versions}"
    elif Path("/proc/cpuinfo").exists():
        with open("/proc/cpuinfo") as lines:
            models = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
            name = next(models, name)
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
        verdict = goal + ("" if met else "  missed")
        print(
            f"{label:46} {forward[2]:9.2f} {both[2]:7.2f} {used:>15} {error:6.2f}  {verdict}",
            flush=True,
        )
        results.append(
            {
                "layer": row.name,
                "shape": row.shape,
                "kind": row.kind,
                "composed": int(row.composed),
                "forward": f"{forward[2]:.3f}",
                "forward+backward": f"{both[2]:.3f}",
                "ours_ms": f"{forward[0] * 1e3:.3f}",
                "theirs_ms": f"{forward[1] * 1e3:.3f}",
                "ours_both_ms": f"{both[0] * 1e3:.3f}",
                "theirs_both_ms": f"{both[1] * 1e3:.3f}",
                "memory": f"{share[0]:.2f}" if share else "",
                "memory_both": f"{share[1]:.2f}" if share else "",
                "error": f"{error:.2f}",
                "target": goal,
                "met": int(met),
            }
        )
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
