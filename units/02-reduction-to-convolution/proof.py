# %% title [markdown]
# # Exercises 2b · The proof
#
# A program that agrees on some tensors proves nothing. Here you write the chain of equalities as on paper, and a small checker reads every line: is it true **for all** sizes,
# over any numbers that can be added and multiplied? A wrong line is answered with a small counterexample.
#
# Points are given for each part that is right, so hand in what you have.

# %% setup
from nonconv.checks import check, todo
from nonconv.proofs import S, counterexample, statement_text, theorem

# %% language [markdown]
# ## The language
#
# | on paper | here |
# |---|---|
# | $X^m_{i+u-1}$ | `X[m, i+u-1]` |
# | $\sum_{m=1}^{M}\sum_{u=1}^{p} \dots$ | `S[m:M, u:p](…)` |
# | $\sum_{u+w-1=t} \dots$ with $u \le p$, $w \le r$ | `S[u:p, w:r, u+w-1 == t](…)` |
#
# A chain is a start and then pairs `(line, "reason")`. The reasons:
#
# | reason | what it allows |
# |---|---|
# | `"definition Y"` | put in what Y is defined as, or put Y back in |
# | `"distribute"` | multiply out, split $\sum(a + b)$, or take a factor out (`"factor"` is the same) |
# | `"swap"` | change the order of the indices of a sum |
# | `"regroup"` | count the same terms by another index; this includes `"swap"`, `"one point"` (an index that is tied to others drops out) and `"range"` (the same range, written another way), which the messages name |
# | `"arithmetic"` | order and brackets of $+$ and $\cdot$ (not of $\sum$), and index arithmetic; free in every step |
#
# One rule a line, and one definition. `P.symbols()` hands out all names of the statement; names of your own for indices are made by `P.positions("a c")` and, for channels, `P.channels("n")`.
#
# Here is a small proof, whole. Run it: the table shows each line with its reason and its verdict. Then change an index, run it again, and read the counterexample.

# %% example
P = theorem("conv1x1-conv1x1")
X, F, G, b, g, Y, Z, O, o, W, i, k, l, m, K, L, M = P.symbols()
P.witness(O[m, l], S[k:K](F[m, k, 1] * G[k, l, 1]))
P.witness(o[l], g[l] + S[k:K](b[k] * G[k, l, 1]))
P.calc(
    Z[l, i],
    (S[k:K](Y[k, i] * G[k, l, 1]) + g[l], "definition Z"),
    (S[k:K]((S[m:M](X[m, i] * F[m, k, 1]) + b[k]) * G[k, l, 1]) + g[l], "definition Y"),
    (S[k:K, m:M](X[m, i] * F[m, k, 1] * G[k, l, 1]) + S[k:K](b[k] * G[k, l, 1]) + g[l], "distribute"),
    (S[k:K, m:M](X[m, i] * F[m, k, 1] * G[k, l, 1]) + o[l], "definition o"),
    (S[m:M, k:K](X[m, i] * F[m, k, 1] * G[k, l, 1]) + o[l], "swap"),
    (S[m:M](X[m, i] * S[k:K](F[m, k, 1] * G[k, l, 1])) + o[l], "factor"),
    (S[m:M](X[m, i] * O[m, l]) + o[l], "definition O"),
    (W[l, i], "definition W"),
)
P.show()

# %% order-card [markdown]
# ## 1 · Put the lines in order
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | find the thread of the proof | 10 | ●○○○○ | the example above |
#
# One channel, one dimension, no biases. The lines of the proof are all there, each with its reason, but shuffled. Return `in_order(…)` with the letters in order, separated by spaces.

# %% order-statement
print(statement_text("conv-conv-one-channel"))


# %% order-given role="locked"
def in_order(letters):
    """The proof with these lines, for example in_order("A B C")."""
    P = theorem("conv-conv-one-channel")
    X, F, G, Y, Z, O, W, i, t, u, w, p, r = P.symbols()
    P.witness(O[t], S[u:p, w:r, u + w - 1 == t](F[u] * G[w]))
    lines = {
        "A": (S[t : p + r - 1](X[i + t - 1] * S[u:p, w:r, u + w - 1 == t](F[u] * G[w])), "factor"),
        "B": (S[w:r](S[u:p](X[i + u + w - 2] * F[u]) * G[w]), "definition Y"),
        "C": (W[i], "definition W"),
        "D": (S[t : p + r - 1, u:p, w:r, u + w - 1 == t](X[i + t - 1] * F[u] * G[w]), "regroup"),
        "E": (S[w:r](Y[i + w - 1] * G[w]), "definition Z"),
        "F": (S[t : p + r - 1](X[i + t - 1] * O[t]), "definition O"),
        "G": (S[w:r, u:p](X[i + u + w - 2] * F[u] * G[w]), "distribute"),
    }
    P.order(Z[i], lines, letters)
    return P


# %% order role="answer"
def ordered_proof():
    ### BEGIN SOLUTION Return in_order("…") with the seven letters in the right order, the first line after Z[i] first.
    return in_order("E B G D A F C")
    ### END SOLUTION


