"""Where each system of the slide decks is taught: a section of a lecture, the library, an exercise.

The start page shows the table; a test holds that no place in it is empty.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """A layer, a network or a technique that the decks present.

    `unit` and `section` are names as in {section:UNIT/NAME}; `library` is what to import, below `nonconv`;
    `exercises` are names as in {exercise:NOTEBOOK/NAME}. A unit that is not written yet has no section.
    """

    name: str
    unit: str
    library: tuple[str, ...]
    section: str = ""
    exercises: tuple[str, ...] = ()


CONV, REDUCTION, ACTIVATIONS = "convolution", "reduction-to-convolution", "sigmoid-versus-relu"
ATTENTION, ARCHITECTURES, SEQUENCES = "attention-mechanisms", "architectures", "sequences"
SELF = "self-attention"


def _of(*names: str) -> tuple[str, ...]:
    return tuple(f"exercises/{name}" for name in names)


SYSTEMS = (
    System(
        "convolution: sizes, stride, padding",
        CONV,
        ("layers.conv2d", "layers.output_size"),
        "size",
        _of("input-sizes", "loops", "same-padding"),
    ),
    System("classical filters", CONV, ("layers.conv2d", "figures.kernel_explorer"), "filters", _of("design")),
    System("receptive field", CONV, ("figures.receptive_field",), "field", _of("receptive-field", "design")),
    System("parameter counts", CONV, ("layers.cost.count_parameters",), "parameters", _of("parameters")),
    System(
        "grouped, depthwise, separable",
        CONV,
        ("layers.depthwise_conv2d", "layers.separable_conv2d"),
        "groups",
        _of("groups", "separable"),
    ),
    System("1×1 convolution", CONV, ("layers.conv2d",), "pointwise", _of("separable")),
    System(
        "transposed convolution",
        CONV,
        ("layers.conv_transpose2d", "layers.insert_zeros"),
        "transposed",
        _of("transposed"),
    ),
    System("dilated convolution", CONV, ("layers.conv2d",), "transposed", _of("dilate")),
    System(
        "deformable convolution",
        CONV,
        ("layers.deform_conv2d", "layers.bilinear_sample"),
        "deformable",
        _of("deformable"),
    ),
    System(
        "locally connected, fully connected",
        CONV,
        ("layers.locally_connected2d", "layers.linear"),
        "sharing",
        _of("parameters"),
    ),
    System(
        "pooling and its gradient",
        CONV,
        ("layers.max_pool2d", "layers.avg_pool2d"),
        "pooling",
        _of("pool-gradient"),
    ),
    System("a convolution as a matrix", CONV, ("layers.convolution_matrix",), "matrix", _of("matrix")),
    System(
        "backpropagation through a convolution",
        CONV,
        ("layers.conv_transpose2d",),
        "gradient",
        _of("kernel-gradient"),
    ),
    System(
        "batch norm in training", REDUCTION, ("layers.batch_norm",), "training", _of("batch-norm-training")
    ),
    System(
        "batch norm in use, as a convolution",
        REDUCTION,
        ("reduction.affine_form", "reduction.depthwise_1x1"),
        "use",
        _of("affine-form", "depthwise-kernel"),
    ),
    System(
        "composition of convolutions",
        REDUCTION,
        ("reduction.compose", "proofs.theorem"),
        "compose",
        (*_of("composition", "composition-with-strides"), "proof/composition"),
    ),
    System(
        "convolution and batch norm merged",
        REDUCTION,
        ("reduction.merge", "reduction.fold"),
        "merge",
        _of("merge-batch-norm", "reduce-network"),
    ),
    System(
        "max, average, global average pooling: which are convolutions?",
        REDUCTION,
        ("reduction.average_pooling", "reduction.global_average_pooling"),
        "pooling",
        _of("pooling"),
    ),
    System(
        "any layer: is it a convolution?", REDUCTION, ("reduction.as_convolution",), "decide", _of("decide")
    ),
    System(
        "σ and its derivative",
        ACTIVATIONS,
        ("layers.sigmoid", "layers.sigmoid_derivative"),
        "three",
        _of("stable-sigmoid", "sigmoid-derivative"),
    ),
    System("tanh", ACTIVATIONS, ("layers.tanh",), "three", _of("tanh-from-sigmoid")),
    System(
        "outputs that are not zero-centred", ACTIVATIONS, ("layers.tanh",), "centred", _of("gradient-signs")
    ),
    System(
        "vanishing gradients",
        ACTIVATIONS,
        ("figures.gradient_norms",),
        "chain",
        _of("chain-gradient", "gradient-bound", "variance-recursion"),
    ),
    System("ReLU", ACTIVATIONS, ("layers.relu", "layers.leaky_relu"), "three", _of("relu-backward", "race")),
    System("aggregation (AGG)", ATTENTION, ("layers.aggregate_places",), "idea", _of("aggregate")),
    System(
        "squeeze and excitation",
        ATTENTION,
        ("layers.squeeze_excitation", "layers.SqueezeExcitation"),
        "excitation",
        _of("excitation", "se-by-convolutions", "put-se"),
    ),
    System(
        "channel attention, both aggregates",
        ATTENTION,
        ("layers.channel_attention",),
        "both",
        _of("channel-attention"),
    ),
    System(
        "spatial attention, Residual Attention",
        ATTENTION,
        ("layers.spatial_attention", "layers.residual_mask"),
        "spatial",
        _of("spatial-attention"),
    ),
    System("CBAM", ATTENTION, ("layers.cbam", "layers.CBAM"), "cbam", _of("cbam")),
    System(
        "self-attention, a first look",
        ATTENTION,
        ("layers.scaled_dot_product_attention",),
        "self",
        _of("self-attention"),
    ),
    System(
        "the pattern of a CNN",
        ARCHITECTURES,
        ("networks.DeckCNN",),
        "pattern",
        _of("parameter-table"),
    ),
    System("LeNet-5", ARCHITECTURES, ("networks.LeNet5",), "lenet", _of("parameter-table")),
    System(
        "flatten, global average pooling",
        ARCHITECTURES,
        ("layers.global_avg_pool2d", "layers.linear_as_conv2d"),
        "flatten",
        _of("fc-as-convolution"),
    ),
    System(
        "AlexNet, VGG",
        ARCHITECTURES,
        ("networks.alexnet_2012", "networks.vgg19"),
        "alexnet",
        _of("parameter-table"),
    ),
    System(
        "GoogLeNet, Inception",
        ARCHITECTURES,
        ("networks.googlenet", "networks.Inception"),
        "inception",
        _of("inception"),
    ),
    System(
        "ResNet, highway networks",
        ARCHITECTURES,
        ("networks.resnet50", "networks.Residual"),
        "resnet",
        _of("residual-gradient", "gradient-by-depth"),
    ),
    System(
        "encoder–decoder, unpooling, U-Net",
        ARCHITECTURES,
        ("layers.max_unpool2d", "networks.UNet"),
        "segmentation",
        _of("unet-sizes"),
    ),
    System(
        "a whole network, reduced",
        ARCHITECTURES,
        ("reduction.reduce",),
        "reduce",
        _of("removable-batch-norms"),
    ),
    System(
        "recurrent network (RNN)",
        SEQUENCES,
        ("layers.rnn", "layers.rnn_cell"),
        "rnn",
        _of("rnn-step", "linear-kernel"),
    ),
    System("LSTM", SEQUENCES, ("layers.lstm", "layers.lstm_cell"), "lstm", _of("lstm-step", "forget-bias")),
    System("bidirectional networks", SEQUENCES, ("layers.bidirectional",), "deep", _of("both-ways")),
    System(
        "encoder–decoder for sequences",
        SEQUENCES,
        ("networks.Seq2Seq",),
        "seq2seq",
        _of("teacher"),
    ),
    System("teacher forcing", SEQUENCES, ("networks.Seq2Seq",), "forcing", _of("teacher")),
    System("beam search", SEQUENCES, ("networks.Seq2Seq",), "beam", _of("beam-search", "budget")),
    System(
        "additive attention",
        SELF,
        ("layers.additive_attention", "networks.AttentionSeq2Seq"),
        "additive",
        _of("additive"),
    ),
    System(
        "query, key, value",
        SELF,
        ("layers.scaled_dot_product_attention", "figures.attention_editor"),
        "qkv",
        _of("smallest-head"),
    ),
    System(
        "scaled dot-product attention",
        SELF,
        ("layers.scaled_dot_product_attention",),
        "root",
        _of("attention", "score-variance"),
    ),
    System("masks", SELF, ("layers.masked_softmax",), "masks", _of("masked-softmax")),
    System(
        "several heads", SELF, ("layers.multi_head_attention", "networks.EncoderBlock"), "heads", _of("heads")
    ),
    System("position encodings", SELF, ("layers.positional_encoding",), "positions", _of("order", "shift")),
    System(
        "captions by soft attention",
        SELF,
        ("layers.soft_attention", "networks.Captioner"),
        "captions",
        _of("regions"),
    ),
    System(
        "self-attention over a map (SAGAN)",
        SELF,
        ("layers.SelfAttention2d", "networks.SaganDiscriminator"),
        "sagan",
        _of("sagan"),
    ),
    System("heads that are a convolution", SELF, ("layers.masked_softmax",), "nine", _of("nine-heads")),
)


def pending(units: set[str]) -> list[System]:
    """The systems whose unit is not among these, called by their names without the number."""
    return [one for one in SYSTEMS if one.unit not in units]


def incomplete(units: set[str]) -> list[System]:
    """The systems of these units that lack a section, something in the library or an exercise."""
    return [
        one for one in SYSTEMS if one.unit in units and not (one.section and one.library and one.exercises)
    ]
