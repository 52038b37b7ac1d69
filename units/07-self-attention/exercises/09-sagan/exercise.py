# %% sagan-card [markdown]
# ## {number} · SAGAN's block, and its first gradient
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | self-attention over a map, weighed by γ | 20 | ●●●○○ | lecture, section {section:sagan} |
#
# For a map $X$ of shape `(C, H, W)` with the places $x_1,\dots,x_n$, $n = HW$, row by row:
# $$\beta_{ji} = \mathrm{softmax}_i\bigl((W_f x_i)^T(W_g x_j)\bigr), \qquad o_j = W_v\sum_i\beta_{ji}\,W_h x_i, \qquad y_j = \gamma\,o_j + x_j .$$
# Write `sagan_block(X, Wf, Wg, Wh, Wv, gamma)`. It returns `(Y, slope)`:
#
# - `Y`: `(C, H, W)`;
# - `slope`: the derivative of $L = \frac12\sum Y^2$ (all numbers of $Y$) with respect to $\gamma$, a tensor of shape `()`. By hand, not by autograd: what is $\partial Y/\partial\gamma$?
# - `Wf`, `Wg`: `(Q, C)`; `Wh`: `(R, C)`; `Wv`: `(C, R)`; `gamma`: a number. There is no root here.
# - `softmax` and 1×1 convolutions may be called; no ready attention, no autograd.
#
# By hand: one place, all matrices 1, $x = 3$, $\gamma = 2$. Then $\beta = 1$, $o = 3$, $y = 9$, and the slope is $9\cdot 3 = 27$.

# %% sagan-predict [markdown]
# **Predict first.** $\gamma = 0$. Is the slope 0, too?
#
# <details><summary>Answer</summary>
#
# Hardly ever: it is $\sum_j x_j^T o_j$. That is how training gets away from $\gamma = 0$.
#
# </details>


# %% sagan role="answer"
def sagan_block(X, Wf, Wg, Wh, Wv, gamma):
    ### BEGIN SOLUTION Places as columns; scores, a softmax over i, the weighted sum, γ times it plus X; return (Y, slope).
    places = X.flatten(1)
    f, g, h = Wf @ places, Wg @ places, Wh @ places
    beta = torch.softmax(g.T @ f, dim=1)
    o = (Wv @ h @ beta.T).reshape(X.shape)
    Y = gamma * o + X
    return Y, (Y * o).sum()
    ### END SOLUTION


# %% sagan-hints [markdown]
# <details><summary>Hint 1: who looks, who is looked at</summary>
#
# $\beta_{ji}$ says how much place $j$ takes from place $i$. So $g$ are the queries, $f$ the keys, and each row $j$ has the sum 1.
#
# </details>
# <details><summary>Hint 2: places as columns</summary>
#
# `P = X.flatten(1)` is `(C, n)`, and `Wh @ P` is `(R, n)`. To take the mean over $i$ with the weights of row $j$: multiply by $\beta^T$ from the right.
#
# </details>
# <details><summary>Hint 3: the slope</summary>
#
# $Y = \gamma o + X$, so $\partial Y/\partial\gamma = o$, and by the chain rule $\partial L/\partial\gamma = \sum Y\cdot o$.
#
# </details>

# %% sagan-shown [markdown]
# **What you have shown.** At $\gamma = 0$ the block is the identity, a 1×1 convolution, and only $\gamma$ has a slope. From the second step on it is something else: affine no more.
