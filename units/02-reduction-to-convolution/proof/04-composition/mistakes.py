"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from ast import parse, unparse

from nonconv.authoring import Attempt, edited, given, solution

GIVEN = given(__file__)


def chain(called: str, *edits: tuple[str, str], **told) -> Attempt:
    return edited("composition_proof", solution(__file__, "chain"), GIVEN, called, *edits, **told)


def kept(witness: float, prefix: float, suffix: float, end: float) -> dict:
    """What a chain keeps of the points for its four parts."""
    shares = dict(zip(PARTS, (witness, prefix, suffix, end), strict=True))
    return {
        "loses": [name for name, share in shares.items() if share == 0],
        "keeps": {name: share for name, share in shares.items() if 0 < share < 1},
    }


PARTS = [f"proof-chain-{part}" for part in ("witness", "prefix", "suffix", "end")]

WITNESS_O = "P.witness(O[m, l, t], S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))"

WITNESS_SMALL_O = "P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))"

STEPS = unparse(parse(solution(__file__, "chain"))).split("P.calc(")[1].split("\n")[0]

SECOND = "(S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l]"

PROOFS = [
    chain("reads X at u + w - 1", (SECOND, SECOND.replace("u + w - 2", "u + w - 1")), shows="line 2: refuted", **kept(1, 1 / 8, 5 / 8, 0)),
    chain("names o = g", (WITNESS_SMALL_O, "P.witness(o[l], g[l])"), shows="o is wrong: with M=1, K=1", **kept(1 / 2, 3 / 8, 0, 0)),
    chain("adds b once", (WITNESS_SMALL_O, "P.witness(o[l], g[l] + S[k:K](b[k] * G[k, l, 1]))"), shows="o is wrong: with M=1, K=1", **kept(1 / 2, 3 / 8, 0, 0)),
    chain("lets b through", ("bias = S[k:K, w:r](b[k] * G[k, l, w])", "bias = S[k:K](b[k])"), shows="line 3: refuted", **kept(1, 2 / 8, 4 / 8, 0)),
    chain("makes O of size p", (WITNESS_O, "P.witness(O[m, l, t], S[k:K](F[m, k, t] * G[k, l, 1]))"), shows="O: index 3 of F[m,k,t] leaves its range", **kept(1 / 2, 6 / 8, 0, 0)),
    chain("lets o depend on X", (WITNESS_SMALL_O, "P.witness(o[l], S[k:K](X[k, 1]))"), shows="o must be built from F, G, b, g only", **kept(1 / 2, 3 / 8, 0, 0)),
    chain("swaps the letters of F", (SECOND, SECOND.replace("F[m, k, u]", "F[k, m, u]")), shows="line 2", **kept(1, 1 / 8, 5 / 8, 0)),
    chain("calls regroup distribute", ("'regroup'", "'distribute'"), shows="true, but not by this rule", **kept(1, 7 / 8, 7 / 8, 0)),
    chain("claims it all at once", (STEPS, 'Z[l, i], (W[l, i], "regroup"))'), shows="true, but not by this rule", **kept(1, 0, 0, 0)),
    chain("names nothing", (WITNESS_O, ""), (WITNESS_SMALL_O, ""), shows="O is not defined yet", **kept(0, 3 / 8, 0, 0)),
    chain("forgets the last line", (", (W[l, i], 'definition W')", ""), shows="the chain does not yet end", **kept(1, 7 / 8, 0, 0)),
    chain("invents a reason", ("'definition Y'", "'as we know'"), shows='"as we know" is not a rule', **kept(1, 7 / 8, 7 / 8, 0)),
    chain("puts two rules into a reason", ("'definition Y'", "'definition Y and distribute'"), shows="names two rules, and a line has one", **kept(1, 7 / 8, 7 / 8, 0)),
    chain("forgets the left side", ("P.calc(Z[l, i], ", "P.calc("), shows="the chain starts with a left side, Z[l,i]", **kept(1, 1, 7 / 8, 0)),
    chain("splits the chain over two calls", (", (S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + bias", ")\n    P.calc((S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + bias"), shows="A second P.calc replaces the first", **kept(1, 5 / 8, 5 / 8, 0)),
    chain("writes a number that is too large", ("+ o[l], 'regroup')", "+ o[l] + 10 ** 7 * (g[l] - g[l]), 'regroup')"), shows="a number in a formula is a whole number of at most 1,000,000", **kept(1, 4 / 8, 2 / 8, 0)),
    chain("the triangular form", (WITNESS_O, "P.witness(O[m, l, t], S[k:K, w:r, t - w + 1 >= 1, t - w + 1 <= p](F[m, k, t - w + 1] * G[k, l, w]))"),
          ("* O[m, l, t]) + o[l], 'definition O')", '* S[k:K, w:r, t - w + 1 >= 1, t - w + 1 <= p](F[m, k, t - w + 1] * G[k, l, w])) + o[l], "regroup"), (S[m:M, t:p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O")')),
    chain("with a swap of its own", ("+ o[l], 'definition o'),", '+ o[l], "definition o"), (S[m:M, k:K, u:p, w:r](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + o[l], "swap"),')),
]  # fmt: skip
