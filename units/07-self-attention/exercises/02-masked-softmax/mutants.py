"""Mutants of the solution that are no mistakes, and why."""

ANYTHING = "the row allows nothing, and whatever is subtracted from −∞ leaves −∞."
ONE = "where a row allows something, its largest exponential is 1, so the sum is at least 1."
NUMERATOR = "an exponential that is 0 may be divided by anything but 0; the others keep their denominator."

EQUAL = {
    "masked_softmax": {
        "torch.isinf(top) -> torch.isinf(allowed)": "where a score is forbidden, what is subtracted is no matter.",
        "torch.where(torch.isinf(top), 0, top) -> torch.where(torch.isinf(top), 1, top)": ANYTHING,
        "torch.where(torch.isinf(top), 0, top) -> torch.where(torch.isinf(top), -1, top)": ANYTHING,
        "total > 0 -> total != 0": "a sum of exponentials is never negative.",
        "total > 0 -> mask > 0": NUMERATOR,
        "total > 0 -> powers > 0": NUMERATOR,
        "total > 0 -> total > 1": f"{ONE} Where it is 1, it may be replaced by 1.",
        "torch.where(total > 0, total, 1) -> torch.where(total > 0, total, 2)": "0 divided by 2 is 0, too.",
    },
}
