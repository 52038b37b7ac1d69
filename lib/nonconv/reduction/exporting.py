"""A network as a graph by torch.export, written like one of torch.fx."""

import inspect
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from io import StringIO
from typing import Any, TypeVar

import torch
from torch import Tensor, fx, nn
from torch._subclasses import FakeTensor
from torch.fx.experimental.symbolic_shapes import ShapeEnv
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils._sympy.printers import PythonPrinter

from nonconv.reduction.calling import by_name
from nonconv.reduction.copies import copied_inputs
from nonconv.reduction.plain import plain
from nonconv.reduction.reasons import SKIPPED, NotTraced, hook_on, line
from nonconv.reduction.sizes import CheckSizes
from nonconv.reduction.smaller import two


def export(model: nn.Module, inputs: tuple[Any, ...]) -> tuple[fx.GraphModule, str]:
    """(graph module, for which inputs), with batch and sizes free where the network leaves them free.

    Raises NotTraced.
    """
    hooked = [name for name, module in model.named_modules() if hook_on(module)]
    if hooked:
        raise NotTraced(f"torch.export would lose the hook on {hooked[0]!r}")
    skipped = [name for name, module in model.named_modules() if SKIPPED in vars(module)]
    if skipped:
        raise NotTraced(f"torch.export would look into {skipped[0]!r}, which is to be skipped")

    def as_graph(program: Any) -> fx.GraphModule:
        module = plain(_module(program), model, _checks(program))
        if any(isinstance(one, FakeTensor) for one in tree_leaves(module(*inputs))):
            raise NotTraced("it keeps a tensor of the export's, which has a shape only")
        return module

    try:
        return _first(model, inputs, as_graph)
    except Exception as error:
        raise NotTraced(line(error)) from error


_EVERY = 99  # dimensions
_HOW = {_EVERY: "any size that it checks for", 1: "any batch of this size", 0: "inputs of this size only"}


Made = TypeVar("Made")


def _first(model: nn.Module, inputs: tuple[Any, ...], make: Callable[[Any], Made]) -> tuple[Made, str]:
    """(what `make` makes of the first program that it can be made of, for which inputs). Raises what the last
    attempt has raised.
    """
    # a size of 1 would be taken for one that never changes, one that is fixed at 2 is none of the example
    *attempts, last = [(two(inputs), _EVERY), (inputs, _EVERY), (two(inputs), 1), (inputs, 0)]
    with quiet():
        for given, free in attempts:
            with suppress(Exception):
                return make(_program(model, given, free)), _HOW[free]
        given, free = last
        return make(_program(model, given, free)), _HOW[free]


def _program(model: nn.Module, inputs: tuple[Any, ...], free: int) -> Any:
    given = copied_inputs(inputs)  # torch.export writes on tensors that their sizes are free, for good
    args, kwargs = _with_defaults(model, *by_name(model, given))
    shapes = _left_free(model, args, kwargs, free) if free else None
    with _no_endless_formulas():
        return torch.export.export(model, args, kwargs, dynamic_shapes=shapes)


LONGEST = 400  # operations in a formula of free sizes


@contextmanager
def _no_endless_formulas() -> Iterator[None]:
    """Windows in windows make formulas of sizes on which SymPy spends minutes: those sizes are not free."""
    evaluate = ShapeEnv.evaluate_expr

    def checked(env: Any, formula: Any, *args: Any, **kwargs: Any) -> Any:
        if hasattr(formula, "count_ops") and formula.count_ops() > LONGEST:
            raise NotTraced(f"torch.export decides by a formula of more than {LONGEST} operations on sizes")
        return evaluate(env, formula, *args, **kwargs)

    ShapeEnv.evaluate_expr = checked  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ShapeEnv.evaluate_expr = evaluate


def to_save(model: nn.Module, inputs: tuple[Any, ...]) -> Any:
    """The network as a program of torch.export, with batch and sizes free where it leaves them free."""

    def ran(program: Any) -> Any:
        program.module()(*inputs)
        return program

    try:
        return _first(model, inputs, ran)[0]
    except Exception as error:
        raise ValueError(f"torch.export cannot save it: {line(error)}") from error


def from_program(program: Any) -> fx.GraphModule:
    """The network of an exported program, which checks the sizes of its inputs and can be saved."""
    return plain(_module(program), None, _checks(program))


