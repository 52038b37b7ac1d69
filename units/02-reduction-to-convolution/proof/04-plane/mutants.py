"""Which other proofs are right, and how many slips are judged."""

from ...shared import lines_agree_at_small_sizes

EVERY = {
    "plane_proof": (
        4,
        "in three dimensions a line takes long; those between are slips of the same kinds",
    )
}
RIGHT = {"plane_proof": lines_agree_at_small_sizes}
