# %% gap-card [markdown]
# ## {number} · Fill the gap
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write the decisive line | 15 | ●●●○○ | exercises {exercise:order} and {exercise:reasons} |
#
# Again one channel. One line is missing, the one where the terms are counted by $t = u + w - 1$. Set `gap` to the pair `(line, "reason")`. The line below it must follow from yours by "factor" alone: so use its sums, with its condition.

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
