"""The rules that write one layer as the convolution that it is:
average pooling, batch norm alone, linear layers.
"""

from torch import Tensor, nn
from torch.fx.node import Node

from nonconv.reduction.asking import shape
from nonconv.reduction.composition import compose
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.nodes import Average, BatchNorm, Flatten, Kept, Linear, as_convolution_layer, exact
from nonconv.reduction.proposals import Found, Proposal, Refusal, Rule, View, convolution, rule

NORM = "batch norm alone"
AVERAGE = "average pooling"
FULL = "linear layer after flatten"
GLOBAL = "global average, then linear layer"
LINEAR = "linear layer"


@rule(NORM)
def norm_alone(view: View, node: Node) -> Found:
    """O^{kl} = δ^{kl} G^k, o = g: a depthwise convolution with a 1×1 kernel."""
    layer = view.layer(node)
    if isinstance(layer, Kept) and layer.might_be("norm"):
        return Refusal(NORM, node, layer.why)
    if not isinstance(layer, BatchNorm):
        return None
    if view.memory.written_behind(node, layer.x):
        why = "what it reads is changed in place later; a convolution needs it for its kernel's gradient"
        return Refusal(NORM, node, why)
    G, g = layer.affine()
    formula = "O^kl = δ^kl G^k,  o = g: depthwise, 1×1"
    depthwise = as_convolution_layer(layer)
    if depthwise is not None:
        return Proposal(NORM, formula, [node], layer.x, [convolution(depthwise.kernel)])
    kernel = Kernel(G.reshape(-1, 1, 1, 1), g, groups=len(G))
    return Proposal(NORM, formula, [node], layer.x, _on_vectors(kernel))


@rule(AVERAGE)
def average_alone(view: View, node: Node) -> Found:
    """O_{uv} = 1/(pq), depthwise."""
    layer = view.layer(node)
    if isinstance(layer, Kept) and layer.might_be("pool"):
        return Refusal(AVERAGE, node, layer.why)
    if not isinstance(layer, Average):
        return None
    modules: list[nn.Module] = [convolution(layer.kernel)]
    if layer.flat:
        modules.append(nn.Flatten(1))
    return Proposal(AVERAGE, "O_uv = 1/(pq), depthwise", [node], layer.x, modules, fixed=layer.fixed)


@rule(LINEAR)
def full_size(view: View, node: Node) -> Found:
    """F^{mk}_{uv} = W_{k, muv}: a linear layer of a flattened input is the convolution of the input's
    size.
    """
    layer = view.layer(node)
    if not isinstance(layer, Linear) or len(shape(layer.x)) != 2:
        return None
    bias = None if layer.bias is None else exact(layer.bias)
    weight = exact(layer.weight)
    before = view.layer(layer.x)
    ones = (1, 1)
    if isinstance(before, Flatten) and not view.read_by_others(layer.x, [layer.x, node]):
        x, sides = before.x, before.sides
        average = view.layer(x)
        if (
            isinstance(average, Average)
            and not average.flat
            and sides <= 3
            and all(n == 1 for n in shape(x)[2:])
        ):
            found = _after_average(view, node, [x, layer.x, node], average, weight, bias)
            if found:
                return found
        if 1 <= sides <= 3:
            kernel = weight.reshape(len(weight), *shape(x)[1:])
            one = Kernel(kernel, bias, (1,) * sides, (0,) * sides, (1,) * sides, 1)
            return Proposal(
                FULL,
                "F^mk_uv = W_k,muv: a kernel of the input's size",
                [layer.x, node],
                x,
                [convolution(one), nn.Flatten(1)],
                fixed=True,
            )
    if isinstance(before, Average) and before.flat:
        found = _after_average(view, node, [layer.x, node], before, weight, bias)
        if found:
            return found
    kernel = Kernel(weight.reshape(*weight.shape, 1, 1), bias, ones, (0, 0), ones, 1)
    return Proposal(LINEAR, "F^mk = W_km: 1×1 on one position", [node], layer.x, _on_vectors(kernel))


def _after_average(
    view: View, node: Node, nodes: list[Node], average: Average, weight: Tensor, bias: Tensor | None
) -> Proposal | None:
    if (
        any(view.read_by_others(part, nodes) for part in nodes[:-1])
        or average.kernel.weight.shape[2:] != shape(average.x)[2:]
    ):
        return None
    sides = average.kernel.weight.dim() - 2
    one = compose(
        exact(average.kernel.weight),
        None,
        weight.reshape(*weight.shape, *[1] * sides),
        bias,
        groups=(average.kernel.groups, 1),
    )
    return Proposal(
        GLOBAL, "F^mk_uv = W_km / (HW)", nodes, average.x, [convolution(one), nn.Flatten(1)], fixed=True
    )


def _on_vectors(kernel: Kernel) -> list[nn.Module]:
    """A 1×1 convolution of (N, M): one position."""
    return [
        nn.Unflatten(1, (kernel.weight.shape[1] * kernel.groups, 1, 1)),
        convolution(kernel),
        nn.Flatten(1),
    ]


# Tried after all that merges, if the goal is to write literally each layer as a convolution.
WRITE: list[Rule] = [full_size, average_alone, norm_alone]
# With the other goal they are not applied, but the report says of each such layer what it would cost.
REPORT_ONLY: list[Rule] = [average_alone, norm_alone]
