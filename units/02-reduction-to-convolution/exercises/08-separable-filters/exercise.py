# %% filters-card [markdown]
# ## {number} · Which filters are a column after a row?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | take a kernel apart into two smaller ones | 20 | ●●●○○ | exercise {exercise:composition} |
#
# By exercise {exercise:composition}, a p×1 convolution after a 1×q convolution has the kernel $O_{uv} = c_u\, r_v$. That costs $p + q$ multiplications instead of $pq$.
# Write `separate(F)`. For a kernel `F` of shape `(p, q)` it returns `(column, row)`, of shapes `(p,)` and `(q,)`, with
# $F_{uv} = c_u\, r_v$, or `None` if there is no such pair. (Any such pair is accepted: $2c$ and $r/2$ will do as well as $c$ and $r$.)
#
# - `F` may have zeros anywhere, one row or one column. A kernel of zeros is a column of zeros times any row.
# - Its numbers are floats: a product that is $F$ but for rounding is $F$. Anything may be called.
#
# By hand: the Sobel filter
# $\begin{bmatrix} 1 & 2 & 1 \\ 0 & 0 & 0 \\ -1 & -2 & -1 \end{bmatrix}$ is the column $(1, 0, -1)$ times the row $(1, 2, 1)$.

# %% filters-predict [markdown]
# **Predict first.** Which of these can be taken apart?
# $$\text{blur } \frac1{16}\begin{bmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{bmatrix} \quad
# \text{sharpen } \begin{bmatrix} 0 & -1 & 0 \\ -1 & 5 & -1 \\ 0 & -1 & 0 \end{bmatrix} \quad
# \text{outline } \begin{bmatrix} -1 & -1 & -1 \\ -1 & 8 & -1 \\ -1 & -1 & -1 \end{bmatrix}$$
#
# <details><summary>Answer</summary>
#
# Only blur. In sharpen and outline the rows are not multiples of one row.
#
# </details>

# %% filters role="answer"
def separate(F):
    ### BEGIN SOLUTION Find a column and a row whose product is F, or return None if the rows of F are no multiples of one row.
    U, S, V = torch.linalg.svd(F)
    column, row = U[:, 0] * S[0], V[0]  # the nearest pair there is
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None
    ### END SOLUTION


# %% filters-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# If $F = c\,r^{\mathsf T}$, every row of $F$ is a multiple of $r$. So take some row of $F$ as $r$. Which one is safe?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# With a row $i$ and a column $j$ where $F_{ij} \ne 0$ (is there one?): $r = F_{i\cdot}$ and $c = F_{\cdot j} / F_{ij}$. Then compare $c\,r^{\mathsf T}$ with $F$.
#
# </details>
# <details><summary>Hint 3: another way</summary>
#
# The singular value decomposition, `torch.linalg.svd`, gives the nearest such pair: the first column of $U$ times the first singular value, and the first row of $V$. Compare its product with $F$.
#
# </details>
