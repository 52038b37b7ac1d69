"""Attention as modules, with parameters of their own. Sources: those of `nonconv.layers.attention`."""

from typing import Any

from torch import Tensor, nn

from nonconv.layers._arguments import are_counts
from nonconv.layers._parameters import Device, Dtype, draw_matrix, empty, squeezed
from nonconv.layers.attention import additive_attention, multi_head_attention, self_attention2d


class MultiHeadAttention(nn.Module):
    """`multi_head_attention` with its own projections,
    named as `torch.nn.MultiheadAttention`'s (batch first).

    Shape: query (N, L, d), key and value (N, S, d) -> (N, L, d).
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        bias: bool = True,
        device: Device = None,
        dtype: Dtype = None,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        if not are_counts(num_heads, embed_dim) or embed_dim % num_heads:
            raise ValueError(f"num_heads = {num_heads} must divide embed_dim = {embed_dim}")
        if not isinstance(bias, bool):  # torch.nn.MultiheadAttention's third argument is its dropout
            raise ValueError(f"bias must be True or False, not {bias!r}; there is no dropout here")
        self.embed_dim, self.num_heads, self.fast = embed_dim, num_heads, fast
        self.in_proj_weight = empty(3 * embed_dim, embed_dim, device=device, dtype=dtype)
        self.in_proj_bias = empty(3 * embed_dim, device=device, dtype=dtype) if bias else None
        self._draw_in_proj()
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias, device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        self._draw_in_proj()
        self.out_proj.reset_parameters()

    def _draw_in_proj(self) -> None:
        nn.init.xavier_uniform_(self.in_proj_weight)
        if self.in_proj_bias is not None:
            nn.init.zeros_(self.in_proj_bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attn_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        return multi_head_attention(
            query,
            key,
            value,
            self.num_heads,
            self.in_proj_weight,
            self.out_proj.weight,
            self.in_proj_bias,
            self.out_proj.bias,
            attn_mask,
            is_causal,
            fast=self.fast,
        )

    def extra_repr(self) -> str:
        return f"{self.embed_dim}, num_heads={self.num_heads}"


class AdditiveAttention(nn.Module):
    """`additive_attention` with its own W, U and v.

    Shape: state (N, D), annotations (N, T, A), mask (N, T) -> context (N, A), weights (N, T).
    """

    def __init__(
        self,
        state_size: int,
        annotation_size: int,
        hidden_size: int,
        device: Device = None,
        dtype: Dtype = None,
    ) -> None:
        super().__init__()
        if not are_counts(state_size, annotation_size, hidden_size):
            raise ValueError(
                f"all sizes must be integers of at least 1, not {state_size}, {annotation_size} and"
                f" {hidden_size}"
            )
        place: Any = {"device": device, "dtype": dtype}
        self.W, self.U = empty(hidden_size, state_size, **place), empty(hidden_size, annotation_size, **place)
        self.v = empty(hidden_size, **place)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_matrix(self.W, self.U, self.v)

    def forward(
        self, state: Tensor, annotations: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        return additive_attention(state, annotations, self.W, self.U, self.v, mask)

    def extra_repr(self) -> str:
        return f"{self.W.shape[1]}, {self.U.shape[1]}, {len(self.v)}"


class SelfAttention2d(nn.Module):
    """`self_attention2d` with its own four 1×1 kernels, and γ = 0 at the start.

    Shape: x (N, C, H, W) -> (N, C, H, W).

    Source: Zhang et al. (2019): f, g to C/8 maps, h to C/8 as well, as the paper's final choice.
    """

    def __init__(
        self,
        channels: int,
        ratio: int = 8,
        device: Device = None,
        dtype: Dtype = None,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        hidden = squeezed(channels, ratio)
        place: Any = {"device": device, "dtype": dtype}
        self.Wf, self.Wg = empty(hidden, channels, **place), empty(hidden, channels, **place)
        self.Wh, self.Wv = empty(hidden, channels, **place), empty(channels, hidden, **place)
        self.gamma = empty(**place)
        self.fast = fast
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_matrix(self.Wf, self.Wg, self.Wh, self.Wv)
        nn.init.zeros_(self.gamma)

    def forward(self, x: Tensor) -> Tensor:
        return self_attention2d(x, self.Wf, self.Wg, self.Wh, self.Wv, self.gamma, fast=self.fast)

    def extra_repr(self) -> str:
        hidden, channels = self.Wf.shape
        return f"{channels}, ratio={channels // hidden}"
