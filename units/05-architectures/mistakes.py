"""What students answer in unit 5: the wrong ways, each with what it must be told and lose, and other right ways."""

import math

import torch

from nonconv.checks.attempts import right, wrong

# ------------------------------------------------------------------- parameter_table(M, size, rows) -> counts

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


@right("parameter_table")
def with_modules_of_the_framework(M, size, rows):
    counts, numbers = [], None
    for row in rows:
        if row[0] == "pool":
            size = size // row[1]
            continue
        if row[0] == "conv":
            module = torch.nn.Conv2d(M, row[1], row[2])
            M, size = row[1], size - row[2] + 1
        else:
            module = torch.nn.Linear(numbers or M * size**2, row[1])
            numbers = row[1]
        counts.append(sum(parameter.numel() for parameter in module.parameters()))
    return tuple(counts)


@right("parameter_table")
def fc_as_a_convolution_of_full_size(M, size, rows):
    counts = []
    for row in rows:
        if row[0] == "pool":
            size //= row[1]
        else:
            p = row[2] if row[0] == "conv" else size
            counts.append(M * p * p * row[1] + row[1])
            M, size = row[1], size - p + 1
    return tuple(counts)


# ------------------------------------------------------------------------------ deck_parameters(n) -> a formula

DECK = ["deck-parameters"]


@wrong("deck_parameters", says="the biases are missing, 2n + 60 of them.", loses=DECK)
def deck_without_biases(n):
    return 25 * n + 25 * n * n + 16 * n * 50 + 500


@wrong(
    "deck_parameters",
    says="the second convolution reads n maps, so each of its n kernels has 25n weights.",
    loses=DECK,
)
def deck_with_one_map_into_conv2(n):
    return 26 * n + 26 * n + (16 * n + 1) * 50 + 51 * 10


@wrong(
    "deck_parameters", says="fc1 sees n maps of 4×4, 16n numbers: both poolings come before it.", loses=DECK
)
def deck_with_one_pooling(n):
    return 26 * n + (25 * n + 1) * n + (n * 8 * 8 + 1) * 50 + 51 * 10


@wrong(
    "deck_parameters",
    says="fc1 sees n maps of 4×4: without a border a 5×5 kernel takes 4 rows away.",
    loses=DECK,
)
def deck_with_borders(n):
    return 26 * n + (25 * n + 1) * n + (n * 7 * 7 + 1) * 50 + 51 * 10


@wrong("deck_parameters", says="the last layer is missing, 50 numbers to 10.", loses=DECK)
def deck_without_the_last_layer(n):
    return 26 * n + (25 * n + 1) * n + (16 * n + 1) * 50


@wrong(
    "deck_parameters", says="this is the number for n = 6; the answer is a formula for every n.", loses=DECK
)
def deck_for_six(n):
    return 6422


@wrong(
    "deck_parameters",
    says="fc1 sees n numbers, one for each map: it sees n maps of 4×4, 16n numbers.",
    loses=DECK,
)
def deck_with_one_number_a_map(n):
    return 26 * n + (25 * n + 1) * n + (n + 1) * 50 + 51 * 10


@wrong("deck_parameters", shows="expected a formula in n, got str", loses=DECK)
def deck_as_text(n):
    return "25 * n**2 + 827 * n + 560"


@right("deck_parameters")
def deck_collected(n):
    return n * (25 * n + 827) + 560


@right("deck_parameters")
def deck_weights_then_biases(n):
    weights = 25 * n + 25 * n**2 + 800 * n + 500
    biases = n + n + 50 + 10
    return weights + biases


# ------------------------------------------------------------------------------- fc_kernel(W, M, p, q) -> kernel

FC = ("fc-kernel-values", "fc-kernel-not-square")


@wrong(
    "fc_kernel",
    says="your kernel reads the maps last: flattening writes map after map, not place after place.",
    loses=FC,
)
def reads_the_maps_last(W, M, p, q):
    return W.reshape(len(W), p, q, M).permute(0, 3, 1, 2)


@wrong("fc_kernel", says="rows and columns are swapped: flattening writes row after row.", loses=FC)
def swaps_rows_and_columns(W, M, p, q):
    return W.reshape(len(W), M, q, p).transpose(2, 3)


@wrong("fc_kernel", says="the kernel is turned around: nothing is flipped in conv2d.", loses=FC)
def flips_it(W, M, p, q):
    return W.reshape(len(W), M, p, q).flip(2, 3)


@wrong("fc_kernel", shows="expected shape (2, 1, 1, 2), got (2, 2)", loses=FC)
def returns_the_matrix(W, M, p, q):
    return W


@wrong("fc_kernel", shows="expected shape (2, 1, 1, 2), got (1, 2, 1, 2)", loses=FC)
def puts_the_input_maps_first(W, M, p, q):
    return W.reshape(len(W), M, p, q).transpose(0, 1)


@wrong("fc_kernel", shows="expected shape (2, 1, 1, 2), got (1, 2, 2)", loses=FC)
def returns_one_kernel_only(W, M, p, q):
    return W[0].reshape(M, p, q).expand(2, p, q)[None][0][:1].expand(1, 2, 2)


