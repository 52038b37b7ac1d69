# %% reasons-card [markdown]
# ## {number} · Name the reasons
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | say why each line follows | 10 | ●●○○○ | exercise {exercise:order} |
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
