"""Bad input is refused by a ValueError that names the offending values:
for every public function and module.
"""

import pytest
import torch

from nonconv import layers

X = torch.zeros(2, 4, 5, 5)  # N, M, H, W
W = torch.zeros(6, 4, 3, 3)
D = torch.zeros(4, 1, 3, 3)  # depthwise
T = torch.zeros(4, 6, 3, 3)  # transposed
L = torch.zeros(3, 3, 6, 4, 3, 3)  # locally connected: H', W', K, M, p, q
O = torch.zeros(2, 18, 3, 3)  # offsets
SEQ = torch.zeros(2, 3, 4)
IN, OUT = torch.zeros(12, 4), torch.zeros(4, 4)
W0, W1 = torch.zeros(2, 4), torch.zeros(4, 2)
x, h, w_ih, w_hh = torch.zeros(2, 3), torch.zeros(2, 5), torch.zeros(5, 3), torch.zeros(5, 5)
l_ih, l_hh = torch.zeros(20, 3), torch.zeros(20, 5)
TOKENS = torch.zeros(3, 2, dtype=torch.int64)

# (name, call, what the message must say)
TABLE = [
    ("conv1d", lambda f: f(X, W[..., 0]), r"\(N, M, W\) or \(M, W\), not shape \(2, 4, 5, 5\)"),
    (
        "conv1d",
        lambda f: f(X[..., 0], W[..., 0], stride=(1, 2)),
        r"stride must be one integer >= 1, not \(1, 2\)",
    ),
    ("conv2d", lambda f: f(X[0, 0], W), r"\(N, M, H, W\) or \(M, H, W\), not shape \(5, 5\)"),
    ("conv2d", lambda f: f(X, W[:, :3]), r"x has 4 maps, so with groups = 1 weight needs 4 .* not 3"),
    ("conv2d", lambda f: f(X, W[:0]), r"none of them empty, not shape \(0, 4, 3, 3\)"),
    ("conv2d", lambda f: f(X, W.double()), r"x is torch.float32, weight is torch.float64"),
    ("conv2d", lambda f: f(X, W.to("meta")), r"x is cpu, weight is meta"),
    ("conv2d", lambda f: f(X, W, padding=2.5), r"padding must be one or two integers >= 0, not 2.5"),
    ("conv2d_by_definition", lambda f: f(X, torch.zeros(1, 4, 6, 2)), r"spans 6 places along H .* only 5"),
    ("conv3d", lambda f: f(X, W), r"weight must have 5 dimensions .* not shape \(6, 4, 3, 3\)"),
    (
        "conv_transpose1d",
        lambda f: f(X[..., 0], T[..., 0], stride=0),
        r"stride must be one integer >= 1, not 0",
    ),
    ("conv_transpose2d", lambda f: f(X, T[:3]), r"needs 4 in its first dimension, .* \(3, 6, 3, 3\)"),
    ("conv_transpose2d", lambda f: f(X, T, output_padding=1), r"output_padding \(1, 1\) must be smaller"),
    ("conv_transpose2d", lambda f: f(X, T, padding=4), r"padding \(4, 4\) leaves nothing .* \(-1, -1\)"),
    ("conv_transpose2d", lambda f: f(X, T, torch.zeros(5)), r"bias must have shape \(6,\), .* not \(5,\)"),
    ("conv_transpose3d", lambda f: f(X, T, dilation=-1), r"weight must have 5 dimensions"),
    (
        "conv_transpose2d_by_definition",
        lambda f: f(X, T, padding=3),
        r"padding \(3, 3\) must be at most .* \(2, 2\)",
    ),
    ("insert_zeros", lambda f: f(X, 0), r"stride must be one or two integers >= 1, not 0"),
    ("insert_zeros", lambda f: f(X[:, :, :0], 2), r"x must have rows and columns, not shape \(2, 4, 0, 5\)"),
    ("depthwise_conv2d", lambda f: f(X, W), r"groups = 4 must divide both the 4 input maps and the 6 output"),
    (
        "separable_conv2d",
        lambda f: f(X, D, W),
        r"pointwise must have the shape \(K, M, 1, 1\), not \(6, 4, 3, 3\)",
    ),
    ("output_size", lambda f: f(5, 3, stride=0), r"not 5, 3, 0, 1 and 0"),
    ("output_size", lambda f: f(5, 7), r"spans 7 places .* only 5"),
    ("same_padding", lambda f: f(5, 0), r"must be at least 1, not 5, 0, 1, 1"),
    ("convolution_matrix", lambda f: f(W[0], (5, 5)), r"four dimensions .* not shape \(4, 3, 3\)"),
    ("convolution_matrix", lambda f: f(W, (5, 0)), r"size must be one or two integers >= 1, not \(5, 0\)"),
    ("convolution_matrix", lambda f: f(W, (5, 5), groups=4), r"with groups = 4"),
    ("deform_conv2d", lambda f: f(X, O[:, :17], W), r"2·p·q = 18 channels .* not 17"),
    (
        "deform_conv2d",
        lambda f: f(X, O[..., :2], W),
        r"offset must have shape \(2, 18, 3, 3\), not \(2, 18, 3, 2\)",
    ),
    ("deform_conv2d", lambda f: f(X, O, W[:, :3]), r"must divide 4"),
    (
        "deform_conv2d",
        lambda f: f(X, O, W, mask=O),
        r"mask must have shape \(2, 9, 3, 3\), not \(2, 18, 3, 3\)",
    ),
    ("deform_conv2d", lambda f: f(X, O.half(), W), r"offset is torch.float16"),
    ("deform_conv2d_by_definition", lambda f: f(X, O, W[:, :2]), r"one group, not 2 of the kernel"),
    (
        "bilinear_sample",
        lambda f: f(X, SEQ, SEQ[:, 0]),
        r"one shape \(N, …\), not \(2, 4, 5, 5\), \(2, 3, 4\) and \(2, 4\)",
    ),
    (
        "bilinear_sample",
        lambda f: f(X, SEQ.half(), SEQ.half()),
        r"must be torch.float32 as x, .* not torch.float16",
    ),
    ("linear", lambda f: f(X, W0), r"not \(2, 4, 5, 5\) and \(2, 4\)"),
    ("linear", lambda f: f(SEQ, W0, torch.zeros(3)), r"bias must have shape \(2,\), .* not \(3,\)"),
    ("linear_as_conv2d", lambda f: f(X, W0), r"shape \(K, 100\) for x of shape \(2, 4, 5, 5\), not \(2, 4\)"),
    ("locally_connected2d", lambda f: f(X, L[0]), r"six dimensions .* not shape \(3, 6, 4, 3, 3\)"),
    (
        "locally_connected2d",
        lambda f: f(X, L[:2]),
        r"weight must have shape \(3, 3, 6, 4, 3, 3\), not \(2, 3,",
    ),
    ("locally_connected2d", lambda f: f(X[..., :2], L), r"the kernel 3×3 is larger than x, 5×2"),
    (
        "locally_connected2d_by_definition",
        lambda f: f(X, L, torch.zeros(6)),
        r"bias must have shape \(6, 3, 3\), not \(6,\)",
    ),
    ("max_pool2d", lambda f: f(X, 3, padding=2), r"padding of 2 rows is more than half the window's 3"),
    ("max_pool2d", lambda f: f(X, True), r"kernel_size must be one or two integers >= 1, not True"),
    ("max_pool2d_by_definition", lambda f: f(X, 6), r"spans 6 rows .* only 5"),
    ("max_unpool2d", lambda f: f(X, X.long() - 1, 2), r"indices must lie in \[0, 100\) .* not -1"),
    (
        "max_unpool2d",
        lambda f: f(X, X.long(), 2, output_size=(4,) * 3),
        r"output_size must be .* not \(4, 4, 4\)",
    ),
    ("avg_pool2d", lambda f: f(X, (2, 6)), r"spans 6 columns .* only 5"),
    (
        "adaptive_avg_pool2d",
        lambda f: f(X, (2, 0)),
        r"output_size must be one or two integers >= 1, not \[2, 0\]",
    ),
    ("global_avg_pool2d", lambda f: f(X[0, 0]), r"not shape \(5, 5\)"),
    (
        "batch_norm",
        lambda f: f(X, torch.zeros(4), torch.zeros(3)),
        r"running_var must have shape \(4,\), .* not \(3,\)",
    ),
    ("batch_norm", lambda f: f(X, training=True, eps=0.0), r"eps must be positive, not 0.0"),
    ("moments", lambda f: f(X[:0]), r"some numbers, not shape \(0, 4, 5, 5\)"),
    ("sigmoid", lambda f: f(X.long()), r"x must have a floating-point dtype, not torch.int64"),
    ("sigmoid_derivative", lambda f: f(1.0), r"x must be a torch.Tensor, not float"),
    ("tanh", lambda f: f(X.int()), r"not torch.int32"),
    ("tanh_derivative", lambda f: f(X.bool()), r"not torch.bool"),
    ("relu", lambda f: f(X.long()), r"not torch.int64"),
    ("relu_derivative", lambda f: f(X.long()), r"not torch.int64"),
    ("leaky_relu", lambda f: f([1.0]), r"x must be a torch.Tensor, not list"),
    ("leaky_relu_derivative", lambda f: f(X.long()), r"not torch.int64"),
    ("aggregate_places", lambda f: f(X, "sum"), r"must be \"avg\" or \"max\", not 'sum'"),
    ("channel_attention", lambda f: f(X, W0, W0), r"C = 4, not \(2, 4\) and \(2, 4\)"),
    ("channel_attention", lambda f: f(X, W0, W1, aggregates=()), r"aggregates must name .* not none"),
    ("squeeze_excitation", lambda f: f(X[0], W0, W1), r"four dimensions .* not shape \(4, 5, 5\)"),
    ("spatial_attention", lambda f: f(X, W), r"\(1, 2, k, k\) with an odd k, not \(6, 4, 3, 3\)"),
    ("cbam", lambda f: f(X, W0, W1, torch.zeros(1, 2, 4, 4)), r"odd k, not \(1, 2, 4, 4\)"),
    ("residual_mask", lambda f: f(X, X[:, :3]), r"x's shape \(2, 4, 5, 5\) .* not \(2, 3, 5, 5\)"),
    ("masked_softmax", lambda f: f(SEQ, SEQ), r"mask must be torch.bool, not torch.float32"),
    (
        "masked_softmax",
        lambda f: f(SEQ, SEQ[:, :2].bool()),
        r"mask of shape \(2, 2, 4\) does not fit .* \(2, 3, 4\)",
    ),
    ("masked_softmax", lambda f: f(SEQ, dim=3), r"dim = 3 is no dimension of e, whose shape is \(2, 3, 4\)"),
    ("scaled_dot_product_attention", lambda f: f(SEQ, SEQ[..., :3], SEQ), r"key \(2, 3, 3\)"),
    (
        "scaled_dot_product_attention",
        lambda f: f(SEQ, SEQ, SEQ, dropout_p=2.0),
        r"dropout_p must lie in \[0, 1\], not 2.0",
    ),
    ("scaled_dot_product_attention", lambda f: f(SEQ, SEQ, SEQ, IN), r"mask of shape \(12, 4\) does not fit"),
    ("scaled_dot_product_attention", lambda f: f(SEQ, SEQ, SEQ, OUT[:3, :3], is_causal=True), r"not both"),
    (
        "scaled_dot_product_attention",
        lambda f: f(SEQ, SEQ[:1].expand(3, -1, -1), SEQ),
        r"leading dimensions .* \(3, 3, 4\)",
    ),
    ("scaled_dot_product_attention_by_definition", lambda f: f(SEQ, SEQ, SEQ), r"matrices, not \(2, 3, 4\)"),
    ("multi_head_attention", lambda f: f(SEQ, SEQ, SEQ, 3, IN, OUT), r"divides d = 4, not 3"),
    (
        "multi_head_attention",
        lambda f: f(SEQ, SEQ, SEQ, 2, OUT, OUT),
        r"W_in must have shape \(12, 4\), not \(4, 4\)",
    ),
    (
        "additive_attention",
        lambda f: f(x, SEQ, w_ih, w_ih, torch.zeros(5)),
        r"U must have shape \(5, 4\), not \(5, 3\)",
    ),
    (
        "soft_attention",
        lambda f: f(x, SEQ, w_ih, w_ih, torch.zeros(5)),
        r"four dimensions .* not shape \(2, 3, 4\)",
    ),
    ("doubly_stochastic_penalty", lambda f: f(X), r"\(N, T, L\), not shape \(2, 4, 5, 5\)"),
    (
        "self_attention2d",
        lambda f: f(X, W0, W0, W0, W0, torch.zeros(())),
        r"Wv must have shape \(4, 2\), not \(2, 4\)",
    ),
    (
        "self_attention2d",
        lambda f: f(X, W0, W0, W0, W1, torch.zeros(1)),
        r"gamma must have shape \(\), not \(1,\)",
    ),
    ("positional_encoding", lambda f: f(4, 3), r"width even, not 4 and 3"),
    ("rnn_cell", lambda f: f(x, h, w_hh, w_hh), r"w_ih must have shape \(5, 3\), not \(5, 5\)"),
    ("rnn_cell", lambda f: f(x, h, w_ih, w_hh, nonlinearity="sin"), r"one of tanh, relu, not 'sin'"),
    ("lstm_cell", lambda f: f(x, (h, h[:1]), l_ih, l_hh), r"c must have shape \(2, 5\), not \(1, 5\)"),
    ("lstm_cell", lambda f: f(x, h, l_ih, l_hh), r"hx must be the pair \(h, c\), not Tensor"),
    ("rnn", lambda f: f(x, h, w_ih, w_hh), r"\(T, N, D\) with T >= 1, not shape \(2, 3\)"),
    ("lstm", lambda f: f(SEQ[:0], (h, h), l_ih, l_hh), r"not shape \(0, 3, 4\)"),
    ("bidirectional", lambda f: f(layers.rnn, SEQ, h, (), ()), r"pair of first states, .* not Tensor"),
    ("Conv2d", lambda f: f(4, 6, 3, groups=4), r"in_channels = 4 and out_channels = 6"),
    ("ConvTranspose2d", lambda f: f(4, 6, 0), r"kernel_size must be one or two integers >= 1, not 0"),
    ("SeparableConv2d", lambda f: f(4, 6, (3, 3, 3)), r"kernel_size must be .* not \(3, 3, 3\)"),
    ("DeformConv2d", lambda f: f(4, 6, 3)(X[:, :3]), r"x has 3 maps"),
    ("Linear", lambda f: f(0, 3), r"at least 1, not 0, 3"),
    ("LocallyConnected2d", lambda f: f(4, 6, (2, 5), 3), r"spans 3 places .* only 2"),
    ("BatchNorm2d", lambda f: f(0), r"num_features must be at least 1, not 0"),
    ("BatchNorm2d", lambda f: f(4)(X[0]), r"four dimensions \(N, K, H, W\), not shape \(4, 5, 5\)"),
    ("SqueezeExcitation", lambda f: f(4, 3), r"ratio 3 must divide the 4 channels"),
    ("CBAM", lambda f: f(4, 2, 6), r"kernel_size must be odd, not 6"),
    ("MultiHeadAttention", lambda f: f(4, 3), r"num_heads = 3 must divide embed_dim = 4"),
    ("AdditiveAttention", lambda f: f(3, 4, 0), r"at least 1, not 3, 4 and 0"),
    ("SelfAttention2d", lambda f: f(4), r"ratio 8 must divide the 4 channels"),
    ("RNN", lambda f: f(3, 0), r"at least 1, not 3, 0 and 1"),
    ("RNN", lambda f: f(4, 5)(SEQ, torch.zeros(2, 3, 5)), r"hx must have shape \(1, 3, 5\), not \(2, 3, 5\)"),
    (
        "LSTM",
        lambda f: f(4, 5)(SEQ, (torch.zeros(1, 3, 4),) * 2),
        r"hx must have shape \(1, 3, 5\), not \(1, 3, 4\)",
    ),
]


@pytest.mark.parametrize(
    ("name", "call", "message"), TABLE, ids=[f"{name}-{n}" for n, (name, *_) in enumerate(TABLE)]
)
def test_bad_input_is_named(name: str, call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(getattr(layers, name))


def test_no_public_name_is_left_out() -> None:
    assert sorted(set(layers.__all__) - {name for name, *_ in TABLE}) == []
