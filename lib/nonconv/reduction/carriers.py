"""What lies between a layer and the batch norm behind it: flatten, transposition, concatenation, upsampling,
sums.

All but sums mix no two maps. Which map of which layer each of their numbers comes from is found by sending
labels through: one number for each map, the same at each position, 0 where there is none. A sum has labels
for each of its terms.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx
from torch.fx.node import Node
from torch.utils._pytree import tree_map

from nonconv.reduction.asking import casts_nothing, kind_of, shape, value_of
from nonconv.reduction.nodes import Average, Convolution, Identity, Kept, Linear, Sum, Transposed
from nonconv.reduction.proposals import View
from nonconv.reduction.shapes import asks_shape, asks_shape_of

_MODULES = {
    "Flatten",
    "Unflatten",
    "Upsample",
    "UpsamplingNearest2d",
    "UpsamplingBilinear2d",
    "PixelShuffle",
    "PixelUnshuffle",
    "ChannelShuffle",
} | {f"{kind}Pad{n}d" for kind in ("Reflection", "Replication", "Circular") for n in (1, 2, 3)}
_CALLS = {
    *(
        "requires_grad_",
        "flatten",
        "unflatten",
        "reshape",
        "reshape_as",
        "view",
        "view_as",
        "contiguous",
        "clone",
    ),
    *("permute", "transpose", "swapaxes", "swapdims", "movedim", "moveaxis", "t", "mT", "adjoint"),
    *("squeeze", "unsqueeze", "expand", "expand_as", "repeat", "repeat_interleave", "tile", "roll", "flip"),
    *("cat", "concat", "concatenate", "chunk", "split", "split_with_sizes", "tensor_split", "unbind"),
    *("getitem", "narrow", "select", "slice", "index_select", "_unsafe_view", "alias", "detach_copy"),
    *("pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "interpolate", "upsample", "pad"),
    *("upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d", "upsample_bilinear2d"),
}


@dataclass
class Path:
    """The layers whose maps arrive at a value, and the nodes between."""

    sources: list[Node]
    between: list[Node]  # in the order of the graph


class Blocked(Exception):
    """Why no way leads back from a value to layers that could take a batch norm in."""


def back(view: View, value: Node) -> Path:
    """Raises Blocked where something lies between that is no copy, or that is used elsewhere too."""
    sources: set[Node] = set()
    between: set[Node] = set()
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if node in sources or node in between:
            continue
        layer = view.layer(node)
        if isinstance(layer, Convolution | Transposed | Linear):
            sources.add(node)
        elif _carries(view, node):
            between.add(node)
            given = (one for one in node.all_input_nodes if not asks_shape(one))
            waiting += [one for one in given if _has_numbers(one)]
        elif node is value:
            raise Blocked("")
        elif isinstance(layer, Kept) and layer.might_be("conv"):
            raise Blocked(f"the {layer.name} before it must stay: {layer.why}")
        else:
            raise Blocked(f"between it and a convolution lies {_called(node, view.module)}")
    return Path(view.in_order(*sources), view.in_order(*between))


def _carries(view: View, node: Node) -> bool:
    layer = view.layer(node)
    if isinstance(layer, Identity | Sum):
        return True
    if isinstance(layer, Average):
        return not any(layer.kernel.padding)
    if kind_of(node, view.module) == "mean":
        return True  # over places; where it is over maps, no label is left
    names = _MODULES if node.op == "call_module" else _CALLS if node.op.startswith("call") else set()
    return kind_of(node, view.module) in names or casts_nothing(node, view.module)


def _has_numbers(node: Node) -> bool:
    """A tensor, or several of them in a tuple."""
    value = node.meta.get("value")
    return bool(shape(node)) or (isinstance(value, tuple | list) and not isinstance(value, torch.Size))


def _called(node: Node, module: fx.GraphModule) -> str:
    if node.op == "get_attr":
        return f"the parameter {node.target}, which it is added to"
    return kind_of(node, module) if node.op.startswith("call") else f"the input {node.name}"


def pulled_back(view: View, path: Path, value: Node, dim: int, *vectors: Tensor) -> dict[Node, list[Tensor]]:
    """For each source G and g, one number for each of its maps, that do there what the vectors do at `value`
    along this dimension: of a sum each term takes G, and the first of them g.

    Raises Blocked where one map would need two numbers, or where a step mixes maps.
    """
    counts = [_maps(view, source) for source in path.sources]
    labels = _labels(sum(counts))
    terms: dict[Node, list[Any]] = {}
    for source, own in zip(path.sources, labels.split(counts), strict=True):
        size = shape(source)
        at = len(size) - 1 if isinstance(view.layer(source), Linear) else 1
        terms[source] = [own.reshape([-1 if d == at else 1 for d in range(len(size))]).expand(size).clone()]
    _send(view, path, terms)
    G, g = (torch.full_like(labels, neutral) for neutral in (1.0, 0.0))
    known = torch.zeros_like(labels, dtype=torch.bool)
    for number, seen in enumerate(terms[value]):
        index = _index(seen, labels)
        there = (labels[index] - seen).abs() < 1e-9
        if not bool((there if number == 0 else there | (seen == 0)).all()):
            raise Blocked("what lies between it and the convolutions mixes maps, or puts zeros beside them")
        own = index[there]
        if bool(known[own].any()):
            raise Blocked("one map of a convolution is added to itself")
        known[own] = True
        for pulled, vector in zip((G, g) if number == 0 else (G,), vectors, strict=False):
            wanted = vector.reshape([-1 if d == dim else 1 for d in range(seen.dim())]).expand(seen.shape)[
                there
            ]
            pulled[own] = wanted
            if not torch.equal(pulled[own], wanted):
                raise Blocked("one map of the convolution is several of its maps, each with another number")
    parts = zip(path.sources, G.split(counts), g.split(counts), strict=True)
    return {source: [own_G, own_g] for source, own_G, own_g in parts}


def _labels(count: int) -> Tensor:
    """One for each map, at random: the average of several is none of them."""
    generator = torch.Generator().manual_seed(0)
    return 1.25 + torch.arange(count) + 0.5 * torch.rand(count, generator=generator, dtype=torch.float64)


def _index(seen: Tensor, labels: Tensor) -> Tensor:
    """Of which label each number is, if it is one."""
    return (seen.nan_to_num() - 1).floor().long().clamp(0, len(labels) - 1)


def _send(view: View, path: Path, terms: dict[Node, list[Any]]) -> None:
    """The labels of each term, in float64, through what lies between. Raises Blocked where it takes none."""
    try:
        _run(view, path, terms)
    except Exception as error:  # whatever it raises for other numbers than its own
        raise Blocked("what lies between it and the convolutions cannot be followed") from error


def _run(view: View, path: Path, terms: dict[Node, list[Any]]) -> None:
    given: dict[Node, Any] = {}
    with torch.no_grad():
        for node in path.between:
            layer = view.layer(node)
            if isinstance(layer, Sum):
                terms[node] = [part.expand(shape(node)) for part in terms[layer.x] + terms[layer.other]]
                continue
            for one in node.all_input_nodes:
                if one not in terms and one not in given:
                    known = one.op == "get_attr"
                    given[one] = value_of(one, {}, view.module) if known else one.meta.get("value")
            labelled = {one: terms[one] for one in node.all_input_nodes if one in terms}
            if not labelled:  # a part of a shape
                given[node] = value_of(node, given, view.module)
                continue
            terms[node] = []
            for number in range(max(map(len, labelled.values()))):
                values = {one: _term(parts, number) for one, parts in labelled.items()}
                terms[node].append(value_of(node, {**given, **values}, view.module))


def _term(parts: list[Any], number: int) -> Any:
    """One of the terms; zeros where there are fewer."""
    if number < len(parts):
        return parts[number]
    return tree_map(torch.zeros_like, parts[0])


def onward(view: View, value: Node) -> tuple[list[Node], list[Node]]:
    """(what only moves or averages the maps of the value, in order, the layers that read them behind it);
    none where anybody else reads them.
    """
    between, readers, waiting = set[Node](), set[Node](), [value]
    while waiting:
        node = waiting.pop()
        users = [user for user in node.users if not asks_shape_of(user, node)]
        for user in users:
            if isinstance(layer := view.layer(user), Linear | Convolution) and layer.x is node:
                readers.add(user)
            elif isinstance(layer, Sum) or not _carries(view, user):
                return [], []
            elif user not in between:
                between.add(user)
                waiting.append(user)
        if not users:
            return [], []
    for node in between:
        given = (one for one in node.all_input_nodes if one.op != "get_attr" and not asks_shape(one))
        if any(one is not value and one not in between for one in given if _has_numbers(one)):
            return [], []
    return view.in_order(*between), view.in_order(*readers)


def pushed_on(
    view: View, value: Node, dim: int, between: list[Node], readers: list[Node], *vectors: Tensor
) -> dict[Node, list[Tensor]]:
    """For each layer that reads the value, moved, the vectors with one number for each map that it reads.

    Raises Blocked where what lies between mixes maps.
    """
    size = shape(value)
    labels = _labels(size[dim])
    own = labels.reshape([-1 if d == dim else 1 for d in range(len(size))]).expand(size).clone()
    terms: dict[Node, list[Any]] = {value: [own]}
    _send(view, Path([value], between), terms)
    found: dict[Node, list[Tensor]] = {}
    for reader in readers:
        layer = view.layer(reader)
        (seen,) = terms[layer.x]  # type: ignore[union-attr]
        maps = (seen if isinstance(layer, Linear) else seen.movedim(1, -1)).flatten(0, -2)
        index = _index(maps[0], labels)
        if not bool(((labels[index] - maps).abs() < 1e-9).all()):
            kind = "linear layer" if isinstance(layer, Linear) else "convolution"
            raise Blocked(f"what lies between it and the {kind} mixes maps, or puts zeros beside them")
        found[reader] = [vector[index] for vector in vectors]
    return found


def _maps(view: View, source: Node) -> int:
    size = shape(source)
    return size[-1] if isinstance(view.layer(source), Linear) else size[1]
