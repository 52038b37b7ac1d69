# %% convolutions-card [markdown]
# ## {number} · SE, written with convolutions only
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | find the convolutions inside squeeze-and-excitation | 20 | ●●●○○ | lecture, sections {section:excitation} and {section:convolution}; unit {unit:reduction-to-convolution}, global average pooling |
#
# Write `se_by_convolutions(X, W0, W1)`, squeeze-and-excitation with the average: $Y = \sigma(W_1\,\mathrm{ReLU}(W_0 F_{avg}))\cdot X$. **All sums are made by convolutions, at least three of them:** one for the average, one for each matrix. (Merging the first two into one is right, but write them apart.) You may call `torch.nn.functional.conv2d` or the course's `layers.conv2d`, ReLU, σ, and multiply number by number; no `mean`, no `sum`, no pooling, no matrix product. `X` holds numbers of dtype `float64`: a kernel that you make needs `dtype=X.dtype`.
#
# - `X`: `(C, H, W)`; `W0`: `(C/r, C)`; `W1`: `(C, C/r)`. It returns $Y$, of shape `(C, H, W)`.

# %% convolutions-predict [markdown]
# **Predict first.** Three convolutions are needed. What are the shapes of their kernels?
#
# <details><summary>Answer</summary>
#
# The average: depthwise, `(C, 1, H, W)`, with `groups=C`. The two matrices: `(C/r, C, 1, 1)` and `(C, C/r, 1, 1)`.
#
# </details>

# %% convolutions role="answer"
def se_by_convolutions(X, W0, W1):
    ### BEGIN SOLUTION Average by a depthwise convolution, then two 1×1 convolutions with ReLU between, σ, and multiply.
    conv2d = torch.nn.functional.conv2d
    C, H, W = X.shape
    kernel = torch.full((C, 1, H, W), 1 / (H * W), dtype=X.dtype)
    squeezed = conv2d(X[None], kernel, groups=C)  # (1, C, 1, 1)
    hidden = torch.relu(conv2d(squeezed, W0[:, :, None, None]))
    A = torch.sigmoid(conv2d(hidden, W1[:, :, None, None]))
    return A[0] * X
    ### END SOLUTION


# %% convolutions-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# An average over $n$ numbers multiplies each by $1/n$ and adds. A kernel of the size of the whole map does just that, once.
#
# </details>
# <details><summary>Hint 2: a matrix as a kernel</summary>
#
# After the average there is one place left, so a matrix is a 1×1 kernel: `W0[:, :, None, None]`.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.full((C, 1, H, W), 1 / (H * W), dtype=X.dtype)` is the first kernel; it needs `groups=C`. `conv2d` takes a batch: `X[None]`.
#
# </details>
