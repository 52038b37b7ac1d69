# %% plane-card [markdown]
# ## {number} · Two convolutions, the whole chain
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | name $O$ and $o$, and write a whole chain, for $M$, $K$ and $L$ channels with biases | 40 | ●●●○○ | exercises {exercise:order} to {exercise:gap} |
#
# First name the kernel and the bias of the composition: `P.witness(O[m, l, t], …)` and `P.witness(o[l], …)`. They may use `F`, `G`, `b`, `g` only. Then write the chain from `Z[l, i]` to `W[l, i]`.
#
# In `theorem("conv-conv-2d")` each of `i, u, w, t` stands for a row *and* a column index, and `p, r` for two sizes. You write the chain as if there were one; the checker proves it in one, two and three dimensions, and the table shows the seminar's formula with two indices.

# %% plane-statement
print(statement_text("conv-conv-2d"))


# %% plane role="answer"
def plane_proof():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    ### BEGIN SOLUTION Call P.witness for O[m, l, t] and o[l], then P.calc(Z[l, i], (line, "reason"), …), ending in W[l, i].
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


# %% plane-hints [markdown]
# <details><summary>Hint 1: O and o</summary>
#
# $O$ is the kernel of exercise {exercise:gap} with the channels: which index is summed away? $o$ is what is left of $Z$ when $X = 0$.
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
