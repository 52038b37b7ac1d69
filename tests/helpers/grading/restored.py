"""A plugin for pytest: nbgrader's own tests of OverwriteCells, with RestoreCells in its place."""

from typing import Any

import pytest

from nonconv.grading.engine.restore import RestoreCells


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    for item in items:
        module: Any = item.module
        if hasattr(module, "OverwriteCells"):
            module.OverwriteCells = RestoreCells
