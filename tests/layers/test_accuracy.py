"""On every shape of the benchmark: float32 errs at most 4 times as much as the framework does,
against float64.
"""

import importlib.util
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "bench" / "layers.py"
SPEC = importlib.util.spec_from_file_location("bench_layers", PATH)
assert SPEC is not None
assert SPEC.loader is not None
bench = importlib.util.module_from_spec(SPEC)
sys.modules["bench_layers"] = bench
SPEC.loader.exec_module(bench)


@pytest.mark.slow
@pytest.mark.parametrize("row", bench.ROWS, ids=str)
def test_float32_errs_little_more_than_the_framework(row) -> None:
    ours, theirs = bench.errors(row, "cpu")
    assert ours <= 4 * theirs


def test_every_row_of_the_benchmark_is_another() -> None:
    """Its memory is measured in a process that finds the row by its words."""
    assert len({str(row) for row in bench.ROWS}) == len(bench.ROWS)
