"""What a network may be made of to leave the kernel as plain data: layers, functions and methods, by name.

Whoever reads such data calls what is named here, and nothing else: all of it computes, none of it reads or
writes a file, starts a process, or evaluates a text.
"""

import builtins
import math
import operator
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv import layers
from nonconv.checks.given.gates import SqueezeExcitation

LAYERS = """
    Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d Linear Bilinear BatchNorm1d
    BatchNorm2d BatchNorm3d InstanceNorm1d InstanceNorm2d GroupNorm LayerNorm LocalResponseNorm RMSNorm
    AvgPool1d AvgPool2d AvgPool3d MaxPool1d MaxPool2d MaxPool3d LPPool2d MaxUnpool2d AdaptiveAvgPool1d
    AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d ReLU ReLU6 LeakyReLU PReLU
    RReLU ELU CELU SELU GELU SiLU Mish Sigmoid LogSigmoid Tanh Tanhshrink Softplus Softsign Softshrink
    Hardshrink Hardtanh Hardsigmoid Hardswish Threshold Softmax Softmax2d LogSoftmax Softmin GLU
    Identity Flatten Unflatten Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout
    ZeroPad1d ZeroPad2d ConstantPad1d ConstantPad2d ReflectionPad1d ReflectionPad2d ReplicationPad1d
    ReplicationPad2d CircularPad2d Upsample UpsamplingNearest2d UpsamplingBilinear2d PixelShuffle
    PixelUnshuffle ChannelShuffle Fold Unfold Embedding CosineSimilarity PairwiseDistance
"""
# of torch.nn.functional
FUNCTIONAL = """
    conv1d conv2d conv3d conv_transpose1d conv_transpose2d linear bilinear batch_norm instance_norm
    group_norm layer_norm local_response_norm avg_pool1d avg_pool2d max_pool1d max_pool2d
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool2d lp_pool2d relu relu6 leaky_relu prelu
    elu celu selu gelu silu mish sigmoid logsigmoid tanh tanhshrink softplus softsign softshrink
    hardshrink hardtanh hardsigmoid hardswish threshold softmax log_softmax softmin glu dropout
    dropout2d pad interpolate upsample pixel_shuffle pixel_unshuffle channel_shuffle normalize unfold
    fold one_hot embedding scaled_dot_product_attention
"""
# of torch; what is also a method of a tensor is one of METHODS as well
TENSOR = """
    abs absolute add addmm addmv addbmm all amax amin any arange argmax argmin argsort atan baddbmm bmm
    broadcast_to cat ceil channel_shuffle chunk clamp clamp_max clamp_min clone concat conv1d conv2d
    conv3d conv_transpose1d conv_transpose2d cos cosh count_nonzero cummax cumprod cumsum diag diagonal
    diff div divide dot einsum empty_like eq erf exp expand_copy expm1 flatten flip floor floor_divide
    fmod full full_like gather ge gt hstack index_select isfinite isnan isinf kron le lerp linspace log
    log1p log2 logical_and logical_not logical_or logsumexp lt matmul max maximum mean median min
    minimum mm movedim moveaxis mul multiply mv narrow ne neg negative norm ones ones_like outer permute
    pow prod rand randn rand_like randn_like reciprocal relu relu_ remainder repeat_interleave reshape
    roll round rsqrt select sigmoid sign sin sinh softmax log_softmax sort split sqrt square squeeze
    stack std sub subtract sum swapaxes t take tan tanh tensordot threshold tile topk transpose tril
    triu true_divide trunc unbind unflatten unsqueeze var var_mean vstack where zeros zeros_like
    batch_norm group_norm layer_norm max_pool2d avg_pool1d max_pool1d adaptive_avg_pool1d numel
    is_floating_point is_complex prelu rms_norm instance_norm celu selu rrelu bernoulli normal eye
    bucketize cdist unsqueeze_copy squeeze_copy
"""
METHODS_ONLY = """
    view view_as reshape_as expand expand_as repeat contiguous detach float double half bfloat16 to
    type_as size dim ndimension new_zeros new_ones new_empty new_full normal_ uniform_ bernoulli_ fill_
    zero_ add_ mul_ sub_ div_ relu_ sigmoid_ tanh_ clamp_ clamp_min_ clamp_max_ neg_ exp_ sqrt_
    masked_fill masked_fill_ index_add scatter scatter_add unfold cpu long int bool item T mT copy_
    sum_to_size element_size nelement stride get_device __getitem__ __add__ __radd__ __sub__ __rsub__
    __mul__ __rmul__ __truediv__ __rtruediv__ __pow__ __rpow__ __matmul__ __rmatmul__ __neg__ __abs__
    __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __and__ __or__ __invert__ __iadd__ __isub__ __imul__
    __itruediv__ __floordiv__ __mod__ __len__ __setitem__ requires_grad_ softmax
"""
OPERATORS = """
    add sub mul truediv floordiv mod pow matmul neg pos abs getitem eq ne lt le gt ge and_ or_ invert
    iadd isub imul itruediv setitem not_
"""
ATTRIBUTES = frozenset(
    ("shape", "dtype", "device", "ndim", "T", "mT", "H", "data", "is_cuda", "requires_grad")
)


def _of(module: Any, names: str) -> dict[str, Any]:
    """The entries of a module that this version of the framework has."""
    return {name: getattr(module, name) for name in names.split() if hasattr(module, name)}


def _attribute(value: Any, name: str) -> Any:
    """What `x.shape` is in a graph. ValueError for any other attribute."""
    if name not in ATTRIBUTES:
        raise ValueError(f"no attribute {name!r} of a tensor is read here")
    return getattr(value, name)


KINDS: dict[str, type[nn.Module]] = {f"torch.nn.{name}": kind for name, kind in _of(nn, LAYERS).items()}
KINDS |= {
    f"nonconv.layers.{name}": kind
    for name in layers.__all__
    if isinstance(kind := getattr(layers, name), type) and issubclass(kind, nn.Module)
}
KINDS["nonconv.checks.given.SqueezeExcitation"] = SqueezeExcitation

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f"F.{name}": one for name, one in _of(F, FUNCTIONAL).items()},
    **{f"torch.{name}": one for name, one in _of(torch, TENSOR).items()},
    **{f"operator.{name}": one for name, one in _of(operator, OPERATORS).items()},
    **{f"math.{name}": getattr(math, name) for name in ("sqrt", "prod", "floor", "ceil", "exp", "log")},
    **{f"builtins.{name}": getattr(builtins, name) for name in ("abs", "len", "max", "min", "sum")},
    **{
        f"nonconv.layers.{name}": one
        for name in layers.__all__
        if not isinstance(one := getattr(layers, name), type) and callable(one)
    },
    "attribute": _attribute,
}
METHODS = frozenset(name for name in (TENSOR + METHODS_ONLY).split() if hasattr(Tensor, name))

KIND_NAMES = {kind: name for name, kind in KINDS.items()}
FUNCTION_NAMES: dict[Any, str] = {function: name for name, function in reversed(FUNCTIONS.items())}
FUNCTION_NAMES[getattr] = "attribute"
NUMBERS = """
    float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 bool complex64 complex128
"""
DTYPES = _of(torch, NUMBERS)
