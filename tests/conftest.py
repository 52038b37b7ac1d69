"""What all tests share: one thread and a fixed seed, since two cores run two workers; one zygote.

Several workers (`-n 2`) get the tests of a module or a class together, so that what it sets up is set up once
(helpers.groups).
"""

from importlib.util import find_spec
from typing import Any

import pytest
import torch

try:
    from nonconv.grading.kernels import client as found

    client: Any = found
except ImportError:  # a machine with a GPU need not have Jupyter, nor pytest-xdist: `make gpu`
    client = None

pytest_plugins = ["helpers.groups"] if find_spec("xdist") else []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--weekly", action="store_true", help="also what only the weekly job runs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("weekly") and not config.getoption("--weekly"):
            item.add_marker(pytest.mark.skip(reason="only in the weekly job: --weekly"))


def pytest_configure(config: pytest.Config) -> None:
    # cuDNN rounds float32 to TF32 unless it is told not to: 10 bits of a number instead of 23. Once PyTorch's
    # own test suite is imported nobody may say so any more.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    if client and client.available():
        client.folder()  # named before the workers start, so that they share what is started there
        if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
            client.prepare(isolated=True)  # one that has imported whatever any of the tests may need


@pytest.fixture(autouse=True)
def _same_every_time() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)


def devices() -> list:
    """Each device as a parameter; one that is not there is skipped with its reason."""
    cuda = torch.cuda.is_available()
    mps = torch.backends.mps.is_available()
    return [
        "cpu",
        pytest.param("cuda", marks=pytest.mark.skipif(not cuda, reason="no CUDA device here")),
        pytest.param("mps", marks=pytest.mark.skipif(not mps, reason="no MPS device here")),
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "device" in metafunc.fixturenames:
        metafunc.parametrize("device", devices())
