"""Each node of a graph read as what it is, see `nodes`.

Modules and functions of the framework and of `nonconv.layers`,
and the operators that torch.export writes, come out alike.
"""

import operator
from dataclasses import replace
from math import prod
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node
from torch.nn import functional as F

from nonconv import layers
from nonconv.layers._arguments import numbers
from nonconv.reduction.affine import (
    BY,
    BY_METHODS,
    MINUS,
    MINUS_METHODS,
    TIMES,
    TIMES_METHODS,
    computed,
    multiplied_and_added,
    parameters_of,
    scaled,
)
from nonconv.reduction.asking import kind_of, part_at, shape
from nonconv.reduction.averages import average_pooling
from nonconv.reduction.constants import held
from nonconv.reduction.functions import applied
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.nodes import (
    Average,
    BatchNorm,
    Convolution,
    Flatten,
    Identity,
    Kept,
    Layer,
    Linear,
    Scale,
    Sum,
    Transposed,
)
from nonconv.reduction.tracing import whole

# each kind of layer: its modules (with the dimensions of their positions), its functions and operators
CONV = {nn.Conv1d: 1, nn.Conv2d: 2, nn.Conv3d: 3, layers.Conv2d: 2}
TRANSPOSED = {nn.ConvTranspose1d: 1, nn.ConvTranspose2d: 2, nn.ConvTranspose3d: 3, layers.ConvTranspose2d: 2}
NORM = {
    nn.BatchNorm1d: 0,
    nn.BatchNorm2d: 2,
    nn.BatchNorm3d: 3,
    nn.SyncBatchNorm: 0,
    nn.InstanceNorm1d: 1,  # with running averages it is, in evaluation mode, what batch norm is
    nn.InstanceNorm2d: 2,
    nn.InstanceNorm3d: 3,
    layers.BatchNorm2d: 2,
}
LINEAR = {nn.Linear: 0, layers.Linear: 0}
AVERAGE = {nn.AvgPool1d: 1, nn.AvgPool2d: 2, nn.AvgPool3d: 3}
ADAPTIVE = {nn.AdaptiveAvgPool1d: 1, nn.AdaptiveAvgPool2d: 2, nn.AdaptiveAvgPool3d: 3}
NOTHING = (
    nn.Identity,
    nn.Dropout,
    nn.Dropout1d,
    nn.Dropout2d,
    nn.Dropout3d,
    nn.AlphaDropout,
    nn.FeatureAlphaDropout,
)
aten = torch.ops.aten


def _by_sides(name: str, *libraries: Any) -> dict[Any, int]:
    """The functions conv1d, conv2d and conv3d (for "conv{}d") of all libraries that have them,
    and their sides.
    """
    found = [(getattr(library, name.format(n), None), n) for library in libraries for n in (1, 2, 3)]
    return {function: n for function, n in found if function is not None}


