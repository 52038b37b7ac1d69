"""What students answer: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

PREDICT = ("predict-values", "predict-networks")

leaves = partial(edited, "left", solution(__file__, "predict"), given(__file__), loses=PREDICT)

SLIPS = [
    leaves(
        "looks_through_nothing",
        ("elif kind in ('relu', 'max pool'):", "elif kind != 'bn':"),
        says="only the layer directly before is looked at; but what gives weighted means of a map (dropout,"
        " average pooling, upsampling) may lie between.",
    ),
    leaves(
        "forgets_the_convolution_behind",
        (" and behind[:1] not in (['conv'], ['conv circular'])", ""),
        says="a convolution behind a batch norm can take it in, too, if it has no border of zeros.",
    ),
    leaves(
        "merges_into_a_padded_convolution_behind",
        ("(['conv'], ['conv circular'])", "(['conv'], ['conv circular'], ['conv padded'])"),
        says="a convolution with a border of zeros takes in no batch norm that stands before it: the border is"
        " 0 and not g.",
    ),
    leaves(
        "trusts_no_border_at_all",
        ("(['conv'], ['conv circular'])", "(['conv'],)"),
        says="a circular border is made of the image itself, so it passes through the batch norm as well.",
    ),
    leaves(
        "looks_through_a_relu",
        ("('relu', 'max pool')", "('max pool',)"),
        says="a ReLU stands between: G·ReLU(y) + g is no ReLU of anything affine.",
    ),
    leaves(
        "looks_through_a_max_pooling",
        ("('relu', 'max pool')", "('relu',)"),
        says="a max pooling stands between, and reduce does not merge through it: G may be negative.",
    ),
    leaves(
        "stops_at_an_average_before_the_convolution",
        ("{'dropout', 'avg pool', 'upsample', 'bn'}", "{'dropout', 'upsample', 'bn'}"),
        says="an average of G y + g is G times the average, plus g: the convolution behind it takes the batch"
        " norm in.",
    ),
    leaves(
        "stops_at_an_upsampling_before_the_convolution",
        ("{'dropout', 'avg pool', 'upsample', 'bn'}", "{'dropout', 'avg pool', 'bn'}"),
        says="an upsampling only repeats numbers of a map: the convolution behind it takes the batch norm in.",
    ),
    leaves(
        "stops_at_a_batch_norm_that_will_have_gone",
        ("{'dropout', 'avg pool', 'upsample', 'bn'}", "{'dropout', 'avg pool', 'upsample'}"),
        says="a batch norm that the convolution behind takes in is no obstacle for the one before it.",
    ),
    leaves(
        "looks_through_a_relu_behind",
        ("{'dropout', 'avg pool', 'upsample', 'bn'}", "{'dropout', 'avg pool', 'upsample', 'bn', 'relu'}"),
        says="a ReLU lies between the batch norm and the convolution behind it.",
    ),
    leaves(
        "stops_at_an_upsampling",
        ("('relu', 'max pool')", "('relu', 'max pool', 'upsample')"),
        says="an upsampling only repeats numbers of a map: the batch norm behind it goes back to the"
        " convolution.",
    ),
    leaves(
        "stops_at_an_average",
        ("('relu', 'max pool')", "('relu', 'max pool', 'avg pool')"),
        says="an average of G y + g is G times the average, plus g: the batch norm goes back to the"
        " convolution.",
    ),
    leaves(
        "forgets_that_a_merged_batch_norm_is_gone",
        ("('relu', 'max pool')", "('relu', 'max pool')"),
        (
            "stays.append(n)",
            "stays.append(n)\n            reached = False",
        ),
        says="a batch norm that has been merged is no obstacle for the next one.",
    ),
    leaves(
        "does_not_look_behind_a_dropout",
        ("{'dropout', 'avg pool', 'upsample', 'bn'}", "{'avg pool', 'upsample', 'bn'}"),
        says="dropout does nothing in use: it may lie between a batch norm and the convolution behind it.",
    ),
    leaves(
        "counts_from_1",
        ("enumerate(layers)", "enumerate(layers, 1)"),
        ("layers[n + 1:]", "layers[n:]"),
        says="places count from 0.",
    ),
    leaves(
        "returns_those_that_go",
        ("if not reached and behind[:1] not in", "if reached or behind[:1] in"),
        says="these are the batch norms that go; asked are those that stay.",
    ),
    leaves(
        "returns_how_many",
        ("return stays", "return len(stays)"),
        shows="returned",
    ),
]


@wrong("left", shows="calls nonconv.reduction", loses=PREDICT)
def asks_reduce(layers):
    import torch

    from nonconv import reduction as library

    model = torch.nn.Sequential(torch.nn.Conv2d(2, 2, 1), torch.nn.BatchNorm2d(2)).eval()
    report = library.reduce(model, torch.zeros(1, 2, 4, 4)).report
    return [n for n, kind in enumerate(layers) if kind == "bn" and not report.applied]
