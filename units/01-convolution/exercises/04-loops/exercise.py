# %% loops-card [markdown]
# ## {number} · A convolution, from the formula
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write the layer that all the others come from | 20 | ●●○○○ | lecture, sections {section:sliding}, {section:maps} and {section:size} |
#
# The lecture has the formula for stride 1. Write `convolve(X, F, b, s)` with a stride `s`, the same for rows and columns: the window of output $(i, j)$ begins $s$ times as far down and to the right. There is no frame and no dilation.
#
# `X` has the shape `(M, H, W)`, `F` has `(K, M, p, q)`, `b` has `(K,)`. It returns the output, of shape `(K, H', W')`, in the dtype of `X`. Loops are fine here, as many as you like; no convolution may be called.
#
# By hand, with one map each, $b = 10$ and $s = 2$: the input $\begin{bmatrix} 1 & 2 & 3 \\ 3 & 4 & 5 \\ 1 & 0 & 2 \end{bmatrix}$ and the kernel $\begin{bmatrix} 0 & 1 \\ 1 & -1 \end{bmatrix}$ give the single number $1 + 10 = 11$.

# %% loops role="answer"
def convolve(X, F, b, s):
    ### BEGIN SOLUTION Return the output of shape (K, H', W'): for each output number, a scalar product and a bias.
    M, H, W = X.shape
    K, _, p, q = F.shape
    Y = torch.zeros(K, (H - p) // s + 1, (W - q) // s + 1, dtype=X.dtype)
    for k in range(K):
        for i in range(Y.shape[1]):
            for j in range(Y.shape[2]):
                window = X[:, i * s : i * s + p, j * s : j * s + q]
                Y[k, i, j] = (window * F[k]).sum() + b[k]
    return Y
    ### END SOLUTION


# %% loops-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# One output number at a time: which $M\times p\times q$ numbers of $X$ does it look at? How many output numbers are there?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $$Y^k_{ij} = \sum_m\sum_{u,v} X^m_{s(i-1)+u,\; s(j-1)+v}\,F^{mk}_{uv} + b^k, \qquad H' = \lfloor (H - p)/s\rfloor + 1 .$$
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# Counted from 0, the window begins in row `i * s` and column `j * s`. `F[k]` has the shape of the window. `torch.zeros(…, dtype=X.dtype)` makes the output.
#
# </details>

# %% loops-shown [markdown]
# **What you have written** is `nn.Conv2d`, all but its speed. The lecture's formula has three sums; how many loops has yours, and what does the rest?
