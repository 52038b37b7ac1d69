"""What students answer in unit 4: the wrong ways, each with what it must be told and lose, and other right ways."""

import copy
import math

import torch
import torch.nn.functional as F

import nonconv.layers
from nonconv.checks.attempts import right, wrong

# -------------------------------------------------------------------------------- aggregate(X, by) -> (C, 1, 1)

AGGREGATE = ("aggregate-values", "aggregate-negative")


@wrong("aggregate", shows="expected shape (2, 1, 1), got (2,)", loses=AGGREGATE)
def drops_the_axes(X, by):
    return X.mean((1, 2)) if by == "avg" else X.amax((1, 2))


@wrong("aggregate", shows="expected shape (2, 1, 1), got (1, 2, 2)", loses=AGGREGATE)
def aggregates_over_the_maps(X, by):
    return X.mean(0, keepdim=True) if by == "avg" else X.amax(0, keepdim=True)


@wrong("aggregate", shows="expected shape (2, 1, 1), got (2, 1, 2)", loses=AGGREGATE)
def aggregates_over_rows_only(X, by):
    return X.mean(1, keepdim=True) if by == "avg" else X.amax(1, keepdim=True)


@wrong("aggregate", says="this is the sum of each map: an average divides it by H·W.", loses=AGGREGATE)
def adds_up(X, by):
    return X.sum((1, 2), keepdim=True) if by == "avg" else X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the largest number of the whole tensor stands for every map: each map has its own maximum.",
    loses=AGGREGATE,
)
def takes_one_maximum_for_all(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.max().expand(len(X), 1, 1)


@wrong("aggregate", says='`by` is not looked at: "max" needs another answer than "avg".', loses=AGGREGATE)
def averages_always(X, by):
    return X.mean((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the maximum starts at 0, so it never gets below it: a map of negative numbers has a negative maximum.",
    loses=["aggregate-negative"],
)
def starts_the_maximum_at_zero(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    largest = torch.zeros(len(X), dtype=X.dtype)
    for k in range(len(X)):
        for number in X[k].flatten():
            largest[k] = max(largest[k], number)
    return largest[:, None, None]


@wrong("aggregate", shows="stopped with AttributeError", loses=AGGREGATE)
def takes_max_for_one_tensor(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.max(1).max(2, keepdim=True)


@wrong("aggregate", shows="calls the framework's", loses=AGGREGATE)
def asks_the_frameworks_pooling(X, by):
    pool = F.adaptive_avg_pool2d if by == "avg" else F.adaptive_max_pool2d
    return pool(X[None], 1)[0]


@wrong(
    "aggregate",
    says='this is the maximum always: `by` is the word "avg" or "max", as a string.',
    loses=AGGREGATE,
)
def looks_for_another_word(X, by):
    if by == "mean":
        return X.mean((1, 2), keepdim=True)
    return X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the average of the whole tensor stands for every map: each map has its own average.",
    loses=AGGREGATE,
)
def takes_one_average_for_all(X, by):
    if by == "avg":
        return torch.full((len(X), 1, 1), X.mean().item(), dtype=X.dtype)
    return X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the sum is divided by the number of rows only: a map has H·W places.",
    loses=AGGREGATE,
)
def divides_by_the_rows(X, by):
    if by == "avg":
        return X.sum((1, 2), keepdim=True) / X.shape[1]
    return X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="this is the largest absolute value: of −5 and −1 the maximum is −1.",
    loses=["aggregate-negative"],
)
def takes_the_largest_absolute_value(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.abs().amax((1, 2), keepdim=True)


@wrong("aggregate", shows="expected a tensor of shape (2, 1, 1), got a tuple of 2 values", loses=AGGREGATE)
def returns_values_and_indices(X, by):
    flat = X.flatten(1)
    return flat.mean(1)[:, None, None] if by == "avg" else flat.max(1, keepdim=True)


@right("aggregate")
def map_by_map(X, by):
    numbers = []
    for one in X:
        values = one.flatten().tolist()
        numbers.append(sum(values) / len(values) if by == "avg" else max(values))
    return torch.tensor(numbers, dtype=X.dtype).reshape(-1, 1, 1)


@right("aggregate")
def by_way_of_numpy(X, by):
    numbers = X.numpy()
    F_agg = numbers.mean((1, 2), keepdims=True) if by == "avg" else numbers.max((1, 2), keepdims=True)
    return torch.from_numpy(F_agg)


@right("aggregate")
def flattens_first(X, by):
    flat = X.flatten(1)
    F_agg = {"avg": flat.mean(1), "max": flat.max(1).values}[by]
    return F_agg.view(-1, 1, 1)


# -------------------------------------------------------------------------- excitation(F_agg, W0, W1) -> (C,)

EXCITATION = ("excitation-values", "excitation-many")


@wrong("excitation", says="there is no ReLU between the two matrices: Y₁ = W₁ ReLU(W₀ F).", loses=EXCITATION)
def forgets_the_relu(F_agg, W0, W1):
    return torch.sigmoid(W1 @ W0 @ F_agg)


@wrong("excitation", says="σ is missing at the end: a weight lies between 0 and 1.", loses=EXCITATION)
def forgets_the_sigmoid(F_agg, W0, W1):
    return W1 @ torch.relu(W0 @ F_agg)


@wrong("excitation", says="σ stands between the matrices, where ReLU belongs.", loses=EXCITATION)
def takes_the_sigmoid_twice(F_agg, W0, W1):
    return torch.sigmoid(W1 @ torch.sigmoid(W0 @ F_agg))


@wrong(
    "excitation",
    says="ReLU and σ are swapped: ReLU between the matrices, σ at the end.",
    loses=EXCITATION,
)
def swaps_relu_and_sigmoid(F_agg, W0, W1):
    return torch.relu(W1 @ torch.sigmoid(W0 @ F_agg))


@wrong(
    "excitation",
    says="there is a second ReLU before σ: then no weight could be below 1/2.",
    loses=EXCITATION,
)
def takes_relu_twice(F_agg, W0, W1):
    hidden = F.relu(W0 @ F_agg)
    return F.relu(W1 @ hidden).sigmoid()


@wrong(
    "excitation",
    says="this is a softmax: its weights share a sum of 1, but gates are independent; take σ of each.",
    loses=EXCITATION,
)
def takes_a_softmax(F_agg, W0, W1):
    return torch.softmax(W1 @ torch.relu(W0 @ F_agg), 0)


@wrong("excitation", shows="stopped with RuntimeError", loses=EXCITATION)
def swaps_the_matrices(F_agg, W0, W1):
    return torch.sigmoid(W0 @ torch.relu(W1 @ F_agg))


@wrong("excitation", shows="expected shape (2,), got (2, 1, 1)", loses=EXCITATION)
def shapes_them_for_the_maps(F_agg, W0, W1):
    return torch.sigmoid(W1 @ (W0 @ F_agg).relu())[:, None, None]


@wrong(
    "excitation",
    says="the weights are multiplied by F: return the weights themselves.",
    loses=EXCITATION,
)
def scales_what_it_was_given(F_agg, W0, W1):
    return F_agg * torch.sigmoid(W1 @ torch.relu(W0 @ F_agg))


@wrong("excitation", shows="there is a nan in it", loses=["excitation-many"])
def writes_sigma_with_a_large_power(F_agg, W0, W1):
    power = torch.exp(W1 @ torch.relu(W0 @ F_agg))
    return power / (1 + power)


@wrong("excitation", shows="calls nonconv.layers", loses=EXCITATION)
def calls_the_library(F_agg, W0, W1):
    return nonconv.layers.channel_attention(F_agg[None, :, None, None], W0, W1, aggregates=("avg",)).flatten()


@wrong(
    "excitation", says="tanh lies between -1 and 1: a weight lies between 0 and 1, take σ.", loses=EXCITATION
)
def takes_tanh(F_agg, W0, W1):
    return torch.tanh(W1 @ F.relu(W0 @ F_agg))


@wrong("excitation", says="σ has the wrong sign: σ(y) = 1/(1 + exp(−y)).", loses=EXCITATION)
def turns_sigma_over(F_agg, W0, W1):
    return 1 / (1 + torch.exp(W1 @ torch.relu(W0 @ F_agg)))


@right("excitation")
def with_sums_and_exponentials(F_agg, W0, W1):
    hidden = (W0 * F_agg).sum(1).clamp(min=0)
    return 1 / (1 + torch.exp(-(W1 * hidden).sum(1)))


@right("excitation")
def by_linear_layers(F_agg, W0, W1):
    squeeze = torch.nn.Linear(W0.shape[1], W0.shape[0], bias=False)
    squeeze.weight.data = W0
    return F.linear(squeeze(F_agg).relu(), W1).sigmoid()


@right("excitation")
def number_by_number(F_agg, W0, W1):
    hidden = [max(0.0, sum((w * f).item() for w, f in zip(row, F_agg, strict=True))) for row in W0]
    Y1 = [sum(w.item() * h for w, h in zip(row, hidden, strict=True)) for row in W1]
    return torch.tensor([0.5 * (1 + math.tanh(y / 2)) for y in Y1], dtype=F_agg.dtype)


# ------------------------------------------------------------------- excitation_parameters(C, r) -> a formula

COUNT = ["excitation-parameters"]


@wrong("excitation_parameters", says="you count one matrix: there are two, W₀ and W₁.", loses=COUNT)
def counts_one_matrix(C, r):
    return C**2 / r


@wrong(
    "excitation_parameters",
    says="a fully connected layer C → C has C² weights; these go through C/r numbers.",
    loses=COUNT,
)
def counts_a_layer_without_squeeze(C, r):
    return 2 * C**2


@wrong(
    "excitation_parameters",
    says="you count biases too, C/r and C: the exercise asks for the weights only.",
    loses=COUNT,
)
def counts_biases_too(C, r):
    return 2 * C**2 / r + C / r + C


@wrong(
    "excitation_parameters",
    says="these are the numbers between the layers; a matrix has rows times columns.",
    loses=COUNT,
)
def counts_neurons(C, r):
    return C / r + C


@wrong(
    "excitation_parameters",
    says="r squeezes the layer between, so W₀ has C/r rows, not C·r.",
    loses=COUNT,
)
def widens_instead_of_squeezing(C, r):
    return 2 * C**2 * r


@wrong(
    "excitation_parameters",
    says="both sides of each matrix are divided by r: W₀ has C columns, and only its rows are C/r.",
    loses=COUNT,
)
def squeezes_both_sides(C, r):
    return 2 * (C / r) ** 2


@wrong(
    "excitation_parameters",
    says="// rounds down, so the formula is another one where r does not divide C; write /.",
    loses=COUNT,
)
def rounds_down(C, r):
    return 2 * C * (C // r)


@wrong(
    "excitation_parameters",
    says="// rounds the whole result down, so the formula is another one for some C and r; write /.",
    loses=COUNT,
)
def rounds_down_at_the_end(C, r):
    return 2 * C**2 // r


@wrong(
    "excitation_parameters",
    says="the two matrices are counted twice: average and maximum share one perceptron.",
    loses=COUNT,
)
def counts_a_perceptron_for_each_aggregate(C, r):
    once = 2 * C**2 / r
    return once + once


@wrong("excitation_parameters", shows="expected a formula in C, r, got str", loses=COUNT)
def writes_it_as_text(C, r):
    return "2 * C**2 / r"


@right("excitation_parameters")
def one_matrix_after_the_other(C, r):
    hidden = C / r
    return C * hidden + hidden * C


@right("excitation_parameters")
def with_half_powers(C, r):
    return (C + C) * C * r**-1


# ----------------------------------------------------------------- share_of_a_convolution(C, r, p) -> a formula

SHARE = ["share-of-a-convolution"]


@wrong(
    "share_of_a_convolution",
    says="the share is upside down: the perceptron's weights divided by the convolution's.",
    loses=SHARE,
)
def divides_the_other_way(C, r, p):
    return r * p**2 / 2


@wrong(
    "share_of_a_convolution",
    says="this is C times too much: the convolution has a kernel for each pair of maps, so C² p² weights.",
    loses=SHARE,
)
def takes_a_depthwise_convolution(C, r, p):
    return 2 * C**2 / r / (C * p**2)


@wrong(
    "share_of_a_convolution",
    says="the kernel is p×p: p² numbers for each pair of maps, not p.",
    loses=SHARE,
)
def takes_p_for_the_kernel(C, r, p):
    return 2 / (r * p)


@wrong("share_of_a_convolution", says="one of the two matrices is missing.", loses=SHARE)
def forgets_a_matrix(C, r, p):
    return 1 / (r * p**2)


@wrong(
    "share_of_a_convolution",
    says="this is the perceptron's count; divide it by the convolution's.",
    loses=SHARE,
)
def does_not_divide(C, r, p):
    return 2 * C**2 / r


@wrong(
    "share_of_a_convolution",
    says="this is the share of both together: the exercise divides by the convolution alone.",
    loses=SHARE,
)
def divides_by_both_together(C, r, p):
    gate = 2 * C**2 / r
    return gate / (gate + C**2 * p**2)


@wrong(
    "share_of_a_convolution",
    says="you forgot the kernel: a 1×1 convolution has C² weights, a p×p convolution p² times as many.",
    loses=SHARE,
)
def compares_with_a_matrix(C, r, p):
    return (2 * C**2 / r) / C**2


@wrong(
    "share_of_a_convolution", says="biases are counted in: the exercise leaves them out of both.", loses=SHARE
)
def counts_the_biases(C, r, p):
    return (2 * C**2 / r + C / r + C) / (C**2 * p**2 + C)


@right("share_of_a_convolution")
def as_a_quotient_of_counts(C, r, p):
    perceptron = 2 * C * (C / r)
    convolution = C * C * p * p
    return perceptron / convolution


@right("share_of_a_convolution")
def as_a_product_of_powers(C, r, p):
    return 2 * r**-1 * p**-2


# ------------------------------------------------------------------ channel_attention(X, W0, W1) -> (C, 1, 1)

CHANNEL = ("channel-attention-values", "channel-attention-sizes")


@wrong(
    "channel_attention",
    says="only the average is squeezed: that is SE; CBAM takes the maximum as well.",
    loses=CHANNEL,
)
def squeezes_by_average_only(X, W0, W1):
    return torch.sigmoid(W1 @ torch.relu(W0 @ X.mean((1, 2))))[:, None, None]


@wrong("channel_attention", says="only the maximum is squeezed: take the average as well.", loses=CHANNEL)
def squeezes_by_maximum_only(X, W0, W1):
    return torch.sigmoid(W1 @ torch.relu(W0 @ X.amax((1, 2))))[:, None, None]


@wrong(
    "channel_attention",
    says="average and maximum meet before the ReLU: each goes through the whole perceptron, and what comes out is added.",
    loses=CHANNEL,
)
def adds_before_the_perceptron(X, W0, W1):
    added = X.mean((1, 2)) + X.amax((1, 2))
    return torch.sigmoid(W1 @ torch.relu(W0 @ added))[:, None, None]


@wrong(
    "channel_attention",
    says="the sum is taken behind σ: add first, then σ, or a weight could reach 2.",
    loses=CHANNEL,
)
def adds_behind_sigma(X, W0, W1):
    Y = sum(torch.sigmoid(W1 @ torch.relu(W0 @ F_agg)) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return Y[:, None, None]


@wrong(
    "channel_attention",
    says="the mean of the two is taken, not their sum.",
    loses=CHANNEL,
)
def averages_the_two(X, W0, W1):
    ways = torch.stack([W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2)))])
    return torch.sigmoid(ways.mean(0))[:, None, None]


@wrong(
    "channel_attention",
    says="average and maximum meet before the ReLU: each goes through the whole perceptron, and what comes out is added.",
    loses=CHANNEL,
)
def takes_relu_of_the_sum(X, W0, W1):
    hidden = W0 @ X.mean((1, 2)) + W0 @ X.amax((1, 2))
    return torch.sigmoid(W1 @ hidden.relu())[:, None, None]


@wrong("channel_attention", says="ReLU is missing between the matrices.", loses=CHANNEL)
def leaves_out_the_relu(X, W0, W1):
    added = W1 @ (W0 @ X.mean((1, 2))) + W1 @ (W0 @ X.amax((1, 2)))
    return added.sigmoid()[:, None, None]


@wrong("channel_attention", shows="expected shape (2, 1, 1), got (2, 1, 2)", loses=CHANNEL)
def multiplies_by_the_input(X, W0, W1):
    added = sum(W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return X * torch.sigmoid(added)[:, None, None]


@wrong("channel_attention", shows="expected shape (2, 1, 1), got (2,)", loses=CHANNEL)
def returns_a_vector(X, W0, W1):
    return torch.sigmoid(sum(W1 @ (W0 @ F_agg).relu() for F_agg in (X.mean((1, 2)), X.amax((1, 2)))))


@wrong("channel_attention", shows="calls nonconv.layers", loses=CHANNEL)
def asks_the_library(X, W0, W1):
    return nonconv.layers.channel_attention(X[None], W0, W1)[0]


@wrong(
    "channel_attention",
    says="a softmax makes the maps compete for a sum of 1: a gate is the σ of each number on its own.",
    loses=CHANNEL,
)
def shares_out_a_sum_of_one(X, W0, W1):
    added = W1 @ torch.relu(W0 @ X.mean((1, 2))) + W1 @ torch.relu(W0 @ X.amax((1, 2)))
    return torch.softmax(added, 0).reshape(-1, 1, 1)


@wrong(
    "channel_attention",
    says="there is another ReLU before σ: then no weight could be below 1/2.",
    loses=CHANNEL,
)
def takes_relu_before_sigma(X, W0, W1):
    added = sum(W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return torch.sigmoid(added.relu())[:, None, None]


@wrong(
    "channel_attention",
    says="the mean of two σ is taken: add behind the perceptron, then one σ.",
    loses=CHANNEL,
)
def averages_two_gates(X, W0, W1):
    a, b = (torch.sigmoid(W1 @ torch.relu(W0 @ F_agg)) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return ((a + b) / 2)[:, None, None]


@wrong(
    "channel_attention",
    says="two gates are multiplied: add behind the perceptron, then one σ.",
    loses=CHANNEL,
)
def multiplies_two_gates(X, W0, W1):
    gates = [torch.sigmoid(W1 @ torch.relu(W0 @ F_agg)) for F_agg in (X.mean((1, 2)), X.amax((1, 2)))]
    return math.prod(gates)[:, None, None]


@wrong(
    "channel_attention",
    says="the largest number of the whole tensor stands for every map: each map has its own maximum.",
    loses=CHANNEL,
)
def takes_the_maximum_of_everything(X, W0, W1):
    average, largest = X.mean((1, 2)), X.max().expand(len(X))
    return torch.sigmoid(W1 @ torch.relu(W0 @ average) + W1 @ torch.relu(W0 @ largest))[:, None, None]


@right("channel_attention")
def both_at_once(X, W0, W1):
    squeezed = torch.stack([X.flatten(1).mean(1), X.flatten(1).max(1).values], dim=1)  # (C, 2)
    return torch.sigmoid((W1 @ (W0 @ squeezed).clamp(min=0)).sum(1)).reshape(-1, 1, 1)


@right("channel_attention")
def by_pooling_and_convolutions(X, W0, W1):
    def perceptron(F_agg):
        return F.conv2d(F.relu(F.conv2d(F_agg, W0[:, :, None, None])), W1[:, :, None, None])

    added = perceptron(F.adaptive_avg_pool2d(X[None], 1)) + perceptron(F.adaptive_max_pool2d(X[None], 1))
    return torch.sigmoid(added)[0]


@right("channel_attention")
def with_einsum(X, W0, W1):
    C = X.shape[0]
    added = torch.zeros(C, dtype=X.dtype)
    for F_agg in (X.sum((1, 2)) / X[0].numel(), X.reshape(C, -1).max(dim=1)[0]):
        hidden = torch.einsum("dc,c->d", W0, F_agg)
        added = added + torch.einsum("cd,d->c", W1, hidden * (hidden > 0))
    return (1 / (1 + (-added).exp())).reshape(C, 1, 1)


# ------------------------------------------------------------------------- spatial_attention(X, W) -> (1, H, W)

SPATIAL = ("spatial-attention-values", "spatial-attention-kernel")


@wrong(
    "spatial_attention",
    says="the two maps are in the other order: average first, then maximum.",
    loses=SPATIAL,
)
def puts_the_maximum_first(X, W):
    both = torch.stack([X.amax(0), X.mean(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", says="σ is missing: what the convolution gives is no weight yet.", loses=SPATIAL)
def leaves_out_sigma(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0]


@wrong(
    "spatial_attention",
    shows="expected shape (1, 3, 4), got (1, 1, 2)",
    loses=SPATIAL,
)
def forgets_the_border(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W)[0])


@wrong("spatial_attention", shows="stopped with RuntimeError", loses=SPATIAL)
def aggregates_over_the_places(X, W):
    both = torch.cat([X.mean((1, 2), keepdim=True), X.amax((1, 2), keepdim=True)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="only the average over the maps is used, twice: the second map is the maximum.",
    loses=SPATIAL,
)
def averages_twice(X, W):
    both = X.mean(0).expand(2, -1, -1)
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="the sum over the maps stands where their average belongs.",
    loses=SPATIAL,
)
def sums_the_maps(X, W):
    both = torch.stack([X.sum(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", shows="expected shape (1, 1, 3), got (2, 1, 3)", loses=SPATIAL)
def multiplies_the_maps(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return X * torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", shows="expected shape (1, 1, 3), got (1, 1, 1, 3)", loses=SPATIAL)
def leaves_the_batch(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])[None]
    return torch.sigmoid(F.conv2d(both, W, padding=W.shape[-1] // 2))


@wrong(
    "spatial_attention",
    says="the border is k wide, which makes the map larger: a k×k kernel needs (k − 1)/2 on each side.",
    loses=SPATIAL,
)
def takes_a_border_of_k(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1])[0])


@wrong(
    "spatial_attention",
    says="the border is 1 whatever the kernel: k×k needs (k − 1)/2.",
    loses=["spatial-attention-values", "spatial-attention-kernel"],
)
def takes_a_border_of_one(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=1)[0])


@wrong(
    "spatial_attention",
    says="the kernel is flipped: a convolution in this course slides it as it is.",
    loses=SPATIAL,
)
def flips_the_kernel(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W.flip(2, 3), padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="the border mirrors the maps: it is a border of zeros.",
    loses=SPATIAL,
)
def repeats_the_border(X, W):
    k = W.shape[-1] // 2
    both = F.pad(torch.stack([X.mean(0), X.amax(0)])[None], (k, k, k, k), mode="replicate")
    return torch.sigmoid(F.conv2d(both, W)[0])


@wrong(
    "spatial_attention",
    says="the border closes to a circle: it is a border of zeros.",
    loses=SPATIAL,
)
def closes_the_border_to_a_circle(X, W):
    k = W.shape[-1] // 2
    both = torch.stack([X.mean(0), X.amax(0)])[None]
    rows, columns = ([n % size for n in range(-k, size + k)] for size in X.shape[1:])
    return torch.sigmoid(F.conv2d(both[:, :, rows][..., columns], W)[0])


@wrong(
    "spatial_attention",
    says="there is a ReLU before σ: then no weight could be below 1/2.",
    loses=SPATIAL,
)
def takes_relu_before_the_gate(X, W):
    Y1 = F.conv2d(torch.stack([X.mean(0), X.amax(0)])[None], W, padding=W.shape[-1] // 2)[0]
    return torch.sigmoid(F.relu(Y1))


@wrong(
    "spatial_attention",
    says="a softmax makes the places compete for a sum of 1: a gate is the σ of each number on its own.",
    loses=SPATIAL,
)
def shares_out_among_the_places(X, W):
    Y1 = F.conv2d(torch.stack([X.mean(0), X.amax(0)])[None], W, padding=W.shape[-1] // 2)[0]
    return torch.softmax(Y1.flatten(), 0).reshape(Y1.shape)


@wrong(
    "spatial_attention",
    says="average and maximum are added before the convolution: each has its own half of the kernel.",
    loses=SPATIAL,
)
def adds_the_two_maps(X, W):
    added = X.mean(0) + X.amax(0)
    return torch.sigmoid(F.conv2d(torch.stack([added, added])[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", shows="calls nonconv.layers", loses=SPATIAL)
def calls_the_ready_gate(X, W):
    return nonconv.layers.spatial_attention(X[None], W)[0]


@right("spatial_attention")
def convolves_map_by_map(X, W):
    average, maximum = X.sum(0) / len(X), X.max(0).values
    Y1 = sum(F.conv2d(one[None, None], W[:, m : m + 1], padding="same")
             for m, one in enumerate((average, maximum)))  # fmt: skip
    return torch.sigmoid(Y1)[0]


@right("spatial_attention")
def shifts_and_adds(X, W):
    k, (_, H, columns) = W.shape[-1], X.shape
    both = F.pad(torch.stack([X.mean(0), X.amax(0)]), [k // 2] * 4)
    Y1 = torch.zeros(H, columns, dtype=X.dtype)
    for m in range(2):
        for u in range(k):
            for v in range(k):
                Y1 += W[0, m, u, v] * both[m, u : u + H, v : v + columns]
    return torch.sigmoid(Y1)[None]


# --------------------------------------------------------------------------------- cbam(X, channel, spatial) -> Y

CBAM = ("cbam-values", "cbam-not-square")


@wrong("cbam", says="the order is the other way round: channels first, then places.", loses=CBAM)
def puts_places_first(X, channel, spatial):
    refined = spatial(X) * X
    return channel(refined) * refined


@wrong(
    "cbam",
    says="both gates look at X: the spatial one looks at what the channel gate left, X'. (Side by side is another network.)",
    loses=CBAM,
)
def sets_them_side_by_side(X, channel, spatial):
    return spatial(X) * channel(X) * X


@wrong(
    "cbam",
    says="the spatial weights multiply X: they multiply X', which the channel gate has already weighed.",
    loses=CBAM,
)
def loses_the_channel_weights(X, channel, spatial):
    refined = channel(X) * X
    return spatial(refined) * X


@wrong("cbam", says="only the channel gate is applied.", loses=CBAM)
def stops_after_the_channels(X, channel, spatial):
    return channel(X) * X


@wrong("cbam", says="only the spatial gate is applied.", loses=CBAM)
def starts_with_the_places(X, channel, spatial):
    return spatial(X) * X


@wrong(
    "cbam",
    says="X is added at the end: CBAM multiplies only. (The skip connection belongs to the block around it.)",
    loses=CBAM,
)
def adds_the_input(X, channel, spatial):
    refined = channel(X) * X
    return X + spatial(refined) * refined


@wrong(
    "cbam",
    says="the weights are taken as 1 + A: that is Residual Attention; CBAM multiplies by A.",
    loses=CBAM,
)
def multiplies_by_one_plus(X, channel, spatial):
    refined = (1 + channel(X)) * X
    return (1 + spatial(refined)) * refined


@wrong("cbam", shows="expected shape (4, 1, 2), got (4, 1, 1)", loses=CBAM)
def gives_the_weights_to_the_next_gate(X, channel, spatial):
    weights = channel(X)
    return spatial(weights) * weights


@wrong("cbam", shows="it changes its input X in place", loses=CBAM)
def multiplies_in_place(X, channel, spatial):
    X *= channel(X)
    X *= spatial(X)
    return X


@wrong(
    "cbam",
    says="the two weighted inputs are added: the second gate takes what the first one gives.",
    loses=CBAM,
)
def adds_the_two(X, channel, spatial):
    return channel(X) * X + spatial(X) * X


@right("cbam")
def weights_by_name(X, channel, spatial):
    A_channel = channel(X.clone())
    A_spatial = spatial(A_channel * X)
    return A_channel * A_spatial * X


@right("cbam")
def one_gate_after_the_other(X, channel, spatial):
    Y = X
    for gate in (channel, spatial):
        Y = Y.mul(gate(Y))
    return Y


# ------------------------------------------------------------------------------ order_matters(channel, spatial) -> X

ORDER = ["order-matters"]


@wrong("order_matters", shows="0 times any weight is 0", loses=ORDER)
def tries_zero(channel, spatial):
    return torch.zeros(4, 3, 3)


@wrong("order_matters", shows="all gates stand near σ(0) = 1/2", loses=ORDER)
def tries_small_numbers(channel, spatial):
    return torch.arange(36.0).reshape(4, 3, 3) / 10**5


@wrong("order_matters", shows="X must have shape (4, H, W), not (1, 4, 3, 3)", loses=ORDER)
def returns_a_batch(channel, spatial):
    return torch.rand(1, 4, 3, 3)


@wrong("order_matters", shows="X must have shape (4, H, W), not (3, 3)", loses=ORDER)
def returns_one_map(channel, spatial):
    return torch.eye(3) * 5


@wrong("order_matters", shows="X must be a tensor, not list", loses=ORDER)
def returns_a_list(channel, spatial):
    return [[[1.0]], [[2.0]], [[3.0]], [[4.0]]]


@wrong("order_matters", shows="all numbers of X must be finite", loses=ORDER)
def tries_infinity(channel, spatial):
    X = torch.ones(4, 2, 2)
    X[0] = math.inf
    return X


@wrong("order_matters", shows="X must be a tensor, not tuple", loses=ORDER)
def returns_both_outputs(channel, spatial):
    X = 5 * torch.eye(4).reshape(4, 2, 2)
    first, second = channel(X) * X, spatial(X) * X
    return spatial(first) * first, channel(second) * second


@wrong("order_matters", shows="Your numbers are so small", loses=ORDER)
def tries_one_small_spot(channel, spatial):
    X = torch.full((4, 2, 2), 1e-9)
    X[0, 0, 0] = 1e-3
    return X


@right("order_matters")
def tries_random_ones(channel, spatial):
    return 3 * torch.randn(4, 6, 5, generator=torch.Generator().manual_seed(1))


@right("order_matters")
def looks_for_one(channel, spatial):
    for size in range(1, 50):
        X = size * torch.eye(4, dtype=torch.float64).reshape(4, 2, 2)
        a, b = channel(X) * X, spatial(X) * X
        a, b = spatial(a) * a, channel(b) * b
        if (a - b).norm() > 0.05 * a.norm():
            return X
    return None


# ---------------------------------------------------------------------- se_by_convolutions(X, W0, W1) -> (C, H, W)

CONVOLVE = ("se-by-convolutions-values", "se-by-convolutions-not-square")


@wrong(
    "se_by_convolutions",
    says="calls the framework's mean. This exercise is about doing without it",
    loses=CONVOLVE,
)
def takes_the_mean(X, W0, W1):
    F_avg = X.mean((1, 2), keepdim=True)[None]
    hidden = F.conv2d(F_avg, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong("se_by_convolutions", shows="calls the framework's mv", loses=CONVOLVE)
def multiplies_matrices(X, W0, W1):
    C, H, W = X.shape
    F_avg = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double(), groups=C).flatten()
    return torch.sigmoid(W1 @ torch.relu(W0 @ F_avg))[:, None, None] * X


@wrong(
    "se_by_convolutions",
    says="the first kernel adds up without dividing: an average has 1/(HW) everywhere.",
    loses=CONVOLVE,
)
def adds_instead_of_averaging(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.ones(C, 1, H, W).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="the first kernel mixes the maps: the average is depthwise, groups=C.",
    loses=CONVOLVE,
)
def averages_over_all_maps(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, C, H, W), 1 / (H * W)).double())
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="nothing is averaged: each place has weights of its own, from its own numbers. SE averages first.",
    loses=CONVOLVE,
)
def forgets_to_average(X, W0, W1):
    hidden = F.conv2d(X[None], W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="ReLU is missing between the two 1×1 convolutions.",
    loses=CONVOLVE,
)
def joins_the_two_convolutions(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double(), groups=C)
    linear = F.conv2d(F.conv2d(squeezed, W0[:, :, None, None]), W1[:, :, None, None])
    return linear.sigmoid()[0] * X


@wrong(
    "se_by_convolutions",
    shows="expected shape (2, 1, 2), got (2, 1, 1)",
    loses=CONVOLVE,
)
def returns_the_weights(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0]


@wrong(
    "se_by_convolutions",
    shows="stopped with RuntimeError",
    loses=CONVOLVE,
)
def forgets_the_groups(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double())
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong("se_by_convolutions", shows="That is the answer itself", loses=CONVOLVE)
def pools(X, W0, W1):
    squeezed = F.avg_pool2d(X[None], X.shape[1:])
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="the first kernel has 1/C everywhere: it averages over the H·W places of a map.",
    loses=CONVOLVE,
)
def divides_by_the_maps(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / C).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="you divide by C too: each map is averaged on its own, over its H·W places.",
    loses=CONVOLVE,
)
def divides_by_the_maps_too(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (C * H * W)).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@right("se_by_convolutions")
def first_two_as_one(X, W0, W1):
    C, H, W = X.shape
    kernel = (W0 / (H * W))[:, :, None, None].expand(-1, -1, H, W)
    hidden = F.conv2d(X, kernel).clamp(min=0)
    return F.conv2d(hidden, W1[:, :, None, None]).sigmoid() * X


@right("se_by_convolutions")
def as_modules(X, W0, W1):
    C, H, W = X.shape
    squeeze = torch.nn.Conv2d(C, C, (H, W), groups=C, bias=False).double()
    first = torch.nn.Conv2d(C, len(W0), 1, bias=False).double()
    second = torch.nn.Conv2d(len(W0), C, 1, bias=False).double()
    squeeze.weight.data.fill_(1 / (H * W))
    first.weight.data, second.weight.data = W0[..., None, None], W1[..., None, None]
    return torch.nn.Sequential(squeeze, first, torch.nn.ReLU(), second, torch.nn.Sigmoid())(X[None])[0] * X


# ---------------------------------------------------------------------------------- breaks_additivity(se) -> (x, y)

ADDITIVE = ["se-not-additive"]


@wrong("breaks_additivity", shows="One of them is 0 everywhere", loses=ADDITIVE)
def adds_nothing(se):
    x = torch.rand(4, 2, 2)
    return x, torch.zeros(4, 2, 2)


@wrong("breaks_additivity", shows="The weights are the same for x, for y and for x + y", loses=ADDITIVE)
def takes_the_mean_away(se):
    x = torch.tensor([[1.0, -1.0]]).expand(4, 1, 2)
    return x, 3 * x


@wrong("breaks_additivity", shows="return two tensors (x, y)", loses=ADDITIVE)
def returns_the_outputs_too(se):
    x, y = torch.ones(4, 1, 1), torch.ones(4, 1, 1)
    return x, y, se(x + y), se(x) + se(y)


@wrong("breaks_additivity", shows="x must have shape (4, H, W), not (2, 2)", loses=ADDITIVE)
def returns_plain_images(se):
    return torch.eye(2), torch.ones(2, 2)


@wrong("breaks_additivity", shows="x and y must have one shape", loses=ADDITIVE)
def returns_two_sizes(se):
    return torch.ones(4, 2, 2), torch.ones(4, 1, 1)


@wrong("breaks_additivity", shows="x must be a tensor, not int", loses=ADDITIVE)
def returns_numbers(se):
    return 1, 2


@wrong("breaks_additivity", shows="which rounding could explain", loses=ADDITIVE)
def takes_tiny_numbers(se):
    x = torch.full((4, 1, 1), 1e-8)
    return x, x.clone()


@wrong("breaks_additivity", shows="all numbers of x must be finite", loses=ADDITIVE)
def takes_nan(se):
    x = torch.ones(4, 2, 2) / 0 - torch.ones(4, 2, 2) / 0
    return x, torch.ones(4, 2, 2)


@wrong("breaks_additivity", shows="x must have shape (4, H, W), not (1, 4, 2, 2)", loses=ADDITIVE)
def returns_batches(se):
    return torch.randn(1, 4, 2, 2), torch.randn(1, 4, 2, 2)


@right("breaks_additivity")
def takes_one_input_twice(se):
    x = torch.arange(4.0).reshape(4, 1, 1)
    return x, x


@right("breaks_additivity")
def takes_random_ones(se):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(4, 3, 2, generator=generator).double() for _ in range(2)]


# -------------------------------------------------------------------------------------- put_se(model, se) -> model

PUT = ("put-se-with-biases", "put-se-grouped")


@wrong("put_se", shows="put it behind the batch norm", loses=PUT)
def puts_it_before_the_batch_norm(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.Conv2d):
            layers.append(se(layer.out_channels))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="put each before the activation", loses=PUT)
def puts_it_behind_the_activation(model, se):
    layers, C = [], 0
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
        elif C and not isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
            C = 0
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="there is no SE block in its way", loses=PUT)
def makes_blocks_and_leaves_them(model, se):
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            se(layer.out_channels)
    return torch.nn.Sequential(*model)


@wrong("put_se", shows="but 2 convolutions: one behind each", loses=PUT)
def puts_one_at_the_end_of_the_convolutions(model, se):
    layers = list(model)
    last = max(n for n, layer in enumerate(layers) if isinstance(layer, torch.nn.Conv2d))
    place = last + 1 + isinstance(layers[last + 1], torch.nn.BatchNorm2d)
    return torch.nn.Sequential(*layers[:place], se(layers[last].out_channels), *layers[place:])


@wrong("put_se", shows="but 3 convolutions: one behind each", loses=["put-se-grouped"])
def waits_for_a_batch_norm(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(layer.num_features))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="as many maps as the convolution before it puts out", loses=PUT)
def makes_blocks_of_two_maps(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(2))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="the given network was changed", loses=PUT)
def inserts_into_the_given_network(model, se):
    for n in range(len(model) - 1, -1, -1):
        if isinstance(model[n], torch.nn.Conv2d):
            norm = isinstance(model[n + 1], torch.nn.BatchNorm2d)
            model.insert(n + 1 + norm, se(model[n].out_channels))
    return model


@wrong("put_se", shows="return a network (an nn.Module), not list", loses=PUT)
def returns_a_list_of_layers(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(layer.num_features))
    return layers


@wrong("put_se", shows="all other layers as given?", loses=PUT)
def puts_blocks_behind_the_norms_and_drops_biases(model, se):
    new, C = [], 0
    for layer in copy.deepcopy(model):
        if C and not isinstance(layer, torch.nn.BatchNorm2d):
            new.append(se(C))
            C = 0
        if isinstance(layer, torch.nn.Linear):
            layer.bias.data.zero_()
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
        new.append(layer)
    return torch.nn.Sequential(*new)


@wrong("put_se", shows="one behind each", loses=PUT)
def uses_the_blocks_as_activations(model, se):
    layers, C = [], 1
    for layer in model:
        C = getattr(layer, "out_channels", C)
        activation = isinstance(layer, torch.nn.ReLU | torch.nn.Sigmoid)
        layers.append(se(C) if activation else layer)
    return torch.nn.Sequential(*layers)


@right("put_se")
def looks_back_from_what_follows(model, se):
    layers, C = [], None
    for layer in model:
        if C is not None and not isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
            C = None
        layers.append(copy.deepcopy(layer))
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
    return torch.nn.Sequential(*layers)


@right("put_se")
def inserts_into_a_copy(model, se):
    new = copy.deepcopy(model)
    for n in reversed(range(len(new))):
        if isinstance(new[n], torch.nn.Conv2d):
            ends = n + 1 if isinstance(new[n + 1], torch.nn.BatchNorm2d) else n
            new.insert(ends + 1, se(new[n].weight.shape[0]))
    return new


# ----------------------------------------------------------------------------- se_cost(model, r) -> (extra, share)

COST = ("se-cost-values", "se-cost-grouped")


@wrong("se_cost", says="the biases are missing: C/r behind W₀ and C behind W₁.", loses=COST)
def leaves_out_the_biases(model, r):
    extra = sum(2 * layer.out_channels**2 // r for layer in model if isinstance(layer, torch.nn.Conv2d))
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong("se_cost", says="one matrix is missing: there are W₀ and W₁.", loses=COST)
def counts_a_single_matrix(model, r):
    C = [layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)]
    extra = sum(c * c // r + c // r + c for c in C)
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="the maps that go in are counted: SE stands behind the convolution and has as many maps as come out.",
    loses=COST,
)
def takes_the_maps_that_go_in(model, r):
    extra = 0
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.in_channels
            extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="the share is of the network with its blocks: divide by what it had before.",
    loses=COST,
)
def divides_by_the_new_total(model, r):
    extra = 0
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
            extra = extra + 2 * C * (C // r) + C // r + C
    before = sum(parameter.numel() for parameter in model.parameters())
    return extra, extra / (before + extra)


@wrong(
    "se_cost",
    says="this is the new total: the exercise asks for what is added.",
    loses=COST,
)
def returns_the_new_total(model, r):
    before = sum(parameter.numel() for parameter in model.parameters())
    extra = sum(2 * C * C // r + C // r + C for C in
                (layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)))  # fmt: skip
    return before + extra, extra / before


@wrong("se_cost", shows="it must return the 2 values (the extra parameters, their share)", loses=COST)
def forgets_the_share(model, r):
    return sum(2 * C * C // r + C // r + C for C in
               (layer.out_channels for layer in model if isinstance(layer, torch.nn.Conv2d)))  # fmt: skip


@wrong(
    "se_cost",
    says="the share is in percent: a share lies between 0 and 1.",
    loses=COST,
)
def writes_percent(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, 100 * extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="tensors are counted, not the numbers in them: numel() of each.",
    loses=COST,
)
def counts_tensors(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, extra / len(list(model.parameters()))


@wrong(
    "se_cost",
    says="blocks are counted behind batch norms only: a convolution without one gets a block as well.",
    loses=["se-cost-grouped"],
)
def counts_behind_batch_norms(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "num_features", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong("se_cost", says="the C/r biases behind W₀ are missing.", loses=COST)
def leaves_out_the_biases_of_the_squeeze(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@wrong(
    "se_cost",
    says="the two are in the other order: first the parameters that are added, then their share.",
    loses=COST,
)
def gives_the_share_first(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra / sum(parameter.numel() for parameter in model.parameters()), extra


@wrong(
    "se_cost",
    says="the running statistics are counted as parameters: they are not trained, so model.parameters() leaves them out.",
    loses=COST,
)
def counts_running_statistics(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", 0)
        extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(tensor.numel() for tensor in model.state_dict().values())


@wrong(
    "se_cost",
    says="the fully connected layer gets a block as well: only a convolution has one.",
    loses=COST,
)
def gives_the_last_layer_a_block(model, r):
    extra = 0
    for layer in model:
        C = getattr(layer, "out_channels", getattr(layer, "out_features", 0))
        extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


@right("se_cost")
def by_shapes(model, r):
    widths = [len(layer.weight) for layer in model if type(layer) is torch.nn.Conv2d]
    extra = 0
    for C in widths:
        for shape in ((C // r, C), (C // r,), (C, C // r), (C,)):
            extra += math.prod(shape)
    return extra, extra / sum(math.prod(parameter.shape) for parameter in model.parameters())


@right("se_cost")
def by_building_the_blocks(model, r):
    blocks = [torch.nn.Sequential(torch.nn.Linear(layer.out_channels, layer.out_channels // r),
                                  torch.nn.Linear(layer.out_channels // r, layer.out_channels))
              for layer in model if isinstance(layer, torch.nn.Conv2d)]  # fmt: skip
    extra = sum(parameter.numel() for block in blocks for parameter in block.parameters())
    before = sum(tensor.numel() for tensor in model.parameters())
    return torch.tensor(extra), torch.tensor(extra / before, dtype=torch.float64)


# ------------------------------------------------------------- closed_channels(gate, images, threshold) -> (8,)

CLOSED = ("closed-channels-values", "closed-channels-thresholds")


@wrong(
    "closed_channels",
    says="closed for one image is enough for you: it must be closed for every one, all instead of any.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def closes_if_any_is(gate, images, threshold):
    return (gate(images) < threshold).any(0)


@wrong(
    "closed_channels",
    says="you look at the mean over the images: one image with an open gate is enough to keep it open.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def looks_at_the_mean(gate, images, threshold):
    return gate(images).mean(0) < threshold


@wrong("closed_channels", says="this is True where the channel is open: turn it over.", loses=CLOSED)
def says_which_are_open(gate, images, threshold):
    return (gate(images) >= threshold).any(0)


@wrong("closed_channels", shows="expected shape (8,), got (3,)", loses=CLOSED)
def takes_the_other_axis(gate, images, threshold):
    return (gate(images) < threshold).all(1)


@wrong("closed_channels", shows="expected shape (8,), got (3, 8)", loses=CLOSED)
def keeps_every_image(gate, images, threshold):
    return gate(images) < threshold


@wrong(
    "closed_channels",
    says="the threshold is not looked at: it is given, and it is not always 0.1.",
    loses=CLOSED,
)
def takes_a_tenth(gate, images, threshold):
    return gate(images).amax(0) < 0.1


@wrong("closed_channels", shows="expected a tensor of shape (8,), got a list of 1 value", loses=CLOSED)
def lists_the_channels(gate, images, threshold):
    weights = gate(images)
    return [k for k in range(8) if weights[:, k].max() < threshold]


@wrong(
    "closed_channels",
    says="you look at the first image only: every one of them counts.",
    loses=CLOSED,
)
def looks_at_the_first_image(gate, images, threshold):
    return gate(images[:1])[0] < threshold


@wrong(
    "closed_channels",
    says="closed for one image is enough for you: it must be closed for every one, all instead of any.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def compares_the_smallest(gate, images, threshold):
    return gate(images).amin(0) < threshold


@wrong(
    "closed_channels",
    says="these are the numbers of the closed channels: return eight truth values, True where a channel is closed.",
    loses=CLOSED,
)
def returns_their_numbers(gate, images, threshold):
    return torch.nonzero((gate(images) < threshold).all(0)).flatten()


@wrong(
    "closed_channels",
    says="you ask the gate about the mean image: ask about each image, then compare.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def asks_about_the_mean_image(gate, images, threshold):
    return gate(images.mean(0, keepdim=True))[0] < threshold


@right("closed_channels")
def by_the_largest_weight(gate, images, threshold):
    return gate(images).max(dim=0).values < threshold


@right("closed_channels")
def channel_by_channel(gate, images, threshold):
    closed = torch.ones(8, dtype=torch.bool)
    for image in images:
        closed &= gate(image[None])[0] < threshold
    return closed


# ----------------------------------------------------------------- self_attention(X, WQ, WK, WV) -> (A, Y)

SELF = ("self-attention-values", "self-attention-not-square")


@wrong("self_attention", says="the scores are not divided by √d.", loses=SELF)
def forgets_the_root(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="the scores are divided by d, not by its root.", loses=SELF)
def divides_by_d(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1], 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="you divide by the root of the number of places: √d is about the width of a query.",
    loses=SELF,
)
def divides_by_the_places(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / math.sqrt(len(P)), 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="the softmax goes down the columns: each row of A, one for each query, must have the sum 1.",
    loses=SELF,
)
def normalises_the_columns(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 0)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="X is reshaped to (H·W, C) without a transpose: the rows of P are then no places. Reshape to (C, H·W), then transpose.",
    loses=SELF,
)
def reshapes_without_transposing(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(H * W, C)
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="Y is reshaped without a transpose: AV has the places as rows, so transpose it first.",
    loses=SELF,
)
def reshapes_back_without_transposing(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).reshape(-1, H, W)


@wrong(
    "self_attention",
    says="queries and keys are swapped: the rows of A belong to the queries, A = softmax(QKᵀ/√d).",
    loses=SELF,
)
def swaps_queries_and_keys(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WK) @ (P @ WQ).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="the places are weighed themselves: V = P W^V is what A weighs.", loses=SELF)
def forgets_the_values(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P).T.reshape(-1, H, W)


@wrong("self_attention", says="σ makes independent gates: here a softmax shares a sum of 1.", loses=SELF)
def takes_gates(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.sigmoid((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", shows="it must return the 2 values (A, Y)", loses=SELF)
def returns_only_the_output(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", shows="calls the framework's", loses=SELF)
def asks_the_framework(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    Q, K = P @ WQ, P @ WK
    A = F.scaled_dot_product_attention(Q[None, None], K[None, None], torch.eye(len(P)).double()[None, None])
    return A[0, 0], (A[0, 0] @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="you divide by √C: d is the number of columns of W^Q.", loses=SELF)
def divides_by_the_maps_of_the_input(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / C**0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong("self_attention", says="A is turned over in Y: place i takes row i of A, Y = AV.", loses=SELF)
def weighs_by_the_columns(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, ((P @ WV).T @ A).reshape(-1, H, W)


@wrong(
    "self_attention",
    says="A holds the scores: the weights are their softmax, and each row sums to 1.",
    loses=SELF,
)
def returns_the_scores(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    scores = (P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5
    return scores, (scores.softmax(1) @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="the places are taken column by column: row by row of the image, as reshape does.",
    loses=SELF,
)
def goes_down_the_columns(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.permute(2, 1, 0).reshape(-1, C)
    A = torch.softmax((P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, W, H).mT


@wrong("self_attention", says="K is made with W^Q: K = P W^K.", loses=SELF)
def makes_keys_of_queries(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    Q = P @ WQ
    A = torch.softmax(Q @ Q.T / WQ.shape[1] ** 0.5, 1)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="the whole of A shares a sum of 1: each row of A has the sum 1.",
    loses=SELF,
)
def shares_out_over_the_whole_matrix(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    scores = (P @ WQ) @ (P @ WK).T / WQ.shape[1] ** 0.5
    A = scores.flatten().softmax(0).reshape(scores.shape)
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@wrong(
    "self_attention",
    says="√d divides the weights: it divides the scores, before the softmax.",
    loses=SELF,
)
def divides_behind_the_softmax(X, WQ, WK, WV):
    C, H, W = X.shape
    P = X.reshape(C, -1).T
    A = torch.softmax((P @ WQ) @ (P @ WK).T, 1) / WQ.shape[1] ** 0.5
    return A, (A @ P @ WV).T.reshape(-1, H, W)


@right("self_attention")
def with_einsum_over_the_places(X, WQ, WK, WV):
    Q, K, V = (torch.einsum("chw,cd->hwd", X, M).flatten(0, 1) for M in (WQ, WK, WV))
    powers = torch.exp(torch.einsum("id,jd->ij", Q, K) / math.sqrt(WK.shape[1]))
    A = powers / powers.sum(1, keepdim=True)
    Y = torch.einsum("ij,jm->mi", A, V)
    return A, Y.unflatten(1, tuple(X.shape[1:]))


@right("self_attention")
def by_convolutions(X, WQ, WK, WV):
    Q, K, V = (F.conv2d(X[None], M.T[:, :, None, None])[0].flatten(1).T for M in (WQ, WK, WV))
    A = torch.softmax(Q @ K.T / Q.shape[1] ** 0.5, -1)
    return A, (A @ V).T.reshape(-1, *X.shape[1:])


@right("self_attention")
def query_by_query(X, WQ, WK, WV):
    C, H, W = X.shape
    places = [X[:, i, j] for i in range(H) for j in range(W)]
    rows, outputs = [], []
    for x in places:
        scores = torch.stack([(x @ WQ) @ (other @ WK) for other in places]) / WQ.shape[1] ** 0.5
        weights = torch.softmax(scores, 0)
        rows.append(weights)
        outputs.append(sum(w * (other @ WV) for w, other in zip(weights, places, strict=True)))
    return torch.stack(rows), torch.stack(outputs, 1).reshape(-1, H, W)
