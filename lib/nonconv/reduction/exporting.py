"""A network as a graph by torch.export, written like one of torch.fx."""

import inspect
import logging
import operator
import re
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import fields, is_dataclass
from io import StringIO
from typing import Any, TypeVar

import torch
from torch import Tensor, fx, nn
from torch._ops import HigherOrderOperator
from torch._subclasses import FakeTensor
from torch.fx.experimental.symbolic_shapes import ShapeEnv
from torch.fx.graph import CodeGen
from torch.fx.node import Node, map_arg
from torch.utils._pytree import TreeSpec, tree_leaves, tree_map, tree_unflatten
from torch.utils._sympy.printers import PythonPrinter

from nonconv.reduction.calling import by_name
from nonconv.reduction.containers import made_again, taken_apart
from nonconv.reduction.copies import copied_inputs
from nonconv.reduction.detaching import UNDER_NO_GRAD, detach_what_leaves
from nonconv.reduction.functions import written_down
from nonconv.reduction.sizes import CheckSizes, put
from nonconv.reduction.smaller import two
from nonconv.reduction.tracing import AUTOCAST_OFF, SKIPPED, NotTraced, hook_on, line


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


def _children(spec: TreeSpec) -> list[TreeSpec]:
    """What lies in a container: a method since PyTorch 2.9."""
    return spec.children() if hasattr(spec, "children") else spec.children_specs


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


def plain(module: Any, like: nn.Module | None = None, check: CheckSizes | None = None) -> fx.GraphModule:
    """The exported graph with the arguments of the original, and without parameters that nobody reads."""
    codegen = module.graph._codegen
    info = codegen.pytree_info
    graph = fx.Graph()
    copies: dict[Node, Any] = {}
    holders = [node for node in module.graph.nodes if node.op == "placeholder"]
    leaves = iter(holders)
    args, kwargs = _children(info.in_spec)
    names = list(info.orig_args)
    defaults = {} if like is None else inspect.signature(like.forward).parameters
    specs = [*_children(args), *_children(kwargs)]
    for name, spec in zip(names, specs, strict=False):
        default = getattr(defaults.get(name), "default", inspect.Parameter.empty)
        _unpacked(graph, graph.placeholder(name, default_value=default), spec, leaves, copies)
    _write(graph, module, copies)
    flat = tree_map(
        lambda x: copies[x] if isinstance(x, Node) else x, list(module.graph.output_node().args[0])
    )
    result = tree_unflatten(flat, info.out_spec)
    graph.output(_as_nodes(graph, result))
    for node in reversed(graph.nodes):
        if node.op == "get_attr" and not node.users:
            graph.erase_node(node)
    graph.set_codegen(CodeGen())
    written = [n.name for n in graph.nodes if isinstance(n.kwargs.get("out"), Node)]
    if written:
        raise NotTraced(f"torch.export looks into a function that has no gradient ({written[0]})")
    if check is not None:
        own = [node for node in graph.nodes if node.op == "placeholder"]
        check.names = [str(node.target) for node in own]
        put(graph, module, check, own)
    found = fx.GraphModule(module, graph, type(like).__name__ if like is not None else "GraphModule")
    for part in found.modules():
        part.training = False
        if isinstance(part, fx.GraphModule):  # a branch of torch.cond, which has to be loaded again too
            part.graph._tracer_cls = part._tracer_cls = fx.Tracer
    detach_what_leaves(found)
    if AUTOCAST_OFF in module.meta or any(node.target is WITH_AUTOCAST for node in module.graph.nodes):
        found.meta[AUTOCAST_OFF] = [""]
    return found