def _module(program: Any) -> Any:
    """The program's graph, without the guards that PyTorch 2.9 and newer would write into it."""
    guarded = "check_guards" in inspect.signature(program.module).parameters
    return program.module(check_guards=False) if guarded else program.module()


def _with_defaults(
    model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """With the arguments that were left out, so that the graph has them all, and checks them."""
    bound = inspect.signature(model.forward).bind(*args, **kwargs)
    given = set(bound.arguments)
    bound.apply_defaults()
    new = [value for name, value in bound.arguments.items() if name not in given]
    if not all(value is None or value in ((), {}) or isinstance(value, _SIMPLE) for value in new):
        return args, kwargs
    kinds = bound.signature.parameters
    left_out = {
        name: bound.arguments[name] for name in kinds if name not in given and kinds[name].kind != _REST
    }
    if all(kinds[name].kind in _BY_NAME for name in left_out):  # a decorator may look for them there
        return args, {**kwargs, **left_out}
    return bound.args, bound.kwargs


_SIMPLE = (bool, int, float, str)
_REST = inspect.Parameter.VAR_KEYWORD
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def _left_free(model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], free: int) -> Any:
    """By the names of the arguments: those of a forward(*args) are one to torch.export."""

    def dimensions(x: Any) -> Any:
        if not isinstance(x, Tensor):
            return None
        return {d: torch.export.Dim.AUTO for d in range(min(x.dim(), free))}

    return tree_map(dimensions, dict(inspect.signature(model.forward).bind(*args, **kwargs).arguments))


@contextmanager
def quiet() -> Iterator[None]:
    """What the compiler prints on its way is of no use to who reduces a network."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def exported(model: nn.Module) -> bool:
    """Does the network come from torch.export? It has no training mode then, and cannot be set to one."""
    return isinstance(model, fx.GraphModule) and hasattr(model.graph._codegen, "pytree_info")


def _checks(program: Any) -> CheckSizes:
    """What torch.export took for granted of the inputs."""
    values = {node.name: node.meta.get("val") for node in program.graph.nodes if node.op == "placeholder"}
    named = {name: values[name] for name in program.graph_signature.user_inputs if name in values}
    check = CheckSizes([])
    for value in named.values():
        if isinstance(value, Tensor):
            check.sizes.append(tuple(n if isinstance(n, int) else str(n) for n in value.shape))
    free = {n for size in check.sizes for n in size if isinstance(n, str)}
    for symbol, span in program.range_constraints.items():
        if str(symbol) in free:
            # 0 and 1 are ruled out by habit, not by anything that the network does
            check.least[str(symbol)] = int(span.lower) if span.lower > 2 else 0
            check.most[str(symbol)] = int(span.upper) if span.upper < 1 << 40 else 1 << 62
    held = [spec.arg for spec in program.graph_signature.input_specs if spec.kind.name == "USER_INPUT"]
    check.values = [arg.value for arg in held if hasattr(arg, "value")]  # all but tensors are as they were
    check.holders = [name for name, value in named.items() if isinstance(value, Tensor)]
    check.rules = _rules(program, named)
    return check


def _rules(program: Any, given: dict[str, Any]) -> list[str]:
    """What the sizes fulfil, as Python that reads the tensors from L.

    In torch 2.8 no program says it, but the symbols do.
    """
    if hasattr(program, "_guards_code"):
        return list(program._guards_code)
    places: dict[str, str] = {}
    environments: list[Any] = []
    for name, value in given.items():
        for d, n in enumerate(value.shape if isinstance(value, Tensor) else ()):
            if isinstance(n, torch.SymInt):
                environments.append(n.node.shape_env)
                places.setdefault(str(n), f"L[{name!r}].size()[{d}]")
    found: list[str] = []
    for known, guard in ((one, guard) for one in environments[:1] for guard in one.guards):
        expr = known.replace(guard.expr)  # sizes that are equal, or one number, stand there as such
        if missing := {str(symbol) for symbol in expr.free_symbols} - places.keys():
            raise NotTraced(f"torch.export decides by {expr}, where {missing} is no size of an input")
        if not expr.free_symbols:
            continue
        text = PythonPrinter().doprint(expr)
        found.append(re.sub(r"[a-z]\w*", lambda word: places.get(word[0], word[0]), text))
    return list(dict.fromkeys(found))
