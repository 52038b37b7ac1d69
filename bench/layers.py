"""Time and memory of each reference layer as a ratio to the framework's own operator, on realistic shapes.

    python bench/layers.py                 all rows: a table, and bench/layers-<device>.csv and .png
    python bench/layers.py --only conv2d   rows whose name holds the word; written only with --out
    python bench/layers.py --device cuda   with CUDA events, TF32 allowed on both sides
    python bench/layers.py --batches 1 16  at the rows' own batch, and at 16 times it

One process. Ours, ours with compiled=True and theirs run in turns, so that what disturbs the machine disturbs
all. Times are medians of many; on one thread, of the processor's time. `fast=False` on our side throughout.
Where the framework has no such operator, `theirs` is the formula from its operators ("composed"). Memory is
what a call needs at its peak, with its arguments. On a CPU it is read in a process of its own, in which freed
memory goes back to the system at once.
The rows stand in layer_rows.py.
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
    # a clock on the wall also counts the turns of other programs, and of them the more, the longer a call:
    # beside ten programs on two cores a ratio of 1.5 was read as 5
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    start = clock()
    call()
    return clock() - start


def calls(row: Row, which: str, arguments: tuple, backward: bool) -> Callable:
    """The call to be measured: forward alone, or with the gradients of all floating-point arguments."""
    function: Any = getattr(row, which)
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


Medians = dict[str, tuple[float, float]]


def timed(row: Row, device: str, backward: bool, budget: float, times: int, compiled: bool) -> Medians:
    """Of theirs, ours and, where asked for, ours compiled: median seconds, and the median of its ratio to
    theirs, call by call in turns."""
    torch.manual_seed(0)
    arguments = placed(row.larger(row.arguments(), times), device)
    sides = ["theirs", "ours"] + ["compiled"] * (compiled and row.compiled is not None)
    of = {which: calls(row, which, arguments, backward) for which in sides}
    for _ in range(3):
        for call in of.values():
            call()
    once = sum(seconds(call, device) for call in of.values())
    turns = max(9, min(201, int(budget / max(once, 1e-6))))
    found = [{which: seconds(call, device) for which, call in of.items()} for _ in range(turns)]
    return {
        which: (
            statistics.median(turn[which] for turn in found),
            statistics.median(turn[which] / turn["theirs"] for turn in found),
        )
        for which in sides
    }


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
        ask = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
        driver = subprocess.run(ask, capture_output=True, text=True).stdout.split() or ["unknown"]
        versions = f"driver {driver[0]}, CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}"
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
    hollow: dict[str, Any] = {"facecolors": "none", "s": 26, "zorder": 3}
    for place, row in enumerate(reversed(results)):
        forward, both = float(row["forward"]), float(row["forward+backward"])
        axes.plot([forward, both], [place, place], color="#BBBBBB", zorder=1)
        axes.scatter(
            forward, place, color="#0072B2", marker="o", s=26, label="forward" if place == 0 else None
        )
        axes.scatter(
            both, place, color="#D55E00", marker="s", s=26, label="forward + backward" if place == 0 else None
        )
        for column, color, marker in (("compiled", "#0072B2", "o"), ("compiled_both", "#D55E00", "s")):
            if row[column]:
                axes.scatter(float(row[column]), place, **hollow, edgecolors=color, marker=marker)
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
    if any(row["compiled"] for row in results):
        axes.scatter([], [], **hollow, edgecolors="#555555", marker="o", label="hollow: compiled")
    axes.legend(loc="lower left", fontsize=8)
    figure.savefig(path, dpi=110)


@dataclass
class Asked:
    """What main read from the command line."""

    device: str
    threads: int
    budget: float
    only: str | None
    batches: list[int]  # how many times the rows' own batch
    compiled: float  # seconds that compiling may take in all: what comes later is not compiled
    memory: bool
    out: Path | None  # where tables go; if not given, beside this file, unless rows are chosen


def report(asked: Asked) -> None:
    device = asked.device
    results, title = [], machine(device, asked.threads)
    print(title)
    print(f"{'layer':49} {'forward':>9} {'fw+bw':>7} {'compiled':>15} {'memory':>15} {'error':>6}  target")
    begun = time.perf_counter()
    for row, times in ((row, times) for times in asked.batches for row in ROWS):
        if (asked.only and asked.only not in str(row)) or (times > 1 and not row.batch):
            continue
        may = time.perf_counter() - begun < asked.compiled
        passes = [timed(row, device, backward, asked.budget, times, may) for backward in (False, True)]
        forward, both = (one["ours"][1] for one in passes)
        fused = [one["compiled"][1] for one in passes if "compiled" in one]
        memory = [peaks(row, device, backward) for backward in (False, True)] if asked.memory else [None]
        share = [a / b for a, b in memory] if all(memory) else []  # type: ignore[misc]
        mine, others = errors(row, device)
        error = mine / others if others else float(mine > 0)
        goal = "" if row.target is None else f"{row.target[0]:g} / {row.target[1]:g}"
        met = row.target is None or (forward <= row.target[0] and both <= row.target[1])
        label = str(row) + (f" ×{times}" if times > 1 else "") + (" *" if row.composed else "")
        used = " / ".join(f"{s:.1f}" for s in share) or "–"
        with_compiler = " / ".join(f"{s:.2f}" for s in fused) or "–"
        verdict = goal + ("" if met else "  missed")
        print(
            f"{label:49} {forward:9.2f} {both:7.2f} {with_compiler:>15} {used:>15} {error:6.2f}  {verdict}",
            flush=True,
        )
        results.append(
            {
                "layer": row.name,
                "shape": row.shape,
                "batch": times,
                "kind": row.kind,
                "composed": int(row.composed),
                "forward": f"{forward:.3f}",
                "forward+backward": f"{both:.3f}",
                "compiled": f"{fused[0]:.3f}" if fused else "",
                "compiled_both": f"{fused[1]:.3f}" if fused else "",
                "ours_ms": f"{passes[0]['ours'][0] * 1e3:.3f}",
                "theirs_ms": f"{passes[0]['theirs'][0] * 1e3:.3f}",
                "ours_both_ms": f"{passes[1]['ours'][0] * 1e3:.3f}",
                "theirs_both_ms": f"{passes[1]['theirs'][0] * 1e3:.3f}",
                "memory": f"{share[0]:.2f}" if share else "",
                "memory_both": f"{share[1]:.2f}" if share else "",
                "error": f"{error:.2f}",
                "target": goal,
                "met": int(met),
            }
        )
    for times in asked.batches:
        own = [row for row in results if not row["composed"] and row["batch"] == times]
        for column in ("forward", "forward+backward", "compiled", "compiled_both"):
            ratios = [float(row[column]) for row in own if row[column]]
            if ratios:
                mean = math.exp(statistics.fmean(map(math.log, ratios)))
                print(
                    f"batch ×{times}, {len(ratios)} rows with an operator of the framework,"
                    f" geometric mean of {column}: {mean:.2f}"
                )
    if asked.only and not asked.out:
        return
    out = asked.out or HERE
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"layers-{device}.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        file.write(f"# {title}\n")
        writer = csv.DictWriter(file, results[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(results)
    for times in asked.batches:
        name = f"layers-{device}.png" if times == 1 else f"layers-{device}-{times}.png"
        plot([row for row in results if row["batch"] == times], title, out / name)


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
    parser.add_argument("--batches", type=int, nargs="+", default=[1], help="times the rows' own batch")
    parser.add_argument("--compiled", type=float, default=3600, help="seconds that may go into compiling")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--out", type=Path, help="the folder for tables and plots")
    parser.add_argument("--peaks", help=argparse.SUPPRESS)
    parser.add_argument("--backward", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    if given.device == "cuda":  # on both sides: cuDNN has it by default, products have not
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    if given.peaks:
        row = next(row for row in ROWS if str(row) == given.peaks)
        print(peak_here(row, "ours", given.backward), peak_here(row, "theirs", given.backward))
        return
    memory = not given.no_memory
    report(
        Asked(
            given.device,
            given.threads,
            given.budget,
            given.only,
            given.batches,
            given.compiled,
            memory,
            given.out,
        )
    )


if __name__ == "__main__":
    main()