def _write(
    graph: fx.Graph, module: Any, copies: dict[Node, Any], path: str = "", learns: bool = True
) -> None:
    """Copies what the module's graph computes. What lies under `torch.no_grad`, or under an autocast, is a
    graph of its own there, at this path; the first is noted, see `detaching`.
    """
    for node in module.graph.nodes:
        if node.op in ("placeholder", "output"):
            continue
        if node.target in (WITH_GRAD, WITH_AUTOCAST):
            if node.target is WITH_AUTOCAST and node.args[2]:
                raise NotTraced("its forward opens torch.autocast, which the graph would lose")
            body, *given = node.args[1:] if node.target is WITH_GRAD else node.args[4:]
            inner = getattr(module, body.target)
            values = map_arg(given, copies.__getitem__)
            copies.update(zip(inner.graph.find_nodes(op="placeholder"), values, strict=True))
            below = node.args[0] if node.target is WITH_GRAD else learns
            _write(graph, inner, copies, f"{path}{body.target}.", below)
            copies[node] = map_arg(inner.graph.output_node().args[0], copies.__getitem__)
            continue
        if node.target is operator.getitem and isinstance(copies.get(node.args[0]), tuple | list):
            copies[node] = copies[node.args[0]][node.args[1]]
            continue
        copies[node] = copy = graph.node_copy(node, copies.__getitem__)
        if node.op in ("get_attr", "call_module"):
            copy.target = path + node.target
        if not learns:
            copy.meta[UNDER_NO_GRAD] = True
            copy.meta |= _noted(copy.meta.get("val"))
        if isinstance(node.target, HigherOrderOperator):  # torch.cond would see no stand-in for a tensor
            copy.args, copy.target = (f"higher_order.{node.target.name()}", *copy.args), made
        elif _of_sizes_alone(node):
            copy.args, copy.target = (str(copy.target), *copy.args), made


WITH_GRAD = torch.ops.higher_order.wrap_with_set_grad_enabled
WITH_AUTOCAST = torch.ops.higher_order.wrap_with_autocast


def _noted(value: Any) -> dict[str, Any]:
    """What `note_shapes` would write down."""
    if isinstance(value, Tensor):
        return {"shape": tuple(value.shape), "dtype": value.dtype}
    return {"value": value}


def _of_sizes_alone(node: Node) -> bool:
    """Does an operator of torch make a tensor of sizes that are in a list, and of no tensor?"""
    nested = [one for one in node.all_input_nodes if one not in node.args]
    tensors = [one for one in node.all_input_nodes if isinstance(one.meta.get("val"), Tensor)]
    return isinstance(node.target, torch._ops.OpOverload) and bool(nested) and not tensors


def made(operator_of_torch: str, *args: Any, **kwargs: Any) -> Any:
    """What the operator, `aten.zeros.default` say, makes of sizes, or `higher_order.cond` of its branches.
    They would not see a stand-in for a tensor, or for a size in a list, when the graph is traced once more
    as it is loaded.
    """
    noted = written_down(made, (operator_of_torch, *args), kwargs)
    if noted is not None:
        return noted
    return operator.attrgetter(operator_of_torch)(torch.ops)(*args, **kwargs)


def not_saved(graph: fx.Graph) -> str:
    """The kind of nodes that hold in this process only, "" if there are none."""
    kinds = (str(getattr(node.target, "__module__", "")) for node in graph.nodes)
    return "torch.vmap" if any(kind.startswith("torch._functorch") for kind in kinds) else ""


def _unpacked(graph: fx.Graph, node: Node, spec: TreeSpec, leaves: Iterator[Node], copies: dict) -> None:
    """The leaves of one argument, taken out of it."""
    if spec.is_leaf():
        copies[next(leaves)] = node
        return
    children = _children(spec)
    keys = spec.context if spec.type is dict else range(len(children))
    for key, child in zip(keys, children, strict=True):
        _unpacked(graph, graph.call_function(operator.getitem, (node, key)), child, leaves, copies)


def _as_nodes(graph: fx.Graph, value: Any) -> Any:
    """Containers that a graph does not hold are made by a call."""
    if (parts := taken_apart(value)) is not None:
        items, held = _as_nodes(graph, parts.items), _as_nodes(graph, parts.held)
        return graph.call_function(made_again, (parts.where, items, held))
    if isinstance(value, OrderedDict) and not is_dataclass(value):
        pairs = [(key, _as_nodes(graph, held)) for key, held in value.items()]
        return graph.call_function(type(value), (pairs,))
    if is_dataclass(value):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        kept = {name: _as_nodes(graph, part) for name, part in held.items() if part is not None}
        return graph.call_function(type(value), (), kept)  # type: ignore[arg-type]
    if isinstance(value, dict):
        return {key: _as_nodes(graph, held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        parts = [_as_nodes(graph, part) for part in value]
        if hasattr(value, "_fields"):  # inside a container its class would have no name in the graph's code
            return graph.call_function(type(value), tuple(parts))
        return type(value)(parts)
    return value
