"""Mutants of the solution that are no mistakes, and why."""

ORDER = "a sum is the same in any order."

EQUAL = {
    "pool_gradient": {
        "for m in range(G.shape[0]): -> runs backwards": ORDER,
        "for i in range(G.shape[1]): -> runs backwards": ORDER,
        "for j in range(G.shape[2]): -> runs backwards": ORDER,
        "G.shape[0] -> X.shape[0]": "both are M.",
        "G.shape[0] -> back.shape[0]": "both are M.",
        "window.shape[1] -> window.shape[0]": "the window is square.",
    },
}
