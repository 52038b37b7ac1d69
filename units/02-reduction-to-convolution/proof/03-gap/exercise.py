# %% gap-card [markdown]
# ## {number} · Fill the gap
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write the decisive line, for three convolutions | 15 | ●●●○○ | exercises {exercise:order} and {exercise:reasons} |
#
# Still one channel, but now *three* convolutions follow each other, with the kernels $F$, $G$ and $H$. One line is missing, the one where the terms are counted by one index $t$. Set `gap` to the pair `(line, "reason")`. The line below it must follow from yours by "factor" alone: so use its sums, with its condition.

# %% gap-statement
print(statement_text("conv-conv-conv"))


# %% gap role="answer"
def proof_with_a_gap():
    P = theorem("conv-conv-conv")
    X, F, G, H, Y, Z, V, O, W, i, t, u, w, z, p, r, q = P.symbols()
    P.witness(O[t], S[u:p, w:r, z:q, u + w + z - 2 == t](F[u] * G[w] * H[z]))
    ### BEGIN SOLUTION Set gap = (line, "reason"): the sum over t, u, w and z with the condition that ties them.
    gap = (
        S[t : p + r + q - 2, u:p, w:r, z:q, u + w + z - 2 == t](X[i + t - 1] * F[u] * G[w] * H[z]),
        "regroup",
    )
    ### END SOLUTION
    P.calc(
        V[i],
        (S[z:q](Z[i + z - 1] * H[z]), "definition V"),
        (S[z:q](S[w:r](Y[i + w + z - 2] * G[w]) * H[z]), "definition Z"),
        (S[z:q](S[w:r](S[u:p](X[i + u + w + z - 3] * F[u]) * G[w]) * H[z]), "definition Y"),
        (S[z:q, w:r, u:p](X[i + u + w + z - 3] * F[u] * G[w] * H[z]), "distribute"),
        gap,
        (
            S[t : p + r + q - 2](X[i + t - 1] * S[u:p, w:r, z:q, u + w + z - 2 == t](F[u] * G[w] * H[z])),
            "factor",
        ),
        (S[t : p + r + q - 2](X[i + t - 1] * O[t]), "definition O"),
        (W[i], "definition W"),
    )
    return P


# %% gap-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# The line before sums over all triples $(z, w, u)$. Which number of $X$ does a triple read? Call that place $t$, and count the triples by it. Which $t$ occur?
#
# </details>
# <details><summary>Hint 2: the skeleton</summary>
#
# `S[t:?, u:p, w:r, z:q, ?](X[?]*F[u]*G[w]*H[z])`, and the reason is `"regroup"`.
#
# </details>
