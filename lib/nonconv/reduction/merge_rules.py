"""The rules that merge: each looks at one node and says which nodes one convolution replaces,
or why none does.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.fx.node import Node

from nonconv.reduction.asking import shape
from nonconv.reduction.branches import added, times
from nonconv.reduction.carriers import Blocked, back, onward, pulled_back, pushed_on
from nonconv.reduction.composition import compose, composed
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.merging import merge, merge_before, merge_transposed, ones_map
from nonconv.reduction.nodes import (
    Affine,
    Average,
    BatchNorm,
    Convolution,
    Identity,
    Kept,
    Linear,
    Scale,
    Sum,
    Transposed,
    as_convolution_layer,
    exact,
)
from nonconv.reduction.proposals import (
    AppendOnes,
    Found,
    Proposal,
    Refusal,
    Rule,
    View,
    Within,
    bare,
    called,
    convolution,
    exact_kernel,
    filled,
    rule,
)

AFTER = "convolution, then batch norm"
FURTHER = "convolution, maps moved, then batch norm"
BEFORE = "batch norm, then convolution"
FURTHER_BEFORE = "batch norm, then layers further on"
BRANCHES = "sum of branches"
COMPOSE = "convolution after convolution"
NOTHING_DONE = "nothing is done"
SHARED = "its result is used elsewhere too"


@rule(NOTHING_DONE)
def nothing_is_done(view: View, node: Node) -> Found:
    """Dropout in evaluation mode, and the identity: Y = X."""
    layer = view.layer(node)
    if isinstance(layer, Kept) and layer.might_be("dropout"):
        return Refusal(NOTHING_DONE, node, layer.why)
    if not isinstance(layer, Identity):
        return None
    if layer.copies and view.memory.written(node):
        return Refusal(NOTHING_DONE, node, "it makes a copy, and the copy is changed in place")
    return Proposal(NOTHING_DONE, "Y = X", [node], layer.x)


@rule(AFTER)
def norm_after(view: View, node: Node) -> Found:
    """O^{mk}_{uv} = G^k F^{mk}_{uv}, o^k = G^k b^k + g^k:
    behind a convolution, a transposed or a linear layer.
    """
    norm = view.layer(node)
    if not isinstance(norm, Affine):
        return None
    first = view.layer(norm.x)
    if isinstance(first, Kept) and isinstance(norm, BatchNorm):
        return Refusal(AFTER, node, f"the {first.name} before it must stay: {first.why}")
    if not isinstance(first, Convolution | Transposed | Linear):
        return None
    nodes = [norm.x, node]
    if view.value_read_by_others(norm.x, nodes):
        return _of_a_norm(
            norm,
            Refusal(
                AFTER, node, "what the layer before it gives is used elsewhere too, without batch norm", nodes
            ),
        )
    given = shape(norm.x)
    if norm.dim not in (None, 1) and not isinstance(first, Linear):
        return None
    if isinstance(first, Linear) and norm.dim not in (None, len(given) - 1):
        return _of_a_norm(
            norm,
            Refusal(
                AFTER,
                node,
                f"on {shape(norm.x)} batch norm has a number for each place of dimension 1, the linear layer"
                " for each of the last",
                nodes,
            ),
        )
    G, g = norm.vectors(given[-1] if isinstance(first, Linear) else given[1])
    formula = "O = G·F,  o = G·b + g"
    like = {norm.x: False}
    more = first.more if isinstance(first, Transposed) else ()
    return Proposal(AFTER, formula, nodes, first.x, [_taken_in(first, G, g)], shaped_as_x=like, more=more)


def _of_a_norm(layer: Affine, refusal: Refusal) -> Refusal | None:
    """The report speaks of each batch norm that stays, not of each sum and product."""
    return refusal if isinstance(layer, BatchNorm) else None


@rule(FURTHER)
def norm_further_on(view: View, node: Node) -> Found:
    """As `norm_after`, where the maps are moved, copied or added in between (flatten, transposition,
    concatenation, upsampling, sums): G and g go back the same way, of a sum g to its first term only.
    """
    norm = view.layer(node)
    if not isinstance(norm, Affine) or len(shape(norm.x)) < 2:
        return None
    dim = 1 if norm.dim is None else norm.dim
    try:
        path = back(view, norm.x)
        if not path.between or not path.sources:
            return None
        nodes = [*path.sources, *path.between, node]
        if (read := view.first_read_by_others(nodes[:-1], nodes)) is not None:
            raise Blocked(
                f"what lies between it and the convolutions is used elsewhere too, without it ({read})"
            )
        vectors = pulled_back(view, path, norm.x, dim, *norm.vectors(shape(norm.x)[dim]))
        inputs = {source: view.layer(source).x for source in path.sources}  # type: ignore[union-attr]
        sources = {source: _taken_in(view.layer(source), *vectors[source]) for source in path.sources}
    except Blocked as why:
        return _of_a_norm(norm, Refusal(FURTHER, node, str(why))) if str(why) else None
    formula = "O = G·F,  o = G·b + g, each G and g at the map that it comes from"
    more = {source: getattr(view.layer(source), "more", ()) for source in path.sources}
    return Within(FURTHER, formula, view.in_order(*nodes), node, norm.x, sources, inputs, more=more)


def _taken_in(layer: Any, G: Tensor, g: Tensor) -> nn.Module:
    """A convolution, transposed or linear layer with (G, g) behind it, as one module."""
    if isinstance(layer, Convolution):
        kernel = exact_kernel(layer.kernel)
        O, o = merge(kernel.weight, kernel.bias, G, g)
        return convolution(kernel._replace(weight=O, bias=o), layer.mode, layer.uneven)
    bias = None if layer.bias is None else exact(layer.bias)
    if isinstance(layer, Linear):
        O, o = merge(exact(layer.weight), bias, G, g)
        return filled(bare(nn.Linear, O.shape[1], len(o)), O, o)
    O, o = merge_transposed(exact(layer.weight), bias, G, g, layer.groups)
    kind: Any = {3: nn.ConvTranspose1d, 4: nn.ConvTranspose2d, 5: nn.ConvTranspose3d}[O.dim()]
    module = bare(
        kind,
        O.shape[0],
        len(o),
        tuple(O.shape[2:]),
        layer.stride,
        layer.padding,
        layer.output_padding,
        layer.groups,
        True,
        layer.dilation,
    )
    return filled(module, O, o)


@rule(BEFORE)
def norm_before(view: View, node: Node) -> Found:
    """O^{mk}_{uv} = F^{mk}_{uv} G^m, o^k = Σ F^{mk}_{uv} g^m + b^k;
    on a border of zeros one more map of ones.
    """
    second = view.layer(node)
    if not isinstance(second, Convolution | Linear | Transposed):
        return None
    norm = view.layer(second.x)
    if not isinstance(norm, Affine):
        return None
    nodes = [second.x, node]
    if view.value_read_by_others(second.x, nodes):
        return _of_a_norm(norm, Refusal(BEFORE, second.x, SHARED, nodes))
    if isinstance(second, Transposed):
        return _of_a_norm(
            norm,
            Refusal(
                BEFORE,
                second.x,
                "before a transposed convolution its shift g reaches each place through another number of"
                " taps",
                nodes,
            ),
        )
    given = shape(second.x)
    last = len(given) - 1 if isinstance(second, Linear) else 1
    if norm.dim not in (None, last):
        return _of_a_norm(
            norm, Refusal(BEFORE, second.x, f"on {given} the linear layer sums over another dimension", nodes)
        )
    G, g = norm.vectors(given[last])
    like = {second.x: True}
    # a scale alone leaves the border what it is: zeros
    shifts = isinstance(norm, BatchNorm) or bool(g.any())
    if isinstance(second, Linear) or not shifts or not _border_of_zeros(view, node):
        formula, module = "O = F·G,  o = Σ F·g + b", _taken_in_before(second, G, g)
        return Proposal(BEFORE, formula, nodes, norm.x, [module], shaped_as_x=like)
    kernel = exact_kernel(second.kernel)
    O = ones_map(kernel.weight, G, g, kernel.groups)
    modules = [AppendOnes(kernel.groups), convolution(kernel._replace(weight=O), second.mode, second.uneven)]
    formula = "O = F·G, and Σ F·g on one more map of ones, whose border is 0 too"
    return Proposal(BEFORE, formula, nodes, norm.x, modules, shaped_as_x=like)


@rule(FURTHER_BEFORE)
def norm_before_further_on(view: View, node: Node) -> Found:
    """As `norm_before`, where several layers read it, or where its maps are moved or averaged on their way:
    G and g go on the same way, into each.
    """
    norm = view.layer(node)
    if not isinstance(norm, Affine) or len(shape(node)) < 2:
        return None
    between, readers = onward(view, node)
    if not readers or (len(readers) == 1 and not between):
        return None
    dim, nodes = 1 if norm.dim is None else norm.dim, view.in_order(node, *between, *readers)
    try:
        vectors = norm.vectors(shape(node)[dim])
        shifts = isinstance(norm, BatchNorm) or bool(vectors[1].any())
        if shifts and (border := next((one for one in readers if _border_of_zeros(view, one)), None)):
            raise Blocked(f"{called(border)} reads it, and puts zeros around what it reads")
        own = pushed_on(view, node, dim, between, readers, *vectors)
    except Blocked as why:
        return _of_a_norm(norm, Refusal(FURTHER_BEFORE, node, str(why), nodes))
    formula = "O = F·G,  o = Σ F·g + b, each G and g at the map that it comes from"
    sources = {reader: _taken_in_before(view.layer(reader), *own[reader]) for reader in readers}
    inputs = {reader: view.layer(reader).x for reader in readers}  # type: ignore[union-attr]
    return Within(FURTHER_BEFORE, formula, nodes, node, norm.x, sources, inputs, ends=readers)


def _border_of_zeros(view: View, node: Node) -> bool:
    layer = view.layer(node)
    if not isinstance(layer, Convolution) or layer.mode != "zeros":
        return False
    return layer.uneven or any(layer.kernel.padding)


def _taken_in_before(layer: Any, G: Tensor, g: Tensor) -> nn.Module:
    """A linear layer or a convolution without a border of zeros, with (G, g) before it, as one module."""
    if isinstance(layer, Linear):
        O, o = merge_before(exact(layer.weight), None if layer.bias is None else exact(layer.bias), G, g)
        return filled(bare(nn.Linear, O.shape[1], len(o)), O, o)
    kernel = exact_kernel(layer.kernel)
    O, o = merge_before(kernel.weight, kernel.bias, G, g, kernel.groups)
    return convolution(kernel._replace(weight=O, bias=o), layer.mode, layer.uneven)


@rule(BRANCHES)
def sum_of_branches(view: View, node: Node) -> Found:
    """O = Σ_i O_i, o = Σ_i o_i for branches from one x: convolutions, averages, batch norms and x itself."""
    both = view.layer(node)
    if not isinstance(both, Sum) or both.spread or both.x is both.other:
        return None
    branches: list[tuple[Node, Convolution]] = []
    for operand in (both.x, both.other):
        layer = view.layer(operand)
        found = None if isinstance(layer, Average) and layer.fixed else as_convolution_layer(layer)
        if found is not None:
            branches.append((operand, found))
    sources = {found.x for _, found in branches}
    if len(branches) == 2 and len(sources) == 1:
        x = branches[0][1].x
    else:  # a residual: one operand is a convolution of the other
        pairs = [(operand, found) for operand, found in branches if found.x in (both.x, both.other)]
        if not pairs:
            return None
        x = pairs[0][1].x
        branches = [pairs[0]]
    if all(isinstance(view.layer(operand), Scale) for operand, _ in branches):
        return None  # a sum of multiples of x
    parts = [operand for operand, _ in branches]
    nodes = view.in_order(*parts, node)
    if any(view.value_read_by_others(part, nodes) for part in parts):
        return Refusal(BRANCHES, node, "the result of one branch is used elsewhere too", nodes)
    sides = len(shape(x)) - 2
    kernels = [
        (
            times(exact_kernel(found.kernel), both.times if operand is both.other else 1),
            found.mode,
            found.uneven,
        )
        for operand, found in branches
    ]
    if len(branches) == 1:  # the identity: each map by itself
        ones, maps = (1,) * sides, shape(x)[1]
        one = torch.full((maps, 1, *ones), 1.0 if x is both.x else both.times, dtype=torch.float64)
        kernels.append((Kernel(one, None, ones, (0,) * sides, ones, maps), "zeros", False))
    try:
        kernel, mode = added(kernels)
    except ValueError as error:
        return Refusal(BRANCHES, node, str(error), nodes)
    return Proposal(
        BRANCHES,
        "O = Σ O_i,  o = Σ o_i, all kernels in one size",
        nodes,
        x,
        [convolution(kernel, mode)],
        shaped_as_x=dict.fromkeys(parts, False),
    )


@rule(COMPOSE)
def composition(view: View, node: Node) -> Found:
    """O_t = Σ_{u+w−1=t} F_u G_w, o = Σ b·G + g, exact under the conditions of `compose`."""
    later = view.layer(node)
    if not isinstance(later, Convolution | Average):
        return None
    earlier = view.layer(later.x)
    if isinstance(earlier, Kept) and earlier.might_be("conv"):
        return Refusal(COMPOSE, node, f"the {earlier.name} before it must stay: {earlier.why}")
    if not isinstance(earlier, Convolution | Average):
        return None
    fixed = any(isinstance(layer, Average) and layer.fixed for layer in (earlier, later))
    first, second = as_convolution_layer(earlier), as_convolution_layer(later)
    if first is None or second is None:
        return None
    nodes = [later.x, node]
    if view.read_by_others(later.x, nodes):
        return Refusal(COMPOSE, node, "what the first gives is used elsewhere too", nodes)
    F, G = first.kernel, second.kernel
    how: dict[str, Any] = {
        "stride": (F.stride, G.stride),
        "dilation": (F.dilation, G.dilation),
        "groups": (F.groups, G.groups),
    }
    mode = first.mode
    point = F.weight.shape[2:].numel() == 1
    shifted = tuple(s * P for s, P in zip(F.stride, G.padding, strict=True))
    padding = F.padding
    if first.uneven or second.uneven:
        return Refusal(COMPOSE, node, 'an uneven border ("same" with an even kernel)', nodes)
    if any(G.padding):
        reason = _border_fails(first, second, point)
        if reason:
            return Refusal(COMPOSE, node, reason, nodes)
        padding = tuple(a + b for a, b in zip(F.padding, shifted, strict=True))
        mode = second.mode
        fixed = fixed or (
            mode != "zeros" and any(s != 1 for s in F.stride)
        )  # a circle that the stride divides

    def build() -> list[nn.Module]:
        f, g = exact_kernel(F), exact_kernel(G)
        return [
            convolution(compose(f.weight, f.bias, g.weight, g.bias, **how)._replace(padding=padding), mode)
        ]

    size, groups = composed(F.weight.shape, G.weight.shape, **how)
    stride = tuple(a * b for a, b in zip(F.stride, G.stride, strict=True))
    bias = None if F.bias is None and G.bias is None else torch.empty(size[0], device="meta")
    shapes = Kernel(torch.empty(size, device="meta"), bias, stride, padding, (1,) * len(stride), groups)
    return Proposal(
        COMPOSE,
        "O_t = Σ F_u G_w over u + w − 1 = t,  o = Σ b·G + g",
        nodes,
        first.x,
        [convolution(shapes, mode)],
        fixed=fixed,
        build=build,
    )


def _border_fails(first: Convolution, second: Convolution, point: bool) -> str | None:
    """Why a second layer with a border cannot be taken in, or None."""
    F, G = first.kernel, second.kernel
    if second.mode == "zeros":
        if point and F.bias is None and (not any(F.padding) or first.mode == "zeros"):
            return None
        return (
            f"the second has a border of zeros, {G.padding}, where one kernel would see values of the first;"
            f" exact only"
            " if the first is 1×1 without bias"
        )
    size = shape(first.x)[2:]
    circle = all(
        d * (p - 1) == 2 * P and H % s == 0
        for P, d, p, H, s in zip(F.padding, F.dilation, F.weight.shape[2:], size, F.stride, strict=True)
    )
    if second.mode == "circular" and circle and (first.mode == "circular" or not any(F.padding)):
        within = all(P + s * Q <= H for P, s, Q, H in zip(F.padding, F.stride, G.padding, size, strict=True))
        return None if within else "both borders together are longer than the circle"
    if point and not any(F.padding) and all(s == 1 for s in F.stride):
        return None  # 1×1 acts at each place by itself, on copies too
    border = f"a {second.mode} border {G.padding}"
    return f"the second has {border}, which copies values of the first, not of its input"


# Tried in this order, again and again until none applies.
MERGE: list[Rule] = [
    nothing_is_done,
    norm_after,
    norm_further_on,
    norm_before,
    norm_before_further_on,
    sum_of_branches,
    composition,
]
