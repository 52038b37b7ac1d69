"""Each node of a graph read as what it is, see `nodes`. `operators` has what is known by name.

Modules and functions of the framework and of `nonconv.layers`,
and the operators that torch.export writes, come out alike.
"""

import operator
from dataclasses import replace
from typing import Any

from torch import Tensor, fx, nn
from torch.fx.node import Node
from torch.nn import functional as F

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
from nonconv.reduction.asking import kind_of, part_at
from nonconv.reduction.constants import held
from nonconv.reduction.from_arguments import (
    Unreadable,
    adaptive,
    average,
    convolution,
    flatten,
    learned,
    linear,
    mean_of,
    norm,
    sum_of,
    transposed,
)
from nonconv.reduction.functions import applied
from nonconv.reduction.nodes import (
    Identity,
    Kept,
    Layer,
)
from nonconv.reduction.operators import (
    ADAPTIVE,
    ADAPTIVE_F,
    ADD_F,
    ADDCMUL_F,
    ATEN_NORM,
    AVERAGE,
    AVERAGE_F,
    CONV,
    CONV_F,
    DROPOUT_F,
    FLATTEN_F,
    LINEAR,
    LINEAR_F,
    MATMUL_F,
    MEAN_F,
    NORM,
    NORM_F,
    NOTHING,
    SUB_F,
    TRANSPOSED,
    TRANSPOSED_F,
    named,
)
from nonconv.reduction.reasons import whole


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
        return flatten(node, x)
    if base in CONV:
        return convolution(
            x, CONV[base], m.weight, m.bias, m.stride, m.padding, m.dilation, m.groups, m.padding_mode
        )
    if base in TRANSPOSED:
        how = (m.stride, m.padding, m.output_padding, m.groups, m.dilation)
        found = transposed(x, TRANSPOSED[base], m.weight, m.bias, *how)
        return replace(found, more=more if more != (None,) else ())
    if base in LINEAR:
        return linear(x, m.weight, m.bias)
    if base in NORM and issubclass(base, nn.modules.instancenorm._InstanceNorm) and m.running_mean is None:
        return None
    if base in NORM:
        if m.training:
            raise Unreadable("it is in training mode, where it depends on the batch; call .eval() first")
        return norm(x, m.running_mean, m.running_var, m.weight, m.bias, m.eps, held)
    if base in AVERAGE:
        divisor = getattr(m, "divisor_override", None)
        return average(
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
    return adaptive(node, x, ADAPTIVE[base])


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
        found = named(node, kind)
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
        return convolution(a["x"], CONV_F[target], weight, bias, *how, a.get("padding_mode", "zeros"))
    if target in TRANSPOSED_F:
        a = of("transposed")
        weight, bias = tensor(a.get("weight"), "weight"), tensor(a.get("bias"), "bias")
        how = (a.get("stride", 1), a.get("padding", 0), a.get("output_padding", 0), a.get("groups", 1))
        return transposed(a["x"], TRANSPOSED_F[target], weight, bias, *how, a.get("dilation", 1))
    if target in LINEAR_F:
        a = of("linear")
        return linear(a["x"], tensor(a.get("weight"), "weight"), tensor(a.get("bias"), "bias"))
    if target in NORM_F or target in ATEN_NORM:
        a = of("norm" if target in NORM_F else "aten norm")
        if a.get("training", False):
            raise Unreadable("it is called with training=True, so that it takes its averages from its input")
        names = ("running_mean", "running_var", "weight", "bias")
        mean, var, weight, bias = (tensor(a.get(name), name) for name in names)
        return norm(a["x"], mean, var, weight, bias, a.get("eps", 1e-5), learned(weight, bias))
    if target in MATMUL_F or method in ("matmul", "mm", "__matmul__"):
        a = named(node, "add")
        if not isinstance(a.get("x"), Node) or not isinstance(a.get("other"), Node) or not held(a["other"]):
            return None
        weight = tensor(a["other"], "weight")
        leaves.extend(learned(weight))
        return linear(a["x"], weight.t(), None) if weight.dim() == 2 else None
    if target in AVERAGE_F:
        a = of("average")
        rest = (a.get("ceil_mode", False), a.get("count_include_pad", True), a.get("divisor_override"))
        return average(
            node, a["x"], AVERAGE_F[target], a["kernel_size"], a.get("stride"), a.get("padding", 0), *rest
        )
    if target in ADAPTIVE_F:
        return adaptive(node, of("mean")["x"], ADAPTIVE_F[target])
    if target in MEAN_F or method == "mean":
        return mean_of(node, named(node, "mean"))
    if target in DROPOUT_F:
        a = of("dropout")
        on = target in (F.dropout, F.dropout1d, F.dropout2d, F.dropout3d)  # unless an argument says otherwise
        if a.get("training", on):
            raise Unreadable("it is in training mode, where it is random; call .eval() first")
        return Identity(x=a["x"], name="dropout")
    if target in ADD_F or method in ("add", "add_"):
        return sum_of(node, named(node, "add"), 1, module)
    if target in SUB_F or method in ("sub", "sub_"):
        return sum_of(node, named(node, "add"), -1, module)
    if target in TIMES or method in TIMES_METHODS:
        a = named(node, "add")
        x, other = a.get("x"), a.get("other")
        return scaled(node, x, other, module, "·") or scaled(node, other, x, module, "·")
    if target in MINUS or method in MINUS_METHODS:
        return scaled(node, named(node, "add").get("x"), -1.0, module, "·")
    if (target in BY or method in BY_METHODS) and node.kwargs.get("rounding_mode") is None:
        a = named(node, "add")
        return scaled(node, a.get("x"), a.get("other"), module, "/")
    if target in ADDCMUL_F or method == "addcmul":
        given = dict(zip(("input", "tensor1", "tensor2"), node.args, strict=False)) | dict(node.kwargs)
        shift, one, other = (given.get(name) for name in ("input", "tensor1", "tensor2"))
        return multiplied_and_added(node, module, shift, one, other, given.get("value", 1))
    if target in FLATTEN_F or method in ("flatten", "view", "reshape"):
        x = node.args[0] if node.args else None
        return flatten(node, x) if isinstance(x, Node) else None
    return None
