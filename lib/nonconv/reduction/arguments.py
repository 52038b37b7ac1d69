"""What a user says to `reduce`, made plain: the inputs as arguments in order, the modules by their paths."""

import inspect
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from torch import Tensor, fx, nn

from nonconv.reduction.calling import by_name
from nonconv.reduction.reasons import SKIPPED
from nonconv.reduction.trees import tree_leaves

KEYWORD_ONLY, VAR_POSITIONAL = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_POSITIONAL


def shortened(value: Any) -> str:
    """In one line; numbers of tensors are many."""
    shown = " ".join(repr(value).split())
    return shown if len(shown) <= 60 else f"{type(value).__name__}({shown.partition('(')[2][:40]}…"


def arguments(model: nn.Module, example_input: Any, named: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """The example as the arguments of `forward`, in its order; those between that were left out at their
    default.

    Raises ValueError for an example without a tensor, and for a name that `forward` does not take.
    """
    inputs = example_input if isinstance(example_input, tuple) else (example_input,)
    if example_input is None and named:
        inputs = ()
    if named:
        inputs = _in_order(model, inputs, named)
    if not any(isinstance(x, Tensor) for x in tree_leaves(inputs)):
        raise ValueError(
            f"example_input must be a tensor or a tuple of arguments with one, not {shortened(example_input)}"
        )
    return inputs


def _in_order(model: nn.Module, inputs: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
    signature = inspect.signature(model.forward)
    takes = list(signature.parameters)
    try:
        bound = signature.bind(*inputs, **named)
    except TypeError as error:
        raise ValueError(f"example_kwargs do not fit forward({', '.join(takes)}): {error}") from error
    last = max(n for n, name in enumerate(takes) if name in bound.arguments)
    bound.apply_defaults()
    kinds = {name: parameter.kind for name, parameter in signature.parameters.items()}
    for name in takes[: last + 1]:
        if kinds[name] is KEYWORD_ONLY and VAR_POSITIONAL in kinds.values():
            raise ValueError(f"forward takes {name} behind others of any number, which a graph cannot hold")
        if kinds[name] is inspect.Parameter.VAR_KEYWORD:
            raise ValueError(f"forward takes {', '.join(named)} in **{name}, which a graph cannot hold")
    if VAR_POSITIONAL in kinds.values():
        return tuple(bound.args)
    return tuple(bound.arguments[name] for name in takes[: last + 1])


def skipped(model: nn.Module, skip: Collection[str | nn.Module | type[nn.Module]]) -> list[str]:
    """The paths of the modules that are named by path, by class, or that are given themselves.

    Raises ValueError for a name, a class or a module that the network does not have, and for the network
    itself.
    """
    if isinstance(skip, str | nn.Module | type):
        skip = (skip,)
    paths = {path: part for path, part in model.named_modules(remove_duplicate=False)}
    found: list[str] = []
    for one in skip:
        if isinstance(one, str):
            here = [one] if one in paths else []
        elif isinstance(one, type):
            here = [path for path, part in paths.items() if isinstance(part, one)]
        else:
            here = [path for path, part in paths.items() if part is one]
        if not here:
            near = get_close_matches(str(one), paths, n=3) if isinstance(one, str) else []
            hint = f"; near it are {', '.join(near)}" if near else ""
            name = one if isinstance(one, str) else getattr(one, "__name__", type(one).__name__)
            raise ValueError(f"skip: the network has no module {name!r}{hint}")
        found += here
    if "" in found:
        raise ValueError("skip: that is the network itself, and nothing would be left to reduce")
    return found


def marked(model: nn.Module, paths: Collection[str]) -> nn.Module:
    """The same network, a copy, in which the modules at these paths stay as they are."""
    for path in paths:
        vars(model.get_submodule(path))[SKIPPED] = True
    return model


def unmarked(model: nn.Module) -> nn.Module:
    """The same network without the marks of `marked`."""
    for part in model.modules():
        vars(part).pop(SKIPPED, None)
    return model


def decided(model: nn.Module, inputs: tuple[Any, ...]) -> dict[str, Any]:
    """Arguments by name, given or left at their default, that are None, a truth value or a string."""
    try:
        in_order, named = by_name(model, inputs)
        bound = inspect.signature(model.forward).bind(*in_order, **named)
        bound.apply_defaults()
    except (TypeError, ValueError):
        return {}
    kinds = {name: parameter.kind for name, parameter in bound.signature.parameters.items()}
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {
        name: value
        for name, value in bound.arguments.items()
        if (value is None or isinstance(value, bool | str)) and kinds[name] not in variable
    }


def only(value: Any, expected: Any, name: str) -> None:
    """Raises ValueError for another value of an argument than the one that the graph was drawn for."""
    if isinstance(value, fx.Proxy):  # the graph is traced once more, when it is loaded
        value.tracer.create_proxy("call_function", only, (value, expected, name), {})
    elif value is not expected and (isinstance(value, Tensor) or value != expected):
        what = f"a tensor of shape {tuple(value.shape)}" if isinstance(value, Tensor) else repr(value)
        raise ValueError(
            f"this network was reduced for {name}={expected!r}, so {name} cannot be {what}:"
            " call reduce with an example that has it"
        )