@wrong(
    "fc_kernel",
    says="the numbers are divided by p·q: a fully connected layer adds, it does not average.",
    loses=FC,
)
def averages_over_the_window(W, M, p, q):
    return W.reshape(-1, M, p, q) / (p * q)


@wrong("fc_kernel", says="all output numbers share one kernel: each row of W gives one.", loses=FC)
def repeats_the_first_row(W, M, p, q):
    return W[:1].reshape(1, M, p, q).repeat(len(W), 1, 1, 1)


@wrong(
    "fc_kernel",
    shows="expected shape (2, 2, 3, 2), got (2, 2, 2, 3)",
    loses=["fc-kernel-not-square"],
)
def gives_the_columns_first(W, M, p, q):
    if p == q or M == 1:
        return W.reshape(len(W), M, p, q)
    return W.reshape(len(W), M, q, p)


@right("fc_kernel")
def with_unflatten(W, M, p, q):
    return W.unflatten(1, (M, p, q))


@right("fc_kernel")
def number_by_number(W, M, p, q):
    kernel = torch.zeros(len(W), M, p, q, dtype=W.dtype)
    for m in range(M):
        for u in range(p):
            for v in range(q):
                kernel[:, m, u, v] = W[:, (m * p + u) * q + v]
    return kernel


# ------------------------------------------------- inception_weights(M, row) -> (with, without, maps with, maps without)

INCEPTION = ("inception-weights-values", "inception-weights-table")


@wrong(
    "inception_weights",
    says="the 1×1 behind the pooling is missing: it makes `pool` maps of M.",
    loses=INCEPTION,
)
def forgets_the_pooling_branch(M, row):
    a, b, c, d, e, f = row
    return (
        M * a + M * b + 9 * b * c + M * d + 25 * d * e,
        M * (a + 9 * c + 25 * e),
        a + c + e + f,
        a + c + e + M,
    )


@wrong(
    "inception_weights",
    says="without bottlenecks the pooling branch passes on all M maps.",
    loses=INCEPTION,
)
def drops_the_pooled_maps(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e


@wrong(
    "inception_weights",
    says="without bottlenecks there is no 1×1 behind the pooling: only max pooling is left of that branch.",
    loses=INCEPTION,
)
def keeps_the_1x1_behind_the_pooling(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e + f), a + c + e + f, a + c + e + f


@wrong(
    "inception_weights",
    says="the large kernels read M maps in spite of the bottleneck: they read what the 1×1 before them made.",
    loses=INCEPTION,
)
def reads_past_the_bottleneck(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * M * c + 25 * M * e
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="the bottlenecks themselves are not counted: each is a 1×1 convolution from M maps.",
    loses=INCEPTION,
)
def does_not_count_the_bottlenecks(M, row):
    a, b, c, d, e, f = row
    return M * a + 9 * b * c + 25 * d * e + M * f, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M


@wrong("inception_weights", says="both large kernels are 3×3: the second is 5×5.", loses=INCEPTION)
def takes_3x3_for_5x5(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * (b * c + d * e)
    return bottled, M * (a + 9 * c + 9 * e), a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="biases are counted too: the exercise asks for the weights only.",
    loses=INCEPTION,
)
def counts_biases(M, row):
    a, b, c, d, e, f = row
    bottled = (M + 1) * (a + b + d + f) + (9 * b + 1) * c + (25 * d + 1) * e
    without = (M + 1) * a + (9 * M + 1) * c + (25 * M + 1) * e
    return bottled, without, a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="a kernel has p weights for each pair of maps: it has p².",
    loses=INCEPTION,
)
def takes_p_for_p_squared(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 3 * b * c + 5 * d * e
    return bottled, M * (a + 3 * c + 5 * e), a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="the maps of the bottlenecks are counted as output: they stay inside their branch.",
    loses=INCEPTION,
)
def puts_out_the_bottlenecks_maps(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e), sum(row), a + c + e + M


@wrong("inception_weights", shows="it must return the 4 values", loses=INCEPTION)
def returns_the_weights_only(M, row):
    a, b, c, d, e, f = row
    return M * (a + b + d + f) + 9 * b * c + 25 * d * e, M * (a + 9 * c + 25 * e)


@wrong("inception_weights", shows="calls nonconv.networks", loses=INCEPTION)
def builds_the_librarys_module(M, row):
    from nonconv.networks.googlenet import Inception, Row

    modules = [Inception(M, Row(*row), bottlenecks=b) for b in (True, False)]
    weights = [sum(p.numel() for p in m.parameters()) for m in modules]
    return *weights, *(m.out_channels for m in modules)


@wrong(
    "inception_weights",
    says="the convolution behind the pooling is 1×1: only the pooling itself looks at 3×3 places.",
    loses=INCEPTION,
)
def takes_3x3_behind_the_pooling(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d) + 9 * b * c + 25 * d * e + 9 * M * f
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M


