# %% plane-card [markdown]
# ## {number} · In two dimensions
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | see that nothing changes | 10 | ●●○○○ | exercise {exercise:composition} |
#
# In `theorem("conv-conv-2d")` each of `i, u, w, t` stands for a row *and* a column index, and `p, r` for two sizes. You write the same chain; the checker proves it in one, two and three dimensions, and the table shows the seminar's formula with two indices.

# %% plane role="answer"
def plane_proof():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    ### BEGIN SOLUTION Write the witnesses and the chain of exercise {exercise:composition} here once more.
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
