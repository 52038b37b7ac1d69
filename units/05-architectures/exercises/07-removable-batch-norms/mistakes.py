"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

REMOVE = ("removable-values", "removable-blocks")

removes = partial(edited, "removable", solution(__file__, "remove"), given(__file__), loses=REMOVE)

DROPOUT_STAYS = [("'dropout'", "'no such kind'")]


@wrong(
    "removable",
    says="every batch norm is merged: one without a convolution as a neighbour stays.",
    loses=REMOVE,
)
def removes_all(net):
    return ("before",) * sum(kind == "bn" for _, kind, _ in net)


PADDED = removes(
    "merges_into_padded_ones",
    ("kind[after[0]] == 'conv'", "kind[after[0]].startswith('conv')"),
    says="a convolution with a border takes in the batch norm before it: it must have none.",
)


@wrong(
    "removable",
    says="the next convolution is taken although a ReLU stands between: only direct neighbours merge.",
    loses=REMOVE,
)
def looks_through_a_relu(net):
    names = [name for name, _, _ in net]
    kind = {name: what for name, what, _ in net}
    words = []
    for n, name in enumerate(names):
        if kind[name] == "bn":
            earlier = any(kind[other].startswith("conv") for other in names[:n])
            later = any(kind[other] == "conv" for other in names[n:])
            words.append("before" if earlier else "after" if later else "stays")
    return tuple(words)


@wrong(
    "removable",
    says="it looks at the list's neighbours, not at `inputs`: "
    "in a network with a skip these are not the same.",
    loses=REMOVE,
)
def reads_the_list_as_a_chain(net):
    kinds = [kind for _, kind, _ in net if kind != "dropout"]
    words = []
    for before, kind, after in zip(["", *kinds], kinds, [*kinds[1:], ""], strict=False):
        if kind == "bn":
            words.append("before" if before.startswith("conv") else "after" if after == "conv" else "stays")
    return tuple(words)


NEIGHBOURS = [
    removes(
        "does_not_ask_who_else_reads",
        (" and len(readers(before)) == 1", ""),
        says="it does not ask who else reads the convolution: a shared one cannot take the batch norm in.",
    ),
    removes(
        "stops_at_dropout",
        *DROPOUT_STAYS,
        says="dropout is taken for a layer that does something: in use it does nothing, and goes first.",
    ),
    removes(
        "tries_the_one_before_only",
        ("words.append('after')", "words.append('stays')"),
        says="the convolution after it is never tried: without a border it takes the batch norm in.",
    ),
]


@wrong(
    "removable",
    says="a batch norm that others read as well is merged into the convolution after it: they would lose it.",
    loses=["removable-blocks"],
)
def merges_what_others_read(net):
    kind = {name: what for name, what, _ in net}
    reads = {name: inputs for name, _, inputs in net}
    readers = {name: [o for o, _, i in net if name in i] for name in kind}
    words = []
    for name, what, inputs in net:
        if what == "bn":
            before, after = inputs[0], readers[name]
            while kind[before] == "dropout" and len(readers[before]) == 1:
                before = reads[before][0]
            while len(after) == 1 and kind[after[0]] == "dropout":
                after = readers[after[0]]
            if kind[before].startswith("conv") and len(readers[before]) == 1:
                words.append("before")
            else:
                words.append("after" if any(kind[o] == "conv" for o in after) else "stays")
    return tuple(words)


@wrong("removable", shows="it must return a list or a tuple of 1 value", loses=REMOVE)
def gives_a_word_for_each_layer(net):
    return tuple("before" if kind == "bn" else "stays" for _, kind, _ in net)


@wrong("removable", shows="value 1: expected 'before', got bool True", loses=REMOVE)
def answers_yes_or_no(net):
    kind = {name: what for name, what, _ in net}
    return tuple(kind[inputs[0]].startswith("conv") for _, what, inputs in net if what == "bn")


ORDER = [
    removes(
        "takes_padded_ones_for_something_else",
        ("kind[before].startswith('conv')", "kind[before] == 'conv'"),
        *DROPOUT_STAYS,
        says='"conv padded" is a convolution too: a border is no obstacle to the batch norm *behind* it.',
    ),
    removes(
        "tries_the_one_after_it_first",
        ("if kind[before]", "if [kind[one] for one in after] != ['conv'] and kind[before]"),
        says="with a convolution on either side it takes the one after it: "
        "`reduce` tries the one before it first.",
    ),
]
