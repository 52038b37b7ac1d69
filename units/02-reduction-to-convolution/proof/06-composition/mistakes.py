"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from ast import parse, unparse

from nonconv.authoring import Attempt, edited, given, solution, wrong

GIVEN = given(__file__, "chain-name")


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

WITNESS_O = "P.witness(O[m, l, t], S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w]))"

WITNESS_SMALL_O = "P.witness(o[l], h[l] + S[k:K, w:r](a[k] * H[k, l, w]))"

STEPS = unparse(parse(solution(__file__, "chain"))).split("P.calc(")[1].split("\n")[0]

TIE = "u + 2 * (w - 1) == t"

READ = "X[m, 2 * s * (i - 1) + 2 * (w - 1) + u]"

COUNTED = "(S[m:M, t:p + 2 * (r - 1), k:K, u:p, w:r, u + 2 * (w - 1) == t](X[m, 2 * s * (i - 1) + t] * A[m, k, u] * H[k, l, w])"

PROOFS = [
    chain("forgets the stride of the first layer", (READ, "X[m, s * (i - 1) + w - 1 + u]"), shows="line 2: refuted", **kept(1, 1 / 8, 3 / 8, 0)),
    chain("spreads the other kernel", (TIE, "2 * (u - 1) + w == t"), shows="O is wrong: with M=1, K=1, p=2", **kept(1 / 2, 4 / 8, 0, 0)),
    chain("spreads no kernel", (TIE, "u + w - 1 == t"), shows="O is wrong: with M=1, K=1", **kept(1 / 2, 4 / 8, 0, 0)),
    chain("spreads the second kernel by its own stride", (TIE, "u + s * (w - 1) == t"), shows="O is wrong: with M=1, K=1", **kept(1 / 2, 4 / 8, 0, 0)),
    chain("puts the second kernel on one tap too late", (TIE, "u + 2 * w == t"), shows="O is wrong: with M=1, K=1", **kept(1 / 2, 4 / 8, 0, 0)),
    chain("counts by t as if nothing were spread", (COUNTED, COUNTED.replace(TIE, "u + w - 1 == t")), shows="line 5: refuted", **kept(1, 4 / 8, 2 / 8, 0)),
    chain("ends the kernel at p + r - 1", ("t:p + 2 * (r - 1)", "t:p + r - 1"), shows="line 5: refuted", **kept(1, 4 / 8, 0, 0)),
    chain("steps by s instead of 2 s", ("X[m, 2 * s * (i - 1) + t]", "X[m, s * (i - 1) + t]"), shows="line 5: refuted", **kept(1, 4 / 8, 0, 0)),
    chain("names o = h", (WITNESS_SMALL_O, "P.witness(o[l], h[l])"), shows="o is wrong: with M=1, K=1", **kept(1 / 2, 3 / 8, 0, 0)),
    chain("lets a through", ("bias = S[k:K, w:r](a[k] * H[k, l, w])", "bias = S[k:K](a[k])"), shows="line 3: refuted", **kept(1, 2 / 8, 4 / 8, 0)),
    chain("lets o depend on X", (WITNESS_SMALL_O, "P.witness(o[l], S[k:K](X[k, 1]))"), shows="o must be built from A, H, a, h only", **kept(1 / 2, 3 / 8, 0, 0)),
    chain("calls regroup distribute", ("'regroup'", "'distribute'"), shows="true, but not by this rule", **kept(1, 7 / 8, 7 / 8, 0)),
    chain("claims it all at once", (STEPS, 'Z[l, i], (W[l, i], "regroup"))'), shows="true, but not by this rule", **kept(1, 0, 0, 0)),
    chain("names nothing", (WITNESS_O, ""), (WITNESS_SMALL_O, ""), shows="O is not defined yet", **kept(0, 3 / 8, 0, 0)),
    chain("forgets the last line", (", (W[l, i], 'definition W')", ""), shows="the chain does not yet end", **kept(1, 7 / 8, 0, 0)),
    chain("puts two rules into a reason", ("'definition Y'", "'definition Y and distribute'"), shows="names two rules, and a line has one", **kept(1, 7 / 8, 7 / 8, 0)),
    chain("takes a hint", ("return P", "P.hint()\n    return P"), shows="There was a hint in this proof, P.hint(): 10% less.", **kept(0.9, 0.9, 0.9, 0.9)),
    chain("with a swap of its own", ("(terms + o[l], 'definition o'),", '(terms + o[l], "definition o"), (S[m:M, k:K, u:p, w:r](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u] * H[k, l, w]) + o[l], "swap"),')),
]  # fmt: skip

