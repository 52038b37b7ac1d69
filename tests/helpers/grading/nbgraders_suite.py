"""A plugin for pytest that runs some of nbgrader's own tests with RestoreCells in place of OverwriteCells."""

from functools import cache
from typing import Any

import nbgrader.api
import pytest

from nonconv.grading.engine.restore import RestoreCells
from nonconv.publish.course import newest_tables

# what of nbgrader_config.py is the engine; where the course's folders are, say, is no part of it
ENGINE = ("Autograde", "Execute", "OverwriteCells", "HTMLExporter")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--names", help="these tests only, with a comma between them")
    parser.addoption("--but", default="", help="all but these tests")
    parser.addoption("--part", default="1/1", help="K/N: the K-th of N parts of what is left")


def pytest_configure() -> None:
    # nbgrader would start the program `alembic` for each new gradebook, to ask for this: half of the time
    nbgrader.api.get_alembic_version = cache(newest_tables)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    for item in items:
        module: Any = item.module
        if hasattr(module, "OverwriteCells"):
            module.OverwriteCells = RestoreCells
    options: Any = config.option
    names, but = options.names, options.but.split(",")
    wanted = [
        item
        for item in items
        if item.originalname not in but and (names is None or item.originalname in names.split(","))
    ]
    part, parts = map(int, options.part.split("/"))
    items[:] = wanted[part - 1 :: parts]
