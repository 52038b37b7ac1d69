"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import Attempt, edited, given, solution

GIVEN = given(__file__)


def gap(called: str, *edits: tuple[str, str], **told) -> Attempt:
    return edited("proof_with_a_gap", solution(__file__, "gap"), GIVEN, called, *edits, **told)


LINE = "S[t:p + r + q - 2, u:p, w:r, z:q, u + w + z - 2 == t](X[i + t - 1] * F[u] * G[w] * H[z])"

GAP = {"loses": ["proof-gap"]}

GAPS = [
    gap("ends at p + r - 1", (LINE, LINE.replace("t:p + r + q - 2", "t:p + r - 1")), shows="refuted", **GAP),
    gap("ties with u + w + z - 1 == t", (f"gap = ({LINE}", f"gap = ({LINE.replace('u + w + z - 2 == t', 'u + w + z - 1 == t')}"), shows="refuted", **GAP),
    gap("reads X at i + t", (f"gap = ({LINE}", f"gap = ({LINE.replace('i + t - 1', 'i + t')}"), shows="line 5", **GAP),
    gap("forgets the condition", (f"gap = ({LINE}", "gap = (S[t:p + r + q - 2, u:p, w:r, z:q](X[i + t - 1] * F[u] * G[w] * H[z])"), shows="refuted", **GAP),
    gap("ties two of the three", (f"gap = ({LINE}", f"gap = ({LINE.replace('u + w + z - 2 == t', 'u + w - 1 == t')}"), shows="refuted", **GAP),
    gap("calls it a swap", ("'regroup')", "'swap')"), shows='it needs "regroup"', **GAP),
    gap("says it in a word of its own", ("'regroup')", "'clear')"), shows='"clear" is not a rule; the rules are', **GAP),
    gap("counts each term twice", ("gap = (", "gap = (2 * "), shows="refuted", **GAP),
    gap("leaves it blank", (f"gap = ({LINE}, ", "gap = (..., "), shows="line 5", **GAP),
    gap("has no reason", (f"gap = ({LINE}, 'regroup')", f"gap = {LINE}"), shows="line 5: still to be written. Name the rule", **GAP),
    gap("sums over w and z only", (f"gap = ({LINE}", "gap = (S[t:p + r + q - 2, w:r, z:q](X[i + t - 1] * F[t - w - z + 2] * G[w] * H[z])"), shows="line 5", **GAP),
    gap("writes the condition another way", (f"gap = ({LINE}, 'regroup')", 'gap = (S[t:p + r + q - 2, u:p, w:r, z:q, t - u == w + z - 2](G[w] * H[z] * F[u] * X[t + i - 1]), "reindex")')),
    gap("in lines of its own", (f"gap = ({LINE}", "all_three = F[u] * G[w] * H[z]\n    gap = (S[t:r + p + q - 2, u:p, w:r, z:q, u + w + z == t + 2](X[i + t - 1] * all_three)")),
]  # fmt: skip
