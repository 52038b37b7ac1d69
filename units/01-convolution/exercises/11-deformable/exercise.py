# %% deformable-card [markdown]
# ## {number} · Between the pixels
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read an image at any place, then let a kernel look where it wants | 30 | ●●●○○ | lecture, section {section:deformable} |
#
# Two functions. **`bilinear(X, r, c)`** reads one map `X` of shape `(H, W)` at the row `r` and the column `c`, two floats, counted from 0. The four pixels around the place share the weight, each by how near it is in both directions; outside of the image there are zeros. It returns one number, a float or a tensor.
#
# **`deformable(X, F, offset)`** is a deformable convolution of one map with one kernel `F` of shape `(p, q)`, stride 1, no frame, no bias. `offset` has the shape `(2, p, q, H', W')`: `offset[0, u, v, i, j]` moves the row that tap `(u, v)` looks at for output `(i, j)`, and `offset[1, …]` its column. It returns the output, of shape `(H', W')`, in the dtype of `X`. It may call your `bilinear`; no ready sampling may be called.
#
# By hand: of $\begin{bmatrix} 0 & 8 \\ 4 & 16 \end{bmatrix}$ at $r = 0.5$, $c = 0.25$: the upper row gives $\tfrac34\cdot 0 + \tfrac14\cdot 8 = 2$, the lower $\tfrac34\cdot 4 + \tfrac14\cdot 16 = 7$, and halfway between them is $4.5$.

# %% bilinear role="answer"
def bilinear(X, r, c):
    ### BEGIN SOLUTION Return the number of X at row r and column c: the weighted sum of the four pixels around; 0 outside.
    H, W = X.shape
    top, left = int(r // 1), int(c // 1)  # rounded down, also below 0
    value = 0.0
    for i, near_row in ((top, top + 1 - r), (top + 1, r - top)):
        for j, near_column in ((left, left + 1 - c), (left + 1, c - left)):
            if 0 <= i < H and 0 <= j < W:
                value = value + near_row * near_column * X[i, j]
    return value
    ### END SOLUTION


# %% deformable-predict [markdown]
# **Predict first.** All offsets are the same whole numbers, say two rows down. What does the layer do?
#
# <details><summary>Answer</summary>
#
# It is an ordinary convolution of the image moved up by two rows, with zeros coming in from below.
#
# </details>


# %% deformable role="answer"
def deformable(X, F, offset):
    ### BEGIN SOLUTION Return the output of shape (H', W'): each tap looks at its own place, moved by its offset for that output.
    p, q = F.shape
    Y = torch.zeros(X.shape[0] - p + 1, X.shape[1] - q + 1, dtype=X.dtype)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            for u in range(p):
                for v in range(q):
                    r, c = (offset[:, u, v, i, j] + torch.tensor([i + u, j + v])).tolist()
                    Y[i, j] += F[u, v] * bilinear(X, r, c)
    return Y
    ### END SOLUTION


# %% deformable-hints [markdown]
# <details><summary>Hint 1: the four pixels</summary>
#
# Rounded down, the place has the row $\lfloor r\rfloor$, and the next one is $\lfloor r\rfloor + 1$. The nearer the place is to a row, the larger is that row's share. The two shares sum to 1.
#
# </details>
# <details><summary>Hint 2: below 0</summary>
#
# `int(-0.5)` is 0, but $\lfloor -0.5\rfloor$ is −1: take `math.floor`, or `//`. A pixel outside counts 0, whatever its share.
#
# </details>
# <details><summary>Hint 3: the layer</summary>
#
# Without offsets, tap $(u, v)$ of output $(i, j)$ looks at row $i + u$ and column $j + v$, counted from 0. Add the two offsets, read there, multiply, add up.
#
# </details>
