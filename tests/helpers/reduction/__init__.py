"""Networks for `reduce`, drawn at random."""
