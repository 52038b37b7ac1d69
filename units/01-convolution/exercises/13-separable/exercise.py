# %% separable-card [markdown]
# ## {number} · Is it separable?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | take a kernel apart into depthwise and 1×1, if that is possible | 30 | ●●●○○ | lecture, section {section:groups} |
#
# A depthwise separable convolution is one convolution whose kernel is a product, $F^{mk}_{uv} = D^m_{uv}P^{mk}$. Most kernels are none. Write `separate(F)`: for a kernel `F` of shape `(K, M, p, q)` it returns a pair `(D, P)` of shapes `(M, p, q)` and `(K, M)` with that product, or `None` if there is no such pair.
#
# - Any such pair is right: $2D$ and $P/2$ do as well.
# - Its numbers are floats: a product that is $F$ but for rounding is $F$. `F` may have zeros anywhere; anything but a ready answer may be called.
#
# By hand: $M = 1$, $K = 2$, kernels of one row. $(2, 4)$ and $(3, 6)$ are multiples of $D = (1, 2)$, with $P = (2, 3)$. For $(2, 4)$ and $(3, 5)$ there is none.

# %% separable-predict [markdown]
# **Predict first.** Which layers with a 3×3 kernel are separable whatever their numbers: those with $K = 1$, or those with $M = 1$?
#
# <details><summary>Answer</summary>
#
# $K = 1$: with a single output each input map has a single sheet, take it as $D^m$ and let $P = 1$. With $M = 1$ and several outputs, the sheets need not be multiples of one another. And every 1×1 kernel is separable.
#
# </details>

# %% separable role="answer"
def separate(F):
    ### BEGIN SOLUTION Return (D, P) with F[k, m] = P[k, m] · D[m], or None if for some input map the sheets are no multiples of one.
    K, M, p, q = F.shape
    sheets = F.transpose(0, 1).reshape(M, K, p * q)  # for each input map: a row for each output
    U, S, V = torch.linalg.svd(sheets, full_matrices=False)
    D, P = V[:, 0], U[:, :, 0] * S[:, :1]  # the nearest product of a column and a row
    nearest = P[:, :, None] * D[:, None]
    if not ((nearest - sheets).abs() <= 1e-5 * S[:, :1, None]).all():
        return None
    return D.reshape(M, p, q), P.T
    ### END SOLUTION


# %% separable-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Look at one input map $m$ at a time. Its sheets $F^{m1}, F^{m2}, \dots$, one for each output, must all be multiples of one and the same sheet. Which one could that be?
#
# </details>
# <details><summary>Hint 2: a safe sheet</summary>
#
# Take the sheet with the largest number in it, if that is not 0. $P^{mk}$ is then the ratio of two numbers at one place: where is it safe to divide? At the end compare the product with $F$.
#
# </details>
# <details><summary>Hint 3: another way</summary>
#
# Write the sheets of one input map as the rows of a $K\times pq$ matrix. They are multiples of one row if the matrix has rank 1 (or 0). `torch.linalg.svd` gives the nearest such product.
#
# </details>

# %% separable-shown [markdown]
# **What it is worth.** If it works, $Mpq + MK$ numbers do the work of $MKpq$. A trained kernel is never exactly separable; how far off it is, is a question for the singular values.
