"""What students answer for parameter_table: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

TABLE = ("parameter-table-values", "parameter-table-more")

table = partial(edited, "parameter_table", solution(__file__, "table"), given(__file__), loses=TABLE)

WRONG = [
    table(
        "forgets_the_biases",
        ("(M * p * p + 1) * K", "M * p * p * K"),
        ("(M * size * size + 1)", "M * size * size"),
        says="the biases are missing: each output map or number has one.",
    ),
    table(
        "takes_one_input_map",
        ("M * p * p", "p * p"),
        says="a kernel reaches through all maps that come in: each output map has M p² weights, not p².",
    ),
    table(
        "keeps_the_size",
        ("size - p + 1", "size"),
        says="your convolutions keep the size: without a border a p×p kernel takes p − 1 rows away.",
    ),
    table(
        "passes_over_the_poolings",
        ("size // s", "size"),
        says="poolings are passed over: they learn nothing, but they make the maps smaller.",
    ),
    table(
        "moves_poolings_by_one",
        ("size // s", "size - s + 1"),
        says="the poolings move on by 1: they have stride s, so they divide the number of rows by s.",
    ),
    table(
        "flattens_maps_to_one_number",
        ("M * size * size + 1", "M + 1"),
        says="the first fully connected layer sees one number for each map: it sees all M·size·size numbers.",
    ),
    table(
        "keeps_the_maps_behind_fc",
        ("M, size = (K, 1)", "M = K"),
        says="behind a fully connected layer there are no maps any more: "
        "the next one sees its K numbers alone.",
    ),
    table(
        "counts_one_bias_for_a_layer",
        ("(M * p * p + 1) * K", "M * p * p * K + 1"),
        ("(M * size * size + 1) * K", "M * size * size * K + 1"),
        says="one bias serves a whole layer: each output map or number has its own.",
    ),
    table("adds_them_up", ("return counts", "return sum(counts)"), shows="a list or a tuple of 2 values"),
    table(
        "lists_the_poolings_too",
        ("size = size // s", "counts.append(0)\n            size = size // s"),
        ("return counts", "return tuple(counts)"),
        says="poolings are listed with 0: the list holds only the layers that have parameters.",
    ),
    table(
        "rounds_poolings_up",
        ("size // s", "-(-size // s)"),
        says="pooling rounds up: what does not fill a window is dropped.",
        loses=["parameter-table-more"],
    ),
    table(
        "loses_a_row_too_many",
        ("size - p + 1", "size - p"),
        says="a p×p kernel leaves size − p + 1 rows: it fits in once more than the size is longer.",
    ),
]


@wrong(
    "parameter_table",
    says="a fully connected layer right behind a convolution sees the size that the maps had before it.",
    loses=TABLE,
)
def flattens_at_poolings_only(M, size, rows):
    counts, numbers = [], M * size**2
    for kind, k, *p in rows:
        if kind == "conv":
            counts.append((M * p[0] ** 2 + 1) * k)
            M, size = k, size - p[0] + 1
        elif kind == "pool":
            size //= k
            numbers = M * size**2
        else:
            counts.append((numbers + 1) * k)
            numbers = k
    return counts


@wrong(
    "parameter_table",
    says="every pooling is taken as 2×2: its window is the number in the row.",
    loses=["parameter-table-more"],
)
def halves_at_every_pooling(M, size, rows):
    counts = []
    for kind, k, *p in rows:
        if kind == "pool":
            size //= 2
        else:
            q = p[0] if p else size
            counts.append((M * q * q + 1) * k)
            M, size = k, size - q + 1
    return counts


@wrong("parameter_table", shows="3 values, but it returned [185, 42], 2", loses=TABLE)
def has_one_entry_for_each_kind(M, size, rows):
    counts = {}
    for kind, k, *p in rows:
        if kind == "pool":
            size //= k
        else:
            q = p[0] if p else size
            counts[kind] = (M * q * q + 1) * k
            M, size = k, size - q + 1
    return list(counts.values())


@wrong(
    "parameter_table",
    says="weights and biases stand apart: the list has one number for each layer, their sum.",
    loses=TABLE,
)
def lists_weights_and_biases_apart(M, size, rows):
    counts = []
    for kind, k, *p in rows:
        if kind == "pool":
            size //= k
        else:
            q = p[0] if p else size
            counts += [M * q * q * k, k]
            M, size = k, size - q + 1
    return counts


@wrong("parameter_table", shows="expected a number, got a tuple of 2 values", loses=TABLE)
def names_the_layers(M, size, rows):
    counts = []
    for kind, k, *p in rows:
        if kind == "pool":
            size //= k
        else:
            q = p[0] if p else size
            counts.append((kind, (M * q * q + 1) * k))
            M, size = k, size - q + 1
    return counts


@wrong("parameter_table", shows="calls nonconv.networks", loses=TABLE)
def counts_a_network_of_the_course(M, size, rows):
    from nonconv.networks import LeNet5

    return [parameter.numel() for parameter in LeNet5().parameters()]
