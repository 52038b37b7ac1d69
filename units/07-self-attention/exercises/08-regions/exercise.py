# %% regions-card [markdown]
# ## {number} · A caption looks at regions
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | soft attention over the cells of a map, for all words of a caption, and its penalty | 25 | ●●●○○ | lecture, sections {section:additive} and {section:captions} |
#
# A map `a` of shape `(C, H, W)` has $L = HW$ cells, each with a vector $a_i$ of $C$ numbers. For the words $t = 1..T$ of a caption the decoder has the states $s_t$, the rows of `states`. For each word
# $$e_{ti} = v^T\tanh(W s_t + U a_i), \qquad \alpha_t = \mathrm{softmax}_i(e_t), \qquad z_t = \sum_i \alpha_{ti}\, a_i .$$
# Write `look(states, a, W, U, v)`. It returns `(z, alpha, penalty)`:
#
# - `z`: `(T, C)`, one context for each word; `alpha`: `(T, H, W)`, weights where the cells are;
# - `penalty`: a tensor of shape `()`. It is what the doubly stochastic penalty (with $\lambda = 1$) has **above its least value**, $\sum_i (1 - \sum_t\alpha_{ti})^2 - L\,(1 - T/L)^2$: 0 for a caption that looks at all cells equally often. $T$ may be more than $L$.
# - `states`: `(T, D)`, `W`: `(E, D)`, `U`: `(E, C)`, `v`: `(E,)`. You may call `softmax`; no ready attention.
#
# By hand: with $v = 0$ every $\alpha_{ti}$ is $1/L$, every $z_t$ the mean of the map, and the penalty is 0.

# %% regions-predict [markdown]
# **Predict first.** $T = 2$ words, $L = 4$ cells. Both words look at one and the same cell, and at nothing else. The penalty?
#
# <details><summary>Answer</summary>
#
# Its cell has $\sum_t\alpha = 2$: $(1-2)^2 = 1$. Three cells have 0: 3 more. Together 4; the least value is $4\cdot\frac14 = 1$. So 3. Had each word looked at a cell of its own, it would be $2 - 1 = 1$.
#
# </details>


# %% regions role="answer"
def look(states, a, W, U, v):
    ### BEGIN SOLUTION Cells as rows, additive attention for each word; return (z, alpha, penalty) with alpha of shape (T, H, W).
    C, height, width = a.shape
    cells = a.reshape(C, height * width).T
    hidden = torch.tanh((states @ W.T)[:, None, :] + (cells @ U.T)[None, :, :])
    alpha = torch.softmax(hidden @ v, dim=1)
    share = len(states) / len(cells)
    penalty = ((1 - alpha.sum(dim=0)) ** 2 - (1 - share) ** 2).sum()
    return alpha @ cells, alpha.reshape(len(states), height, width), penalty
    ### END SOLUTION


# %% regions-hints [markdown]
# <details><summary>Hint 1: cells as rows</summary>
#
# `a.reshape(C, H * W)` has a row for each map. Transposed, it has a row for each cell, row by row of the image.
#
# </details>
# <details><summary>Hint 2: all pairs of a word and a cell</summary>
#
# `(states @ W.T)[:, None]` has shape `(T, 1, E)`, `(cells @ U.T)[None]` has `(1, L, E)`: their sum is `(T, L, E)`.
#
# </details>
# <details><summary>Hint 3: along which axis?</summary>
#
# The softmax shares out over the cells, for each word. The penalty sums over the words, for each cell.
#
# </details>

# %% regions-shown [markdown]
# **What you have shown.** The two sums of one matrix: along the cells it is 1 by construction, along the words it is a wish. With $T < L$ the wish is for an even look.
#
# **Bonus.** Write the penalty above its least value as $\sum_i (\sum_t \alpha_{ti} - T/L)^2$. Why is that the same?