CONV_F = _by_sides("conv{}d", F, layers, aten)
TRANSPOSED_F = _by_sides("conv_transpose{}d", F, layers, aten)
NORM_F = (F.batch_norm, layers.batch_norm)
ATEN_NORM = (aten.batch_norm, torch.batch_norm)
LINEAR_F = (F.linear, layers.linear, aten.linear)
MATMUL_F = (operator.matmul, torch.matmul, torch.mm, aten.matmul, aten.mm)
AVERAGE_F = _by_sides("avg_pool{}d", F, layers, aten)
ADAPTIVE_F = _by_sides("adaptive_avg_pool{}d", F, layers, aten) | {layers.global_avg_pool2d: 2}
DROPOUT_F = (
    F.dropout,
    F.dropout1d,
    F.dropout2d,
    F.dropout3d,
    F.alpha_dropout,
    F.feature_alpha_dropout,
    torch.dropout,
    aten.dropout,
    aten.feature_dropout,
    aten.alpha_dropout,
)
ADD_F = (operator.add, operator.iadd, torch.add, aten.add, aten.add_)
SUB_F = (operator.sub, operator.isub, torch.sub, torch.subtract, aten.sub, aten.sub_)
MEAN_F = (torch.mean, aten.mean)
FLATTEN_F = (torch.flatten, torch.reshape, aten.flatten, aten.view, aten.reshape)
SLOTS = {
    "conv": ("x", "weight", "bias", "stride", "padding", "dilation", "groups"),
    "transposed": ("x", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"),
    "norm": ("x", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps"),
    "aten norm": ("x", "weight", "bias", "running_mean", "running_var", "training", "momentum", "eps"),
    "linear": ("x", "weight", "bias"),
    "average": (
        "x",
        "kernel_size",
        "stride",
        "padding",
        "ceil_mode",
        "count_include_pad",
        "divisor_override",
    ),
    "dropout": ("x", "p", "training"),
    "add": ("x", "other"),
    "mean": ("x", "dim", "keepdim"),
}


def _called(node: Node, kind: str) -> dict[str, Any]:
    """The node's arguments by the names of `SLOTS`;
    the framework calls x `input`, and `self` as an operator.
    """
    found = dict(zip(SLOTS[kind], node.args, strict=False))
    for name, value in node.kwargs.items():
        found["x" if name in ("input", "self") else name] = value
    return found


class Unreadable(Exception):
    """Why a layer cannot be read."""


def read(node: Node, module: fx.GraphModule) -> Layer | None:
    """What the node is, or None where it is nothing that this package speaks of."""
    if node.op == "call_module":
        given = (
            node.args[0] if node.args else node.kwargs.get("input", next(iter(node.kwargs.values()), None))
        )
    elif node.op in ("call_function", "call_method"):
        given = node.args[0] if node.args else node.kwargs.get("input")
    else:
        return None
    try:
        if node.op == "call_module":
            return _read_module(node, given, part_at(module, node.target))
        return _read_call(node, module)
    except (Unreadable, ValueError) as error:
        if not isinstance(given, Node):
            return None
        return Kept(x=given, name=kind_of(node, module), why=str(error))


def _read_module(node: Node, x: Any, inside: nn.Module) -> Layer | None:
    base = next((kind for kind in type(inside).__mro__ if kind in _KNOWN), None)
    if base is None or not isinstance(x, Node):
        return None
    more = (*node.args[1:], *(value for name, value in node.kwargs.items() if name != "input"))
    if more and (base not in TRANSPOSED or len(more) > 1 or set(node.kwargs) - {"input", "output_size"}):
        raise Unreadable("it is called with more than one argument")
    stays = whole(inside)
    if stays:
        raise Unreadable(stays)
    own = [
        name
        for name in ("forward", "_conv_forward", "__call__", "__getattr__")
        if getattr(type(inside), name, None) is not getattr(base, name, None) or name in vars(inside)
    ]
    if own and own[0] in vars(inside):
        raise Unreadable(f"its {own[0]} was replaced by another")
    if own:
        raise Unreadable(f"its class {type(inside).__name__} has a {own[0]} of its own")
    held = [p for p in inside.parameters(recurse=False)]
    if any("weight" not in inside._parameters for kinds in (CONV, TRANSPOSED, LINEAR) if base in kinds):
        raise Unreadable("its weight is no parameter but computed")
    m: Any = inside
    if base in NOTHING:
        if m.training and base is not nn.Identity:
            raise Unreadable("it is in training mode, where it is random; call .eval() first")
        return Identity(x=x, name=type(inside).__name__)
    if base is nn.Flatten:
        return _flatten(node, x)
    if base in CONV:
        return _convolution(
            x, CONV[base], m.weight, m.bias, m.stride, m.padding, m.dilation, m.groups, m.padding_mode
        )
    if base in TRANSPOSED:
        how = (m.stride, m.padding, m.output_padding, m.groups, m.dilation)
        found = _transposed(x, TRANSPOSED[base], m.weight, m.bias, *how)
        return replace(found, more=more if more != (None,) else ())
    if base in LINEAR:
        return _linear(x, m.weight, m.bias)
    if base in NORM and issubclass(base, nn.modules.instancenorm._InstanceNorm) and m.running_mean is None:
        return None
    if base in NORM:
        if m.training:
            raise Unreadable("it is in training mode, where it depends on the batch; call .eval() first")
        return _norm(x, m.running_mean, m.running_var, m.weight, m.bias, m.eps, held)
    if base in AVERAGE:
        divisor = getattr(m, "divisor_override", None)
        return _average(
            node,
            x,
            AVERAGE[base],
            m.kernel_size,
            m.stride,
            m.padding,
            m.ceil_mode,
            m.count_include_pad,
            divisor,
        )
    return _adaptive(node, x, ADAPTIVE[base])


_KNOWN = {*CONV, *TRANSPOSED, *NORM, *LINEAR, *AVERAGE, *ADAPTIVE, *NOTHING, nn.Flatten}


def _read_call(node: Node, module: fx.GraphModule) -> Layer | None:
    leaves: list[Tensor] = []  # parameters that its own tensors are computed of
    layer = _read_as(node, module, leaves)
    return replace(layer, parameters=[*layer.parameters, *leaves]) if layer and leaves else layer


def _plainly(value: Node) -> bool:
    """Is it computed of parameters and buffers of its own dtype, by operations of torch alone?"""
    waiting, seen = [value], set[Node]()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one.target is applied or one.meta.get("dtype") not in (None, value.meta.get("dtype")):
            return False
        waiting += one.all_input_nodes
    return True


def _read_as(node: Node, module: fx.GraphModule, leaves: list[Tensor]) -> Layer | None:
    target: Any = getattr(node.target, "overloadpacket", node.target)
    method = target if node.op == "call_method" else None

    def of(kind: str) -> dict[str, Any]:
        found = _called(node, kind)
        if not isinstance(found.get("x"), Node):
            raise Unreadable("its input is no tensor of the graph")
        return found

    def tensor(value: Any, name: str) -> Any:
        if value is None or isinstance(value, Tensor):
            return value
        if isinstance(value, Node) and value.op == "get_attr":
            return operator.attrgetter(str(value.target))(module)
        found = computed(value, module) if isinstance(value, Node) and _plainly(value) else None
        if not isinstance(found, Tensor):
            raise Unreadable(f"its {name} is computed by the network itself")
        leaves.extend(parameters_of(value, module))
        return found

    if target in CONV_F:
        a = of("conv")
        weight, bias = tensor(a.get("weight"), "weight"), tensor(a.get("bias"), "bias")
        how = (a.get("stride", 1), a.get("padding", 0), a.get("dilation", 1), a.get("groups", 1))
        return _convolution(a["x"], CONV_F[target], weight, bias, *how, a.get("padding_mode", "zeros"))
    if target in TRANSPOSED_F:
        a = of("transposed")
        weight, bias = tensor(a.get("weight"), "weight"), tensor(a.get("bias"), "bias")
        how = (a.get("stride", 1), a.get("padding", 0), a.get("output_padding", 0), a.get("groups", 1))
        return _transposed(a["x"], TRANSPOSED_F[target], weight, bias, *how, a.get("dilation", 1))
    if target in LINEAR_F:
        a = of("linear")
        return _linear(a["x"], tensor(a.get("weight"), "weight"), tensor(a.get("bias"), "bias"))
    if target in NORM_F or target in ATEN_NORM:
        a = of("norm" if target in NORM_F else "aten norm")
        if a.get("training", False):
            raise Unreadable("it is called with training=True, so that it takes its averages from its input")
        names = ("running_mean", "running_var", "weight", "bias")
        mean, var, weight, bias = (tensor(a.get(name), name) for name in names)
        return _norm(a["x"], mean, var, weight, bias, a.get("eps", 1e-5), _held(weight, bias))
    if target in MATMUL_F or method in ("matmul", "mm", "__matmul__"):
        a = _called(node, "add")
        if not isinstance(a.get("x"), Node) or not isinstance(a.get("other"), Node) or not held(a["other"]):
            return None
        weight = tensor(a["other"], "weight")
        leaves.extend(_held(weight))
        return _linear(a["x"], weight.t(), None) if weight.dim() == 2 else None
    if target in AVERAGE_F:
        a = of("average")
        rest = (a.get("ceil_mode", False), a.get("count_include_pad", True), a.get("divisor_override"))
        return _average(
            node, a["x"], AVERAGE_F[target], a["kernel_size"], a.get("stride"), a.get("padding", 0), *rest
        )
    if target in ADAPTIVE_F:
        return _adaptive(node, of("mean")["x"], ADAPTIVE_F[target])
    if target in MEAN_F or method == "mean":
        return _mean(node, _called(node, "mean"))
    if target in DROPOUT_F:
        a = of("dropout")
        on = target in (F.dropout, F.dropout1d, F.dropout2d, F.dropout3d)  # unless an argument says otherwise
        if a.get("training", on):
            raise Unreadable("it is in training mode, where it is random; call .eval() first")
        return Identity(x=a["x"], name="dropout")
    if target in ADD_F or method in ("add", "add_"):
        return _sum(node, _called(node, "add"), 1, module)
    if target in SUB_F or method in ("sub", "sub_"):
        return _sum(node, _called(node, "add"), -1, module)
    if target in TIMES or method in TIMES_METHODS:
        a = _called(node, "add")
        x, other = a.get("x"), a.get("other")
        return scaled(node, x, other, module, "·") or scaled(node, other, x, module, "·")
    if target in MINUS or method in MINUS_METHODS:
        return scaled(node, _called(node, "add").get("x"), -1.0, module, "·")
    if (target in BY or method in BY_METHODS) and node.kwargs.get("rounding_mode") is None:
        a = _called(node, "add")
        return scaled(node, a.get("x"), a.get("other"), module, "/")
    if target in (torch.addcmul, aten.addcmul) or method == "addcmul":
        given = dict(zip(("input", "tensor1", "tensor2"), node.args, strict=False)) | dict(node.kwargs)
        shift, one, other = (given.get(name) for name in ("input", "tensor1", "tensor2"))
        return multiplied_and_added(node, module, shift, one, other, given.get("value", 1))
    if target in FLATTEN_F or method in ("flatten", "view", "reshape"):
        x = node.args[0] if node.args else None
        return _flatten(node, x) if isinstance(x, Node) else None
    return None


# ------------------------------------------------------------------------------------------------------------
# each kind of layer


def _batched(x: Node, sides: int) -> tuple[int, ...]:
    given = shape(x)
    if len(given) != sides + 2:
        raise Unreadable(f"its input has the shape {given}, without a batch dimension before the maps")
    return given


def _held(*tensors: Tensor | None) -> list[Tensor]:
    return [tensor for tensor in tensors if isinstance(tensor, nn.Parameter)]


def _convolution(
    x: Node,
    sides: int,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    mode: str,
) -> Convolution:
    size = _batched(x, sides)[2:]
    s, d = numbers(stride, "stride", 1, sides), numbers(dilation, "dilation", 1, sides)
    uneven = False
    if padding == "valid":
        P = (0,) * sides
    elif padding == "same":
        both = [layers.same_padding(H, p, 1, b) for H, p, b in zip(size, weight.shape[2:], d, strict=True)]
        P, uneven = tuple(before for before, _ in both), any(before != after for before, after in both)
    else:
        P = numbers(padding, "padding", 0, sides)
    return Convolution(
        x=x,
        kernel=Kernel(weight, bias, s, P, d, groups),
        mode=mode,
        uneven=uneven,
        parameters=_held(weight, bias),
    )


def _transposed(
    x: Node,
    sides: int,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    extra: Any,
    groups: int,
    dilation: Any,
) -> Transposed:
    _batched(x, sides)
    return Transposed(
        x=x,
        weight=weight,
        bias=bias,
        stride=numbers(stride, "stride", 1, sides),
        padding=numbers(padding, "padding", 0, sides),
        output_padding=numbers(extra, "output_padding", 0, sides),
        dilation=numbers(dilation, "dilation", 1, sides),
        groups=groups,
        parameters=_held(weight, bias),
    )


def _linear(x: Node, weight: Any, bias: Any) -> Linear:
    if weight.dim() != 2:
        raise Unreadable("its weight is no matrix")
    return Linear(x=x, weight=weight, bias=bias, parameters=_held(weight, bias))


def _norm(x: Node, mean: Any, var: Any, weight: Any, bias: Any, eps: float, held: list) -> BatchNorm:
    if mean is None or var is None:
        raise Unreadable(
            "it has no running averages (track_running_stats=False), so it depends on the batch in"
            " evaluation mode too"
        )
    if len(shape(x)) not in (2, 3, 4, 5):
        raise Unreadable(f"its input has the shape {shape(x)}")
    return BatchNorm(x=x, mean=mean, var=var, weight=weight, bias=bias, eps=eps, parameters=held)


def _average(
    node: Node,
    x: Node,
    sides: int,
    size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    counted: bool,
    divisor: Any,
) -> Average:
    given = _batched(x, sides)
    size = numbers(size, "kernel_size", 1, sides)
    s = size if stride is None or stride in ((), []) else numbers(stride, "stride", 1, sides)
    P = numbers(padding, "padding", 0, sides)
    if any(P) and not counted and divisor is None:
        raise Unreadable(
            "its border does not count (count_include_pad=False): it divides by another number there, which"
            " no single kernel does"
        )
    floor = tuple((H + 2 * b - p) // by + 1 for H, p, b, by in zip(given[2:], size, P, s, strict=True))
    if ceil_mode and shape(node)[2:] != floor:
        raise Unreadable(
            "its last window reaches beyond the input (ceil_mode), and divides by fewer places there"
        )
    kernel = average_pooling(given[1], size, s, P, sides=sides, dtype=torch.float64)
    if divisor is not None:
        kernel = kernel._replace(weight=torch.full_like(kernel.weight, 1 / divisor))
    # with a stride, ceil_mode changes nothing for this size only
    return Average(x=x, kernel=kernel, fixed=bool(ceil_mode) and any(by != 1 for by in s))


def _adaptive(node: Node, x: Node, sides: int) -> Average:
    given = _batched(x, sides)
    flat = len(shape(node)) == 2
    out = (1,) * sides if flat else shape(node)[2:]
    if any(H % n for H, n in zip(given[2:], out, strict=True)):
        raise Unreadable(
            f"it averages {given[2:]} places to {out}, which do not divide: its windows differ in size"
        )
    size = tuple(H // n for H, n in zip(given[2:], out, strict=True))
    kernel = average_pooling(given[1], size, sides=sides, dtype=torch.float64)
    return Average(x=x, kernel=kernel, fixed=True, flat=flat)


def _mean(node: Node, a: dict[str, Any]) -> Average | None:
    x, dims = a.get("x"), a.get("dim")
    if not isinstance(x, Node) or isinstance(dims, Node) or dims is None or a.get("dtype") is not None:
        return None
    given = shape(x)
    over = {d % len(given) for d in ((dims,) if isinstance(dims, int) else dims)} if given else set()
    if len(given) < 3 or over != set(range(2, len(given))):
        return None  # a mean over something else than all positions
    return _adaptive(node, x, len(given) - 2)


def _sum(node: Node, a: dict[str, Any], sign: int, module: fx.GraphModule) -> Sum | Identity | Scale | None:
    x, other, times = a.get("x"), a.get("other"), a.get("alpha", 1)
    if not isinstance(times, int | float):
        return None
    for one, zero in ((x, other), (other, x)) if sign == 1 else ((x, other),):
        if isinstance(one, Node) and not isinstance(zero, Node) and zero == 0 and shape(one):
            return (
                Identity(x=one, name="add 0", copies=True)
                if node.meta.get("dtype") == one.meta.get("dtype")
                else None
            )
    if times == 1:
        found = scaled(node, x, other, module, "+" if sign == 1 else "−")
        if found is None and sign == 1:
            found = scaled(node, other, x, module, "+")
        if found is not None:
            return found
    if not isinstance(x, Node) or not isinstance(other, Node) or not shape(x) or not shape(other):
        return None
    return Sum(x=x, other=other, times=sign * times, spread=shape(x) != shape(other))


def _flatten(node: Node, x: Node) -> Flatten | None:
    given, out = shape(x), shape(node)
    if len(given) < 3 or out != (given[0], prod(given[1:])):
        return None
    return Flatten(x=x)