# %% proof-order role="check"
check("proof-order", ordered_proof)

# %% order-hints [markdown]
# <details><summary>Hint 1</summary>
#
# The chain starts at `Z[i]`. The only thing one can do with it is to put in its definition. And where must the chain end?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Run the check with the first letter only: it says whether that line is right.
#
# </details>

# %% reasons-card [markdown]
# ## 2 · Name the reasons
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | say why each line follows | 10 | ●●○○○ | exercise 1 |
#
# A convolution, then batch norm in use, with biases. The lines are given and right. Return `with_reasons(…)` with the six reasons, six texts separated by commas.

# %% reasons-statement
print(statement_text("conv-batch-norm"))


# %% reasons-given role="locked"
def with_reasons(*reasons):
    """The proof with these reasons, one for each line after the first."""
    P = theorem("conv-batch-norm")
    X, F, G, b, g, Y, Z, O, o, W, i, u, k, m, K, M, p = P.symbols()
    P.witness(O[m, k, u], G[k] * F[m, k, u])
    P.witness(o[k], G[k] * b[k] + g[k])
    lines = [
        Z[k, i],
        G[k] * Y[k, i] + g[k],
        G[k] * (S[m:M, u:p](X[m, i + u - 1] * F[m, k, u]) + b[k]) + g[k],
        S[m:M, u:p](X[m, i + u - 1] * (G[k] * F[m, k, u])) + G[k] * b[k] + g[k],
        S[m:M, u:p](X[m, i + u - 1] * O[m, k, u]) + G[k] * b[k] + g[k],
        S[m:M, u:p](X[m, i + u - 1] * O[m, k, u]) + o[k],
        W[k, i],
    ]
    P.reasons(lines, reasons)
    return P


# %% reasons role="answer"
def reasoned_proof():
    ### BEGIN SOLUTION Return with_reasons("…", "…", …) with the six reasons.
    return with_reasons(
        "definition Z", "definition Y", "distribute", "definition O", "definition o", "definition W"
    )
    ### END SOLUTION


# %% proof-reasons role="check"
check("proof-reasons", reasoned_proof)

# %% gap-card [markdown]
# ## 3 · Fill the gap
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write the decisive line | 15 | ●●●○○ | exercises 1 and 2 |
#
# Again one channel. One line is missing, the one where the terms are counted by $t = u + w - 1$. Set `gap` to the pair `(line, "reason")`. The line below it must follow from yours by "factor" alone: so use its sums, in its order, with its condition.


# %% gap role="answer"
def proof_with_a_gap():
    P = theorem("conv-conv-one-channel")
    X, F, G, Y, Z, O, W, i, t, u, w, p, r = P.symbols()
    P.witness(O[t], S[u:p, w:r, u + w - 1 == t](F[u] * G[w]))
    ### BEGIN SOLUTION Set gap = (line, "reason"): the sum over t, u and w with the condition that ties them.
    gap = (S[t : p + r - 1, u:p, w:r, u + w - 1 == t](X[i + t - 1] * F[u] * G[w]), "regroup")
    ### END SOLUTION
    P.calc(
        Z[i],
        (S[w:r](Y[i + w - 1] * G[w]), "definition Z"),
        (S[w:r](S[u:p](X[i + u + w - 2] * F[u]) * G[w]), "definition Y"),
        (S[w:r, u:p](X[i + u + w - 2] * F[u] * G[w]), "distribute"),
        gap,
        (S[t : p + r - 1](X[i + t - 1] * S[u:p, w:r, u + w - 1 == t](F[u] * G[w])), "factor"),
        (S[t : p + r - 1](X[i + t - 1] * O[t]), "definition O"),
        (W[i], "definition W"),
    )
    return P


# %% proof-gap role="check"
check("proof-gap", proof_with_a_gap)

# %% gap-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# The line before sums over all pairs $(w, u)$. Sort them by $t = u + w - 1$. Which $t$ occur?
#
# </details>
# <details><summary>Hint 2: the skeleton</summary>
#
# `S[t:?, u:p, w:r, ?](X[?]*F[u]*G[w])`, and the reason is `"regroup"`.
#
# </details>

# %% chain-card [markdown]
# ## 4 · The theorem, whole
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | name $O$ and $o$, and write the whole chain, for $M$, $K$ and $L$ channels with biases | 45 | ●●●●○ | exercises 1 to 3 |
#
# First name the kernel and the bias of the composition: `P.witness(O[m, l, t], …)` and `P.witness(o[l], …)`. They may use `F`, `G`, `b`, `g` only. Then write the chain from `Z[l, i]` to `W[l, i]`.
#
# Four cells give points: for $O$ and $o$, for the lines that are proved from the start, for those that lead to the end, and for the end. While you work, leave lines out or write `...` for a line that you do not know yet.

# %% chain-statement
print(statement_text("conv-conv"))


