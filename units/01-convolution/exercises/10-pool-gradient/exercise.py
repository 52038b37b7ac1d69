# %% pool-card [markdown]
# ## {number} · Backwards through max pooling
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | send the gradient to the maxima, ties and overlaps included | 20 | ●●●○○ | lecture, section {section:pooling} |
#
# Max pooling with windows of `p`×`p` and stride `s`, without a frame, has taken `X` of shape `(M, H, W)` to an output of shape `(M, H', W')`. From above comes `G`, the gradient with respect to that output, of the same shape. Write `pool_gradient(X, G, p, s)`: it returns the gradient with respect to `X`, of the shape and dtype of `X`.
#
# Among equal maxima of a window the first one, row by row, takes everything. Windows may overlap ($s < p$) or leave numbers out ($s > p$). Write it without autograd and without calling a pooling.
#
# By hand, one map, $p = 2$, $s = 1$: of $\begin{bmatrix} 1 & 7 & 7 \\ 0 & 2 & 7 \end{bmatrix}$ with $G = (10, 5)$ both windows have their first maximum in the middle of row 1, so the gradient is $\begin{bmatrix} 0 & 15 & 0 \\ 0 & 0 & 0 \end{bmatrix}$.

# %% pool-predict [markdown]
# **Predict first.** Which numbers of $X$ get no gradient at all?
#
# <details><summary>Answer</summary>
#
# All that are the (first) maximum of no window. With 2×2 windows side by side that is three of four.
#
# </details>

# %% pool role="answer"
def pool_gradient(X, G, p, s):
    ### BEGIN SOLUTION Return the gradient: each number of G goes to the first maximum of its window.
    back = torch.zeros_like(X)
    for m in range(G.shape[0]):
        for i in range(G.shape[1]):
            for j in range(G.shape[2]):
                window = X[m, i * s : i * s + p, j * s : j * s + p]
                u, v = divmod(int(window.argmax()), window.shape[1])  # argmax gives the first, row by row
                back[m, i * s + u, j * s + v] += G[m, i, j]
    return back
    ### END SOLUTION


# %% pool-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Go through the windows as the pooling did. Each has one number of $G$. Where in $X$ was it looking when it took its maximum?
#
# </details>
# <details><summary>Hint 2: where is the maximum?</summary>
#
# `window.argmax()` counts the numbers of the window row by row. `divmod(n, q)` turns such a number into row and column of a window with `q` columns.
#
# </details>
# <details><summary>Hint 3: overlaps</summary>
#
# A number that is the maximum of several windows collects from each: `+=`.
#
# </details>
