# %% additive-card [markdown]
# ## {number} · Additive attention: one step of a decoder
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | from a state and annotations to weights and a context | 15 | ●●○○○ | lecture, section {section:additive} |
#
# The decoder has the state $s$. The encoder has left $T$ annotations $h_1,\dots,h_T$, the rows of `h`. Then
# $$e_j = v^T\tanh(W s + U h_j), \qquad \alpha = \mathrm{softmax}(e), \qquad c = \sum_j \alpha_j h_j .$$
# Write `additive_context(s, h, W, U, v)`. It returns the weights and the context, `(alpha, c)`.
#
# - `s`: `(D,)`, `h`: `(T, A)`, `W`: `(E, D)`, `U`: `(E, A)`, `v`: `(E,)`. `alpha`: `(T,)`, `c`: `(A,)`.
# - A source may have one annotation, $T = 1$. Scores may be in the thousands, where $\exp$ overflows.
# - You may call `softmax` and `tanh`, and multiply as you like. A ready attention may not be called.
#
# By hand, all sizes 1 but $T = 2$: $W = 0$, $U = v = 1$, $h = (0, 1)$. Then $e = (0, \tanh 1)$, and $\alpha_2 = \sigma(\tanh 1) = 0.682 = c$.

# %% additive-predict [markdown]
# **Predict first.** $W = 0$. Does the context depend on the state? And if $U = 0$?
#
# <details><summary>Answer</summary>
#
# With $W = 0$ it does not: every step looks at the same place. With $U = 0$ all scores are equal, and the context is the mean of the annotations, whatever the state is.
#
# </details>


# %% additive role="answer"
def additive_context(s, h, W, U, v):
    ### BEGIN SOLUTION Score every annotation, share out a sum of 1 over them, and return (alpha, c).
    hidden = torch.tanh(W @ s + h @ U.T)
    e = hidden @ v
    alpha = torch.softmax(e, dim=0)
    return alpha, alpha @ h
    ### END SOLUTION


# %% additive-hints [markdown]
# <details><summary>Hint 1: all annotations at once</summary>
#
# $U h_j$ for one row is `U @ h[j]`. For all rows it is a matrix with a row for each $j$: shape `(T, E)`.
#
# </details>
# <details><summary>Hint 2: adding the state</summary>
#
# $Ws$ has shape `(E,)`. Adding it to a `(T, E)` matrix adds it to every row.
#
# </details>

# %% additive-shown [markdown]
# **What you have shown.** However long the source is, the context has the size of one annotation; and it is made anew for each output. Count the tanh: $TE$ for each step, so $T\cdot T'\cdot E$ for $T'$ outputs. The part $Uh_j$ does not depend on the step and can be kept.
