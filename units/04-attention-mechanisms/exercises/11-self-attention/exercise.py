# %% self-card [markdown]
# ## {number} · Self-attention of a 4×4 map, in matrix form
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | every place looks at every place | 25 | ●●●○○ | lecture, section {section:self} |
#
# Write the $n = HW$ places of a map as the rows of a matrix $P$ of shape $n\times C$, row by row of the image. Then
# $$Q = PW^Q, \quad K = PW^K, \quad V = PW^V, \qquad A = \mathrm{softmax}\!\left(\frac{QK^T}{\sqrt{d}}\right), \qquad Y = AV ,$$
# where the softmax goes along each row, so that **each row of $A$ has the sum 1**, and $d$ is the number of columns of $Q$.
# Write `self_attention(X, WQ, WK, WV)` for an `X` of shape `(C, H, W)`. It returns `(A, Y)`.
#
# - `WQ`, `WK`: `(C, d)`; `WV`: `(C, M)`. `A`: `(n, n)`; `Y` as maps again: `(M, H, W)`.
# - For a 4×4 map, $A$ is 16×16: row $i$ says where place $i$ looks.
# - $Q$, $K$, $V$ may be made by matrix products or by 1×1 convolutions, and `softmax` may be called. What may not is a ready attention: `scaled_dot_product_attention`, `MultiheadAttention`, those of `nonconv.layers`.

# %% self-predict [markdown]
# **Predict first.** All places of $X$ are alike. What is $A$?
#
# <details><summary>Answer</summary>
#
# All scores are equal, so each weight is $1/n$: every place sees the mean of all.
#
# </details>

# %% self role="answer"
def self_attention(X, WQ, WK, WV):
    ### BEGIN SOLUTION Make P of shape (H·W, C), then Q, K, V, A and AV; return (A, Y) with Y of shape (M, H, W).
    C, H, W = X.shape
    P = X.reshape(C, H * W).T
    Q, K, V = P @ WQ, P @ WK, P @ WV
    A = torch.softmax(Q @ K.T / WQ.shape[1] ** 0.5, dim=1)
    return A, (A @ V).T.reshape(-1, H, W)
    ### END SOLUTION


# %% self-hints [markdown]
# <details><summary>Hint 1: the places as rows</summary>
#
# `X.reshape(C, H * W)` has the maps as rows. The places must be the rows: transpose it. Reshaping straight to `(H * W, C)` would mix the numbers up.
#
# </details>
# <details><summary>Hint 2: which softmax</summary>
#
# Row $i$ of $QK^T$ holds the scores of place $i$ with all others. A softmax with `dim=1` makes each row sum to 1.
#
# </details>
# <details><summary>Hint 3: back to maps</summary>
#
# `A @ V` has shape `(n, M)`. Transpose it, then reshape to `(M, H, W)`.
#
# </details>

# %% self-shown [markdown]
# **What you have shown.** One matrix $A$ of weights, made from the input itself. If $A$ did not depend on $X$, this would be a fully connected layer over the places; if each row were the one above, shifted, a convolution. Unit 7 goes on from here.
#
# **Bonus.** Shuffle the places of $X$ in any way. What happens to $Y$?
