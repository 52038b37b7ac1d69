"""Attention: an average of values whose weights depend on the input and share a sum of 1.

    additive    e_j = vᵀ tanh(W s + U h_j), α = softmax(e)                     c = Σ_j α_j h_j
    dot         A = softmax(QKᵀ/√d_k)                                          Y = A V

None of them is affine. The gates of `nonconv.layers.gates` are weights without such a sum.
Sources: D. Bahdanau, K. Cho, Y. Bengio (2015), equations (5) and (6) and appendix A.1.2; A. Vaswani et al.
(2017), equation (1) and section 3.2.2; K. Xu et al., "Show, Attend and Tell" (2015), equations (4), (5) and
(14); H. Zhang et al., "Self-Attention GAN" (2019), equations (1) to (3).
"""

from collections.abc import Sequence
from math import log, prod, sqrt

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import accumulating, are_counts, floating, floating_images, same_kind, shaped
from nonconv.layers._autocast import is_on, under_autocast
from nonconv.layers._compiled import through_compiler
from nonconv.layers._product import is_ours, product
from nonconv.layers.connected import linear


def masked_softmax(e: Tensor, mask: Tensor | None = None, dim: int = -1) -> Tensor:
    """α_j = e^{e_j − max} / Σ_l e^{e_l − max} over the j that the mask allows, and 0 elsewhere.

    Where nothing is allowed all weights are 0.
    Subtracting the maximum changes nothing, and nothing overflows.

    Shape: e (…), mask a boolean (True: may be looked at) that broadcasts to it -> e's.

    Raises ValueError for a mask that is not boolean or does not fit, integers, a dimension that e lacks.
    """
    same_kind(e=e)
    floating(e=e)
    if not -max(e.dim(), 1) <= dim < max(e.dim(), 1):
        raise ValueError(f"dim = {dim} is no dimension of e, whose shape is {tuple(e.shape)}")
    if mask is not None:
        _fits(mask, e.shape, torch.bool)
        e = e.masked_fill(~mask, -torch.inf)
    if e.numel() == 0:
        return e
    (wide,) = accumulating(e)
    top = wide.detach().amax(dim, keepdim=True)
    powers = torch.exp(wide - top.masked_fill(top == -torch.inf, 0))
    total = powers.sum(dim, keepdim=True)
    return (powers / total.masked_fill(total == 0, 1)).to(e.dtype)


