"""How a network is called: undisturbed by what the caller of `reduce` has switched on, and its arguments."""

import gc
import inspect
import random
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor, fx, nn

from nonconv.reduction.trees import tree_leaves

_CPU = torch.device("cpu")
_default: ContextVar[torch.device] = ContextVar("the caller's default device", default=_CPU)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Neither do the caller's contexts reach in, nor does the random state change outside. Nor does Python's
    collector of cycles run, which graphs call often, and which goes through all that the process holds.
    """
    with ExitStack() as stack:
        young, middle, old = gc.get_threshold()
        gc.set_threshold(young, middle, max(old, 1 << 20))
        stack.callback(gc.set_threshold, young, middle, old)
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        for device in ("cpu", *(["cuda"] if torch.cuda.is_available() else [])):
            stack.enter_context(torch.autocast(device, enabled=False))
        stack.enter_context(_random_states())
        token = _default.set(torch.get_default_device())
        stack.callback(_default.reset, token)
        if _default.get().type != "cpu":  # the proof is on the CPU
            stack.enter_context(_CPU)
        yield


@contextmanager
def _random_states() -> Iterator[None]:
    """What a forward draws, of PyTorch's, Python's or NumPy's numbers, is drawn by nobody outside."""
    python, numpy = random.getstate(), sys.modules.get("numpy.random")
    drawn = numpy.get_state() if numpy else None
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    try:
        with torch.random.fork_rng(devices=devices):
            yield
    finally:
        random.setstate(python)
        if numpy:
            numpy.set_state(drawn)


def as_called(inputs: Any) -> AbstractContextManager[Any]:
    """Where a forward on these inputs makes its own tensors: by the caller's default, if they are there."""
    there = {x.device.type for x in tree_leaves(inputs) if isinstance(x, Tensor)}
    default = _default.get()
    return torch.device(default) if default.type != "cpu" and default.type in there else nullcontext()


def by_name(net: nn.Module, inputs: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """(arguments in order, those that forward takes by name only) of arguments that are all in order, which a
    graph takes as they are.
    """
    if isinstance(net, fx.GraphModule):
        return inputs, {}
    kinds = [(p.name, p.kind) for p in inspect.signature(net.forward).parameters.values()]
    named = [name for name, kind in kinds if kind is inspect.Parameter.KEYWORD_ONLY]
    if not named or any(kind is inspect.Parameter.VAR_POSITIONAL for _, kind in kinds):
        return inputs, {}
    first = next(n for n, (name, _) in enumerate(kinds) if name == named[0])
    return inputs[:first], dict(zip(named, inputs[first:], strict=False))
