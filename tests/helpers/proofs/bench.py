"""Milliseconds of processor time per line, bounds typing included: `make bench-proofs`

For every statement: its reference proof, line by line, in each dimension (the minimum of a few runs); then
the whole certificate as the judge sees it.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

from helpers.proofs.reference import REFERENCE
from nonconv.proofs import judge
from nonconv.proofs.checking import PROVED, Checker

RUNS = 3


def line_times(work, d: int) -> list[float]:
    """Seconds for each line of a proof in d dimensions: well-formedness, bounds typing and the rule."""
    st = replace(work.statement, dims=(d,))
    proof = work.proof
    best = [float("inf")] * len(proof.steps)
    for _ in range(RUNS):
        checker = Checker(st, proof.witness, proof.indices)
        for n, (a, b, reason) in enumerate(zip(proof.lines, proof.lines[1:], proof.steps, strict=False)):
            for ctx in checker.contexts.values():
                ctx.cache.clear()  # no line profits from another one
            start = time.process_time()
            assert checker.line(n + 1, a, None, b, reason).verdict == PROVED
            best[n] = min(best[n], time.process_time() - start)
    return best


def main() -> int:
    """The command line; exit status 1 if a 2-D line takes 50 ms or a strided 3-D line a second."""
    slow = 0
    print(f"{'statement':24s} {'d':>2s} {'lines':>5s} {'mean ms':>8s} {'worst ms':>8s}  judged, all dims")
    for name, make in REFERENCE.items():
        work = make()
        certificate = work.certificate()
        start = time.process_time()
        assert judge(certificate, name)["proved"]
        total = time.process_time() - start
        for d in work.statement.dims:
            times = [1e3 * t for t in line_times(work, d)]
            slow += max(times) >= (1000 if d == 3 else 50)
            whole = f"{1e3 * total:8.0f} ms" if d == work.statement.dims[0] else ""
            print(
                f"{name:24s} {d:2d} {len(times):5d} {sum(times) / len(times):8.1f} {max(times):8.1f}  {whole}"
            )
    print("all within the limits" if not slow else f"{slow} statements have a line over the limit")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
