"""What students answer for se_cost: the wrong ways, what each is told and loses, and other right ways."""

import math
from functools import partial

import torch

from nonconv.authoring import edited, given, right, solution

COST = ("se-cost-values", "se-cost-grouped")

cost = partial(edited, "se_cost", solution(__file__, "cost"), given(__file__), loses=COST)

BEFORE = "sum((parameter.numel() for parameter in model.parameters()))"

WRONG = [
    cost(
        "leaves_out_the_biases",
        (" + C // r + C", ""),
        says="the biases are missing: C/r behind W₀ and C behind W₁.",
    ),
    cost(
        "counts_a_single_matrix", ("2 * C * C", "C * C"), says="one matrix is missing: there are W₀ and W₁."
    ),
    cost(
        "takes_the_maps_that_go_in",
        ("out_channels", "in_channels"),
        says="the maps that go in are counted: "
        "SE stands behind the convolution and has as many maps as come out.",
    ),
    cost(
        "divides_by_the_new_total",
        (BEFORE, f"({BEFORE} + extra)"),
        says="the share is of the network with its blocks: divide by what it had before.",
    ),
    cost(
        "returns_the_new_total",
        ("(extra, ", f"({BEFORE} + extra, "),
        says="this is the new total: the exercise asks for what is added.",
    ),
    cost(
        "forgets_the_share",
        (f"(extra, extra / {BEFORE})", "extra"),
        shows="it must return the 2 values (the extra parameters, their share)",
    ),
    cost(
        "writes_percent",
        (BEFORE, f"{BEFORE} * 100"),
        says="the share is in percent: a share lies between 0 and 1.",
    ),
    cost(
        "counts_tensors",
        (BEFORE, "len(list(model.parameters()))"),
        says="tensors are counted, not the numbers in them: numel() of each.",
    ),
    cost(
        "counts_behind_batch_norms",
        ("Conv2d", "BatchNorm2d"),
        ("out_channels", "num_features"),
        says="blocks are counted behind batch norms only: a convolution without one gets a block as well.",
    ),
    cost(
        "leaves_out_the_biases_of_the_squeeze",
        (" + C // r", ""),
        says="the C/r biases behind W₀ are missing.",
    ),
    cost(
        "gives_the_share_first",
        (f"(extra, extra / {BEFORE})", f"(extra / {BEFORE}, extra)"),
        says="the two are in the other order: first the parameters that are added, then their share.",
    ),
    cost(
        "counts_running_statistics",
        ("in model.parameters()", "in model.state_dict().values()"),
        says="the running statistics are counted as parameters: "
        "they are not trained, so model.parameters() leaves them out.",
    ),
    cost(
        "divides_by_the_convolutions_alone",
        (
            BEFORE,
            BEFORE.replace(
                "model.p", "torch.nn.Sequential(*(one for one in model if hasattr(one, 'stride'))).p"
            ),
        ),
        says="the share is of the convolutions alone: divide by all parameters of the model.",
    ),
    cost(
        "multiplies_by_the_ratio",
        ("// r", "* r"),
        says="r squeezes: W₀ leads from C numbers to C/r, not to C·r.",
    ),
    cost(
        "counts_the_last_block_only",
        ("extra +=", "extra ="),
        says="this is one block, the last: add up those of all convolutions.",
    ),
    cost(
        "rounds_the_share",
        (f"extra / {BEFORE}", f"round(extra / {BEFORE}, 2)"),
        says="the share is rounded: return it as it is.",
    ),
    cost(
        "takes_C_for_all_biases",
        ("C // r + C", "2 * C"),
        says="there are C/r biases behind W₀, not C: one for each number that it gives.",
    ),
    cost(
        "gives_the_last_layer_a_block",
        ("torch.nn.Conv2d", "(torch.nn.Conv2d, torch.nn.Linear)"),
        ("layer.out_channels", "len(layer.weight)"),
        says="the fully connected layer gets a block as well: only a convolution has one.",
    ),
]
