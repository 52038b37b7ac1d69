"""Import Python files of units/ under generated names, as the folders' own names have hyphens.

Relative imports work: in units/UNIT/exercises/NN-NAME/checks.py, `from ...shared import statistics` reads
units/UNIT/shared.py.
"""

import hashlib
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from nonconv.authoring.percent import UnitError


def load(path: Path, units: Path) -> ModuleType:
    """Import a file below the folder `units`, afresh. UnitError if it is missing."""
    if not path.exists():
        raise UnitError(f"{path} is missing")
    package = _package(path.parent.resolve(), units.resolve())
    return _run(f"{package}.{_identifier(path.stem)}", path.resolve())


def _package(folder: Path, units: Path) -> str:
    """Import a folder and those above it as packages, and return the folder's name as a package.

    A shared.py in one of them is imported again if its file has changed.
    """
    if folder == units:
        name = "_units_" + hashlib.sha256(str(units).encode()).hexdigest()[:12]
    else:
        name = f"{_package(folder.parent, units)}.{_identifier(folder.name)}"
    if name not in sys.modules:
        module = ModuleType(name)
        module.__path__ = [str(folder)]
        sys.modules[name] = module
    shared = folder / "shared.py"
    if shared.exists() and _changed(f"{name}.shared", shared):
        _run(f"{name}.shared", shared)
    return name


def _changed(name: str, path: Path) -> bool:
    return getattr(sys.modules.get(name), "_stamp", None) != _stamp(path)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _run(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__["_stamp"] = _stamp(path)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name)
