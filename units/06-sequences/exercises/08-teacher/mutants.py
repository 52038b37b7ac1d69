"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "forced_loss": {
        "torch.log_softmax(scores, 0) -> torch.log_softmax(scores, -1)": "The scores have one axis.",
    },
    "free_run": {
        "int(scores.argmax()) -> scores.argmax()": "A tensor of one whole number is taken for the number.",
    },
}
