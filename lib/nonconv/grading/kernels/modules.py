"""The modules that the zygote imports before it forks: which, how, and what happens when a file of the
course was edited."""

import contextlib
import gc
import importlib
import os
import sys

# what every kernel needs; then, when no client waits, what only some do (client.LATER)
FIRST = (
    "numpy",
    "numpy.random",
    "torch",
    "torch._subclasses.schema_check_mode",
    "nonconv.checks",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "tornado.platform.asyncio",
    "nonconv.grading.kernels.app",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "faulthandler",
    "pdb",
    "stack_data",  # with the next: a traceback
    "pygments.formatters.terminal256",
)


def load(module: str) -> None:
    """Import, and keep what was imported out of the garbage collector's sight, so that the pages stay
    shared."""
    gc.disable()  # what is imported is no garbage: looking for some would take a fifth of the time
    with contextlib.suppress(ImportError):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    gc.enable()


def own_modules() -> list[str]:
    """The course's own modules, but for those that the zygote itself runs on."""
    return [
        name for name in sys.modules if name.startswith("nonconv.") and not name.startswith("nonconv.grading")
    ]


def edited(since: float) -> bool:
    """Is a file of the course newer than the zygote, which may live as long as a JupyterLab does?"""
    files = [sys.modules[name].__file__ for name in own_modules()]
    try:
        return any(file and os.path.getmtime(file) > since for file in files)
    except FileNotFoundError:
        return True


def forget_own_modules() -> None:
    for name in own_modules():
        del sys.modules[name]
