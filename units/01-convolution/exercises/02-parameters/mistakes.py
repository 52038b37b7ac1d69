"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

COUNTS = ("parameters-values", "parameters-sizes")
slip = partial(edited, "parameters", solution(__file__, "parameters"), given(__file__), loses=COUNTS)

MISTAKES = [
    slip(
        "forgets_the_groups",
        ("M * K * p * q // g", "M * K * p * q"),
        says="the groups are left out: each output map sees M/g input maps.",
    ),
    slip(
        "divides_by_the_groups_twice",
        ("M * K * p * q // g", "M * K * p * q // g ** 2"),
        says="this divides by g twice: there are g groups of M/g by K/g maps each.",
    ),
    slip(
        "counts_depthwise_kernels_by_the_input",
        ("'depthwise': K * p * q", "'depthwise': M * p * q"),
        says="a depthwise layer has one kernel for each output map, K in all.",
    ),
    slip(
        "multiplies_the_two_steps",
        ("M * p * q + M * K", "M * p * q * M * K"),
        says="the two steps of a separable layer are added: Mpq weights, then MK.",
    ),
    slip(
        "separates_by_the_output",
        ("M * p * q + M * K", "K * p * q + M * K"),
        says="the first step of a separable layer goes from M maps to M: it has M kernels.",
    ),
    slip(
        "one_bias_for_each_map_everywhere",
        ("K * places if kind.endswith('connected') else K", "K"),
        says="locally and fully connected layers share no bias either: there is one for each output number.",
    ),
    slip(
        "biases_by_the_input",
        (
            "kind.endswith('connected') else K",
            "kind.endswith('connected') else M if kind == 'transposed' else K",
        ),
        says="the transposed layer has one bias for each *output* map, K, although its kernel's shape begins with M.",
    ),
    slip(
        "the_output_is_as_large_as_the_input",
        ("(H - p + 1) * (W - q + 1)", "H * W"),
        says="without a frame the output has (H − p + 1)(W − q + 1) places, not HW.",
    ),
    slip(
        "always_adds_the_biases",
        ("biases * bias", "biases"),
        says="`bias` is not looked at: without biases there are weights only.",
    ),
    slip(
        "never_adds_the_biases",
        (" + biases * bias", ""),
        says="the biases are missing where `bias` is True.",
    ),
    slip(
        "one_bias_for_the_whole_layer",
        ("biases * bias", "bias"),
        says="there is one bias for the whole layer here: each output map has its own, K in all.",
    ),
    slip(
        "a_bias_in_both_steps",
        (
            "weights[kind] + biases * bias",
            "weights[kind] + biases * bias + (M * bias if kind == 'separable' else 0)",
        ),
        says="only the second step of the separable layer has a bias.",
    ),
    slip(
        "the_window_of_a_fully_connected_layer",
        ("M * H * W * K * places", "M * p * q * K * places"),
        says="in a fully connected layer each output number has a weight for every input number, MHW.",
    ),
    slip(
        "shares_the_local_weights",
        ("M * K * p * q * places", "M * K * p * q"),
        says="a locally connected layer shares nothing: every place has weights of its own.",
    ),
]


@wrong("parameters", shows="stopped with KeyError", loses=COUNTS)
def knows_six_kinds_only(kind, M, K, p, q, H, W, g, bias):
    weights = {"convolution": M * K * p * q, "grouped": M * K * p * q // g, "depthwise": K * p * q,
               "separable": M * p * q + M * K, "transposed": M * K * p * q}  # fmt: skip
    return weights[kind] + K * bias