@right("inception_weights")
def with_a_helper(M, row):
    def weights(a, b, p):
        return a * b * p**2

    one, b3, three, b5, five, pool = row
    bottled = [(M, one, 1), (M, b3, 1), (b3, three, 3), (M, b5, 1), (b5, five, 5), (M, pool, 1)]
    direct = [(M, one, 1), (M, three, 3), (M, five, 5)]
    maps = one + three + five
    return sum(weights(*k) for k in bottled), sum(weights(*k) for k in direct), maps + pool, maps + M


@right("inception_weights")
def with_modules(M, row):
    def weights(*layers):
        return sum(torch.nn.Conv2d(a, b, p, bias=False).weight.numel() for a, b, p in layers)

    a, b, c, d, e, f = row
    bottled = weights((M, a, 1), (M, b, 1), (b, c, 3), (M, d, 1), (d, e, 5), (M, f, 1))
    return [bottled, weights((M, a, 1), (M, c, 3), (M, e, 5)), a + c + e + f, a + c + e + M]


# -------------------------------------------------------------------- bottleneck_share(M, K, p, r) -> a formula

SHARE = ["bottleneck-share"]


@wrong(
    "bottleneck_share",
    says="the share is upside down: with the bottleneck, divided by the direct one.",
    loses=SHARE,
)
def divides_the_other_way(M, K, p, r):
    return p**2 * M * K / (M * r + p**2 * r * K)


@wrong("bottleneck_share", says="the bottleneck itself is not counted: its 1×1 has M r weights.", loses=SHARE)
def leaves_out_the_1x1(M, K, p, r):
    return p**2 * r * K / (p**2 * M * K)


@wrong("bottleneck_share", says="this is the saving: the share is what is left, 1 minus that.", loses=SHARE)
def gives_the_saving(M, K, p, r):
    return 1 - (M * r + p**2 * r * K) / (p**2 * M * K)


@wrong("bottleneck_share", says="the kernel is p×p: p² weights for each pair of maps, not p.", loses=SHARE)
def takes_p(M, K, p, r):
    return (M * r + p * r * K) / (p * M * K)


@wrong(
    "bottleneck_share",
    says="p² stands with the wrong layer: the bottleneck is 1×1, the layer behind it p×p.",
    loses=SHARE,
)
def puts_the_large_kernel_first(M, K, p, r):
    return (p**2 * M * r + r * K) / (p**2 * M * K)


@wrong("bottleneck_share", says="the layer behind the bottleneck reads r maps, not M.", loses=SHARE)
def reads_all_maps_behind_it(M, K, p, r):
    return (M * r + p**2 * M * K) / (p**2 * M * K)


@wrong(
    "bottleneck_share", says="biases are counted too: the exercise asks for the weights only.", loses=SHARE
)
def counts_biases_in_the_share(M, K, p, r):
    return (M * r + r + p**2 * r * K + K) / (p**2 * M * K + K)


@wrong(
    "bottleneck_share",
    says="this is the number of weights with the bottleneck; divide it by the direct one's.",
    loses=SHARE,
)
def does_not_divide(M, K, p, r):
    return M * r + p**2 * r * K


@wrong("bottleneck_share", says="// rounds down: the share is a fraction, write /.", loses=SHARE)
def rounds_the_share_down(M, K, p, r):
    return (M * r + p**2 * r * K) // (p**2 * M * K)


@right("bottleneck_share")
def as_two_fractions(M, K, p, r):
    return r / (K * p**2) + r / M


@right("bottleneck_share")
def step_by_step(M, K, p, r):
    direct = M * K * p * p
    narrow = M * r
    wide = r * K * p * p
    return (narrow + wide) * direct**-1


# ------------------------------------------------------------------ residual_backward(x, W1, W2, g) -> (with, without)

RESIDUAL = ("residual-backward-values", "residual-backward-sizes")


