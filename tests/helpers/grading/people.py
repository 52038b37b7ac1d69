"""Users of this machine, made for a test: each types commands in a folder of its own."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import nbgrader
import pytest

import nonconv

LIBRARIES = [str(Path(module.__path__[0]).parent) for module in (nonconv, nbgrader)]


@dataclass
class Person:
    """Somebody who types commands in a folder; `name` None: the instructor, who runs the test."""

    folder: Path
    python: str
    name: str | None = None

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        kept = os.environ if self.name is None else {"PATH": "/usr/bin:/bin"}
        mine = {**kept, "PYTHONPATH": os.pathsep.join(LIBRARIES)}
        if self.name is not None:
            mine |= {"HOME": str(self.folder), "USER": self.name, "JUPYTER_PREFER_ENV_PATH": "0"}
        group = None if self.name is None else pwd.getpwnam(self.name).pw_gid
        return subprocess.run(
            [self.python, *words],
            cwd=self.folder,
            env=mine,
            user=self.name,
            group=group,
            extra_groups=None if self.name is None else [],
            capture_output=True,
            text=True,
        )

    def succeeds(self, *words: str) -> str:
        done = self.types(*words)
        assert done.returncode == 0, f"{self.name or 'instructor'}: {' '.join(words)}\n{done.stderr[-3000:]}"
        return done.stdout + done.stderr

    def nbgrader(self, *words: str) -> str:
        return self.succeeds("-m", "nbgrader", *words)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory(prefix="exchange-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def new_user(open_folder: Path) -> Iterator[Callable[[str], Person]]:
    """Makes a system user with a home in that folder, and removes it at the end."""
    if os.getuid() != 0 or shutil.which("useradd") is None:
        pytest.skip("making system users needs root and the program `useradd`")
    with ExitStack() as stack:

        def made(name: str) -> Person:
            home = open_folder / name
            subprocess.run(["useradd", "--create-home", "--home-dir", str(home), name], check=True)
            stack.callback(subprocess.run, ["userdel", name], check=True)
            person = Person(home, sys.executable, name)
            # the environment's own Python may lie in root's folder; then the system's, if it is the same one
            for person.python in (sys.executable, "/usr/bin/python3"):
                try:
                    done = person.types("-c", "import nbgrader.apps, sys; print(sys.version_info[:2])")
                except PermissionError:
                    continue
                if done.stdout.strip() == str(sys.version_info[:2]):
                    return person
            pytest.skip("no Python here that another user can run together with this environment")

        yield made


def exchange_in(folder: Path) -> Path:
    """nbgrader's exchange, into which everybody may write."""
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    return exchange
