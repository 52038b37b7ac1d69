"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "beam_search": {
        "len(sequence) == length -> len(sequence) >= length": "No sequence is ever longer.",
        "([], 0.0) -> ([], 1.0)": "The same number is added to all, and the order stays.",
        "([], 0.0) -> ([], -1.0)": "The same number is added to all, and the order stays.",
        "for sequence, total in beam: -> runs backwards": "They are sorted afterwards, and there are no ties.",
        "[([*sequence, symbol], total + step) for symbol, step in steps] -> [([*sequence, symbol], total + step)"
        " for symbol, step in reversed(list(steps))]": "They are sorted afterwards, and there are no ties.",
        "log_p(sequence).tolist() -> log_p(sequence)": "Numbers in tensors are added and sorted alike.",
    }
}