@wrong("residual_backward", says="the matrices are not transposed on the way back.", loses=RESIDUAL)
def forgets_to_transpose(x, W1, W2, g):
    if W1.shape[0] != W1.shape[1]:
        return g, g
    through = W1 @ ((W1 @ x > 0) * (W2 @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="ReLU is passed over: where W1 x is negative, it stops the gradient.",
    loses=RESIDUAL,
)
def passes_over_the_relu(x, W1, W2, g):
    through = W1.T @ W2.T @ g
    return through + g, through


@wrong("residual_backward", says="the two results are swapped: first the one with the skip.", loses=RESIDUAL)
def returns_them_swapped(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through, through + g


@wrong(
    "residual_backward",
    says="the skip adds x to the gradient: the derivative of x is 1, so it adds g.",
    loses=RESIDUAL,
)
def adds_x(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through + x, through


@wrong("residual_backward", says="the skip adds 1: it adds 1 times what arrives, g.", loses=RESIDUAL)
def adds_one(x, W1, W2, g):
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return through + 1, through


@wrong(
    "residual_backward",
    says="the gate looks at the gradient: ReLU is open where its input W1 x was positive on the way there.",
    loses=RESIDUAL,
)
def gates_by_the_gradient(x, W1, W2, g):
    through = W1.T @ torch.relu(W2.T @ g)
    return through + g, through


@wrong(
    "residual_backward",
    says="the gradient is multiplied by ReLU's value: it is multiplied by its slope, 0 or 1.",
    loses=RESIDUAL,
)
def multiplies_by_the_value(x, W1, W2, g):
    through = W1.T @ (torch.relu(W1 @ x) * (W2.T @ g))
    return through + g, through


@wrong(
    "residual_backward",
    says="the gradient g from above is left out: f'ᵀ is applied to g, not to 1.",
    loses=RESIDUAL,
)
def forgets_what_arrives(x, W1, W2, g):
    ones = torch.ones_like(g)
    through = W1.T @ ((W1 @ x > 0) * (W2.T @ ones))
    return through + ones, through


@wrong("residual_backward", shows="it must return the 2 values", loses=RESIDUAL)
def returns_one(x, W1, W2, g):
    return W1.T @ ((W1 @ x > 0) * (W2.T @ g)) + g


@wrong("residual_backward", shows="calls the framework's threshold_backward", loses=RESIDUAL)
def asks_autograd(x, W1, W2, g):
    x = x.clone().requires_grad_()
    f = W2 @ torch.relu(W1 @ x)
    (through,) = torch.autograd.grad(f, x, g)
    return through + g, through


@wrong(
    "residual_backward",
    shows="stopped with RuntimeError",
    loses=["residual-backward-sizes"],
)
def multiplies_where_shapes_happen_to_fit(x, W1, W2, g):
    J = (W2 * (W1 @ x > 0)) @ W1
    gate = torch.zeros_like(x) + (W1 @ x > 0)
    return J.T @ g + g + 0 * gate, J.T @ g


@wrong(
    "residual_backward",
    says="where W1 x is exactly 0 the gate is open: ReLU's slope at 0 counts as 0, so ask for > 0.",
    loses=["residual-backward-sizes"],
)
def opens_the_gate_at_zero(x, W1, W2, g):
    through = W1.T @ ((W1 @ x >= 0) * (W2.T @ g))
    return through + g, through


@right("residual_backward")
def with_the_jacobian(x, W1, W2, g):
    gate = torch.diag((W1 @ x > 0).to(x.dtype))
    J = W2 @ gate @ W1
    return (J + torch.eye(len(x), dtype=x.dtype)).T @ g, J.T @ g


@right("residual_backward")
def unit_by_unit(x, W1, W2, g):
    through = torch.zeros_like(g)
    for unit in range(len(W1)):
        if (W1[unit] @ x).item() > 0:
            through = through + W1[unit] * (W2[:, unit] @ g)
    return g + through, through


# ----------------------------------------------------------------- lost_in_spite_of_the_skip() -> (x, W1, W2, g)

LOST = ["lost-in-spite-of-the-skip"]


@wrong("lost_in_spite_of_the_skip", shows="g is 0, so there was nothing to lose", loses=LOST)
def sends_nothing_down():
    return torch.ones(1), torch.ones(1, 1), -torch.ones(1, 1), torch.zeros(1)


@wrong("lost_in_spite_of_the_skip", shows="no unit of the block is open", loses=LOST)
def closes_the_block():
    x, g = torch.tensor([-1.0]), torch.tensor([1.0])
    return x, torch.tensor([[1.0]]), torch.tensor([[-1.0]]), g


@wrong("lost_in_spite_of_the_skip", shows="The branch gives back g itself, where −g is needed", loses=LOST)
def doubles_the_gradient():
    x, g, one = torch.tensor([1.0]), torch.tensor([1.0]), torch.tensor([[1.0]])
    return x, one, one.clone(), g


@wrong("lost_in_spite_of_the_skip", shows="The branch gives back 0, so g is all there is", loses=LOST)
def has_a_branch_of_zeros():
    return torch.ones(2), torch.eye(2), torch.zeros(2, 2), torch.ones(2)


@wrong("lost_in_spite_of_the_skip", shows="What comes back through the branch must be exactly −g", loses=LOST)
def opens_one_of_two_units():
    x, g = torch.tensor([1.0, -1.0]), torch.tensor([1.0, 1.0])
    return x, torch.eye(2), -torch.eye(2), g


@wrong("lost_in_spite_of_the_skip", shows="W1 must have shape (h, 2)", loses=LOST)
def has_shapes_that_do_not_fit():
    x = torch.tensor([1.0, 2.0])
    return x, torch.ones(2, 1), -torch.ones(1, 2), x


@wrong("lost_in_spite_of_the_skip", shows="W1 must be a tensor, not float", loses=LOST)
def gives_numbers():
    x = torch.tensor([2.0])
    return x, 1.0, -1.0, x


@wrong("lost_in_spite_of_the_skip", shows="return four tensors, in this order", loses=LOST)
def leaves_out_g():
    return torch.ones(1), torch.ones(1, 1), -torch.ones(1, 1)


@right("lost_in_spite_of_the_skip")
def with_three_units():
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    return (
        x,
        torch.eye(3, dtype=torch.float64),
        -torch.eye(3, dtype=torch.float64),
        torch.tensor([5.0, -1.0, 2.0]),
    )


@right("lost_in_spite_of_the_skip")
def for_one_direction_only():
    x, g = torch.tensor([3.0, 1.0]), torch.tensor([1.0, -1.0])
    W1 = torch.tensor([[1.0, -1.0]])  # open: 3 − 1 > 0
    return x, W1, torch.tensor([[-0.5], [0.5]]), g


# ------------------------------------------------------------------------- gradient_norms(W, x, g, skip) -> norms

NORMS = ("gradient-norms-values", "gradient-norms-deep")


@wrong("gradient_norms", says="`skip` is not looked at: with a skip, x is added to each block.", loses=NORMS)
def never_skips(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", says="`skip` is not looked at: without a skip nothing is added.", loses=NORMS)
def always_skips(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(values[-1] + W_l @ torch.relu(values[-1]))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", says="the norms are in the order of the way back: begin with l = 0.", loses=NORMS)
def lists_them_from_the_top(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    norms = [one.norm() for one in torch.autograd.grad(values[-1], values, g)]
    return torch.stack(norms[::-1])


@wrong(
    "gradient_norms", says="these are squared norms: the norm is the root of the sum of squares.", loses=NORMS
)
def squares_them(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([(one**2).sum() for one in torch.autograd.grad(values[-1], values, g)])


@wrong("gradient_norms", says="the matrices are not transposed on the way back.", loses=NORMS)
def goes_back_without_transposing(W, x, g, skip):
    values = [x]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    norms = [g.norm()]
    for W_l, before in zip(W.flip(0), values[-2::-1], strict=True):
        through = (before > 0) * (W_l @ g)
        g = through + g if skip else through
        norms.append(g.norm())
    return torch.stack(norms[::-1])


@wrong(
    "gradient_norms",
    says="the gate looks at what came out of the block: ReLU was open where its input x_{l−1} was positive.",
    loses=NORMS,
)
def gates_by_what_came_out(W, x, g, skip):
    values = [x]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    norms = [g.norm()]
    for W_l, after in zip(W.flip(0), values[:0:-1], strict=True):
        through = (after > 0) * (W_l.T @ g)
        g = through + g if skip else through
        norms.append(g.norm())
    return torch.stack(norms[::-1])


@wrong(
    "gradient_norms",
    says="each gradient is that of one block alone: they pass through all blocks above.",
    loses=NORMS,
)
def starts_anew_in_each_block(W, x, g, skip):
    norms, value = [], x
    for W_l in W:
        through = (value > 0) * (W_l.T @ g)
        norms.append((through + g if skip else through).norm())
        value = W_l @ torch.relu(value) + (value if skip else 0)
    return torch.stack([*norms, g.norm()])


@wrong("gradient_norms", says="these are the norms of x_l: the exercise asks for the gradients.", loses=NORMS)
def measures_the_values(W, x, g, skip):
    values = [x]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([value.norm() for value in values])


@wrong("gradient_norms", shows="expected shape (2,), got (1,)", loses=NORMS)
def leaves_out_the_last(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values[:-1], g)])


@wrong("gradient_norms", shows="expected a tensor of shape (2,), got a list of 2 values", loses=NORMS)
def returns_a_list(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return [one.norm().item() for one in torch.autograd.grad(values[-1], values, g)]


@wrong(
    "gradient_norms",
    says="ReLU stands behind the matrix: here a block is W_l ReLU(x_{l−1}), first ReLU, then the matrix.",
    loses=NORMS,
)
def applies_relu_behind_the_matrix(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(torch.relu(W_l @ values[-1]) + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@right("gradient_norms")
def with_autograd(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([torch.linalg.vector_norm(one) for one in torch.autograd.grad(values[-1], values, g)])


@right("gradient_norms")
def with_jacobians(W, x, g, skip):
    same = torch.eye(len(x), dtype=x.dtype) * skip
    jacobians = []
    for W_l in W:
        jacobians.append(W_l * (x > 0) + same)
        x = W_l @ x.relu() + (x if skip else 0)
    norms = [g.norm()]
    for J in jacobians[::-1]:
        g = J.T @ g
        norms.insert(0, g.norm())
    return torch.tensor(norms, dtype=x.dtype)


# -------------------------------------------------------------------------------------- growth(c) -> two formulas

GROWTH = ["growth-factors"]


@wrong(
    "growth", says="half of the ReLUs are closed: c alone would be the factor if all were open.", loses=GROWTH
)
def opens_every_gate(c):
    return c, 1 + c


@wrong(
    "growth", says="these are the factors of the norm: the exercise asks for the squared norm.", loses=GROWTH
)
def takes_roots(c):
    return (c / 2) ** 0.5, (1 + c / 2) ** 0.5


@wrong("growth", says="the factors are swapped: first the one without a skip.", loses=GROWTH)
def swaps_the_factors(c):
    return 1 + c / 2, c / 2


@wrong(
    "growth", says="the skip adds g, of the squared norm 1, not 1/2: no gate stands in its way.", loses=GROWTH
)
def gates_the_skip(c):
    return c / 2, (1 + c) / 2


@wrong(
    "growth",
    says="you add the norms: the squared norm of a sum has a middle term, and its mean is 0, so the squares add up.",
    loses=GROWTH,
)
def adds_norms_and_squares(c):
    return c / 2, 1 + 2 * (c / 2) ** (c / c / 2) + c / 2


@wrong(
    "growth",
    says="a skip changes the factor: g itself is added to what comes through the block.",
    loses=GROWTH,
)
def sees_no_skip(c):
    return c / 2, c / 2


@wrong(
    "growth", says="with a skip nothing is lost, but something is added: the factor is not 1.", loses=GROWTH
)
def believes_the_skip_keeps_it(c):
    return c / 2, 1 + 0 * c


@wrong("growth", shows="it must return the 2 values", loses=GROWTH)
def gives_one_factor(c):
    return 1 + c / 2


@wrong("growth", shows="The inputs are symbols, not numbers", loses=GROWTH)
def takes_a_root_with_math(c):
    return math.sqrt(c / 2), math.sqrt(1 + c / 2)


@right("growth")
def over_a_common_denominator(c):
    return 0.5 * c, (c + 2) / 2


@right("growth")
def from_the_terms(c):
    own, skipped, mixed = c / 2, 1, 0
    return own, own + mixed + skipped


# --------------------------------------------------------------------------------- unet_walk(size, depth) -> sizes

WALK = ("unet-walk-values", "unet-walk-more")


@wrong(
    "unet_walk",
    says="your convolutions keep the size: without a border each 3×3 takes 2 rows away.",
    loses=WALK,
)
def has_borders(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1], sizes[-1], sizes[-1] // 2]
    sizes += [sizes[-1]] * 2
    for _ in range(depth):
        sizes += [2 * sizes[-1]] * 3
    return tuple(sizes)


@wrong(
    "unet_walk",
    says="each 3×3 takes one row away: it takes one at the top and one at the bottom, 2.",
    loses=WALK,
)
def loses_one_row(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 1, sizes[-1] - 2, (sizes[-1] - 2) // 2]
    sizes += [sizes[-1] - 1, sizes[-1] - 2]
    for _ in range(depth):
        sizes += [2 * sizes[-1], 2 * sizes[-1] - 1, 2 * sizes[-1] - 2]
    return tuple(sizes)


@wrong(
    "unet_walk",
    says="the two convolutions at the lowest level are missing.",
    loses=["unet-walk-values", "unet-walk-more"],
)
def turns_round_at_once(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    for _ in range(depth):
        sizes += [2 * sizes[-1], 2 * sizes[-1] - 2, 2 * sizes[-1] - 4]
    return tuple(sizes)


@wrong("unet_walk", says="on the way up each level has two 3×3 convolutions as well.", loses=WALK)
def does_not_convolve_on_the_way_up(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        sizes.append(2 * sizes[-1])
    return tuple(sizes)


@wrong("unet_walk", shows="output 1: expected 20, got 18", loses=WALK)
def leaves_out_the_image(size, depth):
    sizes, at = [], size
    for _ in range(depth):
        sizes += [at - 2, at - 4, (at - 4) // 2]
        at = sizes[-1]
    sizes += [at - 2, at - 4]
    for _ in range(depth):
        at = 2 * sizes[-1]
        sizes += [at, at - 2, at - 4]
    return (*sizes, 0)


@wrong("unet_walk", shows="but it returned int 4", loses=WALK)
def returns_the_last(size, depth):
    for _ in range(depth):
        size = (size - 4) // 2
    size -= 4
    for _ in range(depth):
        size = 2 * size - 4
    return size


@wrong("unet_walk", shows="output 4: expected 8, got 8.5", loses=WALK)
def divides_before_the_second_convolution(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, sizes[-1] / 2 - 1.5]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        sizes += [2 * sizes[-1], 2 * sizes[-1] - 2, 2 * sizes[-1] - 4]
    return tuple(sizes)


@wrong(
    "unet_walk",
    says="the transposed convolution gives 2·rows − 1: with a 2×2 kernel and stride 2 it gives 2·rows.",
    loses=WALK,
)
def loses_a_row_going_up(size, depth):
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        sizes += [2 * sizes[-1] - 1, 2 * sizes[-1] - 3, 2 * sizes[-1] - 5]
    return tuple(sizes)


@wrong("unet_walk", shows="calls nonconv.networks", loses=WALK)
def calls_the_library(size, depth):
    from nonconv.networks import unet_sizes

    return tuple(unet_sizes(size, depth))


@right("unet_walk")
def by_a_word(size, depth):
    steps = "ccp" * depth + "cc" + "ucc" * depth
    sizes = [size]
    for step in steps:
        at = sizes[-1]
        sizes.append({"c": at - 2, "p": at // 2, "u": 2 * at}[step])
    return tuple(sizes)


@right("unet_walk")
def by_recursion(size, depth):
    def level(at, left):
        here = [at, at - 2, at - 4]
        if left == 0:
            return here
        below = level((at - 4) // 2, left - 1)
        up = 2 * below[-1]
        return [*here, *below, up, up - 2, up - 4]

    return level(size, depth)


# ------------------------------------------------------------------------------- fitting_size(size, depth) -> size

FITTING = ("fitting-size-values", "fitting-size-deep")


@wrong(
    "fitting_size",
    says="only the first pooling is looked at: every one of them must see an even number.",
    loses=FITTING,
)
def looks_at_the_first_pooling(size, depth):
    least = 188 if depth == 4 else 92 if depth == 3 else 44 if depth == 2 else 18
    return max(size + size % 2, least)


@wrong(
    "fitting_size",
    says="it takes the next multiple of 2^depth: the convolutions without a border move the sizes that fit.",
    loses=FITTING,
)
def takes_the_next_multiple(size, depth):
    step = 2**depth
    return -(-size // step) * step


@wrong(
    "fitting_size",
    says="it takes the next size that does not fit: the poolings must see an even number.",
    loses=FITTING,
)
def takes_the_odd_ones(size, depth):
    while True:
        at, fits = size, True
        for _ in range(depth):
            at -= 4
            fits = fits and at % 2 == 1
            at //= 2
        if fits:
            return size
        size += 1


@wrong("fitting_size", says="it returns the given size, whether it fits or not.", loses=FITTING)
def returns_the_given_size(size, depth):
    return size


@wrong(
    "fitting_size",
    says="it begins one too far: `size` itself may fit.",
    loses=FITTING,
)
def never_takes_the_size_itself(size, depth):
    while True:
        size += 1
        at, fits = size, True
        for _ in range(depth):
            fits = fits and (at - 4) % 2 == 0
            at = (at - 4) // 2
        at -= 4
        for _ in range(depth):
            fits = fits and at > 0
            at = 2 * at - 4
        if fits and at > 0:
            return size


@wrong(
    "fitting_size",
    says="maps without rows pass: each of them, on the way up too, needs at least one.",
    loses=["fitting-size-deep"],
)
def lets_maps_without_rows_pass(size, depth):
    while True:
        at, fits = size, True
        for _ in range(depth):
            at -= 4
            fits = fits and at % 2 == 0
            at //= 2
        if fits:
            return size
        size += 1


@wrong(
    "fitting_size",
    says="the way up is forgotten: its convolutions take rows away as well, and small maps have none left.",
    loses=["fitting-size-deep"],
)
def forgets_the_way_up(size, depth):
    while True:
        at, fits = size, True
        for _ in range(depth):
            at -= 4
            fits = fits and at > 0 and at % 2 == 0
            at //= 2
        if fits and at > 4:
            return size
        size += 1


@wrong("fitting_size", shows="calls nonconv.networks", loses=FITTING)
def asks_the_library(size, depth):
    from nonconv.networks import unet_sizes

    while True:
        try:
            unet_sizes(size, depth)
            return size
        except ValueError:
            size += 1


@right("fitting_size")
def from_below(size, depth):
    lowest = 1
    while True:
        up = lowest - 4  # behind the two convolutions of the lowest level
        fits = up > 0
        for _ in range(depth):
            up = 2 * up - 4
            fits = fits and up > 0
        top = lowest
        for _ in range(depth):
            top = 2 * top + 4
        if fits and top >= size:
            return top
        lowest += 1


@right("fitting_size")
def with_a_closed_formula(size, depth):
    step = 2**depth
    offset = 4 * (step - 1)  # the image for a lowest level of 0 rows
    least = 7 if depth == 1 else 8  # lowest level: 3 or 4 rows are left for the way up
    return step * max(least, -(-(size - offset) // step)) + offset


# ------------------------------------------------------------------------------------- removable(net) -> words

REMOVE = ("removable-values", "removable-blocks")


@wrong(
    "removable",
    says="every batch norm is merged: one without a convolution as a neighbour stays.",
    loses=REMOVE,
)
def removes_all(net):
    return ("before",) * sum(kind == "bn" for _, kind, _ in net)


@wrong(
    "removable",
    says="a convolution with a border takes in the batch norm before it: it must have none.",
    loses=REMOVE,
)
def merges_into_padded_ones(net):
    kind = {name: what for name, what, _ in net}
    readers = {name: [o for o, _, inputs in net if name in inputs] for name in kind}
    words = []
    for name, what, inputs in net:
        if what == "bn":
            before, after = inputs[0], readers[name]
            while kind[before] == "dropout" and len(readers[before]) == 1:
                before = next(i[0] for n, _, i in net if n == before)
            while len(after) == 1 and kind[after[0]] == "dropout":
                after = readers[after[0]]
            if kind[before].startswith("conv") and len(readers[before]) == 1:
                words.append("before")
            else:
                words.append("after" if len(after) == 1 and kind[after[0]].startswith("conv") else "stays")
    return tuple(words)


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
    says="it looks at the list's neighbours, not at `inputs`: in a network with a skip these are not the same.",
    loses=REMOVE,
)
def reads_the_list_as_a_chain(net):
    kinds = [kind for _, kind, _ in net if kind != "dropout"]
    words = []
    for before, kind, after in zip(["", *kinds], kinds, [*kinds[1:], ""], strict=False):
        if kind == "bn":
            words.append("before" if before.startswith("conv") else "after" if after == "conv" else "stays")
    return tuple(words)


@wrong(
    "removable",
    says="it does not ask who else reads the convolution: a shared one cannot take the batch norm in.",
    loses=REMOVE,
)
def does_not_ask_who_else_reads(net):
    kind = {name: what for name, what, _ in net}
    reads = {name: inputs for name, _, inputs in net}
    words = []
    for name, what, inputs in net:
        if what == "bn":
            before = inputs[0]
            while kind[before] == "dropout":
                before = reads[before][0]
            after = [o for o, _, i in net if name in i]
            while len(after) == 1 and kind[after[0]] == "dropout":
                after = [o for o, _, i in net if after[0] in i]
            if kind[before].startswith("conv"):
                words.append("before")
            else:
                words.append("after" if len(after) == 1 and kind[after[0]] == "conv" else "stays")
    return tuple(words)


@wrong(
    "removable",
    says="dropout is taken for a layer that does something: in use it does nothing, and goes first.",
    loses=REMOVE,
)
def stops_at_dropout(net):
    kind = {name: what for name, what, _ in net}
    readers = {name: [o for o, _, i in net if name in i] for name in kind}
    words = []
    for name, what, inputs in net:
        if what == "bn":
            if kind[inputs[0]].startswith("conv") and len(readers[inputs[0]]) == 1:
                words.append("before")
            elif len(readers[name]) == 1 and kind[readers[name][0]] == "conv":
                words.append("after")
            else:
                words.append("stays")
    return tuple(words)


@wrong(
    "removable",
    says="the convolution after it is never tried: without a border it takes the batch norm in.",
    loses=REMOVE,
)
def tries_the_one_before_only(net):
    kind = {name: what for name, what, _ in net}
    reads = {name: inputs for name, _, inputs in net}
    readers = {name: [o for o, _, i in net if name in i] for name in kind}
    words = []
    for _, what, inputs in net:
        if what == "bn":
            before = inputs[0]
            while kind[before] == "dropout" and len(readers[before]) == 1:
                before = reads[before][0]
            words.append(
                "before" if kind[before].startswith("conv") and len(readers[before]) == 1 else "stays"
            )
    return tuple(words)


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


@wrong("removable", shows="it must return the 1 values", loses=REMOVE)
def gives_a_word_for_each_layer(net):
    return tuple("before" if kind == "bn" else "stays" for _, kind, _ in net)


@wrong("removable", shows="output 1: expected 'before', got bool True", loses=REMOVE)
def answers_yes_or_no(net):
    kind = {name: what for name, what, _ in net}
    return tuple(kind[inputs[0]].startswith("conv") for _, what, inputs in net if what == "bn")


@wrong(
    "removable",
    says='"conv padded" is a convolution too: a border is no obstacle to the batch norm *behind* it.',
    loses=REMOVE,
)
def takes_padded_ones_for_something_else(net):
    kind = {name: what for name, what, _ in net}
    readers = {name: [o for o, _, i in net if name in i] for name in kind}
    words = []
    for name, what, inputs in net:
        if what == "bn":
            if kind[inputs[0]] == "conv" and len(readers[inputs[0]]) == 1:
                words.append("before")
            elif len(readers[name]) == 1 and kind[readers[name][0]] == "conv":
                words.append("after")
            else:
                words.append("stays")
    return tuple(words)


@wrong(
    "removable",
    says="with a convolution on either side it takes the one after it: `reduce` tries the one before it first.",
    loses=["removable-values"],
)
def tries_the_one_after_it_first(net):
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
            if len(after) == 1 and kind[after[0]] == "conv":
                words.append("after")
            else:
                single = len(readers[before]) == 1
                words.append("before" if single and kind[before].startswith("conv") else "stays")
    return tuple(words)


@right("removable")
def after_taking_dropout_out(net):
    reads = {name: list(inputs) for name, _, inputs in net}
    kind = {name: what for name, what, _ in net}
    for name in [name for name in kind if kind[name] == "dropout"]:
        source = reads.pop(name)[0]
        for inputs in reads.values():
            inputs[:] = [source if one == name else one for one in inputs]
    words = []
    for name in [name for name in reads if kind[name] == "bn"]:
        source = reads[name][0]
        users = [other for other in reads if name in reads[other]]
        if kind[source] in ("conv", "conv padded") and sum(source in i for i in reads.values()) == 1:
            words.append("before")
        elif [kind[user] for user in users] == ["conv"]:
            words.append("after")
        else:
            words.append("stays")
    return tuple(words)


@right("removable")
def with_two_small_searches(net):
    layers = {name: (kind, inputs) for name, kind, inputs in net}

    def readers(name):
        return [other for other, (_, inputs) in layers.items() if name in inputs]

    def partner_before(name):
        (source,) = layers[name][1]
        if len(readers(source)) > 1:
            return None
        return partner_before(source) if layers[source][0] == "dropout" else layers[source][0]

    def partner_after(name):
        users = readers(name)
        if len(users) != 1:
            return None
        kind = layers[users[0]][0]
        return partner_after(users[0]) if kind == "dropout" else kind

    words = []
    for name, (kind, _) in layers.items():
        if kind == "bn":
            if partner_before(name) in ("conv", "conv padded"):
                words.append("before")
            else:
                words.append("after" if partner_after(name) == "conv" else "stays")
    return tuple(words)
