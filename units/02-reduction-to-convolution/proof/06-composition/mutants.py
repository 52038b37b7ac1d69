"""Which other proofs are right (the order of ranges in a sum is free), and how many slips are judged."""

from ...shared import lines_agree_at_small_sizes

EVERY = {"composition_proof": (8, "judging all takes minutes; those between are slips of the same kinds")}
RIGHT = {"composition_proof": lines_agree_at_small_sizes}
