"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "additive_context": {
        "torch.softmax(e, dim=0) -> torch.softmax(e, dim=-1)": "e is a vector: its first axis is its last.",
    },
}
