# %% places-card [markdown]
# ## {number} · All places at once
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the same layer without a loop over pixels | 25 | ●●●○○ | exercise {exercise:loops}'s text; `einsum` |
#
# A loop over pixels in Python is thousands of times slower than it need be. Write `convolve_all(X, F)`, with stride 1, no frame and no bias: `X` of shape `(M, H, W)`, `F` of shape `(K, M, p, q)`, the output `(K, H', W')`, all of one dtype.
#
# Loops over the taps $(u, v)$ and over the maps are allowed, a loop over the places $(i, j)$ is not. The check counts the steps, that is the lines that run and the calls of the framework: **at most 500** for an image of 24×24. No convolution may be called.
#
# By hand: of the row $(1, 2, 3, 4)$ and the kernel $(10, 1)$ *the first tap sees* $(1, 2, 3)$ at the three places, the second sees $(2, 3, 4)$. So the output is $10\cdot(1, 2, 3) + (2, 3, 4) = (12, 23, 34)$.

# %% places-predict [markdown]
# **Predict first.** For a 3×3 kernel on one map of 100×100, how many turns has a loop over places, and how many one over taps?
#
# <details><summary>Answer</summary>
#
# 98·98 = 9604 and 9. Either way the multiplications are the same 86,436; but in the second each turn does 9604 of them at once, in compiled code.
#
# </details>

# %% places role="answer"
def convolve_all(X, F):
    ### BEGIN SOLUTION Return the output of shape (K, H', W') without a loop over its places: what does one tap see, at all places?
    K, _, p, q = F.shape
    rows, columns = X.shape[1] - p + 1, X.shape[2] - q + 1
    Y = torch.zeros(K, rows, columns, dtype=X.dtype)
    for u in range(p):
        for v in range(q):
            Y += torch.einsum("km,mij->kij", F[:, :, u, v], X[:, u : u + rows, v : v + columns])
    return Y
    ### END SOLUTION


# %% places-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Turn the loops inside out: fix a tap $(u, v)$. What it sees at all places together is a part of $X$, as large as the output.
#
# </details>
# <details><summary>Hint 2: the sum over the maps</summary>
#
# For one tap, $F_{uv}$ is a $K\times M$ matrix, and it is multiplied to the maps at every place: `einsum` with the letters k, m, i, j.
#
# </details>
# <details><summary>Hint 3: another way</summary>
#
# `X.unfold(1, p, 1).unfold(2, q, 1)` has the shape `(M, H', W', p, q)`: all windows at once, without a copy.
#
# </details>
