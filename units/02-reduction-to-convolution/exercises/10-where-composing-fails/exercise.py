# %% fails-card [markdown]
# ## {number} · Where composing fails
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | two counterexamples | 10 | ●●○○○ | lecture, section {section:fails} |
#
# **SAME after SAME.** With a border of zeros before each of two convolutions, the result is in general *not* one convolution: in its matrix $A$, the numbers along a diagonal should be equal,
# $A_{ij} = A_{i+1,j+1}$, and near the corners they are not. Write `same_after_same()`. It returns `(F, G, n, i, j)`: two one-dimensional kernels,
# the length $n$ of the input, and a place where $A_{ij} \ne A_{i+1,j+1}$. For the search anything may be called.
#
# - `F`, `G`: lists of 1, 3, 5, 7 or 9 whole numbers; `n`: from 2 to 50.
# - `i`, `j`: counted from 0, as in code (formulas count from 1), and `i + 1`, `j + 1` are below `n`.
#
# For example, with $F = (0, 0, 1)$ and $n = 3$ the first layer maps $x$ to $(x_1, x_2, 0)$, counted from 0: its output at $i$ is $x_{i+1}$.

# %% same role="answer"
def same_after_same():
    ### BEGIN SOLUTION Return (F, G, n, i, j) such that A[i][j] and A[i + 1][j + 1] differ.
    # A[0][0] = 2, since one of three ways leads over the border; A[1][1] = 3
    return [1, 1, 1], [1, 1, 1], 3, 0, 0
    ### END SOLUTION


# %% depends-card [markdown]
# **Batch norm in training.** Write `training_depends()`. It returns two batches, tensors `(N, K, H, W)`, whose *first images are equal*, but whose first images come out of batch norm in training
# ($\gamma = 1$, $\beta = 0$) differently. No function of a single image can do that, so no convolution can.
# For the search anything may be called.


# %% depends role="answer"
def training_depends():
    ### BEGIN SOLUTION Return two batches with equal first images and different others.
    image = torch.arange(4.0).reshape(1, 1, 2, 2)
    return torch.cat([image, image]), torch.cat([image, image + 10])
    ### END SOLUTION


# %% fails-hints [markdown]
# <details><summary>Hint for SAME after SAME</summary>
#
# Take $F = G = (1, 1, 1)$. Entry $A_{ij}$ counts the ways from input $j$ over some middle position to output $i$, in steps of at most 1. How many ways lead from 0 to 0? And from 1 to 1?
#
# </details>
# <details><summary>Hint for batch norm</summary>
#
# What moves the mean of the batch?
#
# </details>
