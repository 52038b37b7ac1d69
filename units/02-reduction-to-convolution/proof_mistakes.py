"""What students write as proofs in unit 2: wrong lines, wrong reasons, wrong witnesses, and other right proofs."""

from ast import parse, unparse
from pathlib import Path

from nonconv.checks.attempts import Attempt, edited, right, wrong
from nonconv.publish.unit import code_of, source_of

TEXT = Path(__file__).with_name("proof.py")
GIVEN = code_of(TEXT, "setup", "order-given", "reasons-given")
in_order, with_reasons, counterexample = GIVEN["in_order"], GIVEN["with_reasons"], GIVEN["counterexample"]

# --------------------------------------------------------------------------------------------- ordered_proof()

ORDER = ["proof-order"]


@wrong("ordered_proof", shows="line 3", loses=ORDER)
def regroups_before_multiplying_out():
    return in_order("E B D G A F C")


@wrong("ordered_proof", shows="line 1", loses=ORDER)
def begins_with_the_second_definition():
    letters = ["B", "E", "G", "D", "A", "F", "C"]
    return in_order(letters)


@wrong("ordered_proof", shows="the chain does not yet end", loses=ORDER)
def stops_before_the_end():
    almost = "E B G D A F"
    return in_order(almost)


@wrong("ordered_proof", shows="there is no line H", loses=ORDER)
def names_a_line_that_is_not_there():
    return in_order("E B G D A F C" + " H")


@wrong("ordered_proof", shows="line E is used more than once", loses=ORDER)
def uses_a_line_twice():
    return in_order(" ".join("EEBGDAFC"))


@wrong("ordered_proof", shows="return the proof P", loses=ORDER)
def returns_the_letters():
    return "E B G D A F C"


@wrong("ordered_proof", shows="line 1", loses=ORDER)
def runs_backwards():
    return in_order(reversed("EBGDAFC"))


@right("ordered_proof")
def with_commas():
    return in_order("E, B, G, D, A, F, C")


@right("ordered_proof")
def as_a_list():
    return in_order(list("EBGDAFC"))


# -------------------------------------------------------------------------------------------- reasoned_proof()

REASONS = ["proof-reasons"]


@wrong("reasoned_proof", shows="line 3", loses=REASONS)
def calls_multiplying_out_a_swap():
    return with_reasons(
        "definition Z", "definition Y", "swap", "definition O", "definition o", "definition W"
    )


@wrong("reasoned_proof", shows="line 1", loses=REASONS)
def confuses_y_and_z():
    first, second = "definition Y", "definition Z"
    return with_reasons(first, second, "distribute", "definition O", "definition o", "definition W")


@wrong("reasoned_proof", shows="7 lines have 6 steps, but there are 5 reasons", loses=REASONS)
def forgets_a_reason():
    return with_reasons("definition Z", "definition Y", "distribute", "definition O", "definition W")


@wrong("reasoned_proof", shows="6 steps, but there are 1 reasons", loses=REASONS)
def gives_one_text():
    return with_reasons("definition Z, definition Y, distribute, definition O, definition o, definition W")


@wrong("reasoned_proof", shows="line 4", loses=REASONS)
def confuses_the_two_letters_o():
    reasons = ["definition Z", "definition Y", "distribute", "definition o", "definition O", "definition W"]
    return with_reasons(*reasons)


@wrong("reasoned_proof", shows="stopped with NotationError", loses=REASONS)
def invents_a_reason():
    return with_reasons(
        *["definition Z", "definition Y", "because", "definition O", "definition o", "definition W"]
    )


@wrong("reasoned_proof", shows="it returned None", loses=REASONS)
def forgets_the_return():
    with_reasons("definition Z", "definition Y", "distribute", "definition O", "definition o", "definition W")


@right("reasoned_proof")
def says_factor():
    return with_reasons(
        "definition Z", "definition Y", "factor", "definition O", "definition o", "definition W"
    )


@right("reasoned_proof")
def says_it_step_by_step():
    definitions = [f"definition {name}" for name in "ZYOoW"]
    return with_reasons(*definitions[:2], "distribute", *definitions[2:])


# ------------------------------------------------------------------------------------------ proof_with_a_gap()


def gap(called: str, *edits: tuple[str, str], **told) -> Attempt:
    return edited("proof_with_a_gap", source_of(TEXT, "gap"), GIVEN, called, *edits, **told)


