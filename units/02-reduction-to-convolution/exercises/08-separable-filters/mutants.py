"""Slips in the solution that are no mistakes."""

CLOSE = "torch.allclose(torch.outer(column, row), F) -> torch.allclose(F, torch.outer(column, row))"

EQUAL = {"separate": {CLOSE: "Which of two is near the other is the same, but for a hair in the tolerance."}}