# %% chain role="answer"
def composition_proof():
    P = theorem("conv-conv")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    ### BEGIN SOLUTION Call P.witness for O[m, l, t] and o[l], then P.calc(Z[l, i], (line, "reason"), …), ending in W[l, i].
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    bias = S[k:K, w:r](b[k] * G[k, l, w])
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
        (
            S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l],
            "definition Y",
        ),
        (S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + bias + g[l], "distribute"),
        (S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + o[l], "definition o"),
        (
            S[m:M, t : p + r - 1, k:K, u:p, w:r, u + w - 1 == t](X[m, i + t - 1] * F[m, k, u] * G[k, l, w])
            + o[l],
            "regroup",
        ),
        (
            S[m:M, t : p + r - 1](X[m, i + t - 1] * S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
            + o[l],
            "factor",
        ),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    ### END SOLUTION
    return P


# %% proof-chain-witness role="check"
check("proof-chain-witness", composition_proof)

# %% proof-chain-prefix role="check"
check("proof-chain-prefix", composition_proof)

# %% proof-chain-suffix role="check"
check("proof-chain-suffix", composition_proof)

# %% proof-chain-end role="check"
check("proof-chain-end", composition_proof)

# %% chain-hints [markdown]
# <details><summary>Hint 1: O and o</summary>
#
# $O$ is the kernel of exercise 3 with the channels: which index is summed away? $o$ is what is left of $Z$ when $X = 0$.
#
# </details>
# <details><summary>Hint 2: the order of the steps</summary>
#
# definition Z, definition Y, distribute, definition o, regroup, factor, definition O, definition W.
#
# </details>
# <details><summary>Hint 3: after "distribute"</summary>
#
# Three terms: a sum over `k, w, m, u` with `X[m, i+u+w-2]`, a sum over `k, w` with `b[k]`, and `g[l]`. The last two are `o[l]`.
#
# </details>

# %% plane-card [markdown]
# ## 5 · In two dimensions
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | see that nothing changes | 10 | ●●○○○ | exercise 4 |
#
# In `theorem("conv-conv-2d")` each of `i, u, w, t` stands for a row *and* a column index, and `p, r` for two sizes. You write the same chain; the checker proves it in one, two and three dimensions, and the table shows the seminar's formula with two indices.


# %% plane role="answer"
def plane_proof():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    ### BEGIN SOLUTION Write the witnesses and the chain of exercise 4 here once more.
    both = S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w])
    P.witness(O[m, l, t], both)
    P.witness(o[l], S[k:K, w:r](b[k] * G[k, l, w]) + g[l])
    term = X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
        (
            S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l],
            "definition Y",
        ),
        (S[k:K, w:r, m:M, u:p](term) + S[k:K, w:r](b[k] * G[k, l, w]) + g[l], "distribute"),
        (S[k:K, w:r, m:M, u:p](term) + o[l], "definition o"),
        (
            S[m:M, t : p + r - 1, k:K, u:p, w:r, u + w - 1 == t](X[m, i + t - 1] * F[m, k, u] * G[k, l, w])
            + o[l],
            "regroup",
        ),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * both) + o[l], "factor"),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    ### END SOLUTION
    return P


# %% proof-plane role="check"
check("proof-plane", plane_proof)

# %% refute-card [markdown]
# ## 6 · What is no convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | refute four statements with exact numbers | 20 | ●●●○○ | lecture, sections 6 and 7 |
#
# To refute "… is a convolution" one example is enough, in whole numbers or fractions (`"1/3"`), without rounding. Return `counterexample(statement, …)` for each of the four statements; places count from 1.
#
# | statement | needs |
# |---|---|
# | `"max-pool-not-affine"` | `x`, `v`: lists of one length, `p`: the window, with $f(x+v) - f(x) - f(v) + f(0) \ne 0$ |
# | `"relu-between-not-affine"` | kernels `F`, `G` and lists `x`, `v`, for $f$ = G after ReLU after F |
# | `"same-same-not-conv"` | `F`, `G` of odd length, `n`, and a place `i`, `j` with $A_{ij} \ne A_{i+1,j+1}$ |
# | `"batch-norm-training"` | a number `x`, the `others` of its batch, and `others_changed`, as many; `eps` |


# %% refute role="answer"
def refutation(statement):
    ### BEGIN SOLUTION For each of the four statements return counterexample(statement, …) with your numbers.
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[1, 0], v=[0, 1], p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[1], G=[1], x=[1], v=[-1])
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[1, 1, 1], G=[1, 1, 1], n=3, i=1, j=1)
    return counterexample(statement, x=1, others=[0], others_changed=[3], eps="1/100000")
    ### END SOLUTION


# %% refute-max-pooling role="check"
check("refute-max-pooling", refutation)

# %% refute-relu role="check"
check("refute-relu", refutation)

# %% refute-same role="check"
check("refute-same", refutation)

# %% refute-training role="check"
check("refute-training", refutation)

# %% strides-card [markdown]
# ## Bonus · With strides
#
# `theorem("conv-conv-strided")`: the first convolution has stride `s`, the second stride `e`. What are $O$ and $o$ now, and up to which $t$? Prove it. (No points; the checker answers all the same.)

# %% strides-statement
print(statement_text("conv-conv-strided"))

# %% strides-try
P = theorem("conv-conv-strided")
P.symbols()
# your turn: P.witness(…), P.calc(…), P.show()
