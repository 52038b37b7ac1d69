"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import Attempt, edited, given, solution

GIVEN = given(__file__)


def plane(called: str, *edits: tuple[str, str], **told) -> Attempt:
    return edited("plane_proof", solution(__file__, "plane"), GIVEN, called, *edits, **told)


PLANE = {"loses": ["proof-plane"]}

PLANES = [
    plane("proves it on the line only", ("'conv-conv-2d'", "'conv-conv'"), shows="a proof of conv-conv, not of conv-conv-2d", **PLANE),
    plane("forgets g in o", ("(b[k] * G[k, l, w]) + g[l])", "(b[k] * G[k, l, w]))"), shows="witness o is wrong", **PLANE),
    plane("ends the sum at p", ("S[m:M, t:p + r - 1](", "S[m:M, t:p]("), shows="refuted", **PLANE),
    plane("multiplies the sizes", ("t:p + r - 1", "t:p * r"), shows="line 5", **PLANE),
    plane("jumps over the definition of Y", ("(S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], 'definition Z'), ", ""), shows="true, but not by this rule", **PLANE),
    plane("reads X at i + u + w - 1", ("i + u + w - 2", "i + u + w - 1"), shows="line 2", **PLANE),
    plane("ends with Z", ("(W[l, i], 'definition W')", "(Z[l, i], 'definition W')"), shows="line 8", **PLANE),
    plane("with another name for the kernel's sum", ("both", "kernel")),
    plane("with the factors in another order", ("term = X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]", "term = G[k, l, w] * F[m, k, u] * X[m, w + u + i - 2]")),
]  # fmt: skip
