"""Slips in the solution: how many of them are judged."""

EVERY = {
    "plane_proof": (
        4,
        "the chain is that of composition_proof, whose mutants are all judged; here a line takes longer",
    )
}