def _fits(mask: Tensor, shape: Sequence[int], *dtypes: torch.dtype) -> None:
    if mask.dtype not in dtypes:
        raise ValueError(f"the mask must be {' or '.join(map(str, dtypes))}, not {mask.dtype}")
    try:
        fits = torch.broadcast_shapes(mask.shape, tuple(shape)) == torch.Size(shape)
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(f"a mask of shape {tuple(mask.shape)} does not fit the scores, {tuple(shape)}")


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """Y = softmax(QKᵀ/√d_k) V: n×n weights for n positions, each row with a sum of 1.

    A boolean mask says what may be looked at, any other is added to the scores. `is_causal`: position i sees
    the first i keys only. With enable_gqa each head of key and value serves several heads of the query.

    Shape: query (…, L, d_k), key (…, S, d_k), value (…, S, d_v) -> (…, L, d_v); attn_mask fits (…, L, S).

    Source: Vaswani et al. (2017), equation (1).

    Raises ValueError for shapes, dtypes or devices that do not fit, a dropout outside [0, 1],
    a mask beside is_causal.
    """
    if is_on(query):
        return under_autocast(scaled_dot_product_attention, locals())
    if compiled:
        return through_compiler(scaled_dot_product_attention, locals())
    same_kind(query=query, key=key, value=value)
    floating(query=query)

    def shapes() -> str:
        return f"query {tuple(query.shape)}, key {tuple(key.shape)} and value {tuple(value.shape)}"

    if min(query.dim(), key.dim(), value.dim()) < 2:
        raise ValueError(f"query, key and value need at least the dimensions (L, d), not {shapes()}")
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2] or query.shape[-1] == 0:
        raise ValueError(f"query and key must have one width > 0, key and value one length, not {shapes()}")
    if not 0 <= dropout_p <= 1:
        raise ValueError(f"dropout_p must lie in [0, 1], not {dropout_p}")
    if attn_mask is not None and is_causal:
        raise ValueError("give a mask or is_causal=True, not both")
    if enable_gqa:
        if (
            query.dim() < 3
            or key.dim() < 3
            or key.shape[-3] == 0
            or query.shape[-3] % key.shape[-3]
            or value.shape[-3] != key.shape[-3]
        ):
            raise ValueError(
                f"with enable_gqa the heads of key and value must divide the query's, not {shapes()}"
            )
        several = query.shape[-3] // key.shape[-3]
        key, value = (t.repeat_interleave(several, -3) for t in (key, value))
    heads = query.shape[:-2]
    try:
        if not heads == key.shape[:-2] == value.shape[:-2]:
            heads = torch.broadcast_shapes(heads, key.shape[:-2], value.shape[:-2])
    except RuntimeError:
        raise ValueError(f"the leading dimensions do not fit one another: {shapes()}") from None
    L, S = query.shape[-2], key.shape[-2]
    if attn_mask is not None:
        _fits(attn_mask, (*heads, L, S), torch.bool, *sorted({query.dtype, torch.float32}, key=str))
        if attn_mask.dim() < 2:  # the framework needs a row for each query
            attn_mask = attn_mask.expand(L, S)
        if attn_mask.is_floating_point():
            attn_mask = attn_mask.to(query.dtype)
    if fast:
        return F.scaled_dot_product_attention(
            query, key, value, attn_mask, dropout_p, is_causal, scale=scale, enable_gqa=False
        )

    if is_causal:
        attn_mask = torch.ones(L, S, dtype=torch.bool, device=query.device).tril()
    q, k, v = accumulating(query, key, value)
    q = q * (1 / sqrt(q.shape[-1]) if scale is None else scale)  # n·d numbers to scale, not n·n
    if attn_mask is None and dropout_p == 0 and 0 not in heads and _is_long(q, k):
        return _by_queries(*(t.expand(*heads, *t.shape[-2:]) for t in (q, k, v))).to(query.dtype)
    scores = product(q, k.transpose(-1, -2))  # (…, L, S)
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        attn_mask = torch.zeros_like(attn_mask, dtype=q.dtype).masked_fill(~attn_mask, -torch.inf)
    # −∞ forbids, and a row of nothing else gives 0; what is no number stays so, as in the framework
    weights = torch.softmax(scores, -1) if attn_mask is None else masked_softmax(scores + attn_mask)
    if dropout_p > 0:
        weights = F.dropout(weights, dropout_p)
    return product(weights, v).to(query.dtype)


_LONG = 2**18  # weights of one head: from here on new memory for all of them takes longer than the sums
_AT_A_TIME = 2**19


def _is_long(q: Tensor, k: Tensor) -> bool:
    if torch.compiler.is_compiling() and not (is_ours() and prod(q.shape[:-2]) <= 64):
        return False  # a compiler writes each head out, and one that is not ours may want its sizes free
    return q.device.type == "cpu" and q.shape[-2] * k.shape[-2] >= _LONG


