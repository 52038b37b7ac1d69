"""Reference layers: each a pure function that is its formula, then a thin module where there are parameters.

Names, argument order and defaults are PyTorch's. Nothing here imports another part of the course.

Two words. A *map* is what the lecture slides call a channel: one of the M images (K for the result) of H rows
and W columns that a layer is given. A layer in *evaluation mode*, after `.eval()`, is what the lectures call
"in use": batch norm takes the running averages, and dropout does nothing.
"""

from nonconv.layers._sizes import output_size, same_padding
from nonconv.layers.activation import (
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from nonconv.layers.attention import (
    additive_attention,
    doubly_stochastic_penalty,
    masked_softmax,
    multi_head_attention,
    positional_encoding,
    scaled_dot_product_attention,
    scaled_dot_product_attention_by_definition,
    self_attention2d,
    soft_attention,
)
from nonconv.layers.attention_modules import AdditiveAttention, MultiHeadAttention, SelfAttention2d
from nonconv.layers.connected import (
    Linear,
    LocallyConnected2d,
    convolution_matrix,
    linear,
    linear_as_conv2d,
    locally_connected2d,
    locally_connected2d_by_definition,
)
from nonconv.layers.convolution import (
    Conv2d,
    SeparableConv2d,
    conv1d,
    conv2d,
    conv2d_by_definition,
    conv3d,
    depthwise_conv2d,
    separable_conv2d,
)
from nonconv.layers.deformable import (
    DeformConv2d,
    bilinear_sample,
    deform_conv2d,
    deform_conv2d_by_definition,
)
from nonconv.layers.gates import (
    CBAM,
    SqueezeExcitation,
    aggregate_places,
    cbam,
    channel_attention,
    residual_mask,
    spatial_attention,
    squeeze_excitation,
)
from nonconv.layers.max_pooling import max_pool2d, max_pool2d_by_definition, max_unpool2d
from nonconv.layers.normalization import (
    BatchNorm2d,
    batch_norm,
    moments,
)
from nonconv.layers.pooling import adaptive_avg_pool2d, avg_pool2d, global_avg_pool2d
from nonconv.layers.recurrent import bidirectional, lstm, lstm_cell, rnn, rnn_cell
from nonconv.layers.recurrent_modules import LSTM, RNN
from nonconv.layers.transposed import (
    ConvTranspose2d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose2d_by_definition,
    conv_transpose3d,
    insert_zeros,
)

__all__ = [
    "CBAM",
    "LSTM",
    "RNN",
    "AdditiveAttention",
    "BatchNorm2d",
    "Conv2d",
    "ConvTranspose2d",
    "DeformConv2d",
    "Linear",
    "LocallyConnected2d",
    "MultiHeadAttention",
    "SelfAttention2d",
    "SeparableConv2d",
    "SqueezeExcitation",
    "adaptive_avg_pool2d",
    "additive_attention",
    "aggregate_places",
    "avg_pool2d",
    "batch_norm",
    "bidirectional",
    "bilinear_sample",
    "cbam",
    "channel_attention",
    "conv1d",
    "conv2d",
    "conv2d_by_definition",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose2d_by_definition",
    "conv_transpose3d",
    "convolution_matrix",
    "deform_conv2d",
    "deform_conv2d_by_definition",
    "depthwise_conv2d",
    "doubly_stochastic_penalty",
    "global_avg_pool2d",
    "insert_zeros",
    "leaky_relu",
    "leaky_relu_derivative",
    "linear",
    "linear_as_conv2d",
    "locally_connected2d",
    "locally_connected2d_by_definition",
    "lstm",
    "lstm_cell",
    "masked_softmax",
    "max_pool2d",
    "max_pool2d_by_definition",
    "max_unpool2d",
    "moments",
    "multi_head_attention",
    "output_size",
    "positional_encoding",
    "relu",
    "relu_derivative",
    "residual_mask",
    "rnn",
    "rnn_cell",
    "same_padding",
    "scaled_dot_product_attention",
    "scaled_dot_product_attention_by_definition",
    "self_attention2d",
    "separable_conv2d",
    "sigmoid",
    "sigmoid_derivative",
    "soft_attention",
    "spatial_attention",
    "squeeze_excitation",
    "tanh",
    "tanh_derivative",
]
