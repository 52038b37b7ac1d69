# %% cbam-card [markdown]
# ## {number} · Two gates: side by side, or one after the other
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | put two gates together in another way than CBAM, and see that CBAM's order matters | 15 | ●●○○○ | lecture, section {section:cbam} |
#
# You are given two gates as functions: `channel(X)` returns weights of shape `(C, 1, 1)`, `spatial(X)` weights of shape `(1, H, W)`. CBAM applies them one after the other. Here they stand *side by side*: both look at the same $X$. (Park et al. 2018, "BAM", does so too, but adds the two before one σ.) And, as in Residual Attention, the weights multiply $1 + A$ and not $A$, so that a closed gate still lets $X$ pass:
# $$Y = \bigl(1 + A_{channel}(X)\cdot A_{spatial}(X)\bigr)\cdot X .$$
# Write `side_by_side(X, channel, spatial)` for a **batch**: $X$ has shape `(N, C, H, W)`, and the gates take one image, of shape `(C, H, W)`. It returns $Y$, of the shape of $X$.

# %% cbam role="answer"
def side_by_side(X, channel, spatial):
    ### BEGIN SOLUTION Weigh each image of the batch by 1 plus both its gates' weights; return Y of the shape of X.
    return torch.stack([x + channel(x) * spatial(x) * x for x in X])
    ### END SOLUTION


# %% order-card [markdown]
# ### Does the order matter?
#
# Back to CBAM, where one gate follows the other. Write `order_matters(channel, spatial)`. It returns an $X$ of four maps, of shape `(4, H, W)`, for which channel-then-spatial ($Y$) and spatial-then-channel ($Y'$) differ: $\|Y - Y'\| > 0.01\,\|Y\|$. Keep it as simple as can be: **a single one of its numbers is not 0.** Any such $X$ is accepted, of any height and width. The gates are those of the first check.


# %% order role="answer"
def order_matters(channel, spatial):
    ### BEGIN SOLUTION Return an X of shape (4, H, W) with one number that is not 0, on which the two orders differ by more than a hundredth.
    X = torch.zeros(4, 3, 3, dtype=torch.float64)
    X[3, 1, 1] = 2.0
    return X
    ### END SOLUTION


# %% cbam-hints [markdown]
# <details><summary>Hint for the gates</summary>
#
# A loop `for x in X` gives one image after the other, and `torch.stack` puts a list of images together again. For one image the product of the two weights has shape `(C, H, W)` by itself.
#
# </details>
# <details><summary>Hint for the order</summary>
#
# When each gate sees the same as before the other had its say, the order cannot matter. What does a channel gate change that a spatial gate looks at? Try each of the four maps, numbers of both signs, larger and smaller ones, and print
# `channel(X)` and `spatial(X)`: a gate that is wide open or shut hardly moves.
#
# </details>

# %% cbam-shown [markdown]
# **What you have shown.** Side by side, the order of the gates does not matter: a product may be swapped. One after the other it does, since the *weights* depend on what comes in. So which order is better is a question for an experiment, not for algebra: lecture, section {section:trained}.