LINE = "S[t:p + r - 1, u:p, w:r, u + w - 1 == t](X[i + t - 1] * F[u] * G[w])"
GAP = {"loses": ["proof-gap"]}
GAPS = [
    gap("ends at p + r - 2", (LINE, LINE.replace("t:p + r - 1", "t:p + r - 2")), shows="refuted", **GAP),
    gap("ties with u + w == t", (f"gap = ({LINE}", f"gap = ({LINE.replace('u + w - 1 == t', 'u + w == t')}"), shows="refuted", **GAP),
    gap("reads X at i + t", (f"gap = ({LINE}", f"gap = ({LINE.replace('i + t - 1', 'i + t')}"), shows="line 4", **GAP),
    gap("forgets the condition", (f"gap = ({LINE}", "gap = (S[t:p + r - 1, u:p, w:r](X[i + t - 1] * F[u] * G[w])"), shows="refuted", **GAP),
    gap("calls it a swap", ("'regroup')", "'swap')"), shows="true, but not by this rule", **GAP),
    gap("leaves it blank", (f"gap = ({LINE}, ", "gap = (..., "), shows="line 4", **GAP),
    gap("has no reason", (f"gap = ({LINE}, 'regroup')", f"gap = {LINE}"), shows="line 4 has no reason", **GAP),
    gap("sums over w only", (f"gap = ({LINE}", "gap = (S[t:p + r - 1, w:r](X[i + t - 1] * F[t - w + 1] * G[w])"), shows="line 4", **GAP),
    gap("writes the condition another way", (f"gap = ({LINE}, 'regroup')", 'gap = (S[t:p + r - 1, u:p, w:r, t - u == w - 1](G[w] * F[u] * X[t + i - 1]), "reindex")')),
    gap("in lines of its own", (f"gap = ({LINE}", "both = F[u] * G[w]\n    gap = (S[t:r + p - 1, u:p, w:r, u + w == t + 1](X[i + t - 1] * both)")),
]  # fmt: skip

# ----------------------------------------------------------------------------------------- composition_proof()


def chain(called: str, *edits: tuple[str, str], **told) -> Attempt:
    return edited("composition_proof", source_of(TEXT, "chain"), GIVEN, called, *edits, **told)


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
STEPS = unparse(parse(source_of(TEXT, "chain"))).split("P.calc(")[1].split("\n")[0]
SECOND = "(S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l]"
PROOFS = [
    chain("reads X at u + w - 1", (SECOND, SECOND.replace("u + w - 2", "u + w - 1")), shows="line 2: refuted", **kept(1, 1 / 9, 5 / 9, 0)),
    chain("names o = g", (WITNESS_SMALL_O, "P.witness(o[l], g[l])"), shows="line 4", **kept(1 / 2, 2 / 9, 0, 0)),
    chain("adds b once", (WITNESS_SMALL_O, "P.witness(o[l], g[l] + S[k:K](b[k] * G[k, l, 1]))"), shows="line 4", **kept(1 / 2, 2 / 9, 0, 0)),
    chain("lets b through", ("bias = S[k:K, w:r](b[k] * G[k, l, w])", "bias = S[k:K](b[k])"), shows="line 3: refuted", **kept(1, 2 / 9, 4 / 9, 0)),
    chain("makes O of size p", (WITNESS_O, "P.witness(O[m, l, t], S[k:K](F[m, k, t] * G[k, l, 1]))"), shows="O", **kept(1 / 2, 7 / 9, 0, 0)),
    chain("lets o depend on X", (WITNESS_SMALL_O, "P.witness(o[l], S[k:K](X[k, 1]))"), shows="o", **kept(1 / 2, 2 / 9, 0, 0)),
    chain("swaps the letters of F", (SECOND, SECOND.replace("F[m, k, u]", "F[k, m, u]")), shows="line 2", **kept(1, 1 / 9, 5 / 9, 0)),
    chain("calls regroup distribute", ("'regroup'", "'distribute'"), shows="true, but not by this rule", **kept(1, 3 / 9, 2 / 9, 0)),
    chain("claims it all at once", (STEPS, 'Z[l, i], (W[l, i], "regroup"))'), shows="true, but not by this rule", **kept(1, 0, 0, 0)),
    chain("names nothing", (WITNESS_O, ""), (WITNESS_SMALL_O, ""), shows="O is not defined yet", **kept(0, 2 / 9, 0, 0)),
    chain("forgets the last line", (", (W[l, i], 'definition W')", ""), shows="the chain does not yet end", **kept(1, 8 / 9, 0, 0)),
    chain("the triangular form", (WITNESS_O, "P.witness(O[m, l, t], S[k:K, w:r, t - w + 1 >= 1, t - w + 1 <= p](F[m, k, t - w + 1] * G[k, l, w]))"),
          ("* O[m, l, t]) + o[l], 'definition O')", '* S[k:K, w:r, t - w + 1 >= 1, t - w + 1 <= p](F[m, k, t - w + 1] * G[k, l, w])) + o[l], "regroup"), (S[m:M, t:p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O")')),
    chain("with a swap of its own", ("+ o[l], 'definition o'),", '+ o[l], "definition o"), (S[m:M, k:K, u:p, w:r](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + o[l], "swap"),')),
]  # fmt: skip

