"""What students answer: slips about who reads what, and about dropout; what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

REMOVE = ("removable-values", "removable-blocks")

removes = partial(edited, "removable", solution(__file__, "remove"), given(__file__))
BLOCKS = ["removable-blocks"]

SLIPS = [
    removes(
        "takes_one_dropout_away",
        ("while", "if"),
        says="one dropout is taken away, but there may be two in a row: `while`, not `if`.",
        loses=REMOVE,
    ),
    removes(
        "passes_a_dropout_before_that_others_read",
        ("'dropout' and len(readers(before)) == 1:", "'dropout':"),
        says="the dropout before the batch norm is read by others, too: then they read the convolution.",
        loses=BLOCKS,
    ),
    removes(
        "asks_the_first_reader_of_a_dropout",
        (
            "while len(after) == 1 and kind[after[0]] == 'dropout':",
            "while after and kind[after[0]] == 'dropout':",
        ),
        ("after = readers(after[0])", "after = readers(after[0])[:1]"),
        says="the dropout behind the batch norm is read by others, too: they would lose the batch norm.",
        loses=BLOCKS,
    ),
    removes(
        "merges_into_several_convolutions",
        (
            "elif len(after) == 1 and kind[after[0]] == 'conv':",
            "elif {kind[one] for one in after} == {'conv'}:",
        ),
        says="two convolutions behind it are one too many: `reduce` merges two layers, one reader.",
        loses=BLOCKS,
    ),
    removes(
        "shares_a_convolution_among_batch_norms",
        (
            "startswith('conv') and len(readers(before)) == 1",
            "startswith('conv') and all(kind[one] in ('bn', 'dropout') for one in readers(before))",
        ),
        says="two batch norms read one convolution: it cannot take in both, and each needs it for itself.",
        loses=BLOCKS,
    ),
    removes(
        "expects_somebody_behind_each",
        ("while len(after) == 1 and", "while (len(after) == 1 or after[0] is None) and"),
        shows="stopped with IndexError",
        loses=BLOCKS,
    ),
]


@wrong("removable", shows="calls nonconv.reduction", loses=REMOVE)
def asks_reduce(net):
    import torch

    from nonconv import reduction as library

    parts = torch.nn.Sequential(torch.nn.Conv2d(2, 2, 1), torch.nn.BatchNorm2d(2)).eval()
    report = library.reduce(parts, torch.zeros(1, 2, 4, 4)).report
    return ["before" for row in report.applied]


@wrong("removable", shows="calls nonconv.reduction", loses=REMOVE)
def asks_in_a_helper(net):
    import torch

    from nonconv.reduction import network

    def helper(layers):
        return network.reduce(torch.nn.Sequential(*layers), torch.zeros(1, 2, 4, 4))

    return helper([torch.nn.BatchNorm2d(2)])


@wrong("removable", shows="but it returned dict", loses=REMOVE)
def gives_a_word_for_each_name(net):
    return {name: "before" for name, kind, _ in net if kind == "bn"}
