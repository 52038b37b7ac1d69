"""What lies between a layer and the batch norm behind it: flatten, transposition, concatenation, upsampling.

Such a step mixes no two maps. Which map of which layer each of its numbers comes from is found by sending
labels through it: one number for each map, the same at each position.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, fx
from torch.fx.node import Node

from nonconv.reduction.asking import casts_nothing, kind_of, shape, value_of
from nonconv.reduction.nodes import Average, Convolution, Identity, Linear, Transposed
from nonconv.reduction.proposals import View
from nonconv.reduction.shapes import asks_shape

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
    *("flatten", "unflatten", "reshape", "reshape_as", "view", "view_as", "contiguous", "clone"),
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
        else:
            raise Blocked(f"between it and a convolution lies {_called(node, view.module)}")
    return Path(view.in_order(*sources), view.in_order(*between))


def _carries(view: View, node: Node) -> bool:
    layer = view.layer(node)
    if isinstance(layer, Identity):
        return True
    if isinstance(layer, Average):
        return not any(layer.kernel.padding)
    names = _MODULES if node.op == "call_module" else _CALLS if node.op.startswith("call") else set()
    return kind_of(node, view.module) in names or casts_nothing(node, view.module)


def _has_numbers(node: Node) -> bool:
    """A tensor, or several of them in a tuple."""
    value = node.meta.get("value")
    return bool(shape(node)) or (isinstance(value, tuple | list) and not isinstance(value, torch.Size))


def _called(node: Node, module: fx.GraphModule) -> str:
    return kind_of(node, module) if node.op.startswith("call") else f"the input {node.name}"


def pulled_back(view: View, path: Path, value: Node, *vectors: Tensor) -> dict[Node, list[Tensor]]:
    """For each source the vectors, one number for each of its maps, that do there what they do at `value`.

    Raises Blocked where one map would need two numbers, or where a step mixes maps.
    """
    counts = [_maps(view, source) for source in path.sources]
    labels = 1 + torch.arange(sum(counts), dtype=torch.float64) * 2**0.5
    values: dict[Node, object] = {}
    for source, own in zip(path.sources, labels.split(counts), strict=True):
        size = shape(source)
        at = len(size) - 1 if isinstance(view.layer(source), Linear) else 1
        values[source] = own.reshape([-1 if d == at else 1 for d in range(len(size))]).expand(size).clone()
    with torch.no_grad():
        for node in path.between:
            for given in node.all_input_nodes:
                if given not in values:
                    values[given] = (
                        value_of(given, {}, view.module)
                        if given.op == "get_attr"
                        else given.meta.get("value")
                    )
            values[node] = value_of(node, values, view.module)
    seen = values[value]
    assert isinstance(seen, Tensor)
    index = ((seen - 1) / 2**0.5).round().long().clamp(0, len(labels) - 1)
    if not bool(((labels[index] - seen).abs() < 1e-9).all()):
        raise Blocked("what lies between it and the convolutions mixes maps, or puts zeros beside them")
    found: list[list[Tensor]] = []
    for vector, neutral in zip(vectors, (1.0, 0.0), strict=True):
        wanted = vector.reshape([-1 if d == 1 else 1 for d in range(seen.dim())]).expand(seen.shape)
        pulled = torch.full_like(labels, neutral)
        pulled[index] = wanted
        if not torch.equal(pulled[index], wanted):
            raise Blocked("one map of the convolution is several of its maps, each with another number")
        found.append(list(pulled.split(counts)))
    return {source: list(parts) for source, *parts in zip(path.sources, *found, strict=True)}


def _maps(view: View, source: Node) -> int:
    size = shape(source)
    return size[-1] if isinstance(view.layer(source), Linear) else size[1]
