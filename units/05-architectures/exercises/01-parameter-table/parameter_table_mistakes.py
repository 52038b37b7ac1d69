"""What students answer for parameter_table: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution

TABLE = ("parameter-table-values", "parameter-table-more")

table = partial(edited, "parameter_table", solution(__file__, "table"), given(__file__), loses=TABLE)

WRONG = [
    table(
        "forgets_the_biases",
        ("(M * p * p + 1) * K", "M * p * p * K"),
        ("(numbers + 1)", "numbers"),
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
        ("size // arguments[0]", "size"),
        says="poolings are passed over: they learn nothing, but they make the maps smaller.",
    ),
    table(
        "flattens_maps_to_one_number",
        ("numbers = M * size * size", "numbers = M"),
        says="the first fully connected layer sees one number for each map: it sees all M·size·size numbers.",
    ),
    table(
        "keeps_the_maps_behind_fc",
        ("numbers = arguments[0]", "numbers = arguments[0] * size * size"),
        says="behind a fully connected layer there are no maps any more: "
        "the next one sees its K numbers alone.",
    ),
    table(
        "counts_one_bias_for_a_layer",
        ("(M * p * p + 1) * K", "M * p * p * K + 1"),
        ("(numbers + 1) * arguments[0]", "numbers * arguments[0] + 1"),
        says="one bias serves a whole layer: each output map or number has its own.",
    ),
    table("adds_them_up", ("return counts", "return sum(counts)"), shows="it must return the 2 values"),
    table(
        "lists_the_poolings_too",
        ("size = size // arguments[0]", "counts.append(0)\n            size = size // arguments[0]"),
        ("return counts", "return tuple(counts)"),
        shows="it must return the 2 values (output 1, output 2), but it returned a tuple of 3 values",
    ),
    table(
        "rounds_poolings_up",
        ("size // arguments[0]", "-(-size // arguments[0])"),
        says="pooling rounds up: what does not fill a window is dropped.",
        loses=["parameter-table-more"],
    ),
    table(
        "loses_a_row_too_many",
        ("size - p + 1", "size - p"),
        says="a p×p kernel leaves size − p + 1 rows: it fits in once more than the size is longer.",
    ),
]
