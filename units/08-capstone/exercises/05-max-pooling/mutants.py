"""Slips in the solution that are no mistakes."""

SIGNS = "1 and −1 are the same numbers in every dtype."

EQUAL = {
    "through_max_pooling": {
        **{
            f"torch.where(G < 0, -1.0, 1.0).to(F) -> torch.where(G < 0, -1.0, 1.0){end}": SIGNS
            for end in ("", ".to()", ".to(b)", ".to(G)", ".to(g)")
        },
        "return (O, o, s) -> value 3 in float16": SIGNS,
        "return (O, o, s) -> value 3 in whole numbers": SIGNS,
    }
}