def _by_queries(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(qkᵀ) v, one head after the other and some queries at a time: each query has weights of its own.

    Where no gradient is asked for, only theirs are in memory.
    """
    many = _AT_A_TIME * (4 if torch.compiler.is_compiling() else 1)
    rows = max(1, many // k.shape[-2])
    heads = zip(*(t.reshape(-1, *t.shape[-2:]) for t in (q, k, v)), strict=True)
    Y = [
        torch.cat([product(torch.softmax(product(some, key.mT), -1), value) for some in queries.split(rows)])
        for queries, key, value in heads
    ]
    return torch.stack(Y).reshape(*q.shape[:-1], v.shape[-1])


def scaled_dot_product_attention_by_definition(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """One query at a time: scores, their exponentials, the weighted mean of the values.

    Shape: query (L, d_k), key (S, d_k), value (S, d_v) -> (L, d_v).

    Raises ValueError for other shapes.
    """
    same_kind(query=query, key=key, value=value)
    if not query.dim() == key.dim() == value.dim() == 2:
        raise ValueError(
            "query, key and value must be matrices, not"
            f" {tuple(query.shape)}, {tuple(key.shape)} and {tuple(value.shape)}"
        )
    shaped(key=(key, (len(value), query.shape[1])))
    Y = []
    for i in range(len(query)):
        powers = [((query[i] * key[j]).sum() / sqrt(query.shape[1])).exp() for j in range(len(key))]
        Y.append(sum(e * value[j] for j, e in enumerate(powers)) / sum(powers))
    return torch.stack(Y)  # type: ignore[arg-type]


def multi_head_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    num_heads: int,
    W_in: Tensor,
    W_out: Tensor,
    b_in: Tensor | None = None,
    b_out: Tensor | None = None,
    attn_mask: Tensor | None = None,
    is_causal: bool = False,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """Y = [head_1 … head_h] W^O + b, head_i = attention(Q W^Q_i, K W^K_i, V W^V_i):
    h looks at the same positions.

    The three projections of all heads lie in one matrix, W^Q, W^K, W^V one below the other,
    as in the framework.

    Shape:
        query (N, L, d), key and value (N, S, d), W_in (3d, d), W_out (d, d), b_in (3d,), b_out
        (d,) -> (N, L, d), attn_mask fits (N, h, L, S); True may be looked at.

    Source: Vaswani et al. (2017), section 3.2.2.

    Raises ValueError for shapes, dtypes or devices that do not fit,
    or a number of heads that does not divide d.
    """
    if is_on(query):
        return under_autocast(multi_head_attention, locals())
    if compiled:
        return through_compiler(multi_head_attention, locals())
    same_kind(query=query, key=key, value=value, W_in=W_in, W_out=W_out, b_in=b_in, b_out=b_out)
    if not query.dim() == key.dim() == value.dim() == 3:
        raise ValueError(
            f"query, key and value must have the dimensions (N, positions, d), not {tuple(query.shape)},"
            f" {tuple(key.shape)} and {tuple(value.shape)}"
        )
    d = query.shape[-1]
    if not are_counts(num_heads) or d % num_heads:
        raise ValueError(f"num_heads must be an integer that divides d = {d}, not {num_heads!r}")
    shaped(W_in=(W_in, (3 * d, d)), W_out=(W_out, (d, d)), b_in=(b_in, (3 * d,)), b_out=(b_out, (d,)))
    biases = b_in.chunk(3) if b_in is not None else (None,) * 3
    Q, K, V = (
        linear(x, W, b).unflatten(-1, (num_heads, -1)).transpose(1, 2)  # (N, h, positions, d/h)
        for x, W, b in zip((query, key, value), W_in.chunk(3), biases, strict=True)
    )
    heads = scaled_dot_product_attention(Q, K, V, attn_mask, is_causal=is_causal, fast=fast)
    return linear(heads.transpose(1, 2).flatten(2), W_out, b_out)


def additive_attention(
    state: Tensor, annotations: Tensor, W: Tensor, U: Tensor, v: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """e_j = vᵀ tanh(W s + U h_j), α = softmax(e), c = Σ_j α_j h_j: the context and the weights.

    Shape:
        state s (N, D), annotations h (N, T, A), W (E, D), U (E, A), v (E,), mask (N, T), True may be looked
        at -> context (N, A), weights (N, T).

    Source: Bahdanau, Cho, Bengio (2015), equations (5) and (6), appendix A.1.2.

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(state):
        return under_autocast(additive_attention, locals())
    same_kind(state=state, annotations=annotations, W=W, U=U, v=v)
    if state.dim() != 2 or annotations.dim() != 3 or len(state) != len(annotations):
        raise ValueError(
            "state must have the dimensions (N, D) and annotations (N, T, A), not"
            f" {tuple(state.shape)} and {tuple(annotations.shape)}"
        )
    shaped(W=(W, (v.numel(), state.shape[1])), U=(U, (v.numel(), annotations.shape[2])), v=(v, (v.numel(),)))
    e = torch.tanh(linear(state, W)[:, None] + linear(annotations, U)) @ v  # (N, T)
    weights = masked_softmax(e, mask)
    return (weights[:, None] @ annotations)[:, 0], weights


def soft_attention(state: Tensor, features: Tensor, W: Tensor, U: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Additive attention over the places of a feature map:
    z = Σ_i α_i a_i, each a_i seeing one region of the image.

    Shape: state (N, D), features (N, C, H, W), W (E, D), U (E, C), v (E,) -> context (N, C),
    weights (N, H, W).

    Source: Xu et al. (2015), equations (4), (5) and (13).

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(state):
        return under_autocast(soft_attention, locals())
    floating_images(features)
    context, weights = additive_attention(state, features.flatten(2).transpose(1, 2), W, U, v)
    return context, weights.unflatten(1, tuple(features.shape[2:]))


def doubly_stochastic_penalty(weights: Tensor, strength: float = 1.0) -> Tensor:
    """λ Σ_i (1 − Σ_t α_{ti})²: over a whole caption each place should be looked at about once.

    Shape: weights (N, T, L) -> (N,).

    Source: Xu et al. (2015), equation (14).

    Raises ValueError for weights of another shape or of integers.
    """
    same_kind(weights=weights)
    floating(weights=weights)
    if weights.dim() != 3:
        raise ValueError(f"weights must have the dimensions (N, T, L), not shape {tuple(weights.shape)}")
    return strength * (1 - weights.sum(1)).square().sum(1)


def self_attention2d(
    x: Tensor,
    Wf: Tensor,
    Wg: Tensor,
    Wh: Tensor,
    Wv: Tensor,
    gamma: Tensor,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """Y = γ o + X, o_j = W_v Σ_i β_{ji} W_h x_i, β_{ji} = softmax_i((W_f x_i)ᵀ W_g x_j):
    every place sees every place.

    f, g, h, v are 1×1 convolutions; there is no 1/√d here. With γ = 0, where training starts, Y = X.

    Shape: x (N, C, H, W), Wf and Wg (C', C), Wh (C'', C), Wv (C, C''), gamma a number () -> (N, C, H, W).

    Source: Zhang et al. (2019), equations (1) to (3), C' = C/8.

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(x):
        return under_autocast(self_attention2d, locals())
    if compiled:
        return through_compiler(self_attention2d, locals())
    floating_images(x)
    same_kind(x=x, Wf=Wf, Wg=Wg, Wh=Wh, Wv=Wv, gamma=gamma)
    C = x.shape[1]
    for name, W in (("Wf", Wf), ("Wg", Wg), ("Wh", Wh), ("Wv", Wv)):
        if W.dim() != 2:
            raise ValueError(f"{name} must be a matrix, not of shape {tuple(W.shape)}")
    shaped(
        Wf=(Wf, (len(Wf), C)),
        Wg=(Wg, (len(Wf), C)),
        Wh=(Wh, (len(Wh), C)),
        Wv=(Wv, (C, len(Wh))),
        gamma=(gamma, ()),
    )
    places = x.flatten(2).transpose(1, 2)  # (N, H·W, C)
    f, g, h = (linear(places, W) for W in (Wf, Wg, Wh))
    o = linear(scaled_dot_product_attention(g, f, h, scale=1.0, fast=fast), Wv)  # (N, H·W, C)
    return gamma * o.transpose(1, 2).reshape(x.shape) + x


def positional_encoding(length: int, width: int, *, dtype: torch.dtype = torch.float32) -> Tensor:
    """P_{t, 2i} = sin(t / 10000^{2i/d}), P_{t, 2i+1} = cos(t / 10000^{2i/d}):
    a place to add to each position.

    Shape: (length, width), an even width.

    Source: Vaswani et al. (2017), section 3.5.

    Raises ValueError for a length below 1 or an odd width.
    """
    if length < 1 or width < 2 or width % 2:
        raise ValueError(f"length must be at least 1 and width even, not {length} and {width}")
    t = torch.arange(length, dtype=torch.float64)[:, None]
    angle = t * torch.exp(-log(10000) * torch.arange(0, width, 2, dtype=torch.float64) / width)
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1).to(dtype)
