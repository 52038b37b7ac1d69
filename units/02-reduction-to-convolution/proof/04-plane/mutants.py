"""Which other proofs are right, and how many slips are judged."""

from ...shared import lines_agree_at_small_sizes

EVERY = {
    "plane_proof": (
        4,
        "the chain is that of composition_proof, whose mutants are all judged; here a line takes longer",
    )
}
RIGHT = {"plane_proof": lines_agree_at_small_sizes}