theorem, own_theorem, S, me = GIVEN["theorem"], GIVEN["own_theorem"], GIVEN["S"], GIVEN["me"]


@wrong(
    "composition_proof", loses=PARTS, shows="the theorem of another name; that of 'Ada Lovelace' is own-2-"
)
def proves_the_theorem_of_a_friend():
    P = theorem(own_theorem("Grace Hopper"))
    X, G, g, F, b, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, n, ny = P.symbols()
    kernel = S[k:K, u:p, w:r, u + 3 * (w - 1) == t](G[m, k, u] * F[k, l, w])
    P.witness(O[m, l, t], kernel)
    P.witness(o[l], b[l] + S[k:K, w:r](g[k] * F[k, l, w]))
    inner = S[m:M, u:p](X[m, 3 * (i + w - 2) + u] * G[m, k, u])
    terms = S[k:K, w:r, m:M, u:p](X[m, 3 * (i + w - 2) + u] * G[m, k, u] * F[k, l, w])
    ordered = S[m:M, t : p + 3 * (r - 1), k:K, u:p, w:r, u + 3 * (w - 1) == t]
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * F[k, l, w]) + b[l], "definition Z"),
        (S[k:K, w:r]((inner + g[k]) * F[k, l, w]) + b[l], "definition Y"),
        (terms + S[k:K, w:r](g[k] * F[k, l, w]) + b[l], "distribute"),
        (terms + o[l], "definition o"),
        (ordered(X[m, 3 * (i - 1) + t] * G[m, k, u] * F[k, l, w]) + o[l], "regroup"),
        (S[m:M, t : p + 3 * (r - 1)](X[m, 3 * (i - 1) + t] * kernel) + o[l], "factor"),
        (S[m:M, t : p + 3 * (r - 1)](X[m, 3 * (i - 1) + t] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@wrong("composition_proof", loses=PARTS, shows="this is a proof of conv-conv-2d, another theorem")
def proves_the_plain_composition():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    both = S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w])
    P.witness(O[m, l, t], both)
    P.witness(o[l], S[k:K, w:r](b[k] * G[k, l, w]) + g[l])
    inner = S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u])
    terms = S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w])
    ordered = S[m:M, t : p + r - 1, k:K, u:p, w:r, u + w - 1 == t]
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
        (S[k:K, w:r]((inner + b[k]) * G[k, l, w]) + g[l], "definition Y"),
        (terms + S[k:K, w:r](b[k] * G[k, l, w]) + g[l], "distribute"),
        (terms + o[l], "definition o"),
        (ordered(X[m, i + t - 1] * F[m, k, u] * G[k, l, w]) + o[l], "regroup"),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * both) + o[l], "factor"),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@wrong("composition_proof", loses=PARTS, shows=", another theorem; that of 'Ada Lovelace' is own-2-")
def proves_her_own_of_a_lower_level():
    P = theorem(own_theorem(me, level=1))
    P.calc(...)
    return P


@wrong("composition_proof", loses=PARTS, shows="nonconv.prover")
def asks_the_instructors_prover():
    from nonconv.proofs import resume
    from nonconv.proofs.certificate import proof_to_json
    from nonconv.prover import prove

    return resume(proof_to_json(prove(theorem(own_theorem(me)).statement)))
