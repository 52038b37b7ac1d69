"""Other right lines for the gap."""

from functools import partial

from nonconv.authoring import edited, given, solution

other = partial(edited, "proof_with_a_gap", solution(__file__, "gap"), given(__file__))

LINE = "S[t:p + r - 1, u:p, w:r, u + w - 1 == t](X[i + t - 1] * F[u] * G[w])"

ALTERNATIVES = [
    other("one sum in the other", (f"gap = ({LINE}", "gap = (S[t:p + r - 1](S[u:p, w:r, u + w - 1 == t](X[i + t - 1] * F[u] * G[w]))")),
    other("ranges in another order", (f"gap = ({LINE}", "gap = (S[w:r, t:p + r - 1, u:p, u + w == t + 1](X[i + t - 1] * F[u] * G[w])")),
    other("a bracket for the condition", (f"gap = ({LINE}", "gap = (S[t:p + r - 1, u:p, w:r](X[i + t - 1] * I[u + w - 1 == t] * F[u] * G[w])")),
    other("the condition as two", (f"gap = ({LINE}", "gap = (S[t:p + r - 1, u:p, w:r, u + w - 1 <= t, u + w - 1 >= t](X[i + t - 1] * F[u] * G[w])")),
    other("by one point", ("'regroup')", "'one point')")),
    other("as a list", (f"gap = ({LINE}, 'regroup')", f"gap = [{LINE}, 'Regroup.']")),
    other("multiplied out already", (f"gap = ({LINE}", "product = S[u:p, w:r, u + w - 1 == t](F[u] * G[w] * X[i + t - 1])\n    gap = (S[t:p + r - 1](product)")),
]  # fmt: skip
