"""Other right lines for the gap."""

from functools import partial

from nonconv.authoring import edited, given, solution

other = partial(edited, "proof_with_a_gap", solution(__file__, "gap"), given(__file__))

LINE = "S[t:p + r + q - 2, u:p, w:r, z:q, u + w + z - 2 == t](X[i + t - 1] * F[u] * G[w] * H[z])"

ALTERNATIVES = [
    other("one sum in the other", (f"gap = ({LINE}", "gap = (S[t:p + r + q - 2](S[u:p, w:r, z:q, u + w + z - 2 == t](X[i + t - 1] * F[u] * G[w] * H[z]))")),
    other("ranges in another order", (f"gap = ({LINE}", "gap = (S[z:q, w:r, t:p + r + q - 2, u:p, u + w + z == t + 2](X[i + t - 1] * F[u] * G[w] * H[z])")),
    other("a bracket for the condition", (f"gap = ({LINE}", "gap = (S[t:p + r + q - 2, u:p, w:r, z:q](X[i + t - 1] * I[u + w + z - 2 == t] * F[u] * G[w] * H[z])")),
    other("the condition as two", (f"gap = ({LINE}", "gap = (S[t:p + r + q - 2, u:p, w:r, z:q, u + w + z - 2 <= t, u + w + z - 2 >= t](X[i + t - 1] * F[u] * G[w] * H[z])")),
    other("by one point", ("'regroup')", "'one point')")),
    other("as a list", (f"gap = ({LINE}, 'regroup')", f"gap = [{LINE}, 'Regroup.']")),
    other("multiplied out already", (f"gap = ({LINE}", "product = S[u:p, w:r, z:q, u + w + z - 2 == t](F[u] * G[w] * H[z] * X[i + t - 1])\n    gap = (S[t:p + r + q - 2](product)")),
]  # fmt: skip
