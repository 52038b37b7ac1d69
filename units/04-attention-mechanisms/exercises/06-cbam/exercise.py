# %% cbam-card [markdown]
# ## {number} · CBAM: channels first, then places
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | put the two gates together, and see that their order matters | 15 | ●●○○○ | lecture, section {section:cbam} |
#
# You are given the two gates as functions: `channel(X)` returns weights of shape `(C, 1, 1)`, `spatial(X)` weights of shape `(1, H, W)`. CBAM applies them one after the other:
# $$X' = A_{channel}(X)\cdot X, \qquad Y = A_{spatial}(X')\cdot X' .$$
# Write `cbam(X, channel, spatial)`. It returns $Y$.

# %% cbam role="answer"
def cbam(X, channel, spatial):
    ### BEGIN SOLUTION Multiply by the channel weights, then by the spatial weights of what came out; return Y of the shape of X.
    refined = channel(X) * X
    return spatial(refined) * refined
    ### END SOLUTION


# %% order-card [markdown]
# ### Does the order matter?
#
# Write `order_matters(channel, spatial)`. It returns an $X$ of four maps, of shape `(4, H, W)`, for which channel-then-spatial ($Y$) and spatial-then-channel ($Y'$) differ: $\|Y - Y'\| > 0.01\,\|Y\|$. Keep it as simple as can be: **a single one of its numbers is not 0.** Any such $X$ is accepted, of any height and width. The gates are those that CBAM was checked with.


# %% order role="answer"
def order_matters(channel, spatial):
    ### BEGIN SOLUTION Return an X of shape (4, H, W) with one number that is not 0, on which the two orders differ by more than a hundredth.
    X = torch.zeros(4, 3, 3, dtype=torch.float64)
    X[3, 1, 1] = 2.0
    return X
    ### END SOLUTION


# %% cbam-hints [markdown]
# <details><summary>Hint for CBAM</summary>
#
# $X'$ stands twice in the second formula. Give it a name.
#
# </details>
# <details><summary>Hint for the order</summary>
#
# When each gate sees the same as before the other had its say, the order cannot matter. What does a channel gate change that a spatial gate looks at? Try each of the four maps, numbers of both signs, larger and smaller ones, and print
# `channel(X)` and `spatial(X)`: a gate that is wide open or shut hardly moves.
#
# </details>

# %% cbam-shown [markdown]
# **What you have shown.** Both gates multiply, and products may be swapped; but the *weights* depend on what comes in. So which order is better is a question for an experiment, not for algebra: lecture, section 8.
