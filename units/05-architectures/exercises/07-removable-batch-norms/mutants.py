"""Slips in the solution that are no mistakes."""

INPUT = "the first layer is the input, which reads nothing and is no batch norm."
ALONE = "it is looked at only where there is one."
READ = "what the batch norm reads has a reader, the batch norm."
NAMES = "both have the names of all layers."

EQUAL = {
    "removable": {
        "{name: inputs for name, _, inputs in net} -> {name: inputs for name, _, inputs in list(net)[1:]}": INPUT,
        "[other for other in reads if name in reads[other]] -> [other for other in list(reads)[1:] if name in"
        " reads[other]]": INPUT,
        "[other for other in reads if name in reads[other]] -> [other for other in reversed(list(reads)) if name"
        " in reads[other]]": "who reads is looked at only where it is one.",
        "[other for other in reads if name in reads[other]] -> [other for other in kind if name in"
        " reads[other]]": NAMES,
        "for name in kind: -> leaves out the first round": INPUT,
        "for name in kind: -> for name in reads:": NAMES,
        "kind[name] != 'bn' -> kind[name] > 'bn'": "of all kinds it is the first in the alphabet.",
        "kind[after[0]] == 'conv' -> kind[after[0]] <= 'conv'": "before it in the alphabet is bn alone, and no two"
        " batch norms follow each other.",
        "kind[after[0]] == 'dropout' -> kind[after[-1]] == 'dropout'": ALONE,
        "kind[after[0]] == 'conv' -> kind[after[-1]] == 'conv'": ALONE,
        "readers(after[0]) -> readers(after[-1])": ALONE,
        "kind[before] == 'dropout' and len(readers(before)) == 1 -> kind[before] == 'dropout' and"
        " len(readers(before)) <= 1": READ,
        "kind[before].startswith('conv') and len(readers(before)) == 1 -> kind[before].startswith('conv') and"
        " len(readers(before)) <= 1": READ,
    }
}
