"""Mutants of the solution that are no mistakes, and why."""

SAME_WAY = "average and maximum go through the same perceptron and are added: their names do not matter."

EQUAL = {
    "channel_attention": {
        "(average, maximum) -> (maximum, average)": SAME_WAY,
        "(X.mean((1, 2)), X.amax((1, 2))) -> (X.amax((1, 2)), X.mean((1, 2)))": SAME_WAY,
    },
}
