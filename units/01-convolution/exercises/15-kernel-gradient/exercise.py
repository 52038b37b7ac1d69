# %% kernel-card [markdown]
# ## {number} · What the kernel learns from
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the gradients of kernel and bias, with maps and a stride | 30 | ●●●●○ | lecture, section {section:gradient} |
#
# The lecture finds $\partial L/\partial F$ in one dimension, for one map and stride 1. Now with everything: `X` of shape `(M, H, W)` went through a convolution with a kernel of $K\times M\times p\times q$ numbers, stride `s`, no frame, and a bias for each output map. From above comes `G`, the gradient with respect to the output, of shape `(K, H', W')`.
#
# Write `kernel_gradient(X, G, p, q, s)`. It returns the pair `(dF, db)` of shapes `(K, M, p, q)` and `(K,)`, in the dtype of `X`. Write it without autograd and without calling a convolution.
#
# By hand, in one row: $X = (1, 2, 0, 3, 5)$, $q = 2$, $s = 2$, $G = (10, 1)$. The windows are $(1, 2)$ and $(0, 3)$, and $\partial L/\partial F = 10\cdot(1, 2) + 1\cdot(0, 3) = (10, 23)$. The bias got a share of 1 in each output: $\partial L/\partial b = 11$.

# %% kernel-predict [markdown]
# **Predict first.** With a stride, $\partial L/\partial F$ is again a convolution of $X$. With which kernel, and with which of the four: stride, padding, dilation, groups?
#
# <details><summary>Answer</summary>
#
# With $G$, *dilated* by $s$: its numbers meet windows that stand $s$ apart. What was a stride on the way forward is a dilation on the way back.
#
# </details>

# %% kernel role="answer"
def kernel_gradient(X, G, p, q, s):
    ### BEGIN SOLUTION Return (dF, db): for each tap, what it was multiplied by at every place, times what came back from there.
    K, rows, columns = G.shape
    dF = torch.zeros(K, X.shape[0], p, q, dtype=X.dtype)
    for u in range(p):
        for v in range(q):
            seen = X[:, u : u + s * (rows - 1) + 1 : s, v : v + s * (columns - 1) + 1 : s]
            dF[:, :, u, v] = torch.einsum("kij,mij->km", G, seen)
    return dF, G.sum((1, 2))
    ### END SOLUTION


# %% kernel-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# One number $F^{mk}_{uv}$: in which outputs does it take part, and what is it multiplied by there? The chain rule adds up over all of them.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $$\frac{\partial L}{\partial F^{mk}_{uv}} = \sum_{i,j} G^k_{ij}\, X^m_{s(i-1)+u,\; s(j-1)+v}, \qquad \frac{\partial L}{\partial b^k} = \sum_{i,j} G^k_{ij} .$$
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# For a fixed tap, what it sees at all places is a part of $X$ with a step of `s`. Then sum over the places, for each pair of maps: `einsum` with k, m, i, j.
#
# </details>

# %% kernel-shown [markdown]
# **What you have written** is half of the backward pass of `nn.Conv2d`; the lecture has the other half. Unit 3 sends gradients through fifty such layers.
