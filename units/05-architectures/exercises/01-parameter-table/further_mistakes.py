"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

TABLE = ("parameter-table-values", "parameter-table-more")
DECK = ["deck-parameters"]


@wrong(
    "parameter_table",
    says="the number of maps stays the M of the image: behind a convolution it is its K.",
    loses=TABLE,
)
def keeps_the_number_of_maps(M, size, rows):
    found = []
    for kind, K, *p in rows:
        if kind == "pool":
            size //= K
        elif kind == "conv":
            found.append((M * p[0] ** 2 + 1) * K)
            size -= p[0] - 1
        else:
            found.append((M * size**2 + 1) * K)
            M, size = K, 1
    return found


@wrong(
    "parameter_table",
    says="the biases are counted for each map that a kernel reads: an output map has one bias.",
    loses=TABLE,
)
def counts_a_bias_for_each_input_map(M, size, rows):
    found = []
    for kind, K, *p in rows:
        if kind == "pool":
            size //= K
        elif kind == "conv":
            found.append(M * (p[0] ** 2 + 1) * K)
            M, size = K, size - p[0] + 1
        else:
            found.append((M * size**2 + 1) * K)
            M, size = K, 1
    return found


@wrong(
    "parameter_table",
    says="the maps are flattened as if they were one row each: a map has size · size numbers.",
    loses=TABLE,
)
def flattens_one_row(M, size, rows):
    found = []
    for kind, K, *p in rows:
        if kind == "pool":
            size //= K
        elif kind == "conv":
            found.append((M * p[0] ** 2 + 1) * K)
            M, size = K, size - p[0] + 1
        else:
            found.append((M * size + 1) * K)
            M, size = K, 1
    return found


@wrong("parameter_table", says="a p×p kernel has p² weights for each map that it reads, not p.", loses=TABLE)
def forgets_to_square_p(M, size, rows):
    found = []
    for kind, K, *p in rows:
        if kind == "pool":
            size //= K
        elif kind == "conv":
            found.append((M * p[0] + 1) * K)
            M, size = K, size - p[0] + 1
        else:
            found.append((M * size**2 + 1) * K)
            M, size = K, 1
    return found


@wrong(
    "parameter_table",
    says="pooling divides with /: what does not fill a window is dropped, so write //.",
    loses=TABLE[1:],
)
def divides_into_fractions(M, size, rows):
    found = []
    for kind, K, *p in rows:
        if kind == "pool":
            size = size / K
        elif kind == "conv":
            found.append((M * p[0] ** 2 + 1) * K)
            M, size = K, size - p[0] + 1
        else:
            found.append((M * size**2 + 1) * K)
            M, size = K, 1
    return found


@wrong("deck_parameters", says="the 10 biases of the last layer are missing.", loses=DECK)
def forgets_the_last_biases(n):
    return 26 * n + (25 * n + 1) * n + (16 * n + 1) * 50 + 500


@wrong(
    "deck_parameters",
    says="the layer to 50 is missing: 16 n numbers and a bias for each of its 50.",
    loses=DECK,
)
def leaves_out_the_layer_to_fifty(n):
    return 26 * n + (25 * n + 1) * n + (16 * n + 1) * 10


@wrong(
    "parameter_table",
    says="every fully connected layer is given the maps: the next one sees the K numbers of the one before.",
    loses=TABLE,
)
def gives_the_maps_to_each_layer(M, size, rows):
    found = []
    for kind, K, *p in rows:
        if kind == "pool":
            size //= K
        elif kind == "conv":
            found.append((M * p[0] ** 2 + 1) * K)
            M, size = K, size - p[0] + 1
        else:
            found.append((M * size**2 + 1) * K)
    return found


@wrong(
    "parameter_table",
    says='K and p are in each other\'s place: a row is ("conv", K, p), the maps first.',
    loses=TABLE,
)
def swaps_maps_and_size(M, size, rows):
    found = []
    for kind, p, *K in rows:
        if kind == "pool":
            size //= p
        elif kind == "conv":
            found.append((M * p**2 + 1) * K[0])
            M, size = K[0], size - p + 1
        else:
            found.append((M * size**2 + 1) * p)
            M, size = p, 1
    return found


@wrong("deck_parameters", says="the first convolution reads one map, not n.", loses=DECK)
def lets_the_first_read_n_maps(n):
    return (25 * n + 1) * n * 2 + (16 * n + 1) * 50 + 510


@wrong(
    "deck_parameters",
    says="the poolings are forgotten: 28 → 24 → 12 → 8 → 4, so 4×4 numbers of each map are flattened.",
    loses=DECK,
)
def forgets_the_poolings(n):
    return 26 * n + (25 * n + 1) * n + (400 * n + 1) * 50 + 510
