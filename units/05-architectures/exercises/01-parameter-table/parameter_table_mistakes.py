"""What students answer for parameter_table: the wrong ways, what each is told and loses, and other right ways."""

import math

from nonconv.authoring import wrong

TABLE = ("parameter-table-values", "parameter-table-more")


@wrong("parameter_table", says="the biases are missing: each output map or number has one.", loses=TABLE)
def forgets_the_biases(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append(M * p * p * K)
            M, size = K, size - p + 1
        elif kind == "pool":
            size //= arguments[0]
        else:
            counts.append(M * size * size * arguments[0])
            M, size = arguments[0], 1
    return tuple(counts)


@wrong(
    "parameter_table",
    says="a kernel reaches through all maps that come in: each output map has M p² weights, not p².",
    loses=TABLE,
)
def takes_one_input_map(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((p * p + 1) * K)
            M, size = K, size - p + 1
        elif kind == "pool":
            size //= arguments[0]
        else:
            counts.append((M * size * size + 1) * arguments[0])
            M, size = arguments[0], 1
    return tuple(counts)


@wrong(
    "parameter_table",
    says="your convolutions keep the size: without a border a p×p kernel takes p − 1 rows away.",
    loses=TABLE,
)
def keeps_the_size(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M = K
        elif kind == "pool":
            size //= arguments[0]
        else:
            counts.append((M * size * size + 1) * arguments[0])
            M, size = arguments[0], 1
    return tuple(counts)


@wrong(
    "parameter_table",
    says="poolings are passed over: they learn nothing, but they make the maps smaller.",
    loses=TABLE,
)
def passes_over_the_poolings(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M, size = K, size - p + 1
        elif kind == "fc":
            counts.append((M * size**2 + 1) * arguments[0])
            M, size = arguments[0], 1
    return tuple(counts)


@wrong(
    "parameter_table",
    says="the first fully connected layer sees one number for each map: it sees all M·size·size numbers.",
    loses=TABLE,
)
def flattens_maps_to_one_number(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M, size = K, size - p + 1
        elif kind == "pool":
            size //= arguments[0]
        else:
            counts.append((M + 1) * arguments[0])
            M = arguments[0]
    return tuple(counts)


@wrong(
    "parameter_table",
    says="behind a fully connected layer there are no maps any more: the next one sees its K numbers alone.",
    loses=TABLE,
)
def keeps_the_maps_behind_fc(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M, size = K, size - p + 1
        elif kind == "pool":
            size //= arguments[0]
        else:
            counts.append((M * size * size + 1) * arguments[0])
            M = arguments[0]
    return tuple(counts)


@wrong(
    "parameter_table",
    says="one bias serves a whole layer: each output map or number has its own.",
    loses=TABLE,
)
def counts_one_bias_for_a_layer(M, size, rows):
    counts, numbers = [], M * size * size
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append(M * K * p**2 + 1)
            M, size = K, size - p + 1
            numbers = M * size**2
        elif kind == "pool":
            size //= arguments[0]
            numbers = M * size**2
        else:
            counts.append(numbers * arguments[0] + 1)
            numbers = arguments[0]
    return tuple(counts)


@wrong("parameter_table", shows="it must return the 2 values", loses=TABLE)
def adds_them_up(M, size, rows):
    total = 0
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            total += (M * p * p + 1) * K
            M, size = K, size - p + 1
        elif kind == "pool":
            size //= arguments[0]
        else:
            total += (M * size * size + 1) * arguments[0]
            M, size = arguments[0], 1
    return total


@wrong(
    "parameter_table",
    shows="it must return the 2 values (output 1, output 2), but it returned a tuple of 3 values",
    loses=TABLE,
)
def lists_the_poolings_too(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M, size = K, size - p + 1
        elif kind == "pool":
            counts.append(0)
            size //= arguments[0]
        else:
            counts.append((M * size * size + 1) * arguments[0])
            M, size = arguments[0], 1
    return tuple(counts)


@wrong(
    "parameter_table",
    says="pooling rounds up: what does not fill a window is dropped.",
    loses=["parameter-table-more"],
)
def rounds_poolings_up(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M, size = K, size - p + 1
        elif kind == "pool":
            size = math.ceil(size / arguments[0])
        else:
            counts.append((M * size * size + 1) * arguments[0])
            M, size = arguments[0], 1
    return tuple(counts)


@wrong(
    "parameter_table",
    says="a p×p kernel leaves size − p + 1 rows: it fits in once more than the size is longer.",
    loses=TABLE,
)
def loses_a_row_too_many(M, size, rows):
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M, size = K, size - p
        elif kind == "pool":
            size //= arguments[0]
        else:
            counts.append((M * size * size + 1) * arguments[0])
            M, size = arguments[0], 1
    return tuple(counts)
