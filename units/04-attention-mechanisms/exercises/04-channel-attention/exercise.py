# %% channel-card [markdown]
# ## {number} · Channel attention with both aggregates
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | CBAM's channel gate | 15 | ●●○○○ | lecture, section {section:both} |
#
# Average *and* maximum go through the same perceptron. The two results are added, and only then comes the σ:
# $$A = \sigma\bigl(W_1\,\mathrm{ReLU}(W_0 F_{avg}) + W_1\,\mathrm{ReLU}(W_0 F_{max})\bigr) .$$
# Write `channel_attention(X, W0, W1)` for an `X` of shape `(C, H, W)`. It returns the weights, of shape `(C, 1, 1)`; it does not multiply by `X`.
# How you aggregate and multiply is up to you: matrices, pooling or 1×1 convolutions. Only a ready attention may not be called.
#
# By hand: two maps of one row, $(1, 3)$ and $(1, 1)$, with the matrices of exercise {exercise:excitation}. The averages $(2, 1)$ give $Y_1 = (0.5, -1)$, the maxima $(3, 1)$ give
# $(1, -2)$. So $A = \sigma(1.5, -3) = (0.818, 0.047)$.

# %% channel-predict [markdown]
# **Predict first.** All places of each map hold one and the same number. Is $A$ then the same as SE's, which takes the average only?
#
# <details><summary>Answer</summary>
#
# No. Average and maximum are equal, so the same $Y_1$ is added twice: $\sigma(2Y_1)$, which is further from 1/2 than $\sigma(Y_1)$.
#
# </details>

# %% channel role="answer"
def channel_attention(X, W0, W1):
    ### BEGIN SOLUTION Send the average and the maximum of each map through the perceptron, add, σ; return a tensor of shape (C, 1, 1).
    average, maximum = X.mean((1, 2)), X.amax((1, 2))
    added = W1 @ torch.relu(W0 @ average) + W1 @ torch.relu(W0 @ maximum)
    return torch.sigmoid(added)[:, None, None]
    ### END SOLUTION


# %% channel-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Follow the formula from the inside out, twice. Where do the two ways meet: before or behind the ReLU, before or behind the σ?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `X.mean((1, 2))` has shape `(C,)`, and `W0 @` it has shape `(C/r,)`. At the end, `[:, None, None]` makes `(C, 1, 1)` of `(C,)`.
#
# </details>

# %% channel-shown [markdown]
# **What you have shown.** A gate looks at every place of every map, and says one thing about each map. It can tell *what* matters, never *where*.
