"""Where the merged layers of a graph go: to the paths that the convolutions had, and a layer that the network
calls several times stays one.
"""

import keyword
import operator

import torch
from torch import fx, nn
from torch.fx.node import Node

from nonconv.reduction.shapes import asks_kind


def source_of(node: Node, known: dict[str, str]) -> str | None:
    """The path of the layer whose kernel the node applies, or None. `known` has those of new layers."""
    if node.op == "call_module":
        return known.get(str(node.target), str(node.target))
    weights = [str(one.target) for one in node.all_input_nodes if one.op == "get_attr"]
    paths = {path for path, _, name in (target.rpartition(".") for target in weights) if name == "weight"}
    return paths.pop() if len(paths) == 1 else None


def only_kind_is_read(node: Node) -> bool:
    """Does nobody ask more of this parameter than its dtype or device?"""
    return node.op == "get_attr" and bool(node.users) and all(map(asks_kind, node.users))


def put(module: fx.GraphModule, old: str, new: str) -> None:
    """The layer at `old` goes to `new`, and so do those who call or read it."""
    if old != new:
        layer = module.get_submodule(old)
        module.delete_submodule(old)
        module.add_submodule(new, layer)
    for node in module.graph.nodes:
        target = str(node.target)
        if node.op == "call_module" and target == old:
            node.target = new
        elif node.op == "get_attr" and target.startswith(f"{old}."):
            node.target = new + target.removeprefix(old)


def settle(module: fx.GraphModule, sources: dict[str, str]) -> None:
    """Of new layers (by name: the path of the layer that they come of) those that are the same become one,
    and what is alone with its path goes there, if it is free.
    """
    there: dict[str, list[str]] = {}
    called = {node.target for node in module.graph.nodes if node.op == "call_module"}
    for name, path in sources.items():
        if name in called:
            alike = next((one for one in there.get(path, []) if _same(module, one, name)), None)
            if alike is None:
                there.setdefault(path, []).append(name)
            else:
                _call_instead(module, name, alike)
    for path, names in there.items():
        if len(names) == 1 and path and names[0] != path and _free(module, path):
            put(module, names[0], path)


def _same(module: fx.GraphModule, one: str, other: str) -> bool:
    a, b = module.get_submodule(one), module.get_submodule(other)
    if type(a) is not type(b) or a.extra_repr() != b.extra_repr():
        return False
    held, others = dict(a.named_parameters()), dict(b.named_parameters())
    return held.keys() == others.keys() and all(
        p.requires_grad == others[name].requires_grad
        and p.dtype == others[name].dtype
        # exact: of the same numbers in the same way
        and torch.equal(p, others[name])
        for name, p in held.items()
    )


def _call_instead(module: fx.GraphModule, name: str, other: str) -> None:
    for node in module.graph.nodes:
        if node.op == "call_module" and node.target == name:
            node.target = other
        elif node.op == "get_attr" and str(node.target).startswith(f"{name}."):
            node.target = other + str(node.target).removeprefix(name)
    module.delete_submodule(name)


def _free(module: fx.GraphModule, path: str) -> bool:
    """Does nobody call or read what is there, and is nothing else in the way?"""
    for node in module.graph.nodes:
        target = str(node.target)
        within = target == path or target.startswith(f"{path}.")
        if within and node.op in ("call_module", "get_attr"):
            return False
    above: nn.Module = module
    *folders, last = path.split(".")
    for name in folders:
        found = getattr(above, name, nn.Module())
        if not isinstance(found, nn.Module):
            return False
        above = found
    return isinstance(getattr(above, last, nn.Module()), nn.Module)


_TAKEN = set(dir(fx.GraphModule)) - set(dir(nn.Module)) | {"graph", "meta"}


def graph_module(model: nn.Module, graph: fx.Graph) -> tuple[fx.GraphModule, dict[str, str]]:
    """(the graph with the model's layers, new paths by old). A name that Python code cannot hold, `class`
    say, or that torch.fx takes for itself at the top, `graph` or `code`, gets a `_` behind it.
    """
    moved: dict[str, str] = {}
    paths: dict[str, str] = {}
    for node in graph.nodes:
        if node.op in ("call_module", "get_attr"):
            path = str(node.target)
            node.target = _spoken(model, path, moved)
            paths[node.target] = path
    if not moved:  # attributes of the model go with it
        return fx.GraphModule(model, graph, type(model).__name__), moved
    layers = {new: operator.attrgetter(path)(model) for new, path in paths.items()}
    module = fx.GraphModule(layers, graph, type(model).__name__)
    module.training = model.training
    return module, moved


def _spoken(model: nn.Module, path: str, moved: dict[str, str]) -> str:
    old, new, names = list[str](), list[str](), path.split(".")
    if names[0] not in _TAKEN and not any(map(keyword.iskeyword, names)):
        return path
    for name in names:
        above = operator.attrgetter(".".join(old))(model) if old else model
        old.append(name)
        if keyword.iskeyword(name) or (not new and name in _TAKEN):
            while hasattr(above, name) or name in _TAKEN:
                name += "_"
            moved[".".join(old)] = ".".join([*new, name])
        new.append(name)
    return ".".join(new)