# ----------------------------------------------------------------------------------------------- plane_proof()


def plane(called: str, *edits: tuple[str, str], **told) -> Attempt:
    return edited("plane_proof", source_of(TEXT, "plane"), GIVEN, called, *edits, **told)


PLANE = {"loses": ["proof-plane"]}
PLANES = [
    plane("proves it on the line only", ("'conv-conv-2d'", "'conv-conv'"), shows="certificate for conv-conv, not for conv-conv-2d", **PLANE),
    plane("forgets g in o", ("(b[k] * G[k, l, w]) + g[l])", "(b[k] * G[k, l, w]))"), shows="line 4", **PLANE),
    plane("ends the sum at p", ("S[m:M, t:p + r - 1](", "S[m:M, t:p]("), shows="refuted", **PLANE),
    plane("multiplies the sizes", ("t:p + r - 1", "t:p * r"), shows="line 5", **PLANE),
    plane("jumps over the definition of Y", ("(S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], 'definition Z'), ", ""), shows="true, but not by this rule", **PLANE),
    plane("reads X at i + u + w - 1", ("i + u + w - 2", "i + u + w - 1"), shows="line 2", **PLANE),
    plane("ends with Z", ("(W[l, i], 'definition W')", "(Z[l, i], 'definition W')"), shows="line 8", **PLANE),
    plane("with another name for the kernel's sum", ("both", "kernel")),
    plane("with the factors in another order", ("term = X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]", "term = G[k, l, w] * F[m, k, u] * X[m, w + u + i - 2]")),
]  # fmt: skip

# ------------------------------------------------------------------------------------------ refutation(statement)

REFUTATIONS = ("refute-max-pooling", "refute-relu", "refute-same", "refute-training")


@wrong("refutation", shows="these x and v do not show it", loses=REFUTATIONS[:2])
def adds_it_to_itself_again(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[1, 2], v=[1, 2], p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[1], G=[1], x=[1], v=[1])
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[1, 1, 1], G=[1, 1, 1], n=3, i=1, j=1)
    return counterexample(statement, x=1, others=[0], others_changed=[3], eps="1/100000")


@wrong("refutation", shows="max-pool-not-affine", loses=REFUTATIONS[1:])
def answers_max_pooling_always(statement):
    return counterexample("max-pool-not-affine", x=[1, 0], v=[0, 1], p=2)


@wrong("refutation", shows="it returned None", loses=REFUTATIONS[1:])
def knows_only_the_first(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[1, 0], v=[0, 1], p=2)


@wrong("refutation", shows="return the proof P or the counterexample, not tuple", loses=REFUTATIONS)
def returns_the_numbers(statement):
    return [1, 0], [0, 1], 2


@wrong("refutation", shows="refute", loses=REFUTATIONS)
def uses_floats(statement):
    return {
        "max-pool-not-affine": counterexample("max-pool-not-affine", x=[0.5, 0.0], v=[0.0, 0.5], p=2),
        "relu-between-not-affine": counterexample("relu-between-not-affine", F=[0.5], G=[1], x=[1], v=[-1]),
        "same-same-not-conv": counterexample("same-same-not-conv", F=[0.5, 1, 1], G=[1, 1, 1], n=3, i=1, j=1),
        "batch-norm-training": counterexample(
            "batch-norm-training", x=1, others=[0], others_changed=[3], eps=1e-5
        ),
    }[statement]


@wrong("refutation", shows="refute-same", loses=["refute-same", "refute-training"])
def looks_in_the_middle_and_changes_nothing(statement):
    if statement.endswith("-not-affine"):
        numbers = {"p": 2} if statement.startswith("max") else {"F": [2], "G": [3]}
        return counterexample(statement, x=[1, 0], v=[-1, 1], **numbers)
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[1, 1, 1], G=[1, 1, 1], n=9, i=4, j=4)
    return counterexample(statement, x=1, others=[0], others_changed=[0], eps=1)


@right("refutation")
def from_a_table(statement):
    numbers = {
        "max-pool-not-affine": {"x": [1, 0, 0, 5], "v": [0, 2, 7, 0], "p": 2},
        "relu-between-not-affine": {"F": [1, -1], "G": [2], "x": [1, 0], "v": [0, 1]},
        "same-same-not-conv": {"F": [1, 0, 2], "G": [3, 0, 1], "n": 5, "i": 1, "j": 1},
        "batch-norm-training": {"x": "1/2", "others": [0, 1], "others_changed": [5, 7], "eps": "1/10"},
    }
    return counterexample(statement, **numbers[statement])


@right("refutation")
def with_negative_numbers(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[-1, -2], v=[-2, -1], p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[-1], G=[-1], x=[2], v=[-3])
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[-1, 1, -1], G=[1, -1, 1], n=4, i=3, j=3)
    return counterexample(statement, x=-1, others=[2], others_changed=[-2], eps=1)
