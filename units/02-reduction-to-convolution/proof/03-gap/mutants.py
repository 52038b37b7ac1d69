"""Which other proofs are right: the order of ranges in a sum is free, and so are some reasons."""

from ...shared import lines_agree_at_small_sizes

RIGHT = {"proof_with_a_gap": lines_agree_at_small_sizes}
