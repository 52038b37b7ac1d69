# %% matrix-card [markdown]
# ## {number} · The matrix of a convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write the layer as a matrix, in two dimensions and with maps | 25 | ●●●○○ | lecture, section {section:matrix} |
#
# The lecture writes the matrix of a convolution in one dimension and one map. Write `matrix_of(F, H, W)`: for a kernel `F` of shape `(K, M, p, q)`, stride 1, no frame, and images of shape `(M, H, W)`, it returns the matrix $A$ of shape $(K H' W',\; M H W)$ and the dtype of `F`, for which $A\,x$ is the output.
#
# Image and output are written as one long column by `flatten()`: map by map, in each map row by row. In NumPy and PyTorch the last index runs fastest.
#
# By hand: one map of 2×3, the kernel $(1, 2)$ of one row. There are 2×2 outputs, and
# $$A = \begin{bmatrix} 1 & 2 & & & & \\ & 1 & 2 & & & \\ & & & 1 & 2 & \\ & & & & 1 & 2 \end{bmatrix}.$$

# %% matrix-predict [markdown]
# **Predict first.** Where does the matrix above leave the diagonal, and why?
#
# <details><summary>Answer</summary>
#
# Between its second and third row: the third output begins a new row of the image, so it is moved by two columns. In 2-D the blocks are Toeplitz, the whole matrix is not.
#
# </details>

# %% matrix role="answer"
def matrix_of(F, H, W):
    ### BEGIN SOLUTION Return the matrix A of shape (K·H'·W', M·H·W): in which row and column does each number of the kernel stand?
    K, M, p, q = F.shape
    rows, columns = H - p + 1, W - q + 1
    A = torch.zeros(K, rows, columns, M, H, W, dtype=F.dtype)
    for i in range(rows):
        for j in range(columns):
            A[:, i, j, :, i : i + p, j : j + q] = F
    return A.reshape(K * rows * columns, M * H * W)
    ### END SOLUTION


# %% matrix-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# One row of $A$ belongs to one output number. Laid out as an image of shape `(M, H, W)` again, what does it look like?
#
# </details>
# <details><summary>Hint 2: six indices</summary>
#
# Build a tensor with six axes first, `(K, H', W', M, H, W)`, and `reshape` it at the end.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# For the output at $(i, j)$, the window of the image of that row is `i : i + p, j : j + q`. That is where the kernel stands; elsewhere are zeros.
#
# </details>
