"""Mutants of the solution that are no mistakes, and why."""

WIDTH = "queries and keys have one width, d."

EQUAL = {
    "self_attention": {
        "WQ.shape -> WK.shape": WIDTH,
        "WQ.shape -> Q.shape": WIDTH,
        "WQ.shape -> K.shape": WIDTH,
    },
}
