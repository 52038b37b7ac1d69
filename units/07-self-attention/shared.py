"""What several exercises of this unit need."""

# of the checks: so that an answer in float32 shows; 12 digits of what is expected are kept
CLOSE = {"rtol": 1e-9, "atol": 1e-11}
