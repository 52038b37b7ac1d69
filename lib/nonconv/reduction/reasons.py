"""Why something stays as it is: modules that must stay whole, networks of which no graph can be drawn, and
what the tracers say in other words.
"""

import re
from typing import Any

import torch
from torch import nn
from torch.nn.utils import parametrize

SKIPPED = "_nonconv_skipped"  # on copies of the modules that the user named


class NotTraced(Exception):
    """The network's forward cannot be written down as a graph; says why."""


class Refused(NotTraced):
    """No other way of tracing would be right either."""


def hook_on(module: nn.Module) -> str | None:
    """The kind of hook that is registered on this very module, or None."""
    kinds = {
        "a forward hook": module._forward_hooks,
        "a forward pre-hook": module._forward_pre_hooks,
        "a backward hook": module._backward_hooks,
        "a backward pre-hook": module._backward_pre_hooks,
    }
    return next((kind for kind, hooks in kinds.items() if any(map(_acts, hooks.values()))), None)


def _acts(hook: Any) -> bool:
    """Does the hook do anything that tracing would not see? Those that transformers leaves on each block
    after the first call collect outputs within the call that asks for them.
    """
    return getattr(hook, "__module__", "") != "transformers.utils.output_capturing"


def whole(module: nn.Module) -> str | None:
    """Why this module must stay as it is, whatever is inside, or None."""
    if SKIPPED in vars(module):
        return "it is to be skipped"
    hook = hook_on(module)
    if hook:
        return f"it has {hook}, which a merged layer would not call"
    if isinstance(module, torch.jit.ScriptModule):
        return "torch.jit has compiled it"
    if parametrize.is_parametrized(module):
        return "its weight is computed anew at each call (a parametrization)"
    return None


# what the tracers say, and what it is about
_IN_OTHER_WORDS = (
    ("data-dependent", "it decides by numbers that only a call has"),
    ("inputs to control flow", "its forward decides by numbers or sizes that only a call has"),
    ("Proxy object cannot be iterated", "its forward goes through a list, or a tensor, of any length"),
    ("'len' is not supported", "its forward asks for the length of a tensor, which x.shape[0] would say"),
    ("does not require grad", "it takes a gradient in its forward, which no graph holds"),
    ("requires? gradient|requires_grad=False", "it asks for gradients in its forward, which no graph holds"),
    (
        "a fake tensor in the exported",
        "it keeps or computes a tensor by ways that torch.export does not follow",
    ),
    ("does not support item assignment", "its forward writes into a part of what it computes"),
    (r"\b(Stand|StandForAttribute|\w*Proxy)\b", "its forward wants a number where only a call has one"),
    (r"Found (<class '.*?'>) in output", r"a graph cannot return a \1"),
    (r"argument of type: (<class '.*?'>)", r"a graph cannot hold a \1"),
)


def line(error: BaseException | None) -> str:
    """The first line of what an error says, with its kind where that is a single word."""
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    for pattern, words in _IN_OTHER_WORDS:
        if (known := re.search(pattern, said)) is not None:
            return known.expand(words)
    return said if " " in said or said == type(error).__name__ else f"{type(error).__name__}: {said}"
