"""All that needs a GPU, in one run of at most seven minutes: `make gpu`.

    python bench/gpu.py                  tests, lectures, reduced networks and the layers' times on CUDA
    python bench/gpu.py --device cpu     a rehearsal: the same parts at small sizes, written to build/gpu

It needs this checkout, PyTorch 2.8 or newer, numpy, pytest, matplotlib and scikit-learn. Nothing is installed
and nothing is fetched. Each part is a process of its own and gets what is left of the time; a part that does
not finish is named, and the next one runs. bench/gpu.md says what was run where, and what came out.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from layers import machine

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent

# with a test for each device: float64 and float32 with TF32 off, bf16 and fp16 against float64, gradients
TESTS = """
    tests/layers/test_every_layer.py tests/layers/test_normalization.py
    tests/networks/test_networks.py tests/networks/test_attention_networks.py tests/reduction/test_network.py
"""


@dataclass
class Part:
    name: str
    command: list[str]
    most: float  # seconds


def parts(device: str, out: Path) -> list[Part]:
    rehearsed = device != "cuda"
    python = sys.executable
    measure = [python, "bench/layers.py", "--device", device, "--out", str(out)]
    reduced = [python, "bench/reduce.py", "--device", device, "--no-inductor", "--out", str(out)]
    lectures = sorted(
        lecture.parent.name
        for lecture in ROOT.glob("units/*/lecture.py")
        if "torch.cuda.is_available()" in lecture.read_text(encoding="utf-8")
    )
    tests = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", device]
    if rehearsed:
        measure += ["--budget", "0.02", "--only", "pool2d", "--no-memory", "--compiled", "20"]
        reduced += ["--budget", "0.1", "--only", "resnet-18"]
        lectures = lectures[:1]
        tests += ["-x"]
    else:
        measure += ["--budget", "0.15", "--batches", "1", "16", "--compiled", "60"]
        reduced += ["--budget", "2"]
    return [
        Part("tests", [*tests, *TESTS.split()], 130),
        Part("lectures", [python, "-m", "helpers.lectures", *lectures], 120),
        Part("reduced networks", reduced, 80),
        Part("layers", measure, 200),
    ]


def run(part: Part, environment: dict[str, str], left: float) -> tuple[str, str]:
    """What is said of a part in the table, and all that it printed."""
    start = time.perf_counter()
    try:
        ran = subprocess.run(
            part.command,
            cwd=ROOT,
            env=environment,
            timeout=max(1.0, min(part.most, left)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said, printed = "passed" if ran.returncode == 0 else f"failed, status {ran.returncode}", ran.stdout
    except subprocess.TimeoutExpired as late:
        printed = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        said = f"not finished in {late.timeout:.0f} s"
    return f"{said}; {time.perf_counter() - start:.0f} s", printed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cuda", choices=["cpu", "cuda"])
    parser.add_argument("--seconds", type=float, default=420)
    asked = parser.parse_args()
    if asked.device == "cuda" and not torch.cuda.is_available():
        print(
            f"torch {torch.__version__} sees no CUDA device here. `make gpu DEVICE=cpu` rehearses the run at"
            " small sizes."
        )
        return 1
    out = HERE if asked.device == "cuda" else ROOT / "build/gpu"
    out.mkdir(parents=True, exist_ok=True)
    paths = [str(ROOT / folder) for folder in ("lib", "tests", "tests/course", "bench")]
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(paths), MPLBACKEND="Agg")
    if asked.device == "cpu":
        environment["CUDA_VISIBLE_DEVICES"] = ""
    begun = time.perf_counter()
    title = machine(asked.device, 1)
    print(title, flush=True)
    table, printed = [], []
    for part in parts(asked.device, out):
        said, text = run(part, environment, asked.seconds - (time.perf_counter() - begun))
        lines = text.rstrip().splitlines()
        # a table is kept whole; of what else is printed, its end
        shown = lines if part.name in ("lectures", "reduced networks", "layers") else lines[-12:]
        table.append(f"| {part.name} | {said} |")
        printed.append(f"## {part.name.capitalize()}\n\n```\n" + "\n".join(shown) + "\n```\n")
        print(f"{part.name}: {said}", *shown, sep="\n", flush=True)
    head = f"# One run on {'a GPU' if asked.device == 'cuda' else 'a CPU, a rehearsal at small sizes'}\n\n"
    today = time.strftime("%Y-%m-%d")
    where = f"{title}, {platform.system()} {platform.release()}; written by `make gpu`, {today}."
    rows = "\n".join(["| part | result |", "|---|---|", *table])
    (out / "gpu.md").write_text(f"{head}{where}\n\n{rows}\n\n" + "\n".join(printed), encoding="utf-8")
    print(f"\n{rows}\n{time.perf_counter() - begun:.0f} s in all; {(out / 'gpu.md').relative_to(ROOT)}")
    return int(any("; " in row and "| passed" not in row for row in table))


if __name__ == "__main__":
    sys.exit(main())
