# %% reasons-card [markdown]
# ## {number} · Name the reasons
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | say why each line follows | 10 | ●●○○○ | exercise {exercise:order} |
#
# A column filter, then a row filter, as in Sobel's: is that one filter in two dimensions? The lines are given and right. Return `with_reasons(…)` with the six reasons, six texts separated by commas.

# %% reasons-statement
print(statement_text("column-row"))


# %% reasons-given role="locked"
def with_reasons(*reasons):
    """The proof with these reasons, one for each line after the first."""
    P = theorem("column-row")
    X, F, G, Y, Z, O, W, i, j, u, v, p, q = P.symbols()
    P.witness(O[u, v], F[u] * G[v])
    lines = [
        Z[i, j],
        S[v:q](Y[i, j + v - 1] * G[v]),
        S[v:q](S[u:p](X[i + u - 1, j + v - 1] * F[u]) * G[v]),
        S[v:q](S[u:p](X[i + u - 1, j + v - 1] * F[u] * G[v])),
        S[u:p](S[v:q](X[i + u - 1, j + v - 1] * F[u] * G[v])),
        S[u:p, v:q](X[i + u - 1, j + v - 1] * O[u, v]),
        W[i, j],
    ]
    P.reasons(lines, reasons)
    return P


# %% reasons role="answer"
def reasoned_proof():
    ### BEGIN SOLUTION Return with_reasons("…", "…", …) with the six reasons.
    return with_reasons("definition Z", "definition Y", "distribute", "swap", "definition O", "definition W")
    ### END SOLUTION
