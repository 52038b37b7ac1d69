# %% chain-card [markdown]
# ## {number} · The theorem, whole
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | name $O$ and $o$, and write the whole chain, for $M$, $K$ and $L$ channels with biases | 45 | ●●●●○ | exercises {exercise:order} to {exercise:gap} |
#
# First name the kernel and the bias of the composition: `P.witness(O[m, l, t], …)` and `P.witness(o[l], …)`. They may use `F`, `G`, `b`, `g` only. Then write the chain from `Z[l, i]` to `W[l, i]`.
#
# Four cells give points: for $O$ and $o$, for the lines that follow from `Z[l, i]`, for those that lead to `W[l, i]`, and for a chain without a gap. Each line that is right earns its share, whatever stands beside it. While you work, leave lines out or write `...` for a line that you do not know yet.

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


# %% chain-hints [markdown]
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
