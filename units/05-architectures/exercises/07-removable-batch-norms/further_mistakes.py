"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

BLOCKS = ("removable-values", "removable-blocks")


def _found(net, after):
    kinds = {name: kind for name, kind, _ in net}
    reads = {name: inputs for name, _, inputs in net}
    readers = {name: [other for other, _, inputs in net if name in inputs] for name in kinds}
    words = []
    for name in (name for name, kind in kinds.items() if kind == "bn"):
        below, alone = reads[name][0], len(readers[reads[name][0]]) == 1
        while kinds[below] == "dropout":
            below = reads[below][0]
            alone = alone and len(readers[below]) == 1
        word = "before" if alone and kinds[below].startswith("conv") else after(name, kinds, readers)
        words.append(word)
    return words


@wrong(
    "removable",
    says="dropout behind a batch norm is not passed over: it goes first there, too, so look at who reads the dropout.",
    loses=BLOCKS[1:],
)
def passes_over_dropout_on_one_side(net):
    def after(name, kinds, readers):
        fits = len(readers[name]) == 1 and kinds[readers[name][0]] == "conv"
        return "after" if fits else "stays"

    return _found(net, after)


@wrong(
    "removable",
    says="a batch norm that two read cannot go into one of them: ask for a single reader, not for any.",
    loses=BLOCKS[1:],
)
def asks_for_any_reader(net):
    def after(name, kinds, readers):
        found = [one for other in readers[name] for one in _behind(other, kinds, readers)]
        return "after" if any(kinds[one] == "conv" for one in found) else "stays"

    return _found(net, after)


def _behind(name, kinds, readers):
    """The layer itself, or, if it is a dropout, the layers that read it."""
    if kinds[name] != "dropout":
        return [name]
    return [one for other in readers[name] for one in _behind(other, kinds, readers)]
