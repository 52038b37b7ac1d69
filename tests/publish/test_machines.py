"""What a build writes does not depend on the processor: the settings stand for other machines."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Of Intel's MKL, of PyTorch's own kernels, and the number of threads. Processors of other makers are slower,
# or take other code paths.
SETTINGS = [
    {"MKL_CBWR": "COMPATIBLE"},
    {"MKL_CBWR": "AVX2"},
    {"ATEN_CPU_CAPABILITY": "default"},
    {"OMP_NUM_THREADS": "1"},
    {"OMP_NUM_THREADS": "4"},
]


def stale(settings: dict[str, str], *units: str) -> str:
    command = [sys.executable, "-m", "nonconv.publish", "--check", *units]
    # with more threads than cores, those that wait must not keep a core busy
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE"} | settings
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return result.stdout + result.stderr


def test_the_least_capable_processor_builds_the_same_files() -> None:
    # the unit with checks in float32, whose last digit was another on other processors
    settings = {"MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "default", "OMP_NUM_THREADS": "4"}
    assert stale(settings, "02-reduction-to-convolution") == "nothing is stale\n"


@pytest.mark.weekly
@pytest.mark.parametrize("settings", SETTINGS, ids=lambda one: "-".join(*one.items()))
def test_every_setting_builds_the_same_files(settings: dict[str, str]) -> None:
    assert stale(settings) == "nothing is stale\n"
