# %% order-card [markdown]
# ## {number} · Put the lines in order
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
