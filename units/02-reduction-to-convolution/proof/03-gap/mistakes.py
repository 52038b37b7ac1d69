"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import Attempt, edited, given, solution

GIVEN = given(__file__)


def gap(called: str, *edits: tuple[str, str], **told) -> Attempt:
    return edited("proof_with_a_gap", solution(__file__, "gap"), GIVEN, called, *edits, **told)


LINE = "S[t:p + r - 1, u:p, w:r, u + w - 1 == t](X[i + t - 1] * F[u] * G[w])"

GAP = {"loses": ["proof-gap"]}

GAPS = [
    gap("ends at p + r - 2", (LINE, LINE.replace("t:p + r - 1", "t:p + r - 2")), shows="refuted", **GAP),
    gap("ties with u + w == t", (f"gap = ({LINE}", f"gap = ({LINE.replace('u + w - 1 == t', 'u + w == t')}"), shows="refuted", **GAP),
    gap("reads X at i + t", (f"gap = ({LINE}", f"gap = ({LINE.replace('i + t - 1', 'i + t')}"), shows="line 4", **GAP),
    gap("forgets the condition", (f"gap = ({LINE}", "gap = (S[t:p + r - 1, u:p, w:r](X[i + t - 1] * F[u] * G[w])"), shows="refuted", **GAP),
    gap("calls it a swap", ("'regroup')", "'swap')"), shows='it needs "regroup"', **GAP),
    gap("says it in a word of its own", ("'regroup')", "'clear')"), shows='"clear" is not a rule; the rules are', **GAP),
    gap("counts each term twice", ("gap = (", "gap = (2 * "), shows="refuted", **GAP),
    gap("leaves it blank", (f"gap = ({LINE}, ", "gap = (..., "), shows="line 4", **GAP),
    gap("has no reason", (f"gap = ({LINE}, 'regroup')", f"gap = {LINE}"), shows="line 4: still to be written. Name the rule", **GAP),
    gap("sums over w only", (f"gap = ({LINE}", "gap = (S[t:p + r - 1, w:r](X[i + t - 1] * F[t - w + 1] * G[w])"), shows="line 4", **GAP),
    gap("writes the condition another way", (f"gap = ({LINE}, 'regroup')", 'gap = (S[t:p + r - 1, u:p, w:r, t - u == w - 1](G[w] * F[u] * X[t + i - 1]), "reindex")')),
    gap("in lines of its own", (f"gap = ({LINE}", "both = F[u] * G[w]\n    gap = (S[t:r + p - 1, u:p, w:r, u + w == t + 1](X[i + t - 1] * both)")),
]  # fmt: skip
