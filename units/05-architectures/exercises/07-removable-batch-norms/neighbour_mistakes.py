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
        "looks_through_a_pooling",
        ("== 'dropout'", "in ('dropout', 'max pool')"),
        says="a max pooling stands between: a negative factor would turn its maxima into minima.",
        loses=BLOCKS,
    ),
    removes(
        "looks_through_a_sum",
        ("kind[after[0]] == 'dropout'", "kind[after[0]] in ('dropout', 'sum')"),
        says="a sum stands between: the other summand would pass through the batch norm as well.",
        loses=BLOCKS,
    ),
    removes(
        "merges_one_batch_norm_a_convolution",
        ("words = []", "words, taken = ([], set())"),
        (
            "len(readers(before)) == 1:\n            words",
            "len(readers(before)) == 1 and before not in taken:\n            words",
        ),
        (
            "words.append('after')",
            "words.append('stays' if after[0] in taken else 'after')\n            taken.add(after[0])",
        ),
        says="a convolution can take in two batch norms, the one before it and the one behind it.",
        loses=BLOCKS,
    ),
    removes(
        "keeps_the_last_layer",
        ("if kind[before]", "if name != net[-1][0] and kind[before]"),
        says="a batch norm that is the last layer is merged like any other: then the convolution gives the result.",
        loses=REMOVE,
    ),
    removes(
        "expects_somebody_behind_each",
        ("while len(after) == 1 and", "while (len(after) == 1 or after[0] is None) and"),
        shows="stopped with IndexError",
        loses=REMOVE,
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
