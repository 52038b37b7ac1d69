"""A plugin for pytest: which tests go to one worker of pytest-xdist (`-n 2`) together, and in which order.

A module's or a class's tests go together, so that what it sets up is set up once. A long module names groups
by `pytest.mark.xdist_group`, and they may go to different workers.

pytest-xdist 3.8 has `--dist loadgroup` for that, but with pytest 9 it sends each test anywhere: it writes the
group into a test's id, where pytest looks no longer. Here the workers, which know the marks, write a file for
the process that distributes the tests.
"""

import json
import os
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FILE = pytest.StashKey[Path]()


def group(item: pytest.Item) -> str:
    """The group's name: by the test's mark, else its class or module."""
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else item.parent.nodeid if item.parent else item.nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long groups first, or one worker would still run one when the other has nothing left."""
    slow = {group(item) for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: group(item) not in slow)


def pytest_configure_node(node: Any) -> None:
    stash = node.config.stash
    if FILE not in stash:
        stash[FILE] = Path(tempfile.mkdtemp(prefix="groups-")) / "groups.json"
    node.workerinput["groups"] = str(stash[FILE])


@pytest.hookimpl(tryfirst=True)  # before the worker says that it is ready
def pytest_collection_finish(session: pytest.Session) -> None:
    if (worker := getattr(session.config, "workerinput", None)) is not None:
        file = Path(worker["groups"])
        made = file.with_suffix(f".{os.getpid()}")
        made.write_text(json.dumps({item.nodeid: group(item) for item in session.items}))
        made.replace(file)  # as a whole: each worker writes the same


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Groups(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if (file := config.stash.get(FILE, None)) is not None:
        shutil.rmtree(file.parent, ignore_errors=True)


class Groups(LoadScopeScheduling):
    """pytest-xdist's scopes, by what the file says, in the order of the tests."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    @cached_property
    def _groups(self) -> dict[str, str]:
        return json.loads(self.config.stash[FILE].read_text())

    def _split_scope(self, nodeid: str) -> str:
        return self._groups[nodeid]
