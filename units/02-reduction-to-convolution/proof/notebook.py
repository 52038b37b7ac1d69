# %% title [markdown]
# # Exercises 2b · The proof
#
# A program that agrees on some tensors proves nothing. Here you write the chain of equalities as on paper, and a small checker reads every line: is it true **for all** sizes,
# over any numbers that can be added and multiplied? A wrong line is answered with a small counterexample.
#
# Points are given for each part that is right, so hand in what you have.

# %% setup
from nonconv.checks import check, todo
from nonconv.proofs import I, S, counterexample, own_theorem, split, statement_text, theorem

# %% language [markdown]
# ## The language
#
# | on paper | here |
# |---|---|
# | $X^m_{i+u-1}$ | `X[m, i+u-1]` |
# | $\sum_{m=1}^{M}\sum_{u=1}^{p} \dots$ | `S[m:M, u:p](…)` |
# | $\sum_{u+w-1=t} \dots$ with $u \le p$, $w \le r$ | `S[u:p, w:r, u+w-1 == t](…)` |
# | 1 if $m = k$, otherwise 0 | `I[m == k]` |
#
# In one `S[…]` the ranges may stand in any order.
#
# A chain is `P.calc(left side, (line, "reason"), (line, "reason"), …)`. It may also go from the right side to the left. Call `P.calc` once: a second call replaces the first. The reasons:
#
# | reason | what it allows |
# |---|---|
# | `"definition Y"` | put in what Y is defined as, or put Y back in |
# | `"distribute"` | multiply out, split $\sum(a + b)$, or take a factor out (`"factor"` is the same) |
# | `"swap"` | exchange a sum with the sum inside it, `S[…](S[…](…))` |
# | `"regroup"` | count the same terms by another index; this includes `"swap"`, `"one point"` (an index that is tied to others drops out) and `"range"` (the same range, written another way), which the messages name |
# | `split(u <= 1)` | cut the range of a sum in two: the terms with $u \le 1$ and the others. Written without quotation marks |
# | `"arithmetic"` | order and brackets of $+$ and $\cdot$ (not of $\sum$), and index arithmetic; free in every step |
#
# In each statement $Z$ (with three layers $V$) is what the given layers give and $W$ what the one convolution with kernel $O$ and bias $o$ gives. `P.witness(O[…], …)` names $O$, and the chain leads from $Z$ to $W$.
#
# One rule a line. `P.symbols()` hands out all names of the statement; names of your own for indices are made by `P.positions("x y")` and, for channels, `P.channels("c")`.
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
    (S[m:M](X[m, i] * S[k:K](F[m, k, 1] * G[k, l, 1])) + o[l], "factor"),
    (S[m:M](X[m, i] * O[m, l]) + o[l], "definition O"),
    (W[l, i], "definition W"),
)
P.show()
